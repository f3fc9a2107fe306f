"""A training run: from examples to a folder that ``tagger.load`` reads."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from rich.console import Console

from tagger.encoder import OnnxBackend
from tagger.features import Featurizer
from tagger.model import ModelConfig
from training import checkpoints
from training.augment import NameReplacer
from training.batches import lost_in_cuts
from training.calibrate import calibrate
from training.card import write_card
from training.corpora import Example
from training.distillation import (
    forgotten,
    hold_heads,
    layers_in_use,
    rehearsal,
    with_opinion,
)
from training.encoders import longest_window, read_tokenizer
from training.export import check_exportable, export
from training.graph import is_supported
from training.loop import TrainingLoop
from training.origin import CHECKPOINT_FILE
from training.prediction import TorchBackend, evaluate
from training.report import write_report
from training.settings import Settings
from training.tasks import Labels, Task, auxiliary_config, labels_of
from training.teacher import Teacher

_MEMORY = "teacher_states.bin"

_console = Console(stderr=True)


@dataclass(frozen=True)
class Start:
    """Where a run starts: an encoder (folder or hub name) or a trained model folder, of which
    ``keep_labels`` keeps the labels that the training data does not use."""

    encoder: str | None
    model: Path | None
    name: str
    version: str
    keep_labels: bool = True


def run(
    settings: Settings,
    start: Start,
    examples: list[Example],
    held_out: list[Example],
    output: Path,
    auxiliary: Sequence[list[Example]] = (),
    resume: bool = False,
    teachers: Sequence[Path] = (),
    sources: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Trains, exports, calibrates and reports; everything goes to ``output``.

    ``sources`` are what the card names: the files and models of the run, by option.
    """
    _seed(settings)
    annotated = sum(each.entities is not None or each.events is not None for each in examples)
    output.mkdir(parents=True, exist_ok=True)
    labels = labels_of(examples)
    if resume and (output / CHECKPOINT_FILE).exists():
        config, model, featurizer = checkpoints.start_again(output)
    else:
        like = teachers[0] if teachers else None
        config, model, featurizer = _begun(settings, start, examples, output, labels, like)
    checkpoints.freeze(model, settings.frozen_layers)
    if settings.quantization_aware and not is_supported(config):
        raise ValueError(
            "quantization_aware rounds as the export of a BERT does, and this encoder is of the "
            f"kind {config.encoder['model_type']!r}; set it to false in --config"
        )
    texts = [example.text for example in examples]
    longest = min(
        settings.max_characters, longest_window(read_tokenizer(output), texts, config.max_pieces)
    )
    memory = _memory(settings, output, resume)
    checkpoints.check_alike(teachers, output)
    opinion = Teacher(teachers, config, memory=memory) if teachers else None
    if start.model is not None and start.keep_labels and not teachers:
        known = ModelConfig.load(start.model)
        if forgotten(known, labels):
            opinion = Teacher([start.model], config, layers_in_use(known, labels), memory)
            examples = [*with_opinion(examples, start.model), *rehearsal([*examples, *held_out])]
            hold_heads(model, labels)
    tasks = _tasks(config, featurizer, examples, auxiliary, settings, longest)
    sizes = "; ".join(f"{len(task.examples):,} paragraphs" for task in tasks)
    _console.print(
        f"{sizes} to train on, {len(held_out):,} held out, "
        f"{sum(each.numel() for each in model.parameters()):,} parameters"
    )

    if longest < settings.max_characters:
        _console.print(
            f"windows of {longest} characters, not of {settings.max_characters}: the encoder reads "
            f"{config.max_pieces} pieces at a time"
        )
    lost = lost_in_cuts(examples, longest)
    if lost:
        _console.print(
            f"{lost:,} annotated spans are not learned: a cut into windows of {longest} "
            "characters breaks them or parts them from their trigger",
            style="yellow",
        )

    def evaluate_network(network: torch.nn.Module) -> dict[str, float]:
        scores = evaluate(TorchBackend(network), config, featurizer, held_out, labels)
        return {layer: by_label["all"].f1 for layer, by_label in scores.items()}

    loop = TrainingLoop(model, tasks, evaluate_network, settings, output, _console, opinion)
    if resume and not loop.resume():
        _console.print(f"no checkpoint in {output}: starting from the beginning")
    history = loop.run()
    checkpoints.write_weights(model, output)
    export(output, [example.text for example in examples])
    reliability = calibrate(output, held_out)
    scores = evaluate(OnnxBackend(output), config, featurizer, held_out, labels)
    counts = {"train": annotated, "held_out": len(held_out)}
    write_report(output, config, settings, history, scores, counts, reliability, sources)
    write_card(output)
    loop.clear()
    if opinion is not None:
        opinion.clear()


def _begun(
    settings: Settings,
    start: Start,
    examples: list[Example],
    output: Path,
    labels: Labels,
    like: Path | None,
) -> checkpoints.Start:
    """The model as a run begins with it; one on a new encoder knows the characters of ``like``."""
    identity = start.name, start.version
    if start.model is None:
        begun = checkpoints.start_new(
            start.encoder or "", examples, output, identity, labels, settings.known_names, like
        )
        check_exportable(output, [example.text for example in examples], begun)
        return begun
    return checkpoints.start_from(
        start.model,
        output,
        identity,
        labels,
        settings.layers,
        settings.known_names,
        settings.character_reach,
        start.keep_labels,
    )


def _memory(settings: Settings, output: Path, resume: bool) -> Path | None:
    """Where a teacher's states are kept, if its windows come back in a later epoch."""
    if settings.epochs == 1 or settings.replaced_names:
        return None
    path = output / _MEMORY
    if not resume:
        for each in output.glob(f"{path.stem}*{path.suffix}"):
            each.unlink()
    return path


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
    longest: int,
) -> list[Task]:
    replacer = None
    if settings.replaced_names:
        replacer = NameReplacer.of(examples, config.entity_labels, settings.replaced_names)
    size = settings.batch_size
    own = Task(config, featurizer, examples, settings.epochs, size, longest, replacer)
    epochs, size = settings.auxiliary_epochs, settings.auxiliary_batch_size
    return [own] + [
        Task(auxiliary_config(config, each), featurizer, each, epochs, size, longest)
        for each in auxiliary
    ]
