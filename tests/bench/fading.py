"""Do reps end up as good with cards that fade as with every card in full? `python -m tests.bench.fading` prints it.

Simulated reps learn and forget by laws that cues/skill.py does not assume:

- Forgetting follows a power law of the days since the behaviour was last done (Wixted & Ebbesen 1991), with rates of
  each rep's own; the estimator takes it to be exponential.
- Practice after a longer gap makes it last longer (the spacing effect: Cepeda et al. 2006); the estimator knows none.
- Doing it from memory teaches most (the testing effect: Roediger & Karpicke 2006); doing it with a card before one's
  eyes teaches less, the more the card says (the guidance hypothesis: Salmoni, Schmidt & Walter 1984); a miss teaches
  little. How much less is not known for sales calls, so that one scenario has no such difference at all.
- Each rep learns, forgets and follows cards in their own measure, and nobody gets to do it always.

Both arms have the same reps and the same moments. What counts is the share done without help in probes after the last
day, from which nobody learns any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from cues.events import Help, Outcome
from cues.fading import DAY_S, Fading, choose, fading, resolved
from cues.playbook import Behaviour, Card, Condition, Cue, Playbook

BEHAVIOURS = tuple(f"b{k}" for k in range(6))
DAYS = 120
MOMENTS_A_DAY = 1.2
"""Of each behaviour, on a working day, on average."""
PROBES = 20
MARGIN = 0.03
"""The share done without help may be lower by so much at the most: non-inferiority."""
BOOTSTRAPS = 2000
MONDAY = 20_779.0
"""Any one, in days since 1970."""

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scenario:
    """What a moment teaches, where one done from memory teaches 1, and how fast reps forget."""

    name: str
    prompted: Mapping[Help, float]
    missed: float = 0.1
    forgetting: float = 0.5
    """The mean exponent of the power law."""


GUIDED = Scenario("as the literature has it", {"full": 0.4, "headline": 0.6, "dot": 0.8})
SCENARIOS = (
    GUIDED,
    Scenario("a card takes nothing from learning", {"full": 1.0, "headline": 1.0, "dot": 1.0}),
    Scenario("a miss teaches nothing at all", GUIDED.prompted, missed=0.0),
    Scenario("they forget twice as fast", GUIDED.prompted, forgetting=1.0),
)


@dataclass(frozen=True)
class Rep:
    """One simulated rep's own measures."""

    start: float
    """The share done without help before any practice."""
    best: float
    """The most that practice comes to."""
    learns: float
    lasts: float
    """How much one success adds to the stability."""
    exponent: float
    follows: Mapping[Help, float]
    """The share of moments in which a card is followed that would not have been done alone."""


@dataclass
class Memory:
    """One behaviour of a rep; `stability` and `last` in days."""

    strength: float
    stability: float
    last: float

    def left(self, rep: Rep, day: float) -> float:
        """What is left of it: the power law."""
        return float((1 + max(0.0, day - self.last) / self.stability) ** -rep.exponent)

    def alone(self, rep: Rep, day: float) -> float:
        """The probability that it is done without help."""
        return self.strength * self.left(rep, day)

    def practise(self, rep: Rep, day: float, worth: float, *, done: bool) -> None:
        self.strength += rep.learns * worth * (rep.best - self.strength)
        if done:
            self.stability *= 1 + rep.lasts * worth * (1.1 - self.left(rep, day))
            self.last = day


@dataclass(frozen=True)
class Arm:
    """By rep: the share done without help in the end, and the share of moments that had a card, of whatever kind."""

    alone: Shares
    cards: Shares
    full: Shares
    """The share of moments with the whole card."""


@dataclass(frozen=True)
class Comparison:
    """Fading minus always full, with the 95 % interval of a bootstrap over reps."""

    always: Arm
    faded: Arm
    difference: float
    low: float
    high: float


