"""all-MiniLM-L6-v2 as int8 ONNX: text in, a unit vector of 384 numbers out."""

from collections import OrderedDict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from asr.heap import give_back
from asr.weights import encoder_weights
from models.minilm_layers import GRAPH_FILES, initializers, multiplies_signed, read_weights
from models.tokenizer import is_word, load_tokenizer

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
MAX_CHARACTERS = 4_000
"""Cut before tokenising, so that a flood of text costs no more than the tokens that are kept do."""
CACHED = 512


@dataclass(frozen=True)
class Encoded:
    """A text as the encoder sees it: `vector` [384] of length 1, `tokens` [n, 384], `offsets` [n, 2] in characters."""

    vector: Vectors
    tokens: Vectors
    offsets: npt.NDArray[np.int64]

    def pool(self, start: int, end: int) -> Vectors:
        """Unit vector [384] of the characters [start, end), read within their sentence; zeros if none were kept."""
        inside = (self.offsets[:, 0] < end) & (self.offsets[:, 1] > start)
        return _mean(self.tokens[inside]) if inside.any() else np.zeros(DIMENSIONS, np.float32)


class Encoder:
    """One ONNX session, one thread, and the vectors of the last few hundred texts."""

    def __init__(self, weights: Path | None = None, cached: int = CACHED) -> None:
        """Keeps `cached` texts. Raises BadInputError if the weights are missing or not those of the heads."""
        self.tokenizer = load_tokenizer()
        self._session = _session(encoder_weights(weights))
        give_back()
        self._cache: OrderedDict[str, Encoded] = OrderedDict()
        self._cached = cached

    def beside(self) -> "Encoder":
        """The same weights with a memory of texts of its own, for another thread."""
        other = copy(self)
        other._cache = OrderedDict()
        return other

    def is_word(self, word: str) -> bool:
        """Whether lower-case `word` is an everyday one."""
        return is_word(self.tokenizer, word)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 [len(texts), 384].

        Each text runs alone: padding costs as much as words do on a processor, and a text's vector must not depend
        on what it was encoded with.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.read(text).vector
        return vectors

    def read(self, text: str) -> Encoded:
        """The text's vector and its tokens' in one pass, about 0.15 ms a token."""
        known = self._cache.get(text)
        if known is not None:
            self._cache.move_to_end(text)
            return known
        encoded = self._run(text)
        self.remember(text, encoded)
        return encoded

    def remember(self, text: str, encoded: Encoded) -> None:
        """What this encoder made of a text before need not be made again."""
        self._cache[text] = encoded
        if len(self._cache) > self._cached:
            self._cache.popitem(last=False)

    def _run(self, text: str) -> Encoded:
        cut = max(0, len(text) - MAX_CHARACTERS)
        # A lone surrogate (half an emoji) is valid in a str but not for the tokenizer; "?" keeps the offsets.
        tokens = self.tokenizer.encode(text[cut:].encode("utf-8", "replace").decode())
        ids = np.array([tokens.ids], np.int64)
        hidden: Vectors = self._session.run(None, {"ids": ids})[0][0]
        return Encoded(_mean(hidden), hidden, np.array(tokens.offsets, np.int64) + cut)


def _mean(tokens: Vectors) -> Vectors:
    """Mean pooling, then length 1 (Reimers and Gurevych 2019); nothing is padded, so the mask is all ones."""
    mean: Vectors = tokens.mean(axis=0)
    return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-9))


def _session(weights: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The arena keeps the longest text's buffers for ever; without it 60 MB less stay resident.
    options.enable_cpu_mem_arena = False
    signed = multiplies_signed()
    fed = initializers(read_weights(weights), signed=signed)
    options.add_external_initializers(
        list(fed), [onnxruntime.OrtValue.ortvalue_from_numpy(one) for one in fed.values()]
    )
    return onnxruntime.InferenceSession(str(GRAPH_FILES[signed]), options, providers=["CPUExecutionProvider"])
