"""What the stance and guard heads see of a competitor's mention: its surroundings, with the name hidden."""

import re

import numpy as np

from models.competitors import Candidate
from models.encoder import DIMENSIONS, Encoder, Vectors

WINDOW_WORDS = 14
"""Words kept on either side of the name: a clause or two, not the whole story."""
HIDDEN = "the vendor"

_USED = frozenset(
    "on use uses using used with from via to switch switched into onto than versus vs have in through".split()
)
_SPENT = frozenset("next this last by until every each before since till tuesday wednesday thursday friday".split())
_OWNED = frozenset("a an the your my our some his her their no any that cut".split())
_DATED = frozenset("morning afternoon evening night week at then or and works meeting the after next".split())
_ALWAYS_CAPITAL = frozenset({"monday", "mondays", "i"})
CUES = 12
MENTION_WIDTH = 3 * DIMENSIONS + CUES


def mention_features(encoder: Encoder, text: str, candidate: Candidate) -> Vectors:
    """float32 [MENTION_WIDTH]: the hidden window's vector, that of the few words around it, the whole text's, cues."""
    wide, narrow = (hidden_window(text, candidate, words) for words in (WINDOW_WORDS, 4))
    vectors = encoder.encode([wide, narrow, text])
    return np.concatenate([*vectors, _cues(text, candidate)])


def hidden_window(text: str, candidate: Candidate, words: int) -> str:
    """Up to `words` words on either side of the name, and a stand-in for the name."""
    before = text[: candidate.start].split(" ")[-words - 1 :]
    after = text[candidate.end :].split(" ")[: words + 1]
    return f"{' '.join(before)}{HIDDEN}{' '.join(after)}".strip()


def _cues(text: str, candidate: Candidate) -> Vectors:
    said = text[candidate.start : candidate.end]
    before = re.findall(r"[\w']+", text[: candidate.start].lower())[-1:]
    after = re.findall(r"[\w']+", text[candidate.end :].lower())[:1]
    starts = not text[: candidate.start].strip() or text[: candidate.start].rstrip()[-1] in ".!?"
    capital = said[:1].isupper() and said.lower() not in _ALWAYS_CAPITAL
    return np.array(
        [
            candidate.sure,
            (candidate.letters - 0.8) * 5,
            (candidate.sound - 0.8) * 5,
            candidate.letters == 1.0,
            capital and not starts,
            said[:1].islower(),
            len(said.split()) > 1,
            bool(before) and before[0] in _USED,
            bool(before) and before[0] in _SPENT,
            bool(before) and before[0] in _OWNED,
            bool(after) and after[0] in _DATED,
            said.lower() in _ALWAYS_CAPITAL,
        ],
        np.float32,
    )
