"""All checks of labelled calls together, on what `models.data_check.lines` read of them."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.data_check.classes import count_classes, thin_classes
from models.data_check.finding import Finding
from models.data_check.lines import Line, Split
from models.data_check.repeats import contradictions, near_pairs, repeats
from models.data_check.rules import broken_rules
from models.data_check.templates import templates
from models.encoder import DIMENSIONS, Vectors

Encode = Callable[[Sequence[str]], Vectors]

_NAMED_BY_AUTHOR = re.compile(r"([A-Za-z])\d+")


@dataclass(frozen=True)
class SplitCounts:
    """What a split holds; `classes` is {head: {label: count}}."""

    name: str
    calls: int
    authors: tuple[str, ...]
    utterances: int
    buyers: int
    classes: dict[str, dict[str, int]]


def check(splits: Sequence[Split], encode: Encode) -> list[Finding]:
    """Everything wrong or doubtful in `splits`, errors first, then by kind, file and line.

    `encode` gives the unit vectors [n, 384] of texts; it is called once, with each text that is no everyday one.
    """
    lines = [line for split in splits for line in split.lines]
    pairs = near_pairs(lines, _vectors(lines, encode))
    found = [
        *(finding for split in splits for finding in broken_rules(split)),
        *_leaks_of_calls_and_authors(splits),
        *repeats(pairs),
        *contradictions(pairs),
        *templates(lines),
        *(finding for split in splits for finding in thin_classes(split)),
    ]
    return sorted(found, key=lambda one: (one.level, one.kind, one.place))


def count_split(split: Split) -> SplitCounts:
    """How much `split` holds."""
    calls = {line.said.call for line in split.lines}
    buyers = sum(line.said.speaker == "buyer" for line in split.lines)
    return SplitCounts(
        split.name, len(calls), tuple(sorted(_authors(split))), len(split.lines), buyers, count_classes(split.lines)
    )


def _vectors(lines: Sequence[Line], encode: Encode) -> Vectors:
    texts = list(dict.fromkeys(line.said.text for line in lines if not line.everyday))
    rows = {text: row for row, text in enumerate(texts, 1)}
    vectors = np.zeros((len(texts) + 1, DIMENSIONS), np.float32)
    if texts:
        vectors[1:] = encode(texts)
    found: Vectors = vectors[[rows.get(line.said.text, 0) for line in lines]]
    return found


def _leaks_of_calls_and_authors(splits: Sequence[Split]) -> Iterator[Finding]:
    for one, other in itertools.combinations(splits, 2):
        for what, theirs, ours in (("call", _calls(one), _calls(other)), ("author", _authors(one), _authors(other))):
            for name in sorted(theirs.keys() & ours.keys()):
                sentence = f"the {what} {name!r} is in {one.name} too; keep each {what} in one split"
                yield Finding("error", "leak", ours[name].place, sentence, (theirs[name].place,))


def _calls(split: Split) -> dict[str, Line]:
    """Each call's first line."""
    return {line.said.call: line for line in reversed(split.lines)}


def _authors(split: Split) -> dict[str, Line]:
    """Each author's first line: the letter before the number, where calls are named so (a01); else nobody is known."""
    named = ((_NAMED_BY_AUTHOR.fullmatch(line.said.call), line) for line in reversed(split.lines))
    return {match.group(1): line for match, line in named if match}
