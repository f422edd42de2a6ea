"""The encoder's weights as its graph wants them, read out of the package's file without a copy on disk.

`minilm/signed.onnx` is all-MiniLM-L6-v2 without a number in it: models/encoder_graph.py writes it, and beside it
`minilm/weights.json`, which says where in the package's file each array lies. That file is checked by its SHA-256, so
the places hold. The package's own graph casts every weight to float32; ours multiplies int8, in less than half the
time and a quarter of the memory.
"""

import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LAYERS = 6
FOLDER = Path(__file__).parent / "minilm"
GRAPH_FILES = {True: FOLDER / "signed.onnx", False: FOLDER / "unsigned.onnx"}
"""By whether the weights are signed."""
PLACES_FILE = FOLDER / "weights.json"
_EMBEDDINGS = "inner.embeddings."
_CPU_INFO = Path("/proc/cpuinfo")


def read_weights(package: Path) -> dict[str, Array]:
    """The arrays of the package's file, by the names of `weights.json`; they stay on disk until they are used."""
    content = np.memmap(package, np.uint8, "r")
    found = {}
    for name, (offset, kind, shape) in json.loads(PLACES_FILE.read_text(encoding="utf-8")).items():
        width = np.dtype(kind).itemsize * int(np.prod(shape))
        found[name] = content[offset : offset + width].view(kind).reshape(shape)
    return found


def initializers(weights: Mapping[str, Array], *, signed: bool) -> dict[str, Array]:
    """What the graph is fed: query, key and value of a layer lie side by side.

    The weights of products are int8 (`signed`), or moved by 128: what comes of them is the same.
    """
    first_kind = weights[f"{_EMBEDDINGS}token_type_embeddings.weight"][0]
    fed: dict[str, Array] = {
        "words": weights[f"{_EMBEDDINGS}word_embeddings.weight_q"],
        "words_scale": weights[f"{_EMBEDDINGS}word_embeddings.weight_scale"],
        # Every token of ours is of the first kind.
        "places": _wide(weights, f"{_EMBEDDINGS}position_embeddings.weight") + first_kind,
        "norm": weights[f"{_EMBEDDINGS}LayerNorm.weight"],
        "norm_bias": weights[f"{_EMBEDDINGS}LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        own = f"inner.encoder.layer.{layer}."
        for name, parts in {
            "attend": [f"{own}attention.self.{part}" for part in ("query", "key", "value")],
            "gather": [f"{own}attention.output.dense"],
            "widen": [f"{own}intermediate.dense"],
            "narrow": [f"{own}output.dense"],
        }.items():
            fed |= _product(f"{name}{layer}", [weights[f"{part}.weight_q"] for part in parts], signed=signed)
            fed[f"{name}{layer}_scale"] = np.concatenate([weights[f"{part}.weight_scale"].ravel() for part in parts])
            fed[f"{name}{layer}_bias"] = np.concatenate([weights[f"{part}.bias"] for part in parts])
        for name, norm in (("gathered", "attention.output.LayerNorm"), ("narrowed", "output.LayerNorm")):
            fed[f"{name}{layer}"] = weights[f"{own}{norm}.weight"]
            fed[f"{name}{layer}_bias"] = weights[f"{own}{norm}.bias"]
    return {name: np.ascontiguousarray(array) for name, array in fed.items()}


def _product(name: str, parts: list[Array], *, signed: bool) -> dict[str, Array]:
    weights = np.concatenate(parts, axis=1)
    if signed:
        return {name: weights, f"{name}_zero": np.zeros(weights.shape[1], np.int8)}
    return {name: weights.view(np.uint8) ^ np.uint8(128), f"{name}_zero": np.full(weights.shape[1], 128, np.uint8)}


def multiplies_signed() -> bool:
    """Whether this processor multiplies unsigned with signed bytes exactly, which is a third faster.

    AVX2 alone adds such products up in 16 bits, which overflow (onnxruntime's documentation of quantization).
    """
    if platform.machine().lower() in ("arm64", "aarch64"):
        return True
    return _CPU_INFO.is_file() and "_vnni" in _CPU_INFO.read_text(encoding="utf-8", errors="replace")


def _wide(weights: Mapping[str, Array], name: str) -> Array:
    return weights[f"{name}_q"] * weights[f"{name}_scale"]
