"""Role evidence adds up per person and is never settled by one sentence."""

import numpy as np

from models.role import CAP, believe, gather, of_person

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


def test_a_person_is_what_they_said_and_what_nobody_known_said() -> None:
    ann, bob, unknown = (np.array([k, 0], np.float32) for k in (1, 2, 4))
    gathered = {"Ann": ann, "Bob": bob, None: unknown}
    assert (of_person(gathered, "Ann") == ann + unknown).all()
    assert (of_person(gathered, "Cleo") == unknown).all()
    assert (of_person(gathered, None) == ann + bob + unknown).all()


def test_without_anything_gathered_there_is_no_evidence() -> None:
    assert of_person({}, "Ann") is None
    assert of_person({"Bob": np.ones(2, np.float32)}, "Ann") is None
