"""A network that others teach."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

import tagger
from tagger.features import Featurizer
from tagger.model import CHARACTERS_FILE, ModelConfig
from tagger.network import CharacterTagger, build
from training import checkpoints
from training.batches import Batch, make_batch, make_sample
from training.corpora import Example
from training.readers.reading import read_examples
from training.running import Start, run
from training.settings import Settings
from training.teacher import Teacher

TEXTS = ("星河锂业拟减持蓝湾能源2%股份。", "平安回购。")
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
    run(Settings.load(settings_file), start, train, dev, output, teachers=[tiny_model])
    whole, short = ModelConfig.load(tiny_model), ModelConfig.load(output)
    assert whole.encoder["num_hidden_layers"] == 2
    assert short.encoder["num_hidden_layers"] == 1
    assert (short.character_reach, short.entity_labels) == (2, whole.entity_labels)
    names = set(checkpoints.load(output)[1].state_dict())
    assert "character_layer.mix.weight" in names
    assert not [name for name in names if "character_layer.attention_input" in name]
    assert tagger.load(output)("星河锂业拟减持蓝湾能源2%股份。").model == "short 1.0"


@pytest.fixture
def other_model(tiny_model: Path, tmp_path: Path) -> Path:
    """A model of the same labels that answers otherwise, and sees a trigger everywhere."""
    folder = Path(shutil.copytree(tiny_model, tmp_path / "other"))
    _config, network = checkpoints.load(folder)
    with torch.no_grad():
        network.entity_head.weight.neg_()
        network.boundary_head.bias[1] += 20
    checkpoints.write_weights(network, folder)
    return folder


def batch_of(model: Path, *texts: str) -> tuple[CharacterTagger, Batch]:
    config, network = checkpoints.load(model)
    featurizer = Featurizer.load(model, config)
    samples = [make_sample(Example(text, text, (), ()), featurizer, config) for text in texts]
    return network, make_batch(samples, config)


def test_several_teachers_ask_for_the_mean_of_their_probabilities(
    tiny_model: Path, other_model: Path, tmp_path: Path
) -> None:
    network, batch = batch_of(tiny_model, *TEXTS)
    config, other = checkpoints.load(other_model)
    with torch.no_grad():
        states = network.states(**batch.inputs)
        own, others = network.read(states), other.read(other.states(**batch.inputs))
        mean = own._replace(
            entities=((own.entities.softmax(-1) + others.entities.softmax(-1)) / 2).log(),
            boundaries=((own.boundaries.softmax(-1) + others.boundaries.softmax(-1)) / 2).log(),
        )
        both = [tiny_model, other_model]
        teacher = Teacher(both, config)
        losses = [float(teacher.loss(states, each, batch)) for each in (mean, own, others)]
        # States, queries and keys of two models have no mean that could be asked for.
        moved = float(teacher.loss(states + 1, mean, batch))
        remembering = Teacher(both, config, memory=tmp_path / "states.bin")
        remembered = [float(remembering.loss(states, mean, batch)) for _epoch in range(2)]
        assert len(list(tmp_path.glob("*.bin"))) == 2
        remembering.clear()
    assert losses[0] < min(losses[1:]) - 0.01
    assert moved == losses[0]
    assert remembered[0] == remembered[1] == pytest.approx(losses[0], rel=0.02)
    assert not list(tmp_path.glob("*.bin"))


def test_a_teacher_of_another_size_teaches_what_it_answers(
    tiny_model: Path, tmp_path: Path
) -> None:
    network, batch = batch_of(tiny_model, *TEXTS)
    config = ModelConfig.load(tiny_model)
    wider = replace(config, encoder=config.encoder | {"hidden_size": 48})
    folder = Path(shutil.copytree(tiny_model, tmp_path / "wider"))
    wider.save(folder)
    checkpoints.write_weights(build(wider, folder), folder)
    teacher = Teacher([folder], config)
    with torch.no_grad():
        states = network.states(**batch.inputs)
        own = network.read(states)
        losses = [float(teacher.loss(each, own, batch)) for each in (states, states + 1)]
    assert losses[0] == losses[1] > 0


def test_teachers_of_different_labels_are_refused(tiny_model: Path, other_model: Path) -> None:
    config = ModelConfig.load(tiny_model)
    fewer = replace(config, event_types=config.event_types[:-1])
    fewer.save(other_model)
    _known, network = checkpoints.load(tiny_model)
    weights = network.state_dict()
    for name in ("type_head.weight", "type_head.bias"):
        weights[name] = weights[name][:-1]
    network.type_head = torch.nn.Linear(network.type_head.in_features, len(fewer.event_types))
    network.load_state_dict(weights)
    checkpoints.write_weights(network, other_model)
    with pytest.raises(ValueError, match=r"other has other event_types than .*same labels"):
        Teacher([tiny_model, other_model], config)


def test_a_new_model_reads_the_characters_of_its_teacher(
    tiny_model: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    config = ModelConfig.load(tiny_model)
    labels = config.entity_labels, config.event_types, config.roles
    examples = [Example("1", "新字新字")]
    checkpoints.start_new(
        str(tiny_encoder), examples, tmp_path, ("n", "1"), labels, like=tiny_model
    )
    checkpoints.check_alike([tiny_model], tmp_path)
    checkpoints.start_new(str(tiny_encoder), examples, tmp_path, ("n", "1"), labels)
    assert (tmp_path / CHARACTERS_FILE).read_text(encoding="utf-8") == "字新\n"
    with pytest.raises(ValueError, match=r"has another characters\.txt"):
        checkpoints.check_alike([tiny_model], tmp_path)


def test_a_teacher_reads_as_many_pieces_as_the_model_that_learns_from_it(
    tiny_model: Path, other_model: Path
) -> None:
    replace(ModelConfig.load(tiny_model), max_pieces=96).save(other_model)
    checkpoints.check_alike([tiny_model], other_model)
    with pytest.raises(ValueError, match="other reads 96 pieces at a time, and the model"):
        checkpoints.check_alike([other_model], tiny_model)
