"""The average of models that differ in their seed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

pytest.importorskip("torch")

import torch

from tagger import load
from tagger.model import ModelConfig
from tagger.network import read_weights
from training import average, checkpoints
from training.report import LAYERS


@pytest.fixture
def pair(tiny_model: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The tiny model, and one from it with a seed, scores and weights of its own."""
    other = tmp_path / "other"
    shutil.copytree(tiny_model, other)
    report = json.loads((other / "scores.json").read_text("utf-8"))
    report["settings"]["seed"] += 1
    for layer in LAYERS:
        report["held_out"][layer]["all"]["f1"] = 0.25
    (other / "scores.json").write_text(json.dumps(report), "utf-8")
    state = read_weights(tiny_model)
    checkpoints.write_weights({name: 3 * tensor.float() for name, tensor in state.items()}, other)
    return tiny_model, other


def run(*arguments: object) -> tuple[int, str]:
    app = Typer()
    app.command()(average._main)
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output


def test_the_average_is_a_model_that_says_what_each_reached(
    pair: tuple[Path, Path], gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    train, dev = gold_parts
    output = tmp_path / "average"
    models = [part for each in pair for part in ("--model", each)]
    code, said = run(*models, "--sample", train, "--dev", dev, "--output", output)
    assert code == 0, said
    assert "entities: " in said and ", 0.2500)" in said
    first, mean = read_weights(pair[0]), read_weights(output)
    for name, tensor in first.items():
        assert torch.allclose(mean[name].float(), 2 * tensor.float(), rtol=2e-3, atol=1e-6)
    assert load(output)("星河锂业拟减持蓝湾能源。").text
    report = json.loads((output / "scores.json").read_text("utf-8"))
    seed = report["settings"]["seed"]
    assert [each["seed"] for each in report["averaged"]] == [seed, seed + 1]
    card = (output / "README.md").read_text("utf-8")
    assert f"| {seed + 1} | 0.2500 | 0.2500 | 0.2500 |" in card
    assert "| mean ± standard deviation | " in card


def test_models_that_do_not_belong_together_are_named(
    pair: tuple[Path, Path], gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    first, other = pair
    rest = ("--sample", gold_parts[0], "--dev", gold_parts[1], "--output", tmp_path / "average")
    assert "two models or more" in run("--model", first, *rest)[1]
    both = ("--model", first, "--model", other)
    config = ModelConfig.load(other)
    replace(config, event_types=config.event_types[1:]).save(other)
    code, said = run(*both, *rest)
    assert code == 2 and "another event_types" in said.replace("\n", " ")
    config.save(other)
    report = json.loads((other / "scores.json").read_text("utf-8"))
    report["settings"]["head_rate"] = 7.0
    (other / "scores.json").write_text(json.dumps(report), "utf-8")
    code, said = run(*both, *rest)
    assert code == 2 and "head_rate = 7.0" in said
    (other / "scores.json").unlink()
    code, said = run(*both, *rest)
    assert code == 2 and "no such file" in said
    assert not (tmp_path / "average").exists()
