"""A run may start from any encoder that reads Chinese, and says why where it cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
import transformers

from tagger.features import collate
from training import checkpoints
from training.attention import use_plain_attention
from training.corpora import Example

TEXT = "星河锂业拟减持蓝湾能源2%股份。"
EXAMPLES = [Example("1", TEXT * 2)]
LABELS = ("COMPANY",), ("divestment",), ("subject",)
SIZES = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2}

Publish = Callable[..., Path]


@pytest.fixture
def publish(tiny_encoder: Path, tmp_path: Path) -> Publish:
    """Writes a folder with a random encoder of a kind, and the tokenizer of ``tiny_encoder``."""

    def write(kind: str = "Bert", model: str = "Model", **sizes: Any) -> Path:
        torch.manual_seed(1)
        pieces = json.loads((tiny_encoder / "config.json").read_text("utf-8"))["vocab_size"]
        chosen = {"vocab_size": pieces, "intermediate_size": 64, "pad_token_id": 1} | SIZES | sizes
        settings = getattr(transformers, f"{kind}Config")(**chosen)
        folder = tmp_path / "encoder"
        getattr(transformers, kind + model)(settings).save_pretrained(folder)
        shutil.copy(tiny_encoder / "tokenizer.json", folder)
        return folder

    return write


def begin(encoder: Path, tmp_path: Path) -> checkpoints.Start:
    output = tmp_path / "model"
    output.mkdir(exist_ok=True)
    return checkpoints.start_new(str(encoder), EXAMPLES, output, ("n", "1"), LABELS)


def inputs(start: checkpoints.Start, *texts: str) -> dict[str, torch.Tensor]:
    config, _network, featurizer = start
    arrays = collate([featurizer(text) for text in texts], config.pad_piece, 32)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


@pytest.mark.parametrize(("size", "heads"), [(50, 1), (128, 2), (192, 3), (256, 4), (320, 5)])
def test_the_character_layer_fits_an_encoder_of_any_size(
    publish: Publish, tmp_path: Path, size: int, heads: int
) -> None:
    start = begin(publish(hidden_size=size), tmp_path)
    config, network, _featurizer = start
    assert (config.character_heads, config.character_feed_forward) == (heads, 2 * size)
    assert network(**inputs(start, TEXT)).entities.shape[-1] == 5


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        ("Bert", {}),
        ("Bert", {"is_decoder": True}),
        ("GPT2", {"n_embd": 48, "n_layer": 2, "n_head": 2}),
        ("Qwen2", {"num_attention_heads": 4, "num_key_value_heads": 2}),
        ("ModernBert", {"local_attention": 8}),
    ],
)
def test_an_encoder_attends_in_training_as_it_does_afterwards(
    publish: Publish, tmp_path: Path, kind: str, sizes: dict[str, Any]
) -> None:
    start = begin(publish(kind, **sizes), tmp_path)
    network = start[1].eval()
    for texts in ([TEXT], [TEXT * 3, TEXT]):
        given = inputs(start, *texts)
        seen = given["character_ids"] != 0
        with torch.no_grad():
            own = network(**given).entities[seen]
            use_plain_attention(network.encoder)
            plain = network(**given).entities[seen]
        network.encoder.set_attn_implementation("sdpa")
        assert (own - plain).abs().max() < 1e-5
