"""What the terminal shows of a call, added up from its events. Pure: no drawing here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from asr.events import Event, Fault, Hypothesis, Recovered, Speaker, Utterance
from cues.events import CallEnded, CallStarted, CardHidden, CardResolved, CardShown, Summary
from models.events import Reading

SURE = 0.5
LINES = 12
"""Finished lines that stay on the screen."""


@dataclass(frozen=True)
class Line:
    """One utterance: firm text, and the tail that may still change."""

    speaker: Speaker
    at: float
    firm: str
    soft: str = ""
    found: tuple[str, ...] = ()
    """What was read in it: moments, role, competitors."""


@dataclass(frozen=True)
class CardView:
    """A card on the screen; `lag` is how long after the end of its words it came (s)."""

    shown: CardShown
    lag: float


@dataclass(frozen=True)
class Screen:
    """Everything the terminal draws."""

    t: float = 0.0
    playbook: str = ""
    source: str = ""
    stage: str | None = None
    stage_p: float = 0.0
    running: Mapping[str, Line] = field(default_factory=dict)
    lines: tuple[tuple[str, Line], ...] = ()
    cards: tuple[CardView, ...] = ()
    lags: tuple[float, ...] = ()
    notices: tuple[str, ...] = ()
    summary: Summary | None = None


def show(screen: Screen, event: Event) -> Screen:
    """The screen after one more event."""
    screen = replace(screen, t=max(screen.t, event.t))
    if isinstance(event, CallStarted):
        return replace(screen, playbook=event.playbook.name, source=event.source)
    if isinstance(event, Hypothesis):
        line = Line("rep" if event.channel == 0 else "buyer", event.audio_start, event.stable, event.rest)
        return replace(screen, running={**screen.running, event.utterance: line})
    if isinstance(event, Utterance):
        return _final(screen, event)
    if isinstance(event, Reading):
        return screen if event.partial else _read(screen, event)
    if isinstance(event, CardShown):
        lag = event.t - event.audio_end
        return replace(screen, cards=(*screen.cards, CardView(event, lag)), lags=(*screen.lags, lag))
    if isinstance(event, CardHidden):
        return replace(screen, cards=tuple(card for card in screen.cards if card.shown.card != event.card))
    if isinstance(event, CardResolved) and event.outcome is not None:
        return _notice(screen, f"{event.behaviour}: {event.outcome}")
    if isinstance(event, Fault | Recovered):
        return _notice(screen, event.message)
    if isinstance(event, CallEnded):
        return replace(screen, summary=event.summary, cards=(), running={})
    return screen


def _final(screen: Screen, event: Utterance) -> Screen:
    running = {key: line for key, line in screen.running.items() if key != event.id}
    if not event.text:
        return replace(screen, running=running)
    lines = (*screen.lines, (event.id, Line(event.speaker, event.audio_start, event.text)))
    return replace(screen, running=running, lines=lines[-LINES:])


def _read(screen: Screen, reading: Reading) -> Screen:
    stage = max(reading.stage, key=lambda label: reading.stage[label]) if reading.stage else screen.stage
    found = found_in(reading)
    lines = tuple((key, replace(line, found=found) if key == reading.utterance else line) for key, line in screen.lines)
    p = reading.stage.get(stage, 0.0) if stage else 0.0
    return replace(screen, stage=stage, stage_p=p, lines=lines)


def found_in(reading: Reading) -> tuple[str, ...]:
    """What a person wants to see of a reading: competitors, moments, trackers, behaviours, role."""
    role = [r for r, p in reading.role_evidence.items() if p >= SURE and r != "none"]
    return (
        *(f"{mention.name} ({mention.stance})" for mention in reading.competitors),
        *(label for label, p in reading.moments.items() if p >= SURE),
        *(label for label, p in reading.trackers.items() if p >= SURE),
        *(f"did {label}" for label, p in reading.behaviours.items() if p >= SURE),
        *role,
    )


def _notice(screen: Screen, text: str) -> Screen:
    return replace(screen, notices=(*screen.notices, text)[-4:])


def clock_time(seconds: float) -> str:
    """Minutes and seconds, as a person reads them."""
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"
