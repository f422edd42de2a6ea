"""Whisper's rules for the next token."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from asr.decoding import Vocabulary, choose, no_speech, probability

TOKENS = Vocabulary(eot=10, no_timestamps=12, no_speech=11, suppressed=(3,), suppressed_first=(4, 10))
SIZE = 20
"""0 to 9 text, 10 the end, 11 and 12 special, 13 to 19 timestamps."""


def logits(**likely: float) -> np.ndarray:
    made = np.zeros(SIZE, np.float32)
    for token, value in likely.items():
        made[int(token.removeprefix("t"))] = value
    return made


def chosen(said: list[int], timed: bool = False, **likely: float) -> int:
    return choose(logits(**likely), said, TOKENS, timed=timed).token


def test_what_is_suppressed_is_never_said() -> None:
    assert chosen([1], t3=9.0, t5=1.0) == 5


def test_a_text_begins_with_no_blank_and_not_with_its_end() -> None:
    assert chosen([], t4=9.0, t10=8.0, t5=1.0) == 5
    assert chosen([1], t4=9.0, t10=8.0) == 4
    assert chosen([1], t10=8.0) == 10


def test_of_two_that_are_as_likely_the_draft_has_it() -> None:
    assert choose(logits(t5=2.0, t6=1.9), [1], TOKENS, timed=False, rather=6).token == 6
    assert choose(logits(t5=2.0, t6=1.5), [1], TOKENS, timed=False, rather=6).token == 5
    assert choose(logits(t5=2.0, t3=2.0), [1], TOKENS, timed=False, rather=3).token == 5


def test_after_the_first_timestamp_comes_text() -> None:
    assert chosen([], timed=True, t15=9.0, t5=1.0) == 5


def test_a_timestamp_comes_where_they_are_likelier_than_any_text() -> None:
    assert chosen([5], timed=True, t14=2.0, t15=2.0, t6=2.5) in (14, 15)
    assert chosen([5], timed=True, t14=2.0, t6=9.0) == 6


def test_timestamps_come_in_pairs_and_never_go_back() -> None:
    assert chosen([5, 16], timed=True, t6=9.0, t14=8.0, t16=1.0, t17=0.5) == 16
    assert chosen([5, 16], timed=True, t10=9.0) == 10
    assert chosen([5, 16, 16], timed=True, t17=9.0, t6=1.0) == 6
    assert chosen([5, 16, 16, 7], timed=True, t15=9.0, t17=2.0) == 17


def test_probabilities_are_those_of_the_softmax() -> None:
    values = np.log(np.arange(1, SIZE + 1)).astype(np.float32)
    assert np.isclose(probability(values, 9, TOKENS), 10 / sum(range(1, 11)))
    assert np.isclose(no_speech(values, TOKENS), 12 / sum(range(1, SIZE + 1)))


@given(st.lists(st.integers(0, 9), max_size=5), st.booleans(), st.integers(0, 2**32))
def test_a_choice_is_allowed_and_has_a_probability(said: list[int], timed: bool, seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 5, SIZE).astype(np.float32)
    choice = choose(values, said, TOKENS, timed=timed)
    assert choice.token != 3
    assert choice.log_probability <= 1e-5
    assert np.isfinite(choice.log_probability)
