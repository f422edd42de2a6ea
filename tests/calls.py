"""Calls made by hand, for the journal's tests."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from asr.events import Event, Hypothesis, Utterance, Word
from cues.events import (
    AnyEvent,
    CallEnded,
    CallStarted,
    CardContent,
    CardHidden,
    CardResolved,
    CardShown,
    Opportunity,
    PlaybookVersion,
    Summary,
)
from models.events import Mention, Reading

BEGUN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MARKER = "Quetzalcoatl"
"""A word that only this call has."""


def spoken(text: str, begin: float) -> tuple[Word, ...]:
    return tuple(Word(word, begin + k * 0.3, begin + k * 0.3 + 0.25, 0.9) for k, word in enumerate(text.split()))


def utterance(id: str, who: str, text: str, t: float) -> Utterance:
    words = spoken(text, t - 2)
    return Utterance(
        t=t,
        id=id,
        channel=0 if who == "rep" else 1,
        speaker="rep" if who == "rep" else "buyer",
        audio_start=t - 2,
        audio_end=t - 0.5,
        text=text,
        words=words,
    )


def reading(utterance: str, t: float, *, partial: bool = False, stage: str = "discovery", named: str = "") -> Reading:
    mentions = (Mention(named, named.lower(), "incumbent", 0.9),) if named else ()
    return Reading(
        t=t,
        utterance=utterance,
        partial=partial,
        person=None,
        stage={stage: 0.8, "opening": 0.2},
        role={"champion": 0.7},
        competitors=mentions,
        moments={"pain": 0.9},
    )


def numbered(call: str, events: list[Event]) -> list[AnyEvent]:
    return [replace(event, call=call, seq=k) for k, event in enumerate(events)]  # type: ignore[misc]


def started(rep: str = "anna", days: float = 0) -> CallStarted:
    return CallStarted(
        started=(BEGUN + timedelta(days=days)).isoformat(timespec="seconds"),
        rep=rep,
        deal={"account": "Contoso", "value": 12000.0},
        source="call.wav",
        channels=("rep", "buyer"),
        playbook=PlaybookVersion("Northwind", "3", "ab" * 32),
        models=(),
    )


def summary_of(t: float) -> Summary:
    return Summary(t, 2, 0.5, "discovery", ("Zendesk",), 1, 1, {"prompted": 1})


def a_call(
    call: str,
    rep: str = "anna",
    days: float = 0,
    stage: str = "discovery",
    named: str = "Zendesk",
    said: str = "We run Zendesk today",
    outcome: str = "prompted",
    ends: bool = True,
) -> list[AnyEvent]:
    """A short call with one partial reading that fires a card, and one that fires nothing."""
    first = reading("u1", 3.1, partial=True, named=named)
    events: list[Event] = [
        started(rep, days),
        Hypothesis(t=2.5, utterance="u1", channel=1, audio_start=2, audio_end=2.4, stable="We", rest="run"),
        reading("u1", 2.6, partial=True),
        Hypothesis(t=3.0, utterance="u1", channel=1, audio_start=2, audio_end=2.9, stable=said, rest=""),
        first,
        Opportunity(
            t=3.1,
            id="o1",
            cue="zendesk-in-place",
            behaviour="quantify-impact",
            utterance="u1",
            help="full",
            withheld=None,
            chance=1.0,
        ),
        CardShown(
            t=3.1,
            cue="zendesk-in-place",
            card="c1",
            content=CardContent(title="They run Zendesk today", ask="What made you start looking beyond it?"),
            opportunity="o1",
            utterance="u1",
            because=spoken(said, 2),
            audio_end=2.9,
            rank=3.0,
        ),
        utterance("u1", "buyer", said, 4.0),
        reading("u1", 4.1, stage=stage, named=named),
        utterance("u2", "rep", "What does that cost you in a month", 8.0),
        reading("u2", 8.1, stage=stage),
        CardHidden(t=8.1, cue="zendesk-in-place", card="c1", opportunity="o1", reason="done"),
        CardResolved(
            t=8.1,
            cue="zendesk-in-place",
            card="c1",
            opportunity="o1",
            behaviour="quantify-impact",
            outcome=outcome,  # type: ignore[arg-type]
            evidence="u2",
        ),
    ]
    if ends:
        events.append(CallEnded(t=9.5, reason="the recording is over", summary=summary_of(9.5)))
    return numbered(call, events)


def talk(call: str) -> Iterator[AnyEvent]:
    """A call without end: utterances and their readings, one a second."""
    for k in range(1_000_000):
        if k == 0:
            event: Event = started()
        elif k % 2:
            event = utterance(f"u{k // 2}", "buyer", f"word{k} and some others that are said here", float(k))
        else:
            event = reading(f"u{k // 2 - 1}", float(k))
        yield replace(event, call=call, seq=k)  # type: ignore[misc]


def until(condition: Callable[[], object], limit_s: float = 20.0) -> None:
    """Waits for something that another thread or process does."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
