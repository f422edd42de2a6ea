"""What a rep missed and did alone in earlier calls, from the journal: what the rank expects a card to help with."""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select

from cues.journal.reasons import told
from cues.journal.schema import calls, events
from cues.journal.store import Journal
from cues.rank import NEVER, Alone, History

DAYS = 90
"""A quarter: what a rep missed longer ago says little of them now."""
_MISSED = "missed"
_ALONE = (_MISSED, "unprompted")
_K = TypeVar("_K", bound=Hashable)


def history(journal: Journal, rep: str, before: datetime) -> History:
    """The rep's calls of the 90 days `before` (an aware time); one that began then or later does not count.

    Raises BadInputError where the journal can't be read.
    """
    cue, behaviour, outcome = (events.c.json[key].as_string() for key in ("cue", "behaviour", "outcome"))
    query = (
        select(cue, behaviour, outcome, func.count())
        .join(calls, calls.c.id == events.c.call)
        .where(calls.c.rep == rep, calls.c.started < before, calls.c.started >= before - timedelta(days=DAYS))
        .where(events.c.type == "card_resolved", outcome.in_(_ALONE))
        .group_by(cue, behaviour, outcome)
    )
    with told(journal.file), journal.engine.connect() as connection:
        rows = [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]
    return History(
        behaviours=_added((behaviour, ended, count) for _, behaviour, ended, count in rows),
        cues=_added(((cue, behaviour), ended, count) for cue, behaviour, ended, count in rows),
    )


def _added(rows: Iterable[tuple[_K, str, int]]) -> dict[_K, Alone]:
    found: dict[_K, Alone] = {}
    for key, ended, count in rows:
        before = found.get(key, NEVER)
        found[key] = Alone(before.missed + (count if ended == _MISSED else 0), before.moments + count)
    return found
