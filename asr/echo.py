"""Loudspeakers: the microphone hears the buyer too, and their words would be taken for the rep's.

Pure. How loud both sides are, every 0.05 s, tells loudspeakers from headphones: while the buyer talks, the microphone's
level goes up and down with theirs. Then what is no louder than the echo should be is taken from the rep's side, so that
it neither becomes a line nor joins one of theirs; and a line that repeats the buyer's all the same is dropped.
"""

import itertools
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from asr.events import Advice, Event, Hypothesis, Utterance
from asr.sound import SAMPLE_RATE, Samples

FRAME = SAMPLE_RATE // 20
FRAMES_PER_S = 20
EVERY = 5
"""Frames after which the levels are compared again."""
REMEMBERED_S = 20
NEEDED_S = 1.5
"""Of the buyer's speech, before anything is said about it."""
LATEST_S = 0.35
"""Loudspeakers, room and sound cards delay the sound by up to this."""
DELAYS = round(LATEST_S * FRAMES_PER_S)
OWN_DB = 8.0
"""Who is so much louder than their echo should be talks themselves."""
HUSHED = 0.01
TALKS_DB = 20.0
"""The buyer talks while their channel is at most so far below its loudest."""
SOFTEST_DBFS = -65.0
"""Below this nobody talks."""
ECHO, NO_ECHO = 0.55, 0.35
"""Correlation from which on the microphone hears the buyer, and below which it no longer does. Measured on the demo
call: headphones at most 0.3, loudspeakers 0.7 to 0.96 (the buyer mixed in at -6 to -30 dB)."""
WITHIN_S = 2.0
"""A repeated line lies within so long of the one that it repeats."""
ALIKE = 70.0
"""Of 100: two passes over the same words, one of them muffled, agree at least so far."""
SHORT, ALIKE_SHORT = 4, 90.0
"""A line of so few words may be the rep's own "yes, exactly"; then it must agree better."""
TOLD = "Your microphone hears your loudspeakers; a headset hears better."
_KEPT = 6
"""The buyer's last lines."""


@dataclass
class EchoGate:
    """`hear` all sound, and `let_through` every event, in order. Owned by the transcriber's thread."""

    loudspeakers: bool = False
    _told: bool = False
    _gain: float = 0.0
    """Of the echo (dB): how loud the microphone hears what the loudspeakers say."""
    _frames: int = 0
    """Since the levels were compared last."""
    _levels: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=REMEMBERED_S * FRAMES_PER_S))
    _buyer: deque[Utterance] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _running: Hypothesis | None = None
    _shown: set[str] = field(default_factory=set)
    """The rep's utterances of which a hypothesis was let through."""

    def hear(self, rep: Samples, buyer: Samples) -> Samples:
        """Both sides' sound of the same time, mono at 16 kHz; the rep's comes back, without what is only echo."""
        levels = list(zip(_dbfs(rep), _dbfs(buyer), strict=True))
        self._levels.extend(levels)
        self._frames += len(levels)
        if self._frames >= EVERY:
            if self._played_lately(self._frames):
                self._compare()
            self._frames = 0
        return self._without_echo(rep, len(levels)) if self.loudspeakers else rep

    def _played_lately(self, frames: int) -> bool:
        """Whether the last so many frames can hold an echo: where the buyer is silent there is nothing to compare."""
        lately = itertools.islice(reversed(self._levels), frames + DELAYS)
        return any(played > SOFTEST_DBFS for _, played in lately)

    def _compare(self) -> None:
        correlation = correlated(self._levels)
        if correlation is not None:
            self.loudspeakers = correlation > (NO_ECHO if self.loudspeakers else ECHO)
        if self.loudspeakers:
            self._gain = echo_gain(self._levels)

    def _without_echo(self, rep: Samples, frames: int) -> Samples:
        quiet = rep.copy()
        levels = list(self._levels)
        for k in range(frames):
            at = len(levels) - frames + k
            played = max(level for _, level in levels[max(0, at - DELAYS) : at + 1])
            if levels[at][0] < played + self._gain + OWN_DB and played > SOFTEST_DBFS:
                quiet[k * FRAME : (k + 1) * FRAME] *= HUSHED
        return quiet

    def let_through(self, event: Hypothesis | Utterance) -> list[Event]:
        """The event; nothing for one that repeats the buyer, or an utterance without words where some were shown.

        Before the first event after loudspeakers were noticed, the advice to use a headset.
        """
        told: list[Event] = []
        if self.loudspeakers and not self._told:
            told, self._told = [Advice(t=event.t, part="loudspeakers", message=TOLD)], True
        if event.channel == 1:
            self._remember(event)
            return [*told, event]
        lines: list[Hypothesis | Utterance] = [*self._buyer, *([self._running] if self._running else [])]
        if not self.loudspeakers or not repeats(event, lines):
            if isinstance(event, Hypothesis):
                self._shown.add(event.utterance)
            return [*told, event]
        if isinstance(event, Utterance) and event.id in self._shown:
            return [*told, Utterance(**{**vars(event), "text": "", "words": ()})]
        return told

    def _remember(self, event: Hypothesis | Utterance) -> None:
        if isinstance(event, Hypothesis):
            self._running = event
        else:
            self._running = None
            self._buyer.append(event)


