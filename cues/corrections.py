"""What a person says that a label of a reading should be. Pure.

A label belongs to a reading's name: "stage", "role", "moment:LABEL" (LABEL itself, or none) and "competitor:NAME" (the
stance, or none: this is not that competitor).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from asr.events import Speaker
from models.events import Reading
from models.labels import NONE, load_labels

SURE = 0.5
"""What is less probable is not shown as read."""
MOMENT, COMPETITOR = "moment:", "competitor:"
Labels = Mapping[str, str]
"""A label for each reading's name."""


@dataclass(frozen=True)
class Correction:
    """`reading` of `utterance` should be `label`, says `who`; label None takes an earlier correction back."""

    utterance: str
    reading: str
    label: str | None
    who: str
    at: datetime
    """Aware."""


def as_read(reading: Reading | None, speaker: Speaker) -> Labels:
    """The labels of one utterance as they were read; no stage where none was."""
    moments = reading.moments if reading else {}
    roles = reading.role_evidence if reading and speaker == "buyer" else {}
    stages = reading.stage if reading else {}
    mentions = reading.competitors if reading else ()
    found = {f"{MOMENT}{name}": name if moments.get(name, 0.0) >= SURE else NONE for name in load_labels().moment}
    if speaker == "buyer":
        found["role"] = next((role for role, p in roles.items() if p >= SURE), NONE)
    if stages:
        found["stage"] = max(stages, key=lambda stage: stages[stage])
    return found | {f"{COMPETITOR}{mention.name}": mention.stance for mention in mentions}


def choices(reading: str, speaker: Speaker) -> tuple[str, ...]:
    """What `reading` can be corrected to where `speaker` speaks; nothing for a name that is none.

    The conventions of labels.yaml hold: a role is evidence in a buyer's utterance, and a rep objects to nothing.
    """
    labels = load_labels()
    if reading == "stage":
        return labels.stage
    if reading == "role":
        return labels.role if speaker == "buyer" else ()
    if reading.startswith(COMPETITOR):
        return (*labels.stance, NONE)
    moment = reading.removeprefix(MOMENT)
    if moment == reading or moment not in labels.moment:
        return ()
    buyers = moment.startswith("objection_") or moment == "buying_signal"
    return (NONE,) if buyers and speaker == "rep" else (moment, NONE)


def in_force(history: Iterable[Correction]) -> Mapping[str, Mapping[str, Correction]]:
    """The last correction of each utterance's readings, by utterance and reading; `history` is in order."""
    found: dict[str, dict[str, Correction]] = {}
    for one in history:
        mine = found.setdefault(one.utterance, {})
        mine.pop(one.reading, None)
        if one.label is not None:
            mine[one.reading] = one
    return found


def corrected(labels: Labels, corrections: Mapping[str, Correction]) -> Labels:
    """`labels` with what was corrected."""
    return {**labels, **{name: one.label for name, one in corrections.items() if one.label is not None}}
