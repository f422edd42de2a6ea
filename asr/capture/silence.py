"""Silence where a device gives nothing because nothing plays: filled in by the clock, so its time goes on. Pure."""

from dataclasses import dataclass

import numpy as np

from asr.sound import Samples

SILENT_S = 0.1
"""Without sound for so long, it is silence: while something plays, blocks come every 0.02 s, a busy machine's later."""


@dataclass(frozen=True)
class Filled:
    """The sound is there `until` (s, monotonic); `silent`: what came last was filled in."""

    until: float
    silent: bool = False


def fill(before: Filled, samples: Samples, at: float, rate: int) -> tuple[Filled, Samples]:
    """`samples`, whose last was heard at `at` (s, monotonic), behind the silence before them; none: silence until `at`.

    After silence the gap is filled to the sample; a short one while something plays is only a late block.
    """
    gap = at - len(samples) / rate - before.until
    if gap <= (0 if before.silent and len(samples) else SILENT_S):
        return (Filled(at) if len(samples) else before), samples
    return Filled(at, silent=not len(samples)), np.concatenate([np.zeros(round(gap * rate), np.float32), samples])
