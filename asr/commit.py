"""The commit policy, pure: which words of successive hypotheses are stable.

LocalAgreement-2 (Macháček, Dabre, Bojar 2023, "Turning Whisper into Real-Time Transcription System"): words on which
two successive hypotheses agree become stable. A word that starts beyond the sound is never stable, and stable text
only grows; only the final may correct it.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from asr.events import Word

_EDGES = ".,;:!?…\"'‘’“”()-–—"
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d])['’-](?=[^\W\d])")


@dataclass(frozen=True)
class Agreed:
    """Stable words of the running utterance, and the tail that the last hypothesis added."""

    stable: tuple[Word, ...] = ()
    tail: tuple[Word, ...] = ()


def same(a: str, b: str) -> bool:
    """Whether two words are the same but for case and punctuation."""
    return _plain(a) == _plain(b)


def _plain(word: str) -> str:
    """Signs inside a number count: 17.5 is not 175."""
    return _BETWEEN_LETTERS.sub("", word.strip(_EDGES) or word).casefold()


def step(state: Agreed, tail: tuple[Word, ...], sound_end: float) -> Agreed:
    """A new hypothesis: `tail` are its words after `state.stable`; `sound_end` is where the sound ends (s)."""
    heard = tuple(takewhile(lambda word: word.start < sound_end, tail))
    count = 0
    for old, new in zip(state.tail, heard, strict=False):
        if not same(old.text, new.text):
            break
        count += 1
    return Agreed(state.stable + heard[:count], heard[count:])
