"""Voice activity: Silero's model (it ships inside faster-whisper), run frame by frame on one channel."""

from typing import Any

import numpy as np
from faster_whisper.vad import get_vad_model

from asr.sound import SAMPLE_RATE, Samples

FRAME = 512
"""Samples in one frame (32 ms), as the model was trained."""
FRAME_S = FRAME / SAMPLE_RATE
_CONTEXT = 64


class VoiceActivity:
    """Keeps the model's memory for one channel, so that frames can be fed as they arrive."""

    def __init__(self) -> None:
        self._session: Any = get_vad_model().session
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._pending = np.zeros(0, np.float32)

    def feed(self, samples: Samples) -> list[float]:
        """Speech probability (0 to 1) of each whole frame completed by `samples` (mono, 16 kHz, -1 to 1)."""
        pending = np.concatenate([self._pending, samples])
        whole = len(pending) // FRAME
        frames, self._pending = pending[: whole * FRAME], pending[whole * FRAME :]
        if not whole:
            return []
        padded = np.concatenate([self._context, frames])
        self._context = padded[-_CONTEXT:]
        batch = np.stack([padded[i * FRAME : i * FRAME + FRAME + _CONTEXT] for i in range(whole)])
        output, self._h, self._c = self._session.run(None, {"input": batch, "h": self._h, "c": self._c})
        return [float(p) for p in output.reshape(-1)]
