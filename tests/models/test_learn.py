"""A company's own calls are learned on top: they are read better, and what is wrong with them is said."""

import json
from pathlib import Path

import numpy as np
import pytest
from own_calls import Row, company_calls, some_calls

from asr.errors import BadInputError
from models.dataset import load_dataset
from models.encoder import Encoder
from models.evaluate import side_by_side
from models.graph import Linear, read_linear
from models.heads import HEADS_FILE, Heads
from models.labels import load_labels
from models.learn import KINDS, Compared, learn
from models.reader import Reader


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return some_calls(tmp_path_factory.mktemp("ours") / "kept", "train", "[bd]01.jsonl")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return some_calls(tmp_path_factory.mktemp("ours") / "reference", "test", "[wx]01.jsonl")


def test_the_calls_are_read_better_and_the_same_calls_give_the_same_bytes(
    kept: Path, reference: Path, tmp_path: Path, encoder: Encoder
) -> None:
    folder = company_calls(tmp_path / "own", "h0[1-2].jsonl")
    lines: list[str] = []
    learned = learn(folder, kept, reference, lines.append)
    assert learned.content == learn(folder, kept, reference).content
    assert lines[0].startswith("calls of yours: 2, ")
    assert [one.name for one in learned.compared] == [
        "stage accuracy",
        "role macro F1",
        "moments macro F1",
        "stance accuracy",
    ]
    assert learned.reference_calls == 2
    (tmp_path / "heads.onnx").write_bytes(learned.content)
    dataset, new = load_dataset(folder), Heads(tmp_path / "heads.onnx")
    assert new.base == Heads().sha256
    readers = [Reader(encoder, heads, dataset.competitors, [], []) for heads in (Heads(), new)]
    before, after = side_by_side(dataset, readers)
    # By little: the package's heads learned from these calls too.
    assert after["stage"]["accuracy"] > before["stage"]["accuracy"]
    assert after["moments"]["macro_f1"] > before["moments"]["macro_f1"]


def only_role_none(row: Row) -> None:
    """Somebody said of two lines that they show no role, and of nothing else."""
    said = row["i"] in (5, 7)
    row |= {"stage": None, "role": None, "competitors": [], "moments": [], "labelled": ["role"] if said else []}


def test_only_what_is_labelled_is_learned(kept: Path, reference: Path, tmp_path: Path) -> None:
    folder = company_calls(tmp_path / "own", "h01.jsonl", only_role_none)
    dataset = load_dataset(folder)
    assert [one.speaker for one in dataset.utterances if one.labelled] == ["buyer", "buyer"]
    before, after = HEADS_FILE.read_bytes(), learn(folder, kept, reference).content
    moved = {name: not _same(read_linear(before, name), read_linear(after, name)) for name in KINDS}
    assert moved == {"stage": False, "role": True, "moments": False, "stance": False, "named": False}


def one_moment(row: Row) -> None:
    said = row["i"] == 5
    labelled = ["moment:pain"] if said else []
    moments = ["pain"] if said else []
    row |= {"stage": None, "role": None, "competitors": [], "moments": moments, "labelled": labelled}


def test_of_a_line_only_the_moment_that_is_labelled_is_learned(kept: Path, reference: Path, tmp_path: Path) -> None:
    folder = company_calls(tmp_path / "own", "h01.jsonl", one_moment)
    was = read_linear(HEADS_FILE.read_bytes(), "moments").weights["turn"]
    now = read_linear(learn(folder, kept, reference).content, "moments").weights["turn"]
    moved = np.any(was != now, axis=0)
    assert [label for label, one in zip(load_labels().moment, moved, strict=True) if one] == ["pain"]


def _same(one: Linear, other: Linear) -> bool:
    parts = [(one.bias, other.bias), *((one.weights[name], other.weights[name]) for name in one.weights)]
    return all(np.array_equal(*pair) for pair in parts)


def nonsense(row: Row) -> None:
    row["stage"] = "closing"
    row["moments"] = ["objection_price"]


def test_wrong_labels_cost_more_than_a_point(kept: Path, reference: Path, tmp_path: Path) -> None:
    learned = learn(company_calls(tmp_path / "own", "h0[1-4].jsonl", nonsense), kept, reference)
    assert {"stage accuracy", "moments macro F1"} <= {one.name for one in learned.compared if one.fell}


def test_more_than_a_point_is_worse() -> None:
    assert not Compared("stage accuracy", 0.65, 0.64).fell
    assert Compared("stage accuracy", 0.65, 0.6399).fell
    assert not Compared("stage accuracy", 0.65, 0.70).fell


def test_calls_in_which_nobody_names_a_vendor_and_no_buyer_speaks(kept: Path, reference: Path, tmp_path: Path) -> None:
    def alone(row: Row) -> None:
        row |= {"speaker": "rep", "role": None, "competitors": []}

    folder = company_calls(tmp_path / "own", "h01.jsonl", alone)
    (folder / "competitors.json").unlink()
    learned = learn(folder, kept, reference)
    assert learned.content != HEADS_FILE.read_bytes()
    assert {one.name: one.after - one.before for one in learned.compared}["role macro F1"] == 0


def test_a_call_of_the_projects_is_refused(kept: Path, reference: Path, tmp_path: Path) -> None:
    def as_reference(row: Row) -> None:
        row["call"] = "w01"

    folder = company_calls(tmp_path / "own", "h01.jsonl", as_reference)
    with pytest.raises(BadInputError, match="'w01' is the id of a call of Offbook's own; choose another id"):
        learn(folder, kept, reference)


def test_a_vendor_that_no_list_names_is_refused(kept: Path, reference: Path, tmp_path: Path) -> None:
    def renamed(row: Row) -> None:
        for mention in row["competitors"]:
            mention["name"] = "Globex"

    folder = company_calls(tmp_path / "own", "h0[1-3].jsonl", renamed)
    with pytest.raises(BadInputError, match=r"competitors\.json: lacks 'Globex', which utterance \d+ of call 'acme h0"):
        learn(folder, kept, reference)


def test_calls_without_an_utterance_are_refused(kept: Path, reference: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n")
    with pytest.raises(BadInputError, match="the call files are empty"):
        learn(tmp_path, kept, reference)


def test_an_unknown_label_is_refused_with_file_and_line(kept: Path, reference: Path, tmp_path: Path) -> None:
    folder = company_calls(tmp_path / "own", "h01.jsonl")
    first, *rest = (folder / "h01.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = json.dumps(json.loads(first) | {"stage": "dmeo"})
    (folder / "h01.jsonl").write_text("\n".join([wrong, *rest]), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"h01\.jsonl:1: stage 'dmeo' is unknown; choose one of opening"):
        learn(folder, kept, reference)
