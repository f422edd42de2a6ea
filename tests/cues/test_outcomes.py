"""How an opportunity ends."""

from collections.abc import Callable

import pytest
from talk import PLAYBOOK, Talk

from asr.events import Event
from cues.events import CallEnded, Summary

TalkWith = Callable[[str], Talk]


def test_done_in_a_turn_begun_a_second_after_the_card_is_prompted(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "how many hours is that", 13.5, 15, quantify=0.9)
    assert talk.shown() == [("pain", 12.5)]
    assert talk.outcomes() == [("pain", "prompted")]
    assert talk.resolved()[0].evidence == "u2"
    assert talk.hidden() == [("pain", 15.5, "done")]


def test_done_in_a_turn_begun_sooner_after_the_card_is_unprompted(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "how many hours is that", 13.4, 15, quantify=0.9)
    assert talk.outcomes() == [("pain", "unprompted")]


def test_done_later_in_a_turn_begun_before_the_card_is_unprompted(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "oh I can see that", 12.1, 14)
    talk.final("rep", "how many hours is that", 20, 22, quantify=0.9)
    assert talk.outcomes() == [("pain", "unprompted")]


def test_done_without_a_card_is_unprompted(talk: Talk) -> None:
    talk.act("pause", 1)
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "how many hours is that", 20, 22, quantify=0.9)
    assert talk.shown() == []
    assert talk.opened()[0].help == "none"
    assert talk.outcomes() == [("pain", "unprompted")]
    assert talk.resolved()[0].card is None


