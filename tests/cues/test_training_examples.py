"""Corrections become labelled calls: what was corrected is a label, and nothing else is."""

from datetime import UTC, datetime
from pathlib import Path

from reviewed import LINES, whole_call

from cues.corrections import Correction
from cues.training_examples import Call, competitors, labelled_call
from models.competitors import Competitor
from models.dataset import LabelledMention, load_dataset
from models.write_calls import write_calls

CALL = whole_call("3f2a")


def says(utterance: str, reading: str, label: str | None) -> Correction:
    return Correction(utterance, reading, label, "ann", datetime(2026, 11, 28, tzinfo=UTC))


def labelled(*corrections: Correction) -> Call:
    return labelled_call(CALL, corrections)


EXAMPLES = labelled(
    says("u4", "competitor:Zendesk", "past"),
    says("u10", "competitor:Freshdesk", "none"),
    says("u17", "moment:budget", "none"),
    says("u19", "stage", "negotiation"),
    says("u21", "moment:objection_trust", "objection_trust"),
    says("u23", "role", "none"),
)


def test_corrected_labels_win_over_the_readings() -> None:
    lines = {original.id: line for original, line in zip(LINES, EXAMPLES, strict=True)}
    assert lines["u4"].competitors == (LabelledMention("Zendesk", "zen desk", "past"),)
    assert (lines["u10"].competitors, lines["u10"].labelled) == ((), {"competitor:Freshdesk"})
    assert (lines["u17"].moments, lines["u17"].labelled) == ((), {"moment:budget"})
    assert (lines["u19"].stage, lines["u19"].moments) == ("negotiation", ()), "a reading is no label"
    assert lines["u21"].moments == ("objection_trust",)
    assert (lines["u23"].role, lines["u23"].tells("role")) == (None, True)


def test_what_nobody_corrected_is_context_without_labels() -> None:
    first = EXAMPLES[0]
    assert (first.text, first.labelled, first.stage) == (LINES[0].text, frozenset(), None)
    assert [line.i for line in EXAMPLES] == list(range(len(LINES)))
    assert {line.call for line in EXAMPLES} == {"3f2a"}


def test_what_was_taken_back_or_can_not_be_is_no_label() -> None:
    assert labelled(says("u4", "stage", "demo"), says("u4", "stage", None)) == ()
    assert labelled(says("u4", "stage", "haggling"), says("u5", "role", "champion"), says("u9", "mood", "good")) == ()
    assert labelled(says("u4", "competitor:Freshdesk", "past")) == (), "nobody read Freshdesk in that line"


def test_competitors_come_with_how_they_were_heard() -> None:
    assert competitors([EXAMPLES]) == (Competitor("Freshdesk"), Competitor("Zendesk", ("zen desk",)))


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    write_calls(tmp_path / "new", [EXAMPLES], competitors([EXAMPLES]))
    dataset = load_dataset(tmp_path / "new")
    assert dataset.calls == (EXAMPLES,)
    assert dataset.competitors == competitors([EXAMPLES])
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()} == {0o600}
