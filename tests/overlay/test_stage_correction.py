"""A stage that the rep corrects, in a real call: its readings, its cards, its summary, and after its engine died."""

from pathlib import Path

import pytest
from call_events import said
from talk import read_playbook

from asr.events import Event, Speaker
from cues.events import AnyEvent, CallEnded, CardShown, RepAction
from models.events import Reading
from overlay.call_setup import CallSetup, load_setup
from overlay.engine import Call
from overlay.resume import rebuild

PLAYBOOK = """\
playbook: N
cues:
  - id: terms
    when: {stage: negotiation, said: twelve months}
    card: {title: Trade, ask: Which part?}
    cooldown: 1s
"""
TALK: list[tuple[Speaker, str]] = [
    ("rep", "Let me share my screen. This is the inbox, and each ticket gets a category by itself."),
    ("buyer", "And can the team change the category by hand?"),
    ("rep", "They can, right here, and the routing learns from it."),
]
TERMS: tuple[Speaker, str] = ("buyer", "And you keep the history for twelve months?")
CORRECTED = RepAction(t=21.0, action="correct", value="stage:negotiation")

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture(scope="module")
def setup(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> CallSetup:
    return load_setup(read_playbook(tmp_path_factory.mktemp("playbook") / "p", PLAYBOOK), "tiny.en").call


def hear(call: Call, lines: list[tuple[Speaker, str]], begin: float) -> list[AnyEvent]:
    heard: list[Event] = [said(who, text, begin + 7 * k, f"u{begin + k:.0f}") for k, (who, text) in enumerate(lines)]
    return [made for event in heard for made in call.take(event)]


def begun(setup: CallSetup) -> tuple[Call, list[AnyEvent]]:
    """A call in the demo, so far."""
    call = Call(setup, "here")
    return call, [*call.begin("sam"), *hear(call, TALK, 0)]


def stage_of(events: list[AnyEvent]) -> dict[str, float]:
    return [event.stage for event in events if isinstance(event, Reading)][-1]


def likeliest(events: list[AnyEvent]) -> str:
    stages = stage_of(events)
    return max(stages, key=lambda stage: stages[stage])


def test_the_next_reading_has_the_rep_s_stage_and_its_cards_come(setup: CallSetup) -> None:
    call, events = begun(setup)
    assert likeliest(events) == "demo"
    assert not any(isinstance(made, CardShown) for made in hear(call, [TERMS], 21))
    call, _ = begun(setup)
    list(call.take(CORRECTED))
    heard = hear(call, [TERMS], 21)
    assert likeliest(heard) == "negotiation"
    assert [made.cue for made in heard if isinstance(made, CardShown)] == ["terms"]


def test_it_holds_after_the_engine_died(setup: CallSetup) -> None:
    first, events = begun(setup)
    events += [*first.take(CORRECTED), *hear(first, TALK[:1], 22)]
    unbroken = stage_of(hear(first, [TERMS], 30))
    past = rebuild(setup.playbook, first.id, len(events), events)
    again = Call(setup, "here", past=past)
    list(again.resume(past, 29.0, 30.0))
    assert stage_of(hear(again, [TERMS], 30)) == unbroken


def test_the_summary_has_it_even_where_nothing_was_said_any_more(setup: CallSetup) -> None:
    call, _ = begun(setup)
    list(call.take(CORRECTED))
    (over,) = (event for event in call.end(22.0, "over") if isinstance(event, CallEnded))
    assert over.summary.last_stage == "negotiation"
