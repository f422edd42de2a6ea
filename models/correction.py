"""What the rep says of the stage outweighs what was read, and fades as the talk goes on. Pure."""

from dataclasses import dataclass, replace

import numpy as np

from models.stage import Belief

LEAD = 3.0
"""Log odds by which the rep's stage leads the one that was read: twenty to one. In the reference calls, where two
readings were wrong and the rep said so, the next one always had the rep's stage, and of the next five 91 % were right
(60 % without); from 2 to 4.6 that hardly changes."""
KEPT = 0.9
"""Of the log odds after each further utterance, for the talk moves on; 0.85 is as good, 0.95 worse."""
LEAST = 1e-4
"""A share that a reading gives counts as at least so much, or the rep's word would never fade."""


@dataclass(frozen=True)
class Correction:
    """The rep said that the call is in a stage, the `place`th of the labels, `ago` final utterances before.

    `log_odds` are added to what the readings say of that stage.
    """

    place: int
    log_odds: float
    ago: int = 0

    def later(self) -> "Correction":
        """After one more final utterance."""
        return replace(self, ago=self.ago + 1)


def correction_of(place: int, belief: Belief) -> Correction:
    """The rep names the stage at `place` where `belief` was read."""
    shares = np.maximum(belief, LEAST)
    return Correction(place, LEAD + float(np.log(shares.max() / shares[place])))


def corrected(belief: Belief, correction: Correction | None) -> Belief:
    """The stages' probabilities with what the rep said of them; they still sum to 1."""
    if correction is None:
        return belief
    raised = belief.copy()
    raised[correction.place] *= np.exp(correction.log_odds * KEPT**correction.ago)
    shares: Belief = raised / raised.sum()
    return shares
