"""Utterances that come again: near-duplicates, leaks between splits, and repetitions labelled otherwise.

Two texts are nearly the same by their words where the resemblance (Broder 1997) of their pairs of neighbouring words is
`SAME_WORDS` or more, and by meaning where the cosine of their encoder's vectors is `SAME_MEANING` or more. In
`models/data` the pairs above these bars are one sentence or one frame, those below two sentences on one matter.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.data_check.finding import Finding, Level
from models.data_check.lines import OWN_WORDS, Line
from models.dataset import LabelledUtterance
from models.encoder import Vectors

SAME_WORDS = 0.6
SAME_MEANING = 0.9
VERBATIM = 0.8
"""Only texts so much alike by words must have the same labels: to an encoder "yours" and "not yours" are close."""
BLOCK = 1_000
"""Rows of the matrix of cosines held at a time."""

_NEGATIONS = frozenset(
    "no not never nobody nothing none without hardly cannot aint arent cant couldnt didnt doesnt dont hadnt hasnt "
    "havent isnt mustnt neednt shouldnt wasnt werent wont wouldnt".split()
)


@dataclass(frozen=True)
class Pair:
    """Two lines of nearly the same text, `one` before `other`; each likeness is 0 to 1."""

    one: Line
    other: Line
    words: float
    meaning: float

    @property
    def own(self) -> bool:
        """Too long to be alike by chance."""
        return min(len(self.one.words), len(self.other.words)) >= OWN_WORDS


def near_pairs(lines: Sequence[Line], vectors: Vectors) -> list[Pair]:
    """Pairs of nearly the same text among `lines`, whose texts have these unit `vectors` [len(lines), width].

    Everyday texts make no pair, and within a call only long ones do: speakers echo each other.
    """
    kept = [row for row, line in enumerate(lines) if not line.everyday]
    words = _alike_by_words([lines[row].words for row in kept])
    meaning = _alike_by_meaning(vectors[kept])
    pairs = []
    for one, other in sorted(words.keys() | meaning):
        first, second = kept[one], kept[other]
        cosine = float(vectors[first] @ vectors[second])
        pair = Pair(lines[first], lines[second], words.get((one, other), 0.0), cosine)
        if pair.own or pair.one.said.call != pair.other.said.call:
            pairs.append(pair)
    return pairs


def repeats(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """The nearest repetition of each line, within its split and in other splits."""
    nearest: dict[tuple[Line, bool], Pair] = {}
    for pair in pairs:
        key = (pair.other, pair.one.split != pair.other.split)
        nearest[key] = max(nearest.get(key, pair), pair, key=lambda each: max(each.words, each.meaning))
    for (line, leaks), pair in nearest.items():
        alike = "the same text as" if line.words == pair.one.words else "nearly the same text as"
        sentence = f"{alike} {pair.one.place}: {_quoted(line)}"
        if leaks:
            yield Finding("error" if pair.own else "warning", "leak", line.place, sentence, (pair.one.place,))
        else:
            yield Finding("warning", "repeat", line.place, sentence, (pair.one.place,))


def contradictions(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Pairs of one text whose labels differ; the stage, which hangs on the talk around it, is only a warning."""
    for pair in pairs:
        one, other = pair.one, pair.other
        if pair.words < VERBATIM or one.said.speaker != other.said.speaker or _negated(one) != _negated(other):
            continue
        theirs, ours = _own_labels(one.said, other.said), _own_labels(other.said, one.said)
        differs = [(name, theirs[name], ours[name]) for name in theirs if theirs[name] != ours[name]]
        stages = one.said.stage, other.said.stage
        if differs:
            yield _contradiction("error", pair, differs)
        elif pair.own and stages[0] and stages[1] and stages[0] != stages[1]:
            yield _contradiction("warning", pair, [("stage", stages[0], stages[1])])


def _alike_by_words(texts: Sequence[Sequence[str]]) -> dict[tuple[int, int], float]:
    """Resemblance of each pair of texts that reaches `SAME_WORDS`: shared word pairs over all of theirs."""
    shingles = [set(itertools.pairwise(text)) for text in texts]
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    found: dict[tuple[int, int], float] = {}
    for row, own in enumerate(shingles):
        shared = Counter(before for shingle in own for before in holders[shingle])
        for before, count in shared.items():
            resemblance = count / (len(own) + len(shingles[before]) - count)
            if resemblance >= SAME_WORDS:
                found[before, row] = resemblance
        for shingle in own:
            holders[shingle].append(row)
    return found


def _alike_by_meaning(vectors: Vectors) -> set[tuple[int, int]]:
    found = set()
    for start in range(0, len(vectors), BLOCK):
        near = vectors[start : start + BLOCK] @ vectors.T >= SAME_MEANING
        pairs = ((start + int(row), int(column)) for row, column in zip(*np.nonzero(near), strict=True))
        found |= {(one, other) for one, other in pairs if one < other}
    return found


def _own_labels(said: LabelledUtterance, other: LabelledUtterance) -> dict[str, str]:
    """The labels that an utterance earns by itself, as far as both tell of them."""

    def both_tell(name: str) -> bool:
        return said.tells(name) and other.tells(name)

    moments = [moment for moment in sorted(said.moments) if both_tell(f"moment:{moment}")]
    mentions = [mention for mention in said.competitors if both_tell(f"competitor:{mention.name}")]
    stances = sorted(f"{mention.name or mention.said} {mention.stance}" for mention in mentions)
    return {
        "role": (said.role or "none") if both_tell("role") else "unknown",
        "moments": ", ".join(moments) or "none",
        "competitors": ", ".join(stances) or "none",
    }


def _contradiction(level: Level, pair: Pair, differs: Sequence[tuple[str, str, str]]) -> Finding:
    told = "; ".join(f"{name} {theirs} there, {ours} here" for name, theirs, ours in differs)
    sentence = f"labelled otherwise than {pair.one.place}: {told}: {_quoted(pair.other)}"
    return Finding(level, "contradiction", pair.other.place, sentence, (pair.one.place,))


def _negated(line: Line) -> int:
    return sum(word in _NEGATIONS for word in line.words)


def _quoted(line: Line) -> str:
    text = line.said.text
    return f'"{text if len(text) <= 80 else text[:79] + "…"}"'
