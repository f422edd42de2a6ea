"""Cards step back as a behaviour becomes the rep's own, and come back when it goes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from talk import PLAYBOOK, Talk, read_playbook

from cues.cards import LIFE_S
from cues.engine import off_book, start
from cues.events import CallStarted, Help, OffBook, Outcome, PlaybookVersion
from cues.fading import HOLDOUT, MARGIN, STEPS, THRESHOLDS, choose, course
from cues.rank import History
from cues.skill import Moment, estimate

TODAY = date(2026, 11, 24)
NOW = 20781.4
"""The morning of that day, in days since 1970."""
EVEN = PLAYBOOK.replace("name: Put a number on it", "name: Put a number on it, holdout: 0")
FULL = EVEN.replace("holdout: 0", "holdout: 0, fading: off")
HALF = EVEN.replace("holdout: 0", "holdout: 0.5")

FadingTalk = Callable[..., Talk]


def moments(*outcomes: Outcome, help: Help = "none", until: float = NOW - 0.5) -> tuple[Moment, ...]:
    """One a day, the last half a day ago."""
    return tuple(Moment(until - len(outcomes) + 1 + k, outcome, help) for k, outcome in enumerate(outcomes))


def often(outcome: Outcome, times: int) -> tuple[Moment, ...]:
    return moments(*[outcome] * times)


@pytest.fixture
def fading_talk(tmp_path: Path) -> FadingTalk:
    """A call in which fading acts, of a rep with these moments of putting a number on it."""

    def begin(past: Sequence[Moment] = (), text: str = EVEN, call: str = "c") -> Talk:
        talk = Talk(read_playbook(tmp_path / "fading", text))
        talk.state = start(talk.state.playbook, TODAY, History(moments={"quantify": tuple(past)}))
        talk.take(
            CallStarted(
                call=call,
                started="2026-11-24T09:36:00+00:00",
                rep="sam",
                deal=None,
                source="",
                channels=("rep", "buyer"),
                playbook=PlaybookVersion("N", None, ""),
                models=(),
            )
        )
        return talk

    return begin


def helped(talk: Talk, times: int = 1) -> list[tuple[Help, str | None]]:
    """The help for so many moments, each missed; five minutes apart."""
    for _ in range(times):
        begin = 10 + 300 * len(talk.opened())
        talk.final("buyer", "this hurts us badly", begin, begin + 2, pain=0.9)
        talk.until(begin + 200)
    return [(moment.help, moment.withheld) for moment in talk.opened()]


def test_a_new_rep_sees_every_card_in_full(fading_talk: FadingTalk) -> None:
    assert helped(fading_talk()) == [("full", None)]


def test_the_step_goes_on_by_one_at_a_moment_until_no_card_comes() -> None:
    past = often("unprompted", 12)
    steps = [STEPS.index(course(past[:k]).step) for k in range(len(past) + 1)]
    assert steps[0] == 0
    assert steps[-1] == 3
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(steps))


def test_a_moment_whose_card_has_faded_opens_and_counts(fading_talk: FadingTalk) -> None:
    talk = fading_talk(often("unprompted", 12))
    assert helped(talk) == [("none", "fading")]
    assert talk.shown() == []
    assert talk.opened()[0].chance == 1.0
    assert talk.outcomes() == [("pain", "missed")]
    assert talk.resolved()[0].help == "none"


def test_the_event_says_what_was_believed(fading_talk: FadingTalk) -> None:
    past = often("unprompted", 12)
    talk = fading_talk(past)
    helped(talk)
    told, skill = talk.opened()[0].fading, course(past).skill
    assert told is not None
    assert told.p == pytest.approx(estimate(skill, NOW).p, abs=1e-3)
    assert (told.moments, told.days) == (12, pytest.approx(0.5, abs=1e-3))
    assert told.low < told.p < told.high


def test_misses_in_the_call_bring_the_card_back(fading_talk: FadingTalk) -> None:
    talk = fading_talk(often("unprompted", 12))
    steps = [STEPS.index(help) for help, _ in helped(talk, 6)]
    assert steps[0] == 3
    assert steps[-1] < 2
    assert steps == sorted(steps, reverse=True)


def test_one_miss_of_many_does_not_flip_the_step() -> None:
    past = (*often("unprompted", 20), Moment(NOW, "missed", "none"))
    assert course(past).step == "none"


def test_between_the_thresholds_the_step_stays_where_it_is() -> None:
    """Hysteresis: with that p the card would not have gone, and having gone it stays away."""
    past = next(
        past
        for k in range(3, 30)
        if (past := (*often("unprompted", k), Moment(NOW, "missed", "none")))
        and THRESHOLDS["none"] - MARGIN <= estimate(course(past).skill, NOW).p < THRESHOLDS["none"]
    )
    assert course(past).step == "none"


def test_after_weeks_without_a_moment_the_card_comes_back(fading_talk: FadingTalk) -> None:
    past = [replace(moment, day=moment.day - 80) for moment in often("unprompted", 8)]
    assert course(past).step != "full"
    assert helped(fading_talk(past)) == [("full", None)]


def test_a_behaviour_that_does_not_fade_keeps_its_card(fading_talk: FadingTalk) -> None:
    assert helped(fading_talk(often("unprompted", 12), FULL)) == [("full", None)]


def test_a_card_that_prompts_nothing_never_fades(fading_talk: FadingTalk) -> None:
    talk = fading_talk()
    talk.final("buyer", "there is money", 10, 11, budget=0.9)
    assert talk.shown() == [("budget", 11.5)]


def test_a_share_of_the_moments_is_held_out_by_chance_and_says_how_likely_that_was(fading_talk: FadingTalk) -> None:
    state = fading_talk(text=PLAYBOOK).state.fading
    assert state is not None
    drawn = [choose(replace(state, call=f"call {k}"), "quantify", 1, 10.0) for k in range(2000)]
    held = [choice for choice in drawn if choice.withheld == "holdout"]
    assert {(choice.help, choice.chance) for choice in held} == {("none", HOLDOUT)}
    assert {(c.help, c.chance) for c in drawn if c.withheld is None} == {("full", 1 - HOLDOUT)}
    assert 0.08 <= len(held) / len(drawn) <= 0.12


def test_held_out_moments_count_like_others(fading_talk: FadingTalk) -> None:
    talk = fading_talk(text=HALF)
    found = helped(talk, 8)
    held = [k for k, (_, withheld) in enumerate(found) if withheld == "holdout"]
    assert 0 < len(held) < 8
    assert [outcome for _, outcome in talk.outcomes()] == ["missed"] * 8
    assert [talk.resolved()[k].help for k in held] == ["none"] * len(held)
    assert len(talk.shown()) == 8 - len(held)


def test_the_same_call_draws_the_same_moments_and_another_one_others(fading_talk: FadingTalk) -> None:
    once, again, other = (fading_talk(text=HALF, call=name) for name in ("a", "a", "b"))
    assert helped(once, 12) == helped(again, 12) != helped(other, 12)


def test_nothing_is_held_out_of_what_could_not_be_shown(fading_talk: FadingTalk) -> None:
    """Else those held out would be other moments than those with a card."""
    talk = fading_talk(text=HALF)
    talk.act("pause", 5)
    assert helped(talk, 6) == [("none", None)] * 6
    assert {moment.chance for moment in talk.opened()} == {1.0}


def past_at(step: Help) -> tuple[Moment, ...]:
    """Moments after which the card stands at this step."""
    return next(past for k in range(20) if course(past := often("unprompted", k)).step == step)


@pytest.mark.parametrize("step", ["headline", "dot"])
def test_a_card_that_has_stepped_back_says_so(fading_talk: FadingTalk, step: Help) -> None:
    talk = fading_talk(past_at(step))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    assert [(e.help, e.content.title) for e in talk.events if e.type == "card_shown"] == [(step, "It hurts")]  # type: ignore[attr-defined]
    talk.final("rep", "how many hours is that", 15, 17, quantify=0.9)
    assert [(e.outcome, e.help) for e in talk.resolved()] == [("prompted", step)]


def test_the_rep_asks_for_all_of_a_card_and_has_time_to_read_it(fading_talk: FadingTalk) -> None:
    talk = fading_talk(past_at("dot"))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.act("help", 20, "c1")
    assert talk.state.cards[0].help == "full"
    talk.until(100)
    assert talk.hidden() == [("pain", 20 + LIFE_S, "expired")]
    assert talk.resolved()[0].help == "full"


def test_the_rep_asks_for_a_card_that_did_not_come_and_is_prompted_from_then_on(fading_talk: FadingTalk) -> None:
    talk = fading_talk(often("unprompted", 12))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    talk.act("help", 14)
    assert talk.shown() == [("pain", 14)]
    talk.final("rep", "how many hours is that", 16, 17, quantify=0.9)
    assert [(e.outcome, e.help) for e in talk.resolved()] == [("prompted", "full")]


@pytest.mark.parametrize("target", [None, "c1", "c9"])
def test_where_there_is_nothing_more_to_show_help_changes_nothing(fading_talk: FadingTalk, target: str | None) -> None:
    talk = fading_talk()
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    before = talk.state
    assert talk.act("help", 14, target) == []
    assert talk.state == before


def test_off_book_counts_the_behaviours_whose_card_is_a_dot_or_gone(fading_talk: FadingTalk) -> None:
    assert off_book(fading_talk().state, 0) == OffBook(0, 2)
    assert off_book(fading_talk(past_at("headline")).state, 0) == OffBook(0, 2)
    assert off_book(fading_talk(past_at("dot")).state, 0) == OffBook(1, 2)
    assert off_book(fading_talk(often("unprompted", 12)).state, 0) == OffBook(1, 2)
    assert off_book(fading_talk(often("unprompted", 12), FULL).state, 0) == OffBook(0, 1)


def test_without_a_past_to_go_by_every_card_comes_in_full(talk: Talk) -> None:
    helped(talk, 12)
    assert {(m.help, m.withheld, m.chance, m.fading) for m in talk.opened()} == {("full", None, 1.0, None)}
    assert off_book(talk.state, 0) is None
