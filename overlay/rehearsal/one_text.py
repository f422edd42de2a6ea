"""What one sentence would do under a playbook: which cards come, which cues are near, and why those don't hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from asr.events import Event, Speaker, Utterance
from cues.claims import BESIDE
from cues.events import STAGE, AnyEvent, CardShown, Opportunity, RepAction
from cues.explain import Part, explain, leaves
from cues.playbook import Cue
from cues.situation import HOLDS, Situation
from models.events import Reading
from overlay.call_setup import CallSetup
from overlay.rehearsal.rehearse import Said, rehearse, spoken

_NO_CARD = {
    "budget": "holds, but the screen stays quiet now",
    "fading": "holds, but the rep does it alone by now",
    "holdout": "holds, but is held back by chance",
    "outranked": "holds, but both places hold cards that rank higher",
}
_NO_PLACE = "holds, but its card gets no place"


@dataclass(frozen=True)
class Judged:
    """A cue, its condition as a tree, and what becomes of it: "card", or a sentence why there is none."""

    cue: Cue
    condition: Part
    fate: str

    @property
    def fires(self) -> bool:
        return self.fate == "card"


@dataclass(frozen=True)
class Tried:
    """One sentence as it is heard, its reading, and every cue: those with cards first, then by nearness."""

    heard: Utterance
    reading: Reading
    cues: tuple[Judged, ...]

    def as_json(self) -> dict[str, Any]:
        """`certainty` is 0 to 1; a condition holds from `holds_from` on."""
        return {
            "text": self.heard.text,
            "speaker": self.heard.speaker,
            "stage": self.reading.stage,
            "holds_from": HOLDS,
            "cues": [
                {
                    "cue": one.cue.id,
                    "title": one.cue.card.title,
                    "fires": one.fires,
                    "fate": one.fate,
                    "when": _tree(one.condition),
                }
                for one in self.cues
            ],
        }


def try_text(setup: CallSetup, text: str, speaker: Speaker, stage: str | None = None) -> Tried:
    """What happens when this is said, as a call's first words, or after the rep corrected the stage."""
    heard = next(spoken([Said(speaker, text)]))
    before = [] if stage is None else [RepAction(t=heard.audio_start, action="correct", value=f"{STAGE}{stage}")]
    events = list(rehearse(setup, [*before, heard]))
    reading = next(event for event in events if isinstance(event, Reading))
    situation = Situation(speaker, heard.words, reading, setup.playbook.language)
    judged = [_judged(cue, situation, events) for cue in setup.playbook.cues]
    return Tried(heard, reading, tuple(sorted(judged, key=_nearness, reverse=True)))


def _judged(cue: Cue, situation: Situation, events: Sequence[AnyEvent]) -> Judged:
    condition = explain(cue.when, situation)
    return Judged(cue, condition, _fate(cue.id, condition.holds, events))


def _fate(cue: str, holds: bool, events: Sequence[Event]) -> str:
    # A card may also come of the silence afterwards.
    if any(isinstance(event, CardShown) and event.cue == cue for event in events):
        return "card"
    if not holds:
        return "does not hold"
    withheld = (event.withheld for event in events if isinstance(event, Opportunity) and event.cue == cue)
    return _NO_CARD.get(next(withheld, None) or "", _NO_PLACE)


def _nearness(judged: Judged) -> tuple[bool, float, float]:
    """The least certain part decides; of two that are as certain, the one of which more holds is nearer."""
    certainties = [leaf.certainty for leaf in leaves(judged.condition)]
    return judged.fires, judged.condition.certainty, sum(certainties) / len(certainties)


def _tree(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "certainty": round(part.certainty, 4),
        "holds": part.holds,
        **({"values": {value.name: round(value.certainty, 4) for value in part.values}} if part.values else {}),
        **({BESIDE[part.key]: list(part.beside)} if part.beside else {}),
        **({"parts": [_tree(inner) for inner in part.parts]} if part.parts else {}),
    }


def rows(condition: Part) -> Iterator[tuple[int, bool, str]]:
    """The tree as lines to read: how deep, whether it holds, and what was found; that all must hold goes unsaid."""
    for part in condition.parts if condition.key == "all" else (condition,):
        yield from _rows(part, 0)


def _rows(part: Part, depth: int) -> Iterator[tuple[int, bool, str]]:
    yield depth, part.holds, _sentence(part)
    for inner in part.parts:
        yield from _rows(inner, depth + 1)


def _sentence(part: Part) -> str:
    if part.parts:
        return f"{part.key}:"
    if part.key == "said":
        there = [value.name for value in part.values if value.certainty]
        return f"said: “{there[0]}”" if there else "said: not in the text"
    names = ", ".join(value.name for value in part.values)
    if part.key == "earlier" and part.beside:
        names += f", {BESIDE[part.key]} {part.beside[0]}"
    if part.key == "speaker":
        return f"speaker: {names}"
    if part.key == "competitor":
        stance = f" as {' or '.join(part.beside)}" if part.beside else ""
        return f"competitor: {names}{stance}, {part.certainty:.2f}" if part.holds else f"competitor: no {names}{stance}"
    of = "" if part.holds else f" of {HOLDS:g}"
    if len(part.values) == 1:
        return f"{part.key}: {names} {part.certainty:.2f}{of}"
    each = ", ".join(f"{value.name} {value.certainty:.2f}" for value in part.values)
    return f"{part.key}: {each}; {part.certainty:.2f}{of}" if each else f"{part.key}: {part.certainty:.2f}{of}"
