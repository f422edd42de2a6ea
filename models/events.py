"""The event that models makes: what an utterance says about the deal."""

from dataclasses import dataclass, field
from typing import Literal

from asr.events import Event

Stance = Literal["incumbent", "evaluating", "past", "compared", "mentioned"]


@dataclass(frozen=True)
class Mention:
    """A competitor named in an utterance. `said` is how it was heard; `p` is the probability of the stance."""

    name: str
    said: str
    stance: Stance
    p: float


@dataclass(frozen=True, kw_only=True)
class Reading(Event):
    """Calibrated probabilities (0 to 1) for one utterance, or for its stable part when `partial`.

    `spans` says which words it rests on: for "competitor:NAME", "moment:LABEL", "tracker:ID" and
    "behaviour:ID", the [start, end) character span in the text that was read.
    """

    type: Literal["reading"] = "reading"
    utterance: str
    partial: bool
    person: str | None
    """Name of the buyer who speaks, as it was said in the call; None where that is not known, and for the rep."""
    stage: dict[str, float]
    role: dict[str, float]
    """What this person is, from all evidence so far but that of others; from everybody's where `person` is None."""
    role_evidence: dict[str, float] = field(default_factory=dict)
    """What this utterance alone shows; "none" is its own label."""
    competitors: tuple[Mention, ...] = ()
    moments: dict[str, float] = field(default_factory=dict)
    trackers: dict[str, float] = field(default_factory=dict)
    behaviours: dict[str, float] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