def correlated(levels: Sequence[tuple[float, float]]) -> float | None:
    """How the microphone's level (first, dBFS) goes with the buyer's while they talk: -1 to 1 at the best delay.

    None while they have not talked enough.
    """
    if len(levels) < NEEDED_S * FRAMES_PER_S + DELAYS + 1:
        return None
    rep, buyer = np.array(levels, np.float64).T
    best: float | None = None
    for delay in range(DELAYS + 1):
        heard, played = rep[delay:], buyer[: len(buyer) - delay]
        talks = _talks(played)
        if talks.sum() < NEEDED_S * FRAMES_PER_S or min(heard[talks].std(), played[talks].std()) < 0.5:
            continue
        found = float(np.corrcoef(heard[talks], played[talks])[0, 1])
        best = found if best is None else max(best, found)
    return best


def echo_gain(levels: Sequence[tuple[float, float]]) -> float:
    """By how much (dB) the microphone's echo is louder than what is played, which lies up to LATEST_S before it."""
    rep, buyer = np.array(levels, np.float64).T
    played = np.lib.stride_tricks.sliding_window_view(buyer, DELAYS + 1).max(axis=1)
    talks = _talks(played)
    return float(np.median((rep[DELAYS:] - played)[talks]))


def _talks(played: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """The frames in which the buyer talks."""
    return np.asarray(played > max(SOFTEST_DBFS, float(np.percentile(played, 95)) - TALKS_DB))


def repeats(line: Hypothesis | Utterance, buyer: Iterable[Hypothesis | Utterance]) -> bool:
    """Whether a line's words are the buyer's of about the same time."""
    words = _plain(line)
    near = [
        other
        for other in buyer
        if other.audio_start - WITHIN_S < line.audio_end and line.audio_start < other.audio_end + WITHIN_S
    ]
    said = " ".join(_plain(other) for other in near)
    if not words or not said:
        return False
    needed = ALIKE_SHORT if len(words.split()) <= SHORT else ALIKE
    return fuzz.partial_ratio(words, said) >= needed if len(words) <= len(said) else fuzz.ratio(words, said) >= needed


def _plain(line: Hypothesis | Utterance) -> str:
    text = line.text if isinstance(line, Utterance) else f"{line.stable} {line.rest}"
    return " ".join("".join(c for c in word if c.isalnum()) for word in text.lower().split())


def _dbfs(samples: Samples) -> list[float]:
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    power = np.einsum("ij,ij->i", frames, frames) / FRAME
    return [float(level) for level in 10 * np.log10(np.maximum(power, 1e-12))]
