"""Where an utterance begins and ends: a pure step function over voice-activity frames of one channel."""

from dataclasses import dataclass, replace
from enum import Enum

from asr.vad import FRAME_S

VOICED = 0.5
"""A frame at least this probable is speech (Silero's own default)."""
UNVOICED = 0.35
"""A frame below this is silence; between the two the frame counts as what came before."""
ONSET_S = 3 * FRAME_S
"""This much speech in a row starts an utterance; a click is shorter."""
PAUSE_S = 0.25
"""After this much silence the final text is decoded ahead, and thrown away if speech goes on."""
END_S = 0.5
"""This much silence ends the utterance."""


class Turn(Enum):
    """What a frame changed."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"


@dataclass(frozen=True)
class Endpoint:
    """State of one channel; times in seconds since the call began."""

    speaking: bool = False
    paused: bool = False
    onset: float | None = None
    """Start of the voiced frames in a row that may become an utterance."""
    start: float = 0.0
    voiced_until: float = 0.0


def step(state: Endpoint, probability: float, frame_end: float) -> tuple[Endpoint, Turn | None]:
    """One more frame (32 ms, ending at `frame_end` seconds) with its speech probability."""
    if not state.speaking:
        return _listen(state, probability, frame_end)
    if probability >= VOICED or (probability >= UNVOICED and not state.paused):
        resumed = Turn.RESUMED if state.paused else None
        return replace(state, voiced_until=frame_end, paused=False), resumed
    silence = frame_end - state.voiced_until
    if silence >= END_S:
        return Endpoint(voiced_until=state.voiced_until), Turn.ENDED
    if silence >= PAUSE_S and not state.paused:
        return replace(state, paused=True), Turn.PAUSED
    return state, None


def _listen(state: Endpoint, probability: float, frame_end: float) -> tuple[Endpoint, Turn | None]:
    if probability < VOICED:
        return replace(state, onset=None), None
    onset = frame_end - FRAME_S if state.onset is None else state.onset
    if frame_end - onset < ONSET_S - 1e-6:
        return replace(state, onset=onset), None
    return Endpoint(speaking=True, start=onset, voiced_until=frame_end), Turn.STARTED
