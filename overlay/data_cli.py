"""`offbook data`: looks after labelled calls."""

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from asr.errors import BadInputError
from overlay.call_log import printable
from overlay.journal_cli import JournalOption

if TYPE_CHECKING:
    from models.data_check.check import SplitCounts
    from models.data_check.finding import Finding
    from models.encoder import Vectors

_MARKS = {"error": ("x", "bold red"), "warning": ("!", "bold yellow")}

app = typer.Typer()
data = typer.Typer(help="Look after labelled calls.", no_args_is_help=True)
app.add_typer(data, name="data")


@data.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Call files, or a folder of them for each split; else the project's own."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check labelled calls: repetitions, leaks between splits, contradictory labels, broken conventions, templates,
    thin classes; exit code 1 where there are errors."""
    # The encoder takes a second to import, which no other command should pay.
    from models.data_check.check import check as check_splits
    from models.data_check.check import count_split
    from models.data_check.lines import read_splits
    from models.dataset import DATA

    splits, unreadable = read_splits(folder or DATA)
    findings = [*unreadable, *check_splits(splits, _encode)]
    counts = [count_split(split) for split in splits]
    errors = sum(finding.level == "error" for finding in findings)
    if as_json:
        typer.echo(_as_json(counts, findings, errors))
    else:
        _print(folder or DATA, counts, findings, errors)
    if errors:
        raise typer.Exit(1)


@data.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the call files.")],
    url: JournalOption = None,
) -> None:
    """Write the calls in which labels were corrected as labelled calls, for `offbook train --add`.

    Only what was corrected is a label there; nothing is learned before somebody runs that command.
    """
    from cues.journal.corrections import corrected_calls, history
    from cues.journal.open import open_to_read
    from cues.training_examples import competitors, labelled_call
    from models.write_calls import write_calls

    with closing(open_to_read(url)) as opened:
        found = (labelled_call(opened.events(id), history(opened, id)) for id in corrected_calls(opened))
        calls = [call for call in found if call]
    if not calls:
        raise BadInputError("Nothing was corrected yet; `offbook review` is where a click corrects a label.")
    write_calls(folder, calls, competitors(calls))
    labels = sum(len(line.labelled or ()) for call in calls for line in call)
    typer.echo(
        f"{_many(labels, 'corrected label')} of {_many(len(calls), 'call')} in {folder}; only you can read them."
    )
    typer.echo("They hold the calls' words, and `offbook forget` does not reach them there.")


def _encode(texts: Sequence[str]) -> "Vectors":
    """Their vectors, with a bar for whoever waits: ten thousand utterances take a minute or two."""
    import numpy as np

    from models.encoder import Encoder

    encoder, shown = Encoder(), Console(stderr=True)
    bar = track(texts, "Reading", console=shown, transient=True, disable=not sys.stderr.isatty())
    return np.stack([encoder.read(text).vector for text in bar])


def _as_json(counts: "Sequence[SplitCounts]", findings: "Sequence[Finding]", errors: int) -> str:
    told = {
        "splits": [asdict(one) for one in counts],
        "errors": errors,
        "warnings": len(findings) - errors,
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(told, indent=1, ensure_ascii=False)


def _print(folder: Path, counts: "Sequence[SplitCounts]", findings: "Sequence[Finding]", errors: int) -> None:
    console = Console(highlight=False)
    held = "; ".join(f"{one.name}: {one.utterances} utterances of {_many(one.calls, 'call')}" for one in counts)
    console.print(Text(printable(f"{folder}"), style="bold"), Text(printable(held), style="dim"), sep="\n")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("", "Kind", "Where", "Finding"):
        table.add_column(name, no_wrap=name != "Finding")
    for finding in findings:
        place, sentence = (Text(printable(str(each))) for each in (finding.place, finding.sentence))
        table.add_row(Text(*_MARKS[finding.level]), finding.kind, place, sentence)
    if findings:
        console.print(table)
    warnings = len(findings) - errors
    console.print(f"{_many(errors, 'error')}, {_many(warnings, 'warning')}." if findings else "Nothing to mend.")


def _many(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
