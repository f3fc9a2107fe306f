"""The ONNX graph says what the network says, whatever the network is made of."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import onnx
import torch

from tagger.encoder import OnnxBackend, score_windows
from tagger.features import Featurizer
from tagger.model import CHARACTERS_FILE, ONNX_FILE, TOKENIZER_FILE, ModelConfig
from tagger.network import build
from training.graph import build_graph
from training.prediction import TorchBackend

TEXTS = ["贵州茅台在上海回购2%股份。", "好", "乙" * 50, "平安与苏宁易购签约，" * 4]


@pytest.mark.parametrize("reach", [0, 1, 3])
@pytest.mark.parametrize("known_names", [(), ("COMPANY", "COMPANY?", "LOCATION")])
def test_the_graph_is_the_network(
    tiny_model: Path, tmp_path: Path, reach: int, known_names: tuple[str, ...]
) -> None:
    torch.manual_seed(2)
    for name in (TOKENIZER_FILE, CHARACTERS_FILE):
        shutil.copy(tiny_model / name, tmp_path)
    config = replace(ModelConfig.load(tiny_model), character_reach=reach, known_names=known_names)
    network = build(config, tmp_path).eval()
    if network.name_embedding is not None:
        torch.nn.init.normal_(network.name_embedding.weight)
    weights = {name: each.numpy() for name, each in network.state_dict().items()}
    onnx.save(build_graph(config, weights), str(tmp_path / ONNX_FILE))
    featurizer = Featurizer.load(tmp_path, config)
    features = [featurizer(text) for text in TEXTS]
    ours, theirs = (
        dict(score_windows(features, backend, config.pad_piece, lambda *found: found))
        for backend in (OnnxBackend(tmp_path), TorchBackend(network))
    )
    for index, got in ours.items():
        for name, expected in theirs[index]._asdict().items():
            difference = np.abs(getattr(got, name) - expected).max()
            assert difference < 1e-4, (TEXTS[index], name)
