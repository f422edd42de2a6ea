"""`offbook eval`: the figures as JSON, and their pictures."""

import json
from pathlib import Path

import pytest
from user import ROOT, Run

from models.evaluate import Choice
from overlay.eval_pictures import confusion_counts

CALLS = ROOT / "models/data/test"
PNG = b"\x89PNG\r\n"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Two calls of the test split."""
    for name in ("w01.jsonl", "x01.jsonl", "competitors.json"):
        (tmp_path / name).symlink_to(CALLS / name)
    return tmp_path


def test_figures_and_pictures_of_the_same_calls(offbook: Run, few: Path, tmp_path: Path) -> None:
    result = offbook("eval", few, "--json", "--pictures", tmp_path / "pictures")
    assert result.returncode == 0, result.stderr
    figures = json.loads(result.stdout)
    for head in ("stage", "role", "moments"):
        assert 0 < figures[head]["calibration_error"] < 0.5
    drawn = {file.name for file in (tmp_path / "pictures").iterdir() if file.read_bytes().startswith(PNG)}
    assert drawn == {"calibration.png", "confusion-stage.png", "confusion-role.png", "confusion-stance.png"}


def test_a_folder_that_cannot_be_written_is_said(offbook: Run, few: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    result = offbook("eval", few, "--pictures", tmp_path / "taken")
    assert result.returncode == 2
    assert "taken: pictures can't be written there" in result.stderr


def test_confusions_stand_in_the_row_of_what_was_so() -> None:
    found = [Choice("a", "b", 0.9), Choice("a", "a", 0.8), Choice("b", "b", 0.7), Choice("a", "b", 0.6)]
    assert confusion_counts(found, ["a", "b"]).tolist() == [[1, 2], [0, 1]]
