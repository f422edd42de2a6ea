"""Numbers, money and shares of a final text in one form, so that a cue finds them however they were printed. Pure.

Whisper prints "twenty dollars", "20 dollars" or "$20" as it pleases. Here: from ten on digits, with commas; below ten
words, but digits with money and percent; `$`, `€` and `£` before the number, `%` behind it; from a million on "1.2
million". English alone. What is no plain number ("ten thirty", digits one by one) stays as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from asr.events import Word

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_SMALL = {word: value for value, word in enumerate(_TO_NINETEEN.split())}
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_MONEY = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£", "pounds": "£"}
_PERCENT = {"percent", "per cent"}
_DIGITS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")
_PARTS = re.compile(r"^(?P<lead>[^\w$€£]*)(?P<body>.*?)(?P<trail>[^\w%]*)$", re.DOTALL)
_GROUP = re.compile(r"(UH)?(YU?|U|T)|UH|Z")
_CENTURIES = range(18, 22)
LONGEST = 12
"""Words of a number."""
_IN_WORDS = 10
"""Smaller numbers stay words."""


@dataclass(frozen=True)
class _Number:
    """A number over `count` words; `spoken`: it was printed in words."""

    value: float
    count: int
    spoken: bool
    year: bool = False


def in_one_form(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with each number as one word; its times span those it was printed as."""
    out: list[Word] = []
    k = 0
    while k < len(words):
        number, span = _number_at([word.text for word in words[k : k + LONGEST]])
        made = None if number is None else _written(words, k, number)
        taken, count = made or (words[k : k + span], span)
        out += taken
        k += count
    return tuple(out)


def _written(words: Sequence[Word], k: int, number: _Number) -> tuple[Sequence[Word], int] | None:
    """The number at `k` with its unit as one word, and how many words that takes; None leaves it as it is."""
    count, sign, percent = number.count, "", False
    last = _parts(words[k + count - 1].text)
    if not last["trail"]:
        following = [_parts(word.text)["body"].lower() for word in words[k + count : k + count + 2]]
        sign = _MONEY.get(following[0], "") if following else ""
        width = 1 if following[:1] and following[0] in _PERCENT else 2 if " ".join(following) in _PERCENT else 0
        percent = width > 0
        count += 1 if sign else width
    if not sign and not percent and (number.value < _IN_WORDS or not number.spoken):
        return None
    taken = words[k : k + count]
    lead, trail = _parts(taken[0].text)["lead"], _parts(taken[-1].text)["trail"]
    text = f"{lead}{sign}{_figure(number)}{'%' if percent else ''}{trail}"
    return [Word(text, taken[0].start, taken[-1].end, min(word.probability for word in taken))], count


def _figure(number: _Number) -> str:
    if number.year:
        return str(int(number.value))
    for name, scale in (("billion", 1e9), ("million", 1e6)):
        if number.value >= scale and round(number.value / scale, 2) * scale == number.value:
            return f"{number.value / scale:g} {name}"
    return f"{int(number.value):,}" if number.value == int(number.value) else f"{number.value:,}"


def _number_at(texts: Sequence[str]) -> tuple[_Number | None, int]:
    """The plain number that the texts begin with, or None; and how many of them belong together, at least one."""
    digits = _PARTS.match(texts[0])
    if digits and _DIGITS.fullmatch(digits["body"]):
        scales = _scales(texts)
        if any(below >= above for below, above in pairwise(scales)):
            return None, 1 + len(scales)
        figure = float(digits["body"].replace(",", "")) * prod(scales)
        return _Number(figure, 1 + len(scales), spoken=bool(scales)), 1 + len(scales)
    run, count = _run(texts)
    if not run:
        return None, 1
    value = _value(run)
    if value is not None:
        return _Number(value, count, spoken=True), count
    year = _year(run)
    return (None if year is None else _Number(year, count, spoken=True, year=True)), count


def _scales(texts: Sequence[str]) -> list[int]:
    """The scales behind digits: "5 hundred thousand" has two."""
    scales: list[int] = []
    for before, text in pairwise(texts):
        scale = _parts(text)["body"].lower()
        if _parts(before)["trail"] or scale not in _SCALES:
            break
        scales.append(_SCALES[scale])
    return scales


def _run(texts: Sequence[str]) -> tuple[list[str], int]:
    """The number words at the beginning ("thirty-two" is two), and over how many texts they go."""
    run: list[str] = []
    count = 0
    for k, text in enumerate(texts):
        parts = _parts(text)
        pieces = parts["body"].lower().split("-")
        joins = pieces == ["and"] and bool(run) and run[-1] in _SCALES and k + 1 < len(texts)
        joins = joins and _parts(texts[k + 1])["body"].lower().split("-")[0] in {**_SMALL, **_TENS}
        point = pieces == ["point"] and bool(run) and k + 1 < len(texts)
        point = point and _parts(texts[k + 1])["body"].lower() in _SMALL
        if not (joins or point or all(piece in {**_SMALL, **_TENS, **_SCALES} for piece in pieces)):
            break
        run += [piece for piece in pieces if piece != "and"]
        count = k + 1
        if parts["trail"]:
            break
    return run, count


def _value(run: Sequence[str]) -> float | None:
    """A cardinal number's value, with digits after a point; None where the words are no such number."""
    if "point" in run:
        if run[-1] in _SCALES:
            whole = _value(run[:-1])
            return None if whole is None else round(whole * _SCALES[run[-1]], 2)
        at = run.index("point")
        whole, after = _value(run[:at]), [_SMALL.get(word, 10) for word in run[at + 1 :]]
        plain = whole is not None and bool(after) and max(after) < 10
        return float(f"{whole:.0f}.{''.join(map(str, after))}") if plain else None
    total, rest = 0, list(run)
    for name in ("billion", "million", "thousand"):
        if name in rest:
            at = rest.index(name)
            group = _below_thousand(rest[:at])
            if not group:
                return None
            total, rest = total + group * _SCALES[name], rest[at + 1 :]
    last = _below_thousand(rest) if rest else 0
    return None if last is None else float(total + last)


def _below_thousand(run: Sequence[str]) -> int | None:
    """The value of words such as "two hundred thirty four"; None where they are no such number."""
    kinds = "".join(_kind(word) for word in run)
    if not _GROUP.fullmatch(kinds):
        return None
    hundreds = 100 * _SMALL[run[0]] if "H" in kinds else 0
    return hundreds + sum(_TENS.get(word, _SMALL.get(word, 0)) for word in run[2 if hundreds else 0 :])


def _kind(word: str) -> str:
    """H: hundred, Y: twenty and the like, T: ten to nineteen, U: one to nine, Z: zero, X: anything else."""
    if word == "hundred":
        return "H"
    if word in _TENS:
        return "Y"
    value = _SMALL.get(word)
    return "X" if value is None else "T" if value > 9 else "U" if value else "Z"


def _year(run: Sequence[str]) -> int | None:
    """ "twenty twenty six", "nineteen ninety": a century and two digits."""
    for cut in (1, 2):
        century, rest = _value(run[:cut]), _value(run[cut:]) if run[cut:] else None
        if century is not None and rest is not None and century in _CENTURIES and 10 <= rest <= 99:
            return int(100 * century + rest)
    return None


def _parts(text: str) -> dict[str, str]:
    found = _PARTS.match(text)
    return found.groupdict() if found else {"lead": "", "body": text, "trail": ""}