def test_three_rep_turns_without_it_are_a_miss_when_the_buyer_speaks_again(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    for k in range(3):
        assert talk.outcomes() == []
        talk.final("rep", "here is another feature", 14 + 8 * k, 17 + 8 * k)
        talk.final("buyer", "I see what you mean", 18 + 8 * k, 21 + 8 * k)
    assert talk.outcomes() == [("pain", "missed")]
    assert talk.resolved()[0].t == pytest.approx(37.5)


def test_done_in_the_third_turn_counts_even_after_a_pause_in_it(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    for k in range(2):
        talk.final("rep", "here is another feature", 14 + 8 * k, 17 + 8 * k)
        talk.final("buyer", "I see what you mean", 18 + 8 * k, 21 + 8 * k)
    talk.final("rep", "well let me ask you", 31, 33)
    talk.final("rep", "how many hours is that", 34, 36, quantify=0.9)
    assert talk.outcomes() == [("pain", "prompted")]


def test_a_window_of_a_minute_closes_as_a_miss(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.until(72.4)
    assert talk.outcomes() == []
    talk.until(72.5)
    assert talk.outcomes() == [("pain", "missed")]


def test_the_window_of_the_cue_holds_where_one_is_given(talk_with: TalkWith) -> None:
    talk = talk_with(PLAYBOOK.replace("    prompts: quantify\n", "    prompts: quantify\n    window: 20s\n"))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.until(32.5)
    assert talk.outcomes() == [("pain", "missed")]


def test_a_window_waits_for_what_the_rep_is_saying_when_it_closes(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    name = talk.partial("rep", "so how many", 70, 71)
    talk.until(74)
    assert talk.outcomes() == []
    talk.final("rep", "so how many hours is that", 70, 75, id=name, quantify=0.9)
    assert talk.outcomes() == [("pain", "prompted")]


def test_a_window_that_waited_in_vain_closes_with_what_the_rep_said(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    name = talk.partial("rep", "let me show", 70, 71)
    talk.final("rep", "let me show you this", 70, 75, id=name)
    assert talk.outcomes() == [("pain", "missed")]


def test_a_window_closes_when_what_the_rep_said_was_nothing(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    name = talk.partial("rep", "uh", 70, 71)
    talk.final("rep", "", 70, 74, id=name)
    assert talk.outcomes() == [("pain", "missed")]


def test_a_window_does_not_wait_for_ever_for_words_that_were_lost(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.partial("rep", "so how many", 70, 71)
    talk.until(200)
    assert [(cue, outcome) for cue, outcome in talk.outcomes()] == [("pain", "missed")]
    assert talk.resolved()[0].t == pytest.approx(102.5)


def test_words_that_were_lost_are_forgotten_with_the_next_words(talk: Talk) -> None:
    talk.partial("rep", "so how many", 1, 2)
    talk.final("rep", "hello again to you", 5, 6)
    assert not talk.state.spoken


def test_a_dismissed_card_that_is_not_acted_on_ends_dismissed(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    made = talk.act("dismiss", 13)
    assert [e.type for e in made] == ["card_hidden"]  # type: ignore[attr-defined]
    talk.until(80)
    assert talk.outcomes() == [("pain", "dismissed")]


def test_a_dismissed_card_that_is_acted_on_all_the_same_is_prompted(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.act("dismiss", 13, "c1")
    talk.final("rep", "how many hours is that", 14, 16, quantify=0.9)
    assert talk.outcomes() == [("pain", "prompted")]


def test_a_call_that_ends_first_leaves_the_opportunity_open(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.take(CallEnded(t=20, reason="over", summary=Summary(20, 1, 0, None, (), 1, 1, {})))
    assert talk.outcomes() == []


def test_an_opportunity_is_retracted_without_outcome_when_the_final_lost_the_words(talk: Talk) -> None:
    name = talk.partial("buyer", "the price is high", 10, 11, objection_price=0.9)
    talk.final("buyer", "the prize is mine", 10, 12, id=name)
    assert talk.shown() == [("price", 11.2)]
    assert talk.hidden() == [("price", 12.5, "retracted")]
    assert talk.outcomes() == [("price", None)]


def test_a_retracted_cue_may_fire_again_at_once(talk: Talk) -> None:
    name = talk.partial("buyer", "the price is high", 10, 11, objection_price=0.9)
    talk.final("buyer", "the prize is mine", 10, 12, id=name)
    talk.final("buyer", "the price is too high", 13, 14, objection_price=0.9)
    assert talk.shown() == [("price", 11.2), ("price", 14.5)]


def test_a_card_stays_when_its_words_stand_in_the_final(talk: Talk) -> None:
    name = talk.partial("buyer", "The price is high,", 10, 11, objection_price=0.9)
    talk.final("buyer", "well the price is high but fine", 10, 13, id=name)
    assert talk.hidden() == []


def test_a_card_stays_when_the_final_holds_on_other_words(talk: Talk) -> None:
    name = talk.partial("buyer", "the prize is high", 10, 11, objection_price=0.9)
    talk.final("buyer", "the price is high", 10, 13, id=name, objection_price=0.6)
    assert talk.hidden() == []
    assert len(talk.opened()) == 1


def test_partial_words_that_turn_out_to_be_nothing_take_their_card_back(talk: Talk) -> None:
    name = talk.partial("buyer", "the price is high", 10, 11, objection_price=0.9)
    talk.final("buyer", "", 10, 12, id=name)
    assert talk.hidden() == [("price", 12.5, "retracted")]


def test_what_the_rep_did_is_judged_on_the_final_alone(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    name = talk.partial("rep", "how many hours", 14, 15, quantify=0.9)
    assert talk.outcomes() == []
    talk.final("rep", "how many flowers do you like", 14, 17, id=name)
    assert talk.outcomes() == []


def test_what_the_rep_said_before_the_moment_does_not_answer_it(talk: Talk) -> None:
    name = talk.partial("rep", "and by the way", 8, 9)
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "and by the way how many hours", 8, 14, id=name, quantify=0.9)
    assert talk.outcomes() == []


def test_a_rep_who_cuts_in_early_and_goes_on_has_answered(talk: Talk) -> None:
    talk.partial("buyer", "this hurts us badly", 10, 12)
    talk.final("rep", "oh no that is awful", 11, 12.4)
    talk.final("buyer", "this hurts us badly", 10, 12.6, id="u1", pain=0.9)
    talk.final("rep", "how many hours is that", 13.5, 15, quantify=0.9)
    assert talk.outcomes() == [("pain", "unprompted")]


def test_a_turn_that_overlaps_the_buyers_last_words_is_a_turn_of_its_own(talk: Talk) -> None:
    """The buyer's final comes after the rep's, and still stands between the rep's two turns."""
    talk.final("rep", "tell me about your week", 2, 5)
    name = talk.partial("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "how many hours is that", 16, 18, quantify=0.9)
    talk.final("buyer", "this hurts us badly and it goes on", 10, 18.2, id=name, pain=0.9)
    assert talk.shown() == [("pain", 12.2)]
    assert talk.outcomes() == [("pain", "prompted")]


def test_mm_hm_while_the_buyer_goes_on_is_no_turn(talk: Talk) -> None:
    name = talk.partial("buyer", "this hurts us badly", 10, 12, pain=0.9)
    for k in range(4):
        talk.final("rep", "mm-hm right", 13 + 3 * k, 13.5 + 3 * k)
    talk.final("buyer", "this hurts us badly and so on", 10, 26, id=name, pain=0.9)
    assert talk.outcomes() == []
    talk.final("rep", "how many hours is that", 27, 29, quantify=0.9)
    assert talk.outcomes() == [("pain", "prompted")]


def test_the_buyers_mm_hm_does_not_cut_the_reps_turn_in_two(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    for k in range(5):
        name = talk.partial("rep", "let me show you", 14 + 6 * k, 15 + 6 * k)
        talk.final("buyer", "yeah okay", 15.5 + 6 * k, 16 + 6 * k)
        talk.final("rep", "let me show you all of this", 14 + 6 * k, 18 + 6 * k, id=name)
    assert talk.outcomes() == []


def test_one_deed_answers_every_open_moment_of_its_behaviour(talk_with: TalkWith) -> None:
    talk = talk_with(PLAYBOOK.replace("prompts: ask-why", "prompts: quantify"))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9, objection_price=0.9)
    talk.final("rep", "how many hours is that", 14, 16, quantify=0.9)
    assert sorted(talk.outcomes()) == [("pain", "prompted"), ("price", "prompted")]


def test_a_cue_of_the_reps_own_words_is_not_answered_by_them_but_by_the_next(talk_with: TalkWith) -> None:
    talk = talk_with(PLAYBOOK.replace("{moment: pain}", "{speaker: rep, said: ten percent off}"))
    talk.final("rep", "you get ten percent off", 10, 12, quantify=0.9)
    assert talk.outcomes() == []
    talk.final("rep", "what would you give for it", 13, 15, quantify=0.9)
    assert talk.outcomes() == [("pain", "unprompted")]


def test_each_opportunity_that_closes_resolves_once(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.final("rep", "how many hours is that", 14, 16, quantify=0.9)
    talk.final("rep", "how many hours is that", 18, 20, quantify=0.9)
    talk.until(200)
    assert [e.opportunity for e in talk.resolved()] == ["o1"]


def test_a_resolved_card_names_its_cue_card_opportunity_and_behaviour(talk: Talk) -> None:
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.until(100)
    done = talk.resolved()[0]
    assert (done.cue, done.card, done.opportunity, done.behaviour) == ("pain", "c1", "o1", "quantify")
    assert isinstance(done, Event)
