"""Words as their stems, so that `migrate` is found in migrates, migrated and migrating. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_ALGORITHMS = {
    **{"ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek"},
    **{"en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian"},
    **{"fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian"},
    **{"id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian"},
    **{"pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish"},
    **{"ta": "tamil", "tr": "turkish", "yi": "yiddish"},
}
"""Snowball's stemmer of each language; the words of any other are taken as they are."""
_WORD = re.compile(r"\w+")
_TEXTS = 256
_WORDS = 50_000
"""Of so many the stems are kept at hand: what is said is read again with every partial, and by every cue."""


@dataclass(frozen=True)
class Stemmed:
    """A text with each of its words replaced by the word's stem; the signs between them stay."""

    text: str
    starts: tuple[int, ...]
    """Of each character, where what it stands for begins in the original."""
    ends: tuple[int, ...]
    """And where it ends: a stem's characters stand for the whole word."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original characters of `text[start:end]`, which holds whole words."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(_TEXTS)
def stemmed(text: str, language: str) -> Stemmed:
    """`text` in stems, whatever its case."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, end, is_word in _pieces(text):
        piece = stem(text[start:end], language) if is_word else text[start:end]
        pieces.append(piece)
        spans += [(start, end)] * len(piece) if is_word else [(k, k + 1) for k in range(start, end)]
    return Stemmed("".join(pieces), tuple(start for start, _ in spans), tuple(end for _, end in spans))


def stems(text: str, language: str) -> list[str]:
    """The stems of the words of `text`, in order."""
    return [stem(word, language) for word in _WORD.findall(text)]


@lru_cache(_WORDS)
def stem(word: str, language: str) -> str:
    """The stem of one word, in small letters."""
    # Case folding may put a combining sign into a word (Turkish İ), and a stem must stay one word.
    folded = re.sub(r"\W", "", word.casefold())
    algorithm = _ALGORITHMS.get(language)
    # One stemmer each time: they keep what they work on, and threads may share this function.
    return str(snowballstemmer.stemmer(algorithm).stemWord(folded)) or folded if algorithm else folded


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """Words, and what stands between them."""
    at = 0
    for match in _WORD.finditer(text):
        if match.start() > at:
            yield at, match.start(), False
        yield match.start(), match.end(), True
        at = match.end()
    if at < len(text):
        yield at, len(text), False
