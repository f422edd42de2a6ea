"""Both sides of a live call on one clock: chunks of 0.1 s, whatever happens to the devices.

Threads: each side's, see asr/capture/side.py; they put sound on the timelines and events into a bounded queue under one
lock that is held for microseconds. The caller's thread iterates `sound`. `stop` ends everything.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from asr.capture.blocks import Block
from asr.capture.call_clock import CallClock, Piece
from asr.capture.file import CHUNK, Chunk
from asr.capture.lookout import Lookout
from asr.capture.meter import SILENCE_DBFS, dbfs
from asr.capture.side import Side
from asr.events import Event, Fault, Levels, Recovered, Speaker
from asr.sound import SAMPLE_RATE, Samples

PATIENCE_S = 0.3
"""A side that is silent for so long is not waited for; its sound comes every 0.05 s, calm sound every 0.2 s."""
HURRY_S = 1.0
"""How often the other side is told that this one is in conversation."""
KEPT_S = 60
"""Sound kept while nobody takes it, as when the weights load; far more than that takes."""
GAP_S = 0.2
"""Blocks that lie farther apart are not put together."""
STRETCHED = 8
"""Samples by which the call's clock may make a chunk longer."""
EVENTS = 100
LEVELS_EVERY = 2
"""Chunks; more often nobody sees."""
MOVED_DB = 2.0
"""Levels that moved by less need not be told yet: the overlay's meter has a pixel for each 1.3 dB."""
TELL_S = 1.0
"""Levels that stay the same are told so often: each takes its way through three processes, in silence too."""
AUDIBLE_DBFS = -55.0
"""Above this a side counts as heard: a quiet room is below."""
SLEPT_S = 2.0
"""The wall clock ran ahead of the monotonic one by this: the machine slept."""


class LiveCapture:
    """Hears the devices a person named, or the default ones. `clock` is the call's (s, monotonic).

    `begins`: where in the call the first chunk lies (s). Raises BadInputError where nothing at all can be heard.
    """

    def __init__(self, rep: str | None, buyer: str | None, clock: Callable[[], float], begins: float = 0.0) -> None:
        self._clock = clock
        self._at = round(begins * SAMPLE_RATE)
        self._came = threading.Condition()
        self._events: deque[Event] = deque(maxlen=EVENTS)
        self._timelines = {name: _Timeline(self._at) for name in ("rep", "buyer")}
        self._stopped = False
        self._asleep = time.time() - time.monotonic()
        wanted: tuple[tuple[Speaker, str | None], ...] = (("rep", rep), ("buyer", buyer))
        self._lookout = Lookout()
        self._sides = [
            Side(side, self._lookout, device, clock, self._taker(side), self._say) for side, device in wanted
        ]
        for side in self._sides:
            side.start()

    def stop(self) -> None:
        """Ends the capture. From any thread."""
        self._stopped = True
        self._lookout.stop()
        with self._came:
            self._came.notify()
        for side in self._sides:
            side.stop()

    def sound(self) -> Iterator[Chunk | Event]:
        """Chunks without end, one for each 0.1 s of the call, and what there is to say in between; until stopped."""
        try:
            meter = _Meter()
            for count in range(2**62):
                if self._stopped:
                    return
                chunk = self._next_chunk()
                yield from self._taken_events()
                yield chunk
                meter.add(chunk, self._at / SAMPLE_RATE)
                if count % LEVELS_EVERY == 0:
                    yield from meter.news(self._at / SAMPLE_RATE)
        finally:
            self.stop()

    def _next_chunk(self) -> Chunk:
        """Waits until both sides' sound is there, or does not come."""
        end = self._at + CHUNK
        with self._came:
            while not self._stopped and (seconds := self._waits(end)) > 0:
                self._came.wait(seconds)
            rep, buyer = (self._timelines[side].take(self._at, end) for side in ("rep", "buyer"))
        self._at = end
        return Chunk(rep, buyer)

    def _waits(self, end: int) -> float:
        """How long (s) to wait for the sound until `end`, if nothing comes meanwhile; 0 to take it now."""
        late = [line for line in self._timelines.values() if line.until < end]
        if not late:
            return 0.0
        now, early = time.monotonic(), end / SAMPLE_RATE - self._clock()
        since = [max(line.came_at, line.asked_at(now, end), now + early) for line in late if line.alive]
        return max(early, *(at + PATIENCE_S - now for at in since), 0.0)

    def _taker(self, side: Speaker) -> Callable[[Block], None]:
        call_clock, timeline = CallClock(), self._timelines[side]
        held: list[Block] = []
        hurried_at = 0.0

        def put() -> None:
            into_call = self._clock() - (time.monotonic() - held[-1].at)
            piece = call_clock.put(np.concatenate([block.samples for block in held]), into_call)
            held.clear()
            with self._came:
                timeline.put(piece)
                if timeline.until >= self._at + CHUNK:
                    self._came.notify()

        def hurry_others(now: float) -> None:
            nonlocal hurried_at
            if now - hurried_at >= HURRY_S:
                hurried_at = now
                for other in self._sides:
                    if other.side != side:
                        other.hurry()

        def take(block: Block) -> None:
            if block.loud:
                hurry_others(block.at)
            if held and block.at - held[-1].at > GAP_S:
                put()
            if len(block.samples):
                held.append(block)
                # Half of the chunk that the source waits for waits for the other half, which spares half of the work.
                reaches = timeline.until + sum(len(block.samples) for block in held) + STRETCHED
                if timeline.until < self._at or reaches >= self._at + CHUNK:
                    put()

        return take

    def _say(self, event: Event) -> None:
        with self._came:
            self._events.append(event)
            if isinstance(event, Fault) and event.part in self._timelines:
                self._timelines[event.part].alive = False

    def _taken_events(self) -> list[Event]:
        with self._came:
            events = list(self._events)
            self._events.clear()
        return [*self._slept(), *events]

    def _slept(self) -> list[Event]:
        ahead = time.time() - time.monotonic() - self._asleep
        if abs(ahead) < SLEPT_S:
            return []
        self._asleep += ahead
        if ahead < 0:
            return []
        now = self._clock()
        message = f"The machine slept for {ahead:.0f} s; what was said meanwhile is missing."
        return [Fault(t=now, part="sleep", message=message), Recovered(t=now, part="sleep", message=message)]


