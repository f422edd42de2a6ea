"""The commit policy, pure: which words of successive hypotheses are stable.

LocalAgreement-2 (Macháček, Dabre, Bojar 2023, "Turning Whisper into Real-Time Transcription System"): words on which
two successive hypotheses agree become stable. A word that starts beyond the sound is never stable, and stable text
only grows; only the final may correct it.
"""

import re
from dataclasses import dataclass

from asr.events import Word

_PUNCTUATION = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Agreed:
    """Stable words of the running utterance, and the tail that the last hypothesis added."""

    stable: tuple[Word, ...] = ()
    tail: tuple[Word, ...] = ()


def same(a: str, b: str) -> bool:
    """Whether two words are the same but for case and punctuation."""
    return _PUNCTUATION.sub("", a).casefold() == _PUNCTUATION.sub("", b).casefold()


def step(state: Agreed, tail: tuple[Word, ...], sound_end: float) -> Agreed:
    """A new hypothesis: `tail` are its words after `state.stable`; `sound_end` is where the sound ends (s)."""
    heard = tuple(word for word in tail if word.start < sound_end)
    count = 0
    for old, new in zip(state.tail, heard, strict=False):
        if not same(old.text, new.text):
            break
        count += 1
    return Agreed(state.stable + heard[:count], heard[count:])
