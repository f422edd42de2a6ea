"""Which cards are on the screen: at most two, never two about one behaviour, each kept long enough to be read.

Pure parts of the cue engine.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar
from zlib import crc32

from asr.events import Event, Word
from cues import fading, quiet
from cues.events import CardHidden, CardResolved, CardShown, Help, HideReason, Opportunity, Withheld
from cues.fading import IN_FULL, Choice
from cues.places import MOST_CARDS, by_rank, drop_older, free_at, rank_at, read_at, reading_time, same_matter
from cues.playbook import Cue
from cues.rank import aged, rank
from cues.state import OpenOpportunity, ShownCard, State, Trigger, WaitingCard

LIFE_S = 30.0
"""A card that is not pinned goes after this long, once it can have been read."""

Step = tuple[State, list[Event]]
Part = Callable[[State, float], Step]
_T = TypeVar("_T")


def deadlines(state: State) -> Iterator[float]:
    """When a card expires, and when a waiting one gets its place."""
    yield from (card.expires for card in state.cards if not card.pinned)
    yield from (waiting.until for waiting in state.waiting)


def pass_time(state: State, t: float) -> Step:
    """Hides what has expired, then places what waited until now."""
    out: list[Event] = []
    for card in state.cards:
        if not card.pinned and card.expires <= t:
            state, made = hide(state, card, t, "expired")
            out += made
    ready = [waiting for waiting in state.waiting if waiting.until <= t]
    state = replace(state, waiting=tuple(w for w in state.waiting if w not in ready))
    for waiting in ready:
        state, made = _show_late(state, waiting, t)
        out += made
    return state, out


def fill(state: State, t: float) -> Step:
    """A place that came free early goes to the waiting card that ranks highest."""
    out: list[Event] = []
    while not state.paused and len(state.cards) < MOST_CARDS:
        able = [waiting for waiting in state.waiting if same_matter(state, waiting.trigger) is None]
        if not able:
            break
        first = max(able, key=lambda waiting: rank_at(waiting.trigger, t))
        state = replace(state, waiting=tuple(w for w in state.waiting if w is not first))
        state, made = _show_late(state, first, t)
        out += made
    return state, out


def place(state: State, trigger: Trigger, t: float) -> Step:
    """Opens the trigger's opportunity, and shows its card now, soon, or not at all.

    A card of the same cue, or about the same behaviour, that stays on the screen serves the new opportunity too.
    """
    state = drop_older(state, trigger)
    until, withheld = _when(state, trigger, t)
    same = same_matter(state, trigger)
    if until is None and same is not None:
        state, opportunity, out = _open(state, trigger, t, Choice(same.help, None, 1.0))
        served = (_served(o, same, same.since) if o.id == opportunity else o for o in state.open)
        return replace(state, open=tuple(served)) if opportunity else state, out
    choice = Choice("none", withheld, 1.0) if until is None else _choose(state, trigger, t)
    state, opportunity, out = _open(state, trigger, t, choice)
    if until is None or choice.help == "none":
        return state, out
    if until > t:
        return replace(state, waiting=(*state.waiting, WaitingCard(trigger, opportunity, until, choice.help))), out
    state, made = _make_room(state, trigger, t)
    state, shown = _show(state, trigger, opportunity, choice.help, t)
    return state, [*out, *made, *shown]


def hide(state: State, card: ShownCard, t: float, reason: HideReason) -> Step:
    """Takes a card off the screen; one without an opportunity is resolved with it."""
    cue = card.trigger.cue
    out: list[Event] = [CardHidden(t=t, cue=cue.id, card=card.id, opportunity=card.opportunity, reason=reason)]
    if card.opportunity is None:
        out.append(_resolved_without_opportunity(t, cue, card.id))
    return replace(state, cards=tuple(c for c in state.cards if c.id != card.id)), out


def dismiss(state: State, target: str | None, t: float) -> Step:
    """The rep sends a card away: the one named, else the newest."""
    card = _find(state, target)
    if card is None:
        return state, []
    dismissed = tuple(replace(o, dismissed=True) if o.card == card.id else o for o in state.open)
    return hide(replace(state, open=dismissed), card, t, "dismissed")


def pin(state: State, target: str | None) -> State:
    """The rep keeps a card until it is dismissed."""
    card = _find(state, target)
    pinned = tuple(replace(c, pinned=True) if card and c.id == card.id else c for c in state.cards)
    return replace(state, cards=pinned)


def help_out(state: State, target: str | None, t: float) -> Step:
    """The rep asks for all of a card: the one named, else the newest that is not whole, else that of the last moment
    which got none."""
    card = _newest([c for c in state.cards if c.help != "full" and target in (None, c.id)])
    if card is not None:
        whole = replace(card, help="full", expires=t + max(LIFE_S, reading_time(card.content)))
        cards = tuple(whole if c.id == card.id else c for c in state.cards)
        opened = tuple(replace(o, help="full") if o.card == card.id else o for o in state.open)
        return replace(state, cards=cards, open=opened), []
    bare = _newest([o for o in state.open if o.card is None])
    if bare is None or target is not None or same_matter(state, bare.trigger) is not None:
        return state, []
    state = replace(state, waiting=tuple(w for w in state.waiting if w.opportunity != bare.id))
    state, out = _make_room(state, bare.trigger, t)
    if len(state.cards) >= MOST_CARDS:
        return state, out
    state, shown = _show(state, bare.trigger, bare.id, "full", t)
    return state, [*out, *shown]


def confirm(state: State, utterance: str, text: str, still: tuple[str, ...]) -> tuple[State, list[Trigger]]:
    """Sorts what fired on an utterance's partials: kept where the words stand in the final `text` or the cue (in
    `still`) holds on other words; the others are returned to be retracted."""
    held = [*(c.trigger for c in state.cards), *(w.trigger for w in state.waiting), *(o.trigger for o in state.open)]
    pending = {(t.cue.id, t.at): t for t in held if t.provisional and t.utterance == utterance}
    lost = [t for t in pending.values() if t.cue.id not in still and not _survives(t.because, text)]

    def sure(trigger: Trigger) -> Trigger:
        mine = trigger.provisional and trigger.utterance == utterance and trigger not in lost
        return replace(trigger, provisional=False) if mine else trigger

    state = replace(
        state,
        cards=tuple(replace(c, trigger=sure(c.trigger)) for c in state.cards),
        waiting=tuple(replace(w, trigger=sure(w.trigger)) for w in state.waiting),
        open=tuple(replace(o, trigger=sure(o.trigger)) for o in state.open),
    )
    return state, lost


def retract(state: State, trigger: Trigger, t: float) -> Step:
    """Takes back a trigger's card, shown or waiting."""
    state = replace(state, waiting=tuple(w for w in state.waiting if w.trigger != trigger))
    out: list[Event] = []
    for card in state.cards:
        if card.trigger == trigger:
            state, made = hide(state, card, t, "retracted")
            out += made
    return state, out


