"""A ring buffer between an audio callback and one reader: preallocated, and no lock to wait on.

One thread writes (PortAudio's), one reads. Each owns one counter and only reads the other's; under CPython's lock an
int is replaced whole, so neither ever sees half a number. What does not fit is dropped and counted. The reader sleeps
on a lock that the writer only ever opens, which takes no waiting; with `hold` not for every block.
"""

import threading

import numpy as np

from asr.capture.hold import Hold
from asr.sound import Samples


class Ring:
    """Room for `size` samples of mono sound."""

    def __init__(self, size: int) -> None:
        self.hold: Hold | None = None
        self._samples = np.zeros(size, np.float32)
        self._written = 0
        self._read = 0
        self._last_at = 0.0
        self._nothing_new = threading.Lock()
        self._nothing_new.acquire()
        self.overflowed = 0
        """Samples that were dropped, because nobody read."""

    def write(self, samples: Samples, at: float) -> None:
        """Copies a block in whose last sample was heard at `at` (s, monotonic); never waits. The callback's thread."""
        count = min(len(samples), len(self._samples) - (self._written - self._read))
        self.overflowed += len(samples) - count
        start = self._written % len(self._samples)
        first = min(count, len(self._samples) - start)
        self._samples[start : start + first] = samples[:first]
        self._samples[: count - first] = samples[first:count]
        self._last_at = at
        self._written += count
        if (self.hold is None or self.hold.is_due(samples, at)) and self._nothing_new.locked():
            self._nothing_new.release()

    def wait(self, seconds: float) -> None:
        """Until something was written since the last wait that is not held, or so long. The reader's thread."""
        self._nothing_new.acquire(timeout=seconds)

    def read(self) -> tuple[Samples, float]:
        """All that is there (a copy), and when its last sample was heard. The reader's thread."""
        at, written = self._last_at, self._written
        start, count = self._read % len(self._samples), written - self._read
        first = self._samples[start : start + count]
        samples = np.concatenate([first, self._samples[: count - len(first)]])
        self._read = written
        return samples, at
