"""Each defect planted in the project's own calls is found at its line, and nothing is found that isn't there."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asr.errors import BadInputError
from models.data_check.check import check, count_split
from models.data_check.finding import Finding, Place
from models.data_check.lines import read_splits
from models.dataset import DATA
from models.encoder import DIMENSIONS, Encoder, Vectors

Row = dict[str, Any]


def blind(texts: Sequence[str]) -> Vectors:
    """No two texts are alike in meaning: what is found is found by words."""
    return np.zeros((len(texts), DIMENSIONS), np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two of the project's calls to train on and one to test on."""
    for split, calls in (("train", ("a01", "d03")), ("test", ("w01",))):
        (tmp_path / split).mkdir()
        for name in (*(f"{call}.jsonl" for call in calls), "competitors.json"):
            shutil.copy(DATA / split / name, tmp_path / split / name)
    return tmp_path


def found(folder: Path, encode: Callable[[Sequence[str]], Vectors] = blind) -> list[Finding]:
    splits, unreadable = read_splits(folder)
    return [one for one in (*unreadable, *check(splits, encode)) if one.kind != "thin"]


def rows(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def write(file: Path, content: Sequence[Row]) -> None:
    file.write_text("\n".join(json.dumps(row) for row in content), encoding="utf-8")


def change(file: Path, line: int, **fields: Any) -> None:
    content = rows(file)
    content[line - 1].update(fields)
    write(file, content)


def say(file: Path, line: int, text: str, **fields: Any) -> None:
    change(file, line, text=text, role=None, moments=[], competitors=[], **fields)


def test_sound_calls_have_no_findings(folder: Path, encoder: Encoder) -> None:
    assert found(folder, encoder.encode) == []


def test_the_projects_own_calls_have_no_errors() -> None:
    """By words; `offbook data check` looks by meaning too, which takes a minute or two."""
    assert [one for one in found(DATA) if one.level == "error"] == []


SENTENCE = "We lose about nine hours every week copying orders from the mailbox into the old system."


def test_the_same_text_in_two_calls_is_a_repetition(folder: Path) -> None:
    say(folder / "train/a01.jsonl", 12, SENTENCE)
    say(folder / "train/d03.jsonl", 10, SENTENCE.lower().replace(".", ""))
    one = next(each for each in found(folder) if each.kind != "contradiction")
    assert (one.level, one.kind, one.place) == ("warning", "repeat", Place("train/d03.jsonl", 10))
    assert one.others == (Place("train/a01.jsonl", 12),)
    assert one.sentence.startswith("the same text as train/a01.jsonl:12")


def test_nearly_the_same_text_by_words(folder: Path) -> None:
    say(folder / "train/a01.jsonl", 12, SENTENCE)
    say(folder / "train/d03.jsonl", 10, SENTENCE.replace("nine", "eleven"))
    (one,) = found(folder)
    assert (one.kind, one.place) == ("repeat", Place("train/d03.jsonl", 10))
    assert one.sentence.startswith("nearly the same text as")


def test_the_same_meaning_in_other_words_is_found_by_the_encoder_alone(folder: Path, encoder: Encoder) -> None:
    say(folder / "train/a01.jsonl", 12, "You've already done this before.")
    say(folder / "train/d03.jsonl", 10, "You have done this before already.")
    assert found(folder) == []
    (one,) = found(folder, encoder.encode)
    assert (one.kind, one.place, one.others) == (
        "repeat",
        Place("train/d03.jsonl", 10),
        (Place("train/a01.jsonl", 12),),
    )


def test_everyday_texts_and_echoes_are_no_repetition(folder: Path) -> None:
    say(folder / "train/a01.jsonl", 12, "All right, go on.")
    say(folder / "train/d03.jsonl", 10, "All right, go on.")
    say(folder / "train/d03.jsonl", 12, "Two birthdays and all that.")
    say(folder / "train/d03.jsonl", 13, "Two birthdays and all that.")
    assert found(folder) == []


def test_a_text_of_both_splits_leaks(folder: Path) -> None:
    say(folder / "test/w01.jsonl", 7, SENTENCE)
    say(folder / "train/d03.jsonl", 10, SENTENCE)
    one, _ = found(folder)
    assert (one.level, one.kind, one.place) == ("error", "leak", Place("train/d03.jsonl", 10))
    assert one.others == (Place("test/w01.jsonl", 7),)


def test_a_short_text_of_both_splits_is_only_a_warning(folder: Path) -> None:
    say(folder / "test/w01.jsonl", 7, "How often does that happen?")
    say(folder / "train/d03.jsonl", 10, "How often does that happen?")
    (one,) = found(folder)
    assert (one.level, one.kind) == ("warning", "leak")


def test_a_call_and_an_author_of_both_splits_leak(folder: Path) -> None:
    shutil.copy(folder / "test/w01.jsonl", folder / "train/w01.jsonl")
    leaks = [one for one in found(folder) if one.place == Place("train/w01.jsonl", 1) and one.kind == "leak"]
    assert {one.sentence for one in leaks} >= {
        "the call 'w01' is in test too; keep each call in one split",
        "the author 'w' is in test too; keep each author in one split",
    }
    assert {one.level for one in leaks} == {"error"}


def test_calls_without_an_authors_letter_have_no_author(folder: Path) -> None:
    for file in ("train/a01.jsonl", "test/w01.jsonl"):
        name = f"call-{Path(file).stem}"
        write(folder / file, [{**row, "call": name} for row in rows(folder / file)])
    assert found(folder) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"role": "end_user"}, "role none there, end_user here"),
        ({"moments": ["pain"]}, "moments none there, pain here"),
    ],
)
def test_one_text_with_two_labels_is_a_contradiction(folder: Path, fields: Row, told: str) -> None:
    say(folder / "train/a01.jsonl", 12, SENTENCE)
    say(folder / "train/d03.jsonl", 10, SENTENCE)
    change(folder / "train/d03.jsonl", 10, **fields)
    change(folder / "train/a01.jsonl", 12, stage=rows(folder / "train/d03.jsonl")[9]["stage"])
    (one,) = [each for each in found(folder) if each.kind == "contradiction"]
    assert (one.level, one.place) == ("error", Place("train/d03.jsonl", 10))
    assert told in one.sentence


