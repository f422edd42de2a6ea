"""Whisper as two ONNX graphs, its weights as 8-bit integers with a scale for each output.

What goes into a product of matrices is made 8-bit too, each row (one token, one frame) by its own scale: integers from
1 to 255 around 128, on both sides, as signed ones overflow on processors without VNNI.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from asr.whisper_file import HEAD, WhisperFile

_LEVELS, _MIDDLE = 127.0, 128
_OPSET = 20
_IR = 10
Array = npt.NDArray[Any]


@dataclass
class _Graph:
    nodes: list[Any] = field(default_factory=list)
    weights: dict[str, Array] = field(default_factory=dict)

    def add(self, kind: str, *inputs: str, outputs: int = 1, name: str | None = None, **attributes: Any) -> Any:
        """One more node; the names of its outputs."""
        made = [name or f"v{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), made, **attributes))
        return made[0] if outputs == 1 else made

    def const(self, value: Any, kind: Any = np.float32) -> str:
        array = np.asarray(value, kind)
        return self.weight(f"{array.dtype} {array.tolist()}", array)

    def weight(self, name: str, array: Array) -> str:
        self.weights[name] = np.ascontiguousarray(array)
        return name


def whole_numbers(weight: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """(outputs, inputs) as (inputs, outputs) of 1 to 255 around 128, and the scale of each output."""
    scale = np.maximum(np.abs(weight).max(axis=1), 1e-12) / _LEVELS
    return (np.round(weight / scale[:, None]) + _MIDDLE).astype(np.uint8).T, scale.astype(np.float32)


@dataclass(frozen=True)
class _Shapes:
    """Inputs of floats and of whole numbers, with their shapes; and the outputs."""

    floats: dict[str, list[Any]]
    wholes: dict[str, list[Any]]
    outputs: list[str]


def _linear(graph: _Graph, file: WhisperFile, x: str, name: str, scaled: float = 1.0) -> str:
    """x (rows, inputs) through the layer `name`; `scaled` multiplies its outputs."""
    weight, scale = whole_numbers(file.floats(f"{name}/weight"))
    graph.weight(f"{name}/weight", weight)
    graph.weight(f"{name}/scale", scale * scaled)
    most = graph.add("ReduceMax", graph.add("Abs", x), graph.const([-1], np.int64), keepdims=1)
    step = graph.add("Mul", graph.add("Max", most, graph.const(1e-9)), graph.const(1 / _LEVELS))
    near = graph.add("Round", graph.add("Div", x, step))
    whole = graph.add("Cast", graph.add("Add", near, graph.const(_MIDDLE)), to=TensorProto.UINT8)
    middle = graph.const(_MIDDLE, np.uint8)
    product = graph.add("MatMulInteger", whole, f"{name}/weight", middle, middle)
    floats = graph.add("Mul", graph.add("Cast", product, to=TensorProto.FLOAT), step)
    out = graph.add("Mul", floats, f"{name}/scale")
    if f"{name}/bias" not in file.variables:
        return str(out)
    return str(graph.add("Add", out, graph.weight(f"{name}/bias", file.floats(f"{name}/bias") * np.float32(scaled))))


def _norm(graph: _Graph, file: WhisperFile, x: str, name: str) -> str:
    gamma = graph.weight(f"{name}/gamma", file.floats(f"{name}/gamma"))
    beta = graph.weight(f"{name}/beta", file.floats(f"{name}/beta"))
    return str(graph.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=1e-5))


def _heads(graph: _Graph, x: str, heads: int) -> str:
    """(rows, heads * 64) as (heads, rows, 64)."""
    shaped = graph.add("Reshape", x, graph.const([0, heads, HEAD], np.int64))
    return str(graph.add("Transpose", shaped, perm=[1, 0, 2]))


def _keys(graph: _Graph, x: str, heads: int) -> str:
    """(rows, heads * 64) as (heads, 64, rows)."""
    shaped = graph.add("Reshape", x, graph.const([0, heads, HEAD], np.int64))
    return str(graph.add("Transpose", shaped, perm=[1, 2, 0]))


def _joined(graph: _Graph, x: str, heads: int) -> str:
    """(heads, rows, 64) as (rows, heads * 64)."""
    turned = graph.add("Transpose", x, perm=[1, 0, 2])
    return str(graph.add("Reshape", turned, graph.const([0, heads * HEAD], np.int64)))


def _feed_forward(graph: _Graph, file: WhisperFile, x: str, name: str) -> str:
    inner = _linear(graph, file, _norm(graph, file, x, f"{name}/layer_norm"), f"{name}/linear_0")
    return str(graph.add("Add", x, _linear(graph, file, graph.add("Gelu", inner), f"{name}/linear_1")))


def _attended(
    graph: _Graph, query: str, keys: str, values: str, heads: int, mask: str | None = None
) -> tuple[str, str]:
    """What the heads see, and their scores before the softmax."""
    scores = graph.add("MatMul", query, keys)
    masked = scores if mask is None else graph.add("Add", scores, mask)
    weights = graph.add("Softmax", masked, axis=-1)
    return _joined(graph, graph.add("MatMul", weights, values), heads), str(scores)


def listener(file: WhisperFile) -> tuple[_Graph, _Shapes]:
    """The encoder's `states` (frames, width) in; for each layer of the decoder its keys and values of them out."""
    graph, out = _Graph(), []
    heads = file.number("decoder/num_heads")
    for k in range(file.layers("decoder")):
        both = _linear(graph, file, "states", f"decoder/layer_{k}/attention/linear_1")
        key, value = graph.add("Split", both, outputs=2, axis=1, num_outputs=2)
        graph.add("Identity", _keys(graph, key, heads), name=f"keys_{k}")
        graph.add("Identity", _heads(graph, value, heads), name=f"values_{k}")
        out += [f"keys_{k}", f"values_{k}"]
    width = file.variables["decoder/embeddings/weight"].shape[1]
    return graph, _Shapes({"states": ["frames", width]}, {}, out)


