"""What the page of one call shows, added up from its events. Pure: templates only draw it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import ceil, inf

from asr.events import Event, Speaker, Utterance
from cues.corrections import Correction, Labels, as_read, corrected, in_force
from cues.events import CallEnded, CallStarted, DealChanged, Erased, RepAction
from models.events import Reading
from overlay.playbook_names import call_ran_under
from overlay.review.card_entries import Entry, count_outcomes, entries
from overlay.review.findings import Corrected, Finding, corrections_shown, findings
from overlay.review.gaps import Gap, gaps
from overlay.review.marks import Mark, Piece, pieces, spoken_between
from overlay.review.wording import label, moment

_ERASED = {
    "forgotten": "This call was forgotten: its words are gone.",
    "struck": "Words were struck from this call.",
    "retention": "This call is older than calls are kept: its words are gone.",
}


@dataclass(frozen=True)
class Answer:
    """This line is the evidence of an outcome; `number` is the card's, 0 where there was none."""

    entry: str
    number: int
    outcome: str


@dataclass(frozen=True)
class Line:
    """One utterance with everything that rests on it; times in seconds."""

    id: str
    speaker: Speaker
    start: float
    end: float
    text: str
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]
    labels: Labels
    """Of all that can be corrected: as a person says, else as it was read."""
    corrected: tuple[Corrected, ...]
    stage: str | None
    stage_p: float | None
    """None where a person says so."""
    new_stage: bool
    cards: tuple[Entry, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class CallPage:
    """One call as a manager reads it."""

    id: str
    rep: str
    when: datetime | None
    source: str
    playbook: str
    deal: Mapping[str, str | float]
    duration: float
    rep_share: float
    """Of the time that anyone spoke, 0 to 1."""
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    gaps: tuple[Gap, ...]
    outcomes: Mapping[str, int]
    erased: tuple[str, ...]
    """What was taken out of the log, in sentences."""
    ended: bool

    @property
    def rows(self) -> tuple[Line | Gap, ...]:
        """The transcript with its gaps, in order."""
        return tuple(sorted([*self.lines, *self.gaps], key=lambda row: row.start))

    @property
    def cards(self) -> tuple[Entry, ...]:
        """The cards that were shown."""
        return tuple(entry for entry in self.entries if entry.content is not None)

    @property
    def lag_scale(self) -> int:
        """Whole seconds that hold every card's lag, at least two."""
        return max(2, *(ceil(card.lag) for card in self.cards), 2)


def call_page(events: Sequence[Event], zone: tzinfo | None = None, corrections: Iterable[Correction] = ()) -> CallPage:
    """The page of a call from its stored events, of which there is at least one, and what was corrected, in order."""
    started = next((event for event in events if isinstance(event, CallStarted)), None)
    ended = next((event for event in events if isinstance(event, CallEnded)), None)
    duration = ended.summary.duration_s if ended else _last_moment(events)
    found = entries(events)
    return CallPage(
        id=events[0].call,
        rep=started.rep if started else "unknown",
        when=moment(started.started, zone) if started else None,
        source=started.source if started else "",
        playbook=call_ran_under(events),
        deal=_deal(events),
        duration=duration,
        rep_share=_rep_share(events),
        lines=tuple(_lines(events, found, corrections, zone)),
        entries=found,
        gaps=gaps(events, duration),
        outcomes=count_outcomes(found),
        erased=tuple(_ERASED[event.reason] for event in events if isinstance(event, Erased)),
        ended=ended is not None,
    )


def _lines(
    events: Sequence[Event], found: Sequence[Entry], history: Iterable[Correction], zone: tzinfo | None
) -> Iterator[Line]:
    readings = {e.utterance: e for e in events if isinstance(e, Reading) and not e.partial}
    actions = [e for e in events if isinstance(e, RepAction)]
    spoken = sorted((e for e in events if isinstance(e, Utterance) and e.text), key=lambda e: e.audio_start)
    corrections = in_force(history)
    next_starts = [*(said.audio_start for said in spoken[1:]), inf]
    stage: str | None = None
    for said, until in zip(spoken, next_starts, strict=False):
        reading, by_hand = readings.get(said.id), corrections.get(said.id, {})
        read = as_read(reading, said.speaker)
        labels = corrected(read, by_hand)
        before, stage = stage, labels.get("stage", stage)
        shown = (*findings(reading, said.speaker, labels, by_hand), *_by_rep(said, until, actions))
        cards = tuple(entry for entry in found if entry.utterance == said.id)
        yield Line(
            id=said.id,
            speaker=said.speaker,
            start=said.audio_start,
            end=said.audio_end,
            text=said.text,
            pieces=pieces(said.text, [*_reading_marks(reading, shown), *_card_marks(said, cards)]),
            findings=shown,
            labels=labels,
            corrected=tuple(corrections_shown(read, by_hand, zone)),
            stage=stage,
            stage_p=None if "stage" in by_hand else _probability(reading, stage),
            new_stage=stage != before,
            cards=cards,
            answers=tuple(_answers(said.id, found)),
        )


def _by_rep(said: Utterance, until: float, actions: Sequence[RepAction]) -> Iterator[Finding]:
    """What the rep did about a line: marked it, or corrected the stage before the next one began (`until`, s)."""
    if any(action.action == "mark" and action.target == said.id for action in actions):
        yield Finding("rep", "marked by the rep")
    for action in actions:
        if action.stage is not None and said.audio_start <= action.t < until:
            yield Finding("rep", f"stage corrected to {label(action.stage)}")


def _probability(reading: Reading | None, stage: str | None) -> float:
    return reading.stage.get(stage, 0.0) if reading and stage else 0.0


def _reading_marks(reading: Reading | None, findings: Sequence[Finding]) -> Iterator[Mark]:
    for finding in findings:
        place = reading.spans.get(finding.key) if reading else None
        if place is not None:
            yield Mark(*place, finding.kind, finding.name)


def _card_marks(said: Utterance, cards: Sequence[Entry]) -> Iterator[Mark]:
    for entry in cards:
        place = spoken_between(said.text, said.words, entry.because)
        if place is not None:
            yield Mark(*place, "card", f"brought card {entry.number}")


def _answers(utterance: str, found: Sequence[Entry]) -> Iterator[Answer]:
    for entry in found:
        for ending in entry.endings:
            if ending.evidence == utterance:
                yield Answer(entry.name, entry.number, ending.outcome)


def _rep_share(events: Sequence[Event]) -> float:
    spoken = [(e.speaker, e.audio_end - e.audio_start) for e in events if isinstance(e, Utterance) and e.text]
    total = sum(length for _, length in spoken)
    return sum(length for speaker, length in spoken if speaker == "rep") / total if total else 0.0


def _last_moment(events: Sequence[Event]) -> float:
    return max(max(event.t, event.audio_end if isinstance(event, Utterance) else 0.0) for event in events)


def _deal(events: Sequence[Event]) -> Mapping[str, str | float]:
    """What was last known of the deal."""
    known = [event.deal for event in events if isinstance(event, CallStarted | DealChanged)]
    return (known[-1] if known else None) or {}
