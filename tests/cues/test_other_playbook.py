"""What stays of a call when its playbook changes between two utterances."""

from datetime import date
from pathlib import Path

import pytest
from talk import PLAYBOOK, Talk, read_playbook

from cues.cards import LIFE_S
from cues.events import CardResolved
from cues.other_playbook import LOST_S, between_utterances, change
from cues.playbook import Playbook

DAY = date(2026, 11, 24)
NEW_TITLE = ("title: It hurts", "title: It hurts a lot")
LATER = PLAYBOOK + "  - {id: next-step, when: {moment: next_step}, card: {title: Ask for it, ask: When?}}\n"


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """The buyer named a pain, and its card is up."""
    talk = Talk(read_playbook(tmp_path / "before", PLAYBOOK))
    talk.final("buyer", "this hurts us badly", 10, 12, pain=0.9)
    assert talk.on_screen() == ["pain"]
    return talk


def under(talk: Talk, folder: Path, text: str, t: float) -> Playbook:
    """The talk goes on under another playbook."""
    playbook = read_playbook(folder / "after", text)
    talk.state, made = change(talk.state, playbook, t)
    talk.events += made
    return playbook


def test_a_card_stays_as_it_was_until_its_time_is_over(talk: Talk, tmp_path: Path) -> None:
    under(talk, tmp_path, PLAYBOOK.replace(*NEW_TITLE), 14)
    assert [card.trigger.cue.card.title for card in talk.state.cards] == ["It hurts"]
    talk.until(12.5 + LIFE_S)
    assert talk.hidden() == [("pain", 12.5 + LIFE_S, "expired")]


def test_an_open_opportunity_resolves_under_the_new_playbook(talk: Talk, tmp_path: Path) -> None:
    under(talk, tmp_path, PLAYBOOK.replace("id: pain", "id: other-pain"), 14)
    talk.final("rep", "how many hours is that", 16, 18, quantify=0.9)
    assert talk.outcomes() == [("pain", "prompted")]


def test_one_whose_behaviour_is_gone_closes_without_an_outcome_and_its_card_goes_once_read(
    talk: Talk, tmp_path: Path
) -> None:
    gone = PLAYBOOK.replace("  - {id: quantify, name: Put a number on it}\n", "").replace("    prompts: quantify\n", "")
    under(talk, tmp_path, gone, 14)
    (closed,) = [event for event in talk.events if isinstance(event, CardResolved)]
    assert (closed.cue, closed.behaviour, closed.outcome, closed.t) == ("pain", "quantify", None, 14)
    assert not talk.state.open
    talk.until(20)
    assert [(cue, reason) for cue, _, reason in talk.hidden()] == [("pain", "expired")]


def test_a_cue_that_cools_down_goes_on_cooling(talk: Talk, tmp_path: Path) -> None:
    under(talk, tmp_path, LATER.replace(*NEW_TITLE), 14)
    talk.final("buyer", "it hurts again", 60, 62, pain=0.9)
    assert [cue for cue, _ in talk.shown()] == ["pain"]
    talk.final("buyer", "it hurts still", 140, 142, pain=0.9)
    assert [cue for cue, _ in talk.shown()] == ["pain", "pain"]


def test_a_new_cue_fires_and_counts_cards_on(talk: Talk, tmp_path: Path) -> None:
    playbook = under(talk, tmp_path, LATER, 14)
    talk.final("buyer", "let us meet on friday", 20, 22, next_step=0.9)
    assert talk.on_screen() == ["pain", "next-step"]
    assert [card.id for card in talk.state.cards] == ["c1", "c2"]
    assert talk.state.playbook is playbook


def waits(talk: Talk) -> None:
    """Two cards are up and cannot be read yet, so that a third waits."""
    talk.final("buyer", "there is money", 12.6, 12.8, budget=0.9)
    talk.final("buyer", "and a date", 12.9, 13.0, timeline=0.9)
    assert [waiting.trigger.cue.id for waiting in talk.state.waiting] == ["timeline"]


def test_a_card_that_waits_for_its_place_comes_only_if_it_says_the_same(talk: Talk, tmp_path: Path) -> None:
    waits(talk)
    before = talk.state
    under(talk, tmp_path, LATER, 13.6)
    assert talk.state.waiting == before.waiting
    under(talk, tmp_path, PLAYBOOK.replace("title: There is a date", "title: A date"), 13.6)
    assert talk.state.waiting == ()


def test_the_same_playbook_again_changes_nothing(talk: Talk) -> None:
    waits(talk)
    assert change(talk.state, talk.state.playbook, 14) == (talk.state, [])


def test_it_is_taken_only_while_nobody_speaks(talk: Talk) -> None:
    assert between_utterances(talk.state, 14)
    name = talk.partial("rep", "so how many", 15, 16)
    assert not between_utterances(talk.state, 17)
    talk.final("rep", "so how many hours", 15, 17, id=name)
    assert between_utterances(talk.state, 17.5)


def test_what_was_being_said_and_never_ended_holds_it_up_for_a_minute_at_most(talk: Talk) -> None:
    talk.partial("rep", "so how many", 15, 16)
    assert not between_utterances(talk.state, 14 + LOST_S)
    assert between_utterances(talk.state, 15 + LOST_S)