def decoder(file: WhisperFile) -> tuple[_Graph, _Shapes]:
    """`x` (rows, width), what was decoded before, and the sound in; logits of `wanted` rows out."""
    graph = _Graph()
    heads = file.number("decoder/num_heads")
    x, out, watched = "x", [], []
    inputs: dict[str, list[Any]] = {}
    for k in range(file.layers("decoder")):
        name = f"decoder/layer_{k}"
        qkv = _linear(
            graph, file, _norm(graph, file, x, f"{name}/self_attention/layer_norm"), f"{name}/self_attention/linear_0"
        )
        query, key, value = graph.add("Split", qkv, outputs=3, axis=1, num_outputs=3)
        query = graph.add("Mul", query, graph.const(HEAD**-0.5))
        keys = graph.add("Concat", f"said_keys_{k}", _keys(graph, key, heads), axis=2, name=f"new_keys_{k}")
        values = graph.add("Concat", f"said_values_{k}", _heads(graph, value, heads), axis=1, name=f"new_values_{k}")
        seen, _ = _attended(graph, _heads(graph, query, heads), keys, values, heads, "mask")
        x = graph.add("Add", x, _linear(graph, file, seen, f"{name}/self_attention/linear_1"))
        query = _linear(
            graph, file, _norm(graph, file, x, f"{name}/attention/layer_norm"), f"{name}/attention/linear_0", HEAD**-0.5
        )
        seen, scores = _attended(graph, _heads(graph, query, heads), f"keys_{k}", f"values_{k}", heads)
        mine = [head for layer, head in file.alignment_heads if layer == k]
        if mine:
            watched.append(graph.add("Gather", scores, graph.const(mine, np.int64), axis=0))
        x = graph.add("Add", x, _linear(graph, file, seen, f"{name}/attention/linear_2"))
        x = _feed_forward(graph, file, x, f"{name}/ffn")
        inputs |= {f"said_keys_{k}": [heads, HEAD, "said"], f"said_values_{k}": [heads, "said", HEAD]}
        inputs |= {f"keys_{k}": [heads, HEAD, "frames"], f"values_{k}": [heads, "frames", HEAD]}
        out += [keys, values]
    last = graph.add("Gather", x, "wanted", axis=0)
    logits = _linear(graph, file, _norm(graph, file, last, "decoder/layer_norm"), "decoder/projection")
    graph.add("Identity", logits, name="logits")
    graph.add("Concat", *watched, axis=0, name="watched")
    width = file.variables["decoder/embeddings/weight"].shape[1]
    inputs |= {"x": ["rows", width], "mask": ["rows", "all"]}
    return graph, _Shapes(inputs, {"wanted": ["wanted"]}, ["logits", "watched", *out])


def ready(graph: _Graph, shapes: _Shapes) -> bytes:
    """The graph as ONNX Runtime takes it."""
    ins = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.floats.items()]
    ins += [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name, shape in shapes.wholes.items()]
    outs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in shapes.outputs]
    weights = [numpy_helper.from_array(array, name) for name, array in graph.weights.items()]
    made = helper.make_graph(graph.nodes, "whisper", ins, outs, weights)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = _IR
    return bytes(model.SerializeToString())
