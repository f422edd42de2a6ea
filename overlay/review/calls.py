"""What review needs of the journal. The only file here that knows where calls are kept."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from cues.events import AnyEvent


class CallRow(Protocol):
    """One call of the list."""

    @property
    def id(self) -> str: ...
    @property
    def started(self) -> str:
        """UTC, ISO 8601."""
    @property
    def rep(self) -> str: ...
    @property
    def deal(self) -> Mapping[str, str | float] | None: ...
    @property
    def source(self) -> str: ...
    @property
    def playbook(self) -> str: ...
    @property
    def duration_s(self) -> float | None:
        """None while the call goes on, or where its end was lost."""
    @property
    def last_stage(self) -> str | None: ...
    @property
    def competitors(self) -> Sequence[str]: ...
    @property
    def cards(self) -> int: ...
    @property
    def outcomes(self) -> Mapping[str, int]: ...


class Calls(Protocol):
    """Where calls are read from; asked from several threads at once."""

    def calls(
        self,
        *,
        rep: str | None = None,
        stage: str | None = None,
        competitor: str | None = None,
        outcome: str | None = None,
        since: date | None = None,
        until: date | None = None,
        text: str | None = None,
    ) -> Sequence[CallRow]:
        """The calls that meet every filter; `since` and `until` are whole days, both included."""

    def events(self, call_id: str) -> Sequence[AnyEvent]:
        """The stored events of one call in order; none where there is no such call."""
