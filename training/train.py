"""Trains a tagger: ``python -m training.train --train A.jsonl --dev B.jsonl --output DIR``.

Any label set works: the labels that the training file holds are what the model learns. The run
ends with the ONNX export, so that ``tagger.load(DIR)`` reads the result.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console

from tagger.encoder import Backend, OnnxBackend
from tagger.features import Featurizer
from tagger.model import ModelConfig
from tagger.resources import resource_path
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, ROLES
from training import checkpoints
from training.batches import cut, make_sample
from training.calibrate import calibrate
from training.card import write_card
from training.corpora import CorpusError, Example, read_examples
from training.export import export
from training.loop import TrainingLoop
from training.prediction import TorchBackend, predict
from training.report import write_report
from training.scoring import LAYERS, Score, score
from training.settings import Settings

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
        run(settings, start, examples, held_out, output, resume)
    except (CorpusError, ValueError, OSError) as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error


def run(
    settings: Settings,
    start: Start,
    examples: list[Example],
    held_out: list[Example],
    output: Path,
    resume: bool = False,
) -> None:
    """Trains, exports, calibrates and reports; everything goes to ``output``."""
    _seed(settings)
    output.mkdir(parents=True, exist_ok=True)
    labels = labels_of(examples)
    identity = start.name, start.version
    if resume and (output / checkpoints.FILE).exists():
        config, model, featurizer = checkpoints.start_again(output)
    elif start.model is not None:
        config, model, featurizer = checkpoints.start_from(start.model, output, identity, labels)
    else:
        config, model, featurizer = checkpoints.start_new(
            start.encoder or "", examples, output, identity, labels
        )
    samples = [
        make_sample(part, featurizer, config)
        for example in examples
        for part in cut(example, settings.max_characters)
    ]
    _console.print(
        f"{len(samples):,} windows to train on, {len(held_out):,} paragraphs held out, "
        f"{sum(each.numel() for each in model.parameters()):,} parameters"
    )

    def evaluate_network(network: torch.nn.Module) -> dict[str, float]:
        scores = evaluate(TorchBackend(network), config, featurizer, held_out)
        return {layer: by_label["all"].f1 for layer, by_label in scores.items()}

    loop = TrainingLoop(model, samples, evaluate_network, settings, output, _console)
    if resume and not loop.resume():
        _console.print(f"no checkpoint in {output}: starting from the beginning")
    history = loop.run()
    checkpoints.write_weights(model, output)
    export(output, [example.text for example in held_out])
    reliability = calibrate(output, held_out)
    scores = evaluate(OnnxBackend(output), config, featurizer, held_out)
    sizes = {"train": len(examples), "held_out": len(held_out)}
    write_report(output, config, settings, history, scores, sizes, reliability)
    write_card(output)
    loop.clear()


def labels_of(examples: list[Example]) -> checkpoints.Labels:
    """Entity labels, event types and roles of the examples: known ones in the schema's order,
    then the others by name."""
    entities = {span.label for example in examples for span in example.entities or ()}
    events = [event for example in examples for event in example.events or ()]
    types = {event.trigger.label for event in events}
    roles = {span.label for event in events for span in event.arguments}
    return _ordered(entities, ENTITY_LABELS), _ordered(types, EVENT_TYPES), _ordered(roles, ROLES)


def evaluate(
    backend: Backend, config: ModelConfig, featurizer: Featurizer, examples: list[Example]
) -> dict[str, dict[str, Score]]:
    """Scores by layer and label."""
    found = predict(examples, config, featurizer, backend)
    pairs = list(zip(examples, found, strict=True))
    return {layer: score(pairs, layer) for layer in LAYERS}


def _seed(settings: Settings) -> None:
    random.seed(settings.seed)
    np.random.seed(settings.seed)
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)


def _ordered(labels: set[str], known: dict[str, str]) -> tuple[str, ...]:
    return tuple(label for label in known if label in labels) + tuple(sorted(labels - set(known)))


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
