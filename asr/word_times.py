"""When each word was said, from where the decoder looked in the sound. Pure.

As in openai/whisper's `timing.py`: the heads that follow the sound, normalised over the tokens, smoothed over time, and
the cheapest path through them (dynamic time warping).
"""

import numpy as np
import numpy.typing as npt

SMOOTHED = 7
"""Frames of the median."""
_EXCHANGES = (0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4)
Scores = npt.NDArray[np.float32]


def token_frames(scores: Scores, frames: int, last: int) -> npt.NDArray[np.int64]:
    """The frame in which what each of the `last` rows predicts begins.

    `scores` (heads, rows, frames and more): of each token that predicts the next, before the softmax.
    """
    heard = scores[:, :, :frames]
    weights = np.exp(heard - heard.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    weights = (weights - weights.mean(axis=1, keepdims=True)) / np.sqrt(weights.var(axis=1, keepdims=True) + 1e-5)
    return _path(_smooth(weights).mean(axis=0)[-last:])


def _smooth(weights: Scores) -> Scores:
    """The median of seven frames: an exchange network (N. Devillard, "Fast median search", 1998)."""
    half = SMOOTHED // 2
    frames = weights.shape[-1]
    if frames <= half:
        return weights
    wide = np.pad(weights, ((0, 0), (0, 0), (half, half)), mode="reflect")
    near = [wide[..., k : k + frames] for k in range(SMOOTHED)]
    for low, high in _EXCHANGES:
        near[low], near[high] = np.minimum(near[low], near[high]), np.maximum(near[low], near[high])
    return near[half]


def _path(weights: Scores) -> npt.NDArray[np.int64]:
    """First frame of each row on the path from the first to the last of both that sees the most."""
    rows, frames = weights.shape
    cost = np.full((rows + 1, frames + 1), np.inf)
    cost[0, 0] = 0.0
    for i in range(1, rows + 1):
        # The cheapest way within a row is a running minimum, once the way along the row is taken off.
        along = np.concatenate([[0.0], np.cumsum(-weights[i - 1], dtype=np.float64)])
        entered = np.minimum(cost[i - 1, :-1], cost[i - 1, 1:])
        cost[i, 1:] = along[1:] + np.minimum.accumulate(entered - along[:-1])
    first = np.zeros(rows, np.int64)
    i, j = rows, frames
    while i > 0 and j > 0:
        first[i - 1] = j - 1
        both, row, frame = cost[i - 1, j - 1], cost[i - 1, j], cost[i, j - 1]
        if both < row and both < frame:
            i, j = i - 1, j - 1
        elif row < both and row < frame:
            i -= 1
        else:
            j -= 1
    return first
