"""Simulated reps, who learn and forget otherwise than the estimator thinks: fading costs them nothing."""

import pytest

from tests.bench.fading import GUIDED, MARGIN, SCENARIOS, Scenario, compare


def check(scenario: Scenario, reps: int) -> None:
    """Not worse by the margin, with 95 %, and a card in fewer than half of the moments."""
    found = compare(scenario, reps)
    assert found.low > -MARGIN
    assert found.faded.cards.mean() < 0.5
    assert found.always.cards.mean() == 1.0


def test_reps_whose_cards_fade_do_as_much_alone_in_the_end_with_half_of_the_cards() -> None:
    check(GUIDED, 16)


@pytest.mark.verify
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_so_do_many_in_every_scenario(scenario: Scenario) -> None:
    check(scenario, 200)
