"""The package is a real wheel: installed into an empty environment, it plays calls in real time."""

import json
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from user import DEMO_CALL, ROOT, demo_cut, run_command

LAG_BAR_S = 2.0
SLACK = 3
PART_S = 24.0
"""Of the demo call; its first card comes in it."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run_command([sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT], ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The command, in an environment that holds the wheel and what it asks for."""
    folder = wheel.parent
    venv.create(folder / "env", with_pip=True)
    # Without the compiling, which takes as long as the rest: a command compiles what it loads.
    install = "-m pip install -q --no-compile -c".split()
    done = run_command([folder / "env/bin/python", *install, ROOT / "constraints.txt", wheel], folder, 600)
    assert done.returncode == 0, done.stderr
    return folder / "env/bin/offbook"


def test_the_wheel_holds_the_calls_that_learning_on_top_needs_and_is_small(wheel: Path) -> None:
    there = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("models/data/train", "models/data/test"):
        here = {file.relative_to(ROOT).as_posix() for file in (ROOT / folder).iterdir()}
        assert here
        assert here <= there
    assert wheel.stat().st_size < 10_000_000


def test_the_wheel_alone_plays_a_call_in_real_time(installed: Path, tmp_path: Path) -> None:
    part = demo_cut(tmp_path / "call.wav", 16_000, "pcm_s16le", "s16", seconds=PART_S)
    played = run_command([installed, "replay", part, "--events", tmp_path / "events.jsonl"], tmp_path)
    assert played.returncode == 0, played.stderr
    in_time(tmp_path / "events.jsonl", PART_S - 5)


@pytest.mark.verify
def test_the_wheel_alone_plays_the_demo_in_real_time(installed: Path, tmp_path: Path) -> None:
    played = run_command([installed, "demo", "--events", tmp_path / "events.jsonl"], tmp_path)
    assert played.returncode == 0, played.stderr
    assert "Try next" in played.stdout
    in_time(tmp_path / "events.jsonl", float("inf"))


def in_time(file: Path, until: float) -> None:
    """The cards expected before `until`, and no others, each in time."""
    events: list[dict[str, Any]] = [json.loads(line) for line in file.read_text().splitlines()]
    expected = [card for card in json.loads((DEMO_CALL.parent / "cards.json").read_text()) if card["turn_end"] < until]
    shown = [event for event in events if event["type"] == "card_shown"]
    assert expected
    assert [card["cue"] for card in shown] == [card["cue"] for card in expected]
    for want, card in zip(expected, shown, strict=True):
        assert card["t"] - want["trigger_end"] <= LAG_BAR_S * SLACK
    assert "fault" not in [event["type"] for event in events]
    last_words = max(event["audio_end"] for event in events if event["type"] == "utterance")
    assert events[-1]["t"] - last_words < 10, "the chain fell behind the call"
