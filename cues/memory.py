"""What conditions may ask about the call so far, beyond the utterance that they are judged on. Pure.

Its size does not grow with the call.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from asr.events import Speaker
from cues.playbook import Condition

TALK_S = 60.0
"""A share of less talk than this says nothing."""


@dataclass(frozen=True)
class Memory:
    """The call so far, from what was said for good."""

    held: Mapping[Condition, float] = field(default_factory=lambda: MappingProxyType({}))
    """Of each condition under an `earlier`: when the words on which it held last ended (s)."""
    rep_s: float = 0.0
    """How long the rep has spoken."""
    other_s: float = 0.0
    """How long the others have."""

    @property
    def talk_share(self) -> float | None:
        """The rep's share of the time spoken; None until that is long enough to tell."""
        spoken = self.rep_s + self.other_s
        return self.rep_s / spoken if spoken >= TALK_S else None


def remember(memory: Memory, held: Iterable[Condition], at: float) -> Memory:
    """With the conditions that held on words that ended at `at`."""
    now = dict.fromkeys(held, at)
    return replace(memory, held=MappingProxyType({**memory.held, **now})) if now else memory


def spoke(memory: Memory, speaker: Speaker, seconds: float) -> Memory:
    """With an utterance of so many seconds."""
    if speaker == "rep":
        return replace(memory, rep_s=memory.rep_s + seconds)
    return replace(memory, other_s=memory.other_s + seconds)


NOTHING = Memory()
