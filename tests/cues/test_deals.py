"""What is known of a deal: its file, the conditions that ask for it, and which priority speaks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from talk import Talk

from asr.errors import BadInputError
from cues.deal import Deal, DealCondition, Fact, KnownDeal, holds
from cues.deal_file import read_deal
from cues.events import CallStarted, CardShown, DealChanged, PlaybookVersion

DAY = date(2026, 11, 24)
FILE = """\
account: Contoso
segment: enterprise
product: on-premise
value: 60000
renewal: 2027-01-31
seats: 120
champion: Ada
"""
CONTOSO: dict[str, Fact] = {
    **{"account": "Contoso", "segment": "enterprise", "product": "on-premise", "value": 60000.0},
    **{"renewal": "2027-01-31", "seats": 120.0, "champion": "Ada"},
}


def is_like(wanted: dict[str, object], **facts: Fact) -> bool:
    return holds(DealCondition.model_validate(wanted), KnownDeal({**CONTOSO, **facts}, DAY))


def read(folder: Path, text: str, name: str = "deal.yaml") -> dict[str, Fact]:
    (folder / name).write_text(text, encoding="utf-8")
    return read_deal(folder / name)


def test_a_deals_file_holds_facts_with_a_meaning_and_any_other(tmp_path: Path) -> None:
    assert read(tmp_path, FILE) == CONTOSO


def test_a_deals_file_may_be_json(tmp_path: Path) -> None:
    text = '{"account": "Contoso", "value": 60000, "renewal": "2027-01-31", "seats": 120}'
    facts = {name: CONTOSO[name] for name in ("account", "value", "renewal", "seats")}
    assert read(tmp_path, text, "deal.json") == facts


def test_a_name_of_digits_stays_a_name(tmp_path: Path) -> None:
    assert read(tmp_path, "account: 1848\nfloors: 12") == {"account": "1848", "floors": 12.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("value: 60k", '1:8: "60k" is no number; write it without signs, such as 50000.'),
        ("account: A\nrenewal: 31.1.2027", '2:10: "31.1.2027" is no date; write it as year-month-day, such as 2026'),
        ("- account: A", "1:1: a deal is made of facts; write each as `account: Contoso`."),
        ("", "1:1: a deal is made of facts; write each as `account: Contoso`."),
        ("account:", '1:9: "account" has no value; write one, or take it out.'),
        ("seats: [1, 2]", '1:8: "seats" must be one text or number, not a list or a mapping.'),
        ("Deal size: 5", '1:1: "Deal size" is no name of a fact; use small letters, digits and underscores'),
        ('account: "A', "1:10: the quotes opened here are not closed; put the same quote at the end of the text."),
    ],
)
def test_a_wrong_file_is_told_in_one_sentence_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInputError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path / 'deal.yaml'}:{message}")
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="can't be read"):
        read_deal(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"segment": "enterprise"}, True),
        ({"segment": "Enterprise", "product": ["hosted", "on-premise"]}, True),
        ({"segment": "enterprise", "product": "hosted"}, False),
        ({"value": {"at_least": 60000}}, True),
        ({"value": {"at_least": 60001}}, False),
        ({"value": {"at_least": 1, "at_most": 59999}}, False),
        ({"days_to_renewal": {"at_most": 68}}, True),
        ({"days_to_renewal": {"at_most": 67}}, False),
        ({"seats": {"at_least": 100}}, True),
        ({"seats": "120"}, True),
        ({"champion": {"at_least": 1}}, False),
        ({"partner": "Fabrikam"}, False),
        ({"partner": {"at_least": 1}}, False),
    ],
    ids=str,
)
def test_a_deal_is_like_a_condition_where_all_of_its_facts_are(wanted: dict[str, object], expected: bool) -> None:
    assert is_like(wanted) is expected


def test_days_to_renewal_go_below_zero_and_are_unknown_without_a_date() -> None:
    near: dict[str, object] = {"days_to_renewal": {"at_least": -1, "at_most": 0}}
    assert is_like(near, renewal="2026-11-23")
    assert not is_like(near, renewal="2026-11-22")
    assert not is_like(near, renewal="next year")


def test_what_a_file_says_is_what_events_say(tmp_path: Path) -> None:
    assert Deal.model_validate(CONTOSO).facts() == read(tmp_path, FILE)


BOOK = """\
playbook: N
priorities:
  - {id: margin, name: Margin, weight: 2}
  - {id: migrate, name: Migrate, weight: 5, deal: {product: on-premise, days_to_renewal: {at_most: 90}}}
behaviours:
  - {id: trade, name: Trade, serves: [margin, migrate]}
cues:
  - {id: large, when: {deal: {value: {at_least: 50000}}, moment: pain}, card: {title: T, ask: Q}, prompts: trade}
  - {id: not-large, when: {not: {deal: {value: {at_least: 50000}}}, moment: pain}, card: {title: T, ask: Q}}
"""


def begun(talk: Talk, deal: dict[str, Fact] | None, started: str = "2026-11-24T10:00:00+00:00") -> Talk:
    version = PlaybookVersion("N", None, "")
    start = CallStarted(started=started, rep="r", deal=deal, source="s", channels=(), playbook=version, models=())
    talk.take(replace(start, t=0.0))
    return talk


def shown(talk: Talk, at: float) -> list[tuple[str, float, str | None]]:
    """The cards that come on a pain, with weight and priority."""
    made = talk.final("buyer", "this hurts", at, at + 2, pain=0.9)
    return [(e.cue, e.terms.weight, e.terms.priority) for e in made if isinstance(e, CardShown) and e.terms]


def test_the_deal_decides_which_cue_fires_and_which_priority_speaks(talk_with: Callable[[str], Talk]) -> None:
    assert shown(begun(talk_with(BOOK), CONTOSO), 10) == [("large", 5.0, "migrate")]
    assert shown(begun(talk_with(BOOK), {"value": 70000.0}), 10) == [("large", 2.0, "margin")]
    assert shown(begun(talk_with(BOOK), None), 10) == [("not-large", 1.0, None)]


def test_days_to_renewal_are_counted_on_the_day_of_the_call(talk_with: Callable[[str], Talk]) -> None:
    early = begun(talk_with(BOOK), CONTOSO, "2026-10-01T10:00:00+00:00")
    assert shown(early, 10) == [("large", 2.0, "margin")]


def test_a_deal_that_changes_in_the_call_counts_from_then_on(talk_with: Callable[[str], Talk]) -> None:
    talk = begun(talk_with(BOOK), None)
    assert shown(talk, 10) == [("not-large", 1.0, None)]
    talk.take(DealChanged(t=20.0, deal=dict(CONTOSO)))
    assert shown(talk, 30) == [("large", 5.0, "migrate")]
    talk.take(DealChanged(t=200.0, deal=None))
    assert shown(talk, 210) == [("not-large", 1.0, None)]
