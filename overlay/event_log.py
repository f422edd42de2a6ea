"""Where a call's events are stored, as the engine's process sees it, and what it takes from there before the call."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Protocol

from asr.errors import BadInputError
from asr.events import Fault, Recovered
from cues.events import AnyEvent, CallStarted
from cues.rank import NO_HISTORY, History
from overlay.engine_messages import Resume, Start
from overlay.resume import merge
from overlay.system_user import system_user


class EventLog(Protocol):
    """Where events are stored: the journal. `append` must not wait for the disk."""

    def append(self, event: AnyEvent) -> None:
        """Takes one more event."""

    def events(self, call: str) -> Iterable[AnyEvent]:
        """The events of a call that were stored, by number."""

    def history(self, rep: str, before: datetime) -> History:
        """What the rep did in calls that began before that time."""

    def close(self) -> None:
        """Writes what waits; the call is over."""


Report = Callable[[Fault | Recovered], None]
OpenLog = Callable[[str, Report], EventLog]
"""Opens the journal at an address. What breaks and mends there is reported, from any thread, and becomes an event."""


def open_for(start: Start, open_log: OpenLog | None, report: Report) -> EventLog | None:
    """The log of a call; None where it keeps none. A call does not begin without (BadInputError), but it goes on so."""
    if start.journal is None or open_log is None:
        return None
    try:
        return open_log(start.journal, report)
    except BadInputError as error:
        if start.resume is None:
            raise
        report(Fault(part="journal", message=f"{error} The call goes on; from here it is not recorded."))
        return None


def past_of(resume: Resume | None, handed: list[AnyEvent], log: EventLog | None) -> list[AnyEvent]:
    """The call so far. What the parent knew and the log did not get is stored now."""
    if resume is None or log is None:
        return handed
    try:
        stored = list(log.events(resume.call))
    except BadInputError:
        # Nothing of the call got there yet, or it can't be read now: the parent's memory must do.
        stored = []
    numbers = {event.seq for event in stored}
    for event in handed:
        if event.seq not in numbers:
            log.append(event)
    return merge(stored, handed)


def history_of(start: Start, past: list[AnyEvent], log: EventLog | None, report: Report) -> History:
    """What the rep of a live call did before it began; a recording is played without, unless its cards are to fade."""
    if (start.live is None and not start.fading) or log is None:
        return NO_HISTORY
    begun = next((event for event in past if isinstance(event, CallStarted)), None)
    rep = begun.rep if begun else (start.live and start.live.rep) or system_user()
    try:
        return log.history(rep, datetime.fromisoformat(begun.started) if begun else datetime.now(UTC))
    except BadInputError as error:
        report(
            Fault(
                part="journal",
                message=f"{error} Cards are ranked without what you did in earlier calls, and shown in full.",
            )
        )
        return NO_HISTORY
