"""The package is a real wheel: installed into an empty environment, `offbook demo` plays the demo call in real time."""

import json
import sys
import venv
from pathlib import Path

import pytest
from user import DEMO_CALL, ROOT, run_command

LAG_BAR_S = 2.0
SLACK = 3


@pytest.mark.timeout(900)
def test_the_wheel_alone_plays_the_demo_in_real_time(tmp_path: Path) -> None:
    built = run_command([sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", tmp_path, ROOT], ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    bin_folder = tmp_path / "env/bin"
    installed = run_command(
        [bin_folder / "python", "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel], tmp_path, 600
    )
    assert installed.returncode == 0, installed.stderr
    events_file = tmp_path / "events.jsonl"
    played = run_command([bin_folder / "offbook", "demo", "--events", events_file], tmp_path)
    assert played.returncode == 0, played.stderr
    assert "Try next" in played.stdout
    events = [json.loads(line) for line in events_file.read_text().splitlines()]
    expected = json.loads((DEMO_CALL.parent / "cards.json").read_text())
    shown = [event for event in events if event["type"] == "card_shown"]
    assert [card["cue"] for card in shown] == [card["cue"] for card in expected]
    for want, card in zip(expected, shown, strict=True):
        assert card["t"] - want["trigger_end"] <= LAG_BAR_S * SLACK
    kinds = [event["type"] for event in events]
    assert "fault" not in kinds
    last_words = max(event["audio_end"] for event in events if event["type"] == "utterance")
    assert events[-1]["t"] - last_words < 10, "the chain fell behind the call"
