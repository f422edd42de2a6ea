"""What the stance and guard heads see of a competitor's mention: its surroundings, with the name hidden."""

from dataclasses import dataclass
from typing import get_args

import numpy as np

from asr.events import Speaker
from models.competitors import SAME_SOUND, Candidate
from models.encoder import DIMENSIONS, Encoder, Vectors
from models.events import Stance
from models.everyday import in_everyday_company
from models.surroundings import SURROUNDINGS, around, surroundings

WINDOW_WORDS = 4
"""Words kept on either side of the name; the patterns of `models.surroundings` look further."""
BAG_WORDS = 6
"""Words on either side of the name that go into the bag of words."""
HIDDEN = "the vendor"
STANCES = len(get_args(Stance))
CUES = 16
BLOCKS = (DIMENSIONS, DIMENSIONS, DIMENSIONS, DIMENSIONS, CUES, SURROUNDINGS, STANCES)
"""How many numbers: the window without the name, the name in its text, the text, the one before, cues, what stands
around the name, what the call knows of the vendor."""
MENTION_WIDTH = sum(BLOCKS)
_NEVER_SMALL = frozenset({"monday", "mondays"})


@dataclass(frozen=True)
class Setting:
    """The utterance that a mention stands in, and the vector of the one before it (zeros where there is none)."""

    text: str
    speaker: Speaker
    last: Vectors


def mention_features(encoder: Encoder, setting: Setting, candidate: Candidate, known: Vectors) -> Vectors:
    """float32 [MENTION_WIDTH]. `known` [STANCES]: the vendor's stance where the call last named it, or zeros."""
    encoded = encoder.read(setting.text)
    window = encoder.read(_hidden_window(setting.text, candidate)).vector
    name = encoded.pool(candidate.start, candidate.end)
    patterns = surroundings(setting.text, candidate.start, candidate.end)
    return np.concatenate([window, name, encoded.vector, setting.last, _cues(setting, candidate), patterns, known])


def mention_words(text: str, candidate: Candidate) -> str:
    """The words next to the name, without it, for the heads' bag of words."""
    return around(text, candidate.start, candidate.end, BAG_WORDS)


def _hidden_window(text: str, candidate: Candidate) -> str:
    before = text[: candidate.start].split(" ")[-WINDOW_WORDS - 1 :]
    after = text[candidate.end :].split(" ")[: WINDOW_WORDS + 1]
    return f"{' '.join(before)}{HIDDEN}{' '.join(after)}".strip()


def _cues(setting: Setting, candidate: Candidate) -> Vectors:
    text = setting.text
    said, before = text[candidate.start : candidate.end], text[: candidate.start].rstrip()
    starts = not before or before[-1] in ".!?"
    small, exact = said[:1].islower(), candidate.letters == 1.0
    capital = not small and said.lower() not in _NEVER_SMALL
    # A recogniser that writes capitals knows most vendors; where it writes none at all, a small letter says nothing.
    cased = any(letter.isupper() for letter in text)
    plain = exact and not candidate.sure
    return np.array(
        [
            candidate.sure,
            (candidate.letters - 0.8) * 5,
            (candidate.sound - 0.8) * 5,
            exact,
            small,
            capital and not starts,
            plain and cased and small,
            plain and cased and not small,
            not exact and cased and not small,
            not exact and candidate.sound >= SAME_SOUND,
            len(said.split()) > 1,
            said.lower() in _NEVER_SMALL,
            in_everyday_company(text, candidate.start, candidate.end),
            setting.speaker == "rep",
            setting.speaker == "buyer",
            float(np.log1p(len(text.split()))) / 4,
        ],
        np.float32,
    )
