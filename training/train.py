"""Trains a tagger: ``python -m training.train --train A.jsonl --dev B.jsonl --output DIR``.

Any label set works: the labels that the training file holds are what the model learns. The run
ends with the ONNX export, so that ``tagger.load(DIR)`` reads the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tagger.resources import resource_path
from training.corpora import (
    CorpusError,
    Example,
    not_near,
    read_examples,
    read_sound_examples,
    read_texts,
)
from training.settings import Settings

_SHIPPED = "shipped"
_RETRAINING = Path(__file__).parent / "retrain.toml"

_console = Console(stderr=True)


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
        settings = Settings.load(config or (_RETRAINING if init else None))
        if print_config:
            print(settings.to_toml(), end="")
            return
        if not train or dev is None or output is None:
            raise ValueError("--train, --dev and --output are all needed")
        if (encoder is None) == (init is None):
            raise ValueError("give one of --encoder and --init")
        folder = resource_path("models/default") if init == _SHIPPED else Path(init or "")
        examples = [example for path in train for example in read_examples(path)]
        held_out = read_examples(dev)
        _check_apart(examples, held_out)
        beside = [_read_auxiliary(path) for path in auxiliary or ()]
        if unlabelled:
            if teacher is None:
                raise ValueError("--unlabelled teaches through --teacher: name a trained model")
            examples += _unlabelled(unlabelled, [*examples, *held_out])
        # torch takes seconds to import, which no fault of a file should wait for.
        from training.running import Start, run

        start = Start(encoder, folder if init else None, name, version)
        run(settings, start, examples, held_out, output, beside, resume, teacher)
    except (CorpusError, ValueError, OSError) as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error


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
