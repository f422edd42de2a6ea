"""Cards step back as a behaviour becomes the rep's own: full card, headline alone, dot, nothing. Pure.

The step follows the probability p that the behaviour is done unprompted (cues/skill.py). It goes on by one at a moment,
once p reaches the next step's threshold, and comes back, by as many as it takes, when p has fallen by a margin below
that of its own (hysteresis): after misses, or after weeks without a moment.

A share of the moments that would get a card is held out: they get none, by chance. Else nobody could say later what
the rep does without cards; the share is the chance that `Opportunity.chance` tells, so that whoever counts can weigh
by it. The draw is a hash of call id and number of the opportunity: the same events give the same events.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile
from types import MappingProxyType

from cues.events import CallStarted, FadingTerms, Help, OffBook, Outcome, Withheld
from cues.playbook import Behaviour, Playbook
from cues.skill import UNSEEN, Moment, Skill, after, estimate, probability

STEPS: tuple[Help, ...] = ("full", "headline", "dot", "none")
THRESHOLDS: Mapping[Help, float] = {"full": 0.0, "headline": 0.45, "dot": 0.55, "none": 0.65}
"""The p from which a card steps back so far: who does it alone in two moments of three learns more without."""
MARGIN = 0.12
"""So far below its threshold p must fall before a step comes back: a single miss of many does not flip it."""
HOLDOUT = 0.1
"""The share held out where the behaviour says none of its own."""
OFF_BOOK: tuple[Help, ...] = ("dot", "none")
DAY_S = 86_400.0

Moments = Mapping[str, tuple[Moment, ...]]
"""A rep's moments by behaviour, oldest first."""


@dataclass(frozen=True)
class Course:
    """How far one behaviour has come."""

    skill: Skill = UNSEEN
    step: Help = "full"


@dataclass(frozen=True)
class Rule:
    """What the playbook says of one behaviour."""

    fades: bool
    holdout: float


@dataclass(frozen=True)
class Fading:
    """All that decides how much of a card is shown; `begun` is the day of the call (in days, since 1970)."""

    rules: Mapping[str, Rule]
    courses: Mapping[str, Course]
    call: str = ""
    begun: float = 0.0


@dataclass(frozen=True)
class Choice:
    """The help for one moment, why it is none, the probability that this was chosen, and what is believed then."""

    help: Help
    withheld: Withheld | None
    chance: float
    terms: FadingTerms | None = None


IN_FULL = Choice("full", None, 1.0)
"""Where fading does not act."""


def fading(playbook: Playbook, moments: Moments, day: date) -> Fading:
    """For a call on this day under this playbook, of a rep with these moments behind them."""
    prompted = {cue.prompts for cue in playbook.cues}
    rules = {behaviour.id: _rule(behaviour) for behaviour in playbook.behaviours if behaviour.id in prompted}
    courses = {name: course(moments.get(name, ())) for name in rules}
    return Fading(MappingProxyType(rules), MappingProxyType(courses), begun=float((day - date(1970, 1, 1)).days))


def under(state: Fading, playbook: Playbook, moments: Moments, day: date) -> Fading:
    """The same call under another playbook: its rules; what the call has shown of the rep stays."""
    fresh = fading(playbook, moments, day)
    return replace(state, rules=fresh.rules, courses={**fresh.courses, **state.courses})


def in_call(state: Fading, event: CallStarted) -> Fading:
    """The call has begun."""
    return replace(state, call=event.call, begun=day_of(datetime.fromisoformat(event.started)))


def day_of(time: datetime) -> float:
    """An aware time, in days since 1970."""
    return time.timestamp() / DAY_S


def course(moments: Iterable[Moment]) -> Course:
    """How far a behaviour has come after these moments, oldest first."""
    gone = Course()
    for moment in moments:
        gone = _lived(gone, moment)
    return gone


def choose(state: Fading, behaviour: str, number: int, t: float) -> Choice:
    """The help for opportunity `number` of the call, `t` seconds into it, where a card would come in full."""
    rule = state.rules.get(behaviour)
    if rule is None:
        return IN_FULL
    gone, day = state.courses[behaviour], state.begun + t / DAY_S
    terms = _terms(gone.skill, day)
    step = _back(gone.step, terms.p) if rule.fades else "full"
    if step == "none":
        return Choice("none", "fading", 1.0, terms)
    if _drawn(state.call, number) < rule.holdout:
        return Choice("none", "holdout", rule.holdout, terms)
    return Choice(step, None, 1 - rule.holdout, terms)


def resolved(state: Fading, behaviour: str, outcome: Outcome, help: Help, t: float) -> Fading:
    """An opportunity of the call has ended so."""
    if behaviour not in state.courses:
        return state
    gone = _lived(state.courses[behaviour], Moment(state.begun + t / DAY_S, outcome, help))
    return replace(state, courses=MappingProxyType({**state.courses, behaviour: gone}))


def off_book(state: Fading, t: float) -> OffBook:
    """On how many of the behaviours that fade the card has gone, to a dot or to nothing, `t` seconds into the call."""
    fades = [name for name, rule in state.rules.items() if rule.fades]
    steps = [_now(state.courses[name], state.begun + t / DAY_S) for name in fades]
    return OffBook(sum(step in OFF_BOOK for step in steps), len(steps))


def _rule(behaviour: Behaviour) -> Rule:
    return Rule(behaviour.fading == "on", HOLDOUT if behaviour.holdout is None else behaviour.holdout)


def _lived(gone: Course, moment: Moment) -> Course:
    skill = after(gone.skill, moment)
    p = probability(skill, moment.day)
    step = _back(gone.step, p)
    return Course(skill, _on(step, p) if step == gone.step else step)


def _now(gone: Course, day: float) -> Help:
    return _back(gone.step, probability(gone.skill, day))


def _on(step: Help, p: float) -> Help:
    """One step on, where p has reached it."""
    further = STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]
    return further if p >= THRESHOLDS[further] else step


def _back(step: Help, p: float) -> Help:
    """This step, or the last one before it that p still warrants."""
    here = STEPS[: STEPS.index(step) + 1]
    warranted = list(takewhile(lambda one: p >= THRESHOLDS[one] - MARGIN, here))
    return warranted[-1]


def _terms(skill: Skill, day: float) -> FadingTerms:
    now = estimate(skill, day)
    return FadingTerms(
        p=round(now.p, 4),
        low=round(now.low, 4),
        high=round(now.high, 4),
        moments=skill.moments,
        days=None if skill.last is None else round(day - skill.last, 3),
    )


def _drawn(call: str, number: int) -> float:
    """0 to 1, as good as random, and always the same for this opportunity."""
    digest = hashlib.sha256(f"{call} {number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
