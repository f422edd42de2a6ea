"""Writes the encoder's graph and the places of its weights in the package's file; run it when the package changes:

    python -m models.encoder_graph

It is all-MiniLM-L6-v2 (a BERT of six layers, Devlin et al. 2019; Wang et al. 2020), for one text at a time, in
onnxruntime's own operators for transformers.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asr.weights import encoder_weights
from models.encoder import DIMENSIONS
from models.minilm_layers import GRAPH_FILES, LAYERS, PLACES_FILE, Array, initializers, read_weights

OPSET = 18
IR_VERSION = 9
MICROSOFT = "com.microsoft"
HEADS = 12
EPSILON = 1e-12
_PRODUCTS = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
_WIDTHS = (*_PRODUCTS, "intermediate.dense", "output.dense")


def places(package: Path) -> dict[str, tuple[int, str, list[int]]]:
    """Of each array in the package's file: offset in bytes, kind and shape, by a name that says what it is."""
    import onnx
    from onnx import numpy_helper

    content = package.read_bytes()
    graph = onnx.load_from_string(content).graph
    names = _names(graph)
    found = {}
    for tensor in graph.initializer:
        if tensor.name in names:
            offset = content.index(tensor.raw_data)
            kind = numpy_helper.to_array(tensor).dtype.str
            found[names[tensor.name]] = (offset, kind, list(tensor.dims))
    return found


def _names(graph: Any) -> dict[str, str]:
    """What the package calls each array, and what it is: its products are only numbered, in the order of the layers."""
    products = [
        node.input[1]
        for node in graph.node
        if node.op_type == "MatMul" and any(tensor.name == f"{node.input[1]}_q" for tensor in graph.initializer)
    ]
    names = {tensor.name: tensor.name for tensor in graph.initializer if tensor.name.startswith("inner.")}
    for place, product in enumerate(products):
        own = f"inner.encoder.layer.{place // len(_WIDTHS)}.{_WIDTHS[place % len(_WIDTHS)]}.weight"
        names |= {f"{product}_q": f"{own}_q", f"{product}_scale": f"{own}_scale"}
    return names


def build(fed: dict[str, Array]) -> bytes:
    """The graph for initializers like `fed`, which are not in it; the same ones give the same bytes."""
    from onnx import TensorProto, helper

    nodes: list[Any] = []

    def add(kind: str, inputs: Sequence[str], *outputs: str, domain: str = "", **options: Any) -> None:
        nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **options))

    def product(given: str, name: str, out: str) -> None:
        inputs = [given, name, f"{name}_scale", f"{name}_zero", f"{name}_bias"]
        add("DynamicQuantizeMatMul", inputs, out, domain=MICROSOFT)

    def norm(given: str, skipped: str, name: str, out: str) -> None:
        inputs = [given, skipped, name, f"{name}_bias"]
        add("SkipLayerNormalization", inputs, out, domain=MICROSOFT, epsilon=EPSILON)

    add("Gather", ["words", "ids"], "word")
    add("Gather", ["words_scale", "ids"], "word_scale")
    add("Cast", ["word"], "word_wide", to=TensorProto.FLOAT)
    add("Mul", ["word_wide", "word_scale"], "said")
    add("Shape", ["ids"], "length", start=1, end=2)
    add("Constant", [], "first", value_ints=[0])
    add("Slice", ["places", "first", "length"], "at")
    add("Add", ["said", "at"], "embedded")
    add("LayerNormalization", ["embedded", "norm", "norm_bias"], "layer0", axis=-1, epsilon=EPSILON)
    for layer in range(LAYERS):
        before, after = f"layer{layer}", "hidden" if layer == LAYERS - 1 else f"layer{layer + 1}"
        parts = [f"{part}{layer}" for part in ("query", "key", "value")]
        product(before, f"attend{layer}", f"attending{layer}")
        add("Split", [f"attending{layer}"], *parts, axis=2, num_outputs=3)
        add("MultiHeadAttention", parts, f"attended{layer}", domain=MICROSOFT, num_heads=HEADS)
        product(f"attended{layer}", f"gather{layer}", f"gathering{layer}")
        norm(f"gathering{layer}", before, f"gathered{layer}", f"middle{layer}")
        product(f"middle{layer}", f"widen{layer}", f"wide{layer}")
        add("Gelu", [f"wide{layer}"], f"bent{layer}", domain=MICROSOFT)
        product(f"bent{layer}", f"narrow{layer}", f"narrowing{layer}")
        norm(f"narrowing{layer}", f"middle{layer}", f"narrowed{layer}", after)
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [1, "tokens", DIMENSIONS])],
        [_elsewhere(name, array) for name, array in fed.items()],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _elsewhere(name: str, array: Array) -> Any:
    """An initializer that the session is given."""
    from onnx import TensorProto, helper

    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "package"), ("offset", "0"), ("length", str(array.nbytes))):
        tensor.external_data.add(key=key, value=value)
    return tensor


def main() -> None:
    """Writes both files."""
    package = encoder_weights()
    rows = (f"{json.dumps(name)}: {json.dumps(place)}" for name, place in sorted(places(package).items()))
    PLACES_FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    for signed, file in GRAPH_FILES.items():
        file.write_bytes(build(initializers(read_weights(package), signed=signed)))


if __name__ == "__main__":
    main()
