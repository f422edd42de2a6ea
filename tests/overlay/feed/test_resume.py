"""The state of a call that goes on, rebuilt from its events: random talks, cut off after every step."""

import random
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from talk import PLAYBOOK, Talk, read_playbook

from asr.events import Event, Hypothesis, Utterance
from cues import engine as cue_engine
from cues.events import (
    EVENT,
    AnyEvent,
    CallStarted,
    CardHidden,
    CardShown,
    Opportunity,
    PlaybookChanged,
    PlaybookVersion,
    RepAction,
)
from cues.other_playbook import change
from cues.places import MOST_CARDS
from cues.playbook import Playbook
from cues.state import State
from models.events import Reading
from overlay.feed_state import FeedState, add
from overlay.memory import Memory
from overlay.resume import Past, merge, rebuild

MOMENTS = ["pain", "objection_price", "budget", "timeline", "authority"]
BEHAVIOURS = ["quantify", "ask_why"]


@dataclass(frozen=True)
class Cut:
    """A call up to some moment: all its events, and the state of the engine that made them."""

    events: list[AnyEvent]
    state: State


class Told(Talk):
    """A talk that keeps every event, stamped, and every moment at which its engine could die."""

    def __init__(self, playbook: Playbook) -> None:
        super().__init__(playbook, date(2026, 11, 24))
        self.all: list[AnyEvent] = []
        self.cuts: list[Cut] = []
        version = PlaybookVersion(playbook.playbook, playbook.version, playbook.hash)
        self.take(
            CallStarted(
                started="2026-11-24T10:00:00+00:00", rep="sam", deal=None, source="", channels=("rep", "buyer"),
                playbook=version, models=(),
            )
        )  # fmt: skip

    def take(self, event: Event) -> list[Event]:
        made = self.until(event.t)
        self.state, more = cue_engine.step(self.state, self._stamp(event))
        for out in more:
            self._stamp(out)
        self.events += more
        self.cuts.append(Cut(list(self.all), self.state))
        return made + more

    def until(self, t: float) -> list[Event]:
        made = super().until(t)
        for event in made:
            self._stamp(event)
        return made

    def _stamp(self, event: Event) -> AnyEvent:
        self.all.append(replace(event, call="call", seq=len(self.all)))  # type: ignore[arg-type]
        return self.all[-1]


def random_talk(playbook: Playbook, seed: int) -> Told:
    """Both sides in turn, with partials of which some are lost, empty finals, and a rep who acts."""
    chance = random.Random(seed)
    talk, t = Told(playbook), 0.0
    for turn in range(25):
        who = "buyer" if turn % 2 else "rep"
        labels = MOMENTS if who == "buyer" else BEHAVIOURS
        reads = {label: chance.random() for label in chance.sample(labels, 2)}
        begin, end = t + chance.uniform(0.2, 4), t + chance.uniform(5, 12)
        text = "it costs us too much and we need it by spring"
        name = f"u{turn + 1}"
        for part in range(chance.randrange(3)):
            talk.partial(who, text, begin, begin + part + 1, name, **{**reads, **{labels[0]: 0.95}})
        fate = chance.choice(["said", "said", "said", "nothing", "lost"])
        if fate != "lost":
            talk.final(who, text if fate == "said" else "", begin, end, name, **reads)
        t = end + 0.6
        if chance.random() < 0.3:
            talk.act(chance.choice(["dismiss", "pin", "pause", "resume"]), t)
    return talk


def stored(events: list[AnyEvent]) -> list[AnyEvent]:
    """The least that a journal keeps: no hypotheses, no partial readings at all."""
    return [
        event
        for event in events
        if not isinstance(event, Hypothesis) and not (isinstance(event, Reading) and event.partial)
    ]


def remembered(events: list[AnyEvent]) -> list[AnyEvent]:
    """What the parent keeps."""
    memory = Memory(10_000)
    for event in events:
        memory.add(event, EVENT.dump_json(event))
    return [EVENT.validate_json(line) for line in memory.lines()]


def goes_on(playbook: Playbook, events: list[AnyEvent], seq: int) -> Past:
    return rebuild(playbook, "call", seq, events)


@pytest.fixture(scope="module")
def playbook(tmp_path_factory: pytest.TempPathFactory) -> Playbook:
    text = PLAYBOOK.replace("prompts: quantify", "prompts: quantify\n    cooldown: 8s\n    window: 20s")
    return read_playbook(tmp_path_factory.mktemp("playbook") / "p", text)


