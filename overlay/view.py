"""What the overlay draws, and nothing else: made by overlay/presenter.py, drawn by overlay/window/."""

from dataclasses import dataclass
from typing import Literal

Mood = Literal["waiting", "listening", "paused", "broken", "done"]


@dataclass(frozen=True)
class LiveLine:
    """The words of one side: `firm` stays, `soft` may change; not `running` once the utterance is over."""

    speaker: str
    firm: str = ""
    soft: str = ""
    running: bool = False
    level: float | None = None
    """How loud this side is now, 0 to 1; None for a recording."""
    note: str = ""
    """Stands in the place of the words while there are none."""


@dataclass(frozen=True)
class CardPart:
    """One of the at most three lines of a card, such as Ask: What made you start looking?"""

    label: str
    text: str


@dataclass(frozen=True)
class Card:
    id: str
    headline: str
    parts: tuple[CardPart, ...]
    why: str
    age: str
    pinned: bool
    dot: bool = False
    """Drawn as a small mark alone; the headline says of what."""


@dataclass(frozen=True)
class Notice:
    text: str
    grave: bool
    """Something is broken, until it says otherwise."""


@dataclass(frozen=True)
class Hint:
    """What a key does, or a word about the call where `key` is empty."""

    key: str
    text: str


@dataclass(frozen=True)
class View:
    """All that the overlay draws; the newest card comes first."""

    mood: Mood
    status: str
    stage: str = ""
    choosing: bool = False
    """The rep is choosing the stage: it does not stand yet."""
    lines: tuple[LiveLine, ...] = ()
    hints: tuple[Hint, ...] = ()
    """Stand in the place of the lines while there are none."""
    cards: tuple[Card, ...] = ()
    notices: tuple[Notice, ...] = ()