def test_a_text_in_two_stages_is_only_a_warning(folder: Path) -> None:
    say(folder / "train/a01.jsonl", 12, SENTENCE)
    say(folder / "train/d03.jsonl", 10, SENTENCE)
    (one,) = [each for each in found(folder) if each.kind == "contradiction"]
    assert one.level == "warning"
    assert "stage renewal there, pricing here" in one.sentence


def test_the_opposite_may_be_labelled_otherwise(folder: Path) -> None:
    yours = "Everything over the limit that we talked about in spring is up to me in the end you know that"
    say(folder / "train/a01.jsonl", 12, yours)
    say(folder / "train/d03.jsonl", 10, yours.replace("is up", "is not up"))
    change(folder / "train/d03.jsonl", 10, moments=["objection_authority"])
    assert [one.kind for one in found(folder)] == ["repeat"]


def test_a_frame_with_one_word_swapped_is_a_template(folder: Path) -> None:
    calls = ("b01", "c01", "e01", "f01", "g01")
    for call, noun in zip(calls, ("truck", "clinic", "ship", "farm", "school"), strict=True):
        shutil.copy(DATA / "train" / f"{call}.jsonl", folder / "train")
        say(folder / f"train/{call}.jsonl", 2, f"Honestly, nothing beats our little {noun}.")
    (one,) = [each for each in found(folder) if each.kind == "template"]
    assert (one.level, one.place) == ("warning", Place("train/b01.jsonl", 2))
    assert one.sentence == '"honestly nothing beats our little …" in 5 calls: truck, clinic, ship, farm, school'
    assert one.others == tuple(Place(f"train/{call}.jsonl", 2) for call in calls[1:])


MENTION = {"name": "Slack", "said": "Slack", "stance": "mentioned"}


@pytest.mark.parametrize(
    ("fields", "level", "told"),
    [
        ({"speaker": "rep", "person": None, "role": "champion"}, "error", "the rep has the role champion"),
        ({"speaker": "rep", "person": None, "moments": ["objection_need"]}, "error", "the rep has objection_need"),
        ({"moments": ["pain", "pain"]}, "error", "pain stands there twice"),
        ({"text": "Slack, always Slack.", "competitors": [MENTION, MENTION]}, "error", "Slack is mentioned twice"),
        (
            {"text": "Our Slakk is down.", "competitors": [{**MENTION, "name": "Slakk", "said": "Slakk"}]},
            "error",
            "Slakk is not in competitors.json",
        ),
        (
            {"stage": None, "role": None, "moments": [], "competitors": [], "labelled": ["competitor:Slakk"]},
            "error",
            "Slakk is not in competitors.json",
        ),
        (
            {"text": "So slack it is then.", "competitors": [{**MENTION, "name": None, "said": "slack"}]},
            "error",
            '"slack" has the name null, but Slack is in competitors.json',
        ),
        ({"text": "We keep it in Slack, mostly."}, "warning", '"Slack" is spoken, but no mention of Slack'),
        ({"text": "Soon as we can.", "moments": ["timeline"]}, "warning", "timeline without a date"),
        ({"text": "Shall we meet again?", "moments": ["next_step"]}, "warning", "next_step is only asked"),
        ({"person": "Tess"}, "error", "Tess speaks as buyer here and as rep before"),
        ({"t0": 0.5}, "error", "comes before the line above it"),
        ({"stage": "pricing"}, "warning", "pricing for one utterance inside renewal"),
        ({"call": "b99"}, "error", "call is 'b99' but the file began with 'a01'"),
    ],
)
def test_a_broken_convention_is_named(folder: Path, fields: Row, level: str, told: str) -> None:
    change(folder / "train/a01.jsonl", 12, **fields)
    hits = [one for one in found(folder) if one.place == Place("train/a01.jsonl", 12) and told in one.sentence]
    assert [(one.level, one.kind) for one in hits] == [(level, "convention")]


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Cut us some slack on Monday, would you."},
        {"text": "By Whitsun, it has to be.", "moments": ["timeline"]},
        {"text": "I'll call you tomorrow. Would ten suit?", "moments": ["next_step"]},
        {"text": "zendesk, mostly", "competitors": [{**MENTION, "name": "Zendesk", "said": "zendesk"}]},
    ],
)
def test_what_keeps_to_the_conventions_is_left_alone(folder: Path, fields: Row) -> None:
    change(folder / "train/a01.jsonl", 12, **fields)
    assert found(folder) == []