def compare(scenario: Scenario, reps: int, seed: int = 1) -> Comparison:
    """Plays both arms."""
    random = np.random.default_rng(seed)
    people = [_rep(random, scenario) for _ in range(reps)]
    always, faded = (_play(people, scenario, seed, fades=fades) for fades in (False, True))
    by_rep = faded.alone - always.alone
    means = by_rep[random.integers(0, reps, (BOOTSTRAPS, reps))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Comparison(always, faded, float(by_rep.mean()), float(low), float(high))


def _rep(random: np.random.Generator, scenario: Scenario) -> Rep:
    follows = float(random.beta(8, 3))
    return Rep(
        start=float(random.uniform(0.05, 0.35)),
        best=float(random.uniform(0.8, 0.98)),
        learns=float(random.lognormal(np.log(0.08), 0.4)),
        lasts=float(random.lognormal(np.log(0.5), 0.3)),
        exponent=scenario.forgetting * float(random.uniform(0.6, 1.6)),
        follows={"full": follows, "headline": 0.75 * follows, "dot": 0.4 * follows, "none": 0.0},
    )


def _play(people: Sequence[Rep], scenario: Scenario, seed: int, *, fades: bool) -> Arm:
    lives = [
        _live(rep, f"{seed} {k}", scenario, np.random.default_rng((seed, k)), fades) for k, rep in enumerate(people)
    ]
    alone, cards, full = np.array(lives).T
    return Arm(alone, cards, full)


def _live(
    rep: Rep, name: str, scenario: Scenario, random: np.random.Generator, fades: bool
) -> tuple[float, float, float]:
    """One rep's four months: the share done without help in the end, that of moments with a card, and with a whole."""
    memories = {b: Memory(rep.start, float(random.lognormal(np.log(4), 0.5)), MONDAY) for b in BEHAVIOURS}
    state = fading(playbook(), {}, date(2026, 11, 23)) if fades else None
    helps: list[Help] = []
    for day in range(DAYS):
        if day % 7 < 5:
            state = _call(
                rep, memories, scenario, random, MONDAY + day, state and replace(state, call=f"{name} {day}"), helps
            )
    probed = [random.random(PROBES) < memory.alone(rep, MONDAY + DAYS) for memory in memories.values()]
    shown = np.array([help != "none" for help in helps])
    return float(np.mean(probed)), float(shown.mean()), float(np.mean([help == "full" for help in helps]))


def _call(
    rep: Rep,
    memories: Mapping[str, Memory],
    scenario: Scenario,
    random: np.random.Generator,
    day: float,
    state: Fading | None,
    helps: list[Help],
) -> Fading | None:
    """One day of calls; the moments of all behaviours mixed, within four hours."""
    moments = [b for b in BEHAVIOURS for _ in range(random.poisson(MOMENTS_A_DAY))]
    random.shuffle(moments)
    state = state and replace(state, begun=day + 0.4)
    for k, behaviour in enumerate(moments):
        t = 14_400.0 * k / len(moments)
        now, memory = day + 0.4 + t / DAY_S, memories[behaviour]
        help: Help = choose(state, behaviour, k + 1, t).help if state else "full"
        helps.append(help)
        outcome = _outcome(rep, memory, random, now, help)
        memory.practise(rep, now, _worth(scenario, outcome, help), done=outcome != "missed")
        state = state and resolved(state, behaviour, outcome, help, t)
    return state


def _worth(scenario: Scenario, outcome: Outcome, help: Help) -> float:
    if outcome == "prompted":
        return scenario.prompted[help]
    return 1.0 if outcome == "unprompted" else scenario.missed


def _outcome(rep: Rep, memory: Memory, random: np.random.Generator, now: float, help: Help) -> Outcome:
    """What becomes of a moment; with a card up, doing it counts as prompted, also by whom who knew it."""
    alone, follows = random.random(2) < (memory.alone(rep, now), rep.follows[help])
    if help == "none":
        return "unprompted" if alone else "missed"
    return "prompted" if alone or follows else "missed"


def playbook() -> Playbook:
    """Six behaviours, each with a cue."""
    return Playbook(
        playbook="Simulated",
        behaviours=tuple(Behaviour(id=name, name=name) for name in BEHAVIOURS),
        cues=tuple(
            Cue(id=name, when=Condition(said=(name,)), card=Card(title=name, ask=name), prompts=name)
            for name in BEHAVIOURS
        ),
    )


def print_fading(found: Mapping[str, Comparison], console: Console) -> None:
    table = Table(
        title="Cards that fade beside every card in full",
        caption=f"Not worse by more than {MARGIN:.0%}? Titles and dots count as cards.",
    )
    columns = ("", "alone, in full", "alone, fading", "difference (95 %)", "with a card", "with a whole one")
    for name in columns:
        table.add_column(name, justify="right" if name else "left")
    for name, one in found.items():
        table.add_row(
            name,
            f"{one.always.alone.mean():.1%}",
            f"{one.faded.alone.mean():.1%}",
            f"{100 * one.difference:+.1f} ({100 * one.low:+.1f} to {100 * one.high:+.1f})",
            f"{one.faded.cards.mean():.0%}",
            f"{one.faded.full.mean():.0%}",
        )
    console.print(table)


if __name__ == "__main__":
    print_fading({scenario.name: compare(scenario, 400) for scenario in SCENARIOS}, Console(width=120))
