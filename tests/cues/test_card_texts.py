"""What a card says: facts of the deal, several phrasings in turn, and other languages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from talk import Talk

from cues.card import Card
from cues.card_text import filled
from cues.deal import Fact, KnownDeal
from cues.events import CallStarted, CardContent, CardShown, PlaybookVersion
from cues.findings import find

DEAL: dict[str, Fact] = {"account": "Contoso", "value": 60000.0, "renewal": "2026-12-24", "rate": 2.5}
DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{account} runs it", "Contoso runs it"),
        ("{account|the customer} runs it", "Contoso runs it"),
        ("{partner|their partner} runs it", "their partner runs it"),
        ("{partner} runs it", None),
        ("{account} and {partner}", None),
        ("{value} at {rate} in {days_to_renewal} days", "60000 at 2.5 in 30 days"),
        ("{partner|}{account}", "Contoso"),
        ("{Not a fact} and {", "{Not a fact} and {"),
    ],
)
def test_facts_stand_in_for_variables_and_no_text_has_a_hole(text: str, expected: str | None) -> None:
    assert filled(text, KnownDeal(DEAL, DAY)) == expected


def test_a_line_whose_fact_is_not_known_is_left_out() -> None:
    card = Card.model_validate(
        {
            "title": "{account|They} hesitate",
            "ask": "What does {partner} say?",
            "say": ["{partner} likes it", "It pays for {account|you} in a year"],
            "proof": "Contoso saved {value}",
            "avoid": "Naming {partner}",
        }
    )
    assert card.shown("en") == CardContent("They hesitate", say="It pays for you in a year")
    assert card.shown("en", KnownDeal({"partner": "Ada", "account": "Fabrikam"}, DAY)) == CardContent(
        "Fabrikam hesitate", ask="What does Ada say?", say="Ada likes it", avoid="Naming Ada"
    )


BOOK = """\
playbook: N
cues:
  - id: a
    when: {moment: pain}
    cooldown: 1s
    card:
      title: It hurts
      ask: [One?, Two?, Three?]
      languages:
        de: {title: Es schmerzt, ask: Seit wann?}
"""


def asks(talk: Talk, call: str, language: str | None = None, times: int = 4) -> list[str | None]:
    """What the cue's cards ask in one call, one after the other."""
    version = PlaybookVersion("N", None, "")
    begin = CallStarted(
        started="2026-11-24T10:00:00", rep="", deal=None, source="", channels=(), playbook=version, models=()
    )
    talk.take(replace(begin, call=call, language=language))
    for k in range(times):
        talk.final("buyer", "this hurts", 10 + 200 * k, 12 + 200 * k, pain=0.9)
    return [event.content.ask for event in talk.events if isinstance(event, CardShown)]


def test_phrasings_have_their_turn(talk_with: Callable[[str], Talk]) -> None:
    found = asks(talk_with(BOOK), "one")
    assert set(found[:3]) == {"One?", "Two?", "Three?"}
    assert found[3] == found[0]


def test_calls_begin_at_different_phrasings_and_one_call_always_at_the_same(talk_with: Callable[[str], Talk]) -> None:
    firsts = [asks(talk_with(BOOK), f"call {k}", times=1)[0] for k in range(20)]
    assert set(firsts) == {"One?", "Two?", "Three?"}
    assert firsts == [asks(talk_with(BOOK), f"call {k}", times=1)[0] for k in range(20)]


def test_a_call_in_another_language_shows_the_cards_of_that_language(talk_with: Callable[[str], Talk]) -> None:
    assert asks(talk_with(BOOK), "one", "de", times=1) == ["Seit wann?"]
    assert asks(talk_with(BOOK), "one", "fr", times=1)[0] in {"One?", "Two?", "Three?"}
    assert asks(talk_with(BOOK + "language: de\n"), "one", times=1) == ["Seit wann?"]


def warned(folder: Path, card: str, more: str = "") -> list[str]:
    (folder / "p.yaml").write_text(
        f"playbook: N\ncues:\n  - id: a\n    when: {{moment: pain}}\n    card: {card}\n{more}"
    )
    found = find(folder, DAY)
    assert not found.errors
    return [warning.message for warning in found.warnings]


def test_a_variable_that_no_deal_can_have_is_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "{title: t, ask: q, proof: 'For {Account Name}'}") == [
        '"{Account Name}" is shown as it stands; a deal\'s facts have names of small letters, digits and underscores, '
        "such as account."
    ]


def test_a_variable_that_is_probably_misspelt_is_told(tmp_path: Path) -> None:
    assert warned(tmp_path, "{title: t, ask: q, say: 'For {accuont}'}") == [
        'no deal is known to have a fact "accuont"; did you mean "account"?'
    ]
    assert warned(tmp_path, "{title: t, ask: q, say: 'With {partner} and {account}'}") == []


def test_a_line_that_is_too_long_is_told_in_any_phrasing_and_language(tmp_path: Path) -> None:
    card = f"{{title: t, say: [short, {'long ' * 19}], languages: {{de: {{title: t, say: {'lang ' * 19}}}}}}}"
    assert [message[:15] for message in warned(tmp_path, card)] == ['the line "long ', 'the line "lang ']


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://crm.example/{account}/{seats}", "https://crm.example/A%26B%20%2F%20Co/40"),
        ("https://crm.example/{owner|all}", "https://crm.example/all"),
        ("https://crm.example/{owner}", None),
    ],
)
def test_a_link_has_the_facts_in_it_each_as_one_part_of_the_address(link: str, expected: str | None) -> None:
    card = Card.model_validate({"title": "t", "ask": "q", "link": link})
    assert card.shown("en", KnownDeal({"account": "A&B / Co", "seats": 40.0})).link == expected


def test_a_condition_on_a_fact_that_is_probably_misspelt_is_told(tmp_path: Path) -> None:
    when = "{any: [{moment: pain}, {not: {deal: {segmnt: enterprise, region: north}}}]}"
    book = f"""
playbook: N
priorities: [{{id: p, name: P, weight: 5, deal: {{valeu: {{at_least: 5}}}}}}]
cues:
  - id: a
    when: {when}
    card: {{title: t, ask: q}}
"""
    (tmp_path / "p.yaml").write_text(book)
    found = find(tmp_path, DAY)
    told = [(warning.place.line, warning.message) for warning in found.warnings if "fact" in warning.message]
    assert told == [
        (3, 'no deal is known to have a fact "valeu"; did you mean "value"?'),
        (6, 'no deal is known to have a fact "segmnt"; did you mean "segment"?'),
    ]
