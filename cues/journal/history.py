"""What a rep did in earlier calls, from the journal: for the rank what they missed alone, for fading every moment."""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from sqlalchemy import select

from cues.events import Help, Outcome
from cues.fading import DAY_S, day_of
from cues.journal.reasons import told
from cues.journal.schema import calls, events
from cues.journal.store import Journal
from cues.rank import NEVER, Alone, History
from cues.skill import Moment

DAYS = 90
"""A quarter: what a rep missed longer ago says little of them now."""
_MISSED = "missed"
_ALONE = (_MISSED, "unprompted")
_READ = ("cue", "behaviour", "outcome", "card", "help")
_K = TypeVar("_K", bound=Hashable)


class _Resolved(NamedTuple):
    """An opportunity that ended, `t` seconds into the call that began at `started`."""

    started: datetime
    t: float
    cue: str
    behaviour: str
    outcome: Outcome
    card: str | None
    help: Help | None


def history(journal: Journal, rep: str, before: datetime) -> History:
    """The rep's calls of the 90 days `before` (an aware time); one that began then or later does not count.

    Raises BadInputError where the journal can't be read.
    """
    cue, behaviour, outcome, card, help = (events.c.json[key].as_string() for key in _READ)
    query = (
        select(calls.c.started, events.c.t, cue, behaviour, outcome, card, help)
        .join(calls, calls.c.id == events.c.call)
        .where(calls.c.rep == rep, calls.c.started < before, calls.c.started >= before - timedelta(days=DAYS))
        .where(events.c.type == "card_resolved", outcome.is_not(None))
        .order_by(calls.c.started, events.c.call, events.c.seq)
    )
    with told(journal.file), journal.engine.connect() as connection:
        rows = [_Resolved(*row) for row in connection.execute(query)]
    alone = [row for row in rows if row.outcome in _ALONE]
    return History(
        behaviours=_added((row.behaviour, row.outcome) for row in alone),
        cues=_added(((row.cue, row.behaviour), row.outcome) for row in alone),
        moments=_moments(rows),
    )


def _moments(rows: Iterable[_Resolved]) -> dict[str, tuple[Moment, ...]]:
    found: dict[str, list[Moment]] = {}
    for row in rows:
        # Earlier versions did not write the help; then a card was always a whole one.
        help = row.help or ("full" if row.card else "none")
        day = day_of(row.started) + row.t / DAY_S
        found.setdefault(row.behaviour, []).append(Moment(day, row.outcome, help))
    return {behaviour: tuple(moments) for behaviour, moments in found.items()}


def _added(rows: Iterable[tuple[_K, str]]) -> dict[_K, Alone]:
    found: dict[_K, Alone] = {}
    for key, ended in rows:
        before = found.get(key, NEVER)
        found[key] = Alone(before.missed + (ended == _MISSED), before.moments + 1)
    return found
