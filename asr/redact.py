"""Card numbers, phone numbers and e-mail addresses become [card], [phone], [email] before anything leaves asr. Pure.

A number may still be growing while it is spoken, so `withhold` keeps the end of running text back until a word
that is no digit follows; what has been shown as stable therefore never has to be taken back.
"""

from collections.abc import Iterable, Iterator, Sequence

from asr import redact_addresses, redact_numbers
from asr.events import Word

Span = tuple[int, int, str]
"""First word, word after the last, label."""


def redact(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with every card number, phone number and e-mail address replaced by one label each."""
    return tuple(_replaced(words, _spans(words, local_part=True)))


def redact_text(text: str) -> str:
    """`redact` for plain text."""
    return " ".join(word.text for word in redact([Word(w, 0.0, 0.0, 1.0) for w in text.split()]))


def withhold(stable: Sequence[Word], tail: Sequence[Word]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Stable words and tail of a running utterance, redacted, without an end that may grow into a number or address.

    For growing `stable` the first result only grows.
    """
    released = len(stable) - _growing(stable)
    words = [*stable, *tail]
    shown = words[: len(words) - _growing(words)]
    return (
        tuple(_replaced(stable[:released], _spans(stable[:released], local_part=False))),
        tuple(_replaced(shown, _spans(shown, local_part=False), begin=released)),
    )


def _replaced(words: Sequence[Word], spans: Iterable[Span], begin: int = 0) -> Iterator[Word]:
    """The words from `begin` on, each span of them as one label."""
    at = begin
    for first, end, label in spans:
        if end <= begin:
            continue
        yield from words[at:first]
        covered = words[first:end]
        yield Word(label, covered[0].start, covered[-1].end, min(word.probability for word in covered))
        at = end
    yield from words[at:]


def _spans(words: Sequence[Word], *, local_part: bool) -> Iterator[Span]:
    """Numbers and addresses in order; where two overlap, the later one keeps what the earlier left."""
    texts = [word.text for word in words]
    found = [*redact_numbers.numbers(texts), *redact_addresses.addresses(texts, local_part=local_part)]
    covered = 0
    for first, end, label in sorted(found):
        if end > covered:
            yield max(first, covered), end, label
            covered = end


def _growing(words: Sequence[Word]) -> int:
    """How many words at the end may still become part of a number or an address; what is left of them ends neither."""
    texts = [word.text for word in words]
    kept, before = len(texts), -1
    while kept != before:
        before = kept
        kept -= redact_numbers.growing(texts[:kept])
        kept -= redact_addresses.growing(texts[:kept])
    return len(texts) - kept
