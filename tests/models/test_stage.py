"""The stage filter is a distribution at all times, and is not moved by one odd sentence."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.heads import Heads
from models.stage import StageFilter

shares = hnp.arrays(np.float32, 8, elements=st.floats(0, 1, width=32))


@given(start=shares, emissions=st.lists(shares, min_size=1, max_size=12), power=st.floats(0.1, 2))
def test_belief_stays_a_distribution(start: np.ndarray, emissions: list[np.ndarray], power: float) -> None:
    transition = np.full((8, 8), 0.02, np.float32) + np.eye(8, dtype=np.float32) * 0.84
    stage_filter, belief = StageFilter(start, transition, power), None
    for emission in emissions:
        belief = stage_filter.step(belief, emission)
        assert np.isfinite(belief).all()
        assert (belief >= 0).all()
        assert abs(float(belief.sum()) - 1) < 1e-4


def test_one_odd_sentence_does_not_move_the_stage(heads: Heads) -> None:
    sure = np.full(8, 0.04, np.float32)
    sure[1] = 0.72
    odd = np.full(8, 0.06, np.float32)
    odd[4] = 0.58
    belief = None
    for _ in range(5):
        belief = heads.stage_filter.step(belief, sure)
    assert heads.stage_filter.step(belief, odd).argmax() == 1


def test_two_and_more_sentences_do(heads: Heads) -> None:
    one, other = (np.full(8, 0.04, np.float32) for _ in range(2))
    one[1] = other[4] = 0.72
    belief = None
    for emission in [one] * 5 + [other] * 6:
        belief = heads.stage_filter.step(belief, emission)
    assert belief is not None
    assert belief.argmax() == 4
