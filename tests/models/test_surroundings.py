"""The words around a name tell how it stands there: by whole words, on both sides, whatever their case."""

import re

import pytest

from models.surroundings import PLACES, REACH, SURROUNDINGS, WORDS, any_of, around, surroundings

PATTERNS = [*WORDS, *PLACES]


def found(text: str, name: str) -> set[str]:
    start = text.index(name)
    numbers = surroundings(text, start, start + len(name))
    assert numbers.shape == (SURROUNDINGS,) == (len(PATTERNS),)
    return {pattern for pattern, number in zip(PATTERNS, numbers, strict=True) if number}


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ("We had Zendesk until last year.", {"had", "before", "former"}, {"have", "today", "than"}),
        ("We have Zendesk today.", {"have", "today"}, {"had", "before"}),
        ("WE\u2019RE ON Zendesk NOW", {"on", "are on", "today", "we"}, {"had", "starts", "ends"}),
        ("You're cheaper than Zendesk.", {"than", "you", "better", "ends"}, {"in", "today"}),
        ("Zendesk quoted us forty a head.", {"starts", "does", "quotes", "per"}, {"ends", "the"}),
        ("Are they looking at Zendesk too?", {"at", "looks", "also", "asked", "they"}, {"had", "we"}),
        ("My brother works at Zendesk.", {"at", "family", "works at"}, {"have", "uses"}),
        ("We leased another one, a Zendesk.", {"the"}, {"ended", "uses"}),
    ],
)
def test_what_is_said_of_the_vendor(text: str, there: set[str], not_there: set[str]) -> None:
    seen = found(text, "Zendesk")
    assert there <= seen
    assert not seen & not_there


def test_the_name_itself_says_nothing() -> None:
    for text in ("We run {} here.", "{}", "Is it {}?"):
        assert found(text.format("Zendesk"), "Zendesk") == found(text.format("Yesterday"), "Yesterday")


def test_what_stands_far_off_is_not_seen() -> None:
    filler = "and so on " * REACH
    assert "tried" in found("We tried it, Zendesk I mean.", "Zendesk")
    assert "tried" not in found(f"We tried it, {filler} Zendesk", "Zendesk")


def test_what_touches_the_name_still_does() -> None:
    text = "No.  Zendesk's price, I mean."
    assert around(text, 5, 12, 2) == "no. @'s price,"
    assert around(text, 5, 12, 1) == "no. @'s"


def test_words_are_whole_unless_an_ending_is_free() -> None:
    pattern = re.compile(any_of("use cost* at_the_moment"))
    for said in ("we use it", "costs", "cost", "at the moment"):
        assert pattern.search(said)
    for said in ("unused", "acost", "at a moment"):
        assert not pattern.search(said)
