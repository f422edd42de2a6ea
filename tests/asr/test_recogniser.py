"""One window of sound in, words out: short windows are heard as full ones are, by the real weights."""

from itertools import pairwise

import numpy as np
import pytest

from asr.commit import Agreed, shown, step
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE, Samples

SAID = "hi laura thanks for making the time is this still a good moment".split()
SAID_UNTIL_S = 4.2


@pytest.fixture(scope="module")
def opening(rep_side: Samples) -> Samples:
    """What the rep says first in the demo call."""
    return rep_side[: round(SAID_UNTIL_S * SAMPLE_RATE)]


def plain(texts: list[str]) -> list[str]:
    return ["".join(filter(str.isalnum, text)).lower() for text in texts]


def test_a_final_has_the_words_in_their_places(recogniser: Recogniser, opening: Samples) -> None:
    words = recogniser.final(opening, 100.0)
    assert plain([word.text for word in words]) == SAID
    assert all(100.0 <= word.start <= word.end <= 100.0 + SAID_UNTIL_S for word in words)
    assert all(one.start <= other.start for one, other in pairwise(words))


@pytest.mark.parametrize("seconds", [2.0, 2.5, 3.0, 3.5, 4.0])
def test_a_partial_of_any_length_says_what_was_said_so_far(
    recogniser: Recogniser, opening: Samples, seconds: float
) -> None:
    words = recogniser.partial(opening[: round(seconds * SAMPLE_RATE)], (), 0.0)
    state = step(Agreed(), words, seconds)
    heard = plain([word.text for word in (*state.stable, *shown(state))])
    whole = heard[:-1]  # the last one may be cut in half
    assert whole == SAID[: len(whole)]
    assert len(heard) >= round(2.5 * seconds) - 1


def test_what_is_forced_is_not_said_again(recogniser: Recogniser, opening: Samples) -> None:
    words = recogniser.final(opening, 0.0)
    tail = recogniser.partial(opening, words[:6], 0.0)
    assert plain([word.text for word in tail]) == SAID[6:]


def test_what_was_said_before_the_window_is_not_said_again(recogniser: Recogniser, opening: Samples) -> None:
    words = recogniser.final(opening, 0.0)
    start = words[7].start - 0.1
    window = opening[round(start * SAMPLE_RATE) :]
    assert plain([word.text for word in recogniser.partial(window, (), start, words[:7])]) == SAID[7:]
    assert recogniser.partial(window, (), start, words) == ()
    start = words[9].start - 0.1
    window = opening[round(start * SAMPLE_RATE) :]
    assert recogniser.partial(window, (), start, (*words, *words[7:9])) == (), "its first words were taken for new"


def test_the_same_sound_gives_the_same_words(recogniser: Recogniser, opening: Samples) -> None:
    assert recogniser.final(opening, 0.0) == recogniser.final(opening.copy(), 0.0)


@pytest.mark.parametrize("sound", ["silence", "hiss", "hum"])
def test_nothing_is_invented_where_nobody_speaks(recogniser: Recogniser, sound: str) -> None:
    seconds = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    made = {
        "silence": np.zeros(len(seconds)),
        "hiss": np.random.default_rng(1).normal(0, 0.01, len(seconds)),
        "hum": 0.05 * np.sin(2 * np.pi * 50 * seconds),
    }[sound]
    assert recogniser.final(made.astype(np.float32), 0.0) == ()
