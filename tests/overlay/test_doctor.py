"""`offbook doctor`: what would keep a call from working, each in one line with the mend."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from disks import mounted
from sound_server import sound_server
from user import DEMO_PLAYBOOK, Result, Run

from asr.errors import BadInputError
from overlay import doctor
from overlay.doctor import Finding, diagnose
from overlay.settings import Settings

PARTS = ["settings", "microphone", "loopback", "model", "speed", "disk", "display", "playbook", "journal"]


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rep's settings; caches and journal of the test's own."""
    file = tmp_path / "settings.yaml"
    monkeypatch.setenv("OFFBOOK_SETTINGS", str(file))
    monkeypatch.setenv("OFFBOOK_JOURNAL", str(tmp_path / "journal.db"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return file


@pytest.fixture
def sound() -> Iterator[None]:
    """A microphone and an output."""
    with sound_server():
        yield


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the timing, which has tests of its own."""
    checks = tuple(check for check in doctor.CHECKS if check[0] != "speed")
    monkeypatch.setattr(doctor, "CHECKS", checks)


def found(result: Result) -> dict[str, dict[str, Any]]:
    assert "Traceback" not in result.stderr
    told = json.loads(result.stdout)
    assert told["works"] == (result.returncode == 0)
    return {finding["part"]: finding for finding in told["findings"]}


def of(part: str) -> Finding:
    return next(finding for finding in diagnose() if finding.part == part)


@pytest.mark.usefixtures("sound")
def test_a_machine_that_is_ready(offbook: Run, tmp_path: Path) -> None:
    result = offbook("doctor")
    assert result.returncode == 0, result.stdout
    lines = result.stdout.splitlines()
    assert [line[3:].split()[0] for line in lines] == PARTS
    told = dict(zip(PARTS, lines, strict=True))
    assert "What “Speakers” plays can be heard" in told["loopback"]
    assert "one second of speech costs" in told["speed"]
    assert "There is no display to show the overlay on" in told["display"]
    assert "A call goes on without the overlay" in told["display"]
    assert f"{tmp_path / 'journal.db'} can be written" in told["journal"]
    assert list((tmp_path / "cache/offbook").iterdir())


def test_everything_that_is_wrong_is_told_at_once(offbook: Run, file: Path, tmp_path: Path) -> None:
    playbook = shutil.copytree(DEMO_PLAYBOOK, tmp_path / "playbook")
    (playbook / "more.yaml").write_text("cues:\n  - id: one\n    wen: {moment: budget}\n")
    file.write_text("model: enormous\nplaybook: playbook\n")
    Path(os.environ["OFFBOOK_JOURNAL"]).write_text("no journal " * 100)
    result = offbook("doctor", "--json")
    assert result.returncode == 1
    told = found(result)
    assert list(told) == PARTS
    faults = {part for part, finding in told.items() if finding["level"] == "fault"}
    assert faults == {"microphone", "loopback", "model", "speed", "playbook", "journal"}
    assert "no PulseAudio or PipeWire server answers" in told["microphone"]["sentence"]
    assert "offbook models get enormous" in told["model"]["sentence"]
    assert "more.yaml:2:5:" in told["playbook"]["sentence"]
    assert f"And 2 more; `offbook check {playbook}` lists them." in told["playbook"]["sentence"]
    assert "damaged or no journal" in told["journal"]["sentence"]


@pytest.mark.usefixtures("quick")
def test_mistakes_in_the_settings_are_a_fault_and_do_not_hide_the_rest(file: Path) -> None:
    file.write_text("modell: base\nauto: perhaps\n")
    first, *others = diagnose()
    assert (first.part, first.level) == ("settings", "fault")
    assert 'did you mean "model"? And 1 more; `offbook settings` lists them.' in first.sentence
    assert {finding.level for finding in others} == {"fine", "warning"}


@pytest.mark.usefixtures("quick")
def test_the_devices_are_checked_by_whom_they_are_given_from(file: Path) -> None:
    file.write_text("microphone: Jabra\n")

    def gone(settings: Settings) -> Finding:
        raise BadInputError(f"The microphone '{settings.microphone}' is not here; plug it in.")

    def broken(_settings: Settings) -> Finding:
        raise ZeroDivisionError("by accident")

    findings = list(diagnose((("microphone", gone), ("buyer", broken))))
    assert findings[1] == Finding("microphone", "fault", "The microphone 'Jabra' is not here; plug it in.")
    assert findings[2].level == "fault"
    assert findings[2].sentence.startswith("The check stopped: ZeroDivisionError in test_doctor.py, line ")
    assert len(findings) == len(PARTS) - 1  # the speed is left out here


@pytest.mark.usefixtures("quick")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mounted(tmp_path / "small", "1m") as disk:
        monkeypatch.setenv("OFFBOOK_JOURNAL", str(disk.folder / "not yet" / "journal.db"))
        finding = of("disk")
    assert finding.level == "fault"
    assert "1 MB free at" in finding.sentence
    assert "free 50 MB at least" in finding.sentence


def test_weights_that_are_set_are_the_ones_that_are_timed(file: Path) -> None:
    file.write_text("model: tiny.en\nthreads: 1\n")
    assert of("speed").sentence.startswith("tiny.en: one second of speech costs ")
    assert not (Path(os.environ["XDG_CACHE_HOME"]) / "offbook").exists()


def test_a_display_that_is_there(offbook: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from overlay.virtual_display import virtual_display

    with virtual_display() as name:
        monkeypatch.setenv("DISPLAY", name)
        assert found(offbook("doctor", "--json"))["display"]["level"] == "fine"
