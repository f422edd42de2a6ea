"""Names that a recogniser may not know how to spell: where a text has something that sounds like one. Pure."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

NEAR = 75.0
"""Likeness of letters (0 to 100): `Zen disk`, `Zengesk` and `in desk` for Zendesk, not `the desk` (67)."""
MORE_WORDS = 1
"""A name falls apart into so many words more, as in `fresh desk`."""


def misspelt(text: str, names: Sequence[str]) -> bool:
    """Whether some words of `text` sound like one of `names`, but are not written like it."""
    words = [word for word in map(_letters, text.split()) if word]
    return any(_has_near(words, name) for name in names)


def written(text: str, names: Sequence[str]) -> int:
    """How often one of `names` stands in `text`, as it is written."""
    return sum(len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)) for name in names)


def _has_near(words: Sequence[str], name: str) -> bool:
    parts = [part for part in map(_letters, name.split()) if part]
    whole = "".join(parts)
    for length in range(1, len(parts) + MORE_WORDS + 1):
        for k in range(len(words) - length + 1):
            said = words[k : k + length]
            rightly = parts in (said[: len(parts)], said[-len(parts) :])
            if not rightly and fuzz.ratio("".join(said), whole, score_cutoff=NEAR):
                return True
    return False


def _letters(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold()
