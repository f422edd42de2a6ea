"""Which labels can be corrected to what, and what holds afterwards."""

import pytest
from reviewed import LINES, read

from cues.corrections import as_read, choices, corrected, in_force
from models.labels import load_labels

LABELS = load_labels()


def test_what_was_read_with_some_certainty_are_the_labels() -> None:
    line = next(line for line in LINES if line.id == "u4")
    reading = read(line, "discovery", "competitor:Zendesk,incumbent=zen desk", "moment:pain=years", "role:champion=")
    labels = as_read(reading, "buyer")
    assert {name: label for name, label in labels.items() if label != "none"} == {
        "stage": "discovery",
        "role": "champion",
        "moment:pain": "pain",
        "competitor:Zendesk": "incumbent",
    }
    assert labels["moment:authority"] == "none", "it was read with 4 %"
    assert "role" not in as_read(reading, "rep")


def test_words_that_were_never_read_have_no_stage() -> None:
    assert as_read(None, "buyer") == {"role": "none"} | {f"moment:{moment}": "none" for moment in LABELS.moment}


@pytest.mark.parametrize(
    ("reading", "speaker", "possible"),
    [
        ("stage", "rep", LABELS.stage),
        ("role", "buyer", LABELS.role),
        ("role", "rep", ()),
        ("moment:pain", "rep", ("pain", "none")),
        ("moment:objection_price", "buyer", ("objection_price", "none")),
        ("moment:objection_price", "rep", ("none",)),
        ("moment:buying_signal", "rep", ("none",)),
        ("competitor:Zendesk", "rep", (*LABELS.stance, "none")),
        ("moment:mood", "buyer", ()),
        ("pain", "buyer", ()),
        ("tracker:manual-work", "buyer", ()),
    ],
)
def test_what_a_reading_can_be_corrected_to(reading: str, speaker: str, possible: tuple[str, ...]) -> None:
    assert choices(reading, speaker) == possible  # type: ignore[arg-type]


def test_nothing_corrected_leaves_what_was_read() -> None:
    read_so = as_read(None, "buyer")
    assert corrected(read_so, in_force([]).get("u1", {})) == read_so
