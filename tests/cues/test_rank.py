"""Which card wins: each term of the rank, and that the events tell them."""

from collections.abc import Callable
from datetime import date

import pytest
from talk import PLAYBOOK, Talk

from cues.engine import start
from cues.events import CardShown, Opportunity, RankTerms
from cues.rank import HALF_LIFE_S, NEVER, Alone, History, aged, expected_help, in_force, rank

TalkWith = Callable[[str], Talk]


def shown(talk: Talk) -> list[CardShown]:
    return [event for event in talk.events if isinstance(event, CardShown)]


def terms_of(event: CardShown | Opportunity) -> RankTerms:
    assert event.terms is not None
    return event.terms


def test_a_priority_counts_between_its_dates_only(talk_with: TalkWith) -> None:
    dated = talk_with(PLAYBOOK.replace("weight: 3", "weight: 3, from: 2026-11-01, until: 2026-11-30")).state.playbook
    served = {day: set(in_force(dated, date.fromisoformat(day))) for day in ("2026-10-31", "2026-11-01")}
    assert served == {"2026-10-31": set(), "2026-11-01": {"ask-why"}}
    assert in_force(dated, date(2026, 11, 30))["ask-why"].weight == 3
    assert not in_force(dated, date(2026, 12, 1))


def test_the_strongest_of_several_priorities_counts(talk_with: TalkWith) -> None:
    two = PLAYBOOK.replace("behaviours:", "  - {id: more, name: More, weight: 5}\nbehaviours:", 1)
    talk = talk_with(two.replace("serves: high", "serves: [high, more]"))
    talk.final("buyer", "too dear", 10, 12, objection_price=0.9)
    assert (terms_of(shown(talk)[0]).priority, terms_of(shown(talk)[0]).weight) == ("more", 5)


def test_what_a_rep_misses_most_ranks_first(talk: Talk) -> None:
    alone = History({"quantify": Alone(9, 10), "ask-why": Alone(0, 10)})
    talk.state = start(talk.state.playbook, date(2027, 1, 1), alone)
    talk.final("buyer", "too dear and it hurts", 10, 12, pain=0.9, objection_price=0.9)
    assert [card.cue for card in shown(talk)] == ["pain", "price"], "though price serves a priority of weight 3"


def test_expected_help_of_a_rep_without_history_is_a_half() -> None:
    assert expected_help(NEVER, NEVER) == 0.5


def test_expected_help_goes_from_the_behaviour_to_the_cue_as_its_moments_come() -> None:
    behaviour = Alone(18, 20)
    assert expected_help(behaviour, NEVER) == pytest.approx(19 / 22)
    assert expected_help(behaviour, Alone(0, 1)) < 0.6
    assert expected_help(behaviour, Alone(0, 20)) < 0.1
    assert 0 < expected_help(Alone(0, 1000), Alone(0, 1000)) < expected_help(Alone(9, 9), Alone(9, 9)) < 1


def test_a_moment_halves_with_every_half_life(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    terms = terms_of(shown(talk)[0])
    fresh, later = rank(aged(terms, 0)), rank(aged(terms, 2 * HALF_LIFE_S))
    assert later == pytest.approx(fresh / 4, rel=1e-3)


def test_an_old_card_of_equal_worth_gives_way_to_a_new_moment(talk: Talk) -> None:
    talk.final("buyer", "there is money for it", 10, 12, budget=0.9)
    talk.final("buyer", "by spring", 20, 22, timeline=0.8)
    talk.final("buyer", "my boss signs", 26, 27, authority=0.7)
    assert talk.on_screen() == ["timeline", "authority"]


def test_the_rank_in_the_log_is_the_product_of_the_terms_beside_it(talk: Talk) -> None:
    talk.final("buyer", "too dear", 10, 12, objection_price=0.8)
    card, opportunity = shown(talk)[0], talk.opened()[0]
    terms = terms_of(card)
    assert terms == RankTerms(
        weight=3, priority="high", certainty=0.8, help=0.5, missed=0, moments=0, missed_here=0, moments_here=0,
        freshness=pytest.approx(0.5 ** (0.5 / HALF_LIFE_S), abs=1e-4), age_s=0.5,
    )  # fmt: skip
    assert card.rank == rank(terms) == pytest.approx(3 * 0.8 * 0.5 * terms.freshness, abs=1e-4)
    assert opportunity.terms == terms


def test_a_card_that_waited_is_older_than_its_opportunity(talk: Talk) -> None:
    talk.final("buyer", "money and a date", 10, 12, budget=0.9, timeline=0.9)
    talk.final("buyer", "this hurts us badly", 12.5, 13, pain=0.9)
    talk.until(20)
    card, opportunity = shown(talk)[2], talk.opened()[0]
    assert terms_of(card).age_s > terms_of(opportunity).age_s
    assert card.rank < rank(terms_of(opportunity))
