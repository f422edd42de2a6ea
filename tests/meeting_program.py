"""A meeting's program, as far as sound goes: `python -m tests.meeting_program` plays and hears in small buffers.

It plays a counter (tests/meeting_sound.py) and hears a microphone in one PortAudio stream, through the sound server's
devices that PULSE_SINK and PULSE_SOURCE name, until its input is closed. It says once that it plays, and in the end its
figures as JSON.

Threads: PortAudio's callback copies a buffer and counts; `main` wakes every 10 ms and notes by how much it is late;
`parent` waits for the end of the input.
"""

import json
import os
import sys
import threading
import time

import sounddevice

from tests.meeting_sound import PERIOD, RATE, counter

BUFFER = RATE // 100
LATENCY_S = 0.02
"""Two buffers, as small as a meeting would take."""
WAKE_S = 0.01
STEADY = 250
"""Buffers after which it says that it plays, and counts: in the first second the sound server often loses some 150 ms,
whatever else the machine does."""
STEADY_S = 10.0
"""After which it says so anyhow: PortAudio may stop asking for buffers where the machine is too busy at the start."""
_BYTES = 2


class Meeting:
    """Counts the buffers, and those of which PortAudio says that they came too late."""

    def __init__(self) -> None:
        self.buffers = self.underflows = self.overflows = 0
        self._at = 0
        # Everything is made before, so that the callback only copies.
        self._sound = memoryview(counter(PERIOD + 10 * BUFFER).tobytes())

    def callback(self, heard: object, played: memoryview, frames: int, moment: object, status: object) -> None:
        played[:] = self._sound[self._at * _BYTES : (self._at + frames) * _BYTES]
        self._at = (self._at + frames) % PERIOD
        self.buffers += 1
        if status:
            self.underflows += status.output_underflow  # type: ignore[attr-defined]
            self.overflows += status.input_overflow  # type: ignore[attr-defined]


def main() -> None:
    meeting, over = Meeting(), threading.Event()
    threading.Thread(target=_wait_for_end, args=(over,), name="parent", daemon=True).start()
    stream = sounddevice.RawStream(
        samplerate=RATE,
        blocksize=BUFFER,
        device="pulse",
        channels=1,
        dtype="int16",
        latency=LATENCY_S,
        callback=meeting.callback,
    )
    with stream:
        begun = time.monotonic()
        while meeting.buffers < STEADY and not over.is_set() and time.monotonic() < begun + STEADY_S:
            time.sleep(WAKE_S)
        meeting.buffers = meeting.underflows = meeting.overflows = 0
        since = time.monotonic()
        print("plays", flush=True)
        print(json.dumps(_figures(meeting, sorted(_lateness(since, over)))), flush=True)
        # PortAudio may wait for ever for a stream that has stuttered.
        os._exit(0)


def _figures(meeting: Meeting, late: list[float]) -> dict[str, float]:
    return {
        "buffers": meeting.buffers,
        "underflows": meeting.underflows,
        "overflows": meeting.overflows,
        "wake_p99_ms": round(1000 * late[int(0.99 * len(late))], 2),
        "wake_max_ms": round(1000 * late[-1], 2),
    }


def _lateness(since: float, over: threading.Event) -> list[float]:
    """By how much each of its wakings came late (s)."""
    late, due = [], since + WAKE_S
    while not late or not over.is_set():
        time.sleep(max(0.0, due - time.monotonic()))
        woke = time.monotonic()
        late.append(woke - due)
        due = max(due + WAKE_S, woke)
    return late


def _wait_for_end(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


if __name__ == "__main__":
    main()
