"""Says whether the journal is whole."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from asr.events import SCHEMA_VERSION
from cues.events import EVENT_TYPES
from cues.journal.form import Unknown, from_row
from cues.journal.reasons import told
from cues.journal.schema import calls, events
from cues.journal.store import Journal


def check(journal: Journal) -> list[str]:
    """A sentence for each thing that is wrong, none for a sound journal. Raises BadInputError if it can't be read."""
    with told(journal.file), journal.engine.connect() as connection:
        damage = list(_damage(connection))
        try:
            return [*damage, *_miscounted(connection), *_misread(connection)]
        except DatabaseError:
            if damage:  # what the damage hides can't be counted
                return damage
            raise


def is_damaged(journal: Journal) -> bool:
    """Whether the file itself is broken."""
    try:
        with journal.engine.connect() as connection:
            return any(_damage(connection))
    except DatabaseError:
        return True


def _damage(connection: Connection) -> Iterator[str]:
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)").all():
        if line != "ok":
            yield f"The file is damaged: {' '.join(str(line).split())}."
    for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        yield f"A row of {table} belongs to none of {parent}."


def _miscounted(connection: Connection) -> Iterator[str]:
    """Calls that hold fewer events, or more, than were stored."""
    held = select(events.c.call, func.count().label("n")).group_by(events.c.call).subquery()
    count = func.coalesce(held.c.n, 0)
    query = select(calls.c.id, calls.c.stored, count).outerjoin(held, held.c.call == calls.c.id)
    for id, stored, n in connection.execute(query.where(calls.c.stored != count)):
        yield f"Call {id[:8]}: it holds {n} events where {stored} were stored."


def _misread(connection: Connection) -> Iterator[str]:
    """Events that can't be what was stored. Types that this version doesn't know are none of its business."""
    query = select(events).execution_options(yield_per=500)
    for row in connection.execute(query):
        event = from_row(*row)
        where = f"Call {row.call[:8]}: event {row.seq} ({row.type})"
        if not isinstance(event, Unknown):
            if (event.call, event.seq, event.type) != (row.call, row.seq, row.type):
                yield f"{where} says that it is event {event.seq} ({event.type}) of call {event.call[:8]}."
        elif row.type in EVENT_TYPES and event.content.get("v") == SCHEMA_VERSION:
            yield f"{where} can't be read."
