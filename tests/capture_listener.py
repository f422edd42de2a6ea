"""Hears a live capture in a thread of its own, and tells what it heard."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from asr.capture.file import Chunk
from asr.capture.live import LiveCapture
from asr.events import Event, Fault, Levels, Recovered

HERTZ = {"rep": 400, "buyer": 1000}


@dataclass
class Listener:
    """`chunks` is all of the sound so far."""

    buyer: str | None = None
    """The output that is listened to; else the default one."""
    chunks: list[Chunk] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.capture = LiveCapture(None, self.buyer, self.clock)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def clock(self) -> float:
        return time.monotonic() - self.begun

    def stop(self) -> None:
        self.capture.stop()
        self._thread.join(5)

    def _listen(self) -> None:
        for item in self.capture.sound():
            if isinstance(item, Chunk):
                self.chunks.append(item)
            else:
                self.events.append(item)

    def hears(self, side: str, within: float = 30.0) -> float:
        """Waits until a side's own tone is heard; how long that took (s)."""
        return self.wait(lambda: bool(self.chunks) and own_tone(getattr(self.chunks[-1], side), side), within)

    def told(self, side: str, kind: type[Event], words: str, within: float) -> float:
        """Waits until a fault or a recovery with these words is told; how long that took (s)."""
        since = len(self.events)
        return self.wait(
            lambda: any(words in event.message for event in self.of(side, kind)),
            within,
            f"{words}: {self.events[since:]}",
        )

    def of(self, side: str, kind: type[Event]) -> list[Fault | Recovered]:
        return [e for e in self.events if isinstance(e, kind) and isinstance(e, Fault | Recovered) and e.part == side]

    def levels(self) -> Levels:
        return next(event for event in reversed(self.events) if isinstance(event, Levels))

    def wait(self, holds: Callable[[], bool], within: float, what: str = "") -> float:
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < within, f"{what}: not within {within} s; {self.said()}"
            time.sleep(0.02)
        return time.monotonic() - begun

    def said(self) -> list[str]:
        return [f"{e.t:.1f} {e.part}: {e.message}" for e in self.events if isinstance(e, Fault | Recovered)]


def own_tone(samples: "np.ndarray[tuple[int], np.dtype[np.float32]]", side: str) -> bool:
    """Whether most of a chunk is this side's tone."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    near = round(HERTZ[side] * len(samples) / 16_000)
    power = float(spectrum.sum())
    return power > 1.0 and float(spectrum[near - 4 : near + 5].sum()) > 0.7 * power
