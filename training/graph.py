"""The ONNX graph of a tagger on a BERT encoder, written operator by operator.

A traced graph keeps torch's habits: masks that are selected and checked for NaN, one product each
for query, key and value, shapes computed anew in every layer. Written by hand from ONNX Runtime's
own operators the same network needs a third of the time.

With ``ranges`` the products read 8-bit activations on a fixed scale, measured beforehand (Jacob et
al. 2018), so that a window's scores do not depend on what is beside it in the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tagger.encoder import FIXED_SCALES, inputs_of
from tagger.model import ModelConfig

if TYPE_CHECKING:
    import onnx

Weights = Mapping[str, NDArray[Any]]

_MICROSOFT = "com.microsoft"
# Without VNNI, sums of two 8-bit products overflow 16 bits; 7-bit weights cannot.
WEIGHT_LEVELS = 63
_LONGEST_WINDOW = 1024
_EPSILON = 1e-5  # of torch.nn.LayerNorm


# The lowest and the highest value that the input of a layer may take and still be told apart.
Range = tuple[float, float]


def steps(held: Range) -> tuple[np.float32, np.uint8]:
    """How far apart the 256 values are that 8 bits hold of a range, and which of them is 0."""
    low, high = held
    scale = np.float32((high - low) / 255)
    return scale, np.uint8(np.clip(np.rint(-low / scale), 0, 255))


def is_supported(config: ModelConfig) -> bool:
    """Whether the encoder is one that :func:`build_graph` knows."""
    encoder = config.encoder
    return (
        encoder.get("model_type") == "bert"
        and encoder.get("hidden_act") == "gelu"
        and encoder.get("position_embedding_type", "absolute") == "absolute"
        and not encoder.get("is_decoder")
    )


def build_graph(
    config: ModelConfig, weights: Weights, ranges: Mapping[str, Range] | None = None
) -> onnx.ModelProto:
    """The graph over the inputs of :func:`tagger.features.collate`.

    ``weights`` are those of ``model.safetensors``. A linear layer whose name is in ``ranges``
    multiplies 8-bit numbers, the others stay float32.
    """
    graph = _Graph(weights, ranges or {})
    pieces = _encoder(graph, config)
    states = _characters(graph, pieces, config)
    states = _character_layer(graph, states, config)
    outputs = [
        graph.linear(states, "entity_head", name="entities"),
        graph.linear(states, "boundary_head", name="boundaries"),
        graph.linear(states, "type_head", name="types")
        if config.event_types
        else _nothing(graph, states, [0], "types"),
        _roles(graph, states, "role_query", config, "role_queries"),
        _roles(graph, states, "role_key", config, "role_keys"),
    ]
    return graph.finish(outputs, config)


def _encoder(graph: _Graph, config: ModelConfig) -> str:
    prefix = "encoder.embeddings."
    positions = graph.weights[prefix + "position_embeddings.weight"].astype(np.float32)
    positions = positions + graph.weights[prefix + "token_type_embeddings.weight"][0]
    length = graph.add("Slice", [graph.add("Shape", ["piece_ids"]), *graph.integers([1], [2])])
    first = graph.add(
        "Slice", [graph.constant("positions", positions), *graph.integers([0]), length]
    )
    words = graph.rows(prefix + "word_embeddings.weight", "piece_ids")
    epsilon = config.encoder["layer_norm_eps"]
    states = graph.norm(graph.add("Add", [words, first]), prefix + "LayerNorm", epsilon)
    mask = graph.add("Cast", ["piece_mask"], to=_INT32)
    heads = config.encoder["num_attention_heads"]
    for number in range(config.encoder["num_hidden_layers"]):
        layer = f"encoder.encoder.layer.{number}."
        attention = layer + "attention."
        parts = [attention + f"self.{each}" for each in ("query", "key", "value")]
        seen = graph.attention([graph.linear(states, part) for part in parts], mask, heads)
        states = graph.residual_norm(
            graph.linear(seen, attention + "output.dense"),
            states,
            attention + "output.LayerNorm",
            epsilon,
        )
        states = _feed_forward(
            graph,
            states,
            (layer + "intermediate.dense", layer + "output.dense", layer + "output.LayerNorm"),
            epsilon,
        )
    return states


def _feed_forward(graph: _Graph, states: str, names: tuple[str, str, str], epsilon: float) -> str:
    expand, contract, norm = names
    inner = graph.add("Gelu", [graph.linear(states, expand)], domain=_MICROSOFT)
    return graph.residual_norm(graph.linear(inner, contract), states, norm, epsilon)


def _characters(graph: _Graph, pieces: str, config: ModelConfig) -> str:
    """The states of characters: their pieces' states with what they are and where they stand."""
    shape = graph.add("Shape", [pieces])
    batch, length, size = (
        graph.add("Slice", [shape, *graph.integers([place], [place + 1])]) for place in range(3)
    )
    flat = graph.add(
        "Reshape", [pieces, graph.add("Concat", [*graph.integers([-1]), size], axis=0)]
    )
    (zero,), (one,) = graph.integers(0), graph.integers(1)
    scalar = [graph.add("Squeeze", [each]) for each in (batch, length)]
    rows = graph.add("Range", [zero, scalar[0], one])
    offsets = graph.add("Unsqueeze", [graph.add("Mul", [rows, scalar[1]]), *graph.integers([1])])
    places = graph.add("Add", ["piece_of_character", offsets])
    own = graph.add(
        "Add",
        [
            graph.rows("character_embedding.weight", "character_ids"),
            graph.rows("place_embedding.weight", "place_in_piece"),
        ],
    )
    if config.known_names:
        own = graph.add("Add", [own, graph.rows("name_embedding.weight", "known_names")])
    gathered = graph.add("Gather", [flat, places], axis=0)
    return graph.residual_norm(gathered, own, "norm", _EPSILON)


