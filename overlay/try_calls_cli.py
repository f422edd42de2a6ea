"""`offbook try --calls`: another playbook on past calls, with a bar meanwhile, and what changes in the end."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from asr.errors import BadInputError
from cues.check import load_playbook
from overlay.call_log import printable
from overlay.configs import DEMO_PLAYBOOK
from overlay.settings import load_settings

if TYPE_CHECKING:
    from cues.journal.store import Journal
    from overlay.rehearsal.comparison import Compared, Comparison
    from overlay.rehearsal.past_calls import PastCall
    from overlay.rehearsal.try_calls import Trial

EXAMPLES = 2
"""Of each kind of change of a cue."""


@dataclass(frozen=True)
class Against:
    """What a playbook is held against, where the calls come from, who plays them, and where the page goes."""

    playbook: Path | None
    journal: str
    scheduler: str | None
    report: Path | None


@dataclass(frozen=True)
class Pace:
    """How fast the calls were played: so many in so long (s), on so many cores; `kept` were there from before."""

    played: int
    kept: int
    seconds: float
    cores: int

    def __str__(self) -> str:
        before = f"; {self.kept} were played before" if self.kept else ""
        if not self.played:
            return f"No call was left to play{before}."
        a_second = self.played / max(self.seconds, 1e-9)
        return (
            f"{self.played} calls in {self.seconds:.1f} s: {a_second:.2f} a second, "
            f"{a_second / self.cores:.2f} on each of {self.cores} cores{before}."
        )


def try_on_calls(folder: Path, selection: str, against: Against, *, as_json: bool) -> None:
    """Plays the calls under both playbooks and prints what changes. Raises BadInputError."""
    present = against.playbook or load_settings().settings.playbook or DEMO_PLAYBOOK
    before, after = load_playbook(present), load_playbook(folder)
    # The encoder and the journal take seconds to import, which no other command should pay.
    from models.own_heads import heads_in_force
    from overlay.rehearsal.comparison import Comparison
    from overlay.rehearsal.past_calls import call_files, journal_calls
    from overlay.rehearsal.try_calls import Trial

    with ExitStack() as stack:
        calls, journal = call_files(selection), None
        if calls is None:
            journal = stack.enter_context(_opened(against.journal))
            calls = journal_calls(journal, selection)
        if not calls:
            raise BadInputError(
                f"--calls {selection}: the journal holds no such calls with words; `offbook calls` lists them."
            )
        trial = Trial(before, after, heads_in_force().heads.sha256, journal)
        compared, pace = _play(trial, calls, against.scheduler)
    comparison = Comparison(tuple(compared))
    if as_json:
        typer.echo(json.dumps(comparison.as_json(), indent=1, ensure_ascii=False))
    else:
        _print(comparison, f"{present}", f"{folder}", Console(highlight=False))
    typer.echo(str(pace), err=as_json)
    if against.report is not None:
        from overlay.rehearsal.report import write_report

        write_report(comparison, str(present), str(folder), str(pace), against.report)
        typer.echo(f"The page is {against.report}; it holds words, and only you can read it.", err=True)


def _opened(url: str) -> "closing[Journal]":
    from cues.journal.open import open_to_read

    return closing(open_to_read(url or None))


def _play(trial: "Trial", calls: "Sequence[PastCall]", scheduler: str | None) -> "tuple[list[Compared], Pace]":
    """The calls in their order; those that were played before are not played again."""
    found = {call.name: one for call in calls if (one := trial.kept(call)) is not None}
    left = [call for call in calls if call.name not in found]
    kept, begun, cores = len(found), time.monotonic(), 1
    if left:
        try:
            from overlay.rehearsal.workers import workers
        except ImportError as error:
            raise BadInputError("Past calls need the extra `try`: pip install 'offbook[try]'.") from error

        with workers(scheduler) as ready:
            cores = ready.cores
            for one in _with_bar(trial.play(left, ready), len(left)):
                found[one.name] = one
    pace = Pace(len(left), kept, time.monotonic() - begun, cores)
    return [found[call.name] for call in calls], pace


def _with_bar(played: "Iterator[Compared]", count: int) -> "Iterator[Compared]":
    shown = Console(stderr=True)
    yield from track(played, "Playing", total=count, console=shown, transient=True, disable=not sys.stderr.isatty())


def _print(comparison: "Comparison", before: str, after: str, console: Console) -> None:
    from overlay.rehearsal.comparison import TOLD, at_once, example, per_call

    console.print(Text(printable(f"{len(comparison.calls)} calls: {before} against {after}"), style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("", "Before", "After"):
        table.add_column(name, justify="left" if not name else "right")
    old, new = comparison.before, comparison.after
    table.add_row("cards a call", f"{per_call(old):.2f}", f"{per_call(new):.2f}")
    table.add_row("at once, at most", str(at_once(old)), str(at_once(new)))
    console.print(table)
    if not comparison.cues():
        console.print("Every card comes as before.")
    for cue in comparison.cues():
        counts = ", ".join(f"{n} {told}" for kind, told in TOLD.items() if (n := comparison.count(kind, cue)))
        console.print(Text(f"\n{cue}", style="yellow").append(f"  {counts}", "default"))
        for kind in TOLD:
            for name, change in comparison.examples(cue, kind, EXAMPLES):
                console.print(Text(f"  {name} {printable(example(change))}", style="dim"))
