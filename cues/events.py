"""The events that cues makes or reads, and the union of all events of a call."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter

from asr.events import Advice, Event, Fault, Hypothesis, Levels, Recovered, Utterance, Word
from models.events import Reading

Help = Literal["full", "headline", "dot", "none"]
Withheld = Literal["fading", "holdout", "budget", "outranked"]
Outcome = Literal["unprompted", "prompted", "missed", "dismissed"]
HideReason = Literal["done", "expired", "dismissed", "outranked", "retracted"]
Action = Literal["dismiss", "pin", "pause", "resume", "mark", "help", "correct", "feedback", "consent"]
STAGE = "stage:"
"""Begins the value of a `correct` action; the label that the stage should have follows."""
Consent = Literal["none", "remind", "require"]
"""What is asked of the rep before the other side is heard; `require` hears nothing until they say that it agreed."""
Erasure = Literal["forgotten", "struck", "retention"]


@dataclass(frozen=True)
class PlaybookVersion:
    """Which playbook a call ran under; `hash` is the SHA-256 of its files."""

    name: str
    version: str | None
    hash: str
    change: str | None = None
    """What its owner says is new in it."""


@dataclass(frozen=True)
class ModelVersion:
    """One model in use and the SHA-256 of its weights."""

    name: str
    hash: str


@dataclass(frozen=True)
class OffBook:
    """On how many of the rep's behaviours the card has faded to a dot or to nothing: `done` of `behaviours`."""

    done: int
    behaviours: int


@dataclass(frozen=True, kw_only=True)
class CallStarted(Event):
    type: Literal["call_started"] = "call_started"
    started: str
    """UTC, ISO 8601."""
    rep: str
    deal: dict[str, str | float] | None
    source: str
    channels: tuple[str, ...]
    playbook: PlaybookVersion
    models: tuple[ModelVersion, ...]
    consent: Consent = "none"
    language: str | None = None
    """What is spoken; None is the playbook's."""
    off_book: OffBook | None = None
    """None where fading does not act."""


@dataclass(frozen=True)
class CardContent:
    """What a card says; `title` and at least one of ask, say, proof are set."""

    title: str
    ask: str | None = None
    say: str | None = None
    proof: str | None = None
    link: str | None = None
    avoid: str | None = None


@dataclass(frozen=True, kw_only=True)
class RankTerms:
    """What a rank is the product of: weight, certainty, help and freshness; `cues/rank.py` says what each means."""

    weight: float
    priority: str | None
    """The priority that gives the weight; None where none in force asks for the behaviour."""
    certainty: float
    help: float
    missed: int
    """Of so many earlier `moments` for the behaviour the rep missed so many, and did the others unprompted."""
    moments: int
    missed_here: int
    """The same at this cue alone."""
    moments_here: int
    freshness: float
    age_s: float
    """How long ago the words were said."""


@dataclass(frozen=True, kw_only=True)
class FadingTerms:
    """What was believed of the rep and the behaviour before this moment (`cues/skill.py`)."""

    p: float
    """The probability that it is done unprompted; between `low` and `high` with 80 %."""
    low: float
    high: float
    moments: int
    """So many earlier ones are known."""
    days: float | None
    """Since the last of them."""


@dataclass(frozen=True, kw_only=True)
class Opportunity(Event):
    """A moment to do a behaviour, card or no card; `chance` is the probability that this help was chosen."""

    type: Literal["opportunity"] = "opportunity"
    id: str
    cue: str
    behaviour: str
    utterance: str
    help: Help
    withheld: Withheld | None
    chance: float
    terms: RankTerms | None = None
    """Those of its rank then; None where an earlier version wrote it."""
    fading: FadingTerms | None = None
    """None where fading did not act."""


@dataclass(frozen=True, kw_only=True)
class CardShown(Event):
    """A card on the screen. `because` are the words it rests on, `audio_end` the end of those words (s)."""

    type: Literal["card_shown"] = "card_shown"
    cue: str
    card: str
    content: CardContent
    opportunity: str | None
    utterance: str
    because: tuple[Word, ...]
    audio_end: float
    rank: float
    terms: RankTerms | None = None
    """Those of `rank`; None where an earlier version wrote it."""
    help: Help = "full"
    """How much of it is shown, until the rep asks for the rest (`rep_action` help)."""


@dataclass(frozen=True, kw_only=True)
class CardHidden(Event):
    type: Literal["card_hidden"] = "card_hidden"
    cue: str
    card: str
    opportunity: str | None
    reason: HideReason


@dataclass(frozen=True, kw_only=True)
class CardResolved(Event):
    """An opportunity (or a card without one) is over. `evidence` is the utterance that shows the outcome."""

    type: Literal["card_resolved"] = "card_resolved"
    cue: str
    card: str | None
    opportunity: str | None
    behaviour: str | None
    outcome: Outcome | None
    evidence: str | None
    help: Help | None = None
    """The most that the rep was shown meanwhile; None where an earlier version wrote it."""


@dataclass(frozen=True, kw_only=True)
class RepAction(Event):
    type: Literal["rep_action"] = "rep_action"
    action: Action
    target: str | None = None
    value: str | None = None

    @property
    def stage(self) -> str | None:
        """The stage that the rep says the call is in, where this corrects it."""
        if self.action != "correct" or self.value is None or not self.value.startswith(STAGE):
            return None
        return self.value.removeprefix(STAGE)


@dataclass(frozen=True, kw_only=True)
class PlaybookChanged(Event):
    type: Literal["playbook_changed"] = "playbook_changed"
    playbook: PlaybookVersion


@dataclass(frozen=True, kw_only=True)
class DealChanged(Event):
    type: Literal["deal_changed"] = "deal_changed"
    deal: dict[str, str | float] | None


@dataclass(frozen=True, kw_only=True)
class Erased(Event):
    """Words that were stored are gone. `what` is "call" or an utterance's id."""

    type: Literal["erased"] = "erased"
    what: str
    reason: Erasure


@dataclass(frozen=True)
class Summary:
    """The call in figures; durations in seconds."""

    duration_s: float
    utterances: int
    talk_share_rep: float
    last_stage: str | None
    competitors: tuple[str, ...]
    cards: int
    opportunities: int
    outcomes: dict[str, int]
    off_book: OffBook | None = None
    """As it is now; None where fading does not act."""


@dataclass(frozen=True, kw_only=True)
class CallEnded(Event):
    type: Literal["call_ended"] = "call_ended"
    reason: str
    summary: Summary


AnyEvent = (
    CallStarted
    | Hypothesis
    | Levels
    | Utterance
    | Reading
    | Opportunity
    | CardShown
    | CardHidden
    | CardResolved
    | RepAction
    | PlaybookChanged
    | DealChanged
    | Fault
    | Advice
    | Recovered
    | Erased
    | CallEnded
)

EVENT_TYPES = frozenset(event.type for event in get_args(AnyEvent))

EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Field(discriminator="type")])
"""Reads and writes the JSON form of one event."""
