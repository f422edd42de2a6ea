"""The words that a label rests on are whole words of one sentence, and those that say it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.encoder import Encoder
from models.features import turn_features
from models.heads import Heads
from models.reader import Reader
from models.rests_on import strongest_words
from models.sentences import split

TEXT = "Sure, good morning. That is far too dear for us. Shall we go on?"


def tokens_of(text: str) -> np.ndarray:
    """Two characters a token, as pieces of words."""
    return np.array([(k, min(k + 2, len(text))) for k in range(0, len(text), 2)])


@given(st.lists(st.floats(-5, 5, width=32), min_size=len(tokens_of(TEXT)), max_size=len(tokens_of(TEXT))))
def test_whole_words_of_one_sentence(numbers: list[float]) -> None:
    start, end = strongest_words(TEXT, tokens_of(TEXT), np.array(numbers, np.float32), split(TEXT))
    assert TEXT[start:end].strip() == TEXT[start:end] != ""
    assert any(first <= start < end <= last for first, last in split(TEXT))
    assert start == 0 or TEXT[start - 1] == " "
    assert end == len(TEXT) or TEXT[end] == " "


def test_the_run_that_speaks_for_it() -> None:
    offsets = np.array([(0, 0), *((k, k + 1) for k in range(len(TEXT))), (0, 0)])
    speaks = np.full(len(offsets), -1.0, np.float32)
    dear = TEXT.index("too dear")
    speaks[1 + dear : 1 + dear + len("too dear")] = 3
    speaks[0] = speaks[-1] = 50
    assert strongest_words(TEXT, offsets, speaks, split(TEXT)) == (dear, dear + len("too dear"))


def test_what_the_tokens_say_is_what_the_head_says(encoder: Encoder, heads: Heads) -> None:
    encoded = encoder.read(TEXT)
    features = turn_features(encoded.vector, "buyer", TEXT, [])
    whole = heads.turn(features, "").moments
    by_token = heads.moments_by_token(features, encoded.tokens)
    assert by_token.shape == (len(encoded.tokens), len(whole))
    assert 1 / (1 + np.exp(-by_token.mean(axis=0))) == pytest.approx(whole, abs=0.01)


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("Okay, thanks. I can sign for this one myself, nobody sits above me on it.", "authority", "above me"),
        ("There's thirty-five thousand in the facilities line, and I put it there.", "budget", "thirty-five thousand"),
        (
            "Good morning again. We lose two thousand dollars every Sunday when the till freezes.",
            "pain",
            "lose two thousand",
        ),
        ("Let me see. I'll send you the contract on Wednesday, at ten o'clock.", "next_step", "send you the contract"),
    ],
)
def test_the_words_say_it(reader: Reader, text: str, label: str, words: str) -> None:
    reading = reader.read("u1", "buyer", text, partial=False)
    start, end = reading.spans[f"moment:{label}"]
    assert words in text[start:end]
    assert end - start < len(text) * 0.7
