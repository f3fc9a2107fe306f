"""Splits an annotated file once, near-duplicates on one side.

``python -m training.split --data all.jsonl --train train.jsonl --dev dev.jsonl``
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from training.corpora import CorpusError, read_examples, split, write_examples


def split_file(
    data: Annotated[Path, typer.Option(help="annotated JSONL")],
    train: Annotated[Path, typer.Option(help="the larger part, to write")],
    dev: Annotated[Path, typer.Option(help="the held-out part, to write")],
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="part to hold out")] = 0.09,
    seed: Annotated[int, typer.Option(help="the same seed gives the same parts")] = 13,
) -> None:
    """Write the two parts of an annotated file."""
    try:
        kept, held_out = split(read_examples(data), share, seed)
    except (CorpusError, OSError) as error:
        Console(stderr=True).print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    write_examples(kept, train)
    write_examples(held_out, dev)
    print(f"{train}: {len(kept):,} paragraphs; {dev}: {len(held_out):,}")


if __name__ == "__main__":
    typer.run(split_file)
