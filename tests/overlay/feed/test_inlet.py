"""What reaches a call from outside, and the journal that may fail it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from asr.errors import BadInputError
from asr.events import Event, Fault
from asr.live import Listening
from cues.events import RepAction
from overlay.engine_messages import Resume, Start
from overlay.engine_process import Inlet
from overlay.event_log import EventLog, Report, open_for, past_of

START = Start((Path("call.wav"),), Path("playbook"), "base", journal="journal.db")
GOES_ON = replace(START, resume=Resume("call", 0.0, 5.0, 3, 0))


class Heard:
    """Stands for Listening: what it is offered and whether it was stopped."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.stopped = False

    def offer(self, event: Event) -> bool:
        self.events.append(event)
        return True

    def stop(self) -> None:
        self.stopped = True


def opened(inlet: Inlet) -> Heard:
    heard = Heard()
    inlet.open(cast(Listening, heard))
    return heard


def test_before_the_call_begins_commands_are_refused_and_reports_wait() -> None:
    inlet, fault = Inlet(), Fault(part="journal", message="It is full.")
    assert not inlet.command(RepAction(action="pause"))
    inlet.report(fault)
    heard = opened(inlet)
    assert heard.events == [fault]
    assert inlet.command(RepAction(action="pause"))
    assert heard.events[1:] == [RepAction(action="pause")]


def test_a_call_that_was_ended_before_it_began_ends_at_once() -> None:
    inlet = Inlet()
    inlet.end("the overlay was closed")
    inlet.end("another reason")
    assert opened(inlet).stopped
    assert inlet.reason == "the overlay was closed"


def refuses(address: str, report: Report) -> EventLog:
    raise BadInputError(f"The journal {address} is in a read-only folder.")


def test_a_call_does_not_begin_without_its_journal_but_goes_on_without() -> None:
    inlet = Inlet()
    with pytest.raises(BadInputError):
        open_for(START, refuses, inlet.report)
    assert open_for(GOES_ON, refuses, inlet.report) is None
    (fault,) = opened(inlet).events
    assert "read-only folder. The call goes on" in cast(Fault, fault).message


def test_where_the_journal_does_not_know_the_call_the_parent_s_memory_does() -> None:
    def unknown(call: str) -> list[Any]:
        raise BadInputError("There is no such call.")

    stored: list[Event] = []
    log = SimpleNamespace(append=stored.append, events=unknown, close=lambda: None)
    handed = [RepAction(seq=2, action="mark")]
    assert past_of(GOES_ON.resume, handed, cast(EventLog, log)) == stored == handed
