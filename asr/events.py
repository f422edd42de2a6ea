"""The envelope that every event carries, and the events that asr makes.

Times are seconds since the call began. `call` and `seq` are stamped by the engine when it emits an event.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Speaker = Literal["rep", "buyer", "unknown"]

SCHEMA_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Event:
    """The envelope: schema version, call id, sequence number, and seconds into the call at emission."""

    v: int = SCHEMA_VERSION
    call: str = ""
    seq: int = -1
    t: float = 0.0


class Word(NamedTuple):
    """One recognised word; JSON form [text, start, end, probability]."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, kw_only=True)
class Hypothesis(Event):
    """What is heard so far of a running utterance: `stable` text stays, `rest` may change."""

    type: Literal["hypothesis"] = "hypothesis"
    utterance: str
    channel: int
    audio_start: float
    audio_end: float
    stable: str
    rest: str
    words: tuple[Word, ...] = ()
    """Times of the words in `stable`, in order."""


@dataclass(frozen=True, kw_only=True)
class Utterance(Event):
    """The final text of one utterance. Channel 0 is the rep, channel 1 the buyer."""

    type: Literal["utterance"] = "utterance"
    id: str
    channel: int
    speaker: Speaker
    audio_start: float
    audio_end: float
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, kw_only=True)
class Levels(Event):
    """How loud both sides are now (RMS, dBFS, -120 for silence), and when each was last audible (s into the call)."""

    type: Literal["levels"] = "levels"
    rep: float
    buyer: float
    rep_heard_t: float | None
    buyer_heard_t: float | None


@dataclass(frozen=True, kw_only=True)
class Fault(Event):
    """Something broke while the call goes on; `message` is a sentence for the rep."""

    type: Literal["fault"] = "fault"
    part: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Advice(Event):
    """What the rep should know once, though nothing is broken."""

    type: Literal["advice"] = "advice"
    part: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Recovered(Event):
    """What a fault named works again."""

    type: Literal["recovered"] = "recovered"
    part: str
    message: str
