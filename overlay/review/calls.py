"""What review needs of the journal: a list of calls, the events of one, and what was corrected in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from asr.events import Event
from cues.corrections import Correction
from cues.events import PlaybookVersion


@dataclass(frozen=True)
class Filters:
    """Which calls; every one that is set must hold. `since` and `until` are whole days, both included."""

    rep: str | None = None
    stage: str | None = None
    competitor: str | None = None
    outcome: str | None = None
    since: date | None = None
    until: date | None = None
    text: str | None = None
    """A part of what was said."""


EVERY_CALL = Filters()


class CallRow(Protocol):
    """One call of the list."""

    @property
    def id(self) -> str: ...
    @property
    def started(self) -> datetime: ...
    @property
    def rep(self) -> str | None: ...
    @property
    def deal(self) -> Mapping[str, str | float] | None: ...
    @property
    def playbook(self) -> PlaybookVersion | None: ...
    @property
    def ended(self) -> str | None:
        """Why it ended; None while it goes on, or where its end was lost."""

    @property
    def duration_s(self) -> float: ...
    @property
    def last_stage(self) -> str | None: ...
    @property
    def competitors(self) -> Sequence[str]: ...
    @property
    def cards(self) -> int: ...
    @property
    def outcomes(self) -> Mapping[str, int]: ...


class Calls(Protocol):
    """Where calls are read from and corrected; asked from several threads at once."""

    def calls(self, filters: Filters = EVERY_CALL) -> Sequence[CallRow]:
        """The calls that fit."""

    def events(self, call_id: str) -> Sequence[Event]:
        """The stored events of one call in order. Raises BadInputError for an unknown call."""

    def corrections(self, call_id: str) -> Sequence[Correction]:
        """Every correction in the order they were made. Raises BadInputError for an unknown call."""

    def correct(self, call_id: str, made: Sequence[Correction]) -> None:
        """Adds corrections. Raises BadInputError for a call without words, and where they can't be written."""
