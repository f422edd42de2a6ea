"""The commit policy, pure: which words of successive hypotheses are stable.

A word is stable once it stood in two successive hypotheses (LocalAgreement-2: Macháček, Dabre, Bojar 2023, "Turning
Whisper into Real-Time Transcription System"); at first sight where the model is sure of it and of the words before it,
and it does not touch the end of the sound, where it may be half a word; and only at the third where the model doubts.
A word that starts beyond the sound is never stable, and stable text only grows; only the final may correct it.
"""

import re
from dataclasses import dataclass
from itertools import accumulate, takewhile

from asr.events import Word

_EDGES = ".,;:!?…\"'‘’“”()-–—"
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d])['’-](?=[^\W\d])")

SURE = 0.8
"""A new word of which the model is so sure, and of all before it, was kept by the final in 54 of 54 cases."""
EDGE_S = 0.1
"""So near to the end of the sound 5 of 29 such words were not."""
DOUBT = 0.65
"""Of words in two hypotheses the final kept 97 % above this probability, and 80 % below."""


@dataclass(frozen=True)
class Agreed:
    """Stable words of the running utterance, and the tail that the last hypothesis added."""

    stable: tuple[Word, ...] = ()
    tail: tuple[Word, ...] = ()
    stood: tuple[int, ...] = ()
    """In how many hypotheses in a row each word of the tail has stood, behind the same words."""


def same(a: str, b: str) -> bool:
    """Whether two words are the same but for case and punctuation."""
    return _plain(a) == _plain(b)


def _plain(word: str) -> str:
    """Signs inside a number count: 17.5 is not 175."""
    return _BETWEEN_LETTERS.sub("", word.strip(_EDGES) or word).casefold()


def step(state: Agreed, tail: tuple[Word, ...], sound_end: float) -> Agreed:
    """A new hypothesis: `tail` are its words after `state.stable`; `sound_end` is where the sound ends (s)."""
    heard = tuple(takewhile(lambda word: word.start < sound_end, tail))
    stood = _stood(state, heard)
    certain = tuple(accumulate((word.probability for word in heard), min))
    count = 0
    while count < len(heard) and _is_stable(heard[count], certain[count], stood[count], sound_end):
        count += 1
    return Agreed(state.stable + heard[:count], heard[count:], stood[count:])


def _is_stable(word: Word, certain: float, stood: int, sound_end: float) -> bool:
    if certain >= SURE and word.end <= sound_end - EDGE_S:
        return True
    return stood >= (2 if certain >= DOUBT else 3)


def _stood(state: Agreed, heard: tuple[Word, ...]) -> tuple[int, ...]:
    counts = [1] * len(heard)
    for k, (old, new) in enumerate(zip(state.tail, heard, strict=False)):
        if not same(old.text, new.text):
            break
        counts[k] = state.stood[k] + 1
    return tuple(counts)
