"""Card and phone numbers in words, whether written ("555-2671") or spoken ("five five five ..."). Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import phonenumbers
from stdnum import luhn

_SPOKEN = {
    word: str(digit)
    for digit, words in enumerate(["zero oh o nought", *"one two three four five six seven eight nine".split()])
    for word in words.split()
}
_JOINERS = {"plus": "+", "dash": "-", "hyphen": "-"}
_PUNCTUATION = ".,;:!?\"'-–—…"
_CARD_DIGITS = range(13, 20)
_MOST_PHONE_DIGITS = 15
_REGIONS_WITH_TRUNK_ZERO = ("GB", "DE", "FR", "IN", "AU", "VN", "NL")

_PHONE_PART = re.compile(r"[+(]*\d[\d().+/\-]*")
_NO_PHONE_PART = re.compile(
    r"""\d+\.\d+                                  # a decimal
    | \d+(\.\d+)*(\.\d(\.\d+)*)                   # a version: some part has one digit
    | (19|20)\d\d[-/.]\d\d?([-/.]\d\d?)?          # a date
    | \d\d?[-/.]\d\d?[-/.](\d\d|\d{4})
    | \d\d?/\d{2,4}                               # a fraction, or the expiry of a card
    """,
    re.VERBOSE,
)
_NANP = re.compile(r"1?[2-9]\d{9}")
_NANP_STRICT = re.compile(r"1?[2-9]\d\d[2-9]\d{6}")
_LOCAL = re.compile(r"[2-9]\d\d[ \-]\d{4}")
_RANGE = re.compile(r"\d\d0[ \-](\d\d00|(19|20)\d\d)")
_COUNTING = ("0123456789", "9876543210")

Found = tuple[int, int, str]
"""First word, word after the last, label."""


def numbers(words: Sequence[str]) -> Iterator[Found]:
    """Every card and phone number, in order. A card takes its run of numbers to the end: expiry and code follow it."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _is_numeric(words[end]):
            end += 1
        yield from _in_run(words, at, end)
        if end < len(words) and _is_card(_digits(words[end])):
            yield end, end + 1, "[card]"
        at = end + 1


def growing(words: Sequence[str]) -> int:
    """How many words at the end may still become part of a number."""
    count = 0
    while count < len(words) and _is_numeric(words[-1 - count]):
        count += 1
    return count


def _is_numeric(word: str) -> bool:
    """Whether a word may be part of a number: digits, a spoken digit, or a sign between digits."""
    bare = _bare(word)
    return bare in _SPOKEN or bare in _JOINERS or not any(c.isalpha() for c in bare)


def _in_run(words: Sequence[str], first: int, end: int) -> Iterator[Found]:
    digits = [_digits(word) for word in words[first:end]]
    card = _first_card(digits)
    yield from _phones(words, first, end if card is None else first + card)
    if card is not None:
        last = max(k for k, found in enumerate(digits) if found)
        yield first + card, first + last + 1, "[card]"


def _first_card(digits: Sequence[str]) -> int | None:
    for first, own in enumerate(digits):
        joined = ""
        for more in digits[first:] if own else ():
            joined += more
            if _is_card(joined):
                return first
            if len(joined) > _CARD_DIGITS[-1]:
                break
    return None


def _is_card(digits: str) -> bool:
    return len(digits) in _CARD_DIGITS and bool(luhn.is_valid(digits))


def _phones(words: Sequence[str], first: int, end: int) -> Iterator[Found]:
    at = first
    while at < end:
        last = _phone_end(words, at, end)
        if last:
            yield at, last, "[phone]"
        at = last or at + 1


def _phone_end(words: Sequence[str], first: int, end: int) -> int | None:
    """End of the longest phone number that begins at `first`."""
    text, found = "", None
    for last in range(first, end):
        part = _phone_part(words[last])
        if part is None or (last == first and not re.search(r"[\d+]", part)):
            break
        text = f"{text} {part}".strip() if part else text
        digits = re.sub(r"\D", "", text)
        if len(digits) > _MOST_PHONE_DIGITS:
            break
        if part[-1:].isdigit() and _is_phone(text, digits):
            found = last + 1
    return found


def _phone_part(word: str) -> str | None:
    bare = _bare(word)
    if bare in _SPOKEN:
        return _SPOKEN[bare]
    if bare in _JOINERS:
        return _JOINERS[bare]
    if not any(c.isdigit() for c in bare):
        return bare if bare in {"-", "+", "", "(", ")"} else None
    return bare if _PHONE_PART.fullmatch(bare) and not _NO_PHONE_PART.fullmatch(bare) else None


def _is_phone(text: str, digits: str) -> bool:
    groups = re.findall(r"\d+", text)
    if text.lstrip("(").startswith("+"):
        spoken = text.startswith("+ ")
        return (len(digits) >= 10 or not spoken) and _possible(text.replace("+ ", "+"), None)
    if len(digits) == 7:
        counting = any(digits in count for count in _COUNTING)
        written = _LOCAL.fullmatch(text) and not _RANGE.fullmatch(text)
        return bool(written) or (len(groups) == 7 and not counting)
    if len(digits) < 9:
        return False
    if _NANP.fullmatch(digits) and (_usual_groups(text, groups, digits) or _valid(digits, "US")):
        return True
    if digits.startswith("0"):
        return any(_possible(digits, region) for region in _REGIONS_WITH_TRUNK_ZERO)
    years = all(re.fullmatch(r"(19|20)\d\d", group) for group in groups)
    return len(digits) >= 11 and not years and _valid(f"+{digits}", None)


def _usual_groups(text: str, groups: Sequence[str], digits: str) -> bool:
    """Whether a North American number is cut as people cut it: 415-555-2671, or digit by digit."""
    if all(len(group) == 1 for group in groups):
        return True
    cuts, at = set(), 0
    for group in groups[:-1]:
        at += len(group)
        cuts.add(at)
    trunk = len(digits) - 10
    signs = re.search(r"[-.()]", text) is not None
    return cuts <= {trunk, trunk + 3, trunk + 6} and (signs or _NANP_STRICT.fullmatch(digits) is not None)


def _possible(text: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


def _valid(text: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        return False


def _digits(word: str) -> str:
    """The digits that a word stands for, spoken or written."""
    bare = _bare(word)
    return _SPOKEN.get(bare) or "".join(c for c in bare if c in "0123456789")


def _bare(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip(_PUNCTUATION).lower()
