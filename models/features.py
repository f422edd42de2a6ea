"""What the heads see of an utterance: its vector, the turns before it, who speaks, how long, how late."""

from collections.abc import Sequence

import numpy as np

from asr.events import Speaker
from models.encoder import DIMENSIONS, Vectors

TURNS_BEFORE = 6
DECAY = 0.7
"""Weight of a turn against the one after it; together with TURNS_BEFORE tuned on the training calls."""
CIRCUMSTANCES = 6
TURN_WIDTH = 3 * DIMENSIONS + CIRCUMSTANCES


def turn_features(vector: Vectors, speaker: Speaker, text: str, before: Sequence[Vectors]) -> Vectors:
    """float32 [TURN_WIDTH]: the utterance's vector, the decayed mean of those before it, the last one, circumstances.

    `before` holds the vectors of all the final utterances so far, oldest first.
    """
    last = before[-1] if before else np.zeros(DIMENSIONS, np.float32)
    return np.concatenate([vector, _decayed(before), last, _circumstances(speaker, text, len(before))])


def _decayed(before: Sequence[Vectors]) -> Vectors:
    recent = before[: -TURNS_BEFORE - 1 : -1]
    if not recent:
        return np.zeros(DIMENSIONS, np.float32)
    weights = np.array([DECAY**age for age in range(len(recent))], np.float32)
    mean: Vectors = weights @ np.stack(recent) / weights.sum()
    return mean


def _circumstances(speaker: Speaker, text: str, turn: int) -> Vectors:
    length = float(np.log1p(len(text.split()))) / 4
    return np.array(
        [
            speaker == "rep",
            speaker == "buyer",
            length,
            turn == 0,
            np.log1p(turn) / 4,
            np.exp(-turn / 6),
        ],
        np.float32,
    )
