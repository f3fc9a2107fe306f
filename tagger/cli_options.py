"""The options that several commands share, and what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagger.model import CONFIG_FILE, ONNX_FILE

if TYPE_CHECKING:
    from tagger.pipeline import Tagger
    from tagger.readers import ReadOptions

Inputs = Annotated[
    list[str],
    typer.Argument(help="Files, folders and glob patterns; - is standard input.", metavar="INPUT"),
]
Model = Annotated[str, typer.Option(help="A model's name or folder.")]
Lexicon = Annotated[
    Path | None,
    typer.Option(help="A TSV table of your own names, which go before the shipped ones."),
]
Labels = Annotated[
    str | None, typer.Option(help="Only these labels and event types: COMPANY,divestment,…")
]
MinScore = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="Leave out spans with a lower score.")
]
Device = Annotated[
    str, typer.Option(help="Where the network runs: cpu, or by torch on such as cuda or cuda:1.")
]
Disable = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STAGE",
        help="Leave out a stage: words, entities, quantities, linking, events or arguments. "
        "May be repeated.",
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="In folders, read only these files. May be repeated."),
]
Exclude = Annotated[
    list[str] | None, typer.Option(metavar="GLOB", help="Pass over these files. May be repeated.")
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=COLUMN",
        help="The column or JSON key that holds a field, such as text=正文. May be repeated.",
    ),
]
Encoding = Annotated[
    str | None, typer.Option(help="The encoding of the input; found by itself unless given.")
]
Timezone = Annotated[
    str | None,
    typer.Option(help="The zone of times written without one, such as Asia/Shanghai."),
]
MaxCharacters = Annotated[
    int, typer.Option(min=1, help="Longer articles are errors, in characters.")
]
InputFormat = Annotated[
    str | None,
    typer.Option(help="text, markdown, html, jsonl, csv or parquet; found by itself unless given."),
]


def tagger_loader(
    model: str,
    lexicon: Path | None = None,
    labels: str | None = None,
    min_score: float = 0.0,
    disable: Collection[str] | None = None,
    threads: int | None = None,
    device: str = "cpu",
) -> Callable[[], Tagger]:
    """What loads the tagger that the options ask for; it travels to other processes."""
    from tagger.pipeline import load

    return partial(
        load,
        model,
        lexicon=lexicon,
        labels=_names(labels) if labels is not None else None,
        min_score=min_score,
        disable=tuple(disable or ()),
        threads=threads,
        device=device,
    )


def run_settings(
    model: str,
    lexicon: Path | None,
    labels: str | None,
    min_score: float,
    disable: Collection[str] | None,
    device: str,
) -> dict[str, Any]:
    """All that shapes records besides the articles, so that one run can go on with another's."""
    from tagger import __version__
    from tagger.pipeline import model_folder

    return {
        "version": __version__,
        "model": _digest(model_folder(model), (CONFIG_FILE, ONNX_FILE)),
        "lexicon": _digest(lexicon.parent, (lexicon.name,)) if lexicon is not None else None,
        "labels": sorted(_names(labels)) if labels is not None else None,
        "min_score": min_score,
        "disable": sorted(disable or ()),
        "device": device,
    }


def read_options(
    include: Collection[str] | None,
    exclude: Collection[str] | None,
    column: Collection[str] | None,
    encoding: str | None,
    timezone: str | None,
    max_characters: int,
    input_format: str | None,
) -> ReadOptions:
    """The readers' options from those of the command line. Raises ValueError for a bad one."""
    from tagger.readers import ReadOptions

    return ReadOptions(
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        columns=dict(_field_and_column(each) for each in column or ()),
        encoding=encoding,
        max_characters=max_characters,
        timezone=timezone,
        format=input_format,
    )


def _field_and_column(pair: str) -> tuple[str, str]:
    name, found, column = pair.partition("=")
    if not (name and found and column):
        raise ValueError(f"--column {pair!r} is not FIELD=COLUMN, such as text=正文")
    return name, column


def _digest(folder: Path, names: Collection[str]) -> str:
    found = sha256()
    for name in names:
        found.update((folder / name).read_bytes())
    return found.hexdigest()[:16]


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name for each in listed.replace("，", ",").split(",") if (name := each.strip()))
