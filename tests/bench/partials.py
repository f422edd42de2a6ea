"""Does a reading of growing text agree with the final one? `python -m tests.bench.partials [FOLDER] [--calls N]`.

Every utterance is read again with each word that it grows by, as the stable text of a live call does. What reaches a
threshold in any of these partial readings has fired; it agrees where the final reading holds it too.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cues.situation import HOLDS
from models.dataset import LabelledUtterance, load_dataset
from models.events import Reading
from models.reader import Reader, load_reader

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
FEWEST = 3
"""Words of a text that is read while it grows."""


@dataclass(frozen=True)
class Fired:
    """One label of one utterance: how sure the readings were, one for each word that came, and whether the final
    one holds it."""

    head: str
    partial: tuple[float, ...]
    final: bool


@dataclass(frozen=True)
class Agreement:
    """At one threshold: how much fired, the share of it that the final reading holds, and the share of what the final
    reading holds that had fired before."""

    fired: int
    agrees: float
    early: float


def fired(reader: Reader, call: Sequence[LabelledUtterance]) -> Iterator[Fired]:
    """What a call's partial readings said, with what its final ones do."""
    reader.reset()
    for one in call:
        words = one.text.split()
        growing = [
            reader.read(f"u{one.i}", one.speaker, " ".join(words[:count]), partial=True, person=one.person)
            for count in range(FEWEST, len(words))
        ]
        final = reader.read(f"u{one.i}", one.speaker, one.text, partial=False, person=one.person)
        partial, last = [_sure(each) for each in growing], _sure(final)
        for head, label in sorted({key for each in (*partial, last) for key in each}):
            key = (head, label)
            yield Fired(head, tuple(each.get(key, 0.0) for each in partial), last.get(key, 0.0) >= HOLDS)


def _sure(reading: Reading) -> dict[tuple[str, str], float]:
    """What a cue can ask for, and how sure the reading is of it; what no threshold lets fire is left out."""
    heads = {"stage": reading.stage, "moment": reading.moments, "tracker": reading.trackers, "role": reading.role}
    said = {(head, label): p for head, labels in heads.items() for label, p in labels.items() if label != "none"}
    said |= {("competitor", mention.name): 1.0 for mention in reading.competitors}
    said |= {("stance", f"{mention.name}:{mention.stance}"): mention.p for mention in reading.competitors}
    return {key: p for key, p in said.items() if p >= HOLDS}


def agreement(found: Sequence[Fired], threshold: float) -> Agreement:
    """Pure."""
    before = [one for one in found if max(one.partial, default=0.0) >= threshold]
    holds = [one for one in found if one.final]
    both = sum(one.final for one in before)
    return Agreement(len(before), both / max(1, len(before)), both / max(1, len(holds)))


def print_agreement(found: Sequence[Fired], console: Console) -> None:
    by_head: dict[str, list[Fired]] = defaultdict(list)
    for one in found:
        by_head[one.head].append(one)
    table = Table(title="What fired on growing text: how much, held by the final reading, of that told early")
    table.add_column("head")
    for threshold in THRESHOLDS:
        table.add_column(f"at {threshold}", justify="right")
    for head, those in by_head.items():
        at = [agreement(those, threshold) for threshold in THRESHOLDS]
        table.add_row(head, *(f"{one.fired} {one.agrees:.1%} {one.early:.0%}" for one in at))
    console.print(table)


def main(
    folder: Annotated[Path, typer.Argument()] = Path("models/data/test"), calls: Annotated[int, typer.Option()] = 10_000
) -> None:
    dataset = load_dataset(folder)
    reader = load_reader(dataset.competitors, [one.tracker for one in dataset.trackers], [])
    print_agreement([one for call in dataset.calls[:calls] for one in fired(reader, call)], Console())


if __name__ == "__main__":
    typer.run(main)
