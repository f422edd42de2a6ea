"""What a client that joins late is told."""

from dataclasses import replace
from itertools import accumulate

import pytest
from feed_clients import card, hypothesis, reading, stamped, started, utterance

from asr.events import Event, Fault, Recovered
from cues.events import (
    AnyEvent,
    CallEnded,
    CardHidden,
    DealChanged,
    PlaybookChanged,
    PlaybookVersion,
    RepAction,
    Summary,
)
from overlay.feed_messages import action_of
from overlay.feed_state import UTTERANCES, FeedState, add, snapshot


def told(*events: Event) -> list[AnyEvent]:
    state = FeedState()
    for event in stamped(*events):
        state = add(state, event)
    return snapshot(state)


def kinds(events: list[AnyEvent]) -> list[str]:
    return [event.type for event in events]


def test_before_the_call_there_is_nothing_to_tell() -> None:
    assert told() == []


def test_running_speech_is_its_last_hypothesis_until_the_final_comes() -> None:
    heard = [started(), hypothesis("u1", "we run"), reading("u1", partial=True), hypothesis("u1", "we run Zendesk")]
    now = told(*heard)
    assert kinds(now) == ["call_started", "hypothesis"]
    assert now[1].stable == "we run Zendesk"  # type: ignore[union-attr]
    assert kinds(told(*heard, utterance("u1", "We run Zendesk."), reading("u1"))) == [
        "call_started",
        "utterance",
        "reading",
    ]


def test_an_utterance_that_was_nothing_leaves_nothing() -> None:
    assert kinds(told(started(), hypothesis("u1", "uh"), utterance("u1", ""))) == ["call_started"]


def test_only_the_last_utterances_are_told_each_with_its_reading_and_memory_stays_flat() -> None:
    said = [part for k in range(200) for part in (utterance(f"u{k}", "yes"), reading(f"u{k}"))]
    now = told(started(), *said)
    assert len(now) == 1 + 2 * UTTERANCES
    assert [event.utterance for event in now if event.type == "reading"] == [f"u{k}" for k in range(180, 200)]


def test_an_old_reading_still_gives_the_stage() -> None:
    said = [utterance(f"u{k}", "yes") for k in range(1, 30)]
    now = told(utterance("u0", "Let us sign."), reading("u0", "closing"), *said)
    assert kinds(now) == ["reading"] + ["utterance"] * UTTERANCES


def test_cards_and_pins_are_told_while_they_are_up() -> None:
    up = [started(), card("c1"), card("c2", "pain"), RepAction(action="pin", target="c1")]
    assert kinds(told(*up)) == ["call_started", "card_shown", "card_shown", "rep_action"]
    hidden = CardHidden(cue="price", card="c1", opportunity=None, reason="done")
    assert kinds(told(*up, hidden)) == ["call_started", "card_shown"]


def test_a_pin_without_a_target_is_the_newest_card_s() -> None:
    state = FeedState()
    for event in stamped(card("c1"), card("c2", "pain"), RepAction(action="pin")):
        state = add(state, event)
    assert list(state.pins) == ["c2"]


def test_pause_faults_and_what_has_changed_are_told_until_they_are_over() -> None:
    version = PlaybookVersion("Northwind", "2", "1")
    changes = [PlaybookChanged(playbook=version), PlaybookChanged(playbook=version), DealChanged(deal={"size": 3})]
    broken = [Fault(part="journal", message="full"), Fault(part="source", message="gone")]
    now = told(started(), RepAction(action="pause"), *broken, *changes)
    assert kinds(now) == ["call_started", "rep_action", "fault", "fault", "playbook_changed", "deal_changed"]
    mended = told(
        started(),
        *broken,
        RepAction(action="pause"),
        Recovered(part="journal", message="ok"),
        RepAction(action="resume"),
    )
    assert [event.part for event in mended if event.type == "fault"] == ["source"]
    assert "rep_action" not in kinds(mended)


def test_a_call_that_has_ended_shows_no_cards_but_its_end() -> None:
    end = CallEnded(reason="over", summary=Summary(1.0, 1, 0.5, None, (), 1, 0, {}))
    assert kinds(told(started(), card("c1"), hypothesis("u1", "and"), end)) == ["call_started", "call_ended"]


def test_the_stage_by_the_rep_is_told_until_a_reading_has_it() -> None:
    corrected = [started(), utterance("u1", "a"), reading("u1"), RepAction(action="correct", value="stage:demo")]
    assert kinds(told(*corrected)) == ["call_started", "utterance", "reading", "rep_action"]
    assert "rep_action" in kinds(told(*corrected, reading("u2", partial=True)))
    assert "rep_action" not in kinds(told(*corrected, utterance("u2", "b"), reading("u2")))


def test_what_is_told_leads_to_the_same_state_again() -> None:
    events = stamped(
        started(), utterance("u1", "a"), reading("u1"), hypothesis("u2", "b"), card("c1"), card("c2", "pain"),
        RepAction(action="pin", target="c2"), RepAction(action="correct", value="stage:demo"),
        RepAction(action="pause"), Fault(part="feed", message="x"),
        utterance("u2", "b"),
    )  # fmt: skip
    for state in accumulate(events, add, initial=FeedState()):
        again = FeedState()
        for event in snapshot(state):
            again = add(again, event)
        assert again == state


def test_the_numbers_stay_those_of_the_call() -> None:
    events = [replace(event, seq=event.seq + 70) for event in stamped(started(), card("c1"))]
    state = add(add(FeedState(), events[0]), events[1])
    assert [event.seq for event in snapshot(state)] == [70, 71]


def stepped_back(*more: Event) -> FeedState:
    """Two cards, of which the older one is a dot."""
    state = FeedState()
    for event in stamped(started(), replace(card("c1"), help="dot"), card("c2"), *more):
        state = add(state, event)
    return state


@pytest.mark.parametrize(("target", "meant"), [("", "c1"), (', "target": "c2"', "c2")])
def test_help_means_the_newest_card_that_is_not_whole_unless_one_is_named(target: str, meant: str) -> None:
    asked = action_of(f'{{"action": "help"{target}}}', stepped_back())
    assert asked == RepAction(action="help", target=meant)


def test_with_every_card_whole_help_goes_to_the_last_moment_without_one() -> None:
    opened = stepped_back(RepAction(action="help", target="c1"))
    assert action_of('{"action": "help"}', opened) == RepAction(action="help")


def test_who_comes_late_sees_the_card_as_whole_as_the_rep_does() -> None:
    asked = RepAction(action="help", target="c1")
    assert [e.target for e in snapshot(stepped_back(asked)) if isinstance(e, RepAction)] == ["c1"]
    gone = CardHidden(cue="q", card="c1", opportunity=None, reason="expired")
    assert "rep_action" not in kinds(snapshot(stepped_back(asked, gone)))
