"""The journal as the engine's event log: opens it, writes without waiting, reads a call back to go on with it."""

from datetime import datetime

from cues.events import AnyEvent
from cues.journal.form import Unknown
from cues.journal.history import history
from cues.journal.open import open_journal
from cues.journal.writer import Report, Writer
from cues.rank import History

USUAL = ""
"""The address of the journal in its usual place."""


class JournalLog:
    """Raises BadInputError where the journal can't be opened; later trouble goes to `report`."""

    def __init__(self, address: str, report: Report) -> None:
        self._journal = open_journal(address or None)
        self._writer = Writer(self._journal, report)

    def append(self, event: AnyEvent) -> None:
        """Takes one more event, and returns at once."""
        self._writer.write(event)

    def events(self, call: str) -> list[AnyEvent]:
        """The stored events of a call that this version knows, by number."""
        return [event for event in self._journal.events(call) if not isinstance(event, Unknown)]

    def history(self, rep: str, before: datetime) -> History:
        """What the rep did in the calls before; see cues/journal/history.py."""
        return history(self._journal, rep, before)

    def close(self) -> None:
        """Writes what waits."""
        self._writer.close()
        self._journal.close()
