"""Each head's figures on calls that it never saw, with bounds a little under what was measured (data/README.md)."""

from pathlib import Path

import numpy as np
import pytest

from asr.errors import BadInputError
from models.encoder import Encoder
from models.evaluate import Figures, evaluate
from models.features import TURN_WIDTH
from models.heads import HEADS_FILE, Heads
from models.reader import Reader

TEST = Path(__file__).parents[2] / "models" / "data" / "test"


@pytest.fixture(scope="module")
def figures(encoder: Encoder, heads: Heads) -> Figures:
    return evaluate(TEST, lambda *words: Reader(encoder, heads, *words)).figures


@pytest.mark.parametrize(
    ("head", "figure", "least"),
    [
        ("stage", "accuracy", 0.77),
        ("stage", "macro_f1", 0.77),
        ("role", "macro_f1", 0.70),
        ("competitors", "precision", 0.95),
        ("competitors", "recall", 0.90),
        ("stance", "accuracy", 0.75),
        ("moments", "macro_f1", 0.70),
        ("trackers", "precision", 0.25),
    ],
)
def test_smoke_figures(figures: Figures, head: str, figure: str, least: float) -> None:
    assert figures[head][figure] >= least


@pytest.mark.parametrize("head", ["stage", "role", "moments"])
def test_probabilities_say_how_often_they_are_right(figures: Figures, head: str) -> None:
    assert figures[head]["calibration_error"] < 0.06


def test_few_roles_out_of_nothing(figures: Figures) -> None:
    assert figures["role"]["false_alarm_rate"] <= 0.16


def test_figures_have_the_keys_that_dashboards_read(figures: Figures) -> None:
    assert {"stage", "role", "competitors", "stance", "moments", "trackers"} <= figures.keys()
    assert {"ms_p50", "ms_p95", "utterances", "calls"} <= figures.keys()
    assert "precision_at_recall_80" in figures["trackers"]


def test_heads_that_are_missing_or_broken(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="heads are missing"):
        Heads(tmp_path / "heads.onnx")
    (tmp_path / "heads.onnx").write_bytes(b"no graph")
    with pytest.raises(BadInputError, match="these are no heads"):
        Heads(tmp_path / "heads.onnx")


def test_heads_for_other_labels(tmp_path: Path) -> None:
    content = HEADS_FILE.read_bytes()
    assert b'"opening", "discovery"' in content
    (tmp_path / "heads.onnx").write_bytes(content.replace(b'"opening", "discovery"', b'"discovery", "opening"'))
    with pytest.raises(BadInputError, match="the stage labels in it are not those"):
        Heads(tmp_path / "heads.onnx")


def test_probabilities_are_probabilities(heads: Heads) -> None:
    turn = heads.turn(np.zeros(TURN_WIDTH, np.float32), "")
    assert float(turn.role.sum()) == pytest.approx(1, abs=1e-4)
    assert ((turn.moments >= 0) & (turn.moments <= 1)).all()
