"""What people corrected, as labelled calls to learn from. Pure.

A reading that nobody corrected is no label: it is left out, and the line's words stay, as what comes before and after.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from asr.events import Event, Utterance
from cues.corrections import COMPETITOR, MOMENT, Correction, choices, in_force
from models.competitors import Competitor
from models.dataset import LabelledMention, LabelledUtterance
from models.events import Mention, Reading, Stance
from models.labels import NONE

Call = tuple[LabelledUtterance, ...]


def labelled_call(events: Sequence[Event], history: Iterable[Correction]) -> Call:
    """Every utterance of a call with the labels that were corrected in it; empty where none is in force."""
    readings = {e.utterance: e for e in events if isinstance(e, Reading) and not e.partial}
    spoken = sorted((e for e in events if isinstance(e, Utterance) and e.text.strip()), key=lambda e: e.audio_start)
    corrections = in_force(history)
    lines = [_line(i, one, readings.get(one.id), corrections.get(one.id, {})) for i, one in enumerate(spoken)]
    return tuple(lines) if any(line.labelled for line in lines) else ()


def competitors(calls: Iterable[Call]) -> tuple[Competitor, ...]:
    """The competitors that the labels of `calls` speak of. How one was heard is an alias: it may be one of a playbook
    that nobody has at hand, and a name that is not found again teaches nothing."""
    heard: dict[str, set[str]] = {}
    for line in (line for call in calls for line in call):
        for name in (one.removeprefix(COMPETITOR) for one in line.labelled or () if one.startswith(COMPETITOR)):
            said = {mention.said for mention in line.competitors if mention.name == name}
            heard.setdefault(name, set()).update(one for one in said if one.lower() != name.lower())
    return tuple(Competitor(name, tuple(sorted(aliases))) for name, aliases in sorted(heard.items()))


def _line(i: int, said: Utterance, reading: Reading | None, corrections: Mapping[str, Correction]) -> LabelledUtterance:
    mentions = {each.name: each for each in reading.competitors if each.said in said.text} if reading else {}
    labels = {
        name: one.label
        for name, one in corrections.items()
        # A label that this version no longer has teaches nothing, nor does a mention whose words are gone.
        if one.label in choices(name, said.speaker)
        and (not name.startswith(COMPETITOR) or name.removeprefix(COMPETITOR) in mentions)
    }
    role = labels.get("role")
    moments = (label for name, label in labels.items() if name.startswith(MOMENT))
    return LabelledUtterance(
        call=said.call,
        i=i,
        t0=said.audio_start,
        speaker=said.speaker,
        person=reading.person if reading else None,
        text=said.text,
        stage=labels.get("stage"),
        role=None if role == NONE else role,
        competitors=tuple(_mentions(labels, mentions)),
        moments=tuple(label for label in moments if label is not None and label != NONE),
        labelled=frozenset(labels),
    )


def _mentions(labels: Mapping[str, str | None], read: Mapping[str, Mention]) -> Iterable[LabelledMention]:
    for name, mention in read.items():
        stance = labels.get(f"{COMPETITOR}{name}", NONE)
        if stance != NONE:
            yield LabelledMention(name, mention.said, cast(Stance, stance))
