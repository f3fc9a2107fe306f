"""Trains a tagger: ``python -m training.train --train A.jsonl --dev B.jsonl --output DIR``.

Any label set works: the labels that the training file holds are what the model learns. The run
ends with the ONNX export, so that ``tagger.load(DIR)`` reads the result.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console

from tagger.encoder import OnnxBackend
from tagger.features import Featurizer
from tagger.model import ModelConfig
from tagger.resources import resource_path
from training import checkpoints
from training.augment import NameReplacer
from training.calibrate import calibrate
from training.card import write_card
from training.corpora import (
    CorpusError,
    Example,
    not_near,
    read_examples,
    read_sound_examples,
    read_texts,
)
from training.distillation import with_opinion
from training.export import export
from training.loop import TrainingLoop
from training.prediction import TorchBackend, evaluate
from training.report import write_report
from training.settings import Settings
from training.tasks import Task, auxiliary_config, labels_of
from training.teacher import Teacher

_SHIPPED = "shipped"

_console = Console(stderr=True)


@dataclass(frozen=True)
class Start:
    """Where a run starts: an encoder (folder or hub name) or a trained model folder."""

    encoder: str | None
    model: Path | None
    name: str
    version: str


def train(
    train: Annotated[
        list[Path] | None, typer.Option(help="annotated JSONL; may be repeated")
    ] = None,
    dev: Annotated[
        Path | None, typer.Option(help="annotated JSONL that training does not see")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="the model folder to write")] = None,
    auxiliary: Annotated[
        list[Path] | None,
        typer.Option(help="JSONL annotated by other rules, learned from beside it; repeatable"),
    ] = None,
    teacher: Annotated[
        Path | None,
        typer.Option(help="a trained model folder whose answers are learned too, see `layers`"),
    ] = None,
    unlabelled: Annotated[
        list[Path] | None,
        typer.Option(help="JSONL with texts on which only the teacher answers; repeatable"),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help="start from a Hugging Face encoder, by folder or name")
    ] = None,
    init: Annotated[
        str | None, typer.Option(help="start from a trained model: 'shipped', or its folder")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings")] = None,
    name: Annotated[str, typer.Option(help="the model's name")] = "custom",
    version: Annotated[str, typer.Option(help="the model's version")] = "1.0",
    resume: Annotated[
        bool, typer.Option(help="go on from the last checkpoint in --output")
    ] = False,
    print_config: Annotated[bool, typer.Option(help="print every setting and stop")] = False,
) -> None:
    """Train a model on annotated paragraphs and export it."""
    try:
        settings = Settings.load(config)
        if print_config:
            print(settings.to_toml(), end="")
            return
        if not train or dev is None or output is None:
            raise ValueError("--train, --dev and --output are all needed")
        if (encoder is None) == (init is None):
            raise ValueError("give one of --encoder and --init")
        folder = resource_path("models/default") if init == _SHIPPED else Path(init or "")
        start = Start(encoder, folder if init else None, name, version)
        examples = [example for path in train for example in read_examples(path)]
        held_out = read_examples(dev)
        _check_apart(examples, held_out)
        beside = [_read_auxiliary(path) for path in auxiliary or ()]
        if unlabelled:
            if teacher is None:
                raise ValueError("--unlabelled teaches through --teacher: name a trained model")
            examples += _unlabelled(unlabelled, [*examples, *held_out])
        run(settings, start, examples, held_out, output, beside, resume, teacher)
    except (CorpusError, ValueError, OSError) as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error


def run(
    settings: Settings,
    start: Start,
    examples: list[Example],
    held_out: list[Example],
    output: Path,
    auxiliary: Sequence[list[Example]] = (),
    resume: bool = False,
    teacher: Path | None = None,
) -> None:
    """Trains, exports, calibrates and reports; everything goes to ``output``."""
    _seed(settings)
    output.mkdir(parents=True, exist_ok=True)
    labels = labels_of(examples)
    identity = start.name, start.version
    if resume and (output / checkpoints.FILE).exists():
        config, model, featurizer = checkpoints.start_again(output)
    elif start.model is not None:
        config, model, featurizer = checkpoints.start_from(
            start.model, output, identity, labels, settings.layers
        )
    else:
        config, model, featurizer = checkpoints.start_new(
            start.encoder or "", examples, output, identity, labels
        )
    if start.model is not None:
        examples = with_opinion(examples, start.model)
    tasks = _tasks(config, featurizer, examples, auxiliary, settings)
    sizes = "; ".join(f"{len(task.examples):,} paragraphs" for task in tasks)
    _console.print(
        f"{sizes} to train on, {len(held_out):,} held out, "
        f"{sum(each.numel() for each in model.parameters()):,} parameters"
    )

    def evaluate_network(network: torch.nn.Module) -> dict[str, float]:
        scores = evaluate(TorchBackend(network), config, featurizer, held_out, labels)
        return {layer: by_label["all"].f1 for layer, by_label in scores.items()}

    opinion = Teacher(teacher, config) if teacher is not None else None
    loop = TrainingLoop(model, tasks, evaluate_network, settings, output, _console, opinion)
    if resume and not loop.resume():
        _console.print(f"no checkpoint in {output}: starting from the beginning")
    history = loop.run()
    checkpoints.write_weights(model, output)
    export(output, [example.text for example in examples])
    reliability = calibrate(output, held_out)
    scores = evaluate(OnnxBackend(output), config, featurizer, held_out, labels)
    counts = {"train": len(examples), "held_out": len(held_out)}
    write_report(output, config, settings, history, scores, counts, reliability)
    write_card(output)
    loop.clear()


def _read_auxiliary(path: Path) -> list[Example]:
    """A published corpus as it is: what is at fault in it is said and left out."""
    examples, faults = read_sound_examples(path)
    for fault in faults:
        _console.print(f"left out: {fault}", style="yellow", markup=False)
    return examples


def _unlabelled(paths: Sequence[Path], known: Sequence[Example]) -> list[Example]:
    """Texts without annotation, less those that are near to an annotated or held-out one."""
    texts = dict.fromkeys(text for path in paths for text in read_texts(path))
    candidates = [Example(f"text {number}", text) for number, text in enumerate(texts, 1)]
    return not_near(candidates, known)


def _seed(settings: Settings) -> None:
    random.seed(settings.seed)
    np.random.seed(settings.seed)
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)


def _tasks(
    config: ModelConfig,
    featurizer: Featurizer,
    examples: list[Example],
    auxiliary: Sequence[list[Example]],
    settings: Settings,
) -> list[Task]:
    replacer = None
    if settings.replaced_names:
        replacer = NameReplacer.of(examples, config.entity_labels, settings.replaced_names)
    longest = settings.max_characters
    size = settings.batch_size
    own = Task(config, featurizer, examples, settings.epochs, size, longest, replacer)
    epochs, size = settings.auxiliary_epochs, settings.auxiliary_batch_size
    return [own] + [
        Task(auxiliary_config(config, each), featurizer, each, epochs, size, longest)
        for each in auxiliary
    ]


def _check_apart(examples: list[Example], held_out: list[Example]) -> None:
    seen = {example.text for example in examples}
    shared = [example.id for example in held_out if example.text in seen]
    if shared:
        raise ValueError(
            f"{len(shared)} texts of --dev are in --train too ({', '.join(shared[:5])}); "
            "figures from text that training saw say nothing: take them out of one of the files"
        )


if __name__ == "__main__":
    typer.run(train)
