"""A call in another language is transcribed, and what is not read of it is said plainly, before the call and in it."""

import json
import shutil
from pathlib import Path

import pytest
from user import DEMO_PLAYBOOK, Run

from models.labels import only_transcribed
from overlay import doctor


@pytest.fixture
def vietnamese(tmp_path: Path) -> Path:
    """The demo's playbook, in Vietnamese."""
    folder = Path(shutil.copytree(DEMO_PLAYBOOK, tmp_path / "playbook"))
    strategy = folder / "strategy.yaml"
    text = strategy.read_text(encoding="utf-8")
    assert "language: en" in text
    strategy.write_text(text.replace("language: en", "language: vi"), encoding="utf-8")
    return folder


def test_a_call_says_that_only_english_is_read(offbook: Run, silence: Path, vietnamese: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.jsonl"
    options = ("--playbook", vietnamese, "--speed", "max", "--headless", "--no-journal", "--events", out)
    done = offbook("replay", silence, *options)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    (advice,) = [event for event in told if event["type"] == "advice"]
    assert (advice["part"], advice["message"]) == ("language", only_transcribed("vi"))


def test_doctor_says_it_before_the_call(vietnamese: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"playbook: {vietnamese}\n", encoding="utf-8")
    monkeypatch.setenv("OFFBOOK_SETTINGS", str(settings))
    monkeypatch.setattr("overlay.doctor.CHECKS", [check for check in doctor.CHECKS if check[0] == "playbook"])
    (finding,) = [finding for finding in doctor.diagnose() if finding.part == "playbook"]
    assert finding.level == "warning"
    assert only_transcribed("vi") in finding.sentence
