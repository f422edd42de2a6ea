"""The encoder's weights as its graph wants them, read out of the package's file.

`minilm/encoder.onnx` is all-MiniLM-L6-v2 without a number in it: models/encoder_graph.py writes it, and beside it
`minilm/weights.json`, which says where in the package's file each array lies. That file is checked by its SHA-256, so
the places hold. With the package's own graph a text takes half as long again, and the words' vectors four times the
memory: it casts all of them before it looks one up.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LAYERS = 6
FOLDER = Path(__file__).parent / "minilm"
GRAPH_FILE = FOLDER / "encoder.onnx"
PLACES_FILE = FOLDER / "weights.json"
_EMBEDDINGS = "inner.embeddings."


def read_weights(package: Path) -> dict[str, Array]:
    """The arrays of the package's file, by the names of `weights.json`; they stay on disk until they are used."""
    content = np.memmap(package, np.uint8, "r")
    found = {}
    for name, (offset, kind, shape) in json.loads(PLACES_FILE.read_text(encoding="utf-8")).items():
        width = np.dtype(kind).itemsize * int(np.prod(shape))
        found[name] = content[offset : offset + width].view(kind).reshape(shape)
    return found


def initializers(weights: Mapping[str, Array]) -> dict[str, Array]:
    """What the graph is fed: float32, but for the words' vectors; query, key and value of a layer lie side by side."""
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
            fed[f"{name}{layer}"] = np.concatenate([_wide(weights, f"{part}.weight") for part in parts], axis=1)
            fed[f"{name}{layer}_bias"] = np.concatenate([weights[f"{part}.bias"] for part in parts])
        for name, norm in (("gathered", "attention.output.LayerNorm"), ("narrowed", "output.LayerNorm")):
            fed[f"{name}{layer}"] = weights[f"{own}{norm}.weight"]
            fed[f"{name}{layer}_bias"] = weights[f"{own}{norm}.bias"]
    return {name: np.ascontiguousarray(array) for name, array in fed.items()}


def _wide(weights: Mapping[str, Array], name: str) -> Array:
    return weights[f"{name}_q"] * weights[f"{name}_scale"]