def let_go(state: State, card: str | None, t: float) -> State:
    """An opportunity of this card has passed: with its last one the card's moment is over, and it goes once read."""
    if card is None or any(opportunity.card == card for opportunity in state.open):
        return state
    kept = (replace(c, expires=min(c.expires, max(t, read_at(c)))) if c.id == card else c for c in state.cards)
    return replace(state, cards=tuple(kept))


def _when(state: State, trigger: Trigger, t: float) -> tuple[float | None, Withheld | None]:
    """When the trigger's card comes; or None, and why it is withheld (None too: not needed, or the rep paused)."""
    if state.paused or trigger.cue.prompts in state.doing:
        return None, None
    if quiet.spent(state.shown_at, len(state.waiting), t):
        return None, "budget"
    until = free_at(state, trigger, t)
    return until, "outranked" if until is None else None


def _make_room(state: State, trigger: Trigger, t: float) -> Step:
    """What has been read gives way: the card about the same behaviour, else with the screen full the lowest-ranked."""
    same = same_matter(state, trigger)
    crowd = [same] if same is not None else by_rank(state, t) if len(state.cards) >= MOST_CARDS else []
    read = [card for card in crowd if not card.pinned and read_at(card) <= t]
    return hide(state, read[0], t, "outranked") if read else (state, [])


