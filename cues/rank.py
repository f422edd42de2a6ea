"""Which card wins: one formula. Pure.

    rank = weight x certainty x help x freshness

weight      What the strategy wants now: the `weight` of the strongest priority that the cue's behaviour serves and
            that is in force on the day of the call (`from`, `until`) for its deal (`deal`); 1 where there is none.
            Above 0, at most 100.
certainty   How sure the reading is that the cue's condition holds: its least certain part (`cues/situation.py`).
            0.5 to 1.
help        The share of such moments that this rep misses when left alone, from the outcomes of earlier calls; 0.5
            where nothing is known of them. Above 0, below 1.
freshness   1 when the words that the card rests on have just been said, and half of it after every 15 s. 0 to 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from cues.deal import NO_FACTS, Facts, KnownDeal
from cues.events import RankTerms
from cues.playbook import Cue, Playbook, Priority
from cues.skill import Moment

HALF_LIFE_S = 15.0
"""Half of a card's life: what is still up then would lose against a moment of half its worth."""
PRIOR = 2.0
"""What is expected of a cue counts like so many moments of it: those that were seen soon speak louder."""


@dataclass(frozen=True)
class Alone:
    """Moments that a rep missed or did unprompted, and how many of them were `missed`. Prompted and dismissed ones
    tell what a card did, and are left out."""

    missed: int = 0
    moments: int = 0


@dataclass(frozen=True)
class History:
    """What one rep did in earlier calls, by behaviour, and by cue and behaviour."""

    behaviours: Mapping[str, Alone] = field(default_factory=dict)
    cues: Mapping[tuple[str, str], Alone] = field(default_factory=dict)
    moments: Mapping[str, tuple[Moment, ...]] | None = None
    """By behaviour, oldest first, for fading; None where it does not act."""


NO_HISTORY = History()
NEVER = Alone()


def in_force(playbook: Playbook, day: date, facts: Facts = NO_FACTS) -> Mapping[str, Priority]:
    """For each behaviour the strongest priority that it serves on `day` in a call about a deal of these facts;
    behaviours without one are left out."""
    deal = KnownDeal(facts, day)
    active = {priority.id: priority for priority in playbook.priorities if priority.asked_by(deal)}
    served = {b.id: [active[name] for name in b.serves if name in active] for b in playbook.behaviours}
    return MappingProxyType({id: max(found, key=lambda p: (p.weight, p.id)) for id, found in served.items() if found})


def expected_help(behaviour: Alone, cue: Alone) -> float:
    """The share missed at the cue, drawn towards the share missed of the behaviour, and that one towards a half."""
    overall = (behaviour.missed + 1) / (behaviour.moments + 2)
    return (cue.missed + PRIOR * overall) / (cue.moments + PRIOR)


def freshness(age_s: float) -> float:
    """What is left of a moment `age_s` seconds after its words."""
    return float(0.5 ** (max(0.0, age_s) / HALF_LIFE_S))


def weigh(cue: Cue, priority: Priority | None, certainty: float, history: History, age_s: float) -> RankTerms:
    """The terms for a cue that fires, `age_s` seconds after the words that it rests on."""
    behaviour = cue.prompts or ""
    overall, here = history.behaviours.get(behaviour, NEVER), history.cues.get((cue.id, behaviour), NEVER)
    terms = RankTerms(
        weight=priority.weight if priority else 1.0,
        priority=priority.id if priority else None,
        certainty=round(certainty, 4),
        help=round(expected_help(overall, here), 4),
        missed=overall.missed,
        moments=overall.moments,
        missed_here=here.missed,
        moments_here=here.moments,
        age_s=0.0,
        freshness=1.0,
    )
    return aged(terms, age_s)


def aged(terms: RankTerms, age_s: float) -> RankTerms:
    """The same moment `age_s` seconds after its words."""
    age_s = max(0.0, age_s)
    return replace(terms, age_s=round(age_s, 3), freshness=round(freshness(age_s), 4))


def rank(terms: RankTerms) -> float:
    """The formula."""
    return round(terms.weight * terms.certainty * terms.help * terms.freshness, 4)
