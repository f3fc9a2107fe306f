"""The options that every command has which reads annotated corpora."""

from __future__ import annotations

from typing import Annotated

import typer

from training.readers.formats import CorpusFormat

SOURCES_ARE = "a file, a dataset's folder, or hub:NAME[:SPLIT]"

FormatOption = Annotated[
    CorpusFormat | None,
    typer.Option("--format", help="the format of the annotated files, where they do not tell it"),
]
MapLabelsOption = Annotated[
    str | None,
    typer.Option(
        help="translate labels by a table: duee-fin and fewfc lead to this project's, or a TOML "
        "file of your own"
    ),
]
SkipFaultsOption = Annotated[
    bool, typer.Option("--skip-faults", help="leave out the records that are at fault, and say so")
]
