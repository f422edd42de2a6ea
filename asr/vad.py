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
"""Calm sound waits for the model until there is so much of it: one run for it all costs half of one every 0.1 s."""
LOOKS = 4
"""After so many pieces (LATER_S) of calm in which there is no speech, the model hears only each so-manieth, and afresh:
its memory drifts in long silence, and it took the first 0.9 s of a sentence after a minute of room noise for noise."""
NO_SPEECH = 0.2
"""Probability below which all frames of a piece must be for that."""


class VoiceActivity:
    """Keeps the model's memory for one channel, so that frames can be fed as they arrive."""

    def __init__(self) -> None:
        self._session: Any = get_vad_model().session
        self._forget()
        self._context = np.zeros(_CONTEXT, np.float32)
        self._pending = np.zeros(0, np.float32)
        self._calm = 0
        """Pieces of calm in a row."""

    def feed(self, samples: Samples, *, calm: bool = False) -> list[float]:
        """Speech probability (0 to 1) of each whole frame completed by `samples` (mono, 16 kHz, -1 to 1).

        Those of `calm` sound may come later, at most LATER_S; where it lasts, most count as 0 without being heard.
        """
        if not calm:
            self._calm = 0
        pending = np.concatenate([self._pending, samples])
        whole = 0 if calm and len(pending) < LATER_S * SAMPLE_RATE else len(pending) // FRAME
        frames, self._pending = pending[: whole * FRAME], pending[whole * FRAME :]
        if not whole:
            return []
        padded = np.concatenate([self._context, frames])
        self._context = padded[-_CONTEXT:]
        self._calm += calm
        if self._calm > LOOKS and self._calm % LOOKS:
            self._forget()
            return [0.0] * whole
        probabilities = self._run(padded, whole)
        if max(probabilities) >= NO_SPEECH:
            self._calm = 0
        return probabilities

    def _forget(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)

    def _run(self, padded: Samples, whole: int) -> list[float]:
        batch = np.stack([padded[i * FRAME : i * FRAME + FRAME + _CONTEXT] for i in range(whole)])
        output, self._h, self._c = self._session.run(None, {"input": batch, "h": self._h, "c": self._c})
        return [float(p) for p in output.reshape(-1)]
