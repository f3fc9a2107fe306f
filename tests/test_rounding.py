"""Training with the products of the export."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import onnx
import torch

import tagger
from tagger.encoder import Backend, OnnxBackend, score_windows
from tagger.features import Features, Featurizer
from tagger.model import ONNX_FILE, ModelConfig
from training import checkpoints
from training.graph import build_graph
from training.prediction import TorchBackend
from training.ranges import measure_ranges
from training.readers.reading import read_examples
from training.rounding import RoundedLinear, set_ranges, use_rounding
from training.running import Start, run
from training.settings import Settings

TEXTS = ["贵州茅台在上海回购2%股份。", "平安与苏宁易购签约，" * 4]


def test_a_network_that_rounds_answers_as_its_onnx_file_does(
    tiny_model: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    config, network = checkpoints.load(folder)
    featurizer = Featurizer.load(folder, config)
    features = [featurizer(text) for text in TEXTS]
    ranges = measure_ranges(network, features, config.pad_piece)
    weights = {name: each.numpy() for name, each in network.state_dict().items()}
    onnx.save(build_graph(config, weights, ranges), str(folder / ONNX_FILE))
    whole = _logits(TorchBackend(network), features, config)
    use_rounding(network)
    set_ranges(network, ranges)
    rounded = _logits(TorchBackend(network), features, config)
    exported = _logits(OnnxBackend(folder), features, config)
    assert np.abs(rounded - exported).mean() < 0.6 * np.abs(whole - exported).mean()


def test_the_gradient_passes_through_and_stops_where_a_value_is_out_of_range() -> None:
    layer = torch.nn.Linear(2, 1, bias=False)
    layer.weight.data = torch.tensor([[0.25, 1.0]])
    use_rounding(layer)
    assert isinstance(layer, RoundedLinear)
    layer.range = (-1.0, 1.55)  # steps of 0.01
    values = torch.tensor([[0.123, 9.0]], requires_grad=True)
    (answer,) = layer(values)
    assert answer.item() == pytest.approx(0.12 * 16 / 63 + 1.55, abs=1e-4)
    answer.sum().backward()
    assert values.grad is not None and layer.weight.grad is not None
    assert values.grad.tolist() == [[pytest.approx(16 / 63), 0.0]]
    assert layer.weight.grad.tolist() == [[pytest.approx(0.12), pytest.approx(1.55)]]


def test_a_run_that_rounds_leaves_plain_weights(
    tiny_model: Path, gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    settings_file = tmp_path / "s.toml"
    settings_file.write_text(
        "epochs = 1\nbatch_size = 8\nthreads = 1\nquantization_aware = true\n", encoding="utf-8"
    )
    train, dev = (read_examples(path)[:8] for path in gold_parts)
    output = tmp_path / "rounded"
    run(Settings.load(settings_file), Start(None, tiny_model, "r", "1.0"), train, dev, output)
    before, after = (checkpoints.load(folder)[1].state_dict() for folder in (tiny_model, output))
    assert set(before) <= set(after)
    assert tagger.load(output)(TEXTS[0]).model == "r 1.0"


def _logits(backend: Backend, features: list[Features], config: ModelConfig) -> np.ndarray:
    found = score_windows(
        features, backend, config.pad_piece, lambda index, scores: (index, scores.entities.copy())
    )
    return np.concatenate([scores for _index, scores in sorted(found, key=lambda each: each[0])])
