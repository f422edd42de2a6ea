"""How likely a rep does a behaviour unprompted now, from the moments of the past: a filter over levels of skill. Pure.

Bayesian knowledge tracing with forgetting (Corbett & Anderson 1995, "Knowledge tracing: Modeling the acquisition of
procedural knowledge"), on twenty levels of skill instead of the two of the original (known, not known), for few reps
do a thing always or never. A level q is the share of moments in which the behaviour is done without a card; what is
believed is one probability for each level. Each moment does three things, in this order:

1. Forgetting: the skill has lost its half in every half-life since the moment before. The half-life grows with what
   was done and falls with what was missed (half-life regression: Settles & Meeder, ACL 2016). And in some moments it
   has changed for reasons that nobody sees, to any level: so a row of misses counts soon, whatever was before.
2. Evidence, by Bayes' rule. With help that a share a of those follow who would not have done it alone:

   outcome     help         is done with      and tells
   unprompted  any          q                 directly: done with no card, or before it could be read
   missed      any          (1 - q)(1 - a)    directly: it was not done, not even with the card
   prompted    none         q                 directly
   prompted    dot          q + (1 - q) 0.3   a good deal
   prompted    headline     q + (1 - q) 0.5   little
   prompted    full         q + (1 - q) 0.7   almost nothing: whoever has the whole card does it
   dismissed   any                            nothing: the rep may have judged the moment better than the cue did

3. Learning: the moment may lift the skill by one level, the likelier the more of it was the rep's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cues.events import Help, Outcome

LEVELS = tuple((k + 0.5) / 20 for k in range(20))
WIDTH = LEVELS[1] - LEVELS[0]
FOLLOWS: Mapping[Help, float] = {"none": 0.0, "dot": 0.3, "headline": 0.5, "full": 0.7}
"""The share a that help gives to those who would not have done it alone."""
LEARNS: Mapping[Outcome, float] = {"unprompted": 0.4, "prompted": 0.25, "missed": 0.05, "dismissed": 0.0}
"""The chance that such a moment lifts the skill by one level."""
LASTS: Mapping[Outcome, float] = {"unprompted": 1.15, "prompted": 1.1, "missed": 0.85, "dismissed": 1.0}
"""What such a moment does to the half-life."""
FIRST_HALF_LIFE = 14.0
SHORTEST, LONGEST = 5.0, 180.0
"""Bounds of the half-life, in days."""
UNSEEN_CHANGE = 0.03
"""The chance that a moment finds the skill at any other level."""
IN_INTERVAL = 0.8
EVEN = tuple(1 / len(LEVELS) for _ in LEVELS)
PRIOR = tuple(2 * (1 - level) / len(LEVELS) for level in LEVELS)
"""Of a rep without history: that they miss two moments of three, and that this is a guess. One card too many costs a
glance, one too few the moment."""

Belief = tuple[float, ...]


@dataclass(frozen=True)
class Moment:
    """A past opportunity: when (in days, since 1970), how it ended, and the most help that stood meanwhile."""

    day: float
    outcome: Outcome
    help: Help


@dataclass(frozen=True)
class Skill:
    """What is believed of one rep and behaviour, as of the `last` moment (a day; None before the first)."""

    belief: Belief = PRIOR
    half_life: float = FIRST_HALF_LIFE
    """In days."""
    last: float | None = None
    moments: int = 0


UNSEEN = Skill()


@dataclass(frozen=True)
class Estimate:
    """The probability that the behaviour is done unprompted, and the interval that it lies in with 80 %."""

    p: float
    low: float
    high: float


def estimate(skill: Skill, day: float) -> Estimate:
    """As of `day`, after the forgetting since the last moment."""
    belief, outside = _forgotten(skill, day), (1 - IN_INTERVAL) / 2
    return Estimate(_mean(belief), _quantile(belief, outside), _quantile(belief, 1 - outside))


def probability(skill: Skill, day: float) -> float:
    """The estimate's p alone."""
    return _mean(_forgotten(skill, day))


def after(skill: Skill, moment: Moment) -> Skill:
    """What is believed after one more moment; moments come in the order of time."""
    belief = _forgotten(skill, moment.day)
    if moment.outcome != "dismissed":
        belief = _learned(_observed(_changed(belief), moment), LEARNS[moment.outcome])
    half_life = min(LONGEST, max(SHORTEST, skill.half_life * LASTS[moment.outcome]))
    return Skill(belief, half_life, moment.day, skill.moments + 1)


def _forgotten(skill: Skill, day: float) -> Belief:
    """Every level falls to what is left of it; between two levels its share is split, so that their mean is exact."""
    if skill.last is None or day <= skill.last:
        return skill.belief
    left = 2.0 ** (-(day - skill.last) / skill.half_life)
    fallen = [0.0] * len(LEVELS)
    for level, share in zip(LEVELS, skill.belief, strict=True):
        place = max(0.0, (level * left - LEVELS[0]) / WIDTH)
        below = min(int(place), len(LEVELS) - 1)
        above = min(below + 1, len(LEVELS) - 1)
        fallen[below] += share * (1 - (place - below))
        fallen[above] += share * (place - below)
    return tuple(fallen)


def _changed(belief: Belief) -> Belief:
    return tuple((1 - UNSEEN_CHANGE) * share + UNSEEN_CHANGE * any_ for share, any_ in zip(belief, EVEN, strict=True))


def _observed(belief: Belief, moment: Moment) -> Belief:
    follows = FOLLOWS[moment.help] if moment.outcome == "prompted" else 0.0
    done = [level + (1 - level) * follows for level in LEVELS]
    weighed = [share * (1 - p if moment.outcome == "missed" else p) for share, p in zip(belief, done, strict=True)]
    total = sum(weighed)
    return tuple(share / total for share in weighed)


def _learned(belief: Belief, chance: float) -> Belief:
    """Each level but the highest gives that share of its own to the next."""
    lifted = [share * chance for share in belief[:-1]]
    return tuple(
        share + gained - lost for share, gained, lost in zip(belief, [0.0, *lifted], [*lifted, 0.0], strict=True)
    )


def _mean(belief: Belief) -> float:
    return sum(level * share for level, share in zip(LEVELS, belief, strict=True))


def _quantile(belief: Belief, share: float) -> float:
    """The skill that `share` of the belief lies below; a level stands for everything up to half-way to the next."""
    below = 0.0
    for level, of_level in zip(LEVELS, belief, strict=True):
        if of_level and below + of_level >= share:
            return level + WIDTH * ((share - below) / of_level - 0.5)
        below += of_level
    return 1.0