def _character_layer(graph: _Graph, states: str, config: ModelConfig) -> str:
    layer = "character_layer."
    (zero,) = graph.integers(0)
    stands = graph.add("Greater", ["character_ids", zero])
    if config.character_reach:
        seen = _convolution(graph, states, stands, layer, config.character_reach)
    else:
        seen = _character_attention(graph, states, stands, layer, config)
    states = graph.residual_norm(seen, states, layer + "attention_norm", _EPSILON)
    names = (layer + "expand", layer + "contract", layer + "output_norm")
    return _feed_forward(graph, states, names, _EPSILON)


def _convolution(graph: _Graph, states: str, stands: str, layer: str, reach: int) -> str:
    """A product of every character's state and those of its neighbours, side by side."""
    mask = graph.add("Unsqueeze", [graph.add("Cast", [stands], to=_FLOAT), *graph.integers([2])])
    edges = graph.integers([0, reach, 0, 0, reach, 0])
    padded = graph.add("Pad", [graph.add("Mul", [states, mask]), *edges])
    length = graph.add("Slice", [graph.add("Shape", [states]), *graph.integers([1], [2])])
    shifted = []
    for place in range(2 * reach + 1):
        (start,) = graph.integers([place])
        end = graph.add("Add", [length, start])
        shifted.append(graph.add("Slice", [padded, start, end, *graph.integers([1])]))
    return graph.linear(graph.add("Concat", shifted, axis=-1), layer + "mix")


def _character_attention(
    graph: _Graph, states: str, stands: str, layer: str, config: ModelConfig
) -> str:
    size = config.encoder["hidden_size"]
    mask = graph.add("Cast", [stands], to=_INT32)
    parts = [
        graph.linear(
            states,
            layer + "attention_input",
            rows=slice(place * size, (place + 1) * size),
            name=layer + part,
        )
        for place, part in enumerate(("query", "key", "value"))
    ]
    seen = graph.attention(parts, mask, config.character_heads)
    return graph.linear(seen, layer + "attention_output")


def _roles(graph: _Graph, states: str, layer: str, config: ModelConfig, name: str) -> str:
    if not config.roles:
        return _nothing(graph, states, [0, config.role_size], name)
    return _rotated(graph, graph.linear(states, layer), config, name)


def _nothing(graph: _Graph, states: str, sizes: Sequence[int], name: str) -> str:
    """The scores of a model without such labels, [batch, characters, *sizes]: ONNX Runtime's
    operators refuse a width of nothing."""
    leading = graph.add("Slice", [graph.add("Shape", [states]), *graph.integers([0], [2])])
    shape = graph.add("Concat", [leading, *graph.integers(sizes)], axis=0)
    return graph.add("ConstantOfShape", [shape], name=name)


def _rotated(graph: _Graph, states: str, config: ModelConfig, name: str) -> str:
    """Rotary positions as in :mod:`tagger.network`, [batch, characters, 2 x roles, size]."""
    size, roles = config.role_size, 2 * len(config.roles)
    angles = np.arange(_LONGEST_WINDOW)[:, None] * 10000 ** (-np.arange(0, size, 2) / size)
    rotated = graph.add(
        "RotaryEmbedding",
        [
            states,
            *graph.integers([0]),
            graph.constant("cosines", np.cos(angles).astype(np.float32)),
            graph.constant("sines", np.sin(angles).astype(np.float32)),
        ],
        domain=_MICROSOFT,
        num_heads=roles,
        rotary_embedding_dim=size,
    )
    shape = graph.integers([0, 0, roles, size])
    return graph.add("Reshape", [rotated, *shape], name=name)


_FLOAT, _INT32 = 1, 6


