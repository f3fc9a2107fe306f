"""Splits an annotated file once, near-duplicates on one side.

``python -m training.split --data all.jsonl --train train.jsonl --dev dev.jsonl``
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from training.corpora import split, write_examples
from training.readers.collecting import TRAINING_SPLITS, Collector
from training.readers.options import (
    SOURCES_ARE,
    FormatOption,
    MapLabelsOption,
    SkipFaultsOption,
)
from training.refusing import faults_said


def split_file(
    data: Annotated[list[str], typer.Option(help=f"annotated: {SOURCES_ARE}; repeatable")],
    train: Annotated[Path, typer.Option(help="the larger part, to write as JSONL")],
    dev: Annotated[Path, typer.Option(help="the held-out part, to write as JSONL")],
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="part to hold out")] = 0.09,
    seed: Annotated[int, typer.Option(help="the same seed gives the same parts")] = 13,
    format: FormatOption = None,
    map_labels: MapLabelsOption = None,
    skip_faults: SkipFaultsOption = False,
) -> None:
    """Write the two parts of annotated data, in this project's own shape."""
    with faults_said():
        if train.resolve() == dev.resolve():
            raise ValueError(f"--train and --dev are both {train}; name two files")
        for each in data:
            if Path(each).resolve() in (train.resolve(), dev.resolve()):
                raise ValueError(f"{each} would be written over; name another file for its parts")
        collector = Collector(format, map_labels, skip_faults)
        examples = collector.read(data, TRAINING_SPLITS)
        collector.check()
        kept, held_out = split(examples, share, seed)
        if not kept or not held_out:
            raise ValueError(
                f"of {len(examples):,} paragraphs {len(held_out):,} would be held out, the "
                "near-duplicates of each with it; give more paragraphs, or another --share"
            )
        collector.say_left_out(Console(stderr=True))
        write_examples(kept, train)
        write_examples(held_out, dev)
    print(f"{train}: {len(kept):,} paragraphs; {dev}: {len(held_out):,}")


if __name__ == "__main__":
    typer.run(split_file)
