"""Our graphs say what the package's own says, but for rounding, and their files are those that the builder writes."""

import json

import numpy as np
import onnxruntime
import pytest

from asr.weights import encoder_weights
from models.encoder import Encoder
from models.encoder_graph import build, places
from models.minilm_layers import GRAPH_FILES, PLACES_FILE, initializers, multiplies_signed, read_weights
from models.tokenizer import MAX_TOKENS

TEXTS = [
    "Yes.",
    "We run Zendesk today, and it costs us more than it should.",
    "so um the thing is we have uh two hundred people in the warehouse and nobody can tell me where a parcel is",
    "Ça coûte cher! 価格は? 🎉",
    "price " * 300,
]


@pytest.fixture(scope="module")
def packages() -> onnxruntime.InferenceSession:
    """The graph that the weights come with."""
    return onnxruntime.InferenceSession(str(encoder_weights()), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("text", TEXTS)
def test_it_says_what_the_packages_own_graph_says(
    encoder: Encoder, packages: onnxruntime.InferenceSession, text: str
) -> None:
    ids = np.array([encoder.tokenizer.encode(text).ids], np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    wanted = packages.run(None, inputs)[0][0]
    found = encoder.read(text)
    assert len(found.tokens) == len(wanted) <= MAX_TOKENS
    assert float(np.linalg.norm(found.vector)) == pytest.approx(1, abs=1e-5)
    mean = wanted.mean(axis=0)
    assert float(found.vector @ mean) / float(np.linalg.norm(mean)) > 0.97


@pytest.mark.parametrize("text", TEXTS)
def test_signed_or_not_it_says_the_same(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    found = []
    for signed in (True, False):
        monkeypatch.setattr("models.encoder.multiplies_signed", lambda signed=signed: signed)
        found.append(Encoder().read(text).tokens)
    if multiplies_signed():
        assert np.allclose(*found, atol=1e-4)
    assert found[0].shape == found[1].shape


def test_the_graph_and_the_places_are_what_the_builder_writes() -> None:
    package = encoder_weights()
    found = {name: tuple(place) for name, place in json.loads(PLACES_FILE.read_text(encoding="utf-8")).items()}
    assert found == places(package)
    for signed, file in GRAPH_FILES.items():
        assert file.read_bytes() == build(initializers(read_weights(package), signed=signed))
