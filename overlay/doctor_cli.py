"""`offbook doctor`: what this machine lacks for a call, before the call."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from overlay.doctor import Finding

_MARKS = {"fine": ("ok", "green"), "warning": ("!", "bold yellow"), "fault": ("x", "bold red")}

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check this machine: settings, sound, model, speed, disk, display, playbook, journal; exit code 1 where a call
    would not work."""
    # The recogniser takes a second to import, which no other command should pay.
    from overlay.doctor import diagnose
    from overlay.sound_checks import SOUND_CHECKS

    console = Console(highlight=False)
    findings: list[Finding] = []
    for finding in diagnose(SOUND_CHECKS):
        findings.append(finding)
        if not as_json:
            console.print(_drawn(finding), soft_wrap=True)
    works = all(finding.level != "fault" for finding in findings)
    if as_json:
        typer.echo(json.dumps({"works": works, "findings": [asdict(finding) for finding in findings]}, indent=1))
    if not works:
        raise typer.Exit(1)


def _drawn(finding: "Finding") -> Text:
    mark, style = _MARKS[finding.level]
    return Text.assemble((f"{mark:<3}", style), f"{finding.part:<11}", finding.sentence)
