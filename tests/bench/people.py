"""Is it told rightly which buyer speaks? `python -m tests.bench.people`: on the labelled calls and the dialogue."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from asr.events import Speaker
from models.dataset import load_dataset
from models.names import same_name
from models.people import People, hear

DATA = Path("models/data")
DIALOGUE = Path(__file__).parent / "dialogue"
VOICES = {"slt": "Laura", "awb": "Alan", "rms": "Martin"}
"""The dialogue's buyers, by the end of an utterance's name."""


@dataclass(frozen=True)
class Turn:
    """One utterance and who said it."""

    speaker: Speaker
    text: str
    person: str | None


@dataclass(frozen=True)
class PeopleFigures:
    """The buyers' utterances; how many were given a person, and how many of those the right one."""

    utterances: int
    given: int
    right: int


def labelled(folder: Path) -> list[list[Turn]]:
    """The calls of `folder`."""
    return [[Turn(one.speaker, one.text, one.person) for one in call] for call in load_dataset(folder).calls]


def dialogue() -> list[Turn]:
    """The synthesised dialogue, as it was written."""
    sides: tuple[Speaker, Speaker] = ("rep", "buyer")
    said = json.loads((DIALOGUE / "call.json").read_text(encoding="utf-8"))
    return [Turn(sides[one["channel"]], one["text"], VOICES.get(one["name"][-3:])) for one in said]


def score(calls: Iterable[Sequence[Turn]]) -> PeopleFigures:
    """Hears every call from its start; a name is right where it is a spelling of the person's."""
    told = [pair for call in calls for pair in _told(call)]
    given = [(person, name) for person, name in told if name is not None]
    return PeopleFigures(len(told), len(given), sum(same_name(name, person or "") for person, name in given))


def _told(call: Sequence[Turn]) -> Iterator[tuple[str | None, str | None]]:
    people = People()
    for turn in call:
        people = hear(people, turn.speaker, turn.text)
        if turn.speaker == "buyer":
            yield turn.person, people.person


def several(calls: Iterable[Sequence[Turn]]) -> list[Sequence[Turn]]:
    """The calls with more than one buyer."""
    return [call for call in calls if len({turn.person for turn in call if turn.speaker == "buyer"}) > 1]


def print_people(figures: dict[str, PeopleFigures], console: Console) -> None:
    table = Table(title="Who of the buyers speaks")
    for name in ("", "utterances", "given a person", "of those right"):
        table.add_column(name, justify="right" if name else "left")
    for name, one in figures.items():
        right = f"{one.right / one.given:.0%}" if one.given else "-"
        table.add_row(name, str(one.utterances), f"{one.given} ({one.given / one.utterances:.0%})", right)
    console.print(table)


if __name__ == "__main__":
    train, test = labelled(DATA / "train"), labelled(DATA / "test")
    print_people(
        {
            "train": score(train),
            "train, several buyers": score(several(train)),
            "test": score(test),
            "dialogue": score([dialogue()]),
        },
        Console(),
    )
