"""The counter that a meeting plays tells what of it was lost."""

import numpy as np
import pytest

from tests.meeting_sound import PERIOD, RATE, Gap, counter, gaps

SILENCE = np.zeros(4_800, np.int16)
SOUND = counter(3 * PERIOD)


def heard(*parts: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> list[Gap]:
    return gaps(np.concatenate([SILENCE, *parts, SILENCE]))


def test_whole_sound_has_no_gap_whatever_is_before_and_after_it() -> None:
    assert heard(SOUND) == []
    assert heard() == []


@pytest.mark.parametrize("missing", [1, 480, 4_800])
def test_what_is_missing_is_a_gap_of_its_length(missing: int) -> None:
    assert heard(SOUND[:48_000], SOUND[48_000 + missing :]) == [Gap(1000.0, round(1000 * missing / RATE, 1))]


def test_silence_in_between_is_a_gap_whether_the_sound_went_on_or_waited() -> None:
    for goes_on in (0, 480):
        (gap,) = heard(SOUND[:48_000], SILENCE[:480], SOUND[48_000 + goes_on :])
        assert gap == Gap(1000.0, 10.0)


def test_what_comes_twice_is_a_gap_and_breaks_near_to_each_other_are_one() -> None:
    assert heard(SOUND[:48_000], SOUND[47_520:]) == [Gap(1000.0, 10.0)]
    (gap,) = heard(SOUND[:48_000], SOUND[47_520:48_000], SOUND[47_520:])
    assert gap == Gap(1000.0, 10.0)
    assert len(heard(SOUND[:24_000], SOUND[24_480:48_000], SOUND[48_480:])) == 2
