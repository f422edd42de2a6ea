"""Who of the buyers speaks, in a real call: in its readings, its cards, and after its engine died."""

from dataclasses import replace
from pathlib import Path

import pytest
from call_events import hearing, said, words
from talk import read_playbook

from asr.events import Speaker
from cues.events import AnyEvent, CardShown
from models.events import Reading
from overlay.call_setup import CallSetup, load_setup
from overlay.engine import READ_AGAIN, Call
from overlay.resume import rebuild

PLAYBOOK = """\
playbook: N
cues:
  - id: signs
    when: {role: economic_buyer, said: the contract}
    card: {title: They sign, ask: When?}
    cooldown: 1s
"""
SIGNS = "The budget is mine, and if I say yes we buy it, nobody else has to sign."
TALK: list[tuple[Speaker, str]] = [
    ("rep", "And is Martin with us today?"),
    ("buyer", f"I am here. {SIGNS}"),
    ("rep", "Thank you. Laura, what does your week look like?"),
    ("buyer", "Busy. I have not read the contract."),
    ("rep", "I will send you the contract."),
]

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture(scope="module")
def setup(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> CallSetup:
    return load_setup(read_playbook(tmp_path_factory.mktemp("playbook") / "p", PLAYBOOK), "tiny.en").call


def hear(call: Call, lines: list[tuple[Speaker, str]], begin: int) -> list[AnyEvent]:
    events = [said(who, text, begin + 9 * k, f"u{begin + k}") for k, (who, text) in enumerate(lines)]
    return [made for event in events for made in call.take(event)]


def begun(setup: CallSetup, lines: list[tuple[Speaker, str]] = TALK) -> tuple[Call, list[AnyEvent]]:
    call = Call(setup, "here")
    return call, [*call.begin("sam"), *hear(call, lines, 0)]


def persons(events: list[AnyEvent]) -> list[str | None]:
    return [event.person for event in events if isinstance(event, Reading)]


def test_a_reading_says_who_speaks(setup: CallSetup) -> None:
    assert persons(begun(setup)[1]) == [None, "Martin", None, "Laura", None]


def test_a_role_is_of_who_speaks_and_of_anybody_where_that_is_not_known(setup: CallSetup) -> None:
    cards = [event.utterance for event in begun(setup)[1] if isinstance(event, CardShown)]
    assert cards == ["u4"], "Laura does not sign, but one of them does"


def test_running_words_are_of_who_was_asked(setup: CallSetup) -> None:
    call, _ = begun(setup, TALK[:3])
    running = replace(hearing(1, "Busy. I have", "not", 30), words=words("Busy. I have", 30))
    assert persons(list(call.take(running))) == ["Laura"]
    assert persons(hear(call, TALK[3:4], 40)) == ["Laura"]


def test_who_is_who_outlives_the_engine_and_more_than_what_is_read_again(setup: CallSetup) -> None:
    talk: list[tuple[Speaker, str]] = [("buyer", "This is Martin from finance."), *[("rep", "I see.")] * READ_AGAIN]
    first, events = begun(setup, talk)
    past = rebuild(setup.playbook, first.id, len(events), events)
    again = Call(setup, "here", past=past)
    list(again.resume(past, 299.0, 300.0))
    asked: list[tuple[Speaker, str]] = [("rep", "Martyn, what about you?"), ("buyer", "It is too high.")]
    assert persons(hear(again, asked, 300)) == [None, "Martin"]


def test_a_role_stays_with_the_person_after_the_engine_died(setup: CallSetup) -> None:
    first, events = begun(setup, TALK[:3])
    unbroken = hear(first, TALK[3:], 60)
    past = rebuild(setup.playbook, first.id, len(events), events)
    again = Call(setup, "here", past=past)
    list(again.resume(past, 59.0, 60.0))
    assert readings(hear(again, TALK[3:], 60)) == readings(unbroken)


def readings(events: list[AnyEvent]) -> list[tuple[str | None, dict[str, float]]]:
    return [(event.person, event.role) for event in events if isinstance(event, Reading)]
