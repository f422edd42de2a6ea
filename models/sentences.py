"""Splits an utterance into the pieces that can each mean something of their own."""

import re

MIN_WORDS = 2
"""Shorter pieces join the next one: "Yes." alone says nothing to an encoder."""

MAX_PIECES = 40
"""A rant is read from its end: what was said last is what a card answers."""

_END = re.compile(r"(?<=[.!?;。！？؟।])[\"'”’)\]]*\s+|\n+")


def split(text: str) -> list[tuple[int, int]]:
    """Character spans [start, end) of the sentences of `text`, in order, without the space around them."""
    cuts = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    spans: list[tuple[int, int]] = []
    start = 0
    for end in cuts[1:]:
        if len(text[start:end].split()) >= MIN_WORDS:
            spans.append((start, end))
            start = end
    if text[start:].strip():
        spans.append((start, len(text)))
    return [_trim(text, span) for span in spans][-MAX_PIECES:]


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int]:
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())
