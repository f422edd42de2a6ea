"""The call in figures, added up from its events. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from asr.events import Event, Utterance
from cues.events import CardResolved, CardShown, OffBook, Opportunity, RepAction, Summary
from models.events import Reading


@dataclass(frozen=True)
class Tally:
    """What the summary needs, as far as the call has gone; times in seconds."""

    utterances: int = 0
    rep_s: float = 0.0
    buyer_s: float = 0.0
    stage: str | None = None
    competitors: tuple[str, ...] = ()
    cards: int = 0
    opportunities: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)


def add(tally: Tally, event: Event) -> Tally:
    """The tally with one more event."""
    if isinstance(event, Utterance) and event.words:
        spoken = event.audio_end - event.audio_start
        rep = event.speaker == "rep"
        return replace(
            tally,
            utterances=tally.utterances + 1,
            rep_s=tally.rep_s + (spoken if rep else 0.0),
            buyer_s=tally.buyer_s + (0.0 if rep else spoken),
        )
    if isinstance(event, Reading) and not event.partial and event.stage:
        named = [m.name for m in event.competitors if m.name not in tally.competitors]
        stage = max(event.stage, key=lambda label: event.stage[label])
        return replace(tally, stage=stage, competitors=(*tally.competitors, *named))
    if isinstance(event, RepAction) and event.stage is not None:
        return replace(tally, stage=event.stage)
    if isinstance(event, CardShown):
        return replace(tally, cards=tally.cards + 1)
    if isinstance(event, Opportunity):
        return replace(tally, opportunities=tally.opportunities + 1)
    if isinstance(event, CardResolved) and event.outcome is not None:
        return replace(tally, outcomes={**tally.outcomes, event.outcome: tally.outcomes.get(event.outcome, 0) + 1})
    return tally


def summary(tally: Tally, duration_s: float, off_book: OffBook | None = None) -> Summary:
    """The summary of a call that ends `duration_s` seconds in."""
    talk = tally.rep_s + tally.buyer_s
    return Summary(
        duration_s=round(duration_s, 2),
        utterances=tally.utterances,
        talk_share_rep=round(tally.rep_s / talk, 3) if talk else 0.0,
        last_stage=tally.stage,
        competitors=tally.competitors,
        cards=tally.cards,
        opportunities=tally.opportunities,
        outcomes=dict(tally.outcomes),
        off_book=off_book,
    )
