"""Real-time transcription: sound in, events out, each through one bounded queue.

Threads: `source` (owner: Listening) takes chunks from the capture and queues them; `transcriber` (owner: Listening)
runs voice activity and decoding, at lowered priority, and queues events; the caller's thread takes the events. Each
stops when the sound ends or `stop` is called.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from asr.capture.file import BrokeOff, Chunk
from asr.echo import EchoGate
from asr.events import Event, Fault, Hypothesis, Utterance
from asr.faults import described
from asr.priority import lower_thread
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE, Samples
from asr.transcriber import Transcriber

SOUND_QUEUE = 600
"""Chunks of 0.1 s between source and transcriber: a minute."""
EVENT_QUEUE = 1000

Sound = Chunk | BrokeOff | Event
"""Sound, and what its source has to say about it."""


class Transcribes(Protocol):
    """`Transcriber`, or what a bench puts in its place."""

    def feed(self, sound: tuple[Samples, Samples], /) -> None:
        """New sound of both channels."""

    def work(self) -> Sequence[Event] | None:
        """One decoding pass and the events it makes, or None if none is due."""

    def finish(self) -> None:
        """The call is over."""


def broke_off(item: BrokeOff, t: float) -> Fault:
    """The fault that tells of a truncated file."""
    minutes, seconds = divmod(item.at, 60)
    return Fault(
        t=t,
        part="source",
        message=f"{item.file} breaks off at {int(minutes)}:{seconds:05.2f}; what was there is transcribed.",
    )


def at_real_pace(sound: Iterator[Sound], clock: Callable[[], float], begins: float = 0.0) -> Iterator[Sound]:
    """Chunks of a recording, each when its last sample would have been heard on `clock` (s); none before `begins`."""
    position = 0
    for item in sound:
        if isinstance(item, Chunk):
            position += len(item.rep)
            if position <= begins * SAMPLE_RATE:
                continue
            time.sleep(max(0.0, position / SAMPLE_RATE - clock()))
        yield item


def _unheard(item: Sound) -> Sound:
    """Silence of the same length: the call's time goes on, and an utterance that was running ends."""
    return Chunk(np.zeros_like(item.rep), np.zeros_like(item.buyer)) if isinstance(item, Chunk) else item


def _sides(chunk: Chunk, echo: EchoGate | None) -> tuple[Samples, Samples]:
    return (chunk.rep if echo is None else echo.hear(chunk.rep, chunk.buyer)), chunk.buyer


def _without_echo(made: Iterable[Event], echo: EchoGate | None) -> Iterator[Event]:
    for event in made:
        if echo is not None and isinstance(event, Hypothesis | Utterance):
            yield from echo.let_through(event)
        else:
            yield event


def transcribe_at_max(sound: Iterator[Sound], recogniser: Recogniser, echo: EchoGate | None = None) -> Iterator[Event]:
    """The same events as fast as they can be made, in the caller's thread; the clock is the position in the sound."""
    position = 0.0
    transcriber = Transcriber(recogniser, lambda: round(position, 3))
    for item in sound:
        if isinstance(item, BrokeOff):
            yield broke_off(item, round(position, 3))
            continue
        if isinstance(item, Event):
            continue
        position += len(item.rep) / SAMPLE_RATE
        transcriber.feed(_sides(item, echo))
        yield from _without_echo(_all_work(transcriber), echo)
    transcriber.finish()
    yield from _without_echo(_all_work(transcriber), echo)


def _all_work(transcriber: Transcriber) -> Iterator[Event]:
    while (made := transcriber.work()) is not None:
        yield from made


class Listening:
    """Transcribes sound while it plays. Take `next_event`; `busy_s` is the wall time spent decoding so far.

    With `hears` False it takes silence for the sound until `hear` says otherwise. `keep` is given what is heard, in the
    source's thread, and must not wait. `echo` drops what the rep's microphone hears of the buyer.
    """

    def __init__(
        self,
        sound: Iterator[Sound],
        transcriber: Transcribes,
        clock: Callable[[], float],
        *,
        hears: bool = True,
        keep: Callable[[Chunk], None] | None = None,
        echo: EchoGate | None = None,
    ) -> None:
        self.busy_s = 0.0
        self._hears = hears
        self._keep, self._echo = keep, echo
        self._clock = clock
        self._transcriber = transcriber
        self._sound: queue.Queue[Sound | None] = queue.Queue(SOUND_QUEUE)
        self._events: queue.Queue[Event | None] = queue.Queue(EVENT_QUEUE)
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._take, args=(sound,), name="source", daemon=True),
            threading.Thread(target=self._transcribe, name="transcriber", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def next_event(self, timeout: float | None) -> Event | None:
        """The next event, or None when the sound is over. Raises queue.Empty after `timeout` seconds."""
        return self._events.get(timeout=timeout)

    def offer(self, event: Event) -> bool:
        """Puts an event from elsewhere, stamped now, in the same queue, from any thread; False where that is full."""
        try:
            self._events.put_nowait(replace(event, t=self._clock()))
        except queue.Full:
            return False
        return True

    def hear(self, on: bool) -> None:
        """Whether the sound that comes from now on is heard; off, it is gone at once and for good. From any thread."""
        self._hears = on

    def stop(self) -> None:
        """Hears no more; what was heard is still transcribed."""
        self._stopped.set()

    def _take(self, sound: Iterator[Sound]) -> None:
        try:
            for item in sound:
                if self._stopped.is_set():
                    break
                heard = item if self._hears else _unheard(item)
                if self._keep is not None and isinstance(heard, Chunk):
                    self._keep(heard)
                self._sound.put(heard)
        except Exception as error:
            self._events.put(Fault(t=self._clock(), part="source", message=f"The sound stopped: {described(error)}."))
        finally:
            self._sound.put(None)

    def _transcribe(self) -> None:
        lower_thread()
        going = True
        while going:
            going = self._feed(self._sound.get())
            if not going:
                self._transcriber.finish()
            while self._pass():
                while going and not self._sound.empty():
                    going = self._feed(self._sound.get())
                    if not going:
                        self._transcriber.finish()
        self._events.put(None)

    def _feed(self, item: Sound | None) -> bool:
        if isinstance(item, Chunk):
            self._transcriber.feed(_sides(item, self._echo))
        elif isinstance(item, BrokeOff):
            self._events.put(broke_off(item, self._clock()))
        elif item is not None:
            self._events.put(replace(item, t=self._clock()))
        return item is not None

    def _pass(self) -> bool:
        """One decoding pass; False where none is due."""
        begun = time.monotonic()
        try:
            made: Sequence[Event] | None = self._transcriber.work()
        except Exception as error:
            made = [
                Fault(t=self._clock(), part="recogniser", message=f"A stretch of speech was lost: {described(error)}.")
            ]
        if made is None:
            return False
        self.busy_s += time.monotonic() - begun
        for event in _without_echo(made, self._echo):
            self._events.put(event)
        return True
