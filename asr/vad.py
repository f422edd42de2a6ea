"""Voice activity: Silero's model (it ships inside faster-whisper), run frame by frame on one channel."""

from typing import Any

import numpy as np
from faster_whisper.vad import get_vad_model

from asr.sound import SAMPLE_RATE, Samples

FRAME = 512
"""Samples in one frame (32 ms), as the model was trained."""
FRAME_S = FRAME / SAMPLE_RATE
_CONTEXT = 64
LATER_S = 0.5
"""Calm sound waits for the model until there is so much of it: one run for it all costs a third of one every 0.1 s."""
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


class VoiceActivity:
    """Keeps the model's memory for one channel, so that frames can be fed as they arrive."""

    def __init__(self) -> None:
        self._session: Any = get_vad_model().session
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._pending = np.zeros(0, np.float32)

    def feed(self, samples: Samples, *, calm: bool = False) -> list[float]:
        """Speech probability (0 to 1) of each whole frame completed by `samples` (mono, 16 kHz, -1 to 1).

        Those of `calm` sound may come later, at most LATER_S; they are the same then.
        """
        pending = np.concatenate([self._pending, samples])
        whole = 0 if calm and len(pending) < LATER_S * SAMPLE_RATE else len(pending) // FRAME
        frames, self._pending = pending[: whole * FRAME], pending[whole * FRAME :]
        if not whole:
            return []
        padded = np.concatenate([self._context, frames])
        self._context = padded[-_CONTEXT:]
        batch = np.stack([padded[i * FRAME : i * FRAME + FRAME + _CONTEXT] for i in range(whole)])
        output, self._h, self._c = self._session.run(None, {"input": batch, "h": self._h, "c": self._c})
        return [float(p) for p in output.reshape(-1)]
