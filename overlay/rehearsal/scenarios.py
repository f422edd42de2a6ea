"""Runs a playbook's tests: given the playbook, when this is said, then these cards come."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cues.events import CardShown
from cues.scenario import Line, Scenario
from overlay.call_setup import CallSetup
from overlay.rehearsal.rehearse import Said, rehearse, spoken
from overlay.screen import clock_time


@dataclass(frozen=True)
class Came:
    """A card that came: its cue, when (s into the call), and the words that brought it."""

    cue: str
    at: float
    words: str

    def __str__(self) -> str:
        return f"{self.cue} at {clock_time(self.at)} (“{self.words}”)"


@dataclass(frozen=True)
class Result:
    """A scenario and the cards that came in it."""

    scenario: Scenario
    came: tuple[Came, ...]

    @property
    def passed(self) -> bool:
        cues = [card.cue for card in self.came]
        expected, banned = self.scenario.cards, self.scenario.not_
        return cues == list(expected) if expected is not None else not set(banned or ()) & set(cues)

    @property
    def instead(self) -> str:
        """What should have come and what did."""
        came = ", then ".join(map(str, self.came)) or "nothing"
        if self.scenario.cards is not None:
            return f"expected {', then '.join(self.scenario.cards) or 'no card'}; came {came}"
        return f"expected no {' and no '.join(self.scenario.not_ or ())}; came {came}"

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.scenario.name,
            "passed": self.passed,
            "cards": self.scenario.cards,
            "not": self.scenario.not_,
            "came": [{"cue": card.cue, "t": round(card.at, 3), "because": card.words} for card in self.came],
        }


def run(setup: CallSetup) -> Iterator[Result]:
    """Each test of the playbook, as a call of its own."""
    for scenario in setup.playbook.tests:
        yield Result(scenario, tuple(_cards(setup, scenario)))


def _cards(setup: CallSetup, scenario: Scenario) -> Iterator[Came]:
    for event in rehearse(setup, spoken(map(_said, scenario.said))):
        if isinstance(event, CardShown):
            yield Came(event.cue, event.t, " ".join(word.text for word in event.because))


def _said(line: Line) -> Said:
    return Said("rep", line.rep, line.at) if line.rep is not None else Said("buyer", line.buyer or "", line.at)
