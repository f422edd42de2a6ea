"""When no card comes, whatever fires: the quiet budget. Pure.

At most six cards in ten minutes, none in the first seconds of a call, none for what the rep's turn already does.
"""

from dataclasses import dataclass, replace

from models.events import Reading

MOST_CARDS_PER_SPAN = 6
SPAN_S = 600.0
OPENING_S = 5.0
"""In these first seconds of a call people greet each other, and the rep looks at their face."""
DONE = 0.5
"""A behaviour with at least this score in a rep's utterance has been done."""


@dataclass(frozen=True)
class Doing:
    """The behaviours that the rep's current turn does: in what was said, and in what is being said."""

    said: frozenset[str] = frozenset()
    saying: frozenset[str] = frozenset()

    def __contains__(self, behaviour: str | None) -> bool:
        return behaviour in self.said or behaviour in self.saying


def reads(doing: Doing, reading: Reading) -> Doing:
    """The rep's words were read; the final reading of an utterance stands in place of its partial ones."""
    done = frozenset(behaviour for behaviour, score in reading.behaviours.items() if score >= DONE)
    return replace(doing, saying=done) if reading.partial else Doing(doing.said | done)


def turn_over(doing: Doing) -> Doing:
    """The buyer has replied, or a new turn of the rep's begins; what is being said belongs to that one."""
    return replace(doing, said=frozenset())


def nothing_said(doing: Doing) -> Doing:
    """What was being said turned out to be nothing."""
    return replace(doing, saying=frozenset())


def spent(shown_at: tuple[float, ...], waiting: int, t: float) -> bool:
    """Whether the budget has no card left at `t`; `shown_at` are the times of the latest cards, and as many as
    `waiting` are promised a place."""
    recent = sum(at > t - SPAN_S for at in shown_at)
    return t < OPENING_S or recent + waiting >= MOST_CARDS_PER_SPAN


def remember(shown_at: tuple[float, ...], t: float) -> tuple[float, ...]:
    """The times of the latest cards, as many as the budget asks for, with one more shown at `t`."""
    return (*shown_at, t)[-MOST_CARDS_PER_SPAN:]
