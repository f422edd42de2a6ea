"""The commands on stored calls: `calls`, `show`, `why`, `forget`, and `journal backup|restore|check`."""

from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from asr.errors import BadInputError
from cues.events import CallStarted, Outcome
from models.labels import load_labels
from overlay.call_log import LogLine, log, printable
from overlay.playbook_names import call_ran_under
from overlay.screen import clock_time
from overlay.why import explain

if TYPE_CHECKING:
    from cues.journal.store import CallFilter, CallRow, Journal

SHORT_ID = 8
_SPEAKER = {"rep": ("Rep", "bold cyan"), "buyer": ("Buyer", "bold magenta"), "unknown": ("?", "bold")}
_KIND = {
    "card": ("Card", "bold yellow"),
    "opportunity": ("Open", "yellow"),
    "stage": ("Stage", "bold"),
    "note": ("", "dim"),
}

app = typer.Typer()
journal = typer.Typer(help="Back up, restore or check the journal.", no_args_is_help=True)
app.add_typer(journal, name="journal")

JournalOption = Annotated[
    str | None,
    typer.Option("--journal", metavar="URL", help="The journal: a file or sqlite:///FILE; else OFFBOOK_JOURNAL."),
]
CallArgument = Annotated[str, typer.Argument(metavar="CALL", help="The call's id, or how it begins.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


@app.command()
def calls(
    rep: Annotated[str | None, typer.Option(help="Of this rep.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="On this day or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="On this day or earlier.")] = None,
    stage: Annotated[str | None, typer.Option(help="That ended in this stage.")] = None,
    competitor: Annotated[str | None, typer.Option(help="In which this competitor was named.")] = None,
    outcome: Annotated[str | None, typer.Option(help="With an opportunity that ended so.")] = None,
    text: Annotated[str | None, typer.Option(help="In which this was said.")] = None,
    url: JournalOption = None,
) -> None:
    """List the calls in the journal, newest first."""
    from cues.journal.store import CallFilter

    wanted = CallFilter(
        rep=rep,
        since=_midnight("--since", since),
        until=_midnight("--until", until, days=1),
        stage=_one_of("--stage", stage, load_labels().stage),
        competitor=competitor,
        outcome=cast(Outcome | None, _one_of("--outcome", outcome, get_args(Outcome))),
        text=text,
    )
    with _opened_to_read(url) as opened:
        _print_calls(opened.calls(wanted), wanted)


@app.command()
def show(call: CallArgument, url: JournalOption = None) -> None:
    """Show one call: what was said and read, the cards, why each came and what became of it."""
    with _opened_to_read(url) as opened:
        events = opened.events(call)
    console = Console()
    begin = next((event for event in events if isinstance(event, CallStarted)), None)
    console.print(Text(f"Call {events[0].call}" if events else "This call holds no events.", style="bold"))
    if begin is not None:
        deal = ", ".join(f"{key}: {value}" for key, value in (begin.deal or {}).items())
        facts = (_local(datetime.fromisoformat(begin.started)), begin.rep, call_ran_under(events), begin.source, deal)
        console.print(Text(printable(" · ".join(filter(None, facts))), style="dim"))
    grid = Table.grid(padding=(0, 1))
    for line in log(events):
        grid.add_row(*_drawn(line))
    console.print(grid)


@app.command()
def why(
    call: CallArgument,
    card: Annotated[str, typer.Argument(metavar="CARD", help="The card's or opportunity's id, as `show` prints it.")],
    url: JournalOption = None,
) -> None:
    """Say why a card came, or was withheld: the terms of its rank."""
    with _opened_to_read(url) as opened:
        found = explain(opened.events(call), card)
    console = Console()
    console.print(Text(found.head, style="bold"))
    if found.playbook:
        console.print(Text(f"Playbook {found.playbook}", style="dim"))
    if not found.lines:
        console.print("The version that stored this call kept no terms of its ranks.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("Term", "Value", "Why"):
        table.add_column(name, justify="right" if name == "Value" else "left")
    for line in found.lines:
        table.add_row(line.name, line.value, Text(line.sentence))
    console.print(table)


@app.command()
def forget(call: CallArgument, url: JournalOption = None) -> None:
    """Remove a call, every word of it and its sound, for good."""
    from cues.journal.erase import forget as forget_call
    from cues.journal.open import open_journal
    from overlay.kept_sound import forget_sound, sound_folder

    with closing(open_journal(url)) as opened:
        id = opened.find(call)
        # The sound first: nothing that keeps the journal from being wiped may keep it too.
        deleted = forget_sound(sound_folder(opened.file), id)
        forget_call(opened, id)
    what = f"Call {id} and its sound are" if deleted else f"Call {id} is"
    typer.echo(f"{what} forgotten. Backups and exports made before still hold {'its words' if deleted else 'it'}.")


@journal.command()
def backup(file: FileArgument, url: JournalOption = None) -> None:
    """Copy the journal to FILE; calls may run meanwhile."""
    from cues.journal.copies import backup as back_up

    with _opened_to_read(url) as opened:
        back_up(opened, file)
        typer.echo(f"{_count(len(opened.calls()))} in {file}; only you can read it.")


@journal.command()
def restore(file: FileArgument, url: JournalOption = None) -> None:
    """Bring back the calls that are in FILE and not in the journal; forgotten ones stay forgotten."""
    from cues.journal.copies import restore as bring_back

    restored = bring_back(file, url)
    if restored.set_aside is not None:
        typer.echo(f"The journal was damaged; it lies in {restored.set_aside} now, and a new one was begun.")
    typer.echo(f"{_count(restored.calls)} brought back.")


@journal.command()
def check(url: JournalOption = None) -> None:
    """Check that the journal is whole; exit code 1 where it isn't."""
    from cues.journal.soundness import check as check_journal

    with _opened_to_read(url) as opened:
        wrong = check_journal(opened)
        for sentence in wrong:
            typer.echo(sentence)
        if wrong:
            raise typer.Exit(1)
        typer.echo(f"{opened.file}: {_count(len(opened.calls()))}, nothing wrong.")


def _opened_to_read(url: str | None) -> "closing[Journal]":
    # SQLAlchemy takes 0.2 s to import, which no other command should pay.
    from cues.journal.open import open_to_read

    return closing(open_to_read(url))


def _midnight(option: str, day: str | None, days: int = 0) -> datetime | None:
    """When the day begins here, or `days` later."""
    if day is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time()).astimezone()
    except (ValueError, OverflowError) as error:
        raise BadInputError(f"{option} {day}: is no date; write it as year-month-day, such as 2026-10-31.") from error


def _one_of(option: str, value: str | None, known: tuple[str, ...]) -> str | None:
    if value is not None and value not in known:
        raise BadInputError(f"{option} {value}: there is none of that name; take one of {', '.join(known)}.")
    return value


def _print_calls(rows: "list[CallRow]", wanted: "CallFilter") -> None:
    from cues.journal.store import CallFilter

    if not rows:
        everything = wanted == CallFilter()
        typer.echo("The journal holds no calls yet." if everything else "No call fits; leave a filter out.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("Call", "Began", "Rep", "Length", "Stage", "Competitors", "Outcomes"):
        table.add_column(name, justify="right" if name == "Length" else "left", no_wrap=name in ("Call", "Began"))
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in _cells(row)))
    Console().print(table)


def _cells(row: "CallRow") -> tuple[str, ...]:
    return (
        row.id[:SHORT_ID],
        _local(row.started),
        row.rep or "",
        clock_time(row.duration_s) + ("" if row.ended else " …"),
        row.last_stage or "",
        ", ".join(row.competitors),
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(row.outcomes.items())),
    )


def _drawn(line: LogLine) -> tuple[Text, Text, Text]:
    at = Text(clock_time(line.at), style="dim", justify="right", no_wrap=True)
    if line.kind == "said" and line.speaker is not None:
        said = Text(line.text).append("  " + " · ".join(line.details) if line.details else "", style="green")
        return at, Text(*_SPEAKER[line.speaker], no_wrap=True), said
    name, style = _KIND[line.kind]
    text = Text(line.text, style=style)
    for detail in line.details:
        text.append(f"\n{detail}", style="not bold not yellow dim")
    return at, Text(name, style=style, no_wrap=True), text


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _count(number: int) -> str:
    return f"{number} call" + ("" if number == 1 else "s")
