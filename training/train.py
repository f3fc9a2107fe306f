"""Trains a tagger: ``python -m training.train --train A --dev B --output DIR``.

Any label set works: the labels that the training file holds are what the model learns. All data
is checked before torch is imported. The run ends with the ONNX export, so that ``tagger.load(DIR)``
reads the result.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tagger.model import CHARACTERS_FILE, WEIGHTS_FILE, ModelConfig
from tagger.resources import resource_path
from training.corpora import not_near, split
from training.examples import Example
from training.origin import begin, examples_said, finish, model_said, origin_of
from training.readers.collecting import HELD_OUT_SPLITS, TRAINING_SPLITS, Collector
from training.readers.content import read_texts
from training.readers.options import (
    SOURCES_ARE,
    FormatOption,
    MapLabelsOption,
    SkipFaultsOption,
)
from training.refusing import faults_said
from training.settings import Settings

_SHIPPED = "shipped"
_RETRAINING = Path(__file__).parent / "retrain.toml"
# What is held out where no --dev is given.
_HELD_OUT_SHARE = 0.1

_console = Console(stderr=True)


def train(
    train: Annotated[
        list[str] | None, typer.Option(help=f"annotated: {SOURCES_ARE}; may be repeated")
    ] = None,
    dev: Annotated[
        str | None,
        typer.Option(
            help="annotated, of the same kinds, and not seen in training; a tenth of --train is "
            "held out where it is not given"
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="the model folder to write")] = None,
    auxiliary: Annotated[
        list[str] | None,
        typer.Option(help="annotated by other rules, learned from beside it; repeatable"),
    ] = None,
    teacher: Annotated[
        list[Path] | None,
        typer.Option(
            help="a trained model folder whose answers are learned too, see `layers`; of several "
            "the mean"
        ),
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
    drop_labels: Annotated[
        bool,
        typer.Option(
            help="with --init: learn the labels of --train alone, in the place of those that the "
            "model knows"
        ),
    ] = False,
    format: FormatOption = None,
    map_labels: MapLabelsOption = None,
    skip_faults: SkipFaultsOption = False,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings")] = None,
    name: Annotated[str, typer.Option(help="the model's name")] = "custom",
    version: Annotated[str, typer.Option(help="the model's version")] = "1.0",
    resume: Annotated[
        bool, typer.Option(help="go on from the last checkpoint in --output")
    ] = False,
    print_config: Annotated[bool, typer.Option(help="print every setting and stop")] = False,
) -> None:
    """Train a model on annotated paragraphs and export it."""
    with faults_said():
        settings = Settings.load(config or (_RETRAINING if init else None))
        if print_config:
            print(settings.to_toml(), end="")
            return
        if not train or output is None:
            raise ValueError("--train and --output are both needed")
        if (encoder is None) == (init is None):
            raise ValueError("give one of --encoder and --init")
        folder = resource_path("models/default") if init == _SHIPPED else Path(init or "")
        _check_start(encoder, folder, settings)
        if drop_labels and init is None:
            raise ValueError("--drop-labels drops those of --init: name the model to start from")
        teachers = teacher or []
        if unlabelled and not teachers:
            raise ValueError("--unlabelled teaches through --teacher: name a trained model")
        for each in teachers:
            _check_model("--teacher", each)
        _check_output(output, encoder or folder, *teachers)
        collector = Collector(format, map_labels, skip_faults)
        examples = collector.read(train, TRAINING_SPLITS)
        held_out = collector.read([dev], HELD_OUT_SPLITS) if dev is not None else []
        beside = [collector.read_as_it_is(each, TRAINING_SPLITS) for each in auxiliary or ()]
        collector.check()
        collector.say_left_out(_console, output)
        _check_annotated(examples, held_out, bool(teachers))
        if dev is None:
            examples, held_out = _hold_out(examples, settings.seed)
        examples = _apart(examples, held_out)
        _say_retold(examples, held_out)
        _say_unknown_labels(examples, held_out)
        if unlabelled:
            examples += _unlabelled(unlabelled, [*examples, *held_out])
        origin = origin_of(
            settings,
            train=examples_said(examples),
            dev=examples_said(held_out),
            auxiliary=[examples_said(each) for each in beside],
            encoder=encoder,
            init=model_said(folder) if init else None,
            drop_labels=drop_labels,
            teacher=", ".join(map(model_said, teachers)),
            name=name,
            version=version,
        )
        if not begin(output, origin, resume):
            _console.print(f"{output} is finished: nothing is left to do", soft_wrap=True)
            return
        # torch takes seconds to import, which no fault of a file should wait for.
        from training.running import Start, run

        named = {
            "encoder": [encoder] if encoder else [],
            "init": [init] if init else [],
            "teacher": list(map(str, teachers)),
            "train": train,
            "auxiliary": auxiliary or [],
            "unlabelled": [str(path) for path in unlabelled or ()],
            "dev": [dev] if dev else [],
        }
        sources = {f"--{option}": names for option, names in named.items() if names}
        start = Start(encoder, folder if init else None, name, version, not drop_labels)
        try:
            run(settings, start, examples, held_out, output, beside, resume, teachers, sources)
        except KeyboardInterrupt:
            _console.print("interrupted; the same command with --resume goes on", style="yellow")
            raise typer.Exit(130) from None
        finish(output, origin)


def _check_start(encoder: str | None, model: Path, settings: Settings) -> None:
    if importlib.util.find_spec("torch") is None:
        raise ValueError("training needs torch: pip install -e '.[train]'")
    if encoder is None:
        _check_model("--init", model)
        return
    if settings.layers or settings.character_reach:
        raise ValueError("layers and character_reach change the model of --init: leave them at 0")
    if (Path(encoder) / CHARACTERS_FILE).is_file():
        raise ValueError(
            f"--encoder {encoder}: a model that a training run wrote; start from it with --init"
        )
    if Path(encoder).is_dir() and not (Path(encoder) / "config.json").is_file():
        raise ValueError(
            f"--encoder {encoder}: no config.json in it; give the folder of a Hugging Face encoder"
        )


def _check_model(option: str, folder: Path) -> None:
    ModelConfig.load(folder)
    if not (folder / WEIGHTS_FILE).is_file():
        raise ValueError(
            f"{option} {folder}: no {WEIGHTS_FILE}, which training reads; take the folder that a "
            "training run wrote"
        )


def _check_output(output: Path, *read: str | Path | None) -> None:
    """Raises ValueError if the run would write over a model that it reads."""
    if output.exists() and not output.is_dir():
        raise ValueError(f"--output {output}: not a folder; name the folder of the new model")
    for each in read:
        if each is not None and output.exists() and output.resolve() == Path(each).resolve():
            raise ValueError(
                f"--output {output}: this run reads the model there, and would write over it; name "
                "another folder"
            )


def _check_annotated(examples: list[Example], held_out: list[Example], taught: bool) -> None:
    """Raises ValueError where nothing is to be learned or measured, as with a misspelt key."""
    if not _labels(examples) and not taught:
        raise ValueError(
            f"none of the {len(examples):,} paragraphs of --train has an entity or an event; check "
            "that its records have 'entities' or 'events' with spans in them"
        )
    if held_out and all(each.entities is None and each.events is None for each in held_out):
        raise ValueError(
            f"none of the {len(held_out):,} paragraphs of --dev is annotated; check that its "
            "records have 'entities' or 'events'"
        )


def _hold_out(examples: list[Example], seed: int) -> tuple[list[Example], list[Example]]:
    kept, held_out = split(examples, _HELD_OUT_SHARE, seed)
    if not held_out:
        raise ValueError(
            f"{len(examples)} paragraphs are too few, or too much alike, to hold some out; give "
            "--dev, or more paragraphs"
        )
    _console.print(f"no --dev: {len(held_out):,} of {len(examples):,} paragraphs are held out")
    return kept, held_out


def _unlabelled(paths: Sequence[Path], known: Sequence[Example]) -> list[Example]:
    """Texts without annotation, less those that are near to an annotated or held-out one."""
    texts = dict.fromkeys(text for path in paths for text in read_texts(path))
    candidates = [Example(f"text {number}", text) for number, text in enumerate(texts, 1)]
    return not_near(candidates, known)


def _apart(examples: list[Example], held_out: list[Example]) -> list[Example]:
    """The examples less those whose text is held out: figures from text that training saw say
    nothing."""
    kept_apart = {example.text for example in held_out}
    kept = [example for example in examples if example.text not in kept_apart]
    shared = {example.text for example in examples} & kept_apart
    if shared and not kept:
        raise ValueError(
            f"{len(shared)} texts of --dev are in --train too, and nothing else is; give other "
            "text to measure on"
        )
    if shared:
        _console.print(
            f"{len(shared):,} texts of --dev are in --train too, and left out of training",
            style="yellow",
        )
    return kept


def _say_retold(examples: list[Example], held_out: list[Example]) -> None:
    retold = len(examples) - len(not_near(examples, held_out))
    if retold:
        _console.print(
            f"{retold:,} paragraphs of --train retell one of --dev, so that its scores flatter; "
            "`python -m training.split` keeps such on one side",
            style="yellow",
        )


def _say_unknown_labels(examples: list[Example], held_out: list[Example]) -> None:
    known = _labels(examples)
    missing = {name: n for name, n in _labels(held_out).items() if name not in known}
    if missing:
        counts = ", ".join(f"{name} ({count:,})" for name, count in sorted(missing.items()))
        _console.print(
            f"held out, but never in the training data, so not learned: {counts}", style="yellow"
        )


def _labels(examples: list[Example]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(f"entity {span.label}" for span in example.entities or ())
        for event in example.events or ():
            counts[f"event {event.trigger.label}"] += 1
            counts.update(f"role {span.label}" for span in event.arguments)
    return counts


if __name__ == "__main__":
    typer.run(train)
