"""What conditions may ask about the call so far, beyond the utterance that they are judged on. Pure.

Its size does not grow with the call.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cues.playbook import Condition


@dataclass(frozen=True)
class Memory:
    """The call so far, from what was said for good."""

    held: Mapping[Condition, float] = field(default_factory=lambda: MappingProxyType({}))
    """Of each condition under an `earlier`: when the words on which it held last ended (s)."""


def remember(memory: Memory, held: Iterable[Condition], at: float) -> Memory:
    """With the conditions that held on words that ended at `at`."""
    now = dict.fromkeys(held, at)
    return replace(memory, held=MappingProxyType({**memory.held, **now})) if now else memory


NOTHING = Memory()
