"""Labelled calls on disk: reads and checks a folder of call files, with file and line in every complaint.

The folder holds `*.jsonl` (one JSON object per utterance: call, i, t0, speaker, person, text, stage, role, competitors,
moments), and may hold `competitors.json` ([{"name", "aliases"}]), `trackers.json`
([{"id", "examples", "counterexamples", "positives", "negatives"}]), `everyday.json` (sentences in which a word that
is also a vendor's name is just a word, [{"word", "text"}]) and `remarks.json` (sentences of no call that name a vendor,
[{"speaker", "text", "competitors"}]).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from asr.errors import BadInputError
from asr.events import Speaker
from models.competitors import Competitor
from models.events import Stance
from models.labels import NONE, load_labels
from models.trackers import Tracker

Complain = Callable[[str], BadInputError]
Row = Mapping[str, Any]

DATA = Path(__file__).parent / "data"
"""The project's own labelled calls: a folder for those to train on, one for those to test on."""
TRAINING_DATA = DATA / "train"
"""The calls that `offbook train` learns from unless told otherwise."""
REFERENCE_DATA = DATA / "test"
"""The calls that no heads learned from; they ship too, so that what a company learns can be held against them."""


@dataclass(frozen=True)
class LabelledMention:
    """A vendor named in an utterance; `name` is null where it is not one of the competitors."""

    name: str | None
    said: str
    stance: Stance


@dataclass(frozen=True)
class LabelledUtterance:
    """One line of a call file; `t0` in seconds into the call, `role` null where it shows none."""

    call: str
    i: int
    t0: float
    speaker: Speaker
    person: str | None
    text: str
    stage: str
    role: str | None
    competitors: tuple[LabelledMention, ...]
    moments: tuple[str, ...]


@dataclass(frozen=True)
class TrackerSet:
    """A tracker with sentences that should fire it and sentences that should not."""

    tracker: Tracker
    positives: tuple[str, ...]
    negatives: tuple[str, ...]


@dataclass(frozen=True)
class Everyday:
    """A sentence in which `word`, the name of some vendor, is just a word."""

    word: str
    text: str


@dataclass(frozen=True)
class Remark:
    """A sentence of no call, and the vendors named in it."""

    speaker: Speaker
    text: str
    competitors: tuple[LabelledMention, ...]


