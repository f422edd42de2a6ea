"""What is stored of a call: all but hypotheses, and partial readings that fired nothing."""

from calls import a_call, numbered, reading, utterance

from asr.events import Event
from cues.events import AnyEvent, Opportunity
from cues.journal.selection import Held, select


def kept(events: list[AnyEvent]) -> list[int]:
    held: Held = {}
    out: list[int] = []
    for event in events:
        held, chosen = select(held, event)
        out += [one.seq for one in chosen]
    return out


def fired(utterance: str, t: float) -> Opportunity:
    return Opportunity(t=t, id="o", cue="c", behaviour="b", utterance=utterance, help="full", withheld=None, chance=1.0)


def test_hypotheses_and_partial_readings_that_fired_nothing_are_left_out() -> None:
    events = a_call("a")
    left_out = {e.seq for e in events} - set(kept(events))
    assert [(events[k].type, events[k].seq) for k in sorted(left_out)] == [
        ("hypothesis", 1),
        ("reading", 2),
        ("hypothesis", 3),
    ]


def test_only_the_partial_reading_of_the_utterance_that_fired_is_stored_and_once() -> None:
    events: list[Event] = [
        reading("u1", 1, partial=True),
        reading("u2", 2, partial=True),
        fired("u1", 2),
        fired("u1", 2.5),
        reading("u1", 3, partial=True),
    ]
    assert kept(numbered("a", events)) == [0, 2, 3]


def test_the_final_ends_the_waiting_of_a_partial_reading() -> None:
    events: list[Event] = [
        reading("u1", 1, partial=True),
        utterance("u1", "buyer", "hello", 3),
        reading("u1", 3.1),
        fired("u1", 3.1),
    ]
    assert kept(numbered("a", events)) == [1, 2, 3]