class _Graph:
    """Nodes and constants under construction."""

    def __init__(self, weights: Weights, ranges: Mapping[str, Range]) -> None:
        self.weights = weights
        self._ranges = ranges
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}
        self._rounded_states: dict[str, tuple[str, str, str]] = {}

    def add(
        self, operator: str, inputs: Sequence[str], *, domain: str = "", name: str = "", **how: Any
    ) -> str:
        """Appends a node; returns the name of its only output."""
        from onnx import helper

        name = name or f"{operator}_{len(self._nodes)}"
        self._nodes.append(
            helper.make_node(operator, list(inputs), [name], name, domain=domain, **how)
        )
        return name

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """A constant, made once."""
        from onnx import numpy_helper

        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def weight(self, name: str) -> str:
        """A weight as a float32 constant."""
        return self.constant(name, self.weights[name].astype(np.float32))

    def integers(self, *values: int | Sequence[int]) -> list[str]:
        """Constants of 64-bit integers."""
        return [
            self.constant(f"integers_{each}", np.array(each, dtype=np.int64)) for each in values
        ]

    def rows(self, table: str, indexes: str) -> str:
        """Rows of an embedding table, which is kept in 8 bits with a scale for each row."""
        values = self.weights[table].astype(np.float32)
        scales = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12) / 127
        if not self._ranges:
            return self.add("Gather", [self.weight(table), indexes], axis=0)
        rounded = np.rint(values / scales).astype(np.int8)
        found = self.add("Gather", [self.constant(table, rounded), indexes], axis=0)
        widened = self.add("Cast", [found], to=_FLOAT)
        scale = self.add("Gather", [self.constant(table + ".scale", scales), indexes], axis=0)
        return self.add("Mul", [widened, scale])

    def norm(self, states: str, layer: str, epsilon: float) -> str:
        """Layer normalisation."""
        inputs = [states, self.weight(layer + ".weight"), self.weight(layer + ".bias")]
        return self.add("LayerNormalization", inputs, axis=-1, epsilon=epsilon)

    def residual_norm(self, states: str, residual: str, layer: str, epsilon: float) -> str:
        """Layer normalisation of a sum. ONNX Runtime's fused operator takes four times as long."""
        return self.norm(self.add("Add", [states, residual]), layer, epsilon)

    def attention(self, parts: Sequence[str], mask: str, heads: int) -> str:
        """Scaled dot-product attention over query, key and value [batch, length, size]."""
        inputs = [*parts, "", mask]
        return self.add("MultiHeadAttention", inputs, domain=_MICROSOFT, num_heads=heads)

    def linear(self, states: str, layer: str, *, rows: slice = slice(None), name: str = "") -> str:
        """``states`` times ``rows`` of a layer's weights, plus its bias."""
        label = name or layer
        matrix = self.weights[layer + ".weight"][rows].astype(np.float32).T
        bias = self.weights[layer + ".bias"][rows].astype(np.float32)
        if layer not in self._ranges:
            product = self.add("MatMul", [states, self.constant(label + ".matrix", matrix)])
            return self.add("Add", [product, self.constant(label + ".bias", bias)], name=name)
        scales = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / WEIGHT_LEVELS
        rounded, scale, zero = self._rounded(states, layer)
        inputs = [
            rounded,
            self.constant(label + ".matrix", np.rint(matrix / scales).astype(np.int8)),
            scale,
            self.constant(label + ".scales", scales.astype(np.float32)),
            zero,
            self.constant(label + ".zeros", np.zeros(len(scales), dtype=np.int8)),
            self.constant(label + ".bias", bias),
        ]
        return self.add("MatMulIntegerToFloat", inputs, domain=_MICROSOFT, name=name)

    def _rounded(self, states: str, layer: str) -> tuple[str, str, str]:
        """States in 8 bits, their scale and their zero; made once for all that read them."""
        if states not in self._rounded_states:
            scale, zero = steps(self._ranges[layer])
            names = (
                self.constant(layer + ".range", np.array(scale)),
                self.constant(layer + ".zero", np.array(zero)),
            )
            self._rounded_states[states] = (self.add("QuantizeLinear", [states, *names]), *names)
        return self._rounded_states[states]

    def finish(self, outputs: Sequence[str], config: ModelConfig) -> onnx.ModelProto:
        """The model with its inputs and outputs declared."""
        from onnx import TensorProto, helper

        lengths = {"piece_ids": "pieces", "piece_mask": "pieces"}
        inputs = [
            helper.make_tensor_value_info(
                name, TensorProto.INT64, ["batch", lengths.get(name, "characters")]
            )
            for name in inputs_of(config)
        ]
        roles = 2 * len(config.roles)
        widths: dict[str, list[int]] = {
            "entities": [len(config.entity_tags)],
            "boundaries": [5],
            "types": [len(config.event_types)],
            "role_queries": [roles, config.role_size],
            "role_keys": [roles, config.role_size],
        }
        declared = [
            helper.make_tensor_value_info(
                name, TensorProto.FLOAT, ["batch", "characters", *widths[name]]
            )
            for name in outputs
        ]
        graph = helper.make_graph(
            self._nodes, "tagger", inputs, declared, list(self._constants.values())
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        helper.set_model_props(model, {FIXED_SCALES: "true"})
        return model
