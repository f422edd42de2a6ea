"""A name that is heard, but misspelt, is told to the recogniser; what is no name stays as it is."""

from pathlib import Path

import pytest
from talk import read_playbook
from user import ROOT

from asr.names import misspelt, written
from asr.recogniser import Recogniser
from asr.weights import whisper_weights
from overlay.bench_asr import reference
from overlay.bench_scores import Spoken

BENCH = ROOT / "tests" / "bench"
NAMES = ("Zendesk", "Freshdesk", "Salesforce", "Intercom", "Monday.com")


@pytest.mark.parametrize(
    "text",
    [
        "Email runs in Zengesk, and the phone, well.",
        "Zendess comes up for renewal.",
        "So now it is in desk and us.",
        "What did you think of fresh desk?",
        "Okay, so it was sales force out.",
        "They showed us Monday dot com.",
    ],
)
def test_what_sounds_like_a_name_is_found(text: str) -> None:
    assert misspelt(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "We looked at Zendesk, Freshdesk and Salesforce.",
        "Who sits at the desk?",
        "Monday.com is in.",
        "zendesk",
    ],
)
def test_what_is_written_rightly_or_is_no_name_is_not(text: str) -> None:
    assert not misspelt(text, NAMES)


def test_no_names_are_never_misspelt() -> None:
    assert not misspelt("We run fresh desk.", ())


def test_names_are_counted_as_whole_words_whatever_their_case() -> None:
    assert written("Intercom and intercom, but no intercoms. Monday.com, not Mondayscom.", NAMES) == 3


@pytest.fixture(scope="module")
def told() -> Recogniser:
    return Recogniser(whisper_weights("base"), names=NAMES)


def heard(recogniser: Recogniser, spoken: Spoken) -> str:
    return " ".join(word.text for word in recogniser.final(spoken.sound, 0.0))


def test_a_recogniser_that_is_told_names_spells_them(told: Recogniser) -> None:
    spoken = next(one for one in reference(BENCH / "dialogue") if one.text.endswith("What did you think of Freshdesk?"))
    assert "Freshdesk" in heard(told, spoken)
    assert "fresh desk" in heard(Recogniser(whisper_weights("base")), spoken), "this test shows nothing any more"


def test_names_that_nobody_said_are_not_heard(told: Recogniser) -> None:
    assert not any(written(heard(told, spoken), NAMES) for spoken in reference(BENCH / "read_speech")[:8])


def test_a_playbook_names_competitors_products_and_people(tmp_path: Path) -> None:
    book = read_playbook(
        tmp_path / "p", "playbook: P\nnames: [Northwind Cloud, Priya Anand]\ncompetitors: [{name: Zendesk}]\n"
    )
    assert book.names_said() == ("Zendesk", "Northwind Cloud", "Priya Anand")
