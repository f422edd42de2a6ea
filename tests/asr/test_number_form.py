"""Numbers come out in one form, whatever the recogniser printed, and nothing else changes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.events import Word
from asr.number_form import in_one_form


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(w, k / 2, k / 2 + 0.4, 0.9 - k / 100) for k, w in enumerate(text.split()))


def formed(text: str) -> str:
    return " ".join(word.text for word in in_one_form(words(text)))


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("It is thirty two dollars per agent.", "It is $32 per agent."),
        ("It is thirty-two dollars, per agent", "It is $32, per agent"),
        ("It is 32 dollars.", "It is $32."),
        ("It is $32.", "It is $32."),
        ("five dollars more", "$5 more"),
        ("about twelve hours", "about 12 hours"),
        ("two people, three hours", "two people, three hours"),
        ("one more question", "one more question"),
        ("forty thousand dollars a year", "$40,000 a year"),
        ("40 thousand dollars a year", "$40,000 a year"),
        ("5 hundred thousand seats", "500,000 seats"),
        ("5 hundred hundred", "5 hundred hundred"),
        ("a hundred and twenty seats", "a hundred and twenty seats"),
        ("one hundred and twenty seats", "120 seats"),
        ("two hundred thirty four thousand five hundred and six", "234,506"),
        ("twenty percent off", "20% off"),
        ("20 per cent off", "20% off"),
        ("five percent", "5%"),
        ("three point five percent", "3.5%"),
        ("one point two million euros", "€1.2 million"),
        ("two million pounds", "£2 million"),
        ("since twenty twenty six", "since 2026"),
        ("in nineteen ninety nine.", "in 1999."),
        ("at ten thirty", "at ten thirty"),
        ("one two three four", "one two three four"),
        ("between ten and twenty", "between 10 and 20"),
        ("ten, twenty or thirty", "10, 20 or 30"),
        ("hundreds of tickets, thousands of users", "hundreds of tickets, thousands of users"),
        ("a million things", "a million things"),
        ("thousand dollars", "thousand dollars"),
        ("twenty-first century", "twenty-first century"),
        ("(fifteen)", "(15)"),
        ("1,500 seats and 2026", "1,500 seats and 2026"),
        ("zero dollars", "$0"),
        ("a dollar", "a dollar"),
        ("They weigh fifty pounds.", "They weigh £50."),
    ],
)
def test_each_in_its_form(printed: str, wanted: str) -> None:
    assert formed(printed) == wanted
    assert formed(wanted) == wanted, "a second time changes nothing"


def test_times_span_the_words_and_the_doubt_is_the_greatest() -> None:
    made = in_one_form(words("costs thirty two dollars today"))
    assert made[1] == Word("$32", 0.5, 1.9, 0.87)
    assert made[2].text == "today"


NUMBER_WORDS = (
    "zero one two nine ten nineteen twenty ninety hundred thousand million and point dollars percent 5 20 1,000 a x. x,"
)


@given(st.lists(st.sampled_from(NUMBER_WORDS.split()), max_size=12))
def test_any_row_of_words_keeps_its_order_and_a_second_time_changes_nothing(texts: list[str]) -> None:
    once = in_one_form(words(" ".join(texts)))
    assert all(a.end <= b.start for a, b in pairwise(once))
    assert [w.text for w in once if "x" in w.text] == [t for t in texts if "x" in t]
    assert in_one_form(once) == once


@given(st.integers(10, 999_999))
def test_a_number_in_words_is_read_back(value: int) -> None:
    assert formed(in_words(value)) == f"{value:,}"


def in_words(value: int) -> str:
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ).split()
    tens = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
    if value < 20:
        return small[value]
    if value < 100:
        return tens[value // 10] + (f"-{small[value % 10]}" if value % 10 else "")
    if value < 1000:
        return f"{small[value // 100]} hundred" + (f" and {in_words(value % 100)}" if value % 100 else "")
    return f"{in_words(value // 1000)} thousand" + (f" {in_words(value % 1000)}" if value % 1000 else "")
