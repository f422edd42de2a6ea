"""`offbook try`: what a playbook would do, and why not, told before a rep sees it."""

import json
from pathlib import Path

import pytest
from talk import read_playbook
from user import DEMO_PLAYBOOK, Run, refused

from overlay.call_setup import CallSetup
from overlay.rehearsal.one_text import Tried, rows, try_text
from overlay.rehearsal.rehearse import BEGINS_S, Said, call_setup, rehearse, spoken

PLAYBOOK = """\
playbook: N
behaviours:
  - {id: ask-why, name: Ask why}
competitors:
  - {name: Zendesk, aliases: [zen desk]}
cues:
  - id: zendesk
    when: {competitor: Zendesk, speaker: buyer}
    card: {title: They run Zendesk, ask: Since when?}
    prompts: ask-why
  - id: rep-names-zendesk
    when: {competitor: Zendesk, speaker: rep}
    card: {title: You named it, ask: Why?}
  - id: in-pricing
    when: {said: zendesk, stage: pricing}
    card: {title: Price it, ask: How much?}
  - id: too-dear
    when: {moment: objection_price}
    card: {title: Trade, ask: Which part?}
"""

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture(scope="module")
def setup(machine: Path, tmp_path_factory: pytest.TempPathFactory) -> CallSetup:
    return call_setup(read_playbook(tmp_path_factory.mktemp("playbook") / "p", PLAYBOOK))


def fates(tried: Tried) -> dict[str, str]:
    return {one.cue.id: one.fate for one in tried.cues}


def lines(tried: Tried, cue: str) -> list[str]:
    found = next(one for one in tried.cues if one.cue.id == cue)
    return [f"{'✓' if holds else '✗'} {sentence}" for _, holds, sentence in rows(found.condition)]


def test_what_fires_comes_first_and_its_card_is_a_real_one(setup: CallSetup) -> None:
    tried = try_text(setup, "We are on Zendesk today.", "buyer")
    assert tried.cues[0].cue.id == "zendesk"
    assert fates(tried)["zendesk"] == "card"
    assert fates(tried)["too-dear"] == "does not hold"


def test_each_key_says_whether_it_held(setup: CallSetup) -> None:
    tried = try_text(setup, "We are on Zendesk today.", "buyer")
    assert lines(tried, "rep-names-zendesk") == ["✓ competitor: Zendesk, 1.00", "✗ speaker: rep"]
    (price,) = lines(tried, "too-dear")
    assert price.startswith("✗ moment: objection_price 0.")
    assert price.endswith(" of 0.5")
    assert "✗ said: not in the text" in lines(try_text(setup, "Good morning to you.", "buyer"), "in-pricing")


def test_the_other_side_and_another_stage_fire_others(setup: CallSetup) -> None:
    assert fates(try_text(setup, "We are on Zendesk today.", "rep"))["rep-names-zendesk"] == "card"
    assert fates(try_text(setup, "We are on Zendesk today.", "buyer"))["in-pricing"] == "does not hold"
    assert fates(try_text(setup, "We are on Zendesk today.", "buyer", "pricing"))["in-pricing"] == "card"


def test_what_looks_beyond_the_sentence_is_told_too(tmp_path: Path) -> None:
    playbook = """\
playbook: N
cues:
  - id: twice
    when: {said: zendesk, earlier: {said: price}, within: 2m}
    card: {title: T, ask: A}
  - id: unanswered
    when: {silence: 4s}
    card: {title: T, ask: A}
"""
    tried = try_text(call_setup(read_playbook(tmp_path / "p", playbook)), "Are you on Zendesk today?", "buyer")
    assert fates(tried) == {"unanswered": "card", "twice": "does not hold"}
    assert lines(tried, "twice") == ["✓ said: “zendesk”", "✗ earlier: {said: [price]}, within 2m 0.00 of 0.5"]


def test_words_come_at_a_natural_pace_and_as_a_call_writes_them() -> None:
    first, second = spoken([Said("rep", "It is twenty dollars."), Said("buyer", "Write to sam@example.com, please.")])
    assert first.text == "It is $20."
    assert "[email]" in second.text
    assert BEGINS_S == first.audio_start < first.audio_end < second.audio_start < BEGINS_S + 5


def test_a_rehearsal_is_a_whole_call(setup: CallSetup) -> None:
    events = list(rehearse(setup, spoken([Said("buyer", "We are on Zendesk today.")])))
    assert [event.seq for event in events] == list(range(len(events)))
    kinds = [event.type for event in events]
    assert kinds[:5] == ["call_started", "utterance", "reading", "opportunity", "card_shown"]
    assert kinds[-1] == "call_ended"
    assert "card_hidden" in kinds


def test_the_command_tells_it_in_the_terminal_and_as_json(offbook: Run) -> None:
    told = offbook("try", DEMO_PLAYBOOK, "--text", "we are on zendesk today").stdout
    assert "A card comes:\n  zendesk-in-place  They run Zendesk today" in told
    assert "✓ speaker: buyer" in told
    cues = json.loads(offbook("try", DEMO_PLAYBOOK, "--text", "we are on zendesk today", "--json").stdout)["cues"]
    assert (cues[0]["cue"], cues[0]["fires"], len(cues)) == ("zendesk-in-place", True, 20)
    assert cues[0]["when"]["parts"][0]["values"]["Zendesk"] > 0.5


def test_what_can_not_be_tried_is_said_in_one_sentence(offbook: Run) -> None:
    refused(offbook("try", DEMO_PLAYBOOK), "--text")
    refused(offbook("try", DEMO_PLAYBOOK, "--text", "hello", "--speaker", "boss"), "--speaker boss", "buyer")
    refused(offbook("try", DEMO_PLAYBOOK, "--text", "hello", "--stage", "haggling"), "--stage haggling", "pricing")
    refused(offbook("try", "nowhere", "--text", "hello"), "nowhere: no such playbook folder")
