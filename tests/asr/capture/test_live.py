"""A live call on real PortAudio streams, while the devices under it come and go."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from capture_listener import Listener, own_tone
from sound_server import SoundServer

from asr.events import Fault, Recovered

SLACK = 3
"""The machine may have other things to do."""
TOLD_S = 2.0 * SLACK
BACK_S = 3.0 * SLACK


@contextmanager
def listening(server: SoundServer, tones: dict[str, Path], buyer: str | None = None) -> Iterator[Listener]:
    """Both sides are heard."""
    server.play(tones["rep"], "mic")
    server.play(tones["buyer"], "speakers")
    listener = Listener(buyer)
    try:
        listener.hears("rep")
        listener.hears("buyer")
        yield listener
    finally:
        listener.stop()


ON_THEIR_WAY = 3
"""Chunks that may hold what was heard before the device went."""


@pytest.fixture
def call(server: SoundServer, tones: dict[str, Path]) -> Iterator[Listener]:
    with listening(server, tones) as listener:
        yield listener


def test_each_side_is_heard_on_its_own_channel_and_its_level_told(call: Listener) -> None:
    time.sleep(1)
    assert all(own_tone(chunk.rep, "rep") and own_tone(chunk.buyer, "buyer") for chunk in call.chunks[-5:])
    assert {len(chunk.rep) for chunk in call.chunks} == {len(chunk.buyer) for chunk in call.chunks} == {1600}
    levels = call.levels()
    # A sine of amplitude 0.3 has an RMS of -13.5 dBFS.
    assert (levels.rep, levels.buyer) == (pytest.approx(-13.5, abs=1.5), pytest.approx(-13.5, abs=1.5))
    assert levels.rep_heard_t is not None
    assert call.clock() - levels.rep_heard_t < 2
    assert abs(call.clock() - 0.1 * len(call.chunks)) < 1, "the sound falls behind the call"


def test_a_microphone_goes_away_and_comes_back(call: Listener, server: SoundServer) -> None:
    server.remove(server.module_of("remap-source", "headset"))
    told = call.told("rep", Fault, "the microphone “Headset” went away at", TOLD_S)
    told_at = len(call.chunks)
    gone = told_at + ON_THEIR_WAY
    time.sleep(1)
    # Of these the last may hold an end of the tone only.
    assert not any(own_tone(chunk.rep, "buyer") for chunk in call.chunks[told_at:gone])
    assert all(own_tone(chunk.buyer, "buyer") for chunk in call.chunks[gone:]), "the buyer is heard all the while"
    assert not any(chunk.rep.any() for chunk in call.chunks[gone:]), "another device's sound is taken for the rep's"
    server.add_microphone()
    back = call.hears("rep", BACK_S)
    call.told("rep", Recovered, "You are heard again, through “Headset”.", TOLD_S)
    print(f"told after {told:.1f} s, heard again after {back:.1f} s")
    assert "s of it are missing" in call.of("rep", Recovered)[-1].message


def test_a_chosen_output_goes_away_and_comes_back_at_another_rate(server: SoundServer, tones: dict[str, Path]) -> None:
    server.add_sink("hdmi", "HDMI")
    with listening(server, tones, buyer="Speakers") as call:
        server.hush(server.players[-1])  # or the server would move it, and two tones may cancel each other out
        server.remove(server.module_of("null-sink", "speakers"))
        call.told("buyer", Fault, "the output device “Speakers” went away at", TOLD_S)
        assert own_tone(call.chunks[-1].rep, "rep")
        server.add_sink("speakers", "Speakers", rate=16_000)
        server.play(tones["buyer"], "speakers")
        call.told("buyer", Recovered, "The buyer is heard again, through “Speakers”.", BACK_S)
        call.hears("buyer", BACK_S)
        assert own_tone(call.chunks[-1].rep, "rep")


def test_the_default_output_changes(call: Listener, server: SoundServer, tones: dict[str, Path]) -> None:
    server.hush(server.players[-1])  # or the server would move it, and two tones may cancel each other out
    server.add_sink("usb", "USB", rate=44_100)
    server.play(tones["buyer"], "usb")
    took = call.told("buyer", Recovered, "The buyer is heard now, through “USB”.", BACK_S)
    call.hears("buyer", BACK_S)
    print(f"heard there after {took:.1f} s")


def test_nothing_is_said_while_nothing_happens(call: Listener) -> None:
    time.sleep(5)
    assert call.said() == []


def test_a_muted_output_is_said(call: Listener, server: SoundServer) -> None:
    server.pactl("set-sink-mute", "speakers", "1")
    call.told("buyer", Fault, "the output device “Speakers” is muted", TOLD_S)
    server.pactl("set-sink-mute", "speakers", "0")
    call.told("buyer", Recovered, "The buyer is heard again.", BACK_S)


def test_a_microphone_of_zeros_is_said(call: Listener, server: SoundServer) -> None:
    server.hush(server.players[0])
    call.told("rep", Fault, "“Headset” gives nothing but digital silence", 10 + TOLD_S)
    assert not call.of("buyer", Fault)


def test_the_sound_server_is_killed_and_started_again(
    call: Listener, server: SoundServer, tones: dict[str, Path]
) -> None:
    server.kill()
    call.told("rep", Fault, "the sound server stopped at", TOLD_S)
    call.told("buyer", Fault, "the sound server stopped at", TOLD_S)
    server.start()
    server.play(tones["rep"], "mic")
    server.play(tones["buyer"], "speakers")
    call.told("rep", Recovered, "You are heard again", BACK_S)
    call.hears("rep", BACK_S)
    call.hears("buyer", BACK_S)


def test_a_capture_process_is_killed(call: Listener) -> None:
    before = capture_processes(os.getpid())
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    call.wait(lambda: len(set(capture_processes(os.getpid())) - set(before)) == 1, BACK_S)
    call.hears("rep", BACK_S)
    call.hears("buyer", BACK_S)


def test_an_engine_that_is_stopped_for_seconds_loses_nothing(
    server: SoundServer, tones: dict[str, Path], tmp_path: Path
) -> None:
    server.play(tones["rep"], "mic")
    server.play(tones["buyer"], "speakers")
    heard = tmp_path / "heard.npy"
    script = Path(__file__).parent / "hear_alone.py"
    engine = subprocess.Popen([sys.executable, str(script), str(heard), "12"])
    time.sleep(4)
    engine.send_signal(signal.SIGSTOP)
    time.sleep(5)
    engine.send_signal(signal.SIGCONT)
    assert engine.wait(60) == 0
    sound = np.load(heard)
    for side, channel in (("rep", 0), ("buyer", 1)):
        tone = [own_tone(sound[channel, k : k + 1600], side) for k in range(0, sound.shape[1], 1600)]
        first = tone.index(True)
        assert first < 40
        # The one chunk in which the resampler catches up may be rough.
        assert sum(tone[first:]) >= len(tone) - first - 2, (side, first, tone)


def test_no_capture_process_outlives_its_engine(server: SoundServer, tmp_path: Path) -> None:
    script = Path(__file__).parent / "hear_alone.py"
    engine = subprocess.Popen([sys.executable, str(script), str(tmp_path / "heard.npy"), "60"])
    until = time.monotonic() + 20
    while len(capture_processes(engine.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    captures = capture_processes(engine.pid)
    assert len(captures) == 2
    engine.kill()
    engine.wait()
    until = time.monotonic() + 5
    while any(map(runs, captures)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(runs, captures))


def capture_processes(engine: int) -> list[int]:
    """Those of one engine, by process id: other tests of this machine may have theirs."""
    command = ["pgrep", "-P", str(engine), "-f", "asr.capture.process hear"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return sorted(int(pid) for pid in found.stdout.split())


def runs(process: int) -> bool:
    """A process that has ended but was not waited for has no command line."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False
