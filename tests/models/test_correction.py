"""What the rep says of the stage counts at once, and less with everything that is said after it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.correction import Correction, corrected, correction_of
from models.stage import Belief

STAGES = 8
shares = hnp.arrays(np.float32, STAGES, elements=st.floats(2**-10, 1, width=32))
places = st.integers(0, STAGES - 1)


def belief_of(share: Belief) -> Belief:
    whole: Belief = share / share.sum()
    return whole


def later(correction: Correction, utterances: int) -> Correction:
    for _ in range(utterances):
        correction = correction.later()
    return correction


@pytest.mark.parametrize("share", [0.001, 0.3, 0.5])
def test_the_rep_s_stage_leads_at_once_however_unlikely_it_was(share: float) -> None:
    belief = np.array([1 - share, share], np.float32)
    assert corrected(belief, correction_of(1, belief)) == pytest.approx([0.047, 0.953], abs=0.001)


def test_a_share_of_nothing_is_no_obstacle() -> None:
    belief = np.array([1.0, 0.0], np.float32)
    assert np.isfinite(corrected(belief, correction_of(1, belief))).all()


def test_the_next_reading_has_to_be_much_surer_of_another() -> None:
    said = correction_of(1, np.array([0.7, 0.3], np.float32))
    assert corrected(np.array([0.9, 0.1], np.float32), said)[1] > 0.5
    assert corrected(np.array([0.999, 0.001], np.float32), said)[1] < 0.5


def test_without_a_correction_nothing_changes() -> None:
    belief = np.array([0.9, 0.1], np.float32)
    assert corrected(belief, None) is belief


@given(share=shares, place=places, ago=st.integers(0, 60))
def test_they_stay_probabilities_and_the_others_keep_their_order(share: Belief, place: int, ago: int) -> None:
    belief = belief_of(share)
    before = belief.copy()
    after = corrected(belief, later(correction_of(place, belief), ago))
    assert (belief == before).all()
    assert float(after.sum()) == pytest.approx(1, abs=1e-4)
    others = np.delete(after, place) / np.delete(belief, place)
    assert others == pytest.approx(others[0], rel=1e-3)


@given(share=shares, place=places)
def test_it_fades_with_each_utterance_until_nothing_is_left(share: Belief, place: int) -> None:
    belief = belief_of(share)
    course = [float(corrected(belief, later(correction_of(place, belief), ago))[place]) for ago in (0, 1, 5, 20, 100)]
    assert course == sorted(course, reverse=True)
    assert course[-1] == pytest.approx(float(belief[place]), abs=1e-3)
