"""`offbook check`: what is wrong with a playbook, and what is legal but bad."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overlay.call_log import printable

if TYPE_CHECKING:
    from cues.findings import Findings
    from cues.playbook import Playbook

app = typer.Typer()


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A playbook's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the errors and warnings as JSON.")] = False,
) -> None:
    """Check a playbook: every error at once, with file, line, column and mend (exit code 2); then warnings of what is
    legal but bad (exit code 0)."""
    # The encoder takes a while to import, which no other command should pay.
    from cues.findings import find

    findings = find(folder, date.today())
    if as_json:
        typer.echo(json.dumps(list(_rows(findings)), indent=1))
    else:
        _print(findings)
    if findings.notice:
        typer.echo(findings.notice, err=True)
    if findings.errors:
        raise typer.Exit(2)


def problem_lines(findings: "Findings") -> Iterator[str]:
    """A line for each error, then for each warning."""
    for error in findings.errors:
        yield printable(str(error))
    for warning in findings.warnings:
        yield printable(f"{warning.place} warning: {warning.message}")


def _rows(findings: "Findings") -> Iterator[dict[str, str | int]]:
    for severity, problems in (("error", findings.errors), ("warning", findings.warnings)):
        for problem in problems:
            yield {"severity": severity, **asdict(problem.place), "message": problem.message}


def _print(findings: "Findings") -> None:
    for line in problem_lines(findings):
        typer.echo(line, err=True)
    if not findings.errors:
        typer.echo(_summary(findings.playbook))


def _summary(playbook: "Playbook") -> str:
    return (
        f"{playbook.playbook}: {len(playbook.priorities)} priorities, {len(playbook.behaviours)} behaviours, "
        f"{len(playbook.cues)} cues, {len(playbook.competitors)} competitors, {len(playbook.trackers)} trackers; "
        "no errors."
    )
