"""`offbook listen` on a real sound server: the demo call is played into it, and heard by the real command."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_command import CALL_S, READY_S, Listening, play, speech_of_both
from rapidfuzz.distance import Levenshtein
from sound_server import SoundServer, sound_server
from user import ROOT, Run


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as made:
        yield made


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return speech_of_both(tmp_path_factory.mktemp("sides"))


def said(events: list[dict[str, Any]], speaker: str) -> list[str]:
    text = " ".join(event["text"] for event in events if event["speaker"] == speaker)
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").split()


def written(speaker: str) -> list[str]:
    """What the script has this side say within the time that is played."""
    lines = json.loads((ROOT / "configs/demo/call.json").read_text())
    channel = ("rep", "buyer").index(speaker)
    text = " ".join(line["text"] for line in lines if line["channel"] == channel and line["end"] < CALL_S)
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").split()


@pytest.mark.usefixtures("machine")
def test_both_sides_are_written_down_and_the_card_comes_and_a_death_is_no_end(
    server: SoundServer, sides: dict[str, Path], tmp_path: Path
) -> None:
    call = Listening(tmp_path / "events.jsonl", "--no-journal")
    call.wait("levels", READY_S)
    play(server, sides)
    call.wait("card_shown", CALL_S + 30)
    time.sleep(CALL_S - 17)
    heard = call.events("utterance")
    for speaker in ("rep", "buyer"):
        right, made = written(speaker), said(heard, speaker)
        assert Levenshtein.distance(right, made[: len(right)]) <= 0.2 * len(right), (right, made)
    assert call.events("card_shown")[0]["cue"] == "zendesk-in-place"
    engine = subprocess.run(["pgrep", "-P", str(call.process.pid)], capture_output=True, text=True, check=True)
    os.kill(int(engine.stdout.split()[0]), signal.SIGKILL)
    call.wait("recovered", READY_S)
    since = len(call.events("utterance"))
    play(server, sides)
    call.wait("utterance", CALL_S + 30, since + 2)
    errors = call.end()
    events = call.events()
    assert {event["call"] for event in events} == {events[0]["call"]}
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[-1]["type"] == "call_ended"
    assert events[-1]["reason"] == "the rep ended it"
    assert events[0]["source"] == "live"
    assert call.process.returncode == 0, errors
    assert "Traceback" not in errors


@pytest.mark.usefixtures("machine")
def test_what_is_said_while_the_weights_load_is_heard(
    server: SoundServer, sides: dict[str, Path], tmp_path: Path
) -> None:
    for player in list(server.players):
        server.hush(player)
    before = len(server.pactl("list", "short", "source-outputs").splitlines())
    call = Listening(tmp_path / "events.jsonl", "--no-journal")
    until = time.monotonic() + READY_S
    while len(server.pactl("list", "short", "source-outputs").splitlines()) < before + 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    play(server, sides)
    assert not call.events(), "the call had begun before anything was said"
    call.wait("utterance", READY_S)
    call.end()
    first = call.events("utterance")[0]
    assert said([first], "rep")[:6] == "hi laura thanks for making the".split()
    assert first["audio_start"] < call.events("levels")[0]["t"] + 5


def test_a_device_that_is_not_there_is_bad_input(server: SoundServer, offbook: Run) -> None:
    result = offbook("listen", "--headless", "--rep", "Yeti")
    assert result.returncode == 2
    assert result.stderr.strip() == "There is no microphone “Yeti” now; there are: “Headset”."


def test_without_a_sound_server_one_sentence_says_so(offbook: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    result = offbook("listen", "--headless")
    assert result.returncode == 2
    assert "Nothing can be heard: no PulseAudio or PipeWire server answers" in result.stderr
    assert result.stderr.count("\n") == 1


def test_devices_are_listed_with_the_chosen_ones_marked(server: SoundServer, offbook: Run) -> None:
    result = offbook("devices")
    assert result.returncode == 0, result.stderr
    marked = [line for line in result.stdout.splitlines() if line.strip().startswith("●")]
    assert [line.split()[1] for line in marked[:2]] == ["Headset", "Speakers"]
    found = json.loads(offbook("devices", "--json").stdout)
    assert {device["name"] for device in found["devices"]} == {"Headset", "Line", "Speakers"}
    assert found["missing"] == []
