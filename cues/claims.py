"""A condition as alternatives of claims: any of these sets must hold, each as a whole. Pure.

It is the disjunctive normal form, so that conditions can be compared however they are written.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, product

import yaml

from cues.playbook import Condition
from cues.values import ANY, LABELS, duration
from cues.yaml_tree import Path_

MOST = 256
"""Alternatives of a condition, and claims of an alternative; a condition with more is not looked into."""
_NO_STANCES: frozenset[str] = frozenset()
_KEYS = (
    *("speaker", "stage", "role", "competitor", "moment", "tracker", "said"),
    *("after", "before", "earlier", "talk_share", "silence", "deal"),
)
BESIDE = {"competitor": "stance", "earlier": "within"}
"""What stands beside a key, and means nothing without it."""


@dataclass(frozen=True)
class Claim:
    """One key of a condition, affirmed or denied; `stances` are those that a competitor's mention may have.

    `path` tells where it stands, and is no part of what it claims.
    """

    key: str
    values: frozenset[str]
    stances: frozenset[str]
    denied: bool
    path: Path_ = field(compare=False)
    source: Condition = field(compare=False)
    """Whose key it is."""

    def __str__(self) -> str:
        written = f"{self.key}: {_listed(texts_of(self.source, self.key))}"
        beside = texts_of(self.source, BESIDE.get(self.key))
        if beside:
            written += f", {BESIDE[self.key]}: {_listed(beside)}"
        return f"`{'not ' if self.denied else ''}{written}`"


Alternative = frozenset[Claim]


class TooManyError(Exception):
    """A condition has more than `MOST` alternatives, or one of more than `MOST` claims."""


def alternatives(condition: Condition, path: Path_, competitors: frozenset[str]) -> list[Alternative]:
    """Alternatives of a condition at `path`, in the order it is written; `competitors` are the playbook's.

    Raises TooManyError.
    """
    return _alternatives(condition, path, competitors, denied=False)


def _alternatives(condition: Condition, path: Path_, competitors: frozenset[str], *, denied: bool) -> list[Alternative]:
    keys = [[frozenset({claim})] for claim in _claims(condition, path, competitors, denied)]
    for key, parts in (("all", condition.all), ("any", condition.any)):
        if parts is not None:
            inner = [_alternatives(part, (*path, key, k), competitors, denied=denied) for k, part in enumerate(parts)]
            keys.append(_all_of(inner) if (key == "all") != denied else _any_of(inner))
    if condition.not_ is not None:
        keys.append(_alternatives(condition.not_, (*path, "not"), competitors, denied=not denied))
    return _any_of(keys) if denied else _all_of(keys)


def _all_of(parts: list[list[Alternative]]) -> list[Alternative]:
    if math.prod(map(len, parts)) > MOST:
        raise TooManyError
    found = [frozenset(chain.from_iterable(together)) for together in product(*parts)]
    if max(map(len, found)) > MOST:
        raise TooManyError
    return found


def _any_of(parts: list[list[Alternative]]) -> list[Alternative]:
    if sum(map(len, parts)) > MOST:
        raise TooManyError
    return list(chain.from_iterable(parts))


def _claims(condition: Condition, path: Path_, competitors: frozenset[str], denied: bool) -> Iterable[Claim]:
    for key in _KEYS:
        values = texts_of(condition, key)
        if not values:
            continue
        meant, stances = frozenset(values), _NO_STANCES
        if key == "competitor":
            meant = competitors if ANY in values else meant
            stances = frozenset(condition.stance or LABELS.stance)
        elif key == "earlier":
            meant = frozenset({", ".join((*values, *texts_of(condition, "within")))})
        yield Claim(key, meant, stances, denied, (*path, key), condition)


def texts_of(condition: Condition, key: str | None) -> tuple[str, ...]:
    """The values of a key in a line each; none where it is left out."""
    value = getattr(condition, key) if key else None
    if value is None or isinstance(value, tuple):
        return value or ()
    if isinstance(value, float):
        return (duration(value),)
    plain = value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return (yaml.safe_dump(plain, default_flow_style=True, sort_keys=True, width=math.inf).strip(),)


def _listed(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"
