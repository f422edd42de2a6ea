"""How likely a rep does a behaviour unprompted: what raises it, what lowers it, and how sure it is."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cues.events import Help, Outcome
from cues.skill import LEVELS, PRIOR, Estimate, Moment, Skill, after, estimate

OUTCOMES: Sequence[Outcome] = ("unprompted", "prompted", "missed", "dismissed")
HELPS: Sequence[Help] = ("full", "headline", "dot", "none")


def told(*outcomes: Outcome, help: Help = "none", days: float = 1.0) -> Skill:
    """A skill after moments that lie `days` apart, the last on day 0."""
    skill = Skill()
    for k, outcome in enumerate(outcomes):
        skill = after(skill, Moment((k + 1 - len(outcomes)) * days, outcome, help))
    return skill


def p(skill: Skill, day: float = 0.0) -> float:
    return estimate(skill, day).p


def test_of_a_rep_without_history_nothing_is_known() -> None:
    third = pytest.approx(1 / 3, abs=0.005)
    assert estimate(Skill(), 20_000) == Estimate(third, pytest.approx(0.05, abs=0.01), pytest.approx(0.68, abs=0.01))


def test_moments_done_alone_raise_it_and_missed_ones_lower_it() -> None:
    missed, alone = told("missed"), told("unprompted")
    assert p(told("missed", "missed")) < p(missed) < p(Skill()) < p(alone) < p(told("unprompted", "unprompted"))


def test_the_less_help_stood_the_more_a_moment_done_tells() -> None:
    by_help = [p(told("prompted", "prompted", help=help)) for help in HELPS]
    assert by_help == sorted(by_help)
    assert by_help[0] - p(Skill()) < 0.3 * (by_help[-1] - p(Skill()))


def test_done_before_the_card_could_be_read_tells_as_much_as_without_card() -> None:
    assert told("unprompted", help="full") == told("unprompted", help="none")


def test_missed_with_the_card_before_ones_eyes_tells_as_much_as_without_it() -> None:
    assert told("missed", help="full") == told("missed", help="none")


def test_a_card_sent_away_tells_nothing() -> None:
    assert told("dismissed").belief == pytest.approx(PRIOR)


def test_what_is_not_done_is_forgotten_and_the_more_it_was_done_the_slower() -> None:
    once, often = told("unprompted"), told(*["unprompted"] * 12)
    assert p(once, 14) < 0.7 * p(once)
    assert p(often, 14) > 0.85 * p(often)
    missed_since = told(*["unprompted"] * 12, "missed", "missed", "missed")
    assert missed_since.half_life < often.half_life


def test_the_interval_narrows_with_moments() -> None:
    few, many = told("unprompted", "missed"), told(*["unprompted", "missed"] * 10)
    widths = [estimate(skill, 0).high - estimate(skill, 0).low for skill in (few, many)]
    assert widths[1] < 0.6 * widths[0]


def test_of_steady_reps_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Reps who neither learn nor forget, each with an own share, seen 30 times within a day: 80 % of 400."""
    random, held = Random(8), 0
    for _ in range(400):
        share, skill = random.choice(LEVELS), Skill()
        for k in range(30):
            skill = after(skill, Moment(k / 100, "unprompted" if random.random() < share else "missed", "none"))
        told_of = estimate(skill, 0.3)
        held += told_of.low <= share <= told_of.high
    assert 0.72 <= held / 400 <= 0.88


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 60), st.sampled_from(OUTCOMES), st.sampled_from(HELPS)), max_size=30))
def test_whatever_happened_it_is_a_probability_within_its_interval(steps: list[tuple[float, Outcome, Help]]) -> None:
    skill, day = Skill(), 0.0
    for gap, outcome, help in steps:
        day += gap
        skill = after(skill, Moment(day, outcome, help))
        told_of = estimate(skill, day + gap)
        assert sum(skill.belief) == pytest.approx(1.0)
        assert 0 <= told_of.low <= told_of.high <= 1
        assert 0 < told_of.p < 1
