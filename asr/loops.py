"""Whether recognised text loops, as Whisper does on short windows. Pure."""

import re
import zlib
from collections.abc import Sequence

COMPRESSION = 2.4
"""Text that zlib shrinks by more than this repeats itself (Whisper's own threshold)."""
SHORTEST = 3
"""A phrase of at least this many words, said twice in a row, is taken for a loop."""
_PUNCTUATION = re.compile(r"[^\w]+")


def loops(words: Sequence[str], since: int = 0) -> bool:
    """Whether a phrase repeats at once, ending at or after word `since`, or the whole text compresses too well."""
    return before_loop(words, since) < len(words)


def before_loop(words: Sequence[str], since: int = 0) -> int:
    """How many words there are before a phrase is said again, as `loops` finds it; all where none is."""
    plain = [_PUNCTUATION.sub("", word).casefold() for word in words]
    for end in range(max(since, 2 * SHORTEST), len(plain) + 1):
        for length in range(SHORTEST, end // 2 + 1):
            if plain[end - length : end] == plain[end - 2 * length : end - length]:
                return end - length
    text = " ".join(words).encode()
    return since if len(text) > 40 and len(text) / len(zlib.compress(text)) > COMPRESSION else len(words)
