"""Where an utterance begins and ends."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.endpoint import END_S, ONSET_S, PAUSE_S, Endpoint, Turn, step
from asr.vad import FRAME_S

SPEECH, SILENCE, BETWEEN = 0.9, 0.1, 0.4


def frames(*stretches: tuple[float, float]) -> list[float]:
    """Probabilities from (probability, seconds)."""
    return [p for p, seconds in stretches for _ in range(round(seconds / FRAME_S))]


def heard(probabilities: Iterable[float], state: Endpoint | None = None) -> list[tuple[Turn, float]]:
    state = state or Endpoint()
    out = []
    for k, probability in enumerate(probabilities):
        state, turn = step(state, probability, (k + 1) * FRAME_S)
        if turn:
            out.append((turn, (k + 1) * FRAME_S))
    return out


def turns(*stretches: tuple[float, float]) -> list[Turn]:
    return [turn for turn, _ in heard(frames(*stretches))]


def test_a_click_does_not_start_an_utterance() -> None:
    assert turns((SILENCE, 1), (SPEECH, 2 * FRAME_S), (SILENCE, 1), (SPEECH, 2 * FRAME_S), (SILENCE, 1)) == []


def test_speech_starts_an_utterance_at_its_first_frame() -> None:
    state = Endpoint()
    for k, probability in enumerate(frames((SILENCE, 0.32), (SPEECH, ONSET_S))):
        state, _ = step(state, probability, (k + 1) * FRAME_S)
    assert state.speaking
    assert state.start == pytest.approx(0.32)


def test_a_quarter_second_of_silence_is_a_pause_and_speech_resumes() -> None:
    assert turns((SPEECH, 1), (SILENCE, 0.3), (SPEECH, 0.5)) == [Turn.STARTED, Turn.PAUSED, Turn.RESUMED]


def test_half_a_second_of_silence_ends_the_utterance() -> None:
    found = heard(frames((SPEECH, 0.96), (SILENCE, 0.8)))
    assert [turn for turn, _ in found] == [Turn.STARTED, Turn.PAUSED, Turn.ENDED]
    assert found[1][1] - 0.96 == pytest.approx(PAUSE_S, abs=FRAME_S)
    assert found[2][1] - 0.96 == pytest.approx(END_S, abs=FRAME_S)


def test_a_breath_shorter_than_a_pause_changes_nothing() -> None:
    assert turns((SPEECH, 1), (SILENCE, 0.2), (SPEECH, 1)) == [Turn.STARTED]


def test_a_frame_in_between_goes_with_what_came_before() -> None:
    assert turns((BETWEEN, 1)) == []
    assert turns((SPEECH, 0.5), (BETWEEN, 2)) == [Turn.STARTED]
    assert turns((SPEECH, 0.5), (SILENCE, 0.3), (BETWEEN, 0.4)) == [Turn.STARTED, Turn.PAUSED, Turn.ENDED]


def test_a_click_in_a_pause_does_not_go_on_for_ever() -> None:
    """Clicks keep an utterance open while they come, but silence after the last one ends it."""
    clicks = [(SILENCE, 0.3), (SPEECH, FRAME_S)] * 5
    assert turns((SPEECH, 0.5), *clicks, (SILENCE, 0.6))[-1] is Turn.ENDED


def test_the_end_says_until_when_there_was_voice() -> None:
    state = Endpoint()
    for k, probability in enumerate(frames((SPEECH, 0.96), (SILENCE, 0.8))):
        state, turn = step(state, probability, (k + 1) * FRAME_S)
        if turn is Turn.ENDED:
            assert state.voiced_until == pytest.approx(0.96)
            assert not state.speaking


@settings(max_examples=300)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 20)), max_size=60))
def test_turns_come_in_their_order_whatever_is_heard(stretches: list[tuple[float, int]]) -> None:
    letters = {Turn.STARTED: "s", Turn.PAUSED: "p", Turn.RESUMED: "r", Turn.ENDED: "e"}
    found = heard(p for p, count in stretches for _ in range(count))
    after = {"": "s", "s": "p", "p": "re", "r": "p", "e": "s"}
    last = ""
    for letter in (letters[turn] for turn, _ in found):
        assert letter in after[last]
        last = letter
    times = [time for _, time in found]
    assert times == sorted(set(times))
