"""Whether trackers can be told from their counterexamples and from each other, by what the encoder makes of both. Pure.

Thresholds are cosines. On the trackers of models/data a sentence that means another tracker comes to 0.48 at most
(1,044 of them), a counterexample, which shall be hard, to 0.65 in 99 of 100; paraphrases lie at 0.74 to 0.9.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.encoder import Vectors

SAYS_THE_SAME = 0.7
TOO_NEAR = 0.6


@dataclass(frozen=True)
class Contradiction:
    """A counterexample that says what an example of the same tracker says; all by their places in the lists."""

    tracker: int
    example: int
    counterexample: int


@dataclass(frozen=True)
class Overlap:
    """An example that is too near one of another tracker's; all by their places in the lists."""

    tracker: int
    example: int
    other: int
    other_example: int


def contradictions(examples: Sequence[Vectors], counterexamples: Sequence[Vectors]) -> Iterator[Contradiction]:
    """For each example the nearest counterexample, if it says the same; of each tracker unit vectors [n, 384]."""
    for place, (meant, other) in enumerate(zip(examples, counterexamples, strict=True)):
        like = meant @ other.T
        for example in np.flatnonzero(like.max(axis=1, initial=0) >= SAYS_THE_SAME):
            yield Contradiction(place, int(example), int(like[example].argmax()))


def overlaps(examples: Sequence[Vectors]) -> Iterator[Overlap]:
    """For each example the nearest one of an earlier tracker, if too near; of each tracker unit vectors [n, 384]."""
    owners = [(place, at) for place, vectors in enumerate(examples) for at in range(len(vectors))]
    stacked = np.concatenate(examples)
    for row, (place, at) in enumerate(owners):
        like = stacked[: row - at] @ stacked[row]
        if like.max(initial=0) >= TOO_NEAR:
            yield Overlap(place, at, *owners[int(like.argmax())])
