"""A machine that does not keep up: who decodes then, and when the better weights come back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from user import demo_part

from asr.capture.file import Chunk, open_stereo
from asr.events import Event, Fault, Recovered, Utterance
from asr.overload import CALM_S, IN_TIME_S, LATE_S, LONGEST_CALM_S, Pace, step
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE
from asr.transcriber import Spare, Transcriber
from asr.weights import whisper_weights

LATE, IN_TIME = LATE_S + 0.1, IN_TIME_S - 0.1


def test_a_late_final_hands_over_and_calm_gives_back() -> None:
    assert step(Pace(), LATE_S - 0.1, 10.0) == Pace()
    small = step(Pace(), LATE, 10.0)
    assert small == Pace(small=True, since=10.0)
    assert step(small, IN_TIME, 10.0 + CALM_S - 1).small
    assert not step(small, IN_TIME, 10.0 + CALM_S).small
    assert step(small, IN_TIME_S + 0.1, 10.0 + CALM_S).small


def test_giving_back_too_soon_makes_the_next_time_longer() -> None:
    pace, now = Pace(), 0.0
    stays = []
    for _ in range(6):
        now += 1.0
        pace = step(pace, LATE, now)
        stays.append(pace.stay_s)
        now += pace.stay_s
        pace = step(pace, IN_TIME, now)
        assert not pace.small
    assert stays == [CALM_S, 2 * CALM_S, 4 * CALM_S, 8 * CALM_S, 16 * CALM_S, LONGEST_CALM_S]
    assert step(pace, LATE, now + LONGEST_CALM_S + 1).stay_s == CALM_S


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0.1, 60))))
def test_it_never_changes_twice_within_its_stay(finals: list[tuple[float, float]]) -> None:
    pace, now = Pace(), 0.0
    for lag, passed in finals:
        now += passed
        after = step(pace, lag, now)
        if pace.small and not after.small:
            assert now - pace.since >= pace.stay_s
        pace = after


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(whisper_weights("tiny.en"))


def heard(sound: Path, recogniser: Recogniser, spare: Spare, late_until: float) -> list[Event]:
    """What is made of it where, until then, everything is 5 s late."""
    position = 0.0
    transcriber = Transcriber(recogniser, lambda: position + 5.0 * (position < late_until), spare=spare)
    events: list[Event] = []
    for chunk in open_stereo(sound).chunks():
        assert isinstance(chunk, Chunk)
        position += len(chunk.rep) / SAMPLE_RATE
        transcriber.feed((chunk.rep, chunk.buyer))
        while (made := transcriber.work()) is not None:
            events += made
    return events


def test_the_smaller_weights_take_over_with_a_fault_and_give_back(recogniser: Recogniser, tmp_path: Path) -> None:
    sound = demo_part(tmp_path / "part.wav", 0.0, 34.0)
    loaded = []
    events = heard(sound, recogniser, lambda: loaded.append(1) or recogniser, late_until=5.0)
    changes = [event for event in events if isinstance(event, Fault | Recovered)]
    assert [event.type for event in changes] == ["fault", "recovered"]
    assert loaded == [1]
    assert "faster recogniser" in changes[0].message
    assert isinstance(events[events.index(changes[0]) - 1], Utterance)
    assert changes[1].t - changes[0].t >= CALM_S


def test_where_there_are_no_smaller_weights_it_goes_on(recogniser: Recogniser, tmp_path: Path) -> None:
    events = heard(demo_part(tmp_path / "part.wav", 0.0, 10.0), recogniser, lambda: None, late_until=99.0)
    assert {event.type for event in events} == {"hypothesis", "utterance"}
