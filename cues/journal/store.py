"""Reads the journal: calls by filter, one call's events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, Row, Select, exists, func, select

from asr.errors import BadInputError
from cues.events import Erasure, Outcome, PlaybookVersion
from cues.journal.form import Stored, from_row
from cues.journal.reasons import told
from cues.journal.schema import call_competitors, call_outcomes, calls, events


@dataclass(frozen=True)
class CallRow:
    """One call in the list. `ended` is the reason, None while it runs or where its engine died; `duration_s` is in
    seconds; `erased` is why its words are gone, None while they are there."""

    id: str
    started: datetime
    rep: str | None
    deal: Mapping[str, str | float] | None
    source: str | None
    playbook: PlaybookVersion | None
    ended: str | None
    duration_s: float
    last_stage: str | None
    utterances: int
    talk_share_rep: float
    cards: int
    opportunities: int
    competitors: tuple[str, ...] = ()
    outcomes: Mapping[str, int] = field(default_factory=dict)
    erased: Erasure | None = None


@dataclass(frozen=True)
class CallFilter:
    """Which calls; every field that is set must hold. Calls begin at `since` or later, and before `until` (aware
    times). Names and `text`, a part of what was said, match in any letter case. Erased calls come with `erased`."""

    rep: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    stage: str | None = None
    competitor: str | None = None
    outcome: Outcome | None = None
    text: str | None = None
    erased: bool = False


EVERY_CALL = CallFilter()
_SHOWN_IDS = 4


class Journal:
    """An open journal. Any thread may read; close it when done."""

    def __init__(self, file: Path, engine: Engine) -> None:
        self.file = file
        self.engine = engine
        self._identity = _identity(file)

    def close(self) -> None:
        """Closes the connections."""
        self.engine.dispose()

    def in_place(self) -> bool:
        """Whether the file that was opened still lies where it lay."""
        return self._identity is not None and _identity(self.file) == self._identity

    def calls(self, filter: CallFilter = EVERY_CALL) -> list[CallRow]:
        """The calls that fit, newest first. Raises BadInputError where the journal can't be read."""
        wanted = _where(select(calls), filter)
        ids = wanted.with_only_columns(calls.c.id)
        with told(self.file), self.engine.connect() as connection:
            rows = connection.execute(wanted.order_by(calls.c.started.desc(), calls.c.id)).all()
            named = connection.execute(
                select(call_competitors).where(call_competitors.c.call.in_(ids)).order_by(call_competitors.c.position)
            ).all()
            counted = connection.execute(select(call_outcomes).where(call_outcomes.c.call.in_(ids))).all()
        competitors: dict[str, list[str]] = {}
        for call, name, _ in named:
            competitors.setdefault(call, []).append(name)
        outcomes: dict[str, dict[str, int]] = {}
        for call, outcome, count in counted:
            outcomes.setdefault(call, {})[outcome] = count
        return [_call(row, competitors.get(row.id, []), outcomes.get(row.id, {})) for row in rows]

    def find(self, call: str) -> str:
        """The id that `call` is, or begins. Raises BadInputError where no call or several do."""
        with told(self.file), self.engine.connect() as connection:
            query = select(calls.c.id).where(calls.c.id.startswith(call, autoescape=True)).order_by(calls.c.id)
            found: list[str] = list(connection.scalars(query.limit(_SHOWN_IDS)))
        if call in found:
            return call
        if not call or not found:
            raise BadInputError(f"There is no call {call!r} in {self.file}; `offbook calls` lists them.")
        if len(found) > 1:
            raise BadInputError(f"Several calls begin with {call} ({', '.join(found)}); give more of the id.")
        return found[0]

    def events(self, call: str) -> list[Stored]:
        """A call's events in order; `call` may be the beginning of its id. Types that this version doesn't know come
        as Unknown. Raises BadInputError for an unknown call."""
        id = self.find(call)
        query = select(events).where(events.c.call == id).order_by(events.c.seq)
        with told(self.file), self.engine.connect() as connection:
            return [from_row(*row) for row in connection.execute(query)]

    def last_seq(self, call: str) -> int:
        """The highest number that an event of this call carries, -1 where there is none: the next one goes on there."""
        with told(self.file), self.engine.connect() as connection:
            last = connection.scalar(select(func.max(events.c.seq)).where(events.c.call == call))
        return -1 if last is None else last


def _where(query: Select[tuple[object, ...]], filter: CallFilter) -> Select[tuple[object, ...]]:
    if not filter.erased:
        query = query.where(calls.c.erased.is_(None))
    if filter.rep:
        query = query.where(func.lower(calls.c.rep) == filter.rep.lower())
    if filter.since:
        query = query.where(calls.c.started >= filter.since)
    if filter.until:
        query = query.where(calls.c.started < filter.until)
    if filter.stage:
        query = query.where(calls.c.last_stage == filter.stage)
    if filter.competitor:
        named = func.lower(call_competitors.c.name) == filter.competitor.lower()
        query = query.where(exists().where(call_competitors.c.call == calls.c.id, named))
    if filter.outcome:
        ended_so = call_outcomes.c.outcome == filter.outcome
        query = query.where(exists().where(call_outcomes.c.call == calls.c.id, ended_so))
    if filter.text:
        said = events.c.json["text"].as_string().icontains(filter.text, autoescape=True)
        query = query.where(exists().where(events.c.call == calls.c.id, events.c.type == "utterance", said))
    return query


def _call(row: Row[tuple[object, ...]], competitors: list[str], outcomes: dict[str, int]) -> CallRow:
    values = row._asdict()
    name, version, hash = (values.pop(f"playbook_{key}") for key in ("name", "version", "hash"))
    del values["stored"]
    playbook = PlaybookVersion(name, version, hash) if name is not None else None
    return CallRow(**values, playbook=playbook, competitors=tuple(competitors), outcomes=outcomes)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
