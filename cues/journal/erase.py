"""Forgets a call: every word of it leaves the journal's files, and what was kept of trying playbooks on it."""

from sqlalchemy import delete, insert, select, update

from asr.errors import BadInputError
from cues.events import Erased, Erasure
from cues.journal.database import plain, writing
from cues.journal.form import to_row
from cues.journal.reasons import told
from cues.journal.schema import call_competitors, call_outcomes, calls, corrections, events
from cues.journal.store import Journal
from cues.journal.tries import forget_tries

_WHOLE_CALL = "call"
_EMPTY = dict.fromkeys(
    ("rep", "deal", "source", "playbook_name", "playbook_version", "playbook_hash", "ended", "last_stage")
)
_ZERO = dict.fromkeys(("utterances", "talk_share_rep", "cards", "opportunities"), 0)


def forget(journal: Journal, call: str, reason: Erasure = "forgotten") -> str:
    """Removes a call (or the one whose id begins so) and leaves an `erased` event. Returns its id.

    What a running call says afterwards is not stored either. To forget a call again is no error: it wipes the files
    once more. Raises BadInputError for an unknown call, and where another program keeps the files from being wiped.
    """
    id = journal.find(call)
    # First: nothing that keeps the journal from being wiped may keep them too.
    forget_tries(journal.file, id)
    with told(journal.file):
        _remove(journal, id, reason)
    wipe(journal)
    return id


def wipe(journal: Journal) -> None:
    """Rewrites the files without what was deleted, the write-ahead log too. Raises BadInputError where that fails."""
    with told(journal.file), plain(journal.engine) as connection:
        connection.execute("VACUUM").close()
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise BadInputError(
            f"It is removed, but another program is reading {journal.file} and traces stay in its write-ahead log; "
            "close that program and forget the call again."
        )


def _remove(journal: Journal, id: str, reason: Erasure) -> None:
    with writing(journal.engine) as connection:
        row = connection.execute(select(calls).where(calls.c.id == id)).one()
        if row.erased is not None:
            return
        newest = select(events.c.seq, events.c.t).where(events.c.call == id).order_by(events.c.seq.desc())
        seq, t = connection.execute(newest).first() or (-1, 0.0)
        left = Erased(call=id, seq=seq + 1, t=t, what=_WHOLE_CALL, reason=reason)
        for table in (events, call_competitors, call_outcomes, corrections):
            connection.execute(delete(table).where(table.c.call == id))
        connection.execute(insert(events), [to_row(left)])
        connection.execute(update(calls).where(calls.c.id == id).values(erased=reason, stored=1, **_EMPTY, **_ZERO))
