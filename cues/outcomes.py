"""How opportunities end: unprompted, prompted, missed or dismissed. Pure parts of the cue engine.

An opportunity stays open for the rep's next three turns, at most the cue's window. Done in a turn begun at least a
second after its card appeared is `prompted`, otherwise done is `unprompted`.
"""

from collections.abc import Iterator
from dataclasses import replace

from asr.events import Event
from cues import fading
from cues.cards import hide, let_go
from cues.events import CardResolved, Outcome
from cues.quiet import DONE
from cues.state import OpenOpportunity, State, Trigger
from models.events import Reading

TURNS = 3
SEEN_S = 1.0
"""A turn begun sooner after the card appeared can't have been prompted by it."""
OVERLAP_S = 0.3
"""The rep may begin this much before the trigger's words end and still answer them."""
LAST_WORDS_S = 30.0
"""A window waits at most this long for what the rep was saying when it closed."""
_EPSILON = 1e-6

Step = tuple[State, list[Event]]


def deadlines(state: State) -> Iterator[float]:
    """When windows close; while the rep is speaking they wait, since those words may still do it."""
    wait = _wait(state)
    yield from (opportunity.closes + wait for opportunity in state.open)


def pass_time(state: State, t: float) -> Step:
    """Closes the windows that are over."""
    wait = _wait(state)
    return _close_all(state, [o for o in state.open if o.closes + wait <= t], t)


def rep_speaks(state: State, t: float, *, new_turn: bool) -> Step:
    """The rep said something: counts turns, and closes what has had its three."""
    start = state.turns.rep
    if not new_turn or start is None:
        return state, []
    counted = tuple(replace(o, turns=o.turns + 1) if _answers(start, o) else o for o in state.open)
    state = replace(state, open=counted)
    return _close_all(state, [o for o in state.open if o.turns > TURNS], t)


def buyer_speaks(state: State, t: float, *, ends_turn: bool) -> Step:
    """The buyer said something, which may end the rep's last turn that counts."""
    return _close_all(state, [o for o in state.open if ends_turn and o.turns >= TURNS], t)


def rep_said(state: State, reading: Reading, start: float) -> Step:
    """The final reading of what the rep said from `start`: closes what it has done, then windows that waited for it."""
    out: list[Event] = []
    turn_start = state.turns.rep if state.turns.rep is not None else start
    for opportunity in state.open:
        done = reading.behaviours.get(opportunity.behaviour, 0.0) >= DONE
        if done and _answers(start, opportunity) and reading.utterance != opportunity.trigger.utterance:
            since = opportunity.card_since
            seen = since is not None and turn_start - since >= SEEN_S - _EPSILON
            outcome: Outcome = "prompted" if seen else "unprompted"
            state, made = _close(state, opportunity, reading.t, outcome, reading.utterance)
            out += made
    state, made = pass_time(state, reading.t)
    return state, out + made


def retract(state: State, trigger: Trigger, t: float) -> Step:
    """The trigger's words were lost: its opportunity never was one, and closes without an outcome."""
    out: list[Event] = []
    for opportunity in state.open:
        if opportunity.trigger == trigger:
            state, made = _close(state, opportunity, t, None, None)
            out += made
    return state, out


def forget_behaviours(state: State, known: frozenset[str], t: float) -> Step:
    """What is none of the `known` behaviours is listened for no more: its opportunities close without an outcome."""
    out: list[Event] = []
    for opportunity in state.open:
        if opportunity.behaviour not in known:
            state, made = _close(state, opportunity, t, None, None)
            out += made
    return state, out


def _wait(state: State) -> float:
    speaking = any(spoken.speaker == "rep" for spoken in state.spoken.values())
    return LAST_WORDS_S if speaking else 0.0


def _answers(start: float, opportunity: OpenOpportunity) -> bool:
    """Whether what began at `start` comes after the words that opened the opportunity."""
    return start >= opportunity.trigger.heard - OVERLAP_S - _EPSILON


def _close_all(state: State, over: list[OpenOpportunity], t: float) -> Step:
    out: list[Event] = []
    for opportunity in over:
        state, made = _close(state, opportunity, t, "dismissed" if opportunity.dismissed else "missed", None)
        out += made
    return state, out


def _close(state: State, opportunity: OpenOpportunity, t: float, outcome: Outcome | None, evidence: str | None) -> Step:
    """Resolves an opportunity; a card that has served is taken away, one whose moments have passed may go."""
    out: list[Event] = []
    if evidence is not None:
        for card in state.cards:
            if card.id == opportunity.card and not card.pinned:
                state, out = hide(state, card, t, "done")
    state = replace(state, open=tuple(o for o in state.open if o.id != opportunity.id))
    state = let_go(state, opportunity.card, t)
    if outcome is not None and state.fading is not None:
        ended = fading.resolved(state.fading, opportunity.behaviour, outcome, opportunity.help, t)
        state = replace(state, fading=ended)
    resolved = CardResolved(
        t=t,
        cue=opportunity.trigger.cue.id,
        card=opportunity.card,
        opportunity=opportunity.id,
        behaviour=opportunity.behaviour,
        outcome=outcome,
        evidence=evidence,
        help=opportunity.help,
    )
    return state, [*out, resolved]
