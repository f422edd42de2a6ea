"""How opportunities end: unprompted, prompted, missed or dismissed. Pure parts of the cue engine.

An opportunity stays open for the rep's next three turns, at most the cue's window. Done in a turn begun at least a
second after its card appeared is `prompted`, otherwise done is `unprompted`.
"""

from collections.abc import Iterator
from dataclasses import replace

from asr.events import Event
from cues.cards import hide
from cues.events import CardResolved, Outcome
from cues.state import OpenOpportunity, State, Trigger
from models.events import Reading

TURNS = 3
SEEN_S = 1.0
"""A turn begun sooner after the card appeared can't have been prompted by it."""
OVERLAP_S = 0.3
"""A rep turn may begin this much before the trigger's words end and still be the next one."""
DONE = 0.5
"""A behaviour with at least this score in a rep's utterance has been done."""

Step = tuple[State, list[Event]]


def deadlines(state: State) -> Iterator[float]:
    """When windows close; not while the rep is speaking, whose words may still do it."""
    if not _rep_speaking(state):
        yield from (opportunity.closes for opportunity in state.open)


def pass_time(state: State, t: float) -> Step:
    """Closes the windows that are over."""
    over = [] if _rep_speaking(state) else [o for o in state.open if o.closes <= t]
    return _close_all(state, over, t)


def rep_speaks(state: State, audio_start: float, t: float, *, new_turn: bool) -> Step:
    """A rep utterance began at `audio_start`: counts turns, and closes what has had its three."""
    if not new_turn:
        return state, []
    counted = tuple(
        replace(o, turns=o.turns + 1) if audio_start >= o.trigger.heard - OVERLAP_S else o for o in state.open
    )
    state = replace(state, open=counted)
    return _close_all(state, [o for o in state.open if o.turns > TURNS], t)


def buyer_speaks(state: State, t: float) -> Step:
    """A buyer utterance ends the rep's turn."""
    return _close_all(state, [o for o in state.open if o.turns >= TURNS], t)


def rep_fell_silent(state: State, t: float) -> Step:
    """A rep utterance turned out to be nothing: windows that waited for it close."""
    return pass_time(state, t)


def rep_said(state: State, reading: Reading) -> Step:
    """The final reading of a rep utterance: closes what it has done, then windows that waited for it."""
    out: list[Event] = []
    turn_start = state.turn.start if state.turn else reading.t
    for opportunity in state.open:
        done = reading.behaviours.get(opportunity.behaviour, 0.0) >= DONE
        if done and opportunity.turns and reading.utterance != opportunity.trigger.utterance:
            seen = opportunity.card_since is not None and turn_start >= opportunity.card_since + SEEN_S
            outcome: Outcome = "prompted" if seen else "unprompted"
            state, made = _close(state, opportunity, reading.t, outcome, reading.utterance)
            out += made
    others = any(s.speaker == "rep" for key, s in state.spoken.items() if key != reading.utterance)
    late = [] if others else [o for o in state.open if o.closes <= reading.t]
    state, made = _close_all(state, late, reading.t)
    return state, out + made


def retract(state: State, trigger: Trigger, t: float) -> Step:
    """The trigger's words were lost: its opportunity never was one, and closes without an outcome."""
    out: list[Event] = []
    for opportunity in state.open:
        if opportunity.trigger == trigger:
            state, made = _close(state, opportunity, t, None, None)
            out += made
    return state, out


def _rep_speaking(state: State) -> bool:
    return any(spoken.speaker == "rep" for spoken in state.spoken.values())


def _close_all(state: State, over: list[OpenOpportunity], t: float) -> Step:
    out: list[Event] = []
    for opportunity in over:
        state, made = _close(state, opportunity, t, "dismissed" if opportunity.dismissed else "missed", None)
        out += made
    return state, out


def _close(state: State, opportunity: OpenOpportunity, t: float, outcome: Outcome | None, evidence: str | None) -> Step:
    """Resolves an opportunity; a card that has served is taken away."""
    out: list[Event] = []
    if evidence is not None:
        for card in state.cards:
            if card.opportunity == opportunity.id and not card.pinned:
                state, out = hide(state, card, t, "done")
    state = replace(state, open=tuple(o for o in state.open if o.id != opportunity.id))
    resolved = CardResolved(
        t=t,
        cue=opportunity.trigger.cue.id,
        card=opportunity.card,
        opportunity=opportunity.id,
        behaviour=opportunity.behaviour,
        outcome=outcome,
        evidence=evidence,
    )
    return state, [*out, resolved]
