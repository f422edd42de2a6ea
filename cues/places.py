"""Where a card finds a place: two on the screen, never two about one behaviour, each kept long enough to be read.

Pure parts of the cue engine.
"""

from dataclasses import replace

from cues.events import CardContent, Help
from cues.rank import aged, rank
from cues.state import ShownCard, State, Trigger

MOST_CARDS = 2
GLANCE_S = 2.0
WORDS_PER_S = 4.0
"""Silent reading of English: 238 words a minute (Brysbaert 2019, "How many words do we read per minute?")."""
PATIENCE_S = 3.0
"""A card waits this long for a place; later it would be stale."""


def reading_time(content: CardContent, help: Help = "full") -> float:
    """Seconds to find and read a card; nothing but the rep, its words or being done takes it away earlier."""
    whole = (content.title, content.ask, content.say, content.proof, content.avoid)
    texts = filter(None, {"full": whole, "headline": (content.title,)}.get(help, ()))
    return GLANCE_S + sum(len(text.split()) for text in texts) / WORDS_PER_S


def read_at(card: ShownCard) -> float:
    """When a card can have been read."""
    return card.since + reading_time(card.content, card.help)


def free_at(state: State, trigger: Trigger, t: float) -> float | None:
    """When the screen has a place for this trigger's card: now, when another has been read, or (None) too late."""
    if any(alike(waiting.trigger, trigger) for waiting in state.waiting):
        return None
    latest, same = trigger.at + PATIENCE_S, same_matter(state, trigger)
    if same is not None:
        older = same.trigger.cue.id != trigger.cue.id and same.trigger.at < trigger.at and not same.pinned
        free = max(t, read_at(same))
        return free if older and free <= latest and len(state.waiting) < MOST_CARDS else None
    if len(state.cards) + len(state.waiting) < MOST_CARDS:
        return t
    in_time = [card for card in by_rank(state, t) if max(t, read_at(card)) <= latest]
    place = len(state.waiting)
    return max(t, read_at(in_time[place])) if place < len(in_time) else None


def drop_older(state: State, trigger: Trigger) -> State:
    """A card that waits gives way to a newer one about the same behaviour."""

    def older(waiting: Trigger) -> bool:
        return alike(waiting, trigger) and waiting.cue.id != trigger.cue.id and waiting.at < trigger.at

    kept = tuple(w for w in state.waiting if not older(w.trigger))
    return state if kept == state.waiting else replace(state, waiting=kept)


def alike(one: Trigger, other: Trigger) -> bool:
    """Whether both are of one cue, or about one behaviour."""
    return one.cue.id == other.cue.id or (one.cue.prompts is not None and one.cue.prompts == other.cue.prompts)


def same_matter(state: State, trigger: Trigger) -> ShownCard | None:
    """The card on the screen that is of the trigger's cue or about its behaviour."""
    return next((card for card in state.cards if alike(card.trigger, trigger)), None)


def rank_at(trigger: Trigger, t: float) -> float:
    """How the moment ranks at `t`."""
    return rank(aged(trigger.terms, t - trigger.heard))


def by_rank(state: State, t: float) -> list[ShownCard]:
    """The cards that may give way, lowest-ranked first, the older of equals first."""
    return sorted((c for c in state.cards if not c.pinned), key=lambda c: (rank_at(c.trigger, t), c.since))
