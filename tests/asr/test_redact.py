"""What is taken out of the words before anything is printed or stored, and what stays."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from asr.events import Word
from asr.redact import redact, redact_text, withhold
from asr.redact_addresses import addresses
from asr.redact_numbers import numbers


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("my card is 4111 1111 1111 1111 thanks", "my card is [card] thanks"),
        ("my card is 4111111111111111.", "my card is [card]"),
        ("it's 4111-1111-1111-1111, okay", "it's [card] okay"),
        ("4,111,111,111,111,111 please", "[card] please"),
        ("four one one one one one one one one one one one one one one one", "[card]"),
        ("Four one one one, 1111 dash 1111 11 11 yes", "[card] yes"),
        ("amex 3782 822463 10005", "amex [card]"),
        ("card 4111 1111 1111 1111 12/27 123 and that is it", "card [card] and that is it"),
        ("number 12 4111 1111 1111 1111", "number 12 [card]"),
        ("no.4111111111111111 please", "[card] please"),
    ],
)
def test_card_numbers_go_with_the_numbers_behind_them(said: str, shown: str) -> None:
    assert redact_text(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "415-555-2671",
        "(415) 555-2671",
        "415 555 2671",
        "415.555.2671",
        "4155552671",
        "1 415 555 2671",
        "+1 415 555 2671",
        "+1-415-555-2671",
        "four one five five five five two six seven one",
        "555-123-4567",
        "555-2671",
        "555 2671",
        "five five five two six seven one",
        "020 7946 0958",
        "07700 900123",
        "07700900123",
        "oh seven seven oh oh nine oh oh one two three",
        "+44 20 7946 0958",
        "plus 44 20 7946 0958",
        "0044 20 7946 0958",
        "44 20 7946 0958",
        "+49 30 901820",
        "06 12 34 56 78",
        "+84 912 345 678",
    ],
)
def test_phone_numbers_go(said: str) -> None:
    assert redact_text(f"call {said}, thanks") == "call [phone] thanks"


@pytest.mark.parametrize(
    "said",
    [
        "sam.lee@example.com",
        "sam@example.travel",
        "sam+sales@mail.example.co.uk",
        "<sam@example.com>",
        "sam @ example.com",
        "sam@ example.com",
        "sam @example.com",
        "sam at example.com",
        "sam dot lee at example dot com",
        "Sam dot Lee at Example dot Co dot UK",
        "sam underscore lee at my dash company dot io",
        "sam.lee at example dot com",
        "sam@example dot com",
    ],
)
def test_addresses_go(said: str) -> None:
    assert redact_text(f"write {said}, thanks") == "write [email] thanks"


@pytest.mark.parametrize(
    "said",
    [
        "that is $1,200,000 a year",
        "about 1,200,000 tickets and 10,000,000,000 rows",
        "in 2024 2025 and 2026 2027",
        "on 2026-10-31 or 31/10/2026 or 10.31.2026",
        "one two three",
        "we test one two three four five six seven",
        "we sold 1200 units and 35 agents",
        "17 percent or 17.5% of it",
        "from 10:30 to 11:45",
        "version 3.11.4 and 2.0",
        "look at the at symbol",
        "look at monday.com please",
        "we looked at Monday dot com",
        "they are at salesforce.com today",
        "500-1000 people",
        "between 250 1000 and more",
        "100 200 3000 tickets",
        "two or three at a time",
        "connect the dot at the end",
        "ask for 24/7 support",
        "0.5 2024 100",
        "50 plus 4000 100",
        "the id is 12345678",
        "4111 1111 1111 1112 is no card",
    ],
)
def test_prices_dates_counts_and_plain_words_stay(said: str) -> None:
    assert redact_text(said) == said


def test_a_label_has_the_times_of_the_words_it_stands_for_and_the_least_certainty() -> None:
    words = [Word("call", 0, 1, 0.9), Word("555", 1, 2, 0.8), Word("2671", 2, 3, 0.4), Word("now", 3, 4, 0.9)]
    assert redact(words)[1] == Word("[phone]", 1, 3, 0.4)


DIGIT = st.sampled_from([*"0123456789", *"zero oh one two three four five six seven eight nine".split()])
WORD = st.sampled_from(
    "and the is my at @ dot dash plus sam lee look example example.com com com, sam@ @example.com sam@example.com "
    "sam@example 12/27 415 555 2671 555-2671 +44 20 7946 0958 (415) $500 10:30 1,200,000 2026 4111 1111 17.5% - . "
    "[card] double the. 4111111111111111".split()
)
TEXTS = st.lists(st.one_of(WORD, DIGIT, st.text(max_size=6).filter(lambda t: t.split() == [t])), max_size=40)


@st.composite
def cards(draw: st.DrawFn) -> list[str]:
    """A valid card number, cut and written anyhow, among other words."""
    body = draw(st.text("0123456789", min_size=12, max_size=18))
    number = body + luhn.calc_check_digit(body)
    words, at = [], 0
    while at < len(number):
        size = draw(st.integers(1, 6))
        piece = number[at : at + size]
        spoken = "zero one two three four five six seven eight nine".split()
        words.append(spoken[int(piece)] if size == 1 and draw(st.booleans()) else piece)
        words[-1] += draw(st.sampled_from(["", "", "", ",", ".", "-"]))
        at += size
    return [*draw(TEXTS), *words, *draw(TEXTS)]


def as_words(texts: list[str]) -> list[Word]:
    return [Word(text, float(k), k + 1.0, 0.9) for k, text in enumerate(texts)]


def texts_of(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


@settings(max_examples=300, deadline=None)
@given(st.one_of(TEXTS, cards()))
def test_redacting_twice_changes_nothing_more(texts: list[str]) -> None:
    once = redact(as_words(texts))
    assert redact(once) == once


@settings(max_examples=300, deadline=None)
@given(cards())
def test_no_card_number_survives_however_it_is_cut(texts: list[str]) -> None:
    left = texts_of(redact(as_words(texts)))
    assert "[card]" in left
    spoken = {w: str(k) for k, w in enumerate("zero one two three four five six seven eight nine".split())}
    spoken["oh"] = "0"
    for first in range(len(left)):
        joined = ""
        for text in left[first:]:
            bare = text.strip(".,-").lower()
            if bare not in spoken and (any(c.isalpha() for c in bare) or not bare):
                break
            joined += spoken.get(bare) or "".join(c for c in bare if c in "0123456789")
            assert not (13 <= len(joined) <= 19 and luhn.is_valid(joined)), (left, joined)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["sam", "sam.lee", "s-l", "s_l4"]), st.sampled_from(["example.com", "a.b.co.uk"]), TEXTS)
def test_no_address_survives(before: list[str], local: str, domain: str, after: list[str]) -> None:
    left = " ".join(texts_of(redact(as_words([*before, f"{local}@{domain}", *after]))))
    assert "[email]" in left
    assert f"{local}@{domain}" not in left


@pytest.mark.verify
@settings(max_examples=20_000, deadline=None, derandomize=False)
@given(st.one_of(TEXTS, cards()), st.integers(0, 3))
def test_running_text_only_grows_in_many_cases(texts: list[str], tail: int) -> None:
    running_text_only_grows_and_never_shows_what_the_finished_text_hides(texts, tail)


@settings(max_examples=300, deadline=None)
@given(st.one_of(TEXTS, cards()), st.integers(0, 3))
@example("4111111111111111 @ 12/27 at 00000 000000".split(), 0)
@example("and - sam@example.com and and".split(), 0)
@example("and . @example.com and and".split(), 0)
def test_running_text_only_grows(texts: list[str], tail: int) -> None:
    running_text_only_grows_and_never_shows_what_the_finished_text_hides(texts, tail)


def running_text_only_grows_and_never_shows_what_the_finished_text_hides(texts: list[str], tail: int) -> None:
    words = as_words(texts)
    hidden = {k for first, end, _ in numbers(texts) for k in range(first, end)}
    # The first word of a spoken address may have been shown as a plain word.
    hidden |= {k for first, end, _ in addresses(texts, local_part=False) for k in range(first, end)}
    before: tuple[Word, ...] = ()
    for count in range(len(words) + 1):
        stable, rest = withhold(words[:count], words[count : count + tail])
        assert stable[: len(before)] == before
        before = stable
        plain = {int(w.start) for w in (*stable, *rest) if w in words and any(map(str.isalnum, w.text))}
        assert not plain & hidden, (stable, rest)


def test_a_number_that_is_being_spoken_is_shown_only_when_it_is_over() -> None:
    words = as_words("call me on 415 555 2671 or later".split())
    seen = [" ".join(texts_of(withhold(words[:count], ())[0])) for count in range(len(words) + 1)]
    assert seen == [
        "",
        "call",
        "call me",
        *["call me on"] * 4,
        "call me on [phone] or",
        "call me on [phone] or later",
    ]


def test_an_address_that_is_being_spoken_shows_its_first_word_at_most() -> None:
    words = as_words("write sam dot lee at example dot com today please".split())
    seen = [
        texts_of(stable) + texts_of(rest) for stable, rest in (withhold(words[:2], words[2:n]) for n in range(2, 11))
    ]
    assert seen[-1] == ["write", "sam", "[email]", "today", "please"]
    assert all("lee" not in shown and "example" not in shown for shown in seen)


def test_a_very_long_count_is_read_in_no_time() -> None:
    words = as_words(["one", "2", "five"] * 2_000)
    assert redact(words)
