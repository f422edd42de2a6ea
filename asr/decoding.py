"""Which token comes next: Whisper's rules, and how far a draft holds. Pure; logits in, tokens out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TIE = 0.2
"""Logits nearer than this differ by the rounding of whole numbers: tokens fed one by one and at once differ so too."""
Logits = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """Numbers of Whisper's special tokens. Text comes before `eot`, timestamps from `timestamps` on."""

    eot: int
    no_timestamps: int
    no_speech: int
    suppressed: tuple[int, ...]
    suppressed_first: tuple[int, ...]
    """Not as the first token either: a blank, and the end."""

    @property
    def timestamps(self) -> int:
        return self.no_timestamps + 1


@dataclass(frozen=True)
class Choice:
    """A token, and its log probability among those that were allowed."""

    token: int
    log_probability: float


def choose(
    logits: Logits, said: Sequence[int], vocabulary: Vocabulary, *, timed: bool, rather: int | None = None
) -> Choice:
    """The likeliest token after `said`, or `rather` where it is as likely; `logits` (tokens,) are changed.

    `timed`: with timestamps, of which 0.00 came first.
    """
    _suppress(logits, said, vocabulary)
    if timed:
        _time_rules(logits, [vocabulary.timestamps, *said], vocabulary)
    token = int(logits.argmax())
    if rather is not None and logits[rather] > logits[token] - TIE:
        token = rather
    return Choice(token, float(logits[token]) - _total(logits))


def log_probabilities(logits: Logits, said: Sequence[int], vocabulary: Vocabulary) -> Logits:
    """Of each token that may come after `said`, without timestamps; `logits` (tokens,) are changed."""
    _suppress(logits, said, vocabulary)
    logits[vocabulary.no_timestamps :] = -np.inf
    return logits - np.float32(_total(logits))


def probability(logits: Logits, token: int, vocabulary: Vocabulary) -> float:
    """How likely the text token is among text tokens."""
    text = logits[: vocabulary.eot]
    return float(np.exp(float(text[token]) - _total(text)))


def no_speech(logits: Logits, vocabulary: Vocabulary) -> float:
    """Whisper's probability that nobody speaks; `logits` are those after the start of the transcript."""
    return float(np.exp(float(logits[vocabulary.no_speech]) - _total(logits)))


def _suppress(logits: Logits, said: Sequence[int], vocabulary: Vocabulary) -> None:
    logits[list(vocabulary.suppressed)] = -np.inf
    if not said:
        logits[list(vocabulary.suppressed_first)] = -np.inf


def _time_rules(logits: Logits, said: Sequence[int], vocabulary: Vocabulary) -> None:
    """`said` begins with a timestamp. They come in pairs, but for the last, and never go back; where they together are
    likelier than any text, one comes (openai/whisper, `ApplyTimestampRules`)."""
    begin = vocabulary.timestamps
    logits[vocabulary.no_timestamps] = -np.inf
    last = max(token for token in said if token >= begin)
    if said[-1] < begin:
        logits[begin : last + 1] = -np.inf
    elif len(said) == 1 or said[-2] >= begin:
        logits[begin:] = -np.inf
        return
    else:
        logits[: vocabulary.eot] = -np.inf
        logits[begin:last] = -np.inf
    if _total(logits[begin:]) > logits[:begin].max():
        logits[:begin] = -np.inf


def _total(logits: Logits) -> float:
    """Logarithm of the sum of their exponentials."""
    most = float(logits.max())
    return most if most == -np.inf else most + float(np.log(np.exp(logits - most).sum()))
