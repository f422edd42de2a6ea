"""What a client that joins late must be told: the events that rebuild the present. Pure, and flat over a long call.

`snapshot` gives them in the order they came, so a client needs no second way of reading: it takes them as if it had
been there. What is over (old utterances, cards gone, faults mended) is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from asr.events import Event, Fault, Hypothesis, Levels, Recovered, Utterance
from cues.events import (
    AnyEvent,
    CallEnded,
    CallStarted,
    CardHidden,
    CardShown,
    DealChanged,
    PlaybookChanged,
    RepAction,
)
from models.events import Reading

UTTERANCES = 20
"""Finished utterances that a late joiner gets, each with its final reading."""

_V = TypeVar("_V")


@dataclass(frozen=True)
class Finished:
    """An utterance that is over, and what it was read as once that is known."""

    utterance: Utterance
    reading: Reading | None = None


@dataclass(frozen=True)
class FeedState:
    """The events that still hold."""

    started: CallStarted | None = None
    changed: Mapping[str, PlaybookChanged | DealChanged] = field(default_factory=dict)
    """The latest of each type."""
    reading: Reading | None = None
    """The last final one: stage and role so far."""
    running: Mapping[str, Hypothesis] = field(default_factory=dict)
    finished: tuple[Finished, ...] = ()
    cards: Mapping[str, CardShown] = field(default_factory=dict)
    """Those on the screen, oldest first."""
    pins: Mapping[str, RepAction] = field(default_factory=dict)
    opened: Mapping[str, RepAction] = field(default_factory=dict)
    """Cards that had stepped back, and that the rep asked to see whole."""
    faults: Mapping[str, Fault] = field(default_factory=dict)
    """The latest of each part that has not recovered."""
    paused: RepAction | None = None
    consent: RepAction | None = None
    corrected: RepAction | None = None
    """The stage by the rep, until the next final reading has it."""
    levels: Levels | None = None
    """The last ones."""
    ended: CallEnded | None = None


def snapshot(state: FeedState) -> list[AnyEvent]:
    """The events that hold now, by number."""
    events: list[AnyEvent | None] = [
        state.started,
        state.reading,
        state.paused,
        state.consent,
        state.corrected,
        state.levels,
        state.ended,
    ]
    events += [*state.changed.values(), *state.running.values(), *state.cards.values(), *state.pins.values()]
    events += state.opened.values()
    events += [*state.faults.values(), *(done.utterance for done in state.finished)]
    events += [done.reading for done in state.finished if done.reading is not state.reading]
    return sorted((event for event in events if event is not None), key=lambda event: event.seq)


def newest_card(state: FeedState) -> str | None:
    """The id of the card that came last, of those on the screen."""
    return next(reversed(list(state.cards)), None)


def newest_stepped_back(state: FeedState) -> str | None:
    """The id of the newest card that is not shown whole."""
    left = [id for id, card in state.cards.items() if card.help != "full" and id not in state.opened]
    return left[-1] if left else None


def add(state: FeedState, event: Event) -> FeedState:
    """The state after one more event."""
    if isinstance(event, Hypothesis):
        return replace(state, running={**state.running, event.utterance: event})
    if isinstance(event, Utterance):
        return _final(state, event)
    if isinstance(event, Reading):
        return state if event.partial else _read(state, event)
    if isinstance(event, CardShown):
        return replace(state, cards={**state.cards, event.card: event})
    if isinstance(event, CardHidden):
        return replace(
            state,
            cards=_without(state.cards, event.card),
            pins=_without(state.pins, event.card),
            opened=_without(state.opened, event.card),
        )
    if isinstance(event, RepAction):
        return _act(state, event)
    if isinstance(event, Levels):
        return replace(state, levels=event)
    return _mark(state, event)


def _mark(state: FeedState, event: Event) -> FeedState:
    """What begins, ends, breaks and mends."""
    if isinstance(event, CallStarted):
        return FeedState(started=event)
    if isinstance(event, PlaybookChanged | DealChanged):
        return replace(state, changed={**state.changed, event.type: event})
    if isinstance(event, Fault):
        return replace(state, faults={**state.faults, event.part: event})
    if isinstance(event, Recovered):
        return replace(state, faults=_without(state.faults, event.part))
    if isinstance(event, CallEnded):
        return replace(state, ended=event, running={}, cards={}, pins={}, opened={}, paused=None)
    return state


def _final(state: FeedState, event: Utterance) -> FeedState:
    """An utterance without words was nothing: it only takes its hypothesis away."""
    state = replace(state, running=_without(state.running, event.id))
    if not event.words:
        return state
    return replace(state, finished=(*state.finished, Finished(event))[-UTTERANCES:])


def _read(state: FeedState, event: Reading) -> FeedState:
    finished = tuple(
        replace(done, reading=event) if done.utterance.id == event.utterance else done for done in state.finished
    )
    return replace(state, reading=event, corrected=None, finished=finished)


def _act(state: FeedState, event: RepAction) -> FeedState:
    if event.action == "pause":
        return replace(state, paused=event)
    if event.action == "resume":
        return replace(state, paused=None)
    if event.action == "consent":
        return replace(state, consent=event)
    if event.stage is not None:
        return replace(state, corrected=event)
    card = event.target or newest_card(state)
    if event.action == "pin" and card is not None and card in state.cards:
        return replace(state, pins={**state.pins, card: event})
    if event.action == "help" and event.target is not None and event.target in state.cards:
        return replace(state, opened={**state.opened, event.target: event})
    return state


def _without(mapping: Mapping[str, _V], key: str) -> Mapping[str, _V]:
    return {k: v for k, v in mapping.items() if k != key}
