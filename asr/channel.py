"""One channel of the call: its sound kept as long as needed, its endpointing, its running utterance."""

from dataclasses import dataclass, field

import numpy as np

from asr import commit, endpoint
from asr.background import Background
from asr.events import Word
from asr.sound import SAMPLE_RATE, Samples
from asr.vad import FRAME_S, LATER_S, VoiceActivity

PREROLL_S = 0.3
"""Sound before the first voiced frame that still belongs to the utterance."""
TAIL_S = 0.2
"""Sound after the last voiced frame that the final pass still hears."""


@dataclass
class Running:
    """The utterance that is being spoken. Times in seconds since the call began."""

    id: str
    start: float
    agreed: commit.Agreed = field(default_factory=commit.Agreed)
    cut: float = 0.0
    """Where the partial window begins; words before it are stable."""
    cut_words: int = 0
    """How many stable words lie before the cut."""
    heard_until: float = 0.0
    """End of the sound that the last pass heard."""
    drafted_until: float | None = None
    """Voiced end that the draft below was decoded for, if any."""
    draft: tuple[Word, ...] = ()
    ended_at: float | None = None
    """Voiced end, once the endpoint has come."""
    said: str = ""
    """Text of the last hypothesis sent, so that none is sent twice."""


class Channel:
    """Sound and state of one side; `feed` is the only way in. Owned by the transcriber's thread."""

    def __init__(self, number: int, begins: float = 0.0) -> None:
        """`begins`: where in the call the first sound fed lies (s)."""
        self.number = number
        self.endpoint = endpoint.Endpoint()
        self.open: list[Running] = []
        """Utterances not yet final, oldest first; only the last can still grow."""
        self._voice = VoiceActivity()
        self._background = Background()
        self._begins = begins
        self._frames = 0
        self._sound = np.zeros(0, np.float32)
        self._origin = round(begins * SAMPLE_RATE)
        """Sample number of the first sample kept."""

    @property
    def now(self) -> float:
        """End of the sound fed so far (s)."""
        return (self._origin + len(self._sound)) / SAMPLE_RATE

    def feed(self, samples: Samples) -> list[tuple[endpoint.Turn, float]]:
        """Takes mono sound at 16 kHz; returns what changed, each with its time (s)."""
        self._sound = np.concatenate([self._sound, samples])
        changes = []
        calm = self._background.covers(samples) and not self.endpoint.speaking and self.endpoint.onset is None
        for probability in self._voice.feed(samples, calm=calm):
            self._frames += 1
            time = self._begins + self._frames * FRAME_S
            self.endpoint, turn = endpoint.step(self.endpoint, probability, time)
            if turn is not None:
                changes.append((turn, time))
        self._forget()
        return changes

    def sound(self, start: float, end: float) -> Samples:
        """The sound between two times (s), as far as it is kept."""
        first = max(0, round(start * SAMPLE_RATE) - self._origin)
        return self._sound[first : max(first, round(end * SAMPLE_RATE) - self._origin)]

    def _forget(self) -> None:
        oldest = self.open[0].start if self.open else self.now - 2 * PREROLL_S - endpoint.ONSET_S - LATER_S
        drop = round(oldest * SAMPLE_RATE) - self._origin
        if drop > SAMPLE_RATE:
            self._sound = self._sound[drop:]
            self._origin += drop
