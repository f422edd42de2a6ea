"""What became of each card, and of each opportunity that had none: added up from a call's events. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from asr.events import Event, Word
from cues.events import CardContent, CardHidden, CardResolved, CardShown, Opportunity, RepAction
from overlay.why import believed

OUTCOMES = ("unprompted", "prompted", "missed", "dismissed")
OPEN = "open"
"""The call ended before the opportunity did."""
_HIDDEN = {
    "done": "left once it was done",
    "expired": "had its time",
    "dismissed": "was sent away by the rep",
    "outranked": "gave way to a more important or newer one",
    "retracted": "was taken back: the final text lost its words",
}
_STEPPED_BACK = {"headline": ("shown as its title alone",), "dot": ("shown as a dot",)}
_WITHHELD = {
    "fading": "held back: the rep does it alone",
    "holdout": "held back by chance, to measure what cards do",
    "budget": "held back: enough cards for now",
    "outranked": "the places were taken",
}


@dataclass(frozen=True)
class Ending:
    """How one opportunity ended; `evidence` is the utterance that shows it."""

    behaviour: str
    outcome: str
    t: float | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class Entry:
    """A card, or an opportunity without one (`content` is None); times in seconds into the call."""

    name: str
    cue: str
    utterance: str
    t: float
    content: CardContent | None = None
    number: int = 0
    """Cards count from 1 in the order they came."""
    because: tuple[Word, ...] = ()
    heard: float = 0.0
    """The end of the words that brought it."""
    until: float | None = None
    went: str = ""
    """Why it left the screen, or why there was none."""
    prompts: bool = True
    """Whether its cue prompts a behaviour."""
    notes: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()

    @property
    def lag(self) -> float:
        """How long after its words the card came."""
        return max(0.0, self.t - self.heard)

    @property
    def outcome(self) -> str:
        """The last ending's; "none" where nothing was prompted."""
        return self.endings[-1].outcome if self.endings else "none"


def entries(events: Sequence[Event]) -> tuple[Entry, ...]:
    """Cards and silent opportunities in the order they came."""
    shown = [event for event in events if isinstance(event, CardShown)]
    resolved = {e.opportunity: e for e in events if isinstance(e, CardResolved) and e.opportunity is not None}
    cards = {card.card: _card(number, card) for number, card in enumerate(shown, 1)}
    by_opportunity = {card.opportunity: card.card for card in shown if card.opportunity is not None}
    silent: list[Entry] = []
    for event in events:
        if isinstance(event, Opportunity):
            closed = resolved.get(event.id)
            card = by_opportunity.get(event.id) or (closed.card if closed else None)
            if closed is not None and closed.outcome is None:
                continue  # its words were lost: it never was one
            if card in cards:
                cards[card] = _believed(_ended(cards[card], _ending(event, closed)), event)
            else:
                silent.append(_believed(_silent(event, closed), event))
        elif isinstance(event, CardHidden) and event.card in cards:
            cards[event.card] = replace(cards[event.card], until=event.t, went=_HIDDEN.get(event.reason, event.reason))
        elif isinstance(event, RepAction) and event.target in cards:
            cards[event.target] = _noted(cards[event.target], event)
    return tuple(sorted([*cards.values(), *silent], key=lambda entry: entry.t))


def count_outcomes(found: Iterable[Entry]) -> Mapping[str, int]:
    """How often each outcome came, in one fixed order; those that never came are left out."""
    all_of_them = [ending.outcome for entry in found for ending in entry.endings]
    return {outcome: all_of_them.count(outcome) for outcome in (*OUTCOMES, OPEN) if outcome in all_of_them}


def _card(number: int, event: CardShown) -> Entry:
    return Entry(
        name=event.card,
        cue=event.cue,
        utterance=event.utterance,
        t=event.t,
        content=event.content,
        number=number,
        because=event.because,
        heard=event.audio_end,
        prompts=event.opportunity is not None,
        notes=_STEPPED_BACK.get(event.help, ()),
    )


def _silent(event: Opportunity, closed: CardResolved | None) -> Entry:
    went = _WITHHELD.get(event.withheld, event.withheld) if event.withheld else "none was needed or shown"
    ending = _ending(event, closed)
    return Entry(name=event.id, cue=event.cue, utterance=event.utterance, t=event.t, went=went, endings=(ending,))


def _ending(event: Opportunity, closed: CardResolved | None) -> Ending:
    if closed is None:
        return Ending(event.behaviour, OPEN)
    return Ending(event.behaviour, closed.outcome or "none", closed.t, closed.evidence)


def _ended(entry: Entry, ending: Ending) -> Entry:
    return replace(entry, endings=(*entry.endings, ending))


def _believed(entry: Entry, event: Opportunity) -> Entry:
    """With what fading went by."""
    return entry if event.fading is None else replace(entry, notes=(*entry.notes, believed(event.fading)))


def _noted(entry: Entry, action: RepAction) -> Entry:
    if action.action == "pin":
        return replace(entry, notes=(*entry.notes, "pinned by the rep"))
    if action.action == "help":
        return replace(entry, notes=(*entry.notes, "the rep asked for all of it"))
    if action.action == "feedback" and action.value:
        return replace(entry, notes=(*entry.notes, f"the rep’s feedback: {action.value}"))
    return entry
