"""Which parts of a condition hold in a situation, and how certain each is. Pure.

Every certainty is what `judge` says of that part alone: a condition with one key, or with one of its values.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cues.claims import BESIDE, texts_of
from cues.playbook import Condition
from cues.situation import HOLDS, Situation, judge


@dataclass(frozen=True)
class Value:
    """One of a key's values and how certain it is (0 to 1); the key alone holds where one does, or their sum."""

    name: str
    certainty: float


@dataclass(frozen=True)
class Part:
    """A key of a condition, such as `moment` or `all`, and how certain it is (0 to 1)."""

    key: str
    certainty: float
    values: tuple[Value, ...] = ()
    """Of a key that names some; of `earlier` the condition itself, for its words are gone."""
    parts: tuple["Part", ...] = ()
    """Of `all`, `any` and `not`: the conditions in it, each under its key, several keys of one under `all`."""
    beside: tuple[str, ...] = ()
    """What stands beside the key: a competitor's stances, and within what time it was `earlier`."""

    @property
    def holds(self) -> bool:
        return self.certainty >= HOLDS


def explain(condition: Condition, situation: Situation) -> Part:
    """The condition as a tree of its keys; the root is its only key, or `all` of them."""
    parts = tuple(_parts(condition, situation))
    return parts[0] if len(parts) == 1 else Part("all", judge(condition, situation).certainty, parts=parts)


def leaves(part: Part) -> Iterator[Part]:
    """The parts that have no parts."""
    if not part.parts:
        yield part
    for inner in part.parts:
        yield from leaves(inner)


def _parts(condition: Condition, situation: Situation) -> Iterator[Part]:
    for key, field in type(condition).model_fields.items():
        value = getattr(condition, key)
        if value is None or key in BESIDE.values():
            continue
        alone = _only(condition, key)
        name, certainty = field.alias or key, judge(alone, situation).certainty
        if key == "not_":
            yield Part(name, certainty, parts=(explain(value, situation),))
        elif key in ("all", "any"):
            yield Part(name, certainty, parts=tuple(explain(part, situation) for part in value))
        else:
            beside = texts_of(condition, BESIDE.get(key))
            yield Part(name, certainty, tuple(_values(alone, key, situation)), beside=beside)


def _values(alone: Condition, key: str, situation: Situation) -> Iterator[Value]:
    several = getattr(alone, key)
    if not isinstance(several, tuple):
        yield from (Value(text, judge(alone, situation).certainty) for text in texts_of(alone, key))
        return
    for value in several:
        yield Value(value, judge(alone.model_copy(update={key: (value,)}), situation).certainty)


def _only(condition: Condition, key: str) -> Condition:
    """The same condition with this key alone, and what means something beside it."""
    kept = (key, BESIDE.get(key))
    return condition.model_copy(update={name: None for name in type(condition).model_fields if name not in kept})
