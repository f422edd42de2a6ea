"""What can be shown of a call, added up from its events, for the terminal and the overlay. Pure: no drawing here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from asr.events import Advice, Event, Fault, Hypothesis, Levels, Recovered, Speaker, Utterance
from cues.events import (
    CallEnded,
    CallStarted,
    CardHidden,
    CardResolved,
    CardShown,
    Consent,
    Help,
    OffBook,
    PlaybookChanged,
    RepAction,
    Summary,
)
from models.events import Reading
from overlay import hearing
from overlay.hearing import Hearing

SURE = 0.5
LINES = 12
"""Finished lines that stay on the screen."""
CARDS = 8
"""Cards that are kept at most; the cue engine shows two."""


@dataclass(frozen=True)
class Line:
    """One utterance: firm text, and the tail that may still change."""

    speaker: Speaker
    at: float
    firm: str
    soft: str = ""
    until: float = 0.0
    """End of what is heard of it so far (s)."""
    found: tuple[str, ...] = ()
    """What was read in it: moments, role, competitors."""


@dataclass(frozen=True)
class CardView:
    """A card on the screen; `lag` is how long after the end of its words it came (s)."""

    shown: CardShown
    lag: float
    pinned: bool = False
    help: Help = "full"
    """How much of it is shown."""


@dataclass(frozen=True)
class Screen:
    """A call as it stands."""

    t: float = 0.0
    playbook: str = ""
    source: str = ""
    stages: tuple[str, ...] = ()
    """All of them, the likeliest first."""
    stage_p: float = 0.0
    """How likely that one is."""
    running: Mapping[str, Line] = field(default_factory=dict)
    lines: tuple[tuple[str, Line], ...] = ()
    cards: tuple[CardView, ...] = ()
    lags: tuple[float, ...] = ()
    notices: tuple[str, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is broken now, by part."""
    hearing: Hearing = field(default_factory=Hearing)
    consent: Consent = "none"
    levels: Levels | None = None
    """The last ones of a live call."""
    summary: Summary | None = None
    off_book: OffBook | None = None
    """How far the rep has come; None where cards do not fade."""

    @property
    def stage(self) -> str | None:
        """The stage that the call is in."""
        return next(iter(self.stages), None)


def show(screen: Screen, event: Event) -> Screen:
    """The screen after one more event."""
    screen = replace(screen, t=max(screen.t, event.t))
    if isinstance(event, CallStarted):
        return replace(
            _hearing(screen, event),
            playbook=event.playbook.name,
            source=event.source,
            consent=event.consent,
            off_book=event.off_book,
        )
    if isinstance(event, PlaybookChanged):
        return _notice(replace(screen, playbook=event.playbook.name), "The playbook changed.")
    if isinstance(event, Hypothesis):
        return replace(screen, running={**screen.running, event.utterance: _running(event)})
    if isinstance(event, Utterance):
        return _final(screen, event)
    if isinstance(event, Reading):
        return screen if event.partial else _read(screen, event)
    if isinstance(event, CardShown):
        lag = event.t - event.audio_end
        return replace(
            screen, cards=(*screen.cards, CardView(event, lag, help=event.help))[-CARDS:], lags=(*screen.lags, lag)
        )
    if isinstance(event, CardHidden):
        return replace(screen, cards=tuple(card for card in screen.cards if card.shown.card != event.card))
    if isinstance(event, CardResolved) and event.outcome is not None:
        return _notice(screen, f"{event.behaviour}: {event.outcome}")
    if isinstance(event, RepAction):
        return _act(screen, event)
    if isinstance(event, Levels):
        return replace(screen, levels=event)
    if isinstance(event, Advice):
        return _notice(screen, event.message)
    if isinstance(event, Fault | Recovered):
        return _notice(replace(screen, faults=_faults(screen.faults, event)), event.message)
    if isinstance(event, CallEnded):
        return replace(screen, summary=event.summary, off_book=event.summary.off_book, cards=(), running={})
    return screen


def _running(event: Hypothesis) -> Line:
    speaker: Speaker = "rep" if event.channel == 0 else "buyer"
    return Line(speaker, event.audio_start, event.stable, event.rest, event.audio_end)


def _act(screen: Screen, event: RepAction) -> Screen:
    screen = _hearing(screen, event)
    if event.action == "pin" and screen.cards:
        target = event.target or screen.cards[-1].shown.card
        return replace(screen, cards=tuple(replace(c, pinned=c.pinned or c.shown.card == target) for c in screen.cards))
    if event.action == "help":
        opened = (replace(c, help="full") if c.shown.card == event.target else c for c in screen.cards)
        return replace(screen, cards=tuple(opened))
    if event.stage is not None:
        others = (stage for stage in screen.stages if stage != event.stage)
        return replace(screen, stages=(event.stage, *others), stage_p=1.0)
    return screen


def _hearing(screen: Screen, event: Event) -> Screen:
    return replace(screen, hearing=hearing.after(screen.hearing, event))


def _faults(faults: Mapping[str, str], event: Fault | Recovered) -> Mapping[str, str]:
    others = {part: message for part, message in faults.items() if part != event.part}
    return {**others, event.part: event.message} if isinstance(event, Fault) else others


def _final(screen: Screen, event: Utterance) -> Screen:
    running = {key: line for key, line in screen.running.items() if key != event.id}
    if not event.text:
        return replace(screen, running=running)
    lines = (*screen.lines, (event.id, Line(event.speaker, event.audio_start, event.text, until=event.audio_end)))
    return replace(screen, running=running, lines=lines[-LINES:])


def _read(screen: Screen, reading: Reading) -> Screen:
    found = found_in(reading)
    lines = tuple((key, replace(line, found=found) if key == reading.utterance else line) for key, line in screen.lines)
    stages = tuple(sorted(reading.stage, key=lambda label: -reading.stage[label])) or screen.stages
    return replace(screen, stages=stages, stage_p=max(reading.stage.values(), default=0.0), lines=lines)


def found_in(reading: Reading) -> tuple[str, ...]:
    """What a person wants to see of a reading: competitors, moments, trackers, behaviours, role and whose."""
    roles = [r for r, p in reading.role_evidence.items() if p >= SURE and r != "none"]
    return (
        *(f"{mention.name} ({mention.stance})" for mention in reading.competitors),
        *(label for label, p in reading.moments.items() if p >= SURE),
        *(label for label, p in reading.trackers.items() if p >= SURE),
        *(f"did {label}" for label, p in reading.behaviours.items() if p >= SURE),
        *(role if reading.person is None else f"{reading.person}: {role}" for role in roles),
    )


def _notice(screen: Screen, text: str) -> Screen:
    return replace(screen, notices=(*screen.notices, text)[-4:])


def progress(off_book: OffBook | None) -> str:
    """How far the rep has come, in a sentence; empty before the first behaviour, and where cards do not fade."""
    if off_book is None or not off_book.done:
        return ""
    return f"You are off book on {off_book.done} of {off_book.behaviours} behaviours."


def clock_time(seconds: float) -> str:
    """Minutes and seconds, as a person reads them."""
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"
