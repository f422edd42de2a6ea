"""Which words of an utterance a label rests on: the stretch of a sentence that speaks for it most.

A head is linear in the utterance's vector, and that is the mean of its tokens' vectors; so what each token adds to the
head's logit is known exactly, and leaving words out one by one (occlusion) would only say the same at a pass each.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.encoder import Vectors

Span = tuple[int, int]

CLEAR = 0.25
"""A token speaks for a label where it adds more than the tokens' mean by this many standard deviations."""


def strongest_words(text: str, offsets: npt.NDArray[np.int64], speaks: Vectors, sentences: Sequence[Span]) -> Span:
    """Characters [start, end) of whole words of one of the `sentences`.

    `offsets` [n, 2] are the tokens' places in `text`, `speaks` [n] what each adds to the label's logit.
    """
    said = offsets[:, 1] > offsets[:, 0]
    speaks = speaks - speaks[said].mean() - CLEAR * speaks[said].std()
    best, found = -np.inf, sentences[0]
    for start, end in sentences:
        inside = np.flatnonzero(said & (offsets[:, 0] >= start) & (offsets[:, 1] <= end))
        if not len(inside):
            continue
        first, last, total = _heaviest_run(speaks[inside])
        if total > best:
            best, found = total, (int(offsets[inside[first], 0]), int(offsets[inside[last], 1]))
    return _whole_words(text, found)


def _heaviest_run(numbers: Vectors) -> tuple[int, int, float]:
    """First, last and sum of the run with the largest sum (Kadane's algorithm, Bentley 1984); never empty."""
    best, current, start = (0, 0, -np.inf), 0.0, 0
    for place, number in enumerate(numbers):
        if current <= 0:
            current, start = 0.0, place
        current += float(number)
        if current > best[2]:
            best = (start, place, current)
    return best


def _whole_words(text: str, span: Span) -> Span:
    start, end = span
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
