"""What was found in one line: its readings, or what a person says instead. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from asr.events import Speaker
from cues.corrections import COMPETITOR, MOMENT, SURE, Correction, Labels
from models.events import Reading
from models.labels import NONE
from overlay.review.wording import correction, label

Kind = Literal["moment", "competitor", "tracker", "behaviour", "role", "rep"]


@dataclass(frozen=True)
class Finding:
    """Something found in a line; `p` is its probability, None where a person says so."""

    kind: Kind
    name: str
    p: float | None = None
    key: str = ""
    """What the reading's spans call it."""


@dataclass(frozen=True)
class Corrected:
    """A correction that holds: of which reading, in words, who made it, and when (where the reader is)."""

    reading: str
    says: str
    who: str
    at: datetime


def findings(
    reading: Reading | None, speaker: Speaker, labels: Labels, by_hand: Mapping[str, Correction]
) -> Iterator[Finding]:
    """What `labels` hold, and what trackers and behaviours found with some certainty; behaviours are the rep's."""
    sure: dict[str, float] = {}
    if reading is not None:
        sure = {f"{MOMENT}{name}": p for name, p in reading.moments.items()}
        sure |= {f"{COMPETITOR}{each.name}": each.p for each in reading.competitors}

    def p(key: str) -> float | None:
        return None if key in by_hand else sure.get(key)

    for key, stance in labels.items():
        if key.startswith(COMPETITOR) and stance != NONE:
            yield Finding("competitor", f"{key.removeprefix(COMPETITOR)}, {stance}", p(key), key)
    moments = [key for key, moment in labels.items() if key.startswith(MOMENT) and moment != NONE]
    for key in sorted(moments, key=lambda key: -sure.get(key, 0.0)):
        yield Finding("moment", label(key.removeprefix(MOMENT)), p(key), key)
    if reading is not None:
        yield from _sure("tracker", reading.trackers)
        yield from _sure("behaviour", reading.behaviours if speaker == "rep" else {})
    role = labels.get("role", NONE)
    if role != NONE:
        read = reading.role_evidence.get(role) if reading and "role" not in by_hand else None
        sounds = f"{reading.person} sounds like the" if reading and reading.person else "sounds like"
        yield Finding("role", f"{sounds} {label(role)}", read, "role")


def corrections_shown(read: Labels, by_hand: Mapping[str, Correction], zone: tzinfo | None) -> Iterator[Corrected]:
    """Every correction that holds in a line whose labels were `read`."""
    for name, one in by_hand.items():
        says = correction(name, one.label or NONE, read.get(name, NONE))
        yield Corrected(name, says, one.who, one.at.astimezone(zone))


def _sure(kind: Kind, found: Mapping[str, float]) -> Iterator[Finding]:
    for name, p in sorted(found.items(), key=lambda item: -item[1]):
        if p >= SURE:
            yield Finding(kind, label(name), p, f"{kind}:{name}")
