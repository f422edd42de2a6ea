"""The demo call through the real chain: real weights, real sound, the events that must come of it."""

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from user import DEMO_CALL, Run, demo_cut

from cues.events import EVENT

EVENTS = list[dict[str, Any]]
TRUTH = DEMO_CALL.parent


def play_at_max(offbook: Run, out: Path, sound: Path = DEMO_CALL) -> EVENTS:
    result = offbook("replay", sound, "--speed", "max", "--headless", "--events", out)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in out.read_text().splitlines()]


@pytest.fixture(scope="module")
def events(offbook: Run, tmp_path_factory: pytest.TempPathFactory) -> EVENTS:
    return play_at_max(offbook, tmp_path_factory.mktemp("demo") / "events.jsonl")


def of(events: EVENTS, kind: str) -> EVENTS:
    return [event for event in events if event["type"] == kind]


def word_error_rate(truth: Iterable[str], said: Iterable[str]) -> float:
    """Percent, over the normalised texts as one."""
    import jiwer
    from whisper_normalizer.english import EnglishTextNormalizer

    normalise = EnglishTextNormalizer()
    return 100.0 * float(jiwer.wer(normalise(" ".join(truth)), normalise(" ".join(said))))


@pytest.mark.parametrize("channel", [0, 1])
def test_the_words_are_those_that_were_said(events: EVENTS, channel: int) -> None:
    truth = [row["text"] for row in json.loads((TRUTH / "call.json").read_text()) if row["channel"] == channel]
    said = [event["text"] for event in of(events, "utterance") if event["channel"] == channel]
    assert word_error_rate(truth, said) <= 8.0


def test_exactly_the_expected_cards_come_each_in_time(events: EVENTS) -> None:
    expected = json.loads((TRUTH / "cards.json").read_text())
    shown = of(events, "card_shown")
    assert [card["cue"] for card in shown] == [card["cue"] for card in expected]
    for want, card in zip(expected, shown, strict=True):
        assert want["trigger_end"] - 0.3 <= card["t"] <= want["trigger_end"] + 3.0, card["cue"]


def test_a_weekday_is_no_competitor(events: EVENTS) -> None:
    assert any("monday" in event["text"].lower() for event in of(events, "utterance"))
    named = {mention["name"] for reading in of(events, "reading") for mention in reading["competitors"]}
    assert named == {"Zendesk", "Freshdesk"}


def test_what_the_rep_did_is_told_from_what_was_missed(events: EVENTS) -> None:
    outcomes = [event["outcome"] for event in of(events, "card_resolved") if event["opportunity"]]
    assert {"prompted", "missed"} <= set(outcomes) or {"unprompted", "missed"} <= set(outcomes)


def test_the_stage_moves_from_opening_to_closing(events: EVENTS) -> None:
    stages = [max(r["stage"], key=r["stage"].get) for r in of(events, "reading") if not r["partial"]]
    assert stages[0] == "opening"
    assert stages[-1] == "closing"
    assert events[-1]["summary"]["last_stage"] == "closing"


def test_every_event_has_its_form_number_and_time(events: EVENTS) -> None:
    parsed = [EVENT.validate_python(event) for event in events]
    assert [event.seq for event in parsed] == list(range(len(parsed)))
    assert all(a.t <= b.t for a, b in pairwise(parsed))
    assert len({event.call for event in parsed}) == 1
    assert (parsed[0].type, parsed[-1].type) == ("call_started", "call_ended")


def test_stable_text_only_grows_and_every_hypothesis_begins_with_it(events: EVENTS) -> None:
    stable: dict[str, str] = {}
    for event in of(events, "hypothesis"):
        before = stable.get(event["utterance"], "")
        assert event["stable"].startswith(before)
        stable[event["utterance"]] = event["stable"]


def test_the_same_sound_again_gives_the_same_events_whatever_comes_after_it(
    events: EVENTS, offbook: Run, tmp_path: Path
) -> None:
    beginning = demo_cut(tmp_path / "beginning.wav", 16_000, "pcm_f32le", "flt", seconds=24.0)
    again = play_at_max(offbook, tmp_path / "again.jsonl", beginning)

    def until(events: EVENTS) -> list[str]:
        return _timeless([event for event in events[1:] if event["t"] < 20])

    assert of(again, "card_shown")[0]["t"] < 20
    assert until(again) == until(events)


def _timeless(events: EVENTS) -> list[str]:
    """Without the call's id and the wall clock."""
    return [re.sub(r'"(call|started)": "[^"]*"', "", json.dumps(event)) for event in events]


@pytest.mark.verify
def test_the_whole_call_again_gives_the_same_events(events: EVENTS, offbook: Run, tmp_path: Path) -> None:
    for k in range(3):
        assert _timeless(play_at_max(offbook, tmp_path / f"{k}.jsonl")) == _timeless(events)


@pytest.mark.verify
def test_in_real_time_the_same_cards_come_each_time(offbook: Run, tmp_path: Path) -> None:
    expected = [card["cue"] for card in json.loads((TRUTH / "cards.json").read_text())]
    for k in range(3):
        out = tmp_path / f"{k}.jsonl"
        assert offbook("demo", "--headless", "--events", out).returncode == 0
        live = [json.loads(line) for line in out.read_text().splitlines()]
        assert [card["cue"] for card in of(live, "card_shown")] == expected