@dataclass(frozen=True)
class Dataset:
    """All that a folder holds; `calls` in the order of their files' names, each in the order of its lines."""

    calls: tuple[tuple[LabelledUtterance, ...], ...]
    competitors: tuple[Competitor, ...]
    trackers: tuple[TrackerSet, ...]
    everyday: tuple[Everyday, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def utterances(self) -> tuple[LabelledUtterance, ...]:
        """Every utterance, call by call."""
        return tuple(utterance for call in self.calls for utterance in call)


def load_dataset(folder: Path) -> Dataset:
    """Raises BadInputError for the first thing that is wrong: no such folder, no calls, or a bad line."""
    if not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; give one that holds call files (*.jsonl).")
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise BadInputError(f"{folder}: there are no call files (*.jsonl) in it.")
    calls = tuple(call for call in map(_call, files) if call)
    _unique_calls(files, calls)
    return Dataset(
        calls,
        load_competitors(folder),
        tuple(_tracker(row, bad) for row, bad in _list(folder / "trackers.json")),
        tuple(
            Everyday(_text(row, "word", bad), _text(row, "text", bad)) for row, bad in _list(folder / "everyday.json")
        ),
        tuple(_remark(row, bad) for row, bad in _list(folder / "remarks.json")),
    )


def load_competitors(folder: Path) -> tuple[Competitor, ...]:
    """The names to look for in the calls of `folder`; none without a competitors.json. Raises BadInputError."""
    return tuple(_competitor(row, bad) for row, bad in _list(folder / "competitors.json"))


def read_lines(file: Path) -> Iterator[tuple[int, LabelledUtterance | BadInputError]]:
    """Number and utterance of each line of a call file, or what is wrong with it. Raises BadInputError for the file."""
    for number, line in enumerate(_read(file).splitlines(), 1):
        if line.strip():
            bad = _complain(f"{file}:{number}")
            try:
                yield number, _utterance(_object(_parse(line, bad), bad), bad)
            except BadInputError as error:
                yield number, error


def _call(file: Path) -> tuple[LabelledUtterance, ...]:
    found: list[LabelledUtterance] = []
    for number, one in read_lines(file):
        if isinstance(one, BadInputError):
            raise one
        found.append(one)
        if one.call != found[0].call:
            bad = _complain(f"{file}:{number}")
            raise bad(f"call is {one.call!r} but the file began with {found[0].call!r}; one call per file")
    return tuple(found)


def _unique_calls(files: list[Path], calls: tuple[tuple[LabelledUtterance, ...], ...]) -> None:
    seen: set[str] = set()
    for call in calls:
        if call[0].call in seen:
            raise BadInputError(f"{files[0].parent}: two files hold the call {call[0].call!r}; name each call once.")
        seen.add(call[0].call)


def _utterance(row: Row, bad: Complain) -> LabelledUtterance:
    labels = load_labels()
    text = _text(row, "text", bad)
    role = row["role"] if _field(row, "role", bad) is not None else None
    if role is not None:
        _known(role, tuple(name for name in labels.role if name != NONE), "role", bad)
    moments = _items(row, "moments", bad)
    for moment in moments:
        _known(moment, labels.moment, "moment", bad)
    return LabelledUtterance(
        call=_text(row, "call", bad),
        i=int(_number(row, "i", bad)),
        t0=_number(row, "t0", bad),
        speaker=_speaker(row, bad),
        person=_text(row, "person", bad) if row.get("person") is not None else None,
        text=text,
        stage=_known(_field(row, "stage", bad), labels.stage, "stage", bad),
        role=role,
        competitors=_mentions(row, text, bad),
        moments=tuple(moments),
    )


def _remark(row: Row, bad: Complain) -> Remark:
    text = _text(row, "text", bad)
    return Remark(_speaker(row, bad), text, _mentions(row, text, bad))


def _speaker(row: Row, bad: Complain) -> Speaker:
    return cast(Speaker, _known(_field(row, "speaker", bad), ("rep", "buyer", "unknown"), "speaker", bad))


def _mentions(row: Row, text: str, bad: Complain) -> tuple[LabelledMention, ...]:
    return tuple(_mention(item, text, bad) for item in _items(row, "competitors", bad))


def _mention(item: object, text: str, bad: Complain) -> LabelledMention:
    row = _object(item, bad)
    said = _text(row, "said", bad)
    if said not in text:
        raise bad(f"said {said!r} does not stand in the text; copy it from there letter by letter")
    name = _text(row, "name", bad) if _field(row, "name", bad) is not None else None
    stance = _known(_field(row, "stance", bad), load_labels().stance, "stance", bad)
    return LabelledMention(name, said, cast(Stance, stance))


def _competitor(row: Row, bad: Complain) -> Competitor:
    return Competitor(_text(row, "name", bad), _texts(row, "aliases", bad) if "aliases" in row else ())


def _tracker(row: Row, bad: Complain) -> TrackerSet:
    counterexamples = _texts(row, "counterexamples", bad) if "counterexamples" in row else ()
    examples = _texts(row, "examples", bad)
    if not examples:
        raise bad("examples is empty; give at least one sentence")
    tracker = Tracker(_text(row, "id", bad), examples, counterexamples)
    return TrackerSet(tracker, _texts(row, "positives", bad), _texts(row, "negatives", bad))


def _list(file: Path) -> list[tuple[Row, Complain]]:
    """Entries of an optional JSON file that holds a list of objects."""
    if not file.exists():
        return []
    content = _parse(_read(file), _complain(str(file)))
    if not isinstance(content, list):
        raise BadInputError(f"{file}: is not a list; begin it with [ and end it with ].")
    entries = []
    for number, item in enumerate(content, 1):
        bad = _complain(f"{file}: entry {number}")
        entries.append((_object(item, bad), bad))
    return entries


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file}: is not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise BadInputError(f"{file}: cannot be read: {error.strerror}.") from error


def _complain(where: str) -> Complain:
    return lambda what: BadInputError(f"{where}: {what}.")


def _parse(text: str, bad: Complain) -> object:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise bad(f"this is not JSON: {error}") from error


def _object(item: object, bad: Complain) -> Row:
    if not isinstance(item, dict):
        raise bad(f"expected an object in {{...}}, not {item!r}")
    return item


def _field(row: Row, name: str, bad: Complain) -> Any:
    if name not in row:
        raise bad(f"the field {name!r} is missing; add it")
    return row[name]


def _text(row: Row, name: str, bad: Complain) -> str:
    value = _field(row, name, bad)
    if not isinstance(value, str) or not value.strip():
        raise bad(f"{name} is {value!r}; write a text that is not empty")
    return value


def _number(row: Row, name: str, bad: Complain) -> float:
    value = _field(row, name, bad)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad(f"{name} is {value!r}; write a number")
    return float(value)


def _items(row: Row, name: str, bad: Complain) -> list[Any]:
    value = _field(row, name, bad)
    if not isinstance(value, list):
        raise bad(f"{name} is {value!r}; write a list")
    return value


def _texts(row: Row, name: str, bad: Complain) -> tuple[str, ...]:
    values = _items(row, name, bad)
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise bad(f"{name} holds {value!r}; every entry is a text that is not empty")
    return tuple(values)


def _known(value: object, names: tuple[str, ...], what: str, bad: Complain) -> str:
    if not isinstance(value, str) or value not in names:
        raise bad(f"{what} {value!r} is unknown; choose one of {', '.join(names)}")
    return value
