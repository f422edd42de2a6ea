"""Card numbers, phone numbers and e-mail addresses become [card], [phone], [email] before anything leaves asr. Pure.

A number may still be growing while it is spoken, so `withhold` keeps the end of running text back until a word
that is no digit follows; what has been shown as stable therefore never has to be taken back.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import phonenumbers
from stdnum import luhn

from asr.events import Word

_DIGIT_WORDS = {
    w: str(d)
    for d, ws in enumerate(["zero oh o nought", *("one two three four five six seven eight nine").split()])
    for w in ws.split()
}
_JOINERS = {"plus": "+", "dash": "-", "hyphen": "-"}
_NUMERIC = re.compile(r"[+(]*\d[\d().+/\-]*")
_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(\.[\w\-]+)+")
_DOMAIN = re.compile(r"[a-z0-9\-]+(\.[a-z0-9\-]+)*\.(com|org|net|io|co|uk|de|fr|eu|edu|gov|vn|in|au|ai|dev)", re.I)
_DATE = re.compile(r"(19|20)\d\d-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}")
_REGIONS_WITH_TRUNK_ZERO = ("GB", "DE", "FR", "IN", "AU", "VN", "NL", "ES")
_NO_LOCAL_PART = frozenset("us me it them him her you more look here find see site page online website meet".split())
_CARD_DIGITS = range(13, 20)


class _Span(NamedTuple):
    first: int
    end: int
    label: str


def redact(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with every card number, phone number and e-mail address replaced by one label each."""
    return _replaced(words, list(_spans(words, local_part=True)))


def redact_text(text: str) -> str:
    """`redact` for plain text."""
    return " ".join(word.text for word in redact([Word(w, 0.0, 0.0, 1.0) for w in text.split()]))


def withhold(stable: Sequence[Word], tail: Sequence[Word]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Stable words and tail of a running utterance, redacted, without an end that may grow into a number or address.

    For growing `stable` the first result only grows.
    """
    released = stable[: len(stable) - _growing(stable)]
    shown = _replaced(released, list(_spans(released, local_part=False)))
    rest = [*stable[len(released) :], *tail]
    return shown, redact(rest[: len(rest) - _growing(rest)])


def _replaced(words: Sequence[Word], spans: list[_Span]) -> tuple[Word, ...]:
    out: list[Word] = []
    at = 0
    for span in spans:
        covered = words[span.first : span.end]
        out.extend(words[at : span.first])
        out.append(Word(span.label, covered[0].start, covered[-1].end, min(w.probability for w in covered)))
        at = span.end
    return (*out, *words[at:])


def _spans(words: Sequence[Word], *, local_part: bool) -> Iterator[_Span]:
    at = 0
    while at < len(words):
        span = _number(words, at) or _address(words, at, local_part=local_part)
        if span:
            yield span
        at = span.end if span else at + 1


def _number(words: Sequence[Word], first: int) -> _Span | None:
    """A card or phone number that begins at `first`, the longest one; a card takes its whole run (expiry, CVC)."""
    end = first
    while end < len(words) and _numeric(words[end].text) is not None:
        end += 1
    for last in range(end, first, -1):
        text = " ".join(filter(None, (_numeric(word.text) for word in words[first:last])))
        digits = re.sub(r"\D", "", text)
        if len(digits) in _CARD_DIGITS and luhn.is_valid(digits):
            return _Span(first, end, "[card]")
        if _is_phone(text, digits):
            return _Span(first, last, "[phone]")
    return None


def _numeric(text: str) -> str | None:
    """The digits and signs that a word stands for, or None where it is no part of a number."""
    bare = text.strip(".,;:!?\"'").lower()
    if bare in _DIGIT_WORDS:
        return _DIGIT_WORDS[bare]
    if bare in _JOINERS:
        return _JOINERS[bare]
    if bare in {"-", "+"} or (_NUMERIC.fullmatch(bare) and not _DATE.fullmatch(bare)):
        return bare
    return None


def _is_phone(text: str, digits: str) -> bool:
    if not 7 <= len(digits) <= 15:
        return False
    if text.lstrip("(").startswith("+"):
        return _valid(text.replace("+ ", "+"), None)
    if len(digits) == 7:
        return re.fullmatch(r"\d{3}[ \-.]\d{4}", text) is not None or re.fullmatch(r"(\d ){6}\d", text) is not None
    if len(digits) in {10, 11} and _valid(digits, "US"):
        return True
    return digits.startswith("0") and any(_valid(digits, region) for region in _REGIONS_WITH_TRUNK_ZERO)


def _valid(text: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


def _address(words: Sequence[Word], first: int, *, local_part: bool) -> _Span | None:
    """An e-mail address: written as one word, or spoken ("sam dot lee at example dot com")."""
    if _ADDRESS.search(words[first].text):
        return _Span(first, first + 1, "[email]")
    at = _dotted(words, first)
    if _bare(words, first) == "at" and not local_part:
        at = first
    elif at == first + 1 and (not local_part or _bare(words, first) in _NO_LOCAL_PART):
        return None
    if _bare(words, at) != "at":
        return None
    end = _dotted(words, at + 1)
    domain = "".join("." if w == "dot" else w for w in (_bare(words, k) for k in range(at + 1, end)))
    return _Span(first, end, "[email]") if _DOMAIN.fullmatch(domain) else None


def _dotted(words: Sequence[Word], first: int) -> int:
    """End of the words that "dot" joins, beginning at `first`."""
    end = min(first + 1, len(words))
    while _bare(words, end) == "dot" and end + 1 < len(words):
        end += 2
    return end


def _bare(words: Sequence[Word], index: int) -> str:
    return words[index].text.strip(".,;:!?\"'").lower() if index < len(words) else ""


def _growing(words: Sequence[Word]) -> int:
    """How many words at the end may still become part of a number or an address."""
    count = 0
    while count < len(words) and _numeric(words[-1 - count].text) is not None:
        count += 1
    return max(count, _growing_address(words))


def _growing_address(words: Sequence[Word]) -> int:
    """Trailing "at", "at Y", "at Y dot", "X dot", "X dot Y", and what joins on to them."""
    kept = len(words)
    while kept:
        last, before = _bare(words, kept - 1), _bare(words, kept - 2) if kept > 1 else ""
        if last in {"at", "dot"}:
            kept -= 1
        elif before in {"at", "dot"}:
            kept -= 2
        else:
            break
    joined = any(b == "dot" for _, b in pairwise(["", *(_bare(words, k) for k in range(kept, len(words)))]))
    return len(words) - kept + (1 if joined and kept and kept < len(words) else 0)
