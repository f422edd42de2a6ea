"""Whether trackers can be told from their counterexamples and from each other, by what the encoder makes of both.

Thresholds are cosines. On the trackers of models/data a sentence that means another tracker comes to 0.48 at most
(1,044 of them), a counterexample, which shall be hard, to 0.65 in 99 of 100; paraphrases lie at 0.74 to 0.9.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.encoder import DIMENSIONS, Encoder
from models.trackers import Tracker

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


def contradictions(trackers: Sequence[Tracker], encoder: Encoder) -> Iterator[Contradiction]:
    """For each example the nearest counterexample, if it says the same."""
    for place, tracker in enumerate(trackers):
        counterexamples = encoder.encode(tracker.counterexamples).reshape(-1, DIMENSIONS)
        like = encoder.encode(tracker.examples) @ counterexamples.T
        for example in np.flatnonzero(like.max(axis=1, initial=0) >= SAYS_THE_SAME):
            yield Contradiction(place, int(example), int(like[example].argmax()))


def overlaps(trackers: Sequence[Tracker], encoder: Encoder) -> Iterator[Overlap]:
    """For each example the nearest one of an earlier tracker, if it is too near."""
    owners = [(place, at) for place, tracker in enumerate(trackers) for at in range(len(tracker.examples))]
    vectors = encoder.encode([trackers[place].examples[at] for place, at in owners])
    for row, (place, at) in enumerate(owners):
        earlier = row - at
        like = vectors[:earlier] @ vectors[row]
        if like.max(initial=0) >= TOO_NEAR:
            yield Overlap(place, at, *owners[int(like.argmax())])
