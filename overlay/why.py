"""Why a card came, or was withheld: the terms of its rank, each with a sentence. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from asr.errors import BadInputError
from asr.events import Event
from cues.events import CardShown, FadingTerms, Opportunity, RankTerms, RepAction
from cues.quiet import MOST_CARDS_PER_SPAN, OPENING_S, SPAN_S
from cues.rank import HALF_LIFE_S, rank
from overlay.call_log import printable
from overlay.playbook_names import shown_under
from overlay.screen import clock_time

_WITHHELD = {
    "fading": "the rep does it alone by now",
    "holdout": "held back by chance, to measure what cards do",
    "outranked": "both places held other cards that could not give way in time",
}


@dataclass(frozen=True)
class TermLine:
    """One term of the rank, its value, and what it says."""

    name: str
    value: str
    sentence: str


@dataclass(frozen=True)
class Explanation:
    """`head` says which card or moment, and what became of it; no `lines` where the call was stored without terms."""

    head: str
    playbook: str
    """Whose cue it was; "" where the call does not tell."""
    lines: tuple[TermLine, ...]


def explain(events: Sequence[Event], name: str) -> Explanation:
    """Explains the card (c1) or the opportunity (o1) of that name. Raises BadInputError where the call has none."""
    found = next((e for e in events if isinstance(e, CardShown) and e.card == name), None) or next(
        (e for e in events if isinstance(e, Opportunity) and e.id == name), None
    )
    if found is None:
        raise BadInputError(f"This call has no card and no opportunity {name!r}; {_those(events)}")
    head = _card(found) if isinstance(found, CardShown) else _moment(found, events)
    lines = (*(_lines(found.terms) if found.terms is not None else ()), *_fading(found, events))
    return Explanation(printable(head), printable(shown_under(events, found)), lines)


def _fading(found: CardShown | Opportunity, events: Sequence[Event]) -> tuple[TermLine, ...]:
    """What was believed of the rep then; nothing where cards did not fade."""
    name = found.opportunity if isinstance(found, CardShown) else found.id
    moment = next((e for e in events if isinstance(e, Opportunity) and e.id == name), None)
    if moment is None or moment.fading is None:
        return ()
    return (TermLine("fading", f"{moment.fading.p:.2f}", believed(moment.fading)),)


def believed(terms: FadingTerms) -> str:
    """What fading went by, in a sentence."""
    likely = f"So likely the rep does it unprompted ({terms.low:.0%} to {terms.high:.0%})"
    if terms.days is None:
        return f"{likely}: a guess, for no earlier moment is known."
    since = "today" if terms.days < 1 else f"{terms.days:.0f} {'day' if round(terms.days) == 1 else 'days'} ago"
    return f"{likely}, by {terms.moments} earlier {'moment' if terms.moments == 1 else 'moments'}, the last {since}."


def _those(events: Sequence[Event]) -> str:
    cards = [e.card for e in events if isinstance(e, CardShown)]
    with_card = {e.opportunity for e in events if isinstance(e, CardShown)}
    silent = [e.id for e in events if isinstance(e, Opportunity) and e.id not in with_card]
    names = ", ".join([*cards, *silent])
    return f"it has {printable(names)}." if names else "none came in it."


def _card(card: CardShown) -> str:
    shown = {"headline": ": its title alone", "dot": ": a dot alone"}.get(card.help, "")
    return f"{clock_time(card.t)} {card.card} “{card.content.title}”, of the cue {card.cue}{shown}."


def _moment(moment: Opportunity, events: Sequence[Event]) -> str:
    what = f"{clock_time(moment.t)} {moment.id}, a moment for {moment.behaviour}, of the cue {moment.cue}"
    if moment.help != "none":
        return f"{what}: it had a card."
    return f"{what}: no card, {_reason(moment, events)}."


def _reason(moment: Opportunity, events: Sequence[Event]) -> str:
    if moment.withheld == "budget":
        return (
            f"none comes in the first {OPENING_S:.0f} s of a call"
            if moment.t < OPENING_S
            else f"there had been {MOST_CARDS_PER_SPAN} within {SPAN_S / 60:.0f} minutes"
        )
    if moment.withheld is not None:
        return _WITHHELD[moment.withheld]
    switched = [e.action for e in events if isinstance(e, RepAction) and e.t <= moment.t]
    last = next((action for action in reversed(switched) if action in ("pause", "resume")), None)
    return "the call was paused" if last == "pause" else "the rep was doing it already"


def _lines(terms: RankTerms) -> Iterator[TermLine]:
    yield TermLine("weight", f"{terms.weight:g}", printable(_strategy(terms)))
    yield TermLine("certainty", f"{terms.certainty:.2f}", "This sure was the reading that the cue holds.")
    yield TermLine("help", f"{terms.help:.2f}", _help(terms))
    age = f"The words were {terms.age_s:.1f} s old; a moment loses half of its worth every {HALF_LIFE_S:.0f} s."
    yield TermLine("freshness", f"{terms.freshness:.2f}", age)
    yield TermLine("rank", f"{rank(terms):.2f}", "The product of these four; the higher one gets the place.")


def _strategy(terms: RankTerms) -> str:
    if terms.priority is None:
        return "No priority in force that day asks for what this card prompts."
    return f"The priority {terms.priority} is in force, and the strongest that this card serves."


def _help(terms: RankTerms) -> str:
    if not terms.moments:
        return "No earlier moments of this rep were known; then every second one is taken to be missed."
    return (
        f"Without a prompt this rep missed {terms.missed} of {terms.moments} moments for it, "
        f"{terms.missed_here} of {terms.moments_here} at this cue."
    )
