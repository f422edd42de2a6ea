"""Keeps what people correct in a call: every correction, in order; a later one of the same thing counts."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, insert, select

from asr.errors import BadInputError
from cues.corrections import Correction
from cues.journal.database import writing
from cues.journal.reasons import told
from cues.journal.schema import calls, corrections
from cues.journal.store import Journal


def correct(journal: Journal, call: str, made: Sequence[Correction]) -> None:
    """Adds corrections of a call (or of the one whose id begins so).

    Raises BadInputError for an unknown or forgotten call, and where the journal can't be written.
    """
    id = journal.find(call)
    with told(journal.file), writing(journal.engine) as connection:
        if connection.scalar(select(calls.c.erased).where(calls.c.id == id)) is not None:
            raise BadInputError("The words of this call are gone, so nothing in it can be corrected.")
        last = connection.scalar(select(func.max(corrections.c.number)).where(corrections.c.call == id)) or 0
        rows = [{"call": id, "number": number, **asdict(one)} for number, one in enumerate(made, last + 1)]
        if rows:
            connection.execute(insert(corrections), rows)


def history(journal: Journal, call: str) -> list[Correction]:
    """A call's corrections in the order they were made. Raises BadInputError for an unknown call."""
    id = journal.find(call)
    wanted = corrections.c
    query = select(wanted.utterance, wanted.reading, wanted.label, wanted.who, wanted.at)
    with told(journal.file), journal.engine.connect() as connection:
        rows = connection.execute(query.where(wanted.call == id).order_by(wanted.number))
        return [Correction(*row) for row in rows]


def corrected_calls(journal: Journal) -> list[str]:
    """The ids of the calls in which something was ever corrected, oldest first."""
    query = select(calls.c.id).where(calls.c.id.in_(select(corrections.c.call))).order_by(calls.c.started, calls.c.id)
    with told(journal.file), journal.engine.connect() as connection:
        return list(connection.scalars(query))
