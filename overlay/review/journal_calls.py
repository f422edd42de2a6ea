"""Calls out of the journal: the only file of review that knows it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import cast

from asr.events import Event
from cues.corrections import Correction
from cues.events import Outcome
from cues.journal.corrections import correct, history
from cues.journal.store import CallFilter, Journal
from overlay.review.calls import EVERY_CALL, CallRow, Filters


class JournalCalls:
    """The calls of an open journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def calls(self, filters: Filters = EVERY_CALL) -> Sequence[CallRow]:
        """The calls that fit; days are those of this machine's time zone."""
        return self._journal.calls(
            CallFilter(
                rep=filters.rep,
                stage=filters.stage,
                competitor=filters.competitor,
                outcome=cast(Outcome | None, filters.outcome),  # an unknown one finds nothing
                since=_midnight(filters.since),
                until=_midnight(filters.until, days=1),
                text=filters.text,
            )
        )

    def events(self, call_id: str) -> Sequence[Event]:
        """The events of a call."""
        return self._journal.events(call_id)

    def corrections(self, call_id: str) -> Sequence[Correction]:
        """The corrections of a call."""
        return history(self._journal, call_id)

    def correct(self, call_id: str, made: Sequence[Correction]) -> None:
        """Adds corrections of a call."""
        correct(self._journal, call_id, made)


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """The local beginning of a day, or of the one `days` later."""
    if day is None or day >= date.max:
        return None
    return datetime.combine(day + timedelta(days=days), time.min).astimezone()
