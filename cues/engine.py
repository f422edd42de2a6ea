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
from cues import cards, fading, outcomes, quiet, silence
from cues.deal import NO_FACTS, KnownDeal
from cues.events import CallStarted, DealChanged, OffBook, RepAction
from cues.index import candidates, index_of, to_remember
from cues.memory import remember, spoke
from cues.playbook import Cue, Playbook
from cues.rank import NO_HISTORY, History, in_force, rank, weigh
from cues.situation import HOLDS, PARTIAL_HOLDS, Situation, Verdict, because, judge
from cues.state import Spoken, State, Trigger
from cues.turns import Said, Turns, buyer_says, rep_says
from models.events import Reading

Step = tuple[State, list[Event]]
_V = TypeVar("_V")


@dataclass(frozen=True, kw_only=True)
class Deadline(Event):
    """A time that `due` named has come. Not an event of the call."""


def start(playbook: Playbook, day: date, history: History = NO_HISTORY) -> State:
    """The state before the call's first event; `day` decides which priorities are in force."""
    index, priorities = index_of(playbook.cues, playbook.language), in_force(playbook, day)
    fades = None if history.moments is None else fading.fading(playbook, history.moments, day)
    deal = KnownDeal(day=day)
    return State(playbook, index, priorities, history, fades, deal=deal, language=playbook.language)


def off_book(state: State, t: float) -> OffBook | None:
    """How far the rep has come, `t` seconds into the call; None where fading does not act."""
    return fading.off_book(state.fading, t) if state.fading is not None else None


def due(state: State) -> float | None:
    """The next time (s) at which `step` wants a Deadline, or None."""
    times = [*cards.deadlines(state), *outcomes.deadlines(state)]
    if state.asked is not None:
        times.append(silence.due(state.asked))
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
    state, out = _handle(state, event)
    state, placed = cards.fill(state, event.t)
    return state, out + placed


def _handle(state: State, event: Event) -> Step:
    if isinstance(event, Deadline):
        return _chain(state, event.t, outcomes.pass_time, cards.pass_time, _fall_silent)
    if isinstance(event, CallStarted):
        fades = state.fading and fading.in_call(state.fading, event)
        state = replace(state, call=event.call, language=event.language or state.playbook.language, fading=fades)
        return _about(state, KnownDeal(event.deal or NO_FACTS, date.fromisoformat(event.started[:10]))), []
    if isinstance(event, DealChanged):
        return _about(state, KnownDeal(event.deal or NO_FACTS, state.deal.day)), []
    if isinstance(event, Hypothesis):
        speaker: Speaker = "rep" if event.channel == 0 else "buyer"
        spoken = Spoken(event.channel, speaker, event.audio_start, event.words, running=True)
        said = Said(event.audio_start, event.audio_end, len(event.words))
        if speaker == "buyer" and said.words and buyer_says(state.turns, said, _running_since(state, rep=True))[1]:
            state = replace(state, doing=quiet.turn_over(state.doing))
        return replace(_hear(state, event.utterance, spoken), asked=None), []
    if isinstance(event, Utterance):
        return _utterance(state, event)
    if isinstance(event, Reading):
        return _reading(state, event)
    if isinstance(event, RepAction):
        return _rep_action(state, event)
    return state, []


def _about(state: State, deal: KnownDeal) -> State:
    """The call is about this deal: the priorities that it asks for are in force."""
    return replace(state, deal=deal, priorities=in_force(state.playbook, deal.day, deal.facts))


def _chain(state: State, t: float, *parts: cards.Part) -> Step:
    out: list[Event] = []
    for part in parts:
        state, made = part(state, t)
        out += made
    return state, out


def _utterance(state: State, event: Utterance) -> Step:
    """A final text: a new turn may begin; an empty one takes back what its partials fired."""
    if not event.words:
        if event.speaker == "rep":
            state = replace(state, doing=quiet.nothing_said(state.doing))
        state, out = _retract_lost(state, event.id, "", event.t, ())
        state, closed = outcomes.pass_time(_forget(state, event.id), event.t)
        return state, out + closed
    said = Said(event.audio_start, event.audio_end, len(event.words))
    state = replace(state, memory=spoke(state.memory, event.speaker, said.end - said.start), asked=None)
    if event.speaker == "rep":
        turns, new = rep_says(state.turns, said, _running_since(state, rep=False))
        state, out = outcomes.rep_speaks(_turn(state, turns, over=new), event.t, new_turn=new)
    else:
        turns, over = buyer_says(state.turns, said, _running_since(state, rep=True))
        state, out = outcomes.buyer_speaks(_turn(state, turns, over=over), event.t, ends_turn=over)
    spoken = Spoken(event.channel, event.speaker, event.audio_start, event.words, running=False)
    return _hear(state, event.id, spoken), out


