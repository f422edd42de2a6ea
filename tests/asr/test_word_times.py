"""The path through the sound is the cheapest, and the smoothing is the median."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.word_times import SMOOTHED, _path, _smooth, token_frames


def cheapest(weights: np.ndarray) -> float:
    """The plain recursion."""
    rows, frames = weights.shape
    cost = np.full((rows + 1, frames + 1), np.inf)
    cost[0, 0] = 0
    for i in range(1, rows + 1):
        for j in range(1, frames + 1):
            cost[i, j] = min(cost[i - 1, j - 1], cost[i - 1, j], cost[i, j - 1]) - weights[i - 1, j - 1]
    return float(cost[rows, frames])


def cost_of(first: np.ndarray, weights: np.ndarray) -> float:
    """What the cheapest path costs whose rows begin in these frames: each row lasts to where the next begins, or to
    the frame before."""
    total, rows = 0.0, len(first)
    for row in range(rows):
        last = weights.shape[1] - 1 if row == rows - 1 else int(first[row + 1])
        ends = [end for end in (last - 1, last) if end >= first[row]] if row < rows - 1 else [last]
        total += min(-float(weights[row, first[row] : end + 1].sum()) for end in ends)
    return total


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(1, 40), st.integers(0, 2**32))
def test_the_path_is_the_cheapest(rows: int, frames: int, seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(rows, frames)).astype(np.float32)
    first = _path(weights)
    assert (np.diff(first) >= 0).all()
    assert first[0] == 0
    assert np.isclose(cost_of(first, weights), cheapest(weights), atol=1e-3)


@settings(deadline=None)
@given(st.integers(4, 40), st.integers(0, 2**32))
def test_the_smoothing_is_the_median_of_seven_frames(frames: int, seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(2, 3, frames)).astype(np.float32)
    wide = np.pad(weights, ((0, 0), (0, 0), (3, 3)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(wide, SMOOTHED, axis=-1)
    assert np.array_equal(_smooth(weights), np.median(windows, axis=-1))


def test_a_token_begins_where_its_heads_look() -> None:
    scores = np.full((2, 6, 50), -5.0, np.float32)
    for row, at in ((3, 0), (4, 20), (5, 35)):
        scores[:, row, at : at + 15] = 5.0
    found = token_frames(scores, 50, last=3)
    assert found[0] == 0
    assert 15 <= found[1] <= 20, "between what is seen before and what is seen of it"
    assert abs(found[2] - 35) <= 2


def test_sound_of_one_frame_has_a_place_for_all() -> None:
    assert token_frames(np.zeros((2, 4, 9), np.float32), 1, last=3).tolist() == [0, 0, 0]
