"""A stored call as lines to read: who said what, what was read in it, each card and what became of it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from asr.events import Advice, Event, Fault, Recovered, Speaker, Utterance
from cues.events import (
    CallEnded,
    CardHidden,
    CardResolved,
    CardShown,
    DealChanged,
    Erased,
    Opportunity,
    PlaybookChanged,
    RepAction,
)
from models.events import Reading
from overlay.playbook_names import named
from overlay.screen import clock_time, found_in

Kind = Literal["said", "stage", "card", "opportunity", "note"]


@dataclass(frozen=True)
class LogLine:
    """One line; `at` is in seconds into the call. `details` say why it came and what became of it."""

    at: float
    kind: Kind
    text: str
    speaker: Speaker | None = None
    details: tuple[str, ...] = ()


def log(events: Sequence[Event]) -> list[LogLine]:
    """The call's lines, in the order in which things happened."""
    return sorted(_lines(events), key=lambda line: (line.at, line.kind != "stage"))


def _lines(events: Sequence[Event]) -> Iterator[LogLine]:
    final = {e.utterance: e for e in events if isinstance(e, Reading) and not e.partial}
    said = {e.id: e for e in events if isinstance(e, Utterance)}
    hidden = {e.card: e for e in events if isinstance(e, CardHidden)}
    resolved = {e.opportunity or e.card: e for e in events if isinstance(e, CardResolved)}
    opened = {e.id: e for e in events if isinstance(e, Opportunity)}
    with_card = {e.opportunity for e in events if isinstance(e, CardShown)}
    stage: str | None = None
    for event in events:
        if isinstance(event, Reading) and not event.partial and event.stage:
            before, stage = stage, max(event.stage, key=lambda label: event.stage[label])
            if stage != before and event.utterance in said:
                yield LogLine(said[event.utterance].audio_start, "stage", stage)
        elif isinstance(event, Utterance) and event.text:
            read = found_in(final[event.id]) if event.id in final else ()
            yield LogLine(event.audio_start, "said", printable(event.text), event.speaker, read)
        elif isinstance(event, CardShown):
            end = resolved.get(event.opportunity or event.card)
            came = _why(event, opened.get(event.opportunity or ""))
            left = (_left(event, hidden[event.card]),) if event.card in hidden else ()
            yield LogLine(event.t, "card", printable(event.content.title), None, (came, *left, *_outcome(end, said)))
        elif isinstance(event, Opportunity) and event.id not in with_card:
            end = resolved.get(event.id)
            why = f"{_help(event, end)} ({event.id})"
            yield LogLine(event.t, "opportunity", event.behaviour, None, (why, *_outcome(end, said)))
        elif (note := _note(event)) is not None:
            yield LogLine(event.t, "note", printable(note))


def _why(card: CardShown, opportunity: Opportunity | None) -> str:
    words = " ".join(word.text for word in card.because)
    behaviour = f", for {opportunity.behaviour}" if opportunity else ""
    return printable(f"{card.cue}{behaviour}: heard “{words}”, {card.t - card.audio_end:.1f} s before ({card.card})")


def _help(opportunity: Opportunity, end: CardResolved | None) -> str:
    if opportunity.withheld:
        return f"no card ({opportunity.withheld})"
    return f"no card of its own, {end.card} served" if end is not None and end.card else "no card"


def _left(card: CardShown, hidden: CardHidden) -> str:
    return f"left after {hidden.t - card.t:.0f} s: {hidden.reason}"


def _outcome(end: CardResolved | None, said: dict[str, Utterance]) -> tuple[str, ...]:
    if end is None or end.outcome is None:
        return ()
    evidence = said.get(end.evidence or "")
    by = f" at {clock_time(evidence.audio_start)}: “{evidence.text}”" if evidence else ""
    return (printable(f"{end.outcome}{by}"),)


def _note(event: Event) -> str | None:
    """What else a manager wants to know; None for what the other lines tell."""
    if isinstance(event, Fault | Advice | Recovered):
        return event.message
    if isinstance(event, RepAction):
        return " ".join(filter(None, ("the rep:", event.action, event.target, event.value)))
    if isinstance(event, PlaybookChanged):
        change = f": {event.playbook.change}" if event.playbook.change else ""
        return f"playbook is now {named(event.playbook)}{change}"
    if isinstance(event, DealChanged):
        return "deal is now " + (", ".join(f"{k}: {v}" for k, v in (event.deal or {}).items()) or "unknown")
    if isinstance(event, Erased):
        what = "this call" if event.what == "call" else f"what was said in {event.what}"
        return f"{what} was erased ({event.reason})"
    if isinstance(event, CallEnded):
        return f"ended: {event.reason}"
    known = (Utterance, Reading, CardHidden, CardResolved, Opportunity)
    name = getattr(event, "type", "")
    return None if isinstance(event, known) or name == "call_started" else f"unknown event “{name}”"


def printable(text: str) -> str:
    """`text` without control characters, which a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in text)
