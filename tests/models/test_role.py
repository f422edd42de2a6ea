"""Role evidence adds up per person and is never settled by one sentence."""

import numpy as np

from models.role import CAP, believe, gather

SHOWN = np.array([0.9, 0.02, 0.02, 0.02, 0.02, 0.01, 0.01], np.float32)
NOTHING = np.array([0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.94], np.float32)


def test_nobody_is_anything_before_they_speak() -> None:
    assert believe(None, 6).argmax() == 6


def test_evidence_adds_up() -> None:
    once = gather(None, SHOWN)
    twice = gather(once, SHOWN)
    assert believe(twice, 6)[0] > believe(once, 6)[0] > 0.5


def test_one_utterance_weighs_no_more_than_the_cap() -> None:
    assert gather(None, np.array([1, 0, 0, 0, 0, 0, 0], np.float32)).max() <= CAP


def test_small_talk_takes_little_away() -> None:
    total = gather(gather(None, SHOWN), SHOWN)
    for _ in range(10):
        total = gather(total, NOTHING)
    assert believe(total, 6).argmax() == 0
