"""A device that gives nothing while nothing plays: the silence is filled in, and is no loss."""

import io
import subprocess
import sys

import numpy as np
import pytest

from asr.capture.blocks import blocks
from asr.capture.call_clock import CallClock
from asr.capture.silence import SILENT_S, Filled, fill
from asr.sound import SAMPLE_RATE, Samples

RATE = 48_000
BLOCK_S = 0.02
BLOCK = np.full(round(BLOCK_S * RATE), 0.5, np.float32)
NONE: Samples = np.zeros(0, np.float32)


def test_silence_is_as_long_as_the_clock_says() -> None:
    state, made = fill(Filled(10.0), NONE, 12.5, RATE)
    assert len(made) == 2.5 * RATE
    assert not made.any()
    assert state == Filled(12.5, silent=True)


def test_a_short_gap_is_not_yet_silence() -> None:
    before = Filled(10.0)
    assert fill(before, NONE, 10.0 + SILENT_S / 2, RATE)[0] == before


def test_sound_after_silence_begins_where_it_was_heard() -> None:
    state, made = fill(Filled(10.0, silent=True), BLOCK, 10.09, RATE)
    assert len(made) == round(0.09 * RATE)
    assert np.flatnonzero(made)[0] == round(0.07 * RATE)
    assert state == Filled(10.09)


@pytest.mark.parametrize("late", [0.0, 0.005, 0.06, -0.015])
def test_a_late_block_while_something_plays_gets_no_hole(late: float) -> None:
    _, made = fill(Filled(10.0), BLOCK, 10.0 + BLOCK_S + late, RATE)
    assert len(made) == len(BLOCK)


def test_the_call_s_time_goes_on_through_talk_and_silence() -> None:
    """Half a second of talk, then half a minute of nothing, again and again, looked at every 20 ms."""
    state, clock, made = Filled(0.0), CallClock(), 0
    for look in range(1, round(185 / BLOCK_S)):
        now = look * BLOCK_S
        plays = now % 30.5 < 0.5
        if plays:
            state, samples = fill(state, BLOCK, now, RATE)
        elif now - state.until > SILENT_S:
            state, samples = fill(state, NONE, now, RATE)
        else:
            continue
        piece = clock.put(samples[:: RATE // SAMPLE_RATE], state.until)
        made += len(piece.samples)
        if plays:
            end = (piece.at + len(piece.samples)) / SAMPLE_RATE
            assert end == pytest.approx(now, abs=0.01)
    assert made / SAMPLE_RATE == pytest.approx(185, abs=0.2)


LIVES_FOR_2_S = """
import time
from contextlib import nullcontext
from asr.capture.hold import Hold
from asr.capture.process import _hear
from asr.capture.ring import Ring
from asr.capture.stream import Stream
ends = time.monotonic() + 2
_hear(Stream(nullcontext(), Ring(16_000), 16_000, lambda: time.monotonic() < ends, lambda: {idle}), Hold())
"""


@pytest.mark.parametrize(("idle", "seconds"), [(True, 2.0), (False, 0.0)])
def test_a_capture_process_writes_silence_while_nothing_plays_and_ends_with_its_device(
    idle: bool, seconds: float
) -> None:
    script = LIVES_FOR_2_S.format(idle=idle)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    heard = list(blocks(io.BytesIO(ran.stdout)))
    assert sum(len(block.samples) for block in heard) / SAMPLE_RATE == pytest.approx(seconds, abs=0.3)
    assert not any(block.samples.any() for block in heard)
    assert b"OSError: the device gives no more sound" in ran.stderr
