"""Training is deterministic, and says what it misses."""

import json
import shutil
from pathlib import Path

import pytest

from asr.errors import BadInputError
from models.heads import Heads
from models.train import train

TRAIN = Path(__file__).parents[2] / "models" / "data" / "train"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Three calls of the training set, and a part of what belongs to it."""
    folder = tmp_path / "data"
    folder.mkdir()
    for file in [*sorted(TRAIN.glob("*.jsonl"))[:3], TRAIN / "competitors.json"]:
        shutil.copy(file, folder)
    for name, kept in (("trackers.json", 3), ("everyday.json", 30), ("remarks.json", 30)):
        (folder / name).write_text(json.dumps(json.loads((TRAIN / name).read_text(encoding="utf-8"))[:kept]))
    return folder


def test_the_same_calls_give_the_same_bytes(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.stage_fit.EPOCHS", 6)
    lines: list[str] = []
    trained = train(small, tmp_path / "one.onnx", lines.append)
    train(small, tmp_path / "two.onnx")
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "two.onnx").read_bytes()
    assert trained.calls == 3
    assert set(trained.unseen) == {"stage", "role", "moments", "stance", "named", "trackers"}
    assert lines[-1] == f"wrote {tmp_path / 'one.onnx'}"
    Heads(tmp_path / "one.onnx")


def test_a_missing_list_is_named(small: Path, tmp_path: Path) -> None:
    (small / "everyday.json").unlink()
    with pytest.raises(BadInputError, match=r"everyday\.json: is missing or empty"):
        train(small, tmp_path / "one.onnx")


def test_one_call_is_not_enough(small: Path, tmp_path: Path) -> None:
    for file in sorted(small.glob("*.jsonl"))[1:]:
        file.unlink()
    with pytest.raises(BadInputError, match="one call is not enough"):
        train(small, tmp_path / "one.onnx")


def test_calls_that_are_labelled_in_part_are_for_learning_on_top(small: Path, tmp_path: Path) -> None:
    file = sorted(small.glob("*.jsonl"))[0]
    first, *rest = file.read_text(encoding="utf-8").splitlines()
    part = {**json.loads(first), "stage": None, "role": None, "moments": [], "competitors": [], "labelled": []}
    file.write_text("\n".join([json.dumps(part), *rest]), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"only a part is labelled .*; learn them with `offbook train --add`"):
        train(small, tmp_path / "one.onnx")
