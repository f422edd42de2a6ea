"""What the cue engine remembers between two events. All frozen; times in seconds into the call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from asr.events import Speaker, Word
from cues.deal import UNKNOWN, KnownDeal
from cues.events import CardContent, Help, RankTerms
from cues.fading import Fading
from cues.index import CueIndex
from cues.memory import Memory
from cues.playbook import Cue, Playbook, Priority
from cues.quiet import Doing
from cues.rank import NO_HISTORY, History
from cues.silence import Asked
from cues.turns import Turns

NO_TIMES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Spoken:
    """An utterance whose final reading has not come yet."""

    channel: int
    speaker: Speaker
    start: float
    words: tuple[Word, ...]
    running: bool
    """Still being said: its final text has not come either."""


@dataclass(frozen=True)
class Trigger:
    """One moment of a cue: in which utterance, on which words, and how it ranked when it fired."""

    cue: Cue
    utterance: str
    because: tuple[Word, ...]
    terms: RankTerms
    at: float
    provisional: bool
    """Fired on partial text; the final may still lose the words."""
    fired_before: float | None
    """When the cue fired the time before, to go back to if this one is retracted."""

    @property
    def heard(self) -> float:
        """End of the words it rests on (s)."""
        return self.because[-1].end if self.because else self.at


@dataclass(frozen=True)
class ShownCard:
    """A card on the screen."""

    id: str
    trigger: Trigger
    opportunity: str | None
    content: CardContent
    since: float
    expires: float
    """When it goes by itself, unless it is pinned."""
    pinned: bool = False
    help: Help = "full"
    """How much of it is shown."""


@dataclass(frozen=True)
class WaitingCard:
    """A card that will be shown when one of those on the screen has had its reading time."""

    trigger: Trigger
    opportunity: str | None
    until: float
    help: Help = "full"


@dataclass(frozen=True)
class OpenOpportunity:
    """An opportunity not yet resolved."""

    id: str
    trigger: Trigger
    behaviour: str
    card: str | None
    card_since: float | None
    closes: float
    turns: int = 0
    """The rep's turns begun since."""
    dismissed: bool = False
    help: Help = "none"
    """The most that was shown for it so far."""


@dataclass(frozen=True)
class State:
    """Everything `cues.engine.step` needs besides the event."""

    playbook: Playbook
    index: CueIndex
    priorities: Mapping[str, Priority]
    """For each behaviour the strongest priority on the day of the call, for its deal."""
    history: History = NO_HISTORY
    """What the rep did in earlier calls."""
    fading: Fading | None = None
    """None where every card comes in full."""
    cards: tuple[ShownCard, ...] = ()
    waiting: tuple[WaitingCard, ...] = ()
    open: tuple[OpenOpportunity, ...] = ()
    fired: Mapping[str, float] = field(default_factory=lambda: NO_TIMES)
    """When each cue fired last."""
    spoken: Mapping[str, Spoken] = field(default_factory=lambda: MappingProxyType({}))
    """By utterance, oldest first."""
    deal: KnownDeal = UNKNOWN
    memory: Memory = field(default_factory=Memory)
    asked: Asked | None = None
    turns: Turns = field(default_factory=Turns)
    doing: Doing = field(default_factory=Doing)
    shown_at: tuple[float, ...] = ()
    """When the latest cards came, as many as the quiet budget asks for."""
    cards_made: int = 0
    opportunities_made: int = 0
    paused: bool = False
    call: str = ""
    language: str = ""
    """What is spoken."""
    times_shown: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """How often each cue's card came."""
