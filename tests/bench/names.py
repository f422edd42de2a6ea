"""Are vendors' names heard better when the recogniser is told them? `python -m tests.bench.names FOLDER [PLAYBOOK]`.

Each utterance of the folder's call alone, as a final is decoded: with the playbook's names told before, and without.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
from rich.console import Console
from rich.table import Table

from asr.recogniser import Recogniser
from asr.weights import whisper_weights
from cues.check import load_playbook
from overlay.bench_asr import reference
from overlay.bench_scores import Spoken, normaliser
from overlay.configs import DEMO_PLAYBOOK


@dataclass(frozen=True)
class NameFigures:
    """Names said, heard of those, and heard where they were not said; word errors in percent."""

    said: int
    heard: int
    invented: int
    wer: float


def compare(folder: Path, playbook: Path) -> dict[str, NameFigures]:
    names = [one.name for one in load_playbook(playbook).competitors]
    spoken, weights = reference(folder), whisper_weights("base")
    ways = {"names told": names, "not told": []}
    return {way: score(spoken, names, heard(Recogniser(weights, names=told), spoken)) for way, told in ways.items()}


def heard(recogniser: Recogniser, spoken: Sequence[Spoken]) -> list[str]:
    return [" ".join(word.text for word in recogniser.final(one.sound, 0.0)) for one in spoken]


def score(spoken: Sequence[Spoken], names: Sequence[str], texts: Sequence[str]) -> NameFigures:
    normalise = normaliser()
    plain = [normalise(name) for name in names]
    pairs = [(normalise(one.text), normalise(text)) for one, text in zip(spoken, texts, strict=True)]
    counts = [(right.count(name), made.count(name)) for right, made in pairs for name in plain]
    wer = 100 * float(jiwer.wer([right for right, _ in pairs], [made for _, made in pairs]))
    said, found = sum(a for a, _ in counts), sum(min(a, b) for a, b in counts)
    return NameFigures(said, found, sum(max(0, b - a) for a, b in counts), wer)


def print_names(figures: dict[str, NameFigures], console: Console) -> None:
    table = Table(title="Vendors' names")
    for name in ("", "said", "heard", "invented", "word errors"):
        table.add_column(name, justify="right" if name else "left")
    for way, one in figures.items():
        table.add_row(way, str(one.said), str(one.heard), str(one.invented), f"{one.wer:.2f} %")
    console.print(table)


if __name__ == "__main__":
    print_names(compare(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else DEMO_PLAYBOOK), Console())
