"""The stage filter gives probabilities at all times, and is not moved by one odd sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from asr.events import Speaker
from models.encoder import DIMENSIONS, Vectors
from models.features import CIRCUMSTANCES, TURN_WIDTH
from models.heads import Heads
from models.matrices import TurnRows
from models.reader import Reader
from models.stage_fit import course_inputs

turns = hnp.arrays(np.float32, TURN_WIDTH, elements=st.floats(-1, 1, width=32))

PRICING: list[tuple[Speaker, str]] = [
    ("rep", "Let me go through the price with you now. The list price is forty euros per seat and month."),
    ("buyer", "And what does that come to for two hundred people?"),
    ("rep", "Eight thousand a month, billed once a year, with support included."),
    ("buyer", "Okay, so roughly ninety six thousand a year. Is onboarding on top of that?"),
    ("rep", "Onboarding is a one-off of six thousand, and everything else is in the seat price."),
]


@given(heard=st.lists(turns, min_size=1, max_size=6))
def test_the_stages_are_probabilities(heads: Heads, heard: list[Vectors]) -> None:
    memory = None
    for turn in heard:
        memory, belief = heads.stage(memory, turn)
        assert (np.abs(memory) <= 1).all()
        assert (belief >= 0).all()
        assert float(belief.sum()) == pytest.approx(1, abs=1e-4)


def test_calls_begin_at_the_opening(heads: Heads) -> None:
    assert float(heads.stage_filter.start.sum()) == pytest.approx(1, abs=1e-2)
    assert heads.stage_filter.start.argmax() == heads.labels.stage.index("opening")


def last_stage(reader: Reader, said: list[tuple[Speaker, str]]) -> str:
    reader.reset()
    readings = [reader.read(f"u{n}", speaker, text, partial=False) for n, (speaker, text) in enumerate(said)]
    stages = readings[-1].stage
    return max(stages, key=lambda stage: stages[stage])


@pytest.mark.parametrize(
    "odd", ["Sorry, my dog is barking at the postman again.", "Hi, can you still hear me?", "Mhm."]
)
def test_one_odd_sentence_does_not_move_the_stage(reader: Reader, odd: str) -> None:
    assert last_stage(reader, PRICING) == "pricing"
    assert last_stage(reader, [*PRICING, ("buyer", odd)]) == "pricing"


def test_two_and_more_sentences_do(reader: Reader) -> None:
    closing: list[tuple[Speaker, str]] = [
        ("buyer", "Good. Then let's do it. Send me the contract today and I sign it this afternoon."),
        ("rep", "Wonderful. You'll have it within the hour, and we begin with the kickoff on Monday at nine."),
        ("buyer", "Monday at nine works. I'll send the invitation to the whole team."),
    ]
    assert last_stage(reader, [*PRICING, *closing]) == "closing"


def test_the_same_sentence_says_another_stage_elsewhere(reader: Reader) -> None:
    """What carries the stage is the call, not the sentence."""
    sure = ("buyer", "Right, that makes sense.")
    opening: list[tuple[Speaker, str]] = [
        ("rep", "Hi Tom, good to meet you. I'm Ann, and I'll take you through what we do today."),
        ("buyer", "Good to meet you too, Ann."),
    ]
    assert last_stage(reader, [*PRICING, sure]) == "pricing"
    assert last_stage(reader, [*opening, sure]) == "opening"


def test_each_call_of_the_course_begins_with_an_empty_memory(heads: Heads) -> None:
    random = np.random.default_rng(0)
    turn = random.standard_normal((4, TURN_WIDTH)).astype(np.float32)
    turn[2:] = turn[:2]
    nothing = np.zeros(4, np.int64)
    rows = TurnRows(
        turn, turn[:, :1], np.array([0, 0, 1, 1]), nothing, nothing, turn[:, :1] > 0, turn[:, :1] > 0, nothing > 0
    )
    course = course_inputs(rows, heads.stage_filter).blocks["course"]
    assert np.array_equal(course[:2], course[2:])
    memory, first = heads.stage_filter.step(None, turn[0])
    assert np.array_equal(course[0], first)
    assert np.array_equal(course[1], heads.stage_filter.step(memory, turn[1])[1])
    assert heads.stage_filter.dense.shape[1] == DIMENSIONS + CIRCUMSTANCES