NOTHING: Row = {"stage": None, "role": None, "competitors": [], "moments": [], "labelled": []}


@pytest.mark.parametrize(
    "fields",
    [
        NOTHING,
        {**NOTHING, "stage": "pricing", "labelled": ["stage"]},
        {**NOTHING, "text": "We keep it in Slack, mostly."},
        {**NOTHING, "text": "We keep it in Slack, mostly.", "labelled": ["competitor:Slack"]},
    ],
)
def test_what_nobody_labelled_breaks_no_convention(folder: Path, fields: Row) -> None:
    before = _stages_counted(folder)
    for line in (11, 12, 13):
        change(folder / "train/a01.jsonl", line, **(fields if line == 12 else NOTHING))
    assert found(folder) == []
    assert before - _stages_counted(folder) == (2 if fields["stage"] else 3)


def _stages_counted(folder: Path) -> int:
    splits, _ = read_splits(folder)
    return sum(sum(count_split(split).classes["stage"].values()) for split in splits)


def test_a_text_contradicts_only_what_is_labelled_in_both(folder: Path) -> None:
    say(folder / "train/a01.jsonl", 12, SENTENCE)
    say(folder / "train/d03.jsonl", 10, SENTENCE)
    part = {**NOTHING, "moments": ["pain"], "labelled": ["moment:pain"]}
    change(folder / "train/d03.jsonl", 10, **part)
    (one,) = [each for each in found(folder) if each.kind == "contradiction"]
    assert "labelled otherwise than train/a01.jsonl:12: moments none there, pain here:" in one.sentence
    change(folder / "train/a01.jsonl", 12, **{**part, "moments": [], "labelled": ["moment:budget", "role"]})
    assert [each.kind for each in found(folder)] == ["repeat"]


def test_one_call_in_two_files_of_a_split(folder: Path) -> None:
    write(folder / "train/d03.jsonl", [{**row, "call": "a01"} for row in rows(folder / "train/d03.jsonl")])
    (one,) = found(folder)
    assert (one.level, one.place) == ("error", Place("train/d03.jsonl", 1))
    assert "train/a01.jsonl holds the call 'a01' too" in one.sentence


def test_every_line_that_can_not_be_read_is_told(folder: Path) -> None:
    file = folder / "train/a01.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[3] = "{"
    lines[5] = json.dumps({**json.loads(lines[5]), "stage": "dmeo"})
    lines[7] = json.dumps({**json.loads(lines[7]), "competitors": [MENTION]})
    file.write_text("\n".join(lines), encoding="utf-8")
    wrong = [one for one in found(folder) if one.kind == "unreadable"]
    assert [(one.level, str(one.place)) for one in wrong] == [
        ("error", f"train/a01.jsonl:{line}") for line in (4, 6, 8)
    ]
    assert wrong[0].sentence.startswith("this is not JSON")
    assert wrong[2].sentence == "said 'Slack' does not stand in the text; copy it from there letter by letter."


def test_thin_classes_come_with_their_count(folder: Path) -> None:
    splits, _ = read_splits(folder)
    thin = {(one.place.file, one.sentence.split(":")[0]): one for one in check(splits, blind) if one.kind == "thin"}
    counts = count_split(splits[0])
    assert counts.name == "test"
    assert f"champion {counts.classes['role']['champion']}," in thin["test", "role"].sentence
    assert {one.level for one in thin.values()} == {"warning"}


def test_a_folder_of_calls_is_one_split(folder: Path) -> None:
    splits, _ = read_splits(folder / "train")
    assert [(split.name, split.lines[0].place.file) for split in splits] == [("train", "a01.jsonl")]
    counts = count_split(splits[0])
    assert (counts.calls, counts.authors, counts.utterances) == (2, ("a", "d"), len(splits[0].lines))


def test_no_calls(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no such folder"):
        read_splits(tmp_path / "nowhere")
    with pytest.raises(BadInputError, match="no call files"):
        read_splits(tmp_path)
