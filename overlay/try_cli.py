"""`offbook try` and `offbook test`: what a playbook does, before a rep sees it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.text import Text

from asr.errors import BadInputError
from asr.events import Speaker
from cues.check import load_playbook
from models.labels import load_labels
from overlay.call_log import printable
from overlay.options import JournalOption, JsonOption
from overlay.try_calls_cli import Against, try_on_calls

if TYPE_CHECKING:
    from overlay.rehearsal.one_text import Judged, Tried
    from overlay.rehearsal.scenarios import Result

NEAREST = 5
"""Cues without a card that are explained."""
_SPEAKERS = ("rep", "buyer")

app = typer.Typer()


@app.command("try")
def try_playbook(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The playbook's folder.")],
    text: Annotated[str | None, typer.Option("--text", metavar="WORDS", help="What is said.")] = None,
    speaker: Annotated[str, typer.Option("--speaker", metavar="rep|buyer", help="Who says it.")] = "buyer",
    stage: Annotated[str | None, typer.Option("--stage", help="The call's stage then; else as it is read.")] = None,
    calls: Annotated[
        str | None,
        typer.Option(
            metavar="SELECTION",
            help="Past calls: all, last:20, DAY, DAY..DAY, or call files (a folder or one *.jsonl).",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Compare with this playbook; else the one in the settings, or the demo's."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write the comparison as a page with plots; it holds words."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Play the calls on this Dask cluster, which gets their words; else here."),
    ] = None,
    journal: JournalOption = "",
    as_json: JsonOption = False,
) -> None:
    """Try a playbook before a rep sees it: which cards come of a sentence, and why the others don't; or which come
    newly, no longer, earlier and later in past calls.

    Past calls are read again from their words under both playbooks, as calls of today; no sound is used. As there are
    only final texts, each card comes when its utterance is over.
    """
    if calls is not None:
        if text is not None:
            raise BadInputError("--text and --calls: are two things to try; leave one out.")
        try_on_calls(folder, calls, Against(against, journal, scheduler, report), as_json=as_json)
        return
    if text is None or not text.strip():
        raise BadInputError('try needs --text "We are on Zendesk today." or --calls last:20; add one.')
    if speaker not in _SPEAKERS:
        raise BadInputError(f"--speaker {speaker}: is no side of a call; choose rep or buyer.")
    if stage is not None and stage not in load_labels().stage:
        raise BadInputError(f"--stage {stage}: is no stage; take one of {', '.join(load_labels().stage)}.")
    playbook = load_playbook(folder)
    # The encoder takes a second to import, which no other command should pay.
    from overlay.rehearsal.one_text import try_text
    from overlay.rehearsal.rehearse import call_setup

    tried = try_text(call_setup(playbook), text, cast(Speaker, speaker), stage)
    if as_json:
        typer.echo(json.dumps(tried.as_json(), indent=1, ensure_ascii=False))
    else:
        _print(tried, Console(highlight=False))


@app.command("test")
def run_tests(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The playbook's folder.")],
    as_json: JsonOption = False,
) -> None:
    """Run the tests in a playbook (which cards come when something is said); exit code 1 where one fails."""
    playbook = load_playbook(folder)
    if not playbook.tests:
        raise BadInputError(f"{folder}: has no tests; add some under `tests:`, as cues/PLAYBOOK.md shows.")
    from overlay.rehearsal.rehearse import call_setup
    from overlay.rehearsal.scenarios import run

    results = []
    for result in run(call_setup(playbook)):
        results.append(result)
        if not as_json:
            _print_result(result, Console(highlight=False))
    failed = sum(not result.passed for result in results)
    if as_json:
        rows = [result.as_json() for result in results]
        typer.echo(json.dumps({"failed": failed, "tests": rows}, indent=1, ensure_ascii=False))
    else:
        typer.echo(f"{len(results) - failed} of {len(results)} tests passed.")
    if failed:
        raise typer.Exit(1)


def _print_result(result: "Result", console: Console) -> None:
    mark, style = ("✓", "green") if result.passed else ("✗", "red")
    line = Text(f"{mark} ", style=style).append(printable(result.scenario.name), "default")
    console.print(line if result.passed else line.append(printable(f": {result.instead}."), "default"))


def _print(tried: "Tried", console: Console) -> None:
    from models.reader import LOUD

    reading = tried.reading
    stage = max(reading.stage, key=lambda label: reading.stage[label])
    loud = [f"{name} {p:.2f}" for name, p in {**reading.moments, **reading.trackers}.items() if p >= LOUD]
    named = [f"{mention.name} ({mention.stance} {mention.p:.2f})" for mention in reading.competitors]
    read = " · ".join((f"stage {stage} {reading.stage[stage]:.2f}", *named, *loud))
    console.print(Text(printable(f"{tried.heard.speaker}: “{tried.heard.text}”"), style="bold"))
    console.print(Text(printable(read), style="dim"))
    with_card = [one for one in tried.cues if one.fires]
    without = [one for one in tried.cues if not one.fires]
    console.print("\nA card comes:" if with_card else "\nNo card comes.", style="bold")
    for one in with_card:
        _print_cue(one, console)
    if without:
        console.print("\nNearest to it:" if with_card else "\nNearest to one:", style="bold")
    for one in without[:NEAREST]:
        _print_cue(one, console)
    if len(without) > NEAREST:
        console.print(f"\n{len(without) - NEAREST} more cues are further away; --json lists them all.", style="dim")


def _print_cue(judged: "Judged", console: Console) -> None:
    from overlay.rehearsal.one_text import rows

    why = f"  {judged.fate}" if judged.condition.holds and not judged.fires else ""
    console.print(
        Text(f"  {judged.cue.id}", style="yellow").append(f"  {printable(judged.cue.card.title)}{why}", "default")
    )
    for depth, holds, sentence in rows(judged.condition):
        mark, style = ("✓", "green") if holds else ("✗", "red")
        console.print(Text("  " * (depth + 2)).append(f"{mark} ", style).append(printable(sentence)))
