"""The line that the overlay shows of each side of a live call."""

from dataclasses import replace

import pytest

from asr.events import Hypothesis, Levels
from overlay.screen import Screen, show
from overlay.sides import live_line

LOUD = Levels(t=60.0, rep=-25.0, buyer=-120.0, rep_heard_t=59.9, buyer_heard_t=None)


def test_a_recording_has_no_meter_and_no_note() -> None:
    line = live_line(Screen(), "buyer", 60.0, listening=True)
    assert (line.speaker, line.level, line.note) == ("Buyer", None, "")


def test_the_meter_goes_from_a_quiet_room_to_close_speech() -> None:
    screen = show(Screen(), LOUD)
    levels = [live_line(screen, speaker, 60.0, listening=True).level for speaker in ("rep", "buyer")]  # type: ignore[arg-type]
    assert levels == [pytest.approx(0.7), 0.0]


@pytest.mark.parametrize(
    ("since", "note"),
    [(1, ""), (4.9, ""), (12.4, "last heard 10 s ago"), (59, "last heard 55 s ago"), (130, "last heard 2 min ago")],
)
def test_a_silent_side_says_since_when(since: float, note: str) -> None:
    screen = show(Screen(), replace(LOUD, buyer_heard_t=60.0 - since))
    assert live_line(screen, "buyer", 60.0, listening=True).note == note


def test_a_side_that_was_never_heard_says_so() -> None:
    assert live_line(show(Screen(), LOUD), "buyer", 60.0, listening=True).note == "nothing heard yet"
    assert live_line(show(Screen(), LOUD), "buyer", 60.0, listening=False).note == ""


def test_words_take_the_place_of_the_note() -> None:
    said = Hypothesis(t=60.0, utterance="u1", channel=1, audio_start=59.0, audio_end=60.0, stable="we run", rest="on")
    line = live_line(show(show(Screen(), LOUD), said), "buyer", 60.0, listening=True)
    assert (line.firm, line.soft, line.note, line.running) == ("we run", "on", "", True)
