"""How honest probabilities are: what was said against how often it was so. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Said:
    """A probability that a head gave, and whether it was so."""

    probability: float
    true: bool


@dataclass(frozen=True)
class Bin:
    """Those of about the same probability: its mean, the share that was so, and how many there are."""

    probability: float
    share: float
    count: int


def bins(said: Sequence[Said]) -> list[Bin]:
    """Ten of equal width, without those that are empty."""
    probability = np.array([one.probability for one in said])
    true = np.array([one.true for one in said], dtype=float)
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    inside = [place == one for one in range(BINS)]
    return [Bin(float(probability[one].mean()), float(true[one].mean()), int(one.sum())) for one in inside if one.any()]


def calibration_error(said: Sequence[Said]) -> float:
    """The expected calibration error (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017): the mean gap of a bin,
    weighted by its size; 0 of nothing."""
    return sum(one.count * abs(one.probability - one.share) for one in bins(said)) / max(1, len(said))
