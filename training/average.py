"""Averages the weights of models that differ in their seed alone: as fast as one, better than each.

``python -m training.average --model A --model B --model C --sample train.jsonl --dev dev.jsonl
--output DIR``

The models must come from one start, or their average is noise (Wortsman et al. 2022, "Model
soups"). The report and the card of the average say what each of them reached.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import torch
import typer

from tagger.encoder import OnnxBackend
from tagger.features import Featurizer
from tagger.model import CHARACTERS_FILE, TOKENIZER_FILE, ModelConfig
from tagger.network import read_weights
from training import checkpoints
from training.calibrate import calibrate
from training.card import write_card
from training.corpora import read_examples, read_texts
from training.export import export
from training.prediction import evaluate
from training.report import seed_results, write_averaged_report

_FEWEST = 2


def average(models: Sequence[Path], output: Path) -> None:
    """Writes configuration, tokenizer, characters and mean weights of model folders to ``output``.

    Raises ValueError for fewer than two, or for models that read or answer otherwise than the
    first.
    """
    if len(models) < _FEWEST:
        raise ValueError("an average takes two models or more; repeat --model")
    first, *others = models
    config = _compared(first)
    for other in others:
        for name, value in vars(_compared(other)).items():
            if value != getattr(config, name):
                raise ValueError(f"{other} has another {name} than {first}: no average of the two")
        for name in (TOKENIZER_FILE, CHARACTERS_FILE):
            if (other / name).read_bytes() != (first / name).read_bytes():
                raise ValueError(f"{other} has another {name} than {first}: no average of the two")
    output.mkdir(parents=True, exist_ok=True)
    for name in (TOKENIZER_FILE, CHARACTERS_FILE):
        shutil.copyfile(first / name, output / name)
    replace(ModelConfig.load(first), temperatures={}).save(output)
    states = [read_weights(each) for each in models]
    mean = {
        name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]
    }
    checkpoints.write_weights(mean, output)


def _compared(folder: Path) -> ModelConfig:
    return replace(ModelConfig.load(folder), name="", version="", temperatures={})


def _main(
    model: Annotated[list[Path], typer.Option(help="a model folder; repeat for each")],
    sample: Annotated[Path, typer.Option(help="JSONL whose texts prove the export")],
    dev: Annotated[Path, typer.Option(help="annotated JSONL to calibrate and score it on")],
    output: Annotated[Path, typer.Option(help="the model folder to write")],
) -> None:
    """Average models that differ in their seed, export and report."""
    try:
        runs = seed_results(model)
        average(model, output)
        export(output, list(read_texts(sample)))
        held_out = read_examples(dev)
    except (ValueError, OSError) as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(2) from error
    reliability = calibrate(output, held_out)
    config = ModelConfig.load(output)
    scores = evaluate(OnnxBackend(output), config, Featurizer.load(output, config), held_out)
    write_averaged_report(output, config, model[0], runs, scores, reliability)
    write_card(output)
    for layer, found in scores.items():
        each = ", ".join(f"{run.f1[layer]:.4f}" for run in runs)
        print(f"{layer}: {found['all'].f1:.4f} (of the models: {each})")


if __name__ == "__main__":
    typer.run(_main)
