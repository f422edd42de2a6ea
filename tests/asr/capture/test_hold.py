"""Calm sound comes in longer pieces, which wake fewer threads; no word waits for that."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from capture_listener import Listener
from live_command import speech_of_both
from sound_server import SoundServer

from asr.capture import pulse
from asr.capture.blocks import Block, blocks
from asr.capture.devices import find_device, server_devices
from asr.capture.hold import CALM_AFTER_S, HELD_S, Hold
from asr.capture.start import Process, capture, end, hurry
from asr.capture.stream import BLOCK_S
from asr.sound import SAMPLE_RATE

CALM = np.zeros(round(BLOCK_S * SAMPLE_RATE), np.float32)
LOUD = np.ones_like(CALM)
BLOCKS = round(CALM_AFTER_S / BLOCK_S)
HELD = round(HELD_S / BLOCK_S)


def handed(hold: Hold, samples: "list[np.ndarray[tuple[int], np.dtype[np.float32]]]", begins: float) -> list[bool]:
    """Of each block in a row, whether it is handed on."""
    return [hold.is_due(block, begins + (k + 1) * BLOCK_S) for k, block in enumerate(samples)]


def test_what_is_said_never_waits_nor_does_the_pause_after_it() -> None:
    hold = Hold()
    assert all(handed(hold, [LOUD, *[CALM] * (BLOCKS - 1)] * 3, 100.0))
    assert hold.is_loud(106.0)


def test_calm_waits_for_more_until_something_is_said() -> None:
    hold = Hold()
    handed(hold, [LOUD, *[CALM] * BLOCKS], 100.0)
    due = handed(hold, [CALM] * 10 * HELD, 200.0)
    assert 9 <= sum(due) <= 11
    assert not hold.is_loud(202.0)
    assert hold.is_due(LOUD, 202.05)


def test_calm_does_not_wait_while_the_other_side_talks() -> None:
    hold = Hold()
    hold.hurry(200.0)
    assert all(handed(hold, [CALM] * (BLOCKS - 1), 200.0))
    assert sum(handed(hold, [CALM] * 10 * HELD, 210.0)) <= 11
    assert not hold.is_loud(212.0), "or each would hurry the other for ever"


@pytest.mark.usefixtures("server")
def test_a_capture_process_obeys() -> None:
    process = capture(find_device(None, "loopback", server_devices(pulse.look().sources)))
    try:
        assert process.stdout is not None
        sound = blocks(process.stdout)
        taken(sound, CALM_AFTER_S + 1)
        calm = taken(sound, 2)
        hurry(process)
        taken(sound, 2 * HELD_S)
        hurried = taken(sound, 1)
    finally:
        end(process)
    assert typical_s(calm) == pytest.approx(HELD_S, abs=BLOCK_S)
    assert typical_s(hurried) == pytest.approx(BLOCK_S, abs=0.4 * BLOCK_S)
    assert not any(block.loud for block in (*calm, *hurried))


def taken(sound: Iterator[Block], seconds: float) -> list[Block]:
    until = time.monotonic() + seconds
    found = [next(sound)]
    while found[-1].at < until:
        found.append(next(sound))
    return found


def typical_s(found: list[Block]) -> float:
    return median(len(block.samples) for block in found) / SAMPLE_RATE


def test_a_side_in_conversation_hurries_the_other_and_not_itself(
    server: SoundServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk of the call needs both sides: what the buyer says would wait for the rep's silence."""
    hurried: list[Process] = []
    monkeypatch.setattr("asr.capture.side.hurry", hurried.append)
    server.play(speech_of_both(tmp_path)["buyer"], "speakers")
    call = Listener()
    try:
        call.wait(lambda: len(hurried) >= 3, 60)
        sources = {variable for process in hurried for variable in environment(process) if b"PULSE_SOURCE" in variable}
    finally:
        call.stop()
    assert sources == {b"PULSE_SOURCE=headset"}


def environment(process: Process) -> list[bytes]:
    return Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
