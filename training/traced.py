"""The ONNX file of an encoder that :mod:`training.graph` does not know: traced from torch."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from tagger.encoder import inputs_of
from tagger.features import Features, collate
from tagger.model import ModelConfig
from tagger.network import CharacterTagger, Outputs

# How encoders call what the last layer of a feed-forward block reads; the second is DistilBERT's.
_FEED_FORWARD = ("intermediate_size", "hidden_dim")
# The products above the encoder that stay float, by their names in the graph.
_HEADS = ("entity_head", "boundary_head", "type_head", "role_query", "role_key")
_WIDE = {f"/model/{each}/MatMul" for each in (*_HEADS, "character_layer/contract")}


def trace(
    model: CharacterTagger, features: Sequence[Features], config: ModelConfig, path: Path
) -> None:
    """Writes the graph in float32; ``features`` are an example of its inputs."""
    arrays = collate(features, config.pad_piece)
    names = inputs_of(config)
    inputs = tuple(torch.from_numpy(arrays[name]) for name in names)
    lengths = {"piece_ids": "pieces", "piece_mask": "pieces"}
    axes = {name: {0: "batch", 1: lengths.get(name, "characters")} for name in names}
    axes |= {name: {0: "batch", 1: "characters"} for name in Outputs._fields}
    with warnings.catch_warnings():
        # Tracing warns of all that it freezes; the export proves the graph against torch.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Positional(model.eval()),
            inputs,
            str(path),
            input_names=list(names),
            output_names=list(Outputs._fields),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def quantize(source: Path, target: Path, config: ModelConfig) -> None:
    """Rounds weights to 8 bits, all but the heads and those that read an activation function.

    What GELU lets through has outliers that 8 bits lose: rounding the encoder's twelve such
    matrices too cost 0.9 points of entity F1 on the held-out paragraphs.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    graph = onnx.load(str(prepared)).graph
    sizes = {config.encoder.get(name) for name in _FEED_FORWARD} - {config.encoder["hidden_size"]}
    read_gelu = {
        each.name for each in graph.initializer if len(each.dims) == 2 and each.dims[0] in sizes
    }
    quantize_dynamic(
        str(prepared),
        str(target),
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        # Without VNNI, sums of two 8-bit products overflow 16 bits; 7-bit weights cannot.
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[
            node.name
            for node in graph.node
            if node.op_type == "MatMul" and (node.name in _WIDE or read_gelu & set(node.input))
        ],
        extra_options={"MatMulConstBOnly": True},
    )
    _store_in_16_bits(target)


class _Positional(torch.nn.Module):
    """The network with its inputs in a fixed order, as ONNX wants them."""

    def __init__(self, model: CharacterTagger) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: torch.Tensor) -> Outputs:
        """See :meth:`CharacterTagger.forward`."""
        outputs: Outputs = self.model(*inputs)
        return outputs


def _store_in_16_bits(path: Path) -> None:
    """Stores the matrices that stayed float in half the space, widened when the file is loaded.

    Nothing is lost: they were read from ``model.safetensors``, which holds 16 bits.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(path))
    for constant in list(model.graph.initializer):
        if constant.data_type != TensorProto.FLOAT or len(constant.dims) < 2:
            continue
        values = numpy_helper.to_array(constant)
        narrow = values.astype(np.float16)
        if not np.array_equal(narrow.astype(np.float32), values):
            continue
        name = f"{constant.name}.float16"
        widen = helper.make_node("Cast", [name], [constant.name], to=TensorProto.FLOAT)
        model.graph.initializer.remove(constant)
        model.graph.initializer.append(numpy_helper.from_array(narrow, name))
        model.graph.node.insert(0, widen)
    onnx.save(model, str(path))