class _Timeline:
    """One side's sound by its place in the call, as far as it is not taken yet."""

    def __init__(self, begins: int) -> None:
        self.until = begins
        """End of the sound that came (samples into the call)."""
        self.came_at = 0.0
        """When it came last (monotonic)."""
        self.alive = True
        """Sound is expected."""
        self._pieces: deque[Piece] = deque()
        self._asked: tuple[int, float] = (begins, 0.0)

    def asked_at(self, now: float, end: int) -> float:
        """When this chunk was first waited for."""
        if self._asked[0] != end:
            self._asked = (end, now)
        return self._asked[1]

    def put(self, piece: Piece) -> None:
        self._pieces.append(piece)
        self.until = max(self.until, piece.at + len(piece.samples))
        self.came_at, self.alive = time.monotonic(), True
        while self.until - self._pieces[0].at > KEPT_S * SAMPLE_RATE:
            self._pieces.popleft()

    def take(self, start: int, end: int) -> Samples:
        """The sound between two samples of the call; silence where there is none."""
        taken = np.zeros(end - start, np.float32)
        for piece in self._pieces:
            first, last = max(start, piece.at), min(end, piece.at + len(piece.samples))
            if first < last:
                taken[first - start : last - start] = piece.samples[first - piece.at : last - piece.at]
        while self._pieces and self._pieces[0].at + len(self._pieces[0].samples) <= end:
            self._pieces.popleft()
        return taken


class _Meter:
    """How loud both sides are, and when each was last audible."""

    def __init__(self) -> None:
        self._loud = {"rep": SILENCE_DBFS, "buyer": SILENCE_DBFS}
        self._heard: dict[str, float | None] = {"rep": None, "buyer": None}
        self._told: Levels | None = None

    def add(self, chunk: Chunk, t: float) -> None:
        for side, samples in (("rep", chunk.rep), ("buyer", chunk.buyer)):
            self._loud[side] = dbfs(samples)
            if self._loud[side] > AUDIBLE_DBFS:
                self._heard[side] = round(t, 1)

    def news(self, t: float) -> list[Levels]:
        """The levels now, where they are worth telling."""
        levels = Levels(
            t=t,
            rep=round(self._loud["rep"], 1),
            buyer=round(self._loud["buyer"], 1),
            rep_heard_t=self._heard["rep"],
            buyer_heard_t=self._heard["buyer"],
        )
        told = self._told
        moved = told is None or _moved(told.rep, levels.rep) or _moved(told.buyer, levels.buyer)
        if told is not None and not moved and t - told.t < TELL_S:
            return []
        self._told = levels
        return [levels]


def _moved(before: float, now: float) -> bool:
    """Whether a level (dBFS) changed so that it can be seen; what is not audible is all alike."""
    return abs(max(now, AUDIBLE_DBFS) - max(before, AUDIBLE_DBFS)) >= MOVED_DB
