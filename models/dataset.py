"""Labelled calls on disk: reads and checks a folder of call files, with file and line in every complaint.

The folder holds `*.jsonl` (one JSON object per utterance: call, i, t0, speaker, person, text, stage, role, competitors,
moments, and `labelled` where not all of that was), and may hold `competitors.json` ([{"name", "aliases"}]),
`trackers.json` ([{"id", "examples", "counterexamples", "positives", "negatives"}]), `everyday.json` (sentences in which
a word that is also a vendor's name is just a word, [{"word", "text"}]) and `remarks.json` (sentences of no call that
name a vendor, [{"speaker", "text", "competitors"}]).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from asr.errors import BadInputError
from asr.events import Speaker
from models.competitors import Competitor
from models.events import Stance
from models.json_rows import (
    Complain,
    Row,
    complain,
    content_of,
    entries_of,
    field_of,
    items_of,
    number_of,
    object_of,
    one_of,
    parsed,
    text_of,
    texts_of,
)
from models.labels import NONE, load_labels
from models.trackers import Tracker

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
    """One line of a call file; `t0` in seconds into the call, `role` null where it shows none.

    `labelled` names what somebody labelled ("stage", "role", "moment:LABEL", "competitor:NAME"), None everything: of
    the rest nobody knows, and nothing is learned or measured. `stage` is None only there.
    """

    call: str
    i: int
    t0: float
    speaker: Speaker
    person: str | None
    text: str
    stage: str | None
    role: str | None
    competitors: tuple[LabelledMention, ...]
    moments: tuple[str, ...]
    labelled: frozenset[str] | None = None

    def tells(self, reading: str) -> bool:
        """Whether somebody labelled this."""
        return self.labelled is None or reading in self.labelled


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
        tuple(_tracker(row, bad) for row, bad in entries_of(folder / "trackers.json")),
        tuple(
            Everyday(text_of(row, "word", bad), text_of(row, "text", bad))
            for row, bad in entries_of(folder / "everyday.json")
        ),
        tuple(_remark(row, bad) for row, bad in entries_of(folder / "remarks.json")),
    )


def load_competitors(folder: Path) -> tuple[Competitor, ...]:
    """The names to look for in the calls of `folder`; none without a competitors.json. Raises BadInputError."""
    return tuple(_competitor(row, bad) for row, bad in entries_of(folder / "competitors.json"))


def read_lines(file: Path) -> Iterator[tuple[int, LabelledUtterance | BadInputError]]:
    """Number and utterance of each line of a call file, or what is wrong with it. Raises BadInputError for the file."""
    for number, line in enumerate(content_of(file).splitlines(), 1):
        if line.strip():
            bad = complain(f"{file}:{number}")
            try:
                yield number, _utterance(object_of(parsed(line, bad), bad), bad)
            except BadInputError as error:
                yield number, error


def _call(file: Path) -> tuple[LabelledUtterance, ...]:
    found: list[LabelledUtterance] = []
    for number, one in read_lines(file):
        if isinstance(one, BadInputError):
            raise one
        found.append(one)
        if one.call != found[0].call:
            bad = complain(f"{file}:{number}")
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
    text = text_of(row, "text", bad)
    role = row["role"] if field_of(row, "role", bad) is not None else None
    if role is not None:
        one_of(role, tuple(name for name in labels.role if name != NONE), "role", bad)
    moments = items_of(row, "moments", bad)
    for moment in moments:
        one_of(moment, labels.moment, "moment", bad)
    utterance = LabelledUtterance(
        call=text_of(row, "call", bad),
        i=int(number_of(row, "i", bad)),
        t0=number_of(row, "t0", bad),
        speaker=_speaker(row, bad),
        person=text_of(row, "person", bad) if row.get("person") is not None else None,
        text=text,
        stage=row["stage"] if field_of(row, "stage", bad) is not None else None,
        role=role,
        competitors=_mentions(row, text, bad),
        moments=tuple(moments),
        labelled=frozenset(texts_of(row, "labelled", bad)) if "labelled" in row else None,
    )
    _only_what_is_labelled(utterance, bad)
    return utterance


def _only_what_is_labelled(one: LabelledUtterance, bad: Complain) -> None:
    """A label that `labelled` leaves out would pass for somebody's; a name in it that is none would hide a label."""
    labels = load_labels()
    if one.stage is not None or one.tells("stage"):
        one_of(one.stage, labels.stage, "stage", bad)
    for name in sorted(one.labelled or ()):
        if not name.startswith("competitor:"):
            one_of(name, ("stage", "role", *(f"moment:{moment}" for moment in labels.moment)), "labelled", bad)
    given = [f"moment:{moment}" for moment in one.moments]
    given += [f"competitor:{mention.name}" for mention in one.competitors if mention.name is not None]
    given += [name for name, label in (("stage", one.stage), ("role", one.role)) if label is not None]
    for name in given:
        if not one.tells(name):
            raise bad(f"there is a label for {name}, which `labelled` leaves out; add it there, or take the label away")


def _remark(row: Row, bad: Complain) -> Remark:
    text = text_of(row, "text", bad)
    return Remark(_speaker(row, bad), text, _mentions(row, text, bad))


def _speaker(row: Row, bad: Complain) -> Speaker:
    return cast(Speaker, one_of(field_of(row, "speaker", bad), ("rep", "buyer", "unknown"), "speaker", bad))


def _mentions(row: Row, text: str, bad: Complain) -> tuple[LabelledMention, ...]:
    return tuple(_mention(item, text, bad) for item in items_of(row, "competitors", bad))


def _mention(item: object, text: str, bad: Complain) -> LabelledMention:
    row = object_of(item, bad)
    said = text_of(row, "said", bad)
    if said not in text:
        raise bad(f"said {said!r} does not stand in the text; copy it from there letter by letter")
    name = text_of(row, "name", bad) if field_of(row, "name", bad) is not None else None
    stance = one_of(field_of(row, "stance", bad), load_labels().stance, "stance", bad)
    return LabelledMention(name, said, cast(Stance, stance))


def _competitor(row: Row, bad: Complain) -> Competitor:
    return Competitor(text_of(row, "name", bad), texts_of(row, "aliases", bad) if "aliases" in row else ())


def _tracker(row: Row, bad: Complain) -> TrackerSet:
    counterexamples = texts_of(row, "counterexamples", bad) if "counterexamples" in row else ()
    examples = texts_of(row, "examples", bad)
    if not examples:
        raise bad("examples is empty; give at least one sentence")
    tracker = Tracker(text_of(row, "id", bad), examples, counterexamples)
    return TrackerSet(tracker, texts_of(row, "positives", bad), texts_of(row, "negatives", bad))
