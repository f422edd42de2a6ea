"""Several texts followed at once, of which the likeliest is taken: beam search as openai/whisper does it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from asr.decoding import Vocabulary, log_probabilities

Logits = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Followed:
    """A text so far, the sum of its tokens' log probabilities (with its end's, once it has one), and the places at
    which the decoder was fed the tokens."""

    tokens: tuple[int, ...] = ()
    total: float = 0.0
    places: tuple[int, ...] = ()

    @property
    def mean(self) -> float:
        """Log probability per token; longer texts are less probable in all."""
        return self.total / max(1, len(self.tokens))


def spread(
    texts: Sequence[Followed], rows: Logits, forced: Sequence[int], vocabulary: Vocabulary, width: int
) -> tuple[list[Followed], list[Followed]]:
    """The `width` likeliest texts that go on from `texts`, and what ends before that many are found.

    `rows` (texts, tokens): logits after each; `forced` is what all of them began with.
    """
    every = (_longer(text, row, forced, vocabulary, width) for text, row in zip(texts, rows, strict=True))
    going, ended = [], []
    for each in sorted(chain.from_iterable(every), key=lambda text: -text.total):
        if each.tokens[-1] == vocabulary.eot:
            ended.append(replace(each, tokens=each.tokens[:-1]))
        else:
            going.append(each)
        if len(going) == width:
            break
    return going, ended


def _longer(
    text: Followed, row: Logits, forced: Sequence[int], vocabulary: Vocabulary, width: int
) -> Iterator[Followed]:
    """The text with each of its likeliest next tokens: one more than `width`, as one may be its end."""
    said = log_probabilities(row.copy(), [*forced, *text.tokens], vocabulary)
    likeliest = np.sort(np.argpartition(said, -width - 1)[-width - 1 :])
    for token in likeliest[np.argsort(-said[likeliest], kind="stable")]:
        yield Followed((*text.tokens, int(token)), text.total + float(said[token]), text.places)
