"""How loud several devices are, outside a call. Nothing of their sound is kept.

Threads: one for each device (owner: Meters) reads its capture process; they end with the block.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

import numpy as np

from asr.capture.blocks import blocks
from asr.capture.devices import Device
from asr.capture.start import Process, capture, end
from asr.sound import Samples

SILENCE_DBFS = -120.0


def dbfs(samples: Samples) -> float:
    """RMS of a block, in dB below full scale."""
    power = float(np.dot(samples, samples)) / len(samples) if len(samples) else 0.0
    return max(SILENCE_DBFS, 10 * float(np.log10(max(power, 1e-12))))


class Meters:
    """Opens every device for as long as the block lasts."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self._levels: dict[str, float] = {}
        self._processes = {device.id: capture(device) for device in devices}
        for name, process in self._processes.items():
            threading.Thread(target=self._read, args=(name, process), name=f"meter-{name}", daemon=True).start()

    def __enter__(self) -> "Meters":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for process in self._processes.values():
            end(process)

    def levels(self) -> dict[str, float]:
        """The newest level (dBFS) of each device that gives sound, by id."""
        return dict(self._levels)

    def running(self) -> bool:
        """Whether every device is still open."""
        return all(process.poll() is None for process in self._processes.values())

    def _read(self, name: str, process: Process) -> None:
        assert process.stdout is not None
        with suppress(OSError, ValueError):
            for block in blocks(process.stdout):
                self._levels[name] = dbfs(block.samples)
