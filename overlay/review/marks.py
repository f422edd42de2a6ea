"""Which words of a line something rests on: cuts a text into plain and marked pieces. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from asr.events import Word


@dataclass(frozen=True)
class Mark:
    """Characters [start, end) of a text, what kind of thing rests on them, and what it is."""

    start: int
    end: int
    kind: str
    says: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text under the same marks; plain where `kinds` is empty."""

    text: str
    kinds: tuple[str, ...] = ()
    says: str = ""


def pieces(text: str, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    """The text cut wherever a mark begins or ends; joined again they are the text."""
    sound = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    cuts = sorted({0, len(text), *(m.start for m in sound), *(m.end for m in sound)})
    return tuple(_piece(text, start, end, sound) for start, end in pairwise(cuts))


def spoken_between(text: str, words: Iterable[Word], because: Sequence[Word]) -> tuple[int, int] | None:
    """The characters of the words that were spoken while `because` was; None where the final text lost them."""
    if not because:
        return None
    start, end = because[0].start, because[-1].end
    found = [place for word, place in _places(text, words) if start <= (word.start + word.end) / 2 <= end]
    return (found[0][0], found[-1][1]) if found else None


def _piece(text: str, start: int, end: int, marks: Sequence[Mark]) -> Piece:
    here = [mark for mark in marks if mark.start <= start and end <= mark.end]
    kinds = tuple(sorted({mark.kind for mark in here}))
    return Piece(text[start:end], kinds, " · ".join(dict.fromkeys(mark.says for mark in here)))


def _places(text: str, words: Iterable[Word]) -> Iterable[tuple[Word, tuple[int, int]]]:
    """Each word with its characters; a word that is not in the text (redacted) is left out."""
    at = 0
    for word in words:
        start = text.find(word.text, at)
        if start >= 0:
            at = start + len(word.text)
            yield word, (start, at)
