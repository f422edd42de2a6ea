"""What a meeting plays so that any loss can be heard: a counter, and what of it did not arrive. Pure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 48_000
PERIOD = 30_000
"""The counter goes from 1 to this (0.6 s) and never is 0, which is silence."""
_ONE_GAP = RATE // 20
"""Breaks nearer to each other than this (samples) are one gap: what is heard after a loss may break once more."""


@dataclass(frozen=True)
class Gap:
    """Where sound was lost, or came twice: `at` and `length` in ms of what was heard."""

    at: float
    length: float


def counter(samples: int) -> "npt.NDArray[np.int16]":
    """So many samples of the counter, from its beginning."""
    return (np.arange(samples) % PERIOD + 1).astype(np.int16)


def gaps(heard: "npt.NDArray[np.int16]") -> list[Gap]:
    """The gaps in what was heard of a counter between the silences before and after it."""
    sound = np.flatnonzero(heard)
    if not len(sound):
        return []
    samples = heard[sound[0] : sound[-1] + 1].astype(np.int64)
    skipped = (samples[1:] - samples[:-1] - 1) % PERIOD
    skipped[(samples[1:] == 0) | (samples[:-1] == 0)] = 1
    breaks = np.flatnonzero(skipped)
    if not len(breaks):
        return []
    groups = np.split(breaks, np.flatnonzero(np.diff(breaks) > _ONE_GAP) + 1)
    return [_gap(group, skipped) for group in groups]


def _gap(breaks: "npt.NDArray[np.int64]", skipped: "npt.NDArray[np.int64]") -> Gap:
    jump = int(skipped[breaks[0]])
    length = max(int(breaks[-1] - breaks[0]), min(jump, PERIOD - jump))
    return Gap(round(1000 * int(breaks[0]) / RATE, 1), round(1000 * length / RATE, 1))
