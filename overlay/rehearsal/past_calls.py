"""Past calls to try a playbook on: those of the journal, or call files as `offbook eval` reads them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from asr.errors import BadInputError
from asr.events import Utterance
from cues.events import RepAction
from models.dataset import LabelledUtterance, read_lines
from overlay.rehearsal.rehearse import Said, spoken

if TYPE_CHECKING:
    from cues.journal.store import CallFilter, CallRow, Journal

FORMS = "give all, last:20, a day such as 2026-10-31, two days such as 2026-10-01..2026-10-31, or call files (*.jsonl)"
_LAST = re.compile(r"last:(\d+)")

Words = tuple[Utterance | RepAction, ...]


@dataclass(frozen=True)
class PastCall:
    """A call before its words are read: what a person calls it, how many utterances it has, and how to read them.

    `id` is the journal's; None where the call comes from a file or has no end yet: then nothing is kept of it.
    """

    name: str
    utterances: int
    words: Callable[[], Words]
    id: str | None = None


def call_files(selection: str) -> list[PastCall] | None:
    """The calls of a folder or file; None where there is none of that name. Raises BadInputError for bad lines."""
    place = Path(selection).expanduser()
    if not place.exists():
        return None
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not files:
        raise BadInputError(f"--calls {selection}: there are no call files (*.jsonl) in it.")
    return [_from_file(file) for file in files]


def journal_calls(journal: "Journal", selection: str) -> list[PastCall]:
    """The stored calls with words that are meant, newest first. Raises BadInputError where that can't be told."""
    filter, most = _filter(selection)
    rows = [row for row in journal.calls(filter) if row.utterances][:most]
    return [
        PastCall(_name(row), row.utterances, partial(_stored, journal, row.id), row.id if row.ended else None)
        for row in rows
    ]


def _filter(selection: str) -> "tuple[CallFilter, int | None]":
    from cues.journal.store import CallFilter

    if selection == "all":
        return CallFilter(), None
    if (last := _LAST.fullmatch(selection)) and int(last[1]):
        return CallFilter(), int(last[1])
    first, _, until = selection.partition("..")
    try:
        since, end = date.fromisoformat(first), date.fromisoformat(until or first) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadInputError(f"--calls {selection}: means no calls, and no such file is there; {FORMS}.") from error
    return CallFilter(since=_midnight(since), until=_midnight(end)), None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


def _name(row: "CallRow") -> str:
    return " ".join(filter(None, (row.id[:8], f"{row.started.astimezone():%Y-%m-%d %H:%M}", row.rep)))


def _stored(journal: "Journal", call: str) -> Words:
    """What was said, and the stage where the rep corrected it."""
    events = journal.events(call)
    return tuple(
        event
        for event in events
        if isinstance(event, Utterance) or (isinstance(event, RepAction) and event.stage is not None)
    )


def _from_file(file: Path) -> PastCall:
    lines: list[LabelledUtterance] = []
    for _, line in read_lines(file):
        if isinstance(line, BadInputError):
            raise line
        lines.append(line)
    return PastCall(file.stem, len(lines), partial(_paced, lines))


def _paced(lines: Sequence[LabelledUtterance]) -> Words:
    return tuple(spoken(Said(line.speaker, line.text, line.t0) for line in lines))
