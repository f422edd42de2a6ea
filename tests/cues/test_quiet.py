"""When the screen stays quiet: the budget, the first seconds, what the rep does already; one card a behaviour."""

from collections.abc import Callable

import pytest
from talk import PLAYBOOK, READ_S, Talk

from cues.quiet import MOST_CARDS_PER_SPAN, OPENING_S, SPAN_S

TalkWith = Callable[[str], Talk]
SAME = PLAYBOOK.replace("prompts: ask-why", "prompts: quantify")
"""The cues pain and price prompt one behaviour."""
OFTEN = PLAYBOOK.replace("prompts: quantify", "prompts: quantify\n    cooldown: 20s")


def pains(talk: Talk, times: int, begin: float = 10.0, every: float = 35.0) -> None:
    """The same moment again and again, each card gone before the next."""
    for k in range(times):
        at = begin + every * k
        talk.final("buyer", "this hurts us badly", at, at + 2, pain=0.9)


def test_a_seventh_card_within_ten_minutes_is_withheld(talk_with: TalkWith) -> None:
    talk = talk_with(OFTEN)
    pains(talk, MOST_CARDS_PER_SPAN + 1)
    assert len(talk.shown()) == MOST_CARDS_PER_SPAN == 6
    assert [(o.help, o.withheld) for o in talk.opened()[-2:]] == [("full", None), ("none", "budget")]


def test_cards_come_again_once_the_first_is_ten_minutes_old(talk_with: TalkWith) -> None:
    talk = talk_with(OFTEN)
    pains(talk, MOST_CARDS_PER_SPAN)
    first = talk.shown()[0][1]
    talk.final("buyer", "this hurts us badly", first + SPAN_S - 3, first + SPAN_S - 1, pain=0.9)
    talk.final("buyer", "this hurts us badly", first + SPAN_S + 20, first + SPAN_S + 22, pain=0.9)
    assert [o.withheld for o in talk.opened()[-2:]] == ["budget", None]


def test_a_card_that_waits_for_its_place_counts_already(talk: Talk, talk_with: TalkWith) -> None:
    talk = talk_with(OFTEN)
    pains(talk, MOST_CARDS_PER_SPAN - 3)
    talk.final("buyer", "too dear and there is money", 200, 202, objection_price=0.9, budget=0.9)
    talk.final("buyer", "by spring", 202.5, 203, timeline=0.9)
    talk.final("buyer", "my boss signs", 203.1, 203.4, authority=0.9)
    talk.until(230)
    assert [cue for cue, _ in talk.shown()[-3:]] == ["price", "budget", "timeline"]


def test_nothing_is_shown_in_the_first_seconds_of_a_call(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 1, OPENING_S - 0.6, pain=0.9)
    talk.final("buyer", "too dear", OPENING_S, OPENING_S + 0.1, objection_price=0.9)
    assert [o.withheld for o in talk.opened()] == ["budget", None]
    assert [cue for cue, _ in talk.shown()] == ["price"]


def test_no_card_comes_for_what_the_rep_is_doing_right_now(talk: Talk) -> None:
    """The buyer's final comes late, the rep answers already."""
    name = talk.partial("buyer", "this hurts us badly", 10, 12)
    talk.partial("rep", "how many hours", 12.1, 13, quantify=0.9)
    talk.final("buyer", "this hurts us badly", 10, 12.9, id=name, pain=0.9)
    assert talk.shown() == []
    assert [(o.help, o.withheld) for o in talk.opened()] == [("none", None)]
    talk.final("rep", "how many hours is that", 12.1, 15, id="u2", quantify=0.9)
    assert talk.shown() == []


def test_no_card_comes_for_what_the_reps_turn_has_just_done(talk: Talk) -> None:
    name = talk.partial("buyer", "this hurts us badly", 10, 12)
    talk.final("rep", "how many hours is that", 12.1, 13.9, quantify=0.9)
    talk.final("buyer", "this hurts us badly", 10, 14, id=name, pain=0.9)
    assert talk.shown() == []
    assert talk.opened()[0].help == "none"


def test_no_card_comes_on_the_reps_own_words_where_they_do_it(talk_with: TalkWith) -> None:
    talk = talk_with(PLAYBOOK.replace("{moment: pain}", "{speaker: rep, said: ten percent off}"))
    talk.final("rep", "you get ten percent off", 10, 12, quantify=0.9)
    assert talk.shown() == []


def test_what_the_rep_did_in_an_earlier_turn_keeps_no_card_back(talk: Talk) -> None:
    talk.final("rep", "how many hours is that", 6, 8, quantify=0.9)
    talk.partial("buyer", "five or so and this hurts", 9, 12, pain=0.9)
    assert [cue for cue, _ in talk.shown()] == ["pain"]