SEEDS = range(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_events_give_the_very_state_of_the_engine_that_died(playbook: Playbook, seed: int) -> None:
    talk = random_talk(playbook, seed)
    assert any(isinstance(event, CardShown) for event in talk.all)
    for cut in talk.cuts:
        past = goes_on(playbook, cut.events, 0)
        assert past.cues == cut.state
        assert (past.seq, past.lost_cards) == (len(cut.events), ())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kept", [stored, remembered])
def test_whatever_was_kept_no_id_comes_again_and_no_card_is_forgotten(
    playbook: Playbook, seed: int, kept: "type[stored]"
) -> None:
    for cut in random_talk(playbook, seed).cuts:
        past = goes_on(playbook, kept(cut.events), len(cut.events))
        shown = FeedState()
        for event in cut.events:
            shown = add(shown, event)
        known = {card.id for card in past.cues.cards}
        assert known | {card.card for card in past.lost_cards} == set(shown.cards)
        assert past.cues.cards_made >= sum(isinstance(event, CardShown) for event in cut.events)
        assert past.cues.opportunities_made >= sum(isinstance(event, Opportunity) for event in cut.events)
        opened = {event.id for event in cut.events if isinstance(event, Opportunity)}
        assert {o.id for o in past.cues.open} <= opened
        assert len(past.cues.cards) <= MOST_CARDS
        assert past.seq == len(cut.events)
        assert past.cues.paused == cut.state.paused


@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_utterance_has_a_number_of_its_own(playbook: Playbook, seed: int) -> None:
    for cut in random_talk(playbook, seed).cuts:
        names = {event.id for event in cut.events if isinstance(event, Utterance)}
        names |= {event.utterance for event in cut.events if isinstance(event, Hypothesis)}
        assert f"u{goes_on(playbook, remembered(cut.events), 0).utterance}" not in names


def test_what_was_being_said_is_remembered(playbook: Playbook) -> None:
    talk = Told(playbook)
    talk.final("rep", "how are you", 0, 2)
    talk.partial("buyer", "we are", 3, 4, "u2")
    talk.partial("buyer", "we are fine", 3, 5, "u2")
    past = goes_on(playbook, remembered(talk.all), len(talk.all))
    assert [heard.stable for heard in past.unfinished] == ["we are fine"]
    assert [said.text for said in past.read if isinstance(said, Utterance)] == ["how are you"]
    assert past.utterance == 3


def test_a_partial_reading_that_fired_is_remembered_with_its_words(playbook: Playbook) -> None:
    talk = Told(playbook)
    talk.partial("buyer", "it hurts", 10, 12, "u1", budget=0.1)
    talk.partial("buyer", "it hurts us", 10, 13, "u1", pain=0.95)
    talk.partial("buyer", "it hurts us a lot", 10, 14, "u1", pain=0.95)
    kept = remembered(talk.all)
    kinds = [event.type for event in kept]
    assert kinds == ["call_started", "hypothesis", "reading", "opportunity", "card_shown", "hypothesis"]
    assert goes_on(playbook, kept, 0).cues.cards == talk.state.cards


def test_the_oldest_lines_go_when_there_are_too_many(playbook: Playbook) -> None:
    memory = Memory(3)
    events = [event for cut in random_talk(playbook, 1).cuts[-1:] for event in stored(cut.events)]
    for event in events:
        memory.add(event, EVENT.dump_json(event))
    assert memory.lines() == [EVENT.dump_json(event) for event in events[-3:]]


def test_the_journal_and_the_parent_together_have_each_event_once(playbook: Playbook) -> None:
    events = stored(random_talk(playbook, 2).all)
    assert merge(events[:30], events[20:]) == events


def test_a_card_that_only_the_screens_know_is_named(playbook: Playbook) -> None:
    talk = Told(playbook)
    talk.partial("buyer", "it hurts", 10, 12, "u1", pain=0.95)
    past = goes_on(playbook, stored(talk.all), len(talk.all))
    assert [card.card for card in past.lost_cards] == ["c1"]
    assert not any(isinstance(event, CardHidden) for event in talk.all)
    assert (past.cues.cards, past.cues.open) == ((), ())
    assert (past.cues.cards_made, past.cues.opportunities_made) == (1, 1)


def test_a_pause_outlives_the_engine(playbook: Playbook) -> None:
    talk = Told(playbook)
    talk.take(RepAction(t=1.0, action="pause"))
    assert goes_on(playbook, stored(talk.all), 0).cues.paused


OTHER = PLAYBOOK.replace("moment: pain", "moment: next_step")
"""The cue `pain` waits for something else."""


def under(talk: Told, playbook: Playbook, t: float) -> None:
    """The talk goes on under another playbook."""
    version = PlaybookVersion(playbook.playbook, playbook.version, playbook.hash)
    talk.take(PlaybookChanged(t=t, playbook=version))
    talk.state, made = change(talk.state, playbook, t)
    assert made == []


def test_a_call_whose_playbook_changed_keeps_its_cards_and_what_cools_down(playbook: Playbook, tmp_path: Path) -> None:
    talk, other = Told(playbook), read_playbook(tmp_path / "other", OTHER)
    talk.final("buyer", "see you on friday and it hurts", 10, 12, pain=0.95, next_step=0.95)
    talk.final("buyer", "it is too dear", 13, 14, objection_price=0.95)
    under(talk, other, 20)
    talk.final("buyer", "there is money", 21, 22, budget=0.9)
    past = goes_on(other, talk.all, len(talk.all))
    assert past.playbook == other.hash
    assert (past.cues.playbook, past.cues.fired) == (other, talk.state.fired)
    assert [card.id for card in past.cues.cards] == [card.id for card in talk.state.cards] == ["c2", "c3"]


def test_what_only_the_new_playbook_would_have_fired_before_does_not_cool_down(
    playbook: Playbook, tmp_path: Path
) -> None:
    talk, other = Told(playbook), read_playbook(tmp_path / "other", OTHER)
    talk.final("buyer", "see you on friday", 10, 12, next_step=0.95)
    under(talk, other, 20)
    past = goes_on(other, talk.all, len(talk.all))
    assert (past.cues.fired, past.cues.cards, past.cues.open) == ({}, (), ())
