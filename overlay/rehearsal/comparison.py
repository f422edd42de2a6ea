"""What another playbook changes in past calls: which cards come newly, no longer, earlier, later. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from overlay.rehearsal.play import Card, Played
from overlay.screen import clock_time

Kind = Literal["new", "gone", "earlier", "later", "same"]
TOLD: dict[Kind, str] = {
    "new": "comes newly",
    "gone": "no longer comes",
    "earlier": "comes earlier",
    "later": "comes later",
}
"""What is told of a change."""
SAME_S = 1.0
"""A card that comes within so much of when it came before comes at the same time."""
MOVED_S = 60.0
"""Further away it is another moment: one card is gone, and one is new."""


@dataclass(frozen=True)
class Change:
    """A card that comes, or came: `moved` is by how much later (s; negative: earlier)."""

    kind: Kind
    card: Card
    moved: float = 0.0


@dataclass(frozen=True)
class Compared:
    """A call under both playbooks."""

    name: str
    before: Played
    after: Played
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """All calls, in the order in which they were tried."""

    calls: tuple[Compared, ...]

    def count(self, kind: Kind, cue: str | None = None) -> int:
        """How many cards (of a cue) changed so."""
        return sum(c.kind == kind and cue in (None, c.card.cue) for call in self.calls for c in call.changes)

    def cues(self) -> list[str]:
        """Those that changed, the most first."""
        changed = (c.card.cue for call in self.calls for c in call.changes if c.kind != "same")
        return [cue for cue, _ in sorted(Counter(changed).items(), key=lambda each: (-each[1], each[0]))]

    def examples(self, cue: str, kind: Kind, most: int) -> list[tuple[str, Change]]:
        """Some of a cue's changes, each with its call's name."""
        found = [(call.name, c) for call in self.calls for c in call.changes if (c.kind, c.card.cue) == (kind, cue)]
        return found[:most]

    def as_json(self) -> dict[str, Any]:
        return {
            **{kind: self.count(kind) for kind in (*TOLD, "same")},
            "cards_per_call": {"before": per_call(self.before), "after": per_call(self.after)},
            "at_once": {"before": at_once(self.before), "after": at_once(self.after)},
            "calls": [
                {"call": call.name, "changes": [asdict(c) for c in call.changes if c.kind != "same"]}
                for call in self.calls
            ],
        }

    @property
    def before(self) -> list[Played]:
        return [call.before for call in self.calls]

    @property
    def after(self) -> list[Played]:
        return [call.after for call in self.calls]


def per_call(played: Sequence[Played]) -> float:
    """Cards in a call, on average."""
    return round(sum(len(one.cards) for one in played) / max(1, len(played)), 2)


def at_once(played: Sequence[Played]) -> int:
    """The most cards that were up together."""
    return max((one.at_once for one in played), default=0)


def compare(name: str, before: Played, after: Played) -> Compared:
    """One call under the present playbook and under the other one."""
    changes = sorted(_changes(before.cards, after.cards), key=lambda change: change.card.t)
    return Compared(name, before, after, tuple(changes))


def _changes(before: Sequence[Card], after: Sequence[Card]) -> Iterator[Change]:
    """Of each cue the two cards that are nearest in time are the same one, then the next two."""
    left, came = list(before), list(after)
    pairs = [(abs(new.t - old.t), old, new) for old in before for new in after if old.cue == new.cue]
    for apart, old, new in sorted(pairs, key=lambda pair: pair[0]):
        if apart > MOVED_S or not (any(c is old for c in left) and any(c is new for c in came)):
            continue
        left = [card for card in left if card is not old]
        came = [card for card in came if card is not new]
        moved = new.t - old.t
        yield Change("same" if apart <= SAME_S else "later" if moved > 0 else "earlier", new, moved)
    yield from (Change("gone", card) for card in left)
    yield from (Change("new", card) for card in came)


def example(change: Change) -> str:
    """Where, who said what, and what changes."""
    moved = f" by {abs(change.moved):.0f} s" if change.kind in ("earlier", "later") else ""
    return f"{clock_time(change.card.t)} {change.card.speaker}: “{change.card.words}” {TOLD[change.kind]}{moved}"
