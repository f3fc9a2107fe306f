"""The options that several commands share, and what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagger import completion
from tagger.model import CHARACTERS_FILE, CONFIG_FILE, ONNX_FILE, TOKENIZER_FILE, WEIGHTS_FILE

if TYPE_CHECKING:
    from tagger.pipeline import Tagger
    from tagger.readers import ReadOptions

# What a model is loaded from, besides the network itself.
_MODEL_FILES = (CONFIG_FILE, TOKENIZER_FILE, CHARACTERS_FILE)

# The panels of a command's help, in the order in which a newcomer needs them.
READING = "What is read"
FINDING = "What is found"
WRITING = "What is written"
RUNNING = "How it runs"
CLUSTER = "On a cluster (--engine ray)"

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders and patterns such as 'posts/*.md'; - reads standard input. Text, "
        "Markdown, HTML, JSON lines, CSV and Parquet, also .gz.",
        metavar="INPUT",
    ),
]
Model = Annotated[
    str,
    typer.Option(
        help="The model: default is the most accurate, fast the quicker one; or a folder with one "
        "that you trained.",
        rich_help_panel=FINDING,
        autocompletion=completion.complete_model,
    ),
]
Lexicon = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        dir_okay=False,
        help="A table of your own names and codes (tab-separated, with columns name, label, id, "
        "aliases), which go before the shipped ones.",
        rich_help_panel=FINDING,
    ),
]
Labels = Annotated[
    str | None,
    typer.Option(
        metavar="NAMES",
        help="Keep only these, parted by commas: labels such as COMPANY and MONEY, event types "
        "such as divestment. tagger info lists all.",
        rich_help_panel=FINDING,
        autocompletion=completion.complete_labels,
    ),
]
MinScore = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Leave out what is less likely to be right than this, from 0 to 1. Numbers and dates "
        "have no score and stay.",
        rich_help_panel=FINDING,
    ),
]
Device = Annotated[
    str,
    typer.Option(
        metavar="DEVICE",
        help="Where the model computes: cpu, or a graphics card such as cuda or cuda:1 (needs "
        "the extra torch).",
        rich_help_panel=RUNNING,
        autocompletion=completion.complete_device,
    ),
]
Disable = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STAGE",
        help="Leave out a stage to save time: words (for Python callers only), entities, "
        "quantities, linking (names to codes), events or arguments (who, where, how much of an "
        "event). May be repeated.",
        rich_help_panel=FINDING,
        autocompletion=completion.complete_stage,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATTERN",
        help="In folders, read only files that match, such as '*.md'. May be repeated.",
        rich_help_panel=READING,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATTERN",
        help="Pass over files that match, such as 'drafts/*'. May be repeated.",
        rich_help_panel=READING,
    ),
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=COLUMN",
        help="The column or JSON key that holds a field, such as text=正文; usual names are "
        "known. Fields: text, title, id, published, source and others. May be repeated.",
        rich_help_panel=READING,
        autocompletion=completion.complete_column,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The encoding of the input, such as gb18030; found by itself unless given.",
        rich_help_panel=READING,
        autocompletion=completion.complete_encoding,
    ),
]
Timezone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="The time zone of publication times written without one, such as Asia/Shanghai.",
        rich_help_panel=READING,
        autocompletion=completion.complete_timezone,
    ),
]
MaxCharacters = Annotated[
    int,
    typer.Option(
        min=1,
        help="Articles of more characters are listed as errors.",
        rich_help_panel=READING,
    ),
]
ContentHash = Annotated[
    bool,
    typer.Option(
        "--content-hash",
        help="Write the SHA-256 of its text beside the id of every article, as content_hash: two "
        "versions of an article have one id and two hashes.",
        rich_help_panel=WRITING,
    ),
]
InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT",
        help="text, markdown, html, jsonl, csv or parquet; found by itself unless given, but for "
        "csv on standard input, which has no name to show it.",
        rich_help_panel=READING,
        autocompletion=completion.complete_input_format,
    ),
]


def names(listed: str | None) -> tuple[str, ...] | None:
    """The names of an option such as ``COMPANY,divestment``; None where it was not given."""
    if listed is None:
        return None
    return tuple(name for each in listed.replace("，", ",").split(",") if (name := each.strip()))


def tagger_loader(
    model: str,
    lexicon: Path | None = None,
    labels: str | None = None,
    min_score: float = 0.0,
    disable: Collection[str] | None = None,
    device: str = "cpu",
    threads: int | None = None,
) -> Callable[[], Tagger]:
    """What loads the tagger that the options ask for; it travels to other processes."""
    from tagger.pipeline import load

    return partial(
        load,
        model,
        lexicon=lexicon,
        labels=names(labels),
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
    """All that shapes records besides the articles, so that one run can go on with another's.

    Raises ValueError for an unknown model, and FileNotFoundError where a file is missing.
    """
    from tagger import __version__
    from tagger.pipeline import model_folder

    network = ONNX_FILE if device == "cpu" else WEIGHTS_FILE
    return {
        "version": __version__,
        "model": _digest(model_folder(model), (*_MODEL_FILES, network)),
        "lexicon": _digest(lexicon.parent, (lexicon.name,)) if lexicon is not None else None,
        "labels": sorted(wanted) if (wanted := names(labels)) is not None else None,
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
    content_hash: bool = False,
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
        content_hash=content_hash,
    )


def _field_and_column(pair: str) -> tuple[str, str]:
    name, found, column = pair.partition("=")
    if not (name and found and column):
        raise ValueError(f"--column {pair!r} is not FIELD=COLUMN, such as text=正文")
    return name, column


def _digest(folder: Path, files: Collection[str]) -> str:
    found = sha256()
    for name in files:
        path = folder / name
        try:
            found.update(path.read_bytes())
        except FileNotFoundError as error:
            raise FileNotFoundError(
                f"{path} does not exist; put it there, or choose another with --model, --device or "
                "--lexicon"
            ) from error
    return found.hexdigest()[:16]
