"""A call's row in the list of calls, added up from its events. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from asr.events import Event
from cues import summary
from cues.events import CallEnded, CallStarted, DealChanged, PlaybookChanged, PlaybookVersion


@dataclass(frozen=True)
class Facts:
    """What is known of a call so far; `ended` is the reason, None while it runs."""

    started: CallStarted | None = None
    deal: Mapping[str, str | float] | None = None
    playbook: PlaybookVersion | None = None
    duration_s: float = 0.0
    ended: str | None = None
    tally: summary.Tally = field(default_factory=summary.Tally)


def add(facts: Facts, event: Event) -> Facts:
    """The facts after one more event."""
    tally = summary.add(facts.tally, event)
    facts = replace(facts, tally=tally, duration_s=max(facts.duration_s, event.t))
    if isinstance(event, CallStarted) and facts.started is None:
        return replace(facts, started=event, deal=event.deal, playbook=event.playbook)
    if isinstance(event, DealChanged):
        return replace(facts, deal=event.deal)
    if isinstance(event, PlaybookChanged):
        return replace(facts, playbook=event.playbook)
    if isinstance(event, CallEnded):
        return replace(facts, ended=event.reason)
    return facts


def columns(facts: Facts, now: datetime) -> dict[str, Any]:
    """The row's values, but for its id and counters; `now` stands in where the start was never seen."""
    started = datetime.fromisoformat(facts.started.started) if facts.started else now
    figures = summary.summary(facts.tally, facts.duration_s)
    return {
        "started": started if started.tzinfo else started.replace(tzinfo=UTC),
        "rep": facts.started.rep if facts.started else None,
        "deal": dict(facts.deal) if facts.deal is not None else None,
        "source": facts.started.source if facts.started else None,
        "playbook_name": facts.playbook.name if facts.playbook else None,
        "playbook_version": facts.playbook.version if facts.playbook else None,
        "playbook_hash": facts.playbook.hash if facts.playbook else None,
        "ended": facts.ended,
        "duration_s": figures.duration_s,
        "last_stage": figures.last_stage,
        "utterances": figures.utterances,
        "talk_share_rep": figures.talk_share_rep,
        "cards": figures.cards,
        "opportunities": figures.opportunities,
    }
