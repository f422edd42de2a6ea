"""Which cards are on the screen, and for how long."""

from collections.abc import Callable

import pytest
from talk import PLAYBOOK, READ_S, Talk

from cues.cards import LIFE_S
from cues.events import CardContent, CardShown
from cues.places import reading_time
from cues.summary import Tally, add

TalkWith = Callable[[str], Talk]


def test_a_card_says_what_it_rests_on(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    shown = talk.events[1]
    assert shown.type == "card_shown"  # type: ignore[attr-defined]
    assert [w.text for w in shown.because] == "this hurts us badly".split()  # type: ignore[attr-defined]
    assert shown.audio_end == 12  # type: ignore[attr-defined]
    assert shown.opportunity == "o1"  # type: ignore[attr-defined]


def test_a_cue_in_doubt_shows_nothing(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.49)
    talk.partial("buyer", "this hurts us badly", 13, 15, pain=0.59)
    assert talk.events == []


def test_a_cue_that_prompts_nothing_makes_no_opportunity_and_resolves_with_null(talk: Talk) -> None:
    talk.final("buyer", "we have money for it", 10, 12, budget=0.9)
    assert talk.opened() == []
    talk.until(12.5 + LIFE_S)
    assert talk.hidden() == [("budget", 12.5 + LIFE_S, "expired")]
    only = talk.resolved()
    assert [(e.card, e.opportunity, e.behaviour, e.outcome) for e in only] == [("c1", None, None, None)]


def test_an_expired_card_leaves_its_opportunity_open(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.until(50)
    assert talk.hidden() == [("pain", 42.5, "expired")]
    talk.final("rep", "how many hours is that", 55, 57, quantify=0.9)
    assert talk.outcomes() == [("pain", "prompted")]


def test_there_are_two_cards_at_most_and_the_strongest_come_first(talk: Talk) -> None:
    talk.final("buyer", "all of it at once", 10, 12, pain=0.9, objection_price=0.9, budget=0.8, timeline=0.7)
    assert talk.shown() == [("price", 12.5), ("pain", 12.5)]


def test_a_third_moment_waits_for_a_read_card_and_the_lower_ranked_gives_way(talk: Talk) -> None:
    talk.final("buyer", "too dear and it hurts", 10, 12, pain=0.9, objection_price=0.9)
    talk.final("buyer", "there is money for it", 12.5, 13, budget=0.6)
    assert talk.on_screen() == ["price", "pain"]
    talk.until(20)
    assert talk.hidden()[0] == ("pain", 12.5 + READ_S, "outranked")
    assert talk.shown()[2] == ("budget", 12.5 + READ_S)
    assert talk.on_screen() == ["price", "budget"]


def test_a_moment_that_would_wait_too_long_is_withheld_and_stays_an_opportunity(talk_with: TalkWith) -> None:
    long = "a great many words to read here for whoever is on the phone " * 3
    talk = talk_with(PLAYBOOK.replace("Since when?", long).replace("Which part?", long))
    talk.final("buyer", "we have money", 10, 11, budget=0.9)
    talk.final("buyer", "too dear", 11, 12, objection_price=0.9)
    talk.act("pin", 13, "c1")
    talk.final("buyer", "it hurts", 13, 14, pain=0.9)
    assert [(o.cue, o.help, o.withheld) for o in talk.opened()] == [
        ("price", "full", None),
        ("pain", "none", "outranked"),
    ]
    talk.until(100)
    assert ("pain", "missed") in talk.outcomes()


def test_a_moment_without_opportunity_that_found_no_place_may_come_again(talk_with: TalkWith) -> None:
    long = "a great many words to read here for whoever is on the phone " * 3
    talk = talk_with(PLAYBOOK.replace("Since when?", long).replace("Which part?", long))
    talk.final("buyer", "too dear and it hurts", 10, 12, pain=0.9, objection_price=0.9)
    talk.final("buyer", "we have money", 13, 14, budget=0.9)
    talk.act("dismiss", 15)
    talk.final("buyer", "we have money", 16, 17, budget=0.9)
    assert talk.on_screen() == ["price", "budget"]


def test_a_waiting_card_takes_a_place_as_soon_as_one_is_free(talk: Talk) -> None:
    talk.final("buyer", "too dear and it hurts", 10, 12, pain=0.9, objection_price=0.9)
    talk.final("buyer", "there is money for it", 12.5, 13, budget=0.6)
    talk.act("dismiss", 14)
    assert talk.shown()[2] == ("budget", 14)
    talk.until(30)
    assert [reason for _, _, reason in talk.hidden()] == ["dismissed"]


def test_a_waiting_card_does_not_come_once_its_moment_is_over(talk: Talk) -> None:
    talk.final("buyer", "we have money and a date", 10, 12, budget=0.9, timeline=0.9)
    name = talk.partial("buyer", "this hurts us", 12.5, 12.9, pain=0.9)
    talk.final("buyer", "nothing of it", 12.5, 13, id=name)
    talk.until(30)
    assert talk.shown() == [("budget", 12.5), ("timeline", 12.5)]
    assert ("pain", None) in talk.outcomes()


def test_a_pinned_card_neither_expires_nor_gives_way(talk: Talk) -> None:
    talk.final("buyer", "too dear and it hurts", 10, 12, pain=0.9, objection_price=0.9)
    talk.act("pin", 13, "c1")
    talk.act("pin", 13, "c2")
    talk.final("buyer", "there is money for it", 20, 21, budget=0.9)
    talk.until(200)
    assert talk.on_screen() == ["price", "pain"]
    talk.act("dismiss", 201, "c1")
    assert talk.on_screen() == ["pain"]
    assert talk.hidden() == [("price", 201, "dismissed")]


def test_nothing_is_shown_while_paused_and_cards_come_again_after_it(talk: Talk) -> None:
    talk.act("pause", 5)
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("buyer", "there is money for it", 13, 14, budget=0.9)
    assert talk.shown() == []
    talk.act("resume", 15)
    talk.final("buyer", "there is money for it", 16, 17, budget=0.9)
    assert talk.shown() == [("budget", 17.5)]


def test_dismissing_without_a_name_takes_the_newest_and_an_unknown_name_takes_none(talk: Talk) -> None:
    talk.final("buyer", "too dear and it hurts", 10, 12, pain=0.9, objection_price=0.9)
    assert talk.act("dismiss", 13, "c99") == []
    talk.act("dismiss", 13)
    assert talk.on_screen() == ["price"]
    talk.act("dismiss", 14)
    assert talk.act("dismiss", 15) == []


def test_a_cue_that_cools_down_opens_no_opportunity(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("buyer", "it hurts us so much", 130, 131.9, pain=0.9)
    assert len(talk.opened()) == 1
    talk.final("buyer", "it hurts us so much", 133, 134, pain=0.9)
    assert len(talk.opened()) == 2


def test_a_cue_whose_card_is_still_up_opens_an_opportunity_and_shows_no_second_card(talk_with: TalkWith) -> None:
    talk = talk_with(PLAYBOOK.replace("    prompts: quantify\n", "    prompts: quantify\n    cooldown: 5s\n"))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("buyer", "it hurts us so much", 18, 20, pain=0.9)
    assert [(o.id, o.help) for o in talk.opened()] == [("o1", "full"), ("o2", "full")]
    assert len(talk.shown()) == 1
    talk.final("rep", "how many hours is that", 22, 24, quantify=0.9)
    assert [(e.opportunity, e.card, e.outcome) for e in talk.resolved()] == [
        ("o1", "c1", "prompted"),
        ("o2", "c1", "prompted"),
    ]
    assert talk.hidden() == [("pain", 24.5, "done")]


def test_reading_time_grows_with_the_words_and_life_is_never_shorter(talk_with: TalkWith) -> None:
    assert reading_time(CardContent("Four words to read", ask="and another four words")) == 4.0
    talk = talk_with(PLAYBOOK.replace("How much?", "word " * 99))
    talk.final("buyer", "we have money", 10, 11, budget=0.9)
    talk.until(100)
    assert talk.hidden()[0][1] - talk.shown()[0][1] >= 2 + 102 / 4


def test_strategy_ranks_cards(talk: Talk) -> None:
    talk.final("buyer", "too dear and it hurts", 10, 12, pain=0.99, objection_price=0.6)
    assert [cue for cue, _ in talk.shown()] == ["price", "pain"]
    first, second = (e for e in talk.events if isinstance(e, CardShown))
    assert first.rank / second.rank == pytest.approx(3 * 0.6 / 0.99, rel=1e-3)


def test_the_summary_counts_cards_opportunities_and_outcomes(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "how many hours is that", 14, 16, quantify=0.9)
    tally = Tally()
    for event in talk.events:
        tally = add(tally, event)
    assert (tally.cards, tally.opportunities, dict(tally.outcomes)) == (1, 1, {"prompted": 1})
