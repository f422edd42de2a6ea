"""Puts one device's samples on the call's clock: two devices' clocks drift apart, the call has one. Pure.

A device that runs fast or slow is stretched, too little to be heard, so that its sound stays where it was heard: a
proportional controller on the smoothed distance, as sound servers do it (compare PulseAudio's module-loopback).
"""

from dataclasses import dataclass

import numpy as np

from asr.sound import SAMPLE_RATE, Samples

JUMP_S = 0.2
"""Farther off than this is no drift: sound is missing, or there is too much."""
SMOOTH_S = 4.0
"""Blocks come in jerks of some 50 ms; over this long they even out."""
SETTLE_S = 8.0
"""Within about so long a distance is made up."""
MOST = 0.002
"""The strongest stretching; devices differ by some 0.0002."""
FIRST_S = 0.5
"""So much sound is looked at before the start is taken for certain."""


@dataclass(frozen=True)
class Piece:
    """Sound for the call: `samples` begin at number `at` of the call's samples."""

    at: int
    samples: Samples


class CallClock:
    """Feed it blocks in order; it returns them stretched, each where it belongs."""

    def __init__(self) -> None:
        self._end: int | None = None
        """Number of the call's sample that comes next; None before the first block."""
        self._off = 0.0
        """Smoothed distance (s) of what is due from where it is put."""
        self._heard = 0.0
        self._tail = np.zeros(3, np.float32)
        self._phase = 0.0

    def put(self, samples: Samples, last_at: float) -> Piece:
        """A block (16 kHz as its device counts) whose last sample was heard `last_at` seconds into the call."""
        if self._end is None:
            self._end = round(last_at * SAMPLE_RATE) - len(samples)
        length = len(samples) / SAMPLE_RATE
        off = last_at - (self._end + len(samples)) / SAMPLE_RATE
        if abs(off - self._off) > JUMP_S and abs(off) > JUMP_S:
            self._end += round(off * SAMPLE_RATE)
            self._off = off = 0.0
        self._heard += length
        # At first the few blocks there are count more: a block may come late, but none comes early.
        weight = min(1.0, length / min(SMOOTH_S, max(self._heard, FIRST_S)))
        self._off += weight * (off - self._off)
        stretched = self._stretched(samples, min(MOST, max(-MOST, self._off / SETTLE_S)))
        piece = Piece(self._end, stretched)
        self._end += len(stretched)
        return piece

    def _stretched(self, samples: Samples, by: float) -> Samples:
        """The block with `by` of its length more, by cubic (Lagrange) interpolation, without a seam."""
        source = np.concatenate([self._tail, samples])
        step = 1.0 / (1.0 + by)
        count = int(np.ceil((len(samples) - self._phase) / step))
        positions = self._phase + step * np.arange(count)
        whole = positions.astype(np.int64)
        x = (positions - whole).astype(np.float32)
        self._phase = float(positions[-1] + step - len(samples)) if count else self._phase - len(samples)
        self._tail = source[-3:]
        p0, p1, p2, p3 = (source[whole + k] for k in range(4))
        return np.asarray(
            p0 * (-x * (x - 1) * (x - 2) / 6)
            + p1 * ((x + 1) * (x - 1) * (x - 2) / 2)
            + p2 * (-(x + 1) * x * (x - 2) / 2)
            + p3 * ((x + 1) * x * (x - 1) / 6),
            np.float32,
        )
