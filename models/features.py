"""What the heads see of an utterance: its vector, the one before it, who speaks, how long, how late."""

from collections.abc import Sequence

import numpy as np

from asr.events import Speaker
from models.encoder import DIMENSIONS, Vectors

CIRCUMSTANCES = 6
TURN_WIDTH = 2 * DIMENSIONS + CIRCUMSTANCES


def turn_features(vector: Vectors, speaker: Speaker, text: str, before: Sequence[Vectors]) -> Vectors:
    """float32 [TURN_WIDTH]: the utterance's vector, the one before it, circumstances.

    `before` holds the vectors of all the final utterances so far, oldest first.
    """
    last = before[-1] if before else np.zeros(DIMENSIONS, np.float32)
    return np.concatenate([vector, last, _circumstances(speaker, text, len(before))])


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
