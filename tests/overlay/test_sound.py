"""Sound that works, exit code 0: silence, a truncated file, and every usual rate and format."""

import json
from pathlib import Path
from typing import Any

import pytest
from user import DEMO_PLAYBOOK, Run, demo_cut

from asr.capture.file import Recording, open_stereo
from cues.check import load_playbook
from cues.events import EVENT
from overlay.call_setup import Setup, load_setup
from overlay.engine import play


def events_of(offbook: Run, *args: str | Path) -> list[dict[str, Any]]:
    result = offbook("replay", *args, "--speed", "max", "--headless", "--events", "-")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def played(sound: Recording, setup: Setup) -> list[dict[str, Any]]:
    """The same without the command around it."""
    return [json.loads(EVENT.dump_json(event)) for event in play(sound, setup, real_time=False)]


def said(events: list[dict[str, Any]]) -> str:
    return " ".join(event["text"] for event in events if event["type"] == "utterance").lower()


@pytest.fixture(scope="module")
def setup() -> Setup:
    """Loaded once; the command loads it each time."""
    return load_setup(load_playbook(DEMO_PLAYBOOK), "base")


def test_silence_is_a_call_without_utterances(offbook: Run, silence: Path) -> None:
    events = events_of(offbook, silence)
    assert [event["type"] for event in events] == ["call_started", "call_ended"]
    assert events[-1]["summary"]["utterances"] == 0


@pytest.mark.parametrize(
    ("name", "rate", "codec", "sample_format"),
    [
        ("telephone.wav", 8_000, "pcm_s16le", "s16"),
        ("cd.wav", 44_100, "pcm_s16le", "s16"),
        ("studio.wav", 48_000, "pcm_s24le", "s32"),
        ("float.wav", 16_000, "pcm_f32le", "flt"),
        ("small.flac", 16_000, "flac", "s16"),
    ],
)
def test_every_usual_format_is_heard(
    setup: Setup, tmp_path: Path, name: str, rate: int, codec: str, sample_format: str
) -> None:
    sound = open_stereo(demo_cut(tmp_path / name, rate, codec, sample_format, seconds=6.0))
    events = played(sound, setup)
    assert "laura" in said(events)
    assert "still a good moment" in said(events)
    assert not [event for event in events if event["type"] == "fault"]


def test_a_truncated_file_gives_what_was_there_and_a_fault(setup: Setup, tmp_path: Path) -> None:
    whole = demo_cut(tmp_path / "whole.wav", 16_000, "pcm_s16le", "s16")
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: 44 + 16_000 * 4 * 5])
    events = played(open_stereo(cut), setup)
    assert "good moment" in said(events)
    (fault,) = [event for event in events if event["type"] == "fault"]
    assert "breaks off at 0:0" in fault["message"]
    assert events[-1]["type"] == "call_ended"


def test_two_mono_files_are_one_call(offbook: Run, tmp_path: Path, silence: Path) -> None:
    rep = demo_cut(tmp_path / "rep.wav", 16_000, "pcm_s16le", "s16", layout="mono", seconds=6.0)
    events = events_of(offbook, "--rep", rep, "--buyer", silence)
    assert "laura" in said(events)
    assert {event["speaker"] for event in events if event["type"] == "utterance"} == {"rep"}
