"""How loud one channel's background is: what is no louder may wait."""

import numpy as np

from asr.sound import Samples

CALM = 2.0
"""Times the power of the background: speech that is louder than the background is above it."""
LOUDER = 1.05
"""Each block of 0.1 s may raise the background by this, 2 dB a second; what is softer lowers it at once."""
SOFTEST = 1e-10
"""Power of a background that no microphone is below: -100 dBFS."""


class Background:
    """How loud one channel's background is: as loud as the softest sound of late."""

    def __init__(self) -> None:
        self._power = SOFTEST

    def covers(self, samples: Samples) -> bool:
        """Whether the next 0.1 s (mono, -1 to 1) are nothing but background."""
        power = float(np.dot(samples, samples)) / max(1, len(samples))
        calm = power <= CALM * self._power
        self._power = max(SOFTEST, min(power, self._power * LOUDER))
        return calm
