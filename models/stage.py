"""The stage of the call over time: a recurrent filter, whose memory carries what was said so far.

One odd sentence moves it little, since what an utterance means for the stage is weighed against what came before; how
much, is learned from labelled calls (models/stage_fit.py).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.encoder import DIMENSIONS, Vectors
from models.features import CIRCUMSTANCES

Belief = npt.NDArray[np.float32]

SEEN = DIMENSIONS + CIRCUMSTANCES
"""Of an utterance's features the filter sees its own vector and the circumstances; the turns before are its memory."""


@dataclass(frozen=True)
class StageFilter:
    """Gated recurrent units (Cho et al. 2014), each behind a dense layer; they learned apart and are heard together.

    For k units with dense layers of width p and memories of width h: `dense` [k, SEEN, p], `dense_bias` [k, 1, p],
    `given` [k, p, 3 h], `given_bias` [k, 1, 3 h], `kept` [k, h, 3 h]; the thirds are update gate, reset gate and
    candidate. `start` [stages] is how often calls begin in a stage.
    """

    start: Belief
    dense: Vectors
    dense_bias: Vectors
    given: Vectors
    given_bias: Vectors
    kept: Vectors

    @property
    def width(self) -> int:
        """Of what `course` gives."""
        units, memory, _ = self.kept.shape
        return int(units * (memory + self.dense.shape[2]))

    def step(self, memory: Vectors | None, turn: Vectors) -> tuple[Vectors, Vectors]:
        """The memory [k, 1, h] after an utterance with the features `turn`, and what the stage's head sees [width].

        `memory` is None before the first utterance.
        """
        units, width, _ = self.kept.shape
        before = np.zeros((units, 1, width), np.float32) if memory is None else memory
        seen = np.concatenate([turn[:DIMENSIONS], turn[-CIRCUMSTANCES:]])[None]
        dense = np.tanh(seen @ self.dense + self.dense_bias)
        update, _, candidate = gates(dense @ self.given + self.given_bias, before @ self.kept)
        after = remember(before, update, candidate)
        return after, np.concatenate([after, dense], axis=2).ravel()


def gates(given: Vectors, kept: Vectors) -> tuple[Vectors, Vectors, Vectors]:
    """Update gate, reset gate and candidate [..., h] of what they are given and what they kept [..., 3 h]."""
    width = given.shape[-1] // 3
    opened = 1 / (1 + np.exp(-np.clip(given[..., : 2 * width] + kept[..., : 2 * width], -30, 30)))
    update, reset = opened[..., :width], opened[..., width:]
    return update, reset, np.tanh(given[..., 2 * width :] + reset * kept[..., 2 * width :])


def remember(before: Vectors, update: Vectors, candidate: Vectors) -> Vectors:
    """The memory after `before`: what the gate keeps of it, and the rest from the candidate."""
    after: Vectors = update * before + (1 - update) * candidate
    return after
