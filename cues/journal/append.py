"""Writes a batch of events into the journal, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from asr.events import Event
from cues.events import AnyEvent
from cues.journal import facts
from cues.journal.facts import Facts
from cues.journal.form import from_row, to_row
from cues.journal.schema import call_competitors, call_outcomes, calls, events


@dataclass(frozen=True)
class Appended:
    """What is known of the calls afterwards, and how many events could not be stored: no JSON form, or a number
    that their call has already given to another event."""

    known: Mapping[str, Facts]
    refused: int


def append(connection: Connection, batch: Sequence[AnyEvent], known: Mapping[str, Facts]) -> Appended:
    """Stores `batch`; events that are there already are passed over, and those of an erased call dropped."""
    refused = 0
    after = dict(known)
    for call, group in groupby(sorted(batch, key=lambda e: e.call), key=lambda e: e.call):
        before = known[call] if call in known else _facts(connection, call)
        mine = sorted(group, key=lambda e: e.seq)
        after[call] = now = _all(before or Facts(), mine)
        there = connection.execute(select(calls.c.erased).where(calls.c.id == call)).first()
        if there is not None and there.erased is not None:
            continue
        _keep_call(connection, call, now, new=there is None)
        refused += _add_events(connection, call, mine)
        _note_found(connection, call, before if there else None, now)
    return Appended(after, refused)


def _facts(connection: Connection, call: str) -> Facts | None:
    """What earlier processes stored of a call that goes on; None for a new one."""
    rows = connection.execute(select(events).where(events.c.call == call).order_by(events.c.seq)).all()
    return _all(Facts(), [from_row(*row) for row in rows]) if rows else None


def _all(known: Facts, batch: Sequence[Event]) -> Facts:
    for event in batch:
        known = facts.add(known, event)
    return known


def _keep_call(connection: Connection, call: str, now: Facts, *, new: bool) -> None:
    values = facts.columns(now, datetime.now(UTC))
    if new:
        connection.execute(insert(calls).values(id=call, stored=0, **values))
        return
    del values["started"]
    connection.execute(update(calls).where(calls.c.id == call).values(values))


def _add_events(connection: Connection, call: str, mine: Sequence[AnyEvent]) -> int:
    """Adds what is not there yet. Returns how many could not be."""
    first = mine[0].seq
    query = select(events.c.seq, events.c.json).where(events.c.call == call, events.c.seq >= first)
    there: dict[int, Any] = dict(iter(connection.execute(query)))
    rows, refused = [], 0
    for event in mine:
        try:
            row = to_row(event)
        except ValueError:
            refused += 1
            continue
        if event.seq not in there:
            there[event.seq] = row["json"]
            rows.append(row)
        elif there[event.seq] != row["json"]:
            refused += 1
    if rows:
        connection.execute(insert(events), rows)
        connection.execute(update(calls).where(calls.c.id == call).values(stored=calls.c.stored + len(rows)))
    return refused


def _note_found(connection: Connection, call: str, before: Facts | None, now: Facts) -> None:
    """Keeps the tables that calls are found by, where something changed."""
    if before is None or before.tally.competitors != now.tally.competitors:
        connection.execute(delete(call_competitors).where(call_competitors.c.call == call))
        named = [{"call": call, "name": n, "position": k} for k, n in enumerate(now.tally.competitors)]
        if named:
            connection.execute(insert(call_competitors), named)
    if before is None or before.tally.outcomes != now.tally.outcomes:
        connection.execute(delete(call_outcomes).where(call_outcomes.c.call == call))
        counted = [{"call": call, "outcome": o, "count": n} for o, n in now.tally.outcomes.items()]
        if counted:
            connection.execute(insert(call_outcomes), counted)
