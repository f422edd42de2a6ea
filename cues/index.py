"""Which cues can hold at all in an utterance, found without judging the others. Pure.

A cue that asks for the moment `pain` need not be judged where nothing says pain. So of each condition it is known which
findings it needs at least one of, and a reading brings the findings that it has. What is left out would have been
judged less than HOLDS certain: the cards are the same, with thousands of cues too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from cues.playbook import Condition, Cue
from cues.situation import HOLDS, Situation, judge
from cues.stems import stems
from cues.values import ANY

Finding = tuple[str, str]
"""A kind and a name, such as ("moment", "pain")."""
Needs = tuple[frozenset[Finding], ...]
"""Of each set a condition needs at least one finding; without sets it may hold whatever is found."""
_SELECTIVE = ("said", "competitor", "tracker", "moment", "role", "stage", "speaker")
"""The kinds, the one that is found most rarely first: a condition of several keys is filed under that one."""
_SILENT = ("silence", "")
_RAREST_FIRST = (_SILENT[0], *_SELECTIVE)
_EPSILON = 1e-9


_T = TypeVar("_T")


@dataclass(frozen=True)
class Filed(Generic[_T]):
    """Things that have a condition, by what that needs, as positions in `things`."""

    things: tuple[_T, ...]
    needs: tuple[Needs, ...]
    """Of each thing."""
    by_finding: Mapping[Finding, tuple[int, ...]]
    always: tuple[int, ...]
    """Those that need nothing."""


@dataclass(frozen=True)
class CueIndex:
    """A playbook's cues, and the conditions under their `earlier`, each once."""

    cues: Filed[Cue]
    earlier: Filed[Condition]
    silences: tuple[float, ...]
    """How long the silences are that cues wait for (s), the shortest first."""


def index_of(cues: Sequence[Cue], language: str) -> CueIndex:
    """The index of a playbook's cues, whose phrases are written in `language`."""
    parts = [part for cue in cues for part in cue.when.parts()]
    earlier = tuple(dict.fromkeys(part.earlier for part in parts if part.earlier is not None))
    silences = tuple(sorted({part.silence for part in parts if part.silence is not None}))
    return CueIndex(_filed(cues, [cue.when for cue in cues], language), _filed(earlier, earlier, language), silences)


def candidates(index: CueIndex, situation: Situation) -> list[Cue]:
    """The cues that may hold, in the playbook's order."""
    return _able(index.cues, situation)


def to_remember(index: CueIndex, situation: Situation) -> list[Condition]:
    """The conditions under an `earlier` that hold now."""
    return [each for each in _able(index.earlier, situation) if judge(each, situation).certainty >= HOLDS]


def _filed(things: Sequence[_T], conditions: Sequence[Condition], language: str) -> Filed[_T]:
    phrases = {phrase: stems(phrase, language) for each in conditions for phrase in _phrases(each)}
    common = Counter(word for each in conditions for phrase in _phrases(each) for word in set(phrases[phrase]))
    rarest = {phrase: _rarest(words, common) for phrase, words in phrases.items()}
    filed: dict[Finding, list[int]] = {}
    always = []
    needs = tuple(_needs(each, rarest) for each in conditions)
    for k, needed in enumerate(needs):
        if not needed:
            always.append(k)
        for finding in min(needed, key=_order, default=()):
            filed.setdefault(finding, []).append(k)
    return Filed(tuple(things), needs, {finding: tuple(ks) for finding, ks in filed.items()}, tuple(always))


def _able(filed: Filed[_T], situation: Situation) -> list[_T]:
    """Those whose condition may hold."""
    found = frozenset(_findings(situation))
    named = set(chain(filed.always, *(filed.by_finding.get(finding, ()) for finding in found)))
    able = (k for k in named if not any(needed.isdisjoint(found) for needed in filed.needs[k]))
    return [filed.things[k] for k in sorted(able)]


def _needs(condition: Condition, rarest: Mapping[str, str]) -> Needs:
    """What the condition needs: all that its keys need, for all of them must hold. `not` needs nothing, nor
    does what asks for more than the utterance.

    `rarest` has each phrase's rarest word.
    """
    needs = [needed for part in condition.all or () for needed in _needs(part, rarest)]
    if condition.any is not None:
        needs += _one_of_several([_needs(part, rarest) for part in condition.any])
    for kind in _SELECTIVE:
        wanted: tuple[str, ...] | None = getattr(condition, kind)
        if wanted is not None:
            names = [rarest[phrase] for phrase in wanted] if kind == "said" else list(wanted)
            needs += [] if "" in names else [frozenset((kind, name) for name in names)]
    if condition.silence is not None:
        needs.append(frozenset({_SILENT}))
    return tuple(needs)


def _one_of_several(parts: list[Needs]) -> Needs:
    """What `any` of the parts needs: where each part needs something, the rarest of each."""
    return (frozenset(chain(*(min(part, key=_order) for part in parts))),) if all(parts) else ()


def _order(needed: frozenset[Finding]) -> tuple[int, int, list[Finding]]:
    return max((_RAREST_FIRST.index(kind) for kind, _ in needed), default=0), len(needed), sorted(needed)


def _findings(situation: Situation) -> Iterable[Finding]:
    reading = situation.reading
    yield "speaker", situation.speaker
    if situation.silent_s:
        yield _SILENT
    yield from (("said", word) for word in set(stems(situation.text, situation.language)))
    yield from (("competitor", mention.name) for mention in reading.competitors)
    if reading.competitors:
        yield "competitor", ANY
    yield from (("tracker", name) for name, score in reading.trackers.items() if score >= HOLDS)
    yield from (("moment", label) for label, p in reading.moments.items() if p >= HOLDS)
    yield from (("role", label) for label in _of_some_weight(reading.role))
    yield from (("stage", label) for label in _of_some_weight(reading.stage))


def _of_some_weight(probabilities: Mapping[str, float]) -> Iterable[str]:
    """A condition adds up the labels that it names: where they reach HOLDS, one of them reaches its part of it."""
    least = HOLDS / max(1, len(probabilities)) - _EPSILON
    return (label for label, p in probabilities.items() if p >= least)


def _phrases(condition: Condition) -> Iterable[str]:
    yield from condition.said or ()
    for part in (*(condition.all or ()), *(condition.any or ())):
        yield from _phrases(part)


def _rarest(words: list[str], common: Counter[str]) -> str:
    """The word of a phrase that the fewest phrases have; "" where it has none, so that nothing is known beforehand."""
    return min(words, key=lambda word: (common[word], -len(word), word), default="")
