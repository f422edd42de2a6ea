"""The stage of the call over time: a forward filter, so that one odd sentence does not move it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Belief = npt.NDArray[np.float32]

FLOOR = 1e-6
"""No stage is ever impossible: the head may be sure and wrong."""


@dataclass(frozen=True)
class StageFilter:
    """A hidden Markov model's forward pass (Rabiner 1989), normalised at every step.

    `start` [n] is where calls begin, `transition` [n, n] how often stage i is followed by j, both counted from
    labelled calls. Neighbouring sentences are no independent evidence, so emissions are raised to `power`.
    """

    start: Belief
    transition: Belief
    power: float

    def step(self, belief: Belief | None, emission: Belief) -> Belief:
        """The belief [n] after an utterance whose head says `emission` [n]; `belief` is None before the first one."""
        expected = self.start if belief is None else belief @ self.transition
        joint = np.maximum(expected, FLOOR) * np.maximum(emission, FLOOR) ** self.power
        after: Belief = (joint / joint.sum()).astype(np.float32)
        return after