def _turn(state: State, turns: Turns, *, over: bool) -> State:
    """With these turns; `over`: the one that the rep was in has ended."""
    return replace(state, turns=turns, doing=quiet.turn_over(state.doing) if over else state.doing)


def _hear(state: State, utterance: str, spoken: Spoken) -> State:
    """Remembers what is said; what its channel was saying before and never finished is lost."""
    kept = {k: s for k, s in state.spoken.items() if k == utterance or s.channel != spoken.channel or not s.running}
    return replace(state, spoken=_with(kept, utterance, spoken))


def _running_since(state: State, *, rep: bool) -> float | None:
    """Start of what the rep (or the other side) is saying right now."""
    return next((s.start for s in state.spoken.values() if s.running and (s.speaker == "rep") is rep), None)


def _forget(state: State, utterance: str) -> State:
    return replace(state, spoken=_without(state.spoken, utterance))


def _reading(state: State, reading: Reading) -> Step:
    spoken = state.spoken.get(reading.utterance)
    if spoken is None:
        return state, []
    language = state.playbook.language
    situation = Situation(spoken.speaker, spoken.words, reading, language, state.memory, deal=state.deal)
    verdicts = [(cue, judge(cue.when, situation)) for cue in candidates(state.index, situation)]
    out: list[Event] = []
    if spoken.speaker == "rep":
        state = replace(state, doing=quiet.reads(state.doing, reading))
    if not reading.partial:
        memory = remember(state.memory, to_remember(state.index, situation), situation.at)
        state = replace(_forget(state, reading.utterance), memory=memory)
        if spoken.speaker == "rep":
            state, out = outcomes.rep_said(state, reading, spoken.start)
        still = tuple(cue.id for cue, verdict in verdicts if verdict.certainty >= HOLDS)
        state, made = _retract_lost(state, reading.utterance, situation.text, reading.t, still)
        out += made
        state, made = cards.fill(state, reading.t)
        out += made
    state, made = _fire(state, situation, verdicts)
    if not reading.partial and _is_latest(state, situation):
        state = replace(state, asked=silence.asked(situation, state.index.silences))
    return state, out + made


def _is_latest(state: State, situation: Situation) -> bool:
    """Whether nobody has spoken since, as far as was heard."""
    ends = (said.end for said in (state.turns.rep_last, state.turns.buyer_last) if said is not None)
    return not state.spoken and all(end <= situation.at for end in ends)


def _fall_silent(state: State, t: float) -> Step:
    """Nobody answers a question: fires the cues that hold by that, and did not before."""
    if state.asked is None or silence.due(state.asked) > t:
        return state, []
    before = state.asked.situation
    situation, waiting = silence.silent(state.asked)
    verdicts = [
        (cue, judge(cue.when, situation))
        for cue in candidates(state.index, situation)
        if judge(cue.when, before).certainty < HOLDS
    ]
    return _fire(replace(state, asked=waiting), situation, verdicts)


def _fire(state: State, situation: Situation, verdicts: list[tuple[Cue, Verdict]]) -> Step:
    """Every cue that holds and is not cooling down becomes a trigger; the strongest goes first."""
    reading = situation.reading
    holds = PARTIAL_HOLDS if reading.partial else HOLDS
    triggers = []
    for cue, verdict in verdicts:
        before = state.fired.get(cue.id)
        if verdict.certainty < holds or (before is not None and reading.t - before < cue.cooldown):
            continue
        words = because(verdict, situation)
        age = reading.t - words[-1].end if words else 0.0
        terms = weigh(cue, state.priorities.get(cue.prompts or ""), verdict.certainty, state.history, age)
        triggers.append(Trigger(cue, reading.utterance, words, terms, reading.t, reading.partial, before))
    out: list[Event] = []
    fired: dict[str, float] = {}
    for trigger in sorted(triggers, key=lambda t: (-rank(t.terms), t.cue.id)):
        placed, made = cards.place(state, trigger, reading.t)
        if placed is not state:
            state, fired[trigger.cue.id] = placed, trigger.at
        out += made
    return (replace(state, fired=MappingProxyType({**state.fired, **fired})) if fired else state), out


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
    if event.action == "help":
        return cards.help_out(state, event.target, event.t)
    return state, []


def _with(mapping: Mapping[str, _V], key: str, value: _V) -> Mapping[str, _V]:
    return MappingProxyType({**mapping, key: value})


def _without(mapping: Mapping[str, _V], key: str) -> Mapping[str, _V]:
    return MappingProxyType({k: v for k, v in mapping.items() if k != key})
