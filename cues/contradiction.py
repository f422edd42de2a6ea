"""Conditions that nothing can fulfil. Pure.

Only what the cue engine can never fulfil counts: `stage: [demo, pricing]` without either of the two is possible where
it is unsure which of them it is.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import combinations_with_replacement

from cues.claims import Alternative, Claim
from cues.situation import said
from cues.values import LABELS, SPEAKERS

_ONE_AT_A_TIME = {
    "speaker": frozenset({*SPEAKERS, "unknown"}),
    "stage": frozenset(LABELS.stage),
    "role": frozenset(LABELS.role),
}
"""All values of keys of which one value holds at a time."""

Clash = tuple[Claim, Claim]


def contradiction(alternatives: Iterable[Alternative], language: str) -> Clash | None:
    """Two claims of the first alternative that can't hold together (one claim twice if it never holds), if no
    alternative can hold; `language` is the playbook's."""
    first: Clash | None = None
    for alternative in alternatives:
        clash = next(_clashes(sorted(alternative, key=lambda claim: claim.path), language), None)
        if clash is None:
            return None
        first = first or clash
    return first


def _clashes(claims: list[Claim], language: str) -> Iterator[Clash]:
    for one, other in combinations_with_replacement(claims, 2):
        if one.key == other.key and (_leave_nothing(one, other) or _need_two_stances(one, other)):
            yield one, other
        if _miss_each_other(one, other):
            yield one, other
    denied = [claim for claim in claims if claim.denied]
    for claim in claims:
        if not claim.denied and claim.key not in _ONE_AT_A_TIME:
            denials = [
                next((no for no in denied if _denies(no, claim, value, language)), None)
                for value in sorted(claim.values)
            ]
            if all(denials):
                yield claim, next(iter(denials), None) or claim


def _leave_nothing(one: Claim, other: Claim) -> bool:
    return one.key in _ONE_AT_A_TIME and _left(one).isdisjoint(_left(other))


def _left(claim: Claim) -> frozenset[str]:
    """The values that a claim leaves possible, where there is one at a time."""
    return _ONE_AT_A_TIME[claim.key] - claim.values if claim.denied else claim.values


def _need_two_stances(one: Claim, other: Claim) -> bool:
    """A competitor is mentioned once in an utterance, and so with one stance."""
    same = one.key == "competitor" and one.values == other.values and len(one.values) == 1
    return same and not one.denied and not other.denied and one.stances.isdisjoint(other.stances)


def _miss_each_other(one: Claim, other: Claim) -> bool:
    """Whether two claims about the time have no moment in common."""
    first, then = _span(one), _span(other)
    return first is not None and then is not None and max(first[0], then[0]) >= min(first[1], then[1])


def _span(claim: Claim) -> tuple[float, float] | None:
    """From when until when (s into the call) a claim about the time holds; None for any other claim."""
    at: float | None = {"after": claim.source.after, "before": claim.source.before}.get(claim.key)
    if at is None:
        return None
    return (at, math.inf) if (claim.key == "after") != claim.denied else (0.0, at)


def _denies(no: Claim, claim: Claim, value: str, language: str) -> bool:
    """Whether the denied claim `no` rules out that `claim` holds by its `value`."""
    if no.key != claim.key:
        return False
    if no.key == "said":
        return said(no.values, value, language).certainty > 0
    return value in no.values and claim.stances <= no.stances
