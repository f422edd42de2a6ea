"""Every fault in a data folder is one sentence that names file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from asr.errors import BadInputError
from models.dataset import load_dataset

DATA = Path(__file__).parents[2] / "models" / "data"

GOOD: dict[str, Any] = {
    "call": "c1",
    "i": 0,
    "t0": 0.0,
    "speaker": "buyer",
    "person": "Ann",
    "text": "We run zen desk today.",
    "stage": "discovery",
    "role": None,
    "competitors": [{"name": "Zendesk", "said": "zen desk", "stance": "incumbent"}],
    "moments": ["pain"],
}
PART: dict[str, Any] = {**GOOD, "stage": None, "competitors": [], "labelled": ["moment:pain"]}
REMARK = {key: GOOD[key] for key in ("speaker", "text", "competitors")}


def write(folder: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "c1.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


def test_a_good_folder_loads(tmp_path: Path) -> None:
    (tmp_path / "competitors.json").write_text('[{"name": "Zendesk", "aliases": ["zen desk"]}]')
    dataset = load_dataset(write(tmp_path, GOOD, "", {**GOOD, "i": 1}))
    assert len(dataset.utterances) == 2
    assert dataset.competitors[0].aliases == ("zen desk",)
    assert dataset.trackers == ()
    assert dataset.remarks == ()


def test_a_line_may_be_labelled_in_part(tmp_path: Path) -> None:
    whole, part = load_dataset(write(tmp_path, GOOD, {**PART, "i": 1})).utterances
    assert (part.stage, part.moments, part.labelled) == (None, ("pain",), {"moment:pain"})
    assert [one.tells("moment:pain") for one in (whole, part)] == [True, True]
    assert [one.tells("role") for one in (whole, part)] == [True, False]


def test_remarks_name_vendors_as_calls_do(tmp_path: Path) -> None:
    (write(tmp_path, GOOD) / "remarks.json").write_text(json.dumps([REMARK]))
    dataset = load_dataset(tmp_path)
    (remark,) = dataset.remarks
    assert (remark.speaker, remark.text) == ("buyer", "We run zen desk today.")
    assert remark.competitors == dataset.utterances[0].competitors


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "c1.jsonl:2: this is not JSON"),
        ("[]", "c1.jsonl:2: expected an object"),
        (without("text"), "c1.jsonl:2: the field 'text' is missing"),
        (without("role"), "c1.jsonl:2: the field 'role' is missing"),
        ({**GOOD, "text": 5}, "c1.jsonl:2: text is 5"),
        ({**GOOD, "text": " "}, "c1.jsonl:2: text is ' '"),
        ({**GOOD, "t0": "1"}, "c1.jsonl:2: t0 is '1'"),
        ({**GOOD, "speaker": "me"}, "c1.jsonl:2: speaker 'me' is unknown; choose one of rep, buyer"),
        ({**GOOD, "stage": "dmeo"}, "c1.jsonl:2: stage 'dmeo' is unknown; choose one of opening"),
        ({**GOOD, "stage": ["demo"]}, "c1.jsonl:2: stage ['demo'] is unknown"),
        ({**GOOD, "role": "none"}, "c1.jsonl:2: role 'none' is unknown"),
        ({**GOOD, "moments": ["pian"]}, "c1.jsonl:2: moment 'pian' is unknown"),
        ({**GOOD, "moments": "pain"}, "c1.jsonl:2: moments is 'pain'; write a list"),
        (
            {**GOOD, "competitors": [{"name": "Zendesk", "said": "Zendesk", "stance": "past"}]},
            "c1.jsonl:2: said 'Zendesk' does not stand in the text",
        ),
        (
            {**GOOD, "competitors": [{"name": "Zendesk", "said": "zen desk", "stance": "old"}]},
            "c1.jsonl:2: stance 'old' is unknown",
        ),
        ({**GOOD, "competitors": [{"said": "zen desk", "stance": "past"}]}, "c1.jsonl:2: the field 'name'"),
        ({**GOOD, "stage": None}, "c1.jsonl:2: stage None is unknown; choose one of opening"),
        ({**PART, "labelled": ["stage"]}, "c1.jsonl:2: stage None is unknown; choose one of opening"),
        (
            {**PART, "labelled": ["mood"]},
            "c1.jsonl:2: labelled 'mood' is unknown; choose one of stage, role, moment:obj",
        ),
        ({**PART, "labelled": "stage"}, "c1.jsonl:2: labelled is 'stage'; write a list"),
        ({**PART, "stage": "demo"}, "c1.jsonl:2: there is a label for stage, which `labelled` leaves out"),
        ({**PART, "role": "champion"}, "c1.jsonl:2: there is a label for role, which `labelled` leaves out"),
        ({**PART, "moments": ["pain", "budget"]}, "c1.jsonl:2: there is a label for moment:budget, which `labelled`"),
        (
            {**PART, "competitors": GOOD["competitors"]},
            "c1.jsonl:2: there is a label for competitor:Zendesk, which `labelled` leaves out; add it there, or take",
        ),
        ({**GOOD, "call": "c2"}, "c1.jsonl:2: call is 'c2' but the file began with 'c1'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: object, message: str) -> None:
    with pytest.raises(BadInputError) as error:
        load_dataset(write(tmp_path, GOOD, row))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("competitors.json", "{}", "competitors.json: is not a list"),
        ("competitors.json", "[1]", "competitors.json: entry 1: expected an object"),
        ("competitors.json", '[{"aliases": []}]', "competitors.json: entry 1: the field 'name' is missing"),
        ("trackers.json", '[{"id": "a", "examples": []}]', "trackers.json: entry 1: examples is empty"),
        ("trackers.json", '[{"id": "a", "examples": [1]}]', "trackers.json: entry 1: examples holds 1"),
        ("everyday.json", "[", "everyday.json: this is not JSON"),
        ("remarks.json", '[{"text": "Hi."}]', "remarks.json: entry 1: the field 'speaker' is missing"),
        (
            "remarks.json",
            '[{"speaker": "me", "text": "Hi.", "competitors": []}]',
            "remarks.json: entry 1: speaker 'me' is unknown; choose one of rep, buyer",
        ),
        (
            "remarks.json",
            json.dumps([{**REMARK, "text": "We run it today."}]),
            "remarks.json: entry 1: said 'zen desk' does not stand in the text",
        ),
        (
            "remarks.json",
            json.dumps([REMARK, {**REMARK, "competitors": [{"name": None, "said": "zen desk", "stance": "old"}]}]),
            "remarks.json: entry 2: stance 'old' is unknown; choose one of incumbent",
        ),
    ],
)
def test_a_bad_list_is_named(tmp_path: Path, name: str, content: str, message: str) -> None:
    (write(tmp_path, GOOD) / name).write_text(content)
    with pytest.raises(BadInputError) as error:
        load_dataset(tmp_path)
    assert message in str(error.value)


def test_no_folder_and_no_calls(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no such folder"):
        load_dataset(tmp_path / "nowhere")
    with pytest.raises(BadInputError, match="no call files"):
        load_dataset(tmp_path)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "c1.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInputError, match="is not UTF-8"):
        load_dataset(tmp_path)


def test_one_call_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "c2.jsonl").write_text(json.dumps(GOOD))
    with pytest.raises(BadInputError, match="two files hold the call 'c1'"):
        load_dataset(tmp_path)


def test_no_call_is_in_both_splits() -> None:
    train, test = load_dataset(DATA / "train"), load_dataset(DATA / "test")
    assert len(train.calls) >= 30
    assert len(test.calls) >= 10
    assert not {call[0].call for call in train.calls} & {call[0].call for call in test.calls}
    learned = [one.text for one in (*train.utterances, *train.remarks, *train.everyday)]
    assert not {text for text in learned if len(text.split()) > 6} & {one.text for one in test.utterances}