def test_what_the_rep_turned_out_not_to_do_keeps_no_card_back(talk: Talk) -> None:
    talk.partial("rep", "how many", 6, 8, quantify=0.9)
    talk.final("rep", "how many flowers do you like", 6, 8.5, id="u1")
    talk.final("buyer", "this hurts us badly", 9, 12, pain=0.9)
    assert [cue for cue, _ in talk.shown()] == ["pain"]


def test_a_newer_card_about_a_behaviour_replaces_the_older_once_that_was_read(talk_with: TalkWith) -> None:
    talk = talk_with(SAME)
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("buyer", "too dear", 20, 21, objection_price=0.6)
    assert talk.on_screen() == ["price"]
    assert talk.hidden() == [("pain", 21.5, "outranked")]


def test_a_newer_card_about_a_behaviour_waits_until_the_older_was_read(talk_with: TalkWith) -> None:
    talk = talk_with(SAME)
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("buyer", "too dear", 12.6, 13, objection_price=0.9)
    assert talk.on_screen() == ["pain"], "there is a second place, but not for the same behaviour"
    talk.until(20)
    assert talk.hidden() == [("pain", 12.5 + READ_S, "outranked")]
    assert talk.shown()[1] == ("price", 12.5 + READ_S)


def test_of_two_waiting_cards_about_a_behaviour_the_newer_is_kept(talk_with: TalkWith) -> None:
    talk = talk_with(SAME.replace("How much?", "word " * 20).replace("When?", "word " * 20))
    talk.final("buyer", "money and a date", 10, 12, budget=0.9, timeline=0.9)
    talk.until(17)
    talk.final("buyer", "this hurts us badly", 17, 17.4, pain=0.9)
    talk.final("buyer", "too dear", 17.6, 17.7, objection_price=0.6)
    talk.until(25)
    assert "price" in talk.on_screen()
    assert "pain" not in talk.on_screen()


def test_a_moment_whose_behaviour_keeps_its_card_shares_that_card(talk_with: TalkWith) -> None:
    talk = talk_with(SAME)
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.act("pin", 13)
    talk.final("buyer", "too dear", 20, 21, objection_price=0.9)
    assert talk.on_screen() == ["pain"]
    assert [o.help for o in talk.opened()] == ["full", "full"]
    talk.final("rep", "how many hours is that", 24, 26, quantify=0.9)
    assert sorted(talk.outcomes()) == [("pain", "prompted"), ("price", "prompted")]


def test_a_card_that_prompts_what_was_withheld_a_moment_before_serves_both(talk_with: TalkWith) -> None:
    talk = talk_with(SAME)
    talk.final("buyer", "this hurts us badly", 1, 4, pain=0.9)
    talk.final("buyer", "too dear", 6, 7, objection_price=0.9)
    talk.final("rep", "how many hours is that", 10, 12, quantify=0.9)
    assert [(e.cue, e.card, e.outcome) for e in talk.resolved()] == [
        ("pain", "c1", "prompted"),
        ("price", "c1", "prompted"),
    ]


def three_turns_without_it(talk: Talk, begin: float, each: float) -> float:
    """The rep talks of something else three times; the end of the buyer's last reply."""
    for k in range(3):
        at = begin + 2 * each * k
        talk.final("rep", "here is another feature", at, at + each / 2)
        talk.final("buyer", "I see what you mean", at + each, at + 1.5 * each)
    return begin + 5.5 * each


def test_a_card_goes_when_the_talk_has_moved_on(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    over = three_turns_without_it(talk, 13, 2)
    talk.until(over + 1)
    assert talk.outcomes() == [("pain", "missed")]
    assert talk.hidden() == [("pain", pytest.approx(over + 0.5), "expired")]


def test_a_card_is_left_to_be_read_though_the_talk_has_moved_on(talk_with: TalkWith) -> None:
    talk = talk_with(PLAYBOOK.replace("Since when?", "word " * 40))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    over = three_turns_without_it(talk, 12.6, 1.6)
    assert talk.outcomes() == [("pain", "missed")]
    talk.until(over + 1)
    assert talk.hidden() == []
    talk.until(60)
    assert talk.hidden() == [("pain", pytest.approx(12.5 + 2 + 42 / 4), "expired")]


def test_a_pinned_card_stays_though_the_talk_has_moved_on(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.act("pin", 12.6)
    three_turns_without_it(talk, 13, 2)
    talk.until(100)
    assert talk.on_screen() == ["pain"]
