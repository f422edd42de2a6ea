"""The cue engine, sans-IO: `step(state, event) -> state, events`. No clock, no thread, no file.

Readings fire cues; cues become cards (at most two, each kept long enough to be read) and opportunities; what the rep
says next decides each opportunity's outcome. Time comes in with the events. `due(state)` is the next deadline;
`advance` steps the deadlines that lie before an event, each at its own time, so live and replay agree.
Returned events carry `t`; whoever emits them stamps call and sequence number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from asr.events import Event, Hypothesis, Speaker, Utterance
from cues import cards, outcomes
from cues.events import CallStarted, RepAction
from cues.playbook import Cue, Playbook
from cues.situation import HOLDS, PARTIAL_HOLDS, Situation, Verdict, because, judge
from cues.state import Spoken, State, Trigger, Turn
from models.events import Reading

Step = tuple[State, list[Event]]
_V = TypeVar("_V")


@dataclass(frozen=True, kw_only=True)
class Deadline(Event):
    """A time that `due` named has come. Not an event of the call."""


def start(playbook: Playbook, day: date) -> State:
    """The state before the call's first event; `day` decides which priorities are active."""
    return State(playbook=playbook, day=day)


def due(state: State) -> float | None:
    """The next time (s) at which `step` wants a Deadline, or None."""
    times = [*cards.deadlines(state), *outcomes.deadlines(state)]
    return min(times, default=None)


def advance(state: State, event: Event) -> Step:
    """Steps every deadline up to the event's time, then the event."""
    out: list[Event] = []
    while (deadline := due(state)) is not None and deadline <= event.t:
        state, made = step(state, Deadline(t=deadline))
        out += made
    state, made = step(state, event)
    return state, out + made


def step(state: State, event: Event) -> Step:
    """One event in; the new state and the events it causes out."""
    if isinstance(event, Deadline):
        return _chain(state, event.t, cards.pass_time, outcomes.pass_time)
    if isinstance(event, CallStarted):
        return replace(state, day=date.fromisoformat(event.started[:10])), []
    if isinstance(event, Hypothesis):
        speaker: Speaker = "rep" if event.channel == 0 else "buyer"
        return _remember(state, event.utterance, Spoken(speaker, event.words)), []
    if isinstance(event, Utterance):
        return _utterance(state, event)
    if isinstance(event, Reading):
        return _reading(state, event)
    if isinstance(event, RepAction):
        return _rep_action(state, event)
    return state, []


def _chain(state: State, t: float, *parts: cards.Part) -> Step:
    out: list[Event] = []
    for part in parts:
        state, made = part(state, t)
        out += made
    return state, out


def _remember(state: State, utterance: str, spoken: Spoken) -> State:
    return replace(state, spoken=_with(state.spoken, utterance, spoken))


def _utterance(state: State, event: Utterance) -> Step:
    """A final text: a new turn may begin; an empty one takes back what its partials fired."""
    if not event.words:
        state, out = _retract_lost(state, event.id, "", event.t, ())
        state = replace(state, spoken=_without(state.spoken, event.id))
        state, closed = outcomes.rep_fell_silent(state, event.t) if event.speaker == "rep" else (state, [])
        return state, out + closed
    state = _remember(state, event.id, Spoken(event.speaker, event.words))
    new_turn = state.turn is None or state.turn.speaker != event.speaker
    if new_turn:
        state = replace(state, turn=Turn(event.speaker, event.audio_start))
    if event.speaker == "rep":
        return outcomes.rep_speaks(state, event.audio_start, event.t, new_turn=new_turn)
    return outcomes.buyer_speaks(state, event.t)


def _reading(state: State, reading: Reading) -> Step:
    spoken = state.spoken.get(reading.utterance)
    if spoken is None:
        return state, []
    situation = Situation(spoken.speaker, spoken.words, reading)
    verdicts = [(cue, judge(cue.when, situation)) for cue in state.playbook.cues]
    out: list[Event] = []
    if not reading.partial:
        if spoken.speaker == "rep":
            state, out = outcomes.rep_said(state, reading)
        still = tuple(cue.id for cue, verdict in verdicts if verdict.certainty >= HOLDS)
        state, made = _retract_lost(state, reading.utterance, situation.text, reading.t, still)
        out += made
        state = replace(state, spoken=_without(state.spoken, reading.utterance))
    state, made = _fire(state, situation, verdicts)
    return state, out + made


def _fire(state: State, situation: Situation, verdicts: list[tuple[Cue, Verdict]]) -> Step:
    """Every cue that holds and is not cooling down becomes a trigger; the strongest goes first."""
    reading = situation.reading
    holds = PARTIAL_HOLDS if reading.partial else HOLDS
    triggers = []
    for cue, verdict in verdicts:
        before = state.fired.get(cue.id)
        if verdict.certainty < holds or (before is not None and reading.t - before < cue.cooldown):
            continue
        if any(card.trigger.cue.id == cue.id for card in state.cards):
            continue
        rank = round(state.playbook.weight(cue.prompts, state.day) * verdict.certainty, 4)
        words = because(verdict, situation)
        triggers.append(Trigger(cue, reading.utterance, words, rank, reading.t, reading.partial, before))
    out: list[Event] = []
    for trigger in sorted(triggers, key=lambda t: (-t.rank, t.cue.id)):
        state = replace(state, fired=_with(state.fired, trigger.cue.id, trigger.at))
        state, made = cards.place(state, trigger, reading.t)
        out += made
    return state, out


def _retract_lost(state: State, utterance: str, text: str, t: float, still: tuple[str, ...]) -> Step:
    """The final text is here: takes back what fired on words that it lost, confirms the rest."""
    state, lost = cards.confirm(state, utterance, text, still)
    out: list[Event] = []
    for trigger in lost:
        fired = _without(state.fired, trigger.cue.id)
        if trigger.fired_before is not None:
            fired = _with(fired, trigger.cue.id, trigger.fired_before)
        state = replace(state, fired=fired)
        state, hidden = cards.retract(state, trigger, t)
        state, closed = outcomes.retract(state, trigger, t)
        out += hidden + closed
    return state, out


def _rep_action(state: State, event: RepAction) -> Step:
    if event.action in ("pause", "resume"):
        return replace(state, paused=event.action == "pause"), []
    if event.action == "dismiss":
        return cards.dismiss(state, event.target, event.t)
    if event.action == "pin":
        return cards.pin(state, event.target), []
    return state, []


def _with(mapping: Mapping[str, _V], key: str, value: _V) -> Mapping[str, _V]:
    return MappingProxyType({**mapping, key: value})


def _without(mapping: Mapping[str, _V], key: str) -> Mapping[str, _V]:
    return MappingProxyType({k: v for k, v in mapping.items() if k != key})