def _show_late(state: State, waiting: WaitingCard, t: float) -> Step:
    """Shows a card that waited, unless its opportunity is over, it is done just now, the rep paused, or a pin took its
    place."""
    trigger = waiting.trigger
    over = waiting.opportunity is not None and all(o.id != waiting.opportunity for o in state.open)
    if over or state.paused or trigger.cue.prompts in state.doing:
        return state, []
    state, out = _make_room(state, trigger, t)
    if len(state.cards) >= MOST_CARDS or same_matter(state, trigger) is not None:
        return state, out
    state, shown = _show(state, trigger, waiting.opportunity, waiting.help, t)
    return state, [*out, *shown]


def _show(state: State, trigger: Trigger, opportunity: str | None, given: Help, t: float) -> Step:
    cue, card = trigger.cue, f"c{state.cards_made + 1}"
    times = state.times_shown.get(cue.id, 0)
    # Calls begin at different phrasings, so that a rep's eyes don't pass over the first one.
    content = cue.card.shown(state.language, state.deal, crc32(f"{state.call} {cue.id}".encode()) + times)
    terms = aged(trigger.terms, t - trigger.heard)
    expires = t + max(LIFE_S, reading_time(content, given))
    shown = ShownCard(card, trigger, opportunity, content, t, expires, help=given)
    state = replace(
        state,
        cards=(*state.cards, shown),
        cards_made=state.cards_made + 1,
        times_shown=MappingProxyType({**state.times_shown, cue.id: times + 1}),
        shown_at=quiet.remember(state.shown_at, t),
        open=tuple(_served(o, shown, t) if _serves(trigger, opportunity, o) else o for o in state.open),
    )
    event = CardShown(
        t=t,
        cue=cue.id,
        card=card,
        content=content,
        opportunity=opportunity,
        utterance=trigger.utterance,
        because=trigger.because,
        audio_end=trigger.heard,
        rank=rank(terms),
        terms=terms,
        help=given,
    )
    return state, [event]


def _serves(trigger: Trigger, opportunity: str | None, other: OpenOpportunity) -> bool:
    """Whether a card that comes now prompts that opportunity: its own, or one for its behaviour that has no card."""
    return other.id == opportunity or (other.card is None and other.behaviour == trigger.cue.prompts)


def _served(opportunity: OpenOpportunity, card: ShownCard, since: float) -> OpenOpportunity:
    return replace(opportunity, card=card.id, card_since=since, help=card.help)


def _choose(state: State, trigger: Trigger, t: float) -> Choice:
    """How much of the card is shown that has a place."""
    if state.fading is None or trigger.cue.prompts is None:
        return IN_FULL
    return fading.choose(state.fading, trigger.cue.prompts, state.opportunities_made + 1, t)


def _open(state: State, trigger: Trigger, t: float, choice: Choice) -> tuple[State, str | None, list[Event]]:
    """Opens the opportunity of a cue that prompts a behaviour."""
    behaviour = trigger.cue.prompts
    if behaviour is None:
        return state, None, []
    made = state.opportunities_made + 1
    opened = OpenOpportunity(f"o{made}", trigger, behaviour, None, None, closes=trigger.at + trigger.cue.window)
    event = Opportunity(
        t=t,
        id=opened.id,
        cue=trigger.cue.id,
        behaviour=behaviour,
        utterance=trigger.utterance,
        help=choice.help,
        withheld=choice.withheld,
        chance=choice.chance,
        terms=trigger.terms,
        fading=choice.terms,
    )
    return replace(state, open=(*state.open, opened), opportunities_made=made), opened.id, [event]


def _newest(those: Sequence[_T]) -> _T | None:
    return those[-1] if those else None


def _find(state: State, target: str | None) -> ShownCard | None:
    if target is None:
        return state.cards[-1] if state.cards else None
    return next((card for card in state.cards if card.id == target), None)


def _resolved_without_opportunity(t: float, cue: Cue, card: str) -> CardResolved:
    return CardResolved(t=t, cue=cue.id, card=card, opportunity=None, behaviour=None, outcome=None, evidence=None)


def _survives(words: tuple[Word, ...], text: str) -> bool:
    return f" {_plain(' '.join(word.text for word in words))} " in f" {_plain(text)} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
