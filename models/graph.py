"""Writes the trained heads as one ONNX graph."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from models.encoder import Vectors
from models.heads import WIDTHS
from models.labels import Labels
from models.lexicon import Lexicon
from models.stage import StageFilter

OPSET = 17
IR_VERSION = 9
_HALF = "_half"
"""Ends the name of an array that is stored as float16."""


@dataclass(frozen=True)
class Linear:
    """A linear layer over named inputs: `weights` {input: [width, outputs]} and `bias` [outputs]."""

    weights: Mapping[str, Vectors]
    bias: Vectors


@dataclass(frozen=True)
class TrainedHeads:
    """All that heads.onnx holds. `stage`, `role` and `stance` end in a softmax, the others in a sigmoid.

    `stage` is a layer over `course`, what `stage_filter` gives; the others see the features of models/heads.py.
    """

    stage: Linear
    role: Linear
    moments: Linear
    stance: Linear
    named: Linear
    fires: Linear
    lexicon: Lexicon
    stage_filter: StageFilter
    background: Vectors


def write_heads(heads: TrainedHeads, labels: Labels, file: Path) -> None:
    """Writes the graph; the same heads give the same bytes."""
    import onnx
    from onnx import TensorProto, helper

    widths = {**WIDTHS, "course": heads.stage_filter.width, "words": len(heads.lexicon.rarity)}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n_" + name, w]) for name, w in widths.items()]
    nodes: list[Any] = []
    tensors: list[Any] = []
    outputs: list[Any] = []
    for name in ("stage", "role", "stance", "moments", "named", "fires"):
        kind = "Softmax" if name in ("stage", "role", "stance") else "Sigmoid"
        head_nodes, head_tensors = _head(name, getattr(heads, name), kind)
        nodes += head_nodes
        tensors += head_tensors
        shape = ["n_" + next(iter(getattr(heads, name).weights)), len(getattr(heads, name).bias)]
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    for name, array in _constants(heads).items():
        tensors += _half(name, array, nodes)
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(array.shape)))
    graph = helper.make_graph(nodes, "offbook heads", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    for key, value in _metadata(heads, labels).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model)
    file.write_bytes(model.SerializeToString(deterministic=True))


def read_linear(content: bytes, name: str) -> Linear:
    """The layer of the head `name` in what `write_heads` wrote."""
    import onnx
    from onnx import numpy_helper

    arrays = {
        tensor.name.removesuffix(_HALF): numpy_helper.to_array(tensor).astype(np.float32)
        for tensor in onnx.load_from_string(content).graph.initializer
    }
    sources = [key.removeprefix(f"{name}_").removesuffix("_weights") for key in arrays if key.startswith(f"{name}_")]
    weights = {source: arrays[f"{name}_{source}_weights"] for source in sources if source != "bias"}
    return Linear(weights, arrays[f"{name}_bias"])


def with_layers(content: bytes, layers: Mapping[str, Linear], metadata: Mapping[str, str]) -> bytes:
    """What `write_heads` wrote with other weights in the heads that `layers` names, and `metadata` added."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(content)
    arrays = {f"{name}_bias": layer.bias for name, layer in layers.items()}
    for name, layer in layers.items():
        arrays |= {f"{name}_{source}_weights": weights for source, weights in layer.weights.items()}
    for tensor in model.graph.initializer:
        array = arrays.get(tensor.name.removesuffix(_HALF))
        if array is not None:
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array, np.float16), tensor.name))
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    changed: bytes = model.SerializeToString(deterministic=True)
    return changed


def _head(name: str, linear: Linear, kind: str) -> tuple[list[Any], list[Any]]:
    from onnx import helper

    nodes: list[Any] = []
    terms = [f"{name}_bias"]
    tensors = _half(f"{name}_bias", linear.bias, nodes)
    for source, weights in linear.weights.items():
        tensors += _half(f"{name}_{source}_weights", weights, nodes)
        nodes.append(helper.make_node("MatMul", [source, f"{name}_{source}_weights"], [f"{name}_{source}"]))
        nodes.append(helper.make_node("Add", [terms[-1], f"{name}_{source}"], [f"{name}_{source}_sum"]))
        terms.append(f"{name}_{source}_sum")
    nodes.append(helper.make_node(kind, [terms[-1]], [name]))
    return nodes, tensors


def _half(name: str, array: Vectors, nodes: list[Any]) -> list[Any]:
    """Stores an array as float16: half the size, and the last digits of a fit, which differ by machine, are gone."""
    from onnx import TensorProto, helper, numpy_helper

    nodes.append(helper.make_node("Cast", [f"{name}{_HALF}"], [name], to=TensorProto.FLOAT))
    return [numpy_helper.from_array(np.ascontiguousarray(array, np.float16), f"{name}{_HALF}")]


def _constants(heads: TrainedHeads) -> dict[str, Vectors]:
    return {
        **{one.name: getattr(heads.stage_filter, one.name) for one in fields(heads.stage_filter)},
        "background": heads.background,
        "rarity": heads.lexicon.rarity,
    }


def _metadata(heads: TrainedHeads, labels: Labels) -> dict[str, str]:
    sets: dict[str, Sequence[str]] = {
        "stage": labels.stage,
        "role": labels.role,
        "stance": labels.stance,
        "moment": labels.moment,
        "terms": list(heads.lexicon.places),
    }
    return {key: json.dumps(list(value), ensure_ascii=False) for key, value in sets.items()}
