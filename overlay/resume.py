"""How a call goes on after its engine died: its events are stepped again, and the state comes of them. Pure.

Where events are missing (hypotheses are not stored) the rebuilt state may differ from what was emitted; then what was
emitted wins.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from asr.events import Hypothesis, Utterance
from cues import engine as cue_engine
from cues import summary
from cues.events import (
    AnyEvent,
    CallStarted,
    CardHidden,
    CardResolved,
    CardShown,
    Opportunity,
    PlaybookChanged,
    RepAction,
)
from cues.playbook import Playbook
from cues.quiet import remember
from cues.rank import NO_HISTORY, History
from cues.state import State
from models.events import Reading
from models.people import People, hear
from overlay.feed_state import FeedState, add

MADE_BY_CUES = (Opportunity, CardShown, CardHidden, CardResolved)
_NUMBER = re.compile(r"\d+")


def merge(stored: Iterable[AnyEvent], handed: Iterable[AnyEvent]) -> list[AnyEvent]:
    """Both by number, each event once."""
    by_seq = {event.seq: event for event in (*stored, *handed)}
    return [by_seq[seq] for seq in sorted(by_seq)]


@dataclass(frozen=True)
class Past:
    """A call so far, as the next engine needs it."""

    call: str
    seq: int
    """Number of its next event."""
    utterance: int
    """Number of its next utterance."""
    cues: State
    tally: summary.Tally
    read: tuple[Utterance | RepAction, ...]
    """What the reader knows, oldest first: what was said, with words, and how the rep corrected it."""
    people: People
    """Who is who."""
    persons: Mapping[str, str]
    """Who said what was said, by utterance, where it is known."""
    unfinished: tuple[Hypothesis, ...]
    """What was being said, as far as it was heard."""
    lost_cards: tuple[CardShown, ...]
    """On the screens, but unknown to the rebuilt state."""
    playbook: str | None
    """Hash of the one it ran under."""


def rebuild(playbook: Playbook, call: str, seq: int, events: Sequence[AnyEvent], history: History = NO_HISTORY) -> Past:
    """The state after `events`, in order; no number below `seq` is given again."""
    told = _Told(seq)
    for event in events:
        told.add(event)
    cues = _adopt(_step_again(playbook, history, events), told.shown.cards, told.opened)
    known = {card.id for card in cues.cards}
    return Past(
        call=call,
        seq=told.seq,
        utterance=told.utterances + 1,
        cues=replace(
            cues,
            cards_made=max(cues.cards_made, told.cards),
            opportunities_made=max(cues.opportunities_made, told.opportunities),
            shown_at=told.shown_at,
        ),
        tally=told.tally,
        read=tuple(told.read),
        people=told.people,
        persons=told.persons,
        unfinished=tuple(told.shown.running.values()),
        lost_cards=tuple(card for card in told.shown.cards.values() if card.card not in known),
        playbook=playbook_hash(events),
    )


def playbook_hash(events: Iterable[AnyEvent]) -> str | None:
    """Of the playbook that the call ran under at last."""
    versions = [event.playbook.hash for event in events if isinstance(event, CallStarted | PlaybookChanged)]
    return versions[-1] if versions else None


def cut_off(heard: Hypothesis, now: float) -> Utterance:
    """The final text of an utterance that was being said when the engine died: the words that were stable."""
    return Utterance(
        t=now,
        id=heard.utterance,
        channel=heard.channel,
        speaker="rep" if heard.channel == 0 else "buyer",
        audio_start=heard.audio_start,
        audio_end=heard.words[-1].end if heard.words else heard.audio_end,
        text=heard.stable,
        words=heard.words,
    )


def _step_again(playbook: Playbook, history: History, events: Iterable[AnyEvent]) -> State:
    """Under the playbook that the call ran under last. When the cues of the one before fired is told by what they made:
    this one's, had they been there, would have fired at other times."""
    state, fired = cue_engine.start(playbook, date.today(), history), dict[str, float]()
    for event in events:
        if isinstance(event, Opportunity | CardShown):
            fired[event.cue] = event.t
        elif not isinstance(event, MADE_BY_CUES):
            state, _ = cue_engine.advance(state, event)
        if isinstance(event, PlaybookChanged):
            state = replace(state, fired=MappingProxyType(dict(fired)), waiting=())
    return state


@dataclass
class _Told:
    """What the call's events said, and the highest number of each kind that they gave."""

    seq: int
    utterances: int = 0
    cards: int = 0
    opportunities: int = 0
    shown_at: tuple[float, ...] = ()
    tally: summary.Tally = field(default_factory=summary.Tally)
    shown: FeedState = field(default_factory=FeedState)
    opened: dict[str, Opportunity] = field(default_factory=dict)
    read: list[Utterance | RepAction] = field(default_factory=list)
    people: People = field(default_factory=People)
    persons: dict[str, str] = field(default_factory=dict)

    def add(self, event: AnyEvent) -> None:
        self.seq = max(self.seq, event.seq + 1)
        self.tally, self.shown = summary.add(self.tally, event), add(self.shown, event)
        if isinstance(event, Hypothesis | Reading):
            self.utterances = max(self.utterances, _number(event.utterance))
        elif isinstance(event, Utterance):
            self.utterances = max(self.utterances, _number(event.id))
            self._add_said(event)
        elif isinstance(event, RepAction):
            self.read += [event] if event.stage is not None else []
        else:
            self._add_made(event)

    def _add_said(self, event: Utterance) -> None:
        if event.words:
            self.read.append(event)
            self.people = hear(self.people, event.speaker, event.text)
            if self.people.person is not None:
                self.persons[event.id] = self.people.person

    def _add_made(self, event: AnyEvent) -> None:
        if isinstance(event, CardShown):
            self.cards = max(self.cards, _number(event.card))
            self.shown_at = remember(self.shown_at, event.t)
        elif isinstance(event, Opportunity):
            self.opportunities = max(self.opportunities, _number(event.id))
            self.opened[event.id] = event
        elif isinstance(event, CardResolved) and event.opportunity:
            self.opened.pop(event.opportunity, None)


def _number(name: str) -> int:
    found = _NUMBER.search(name)
    return int(found.group()) if found else 0


def _adopt(state: State, cards: Mapping[str, CardShown], opened: Mapping[str, Opportunity]) -> State:
    """Cards and opportunities that were emitted keep their ids; those that never were are dropped.

    A cue has at most one card up, and opens at most one opportunity in an utterance: so those are told apart.
    """
    card_ids = {card.cue: card.card for card in cards.values()}
    opened_ids = {(event.cue, event.utterance): event.id for event in opened.values()}
    renamed = {card.id: card_ids[card.trigger.cue.id] for card in state.cards if card.trigger.cue.id in card_ids}
    old = {o.id: opened_ids.get((o.trigger.cue.id, o.trigger.utterance)) for o in state.open}
    return replace(
        state,
        cards=tuple(
            replace(card, id=renamed[card.id], opportunity=old.get(card.opportunity or "", card.opportunity))
            for card in state.cards
            if card.id in renamed
        ),
        open=tuple(
            replace(o, id=new, card=renamed.get(o.card or "", o.card))
            for o in state.open
            if (new := old[o.id]) is not None
        ),
    )
