"""A shorter network that a larger one teaches."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

import tagger
from tagger.model import ModelConfig
from training import checkpoints
from training.readers.reading import read_examples
from training.running import Start, run
from training.settings import Settings

SETTINGS = """\
epochs = 1
batch_size = 8
layers = 1
character_reach = 2
threads = 1
"""


def test_a_network_of_fewer_layers_learns_from_the_one_it_starts_from(
    tiny_model: Path, gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    settings_file = tmp_path / "s.toml"
    settings_file.write_text(SETTINGS, encoding="utf-8")
    train, dev = (read_examples(path)[:8] for path in gold_parts)
    output = tmp_path / "short"
    start = Start(None, tiny_model, "short", "1.0")
    run(Settings.load(settings_file), start, train, dev, output, teacher=tiny_model)
    whole, short = ModelConfig.load(tiny_model), ModelConfig.load(output)
    assert whole.encoder["num_hidden_layers"] == 2
    assert short.encoder["num_hidden_layers"] == 1
    assert (short.character_reach, short.entity_labels) == (2, whole.entity_labels)
    names = set(checkpoints.load(output)[1].state_dict())
    assert "character_layer.mix.weight" in names
    assert not [name for name in names if "character_layer.attention_input" in name]
    assert tagger.load(output)("星河锂业拟减持蓝湾能源2%股份。").model == "short 1.0"
