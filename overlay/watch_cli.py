"""`offbook watch`: checks a playbook each time that one of its files is saved, and shows the result."""

import time
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from asr.errors import BadInputError
from overlay.call_log import printable
from overlay.check_cli import problem_lines

if TYPE_CHECKING:
    from cues.findings import Findings

app = typer.Typer()


@app.command()
def watch(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A playbook's folder.")]) -> None:
    """Check a playbook on every save, until Ctrl-C."""
    # The encoder takes a while to import, which no other command should pay.
    from cues.findings import find
    from cues.stamp import changes, stamp

    with suppress(KeyboardInterrupt):
        console, seen = Console(highlight=False, soft_wrap=True), stamp(folder)
        # A folder that isn't there at first is a slip; later it may go and come back.
        _show(console, find(folder, date.today()))
        for _ in changes(folder, seen, time.sleep):
            try:
                _show(console, find(folder, date.today()))
            except BadInputError as error:
                _say(console, printable(str(error)), "red")


def _show(console: Console, findings: "Findings") -> None:
    """The time and the result, then a line for each error and warning, as `offbook check` prints them."""
    if findings.errors:
        _say(console, _count(len(findings.errors), "error"), "red")
    else:
        _say(console, f"Valid. {_count(len(findings.playbook.cues), 'cue')}", "green")
    for line in problem_lines(findings):
        console.print(Text(line))
    if findings.notice:
        console.print(Text(findings.notice, style="dim"))


def _say(console: Console, sentence: str, style: str) -> None:
    console.print(Text(f"{datetime.now():%H:%M:%S}", style="dim").append(f"  {sentence}", style=f"not dim {style}"))


def _count(number: int, what: str) -> str:
    return f"{number} {what}." if number == 1 else f"{number} {what}s."
