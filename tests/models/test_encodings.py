"""What the encoder made of texts is kept without them, exactly."""

import numpy as np
import pytest

from models.encoder import Encoder
from models.encodings import pack, unpack

TEXTS = ["We are on Zendesk today.", "Yes.", "Somebody copies everything by hand, every morning."]


@pytest.fixture(scope="module")
def encoder(machine: object) -> Encoder:
    return Encoder()


def test_it_comes_back_as_it_was(encoder: Encoder) -> None:
    made = {text: encoder.read(text) for text in TEXTS}
    back = unpack(pack(made), TEXTS)
    assert list(back) == TEXTS
    for text, one in back.items():
        assert np.array_equal(one.vector, made[text].vector)
        assert np.array_equal(one.tokens, made[text].tokens)
        assert np.array_equal(one.offsets, made[text].offsets)


def test_no_word_stands_in_it_and_what_was_not_kept_is_not_there(encoder: Encoder) -> None:
    packed = pack({TEXTS[0]: encoder.read(TEXTS[0])})
    assert b"Zendesk" not in packed
    assert unpack(packed, TEXTS[1:]) == {}


def test_damaged_bytes_hold_nothing(encoder: Encoder) -> None:
    packed = pack({TEXTS[0]: encoder.read(TEXTS[0])})
    assert unpack(b"", TEXTS) == unpack(packed[:400], TEXTS) == unpack(b"damaged", TEXTS) == {}


def test_what_is_remembered_is_not_made_again(encoder: Encoder) -> None:
    other = Encoder(cached=1)
    other.remember("this", encoder.read(TEXTS[0]))
    assert np.array_equal(other.read("this").vector, encoder.read(TEXTS[0]).vector)
    other.read("that")
    assert not np.array_equal(other.read("this").vector, encoder.read(TEXTS[0]).vector)
