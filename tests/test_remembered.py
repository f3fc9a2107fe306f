"""What a teacher says of a window is computed once, and the same after an interruption."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from tagger.features import Featurizer
from tagger.model import ModelConfig
from training import checkpoints
from training.batches import Batch, make_batch, make_sample
from training.corpora import Example
from training.readers.reading import read_examples
from training.remembered import RememberedStates
from training.running import Start, run
from training.settings import Settings
from training.teacher import Teacher

SHORT, LONG = "比特矿业停牌。", "星河锂业拟减持蓝湾能源2%股份,交易完成后不再持有任何股份。"


class Counted:
    """The states of a model, and how many windows it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.config, self.network = checkpoints.load(folder)
        self.size = self.network.entity_head.in_features
        self.windows = 0

    def __call__(self, **inputs: torch.Tensor) -> torch.Tensor:
        self.windows += len(inputs["character_ids"])
        with torch.no_grad():
            return self.network.states(**inputs)


def batch_of(folder: Path, *texts: str) -> Batch:
    config = ModelConfig.load(folder)
    featurizer = Featurizer.load(folder, config)
    samples = [make_sample(Example(text, text), featurizer, config) for text in texts]
    return make_batch(samples, config)


def test_a_window_is_read_once_whatever_stands_beside_it(tiny_model: Path, tmp_path: Path) -> None:
    compute = Counted(tiny_model)
    remembered = RememberedStates(tmp_path / "states", compute, compute.size)
    alone, beside = batch_of(tiny_model, SHORT), batch_of(tiny_model, LONG, SHORT, LONG)
    first = remembered(alone.inputs)
    again = remembered(beside.inputs)
    assert compute.windows == 3  # the last two are the same, and asked for together
    assert remembered(beside.inputs).equal(again)
    assert compute.windows == 3
    assert again[1, : len(SHORT)].equal(first[0, : len(SHORT)])
    wanted = compute(**beside.inputs)[0, : len(LONG)]
    assert torch.allclose(again[0, : len(LONG)].float(), wanted, atol=2e-3)
    assert not again[1, len(SHORT) :].any()


def test_a_file_cut_short_by_an_interruption_is_gone_on_with(
    tiny_model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "states"
    compute = Counted(tiny_model)
    batch = batch_of(tiny_model, SHORT, LONG)
    whole = RememberedStates(path, compute, compute.size)(batch.inputs)
    written = path.read_bytes()
    for kept, new in ((len(written), 0), (len(written) - 1, 1), (10, 2), (0, 2)):
        path.write_bytes(written[:kept])
        compute.windows = 0
        assert RememberedStates(path, compute, compute.size)(batch.inputs).equal(whole)
        assert compute.windows == new
        assert path.read_bytes() == written


def test_states_of_another_model_are_not_taken(tiny_model: Path, tmp_path: Path) -> None:
    compute = Counted(tiny_model)
    inputs = batch_of(tiny_model, SHORT).inputs
    for model, windows in ((b"one", 1), (b"other", 2), (b"one", 2)):
        RememberedStates(tmp_path / "states", compute, compute.size, model)(inputs)
        assert compute.windows == windows


def test_other_names_of_the_lexicon_make_another_window(tiny_model: Path, tmp_path: Path) -> None:
    compute = Counted(tiny_model)
    remembered = RememberedStates(tmp_path / "states", compute, compute.size)
    inputs = batch_of(tiny_model, SHORT).inputs
    remembered(inputs)
    for name in ("piece_ids", "character_ids", "known_names"):
        if name in inputs:
            changed = inputs[name].clone()
            changed[0, 1] += 1
            remembered(inputs | {name: changed})
    assert compute.windows == 1 + 2 + ("known_names" in inputs)


def test_a_teacher_that_remembers_says_the_same(tiny_model: Path, tmp_path: Path) -> None:
    config, network = checkpoints.load(tiny_model)
    batch = batch_of(tiny_model, SHORT, LONG)
    with torch.no_grad():
        states = network.states(**batch.inputs) + 0.1
        outputs = network.read(states)
        plain = Teacher([tiny_model], config).loss(states, outputs, batch)
        remembering = Teacher([tiny_model], config, memory=tmp_path / "states")
        losses = [remembering.loss(states, outputs, batch) for _epoch in range(2)]
    assert losses[0] == losses[1]
    assert torch.allclose(losses[0], plain, rtol=1e-2)


def test_a_run_leaves_no_states_behind(
    tiny_model: Path, gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    train, dev = (read_examples(path)[:8] for path in gold_parts)
    settings = Settings(epochs=2, batch_size=8, threads=1)
    start = Start(None, tiny_model, "taught", "1.0")
    run(settings, start, train, dev, tmp_path, teachers=[tiny_model] * 2)
    assert not list(tmp_path.glob("*.bin"))
    assert (tmp_path / "model.onnx").is_file()
