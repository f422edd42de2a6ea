"""Which cards are on the screen: at most two, each kept long enough to be read. Pure parts of the cue engine."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from asr.events import Event, Word
from cues.events import CardContent, CardHidden, CardResolved, CardShown, Help, HideReason, Opportunity, Withheld
from cues.playbook import Cue
from cues.state import OpenOpportunity, ShownCard, State, Trigger, WaitingCard

MOST_CARDS = 2
LIFE_S = 30.0
"""A card that is not pinned goes after this long, once it can have been read."""
GLANCE_S = 2.0
WORDS_PER_S = 4.0
"""Silent reading of English: 238 words a minute (Brysbaert 2019, "How many words do we read per minute?")."""
PATIENCE_S = 3.0
"""A card waits this long for a place; later it would be stale."""

Step = tuple[State, list[Event]]
Part = Callable[[State, float], Step]


def reading_time(content: CardContent) -> float:
    """Seconds to find and read a card; nothing but the rep, its words or being done takes it away earlier."""
    texts = filter(None, (content.title, content.ask, content.say, content.proof, content.avoid))
    return GLANCE_S + sum(len(text.split()) for text in texts) / WORDS_PER_S


def deadlines(state: State) -> Iterator[float]:
    """When a card expires, and when a waiting one gets its place."""
    yield from (_expires_at(card) for card in state.cards if not card.pinned)
    yield from (waiting.until for waiting in state.waiting)


def pass_time(state: State, t: float) -> Step:
    """Hides what has expired, then places what waited until now."""
    out: list[Event] = []
    for card in state.cards:
        if not card.pinned and _expires_at(card) <= t:
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
    while state.waiting and len(state.cards) < MOST_CARDS and not state.paused:
        first = max(state.waiting, key=lambda waiting: waiting.trigger.rank)
        state = replace(state, waiting=tuple(w for w in state.waiting if w is not first))
        state, made = _show_late(state, first, t)
        out += made
    return state, out


def place(state: State, trigger: Trigger, t: float) -> Step:
    """Opens the trigger's opportunity, and shows its card now, soon, or not at all.

    A cue whose card is still on the screen shows no second one: the new opportunity shares it.
    """
    same = next((card for card in state.cards if card.trigger.cue.id == trigger.cue.id), None)
    if same is not None:
        state, opportunity, out = _open(state, trigger, t, "full", None)
        return _link(state, opportunity, same.id, same.since), out
    until = _free_at(state, trigger, t)
    withheld: Withheld | None = None if state.paused or until is not None else "outranked"
    state, opportunity, out = _open(state, trigger, t, "none" if until is None else "full", withheld)
    if until is None:
        return state, out
    if until > t:
        return replace(state, waiting=(*state.waiting, WaitingCard(trigger, opportunity, until))), out
    state, made = _make_room(state, t)
    state, shown = _show(state, trigger, opportunity, t)
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


def _free_at(state: State, trigger: Trigger, t: float) -> float | None:
    """When the screen has a place for this trigger's card: now, when another has been read, or (None) too late."""
    if state.paused or any(waiting.trigger.cue.id == trigger.cue.id for waiting in state.waiting):
        return None
    if len(state.cards) + len(state.waiting) < MOST_CARDS:
        return t
    latest = trigger.at + PATIENCE_S
    in_time = [card for card in _by_rank(state) if max(t, _read_at(card)) <= latest]
    place = len(state.waiting)
    return max(t, _read_at(in_time[place])) if place < len(in_time) else None


def _by_rank(state: State) -> list[ShownCard]:
    """The cards that may give way, lowest-ranked first, the older of equals first."""
    return sorted((c for c in state.cards if not c.pinned), key=lambda c: (c.trigger.rank, c.since))


def _make_room(state: State, t: float) -> Step:
    """With the screen full, the lowest-ranked card that has been read gives way."""
    read = [card for card in _by_rank(state) if _read_at(card) <= t]
    return (state, []) if len(state.cards) < MOST_CARDS or not read else hide(state, read[0], t, "outranked")


def _show_late(state: State, waiting: WaitingCard, t: float) -> Step:
    """Shows a card that waited, unless its opportunity is over, the rep paused, or a pin took its place."""
    over = waiting.opportunity is not None and all(o.id != waiting.opportunity for o in state.open)
    if over or state.paused:
        return state, []
    state, out = _make_room(state, t)
    if len(state.cards) >= MOST_CARDS:
        return state, out
    state, shown = _show(state, waiting.trigger, waiting.opportunity, t)
    return state, [*out, *shown]


def _show(state: State, trigger: Trigger, opportunity: str | None, t: float) -> Step:
    card = f"c{state.cards_made + 1}"
    shown = ShownCard(card, trigger, opportunity, t)
    state = replace(state, cards=(*state.cards, shown), cards_made=state.cards_made + 1)
    state = _link(state, opportunity, card, t)
    event = CardShown(
        t=t,
        cue=trigger.cue.id,
        card=card,
        content=trigger.cue.card.content(),
        opportunity=opportunity,
        utterance=trigger.utterance,
        because=trigger.because,
        audio_end=trigger.heard,
        rank=trigger.rank,
    )
    return state, [event]


def _link(state: State, opportunity: str | None, card: str, since: float) -> State:
    if opportunity is None:
        return state
    linked = tuple(replace(o, card=card, card_since=since) if o.id == opportunity else o for o in state.open)
    return replace(state, open=linked)


def _open(
    state: State, trigger: Trigger, t: float, given: Help, withheld: Withheld | None
) -> tuple[State, str | None, list[Event]]:
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
        help=given,
        withheld=withheld,
        chance=1.0,
    )
    return replace(state, open=(*state.open, opened), opportunities_made=made), opened.id, [event]


def _find(state: State, target: str | None) -> ShownCard | None:
    if target is None:
        return state.cards[-1] if state.cards else None
    return next((card for card in state.cards if card.id == target), None)


def _read_at(card: ShownCard) -> float:
    return card.since + reading_time(card.trigger.cue.card.content())


def _expires_at(card: ShownCard) -> float:
    return card.since + max(LIFE_S, reading_time(card.trigger.cue.card.content()))


def _resolved_without_opportunity(t: float, cue: Cue, card: str) -> CardResolved:
    return CardResolved(t=t, cue=cue.id, card=card, opportunity=None, behaviour=None, outcome=None, evidence=None)


def _survives(words: tuple[Word, ...], text: str) -> bool:
    return f" {_plain(' '.join(word.text for word in words))} " in f" {_plain(text)} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
