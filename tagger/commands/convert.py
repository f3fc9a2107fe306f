"""``tagger convert``: annotated documents from one tool's format to another's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger import completion
from tagger.annotation.formats import AnnotationFormat

if TYPE_CHECKING:
    from tagger.document import Document

_FORMATS = ", ".join(AnnotationFormat)
_MEANING = "What the annotations mean"
_WITHOUT_ARGUMENTS = (AnnotationFormat.CONLL, AnnotationFormat.CONLL_BIOES)


def convert(
    inputs: Annotated[
        list[Path],
        typer.Argument(help="Annotated files, and folders of brat.", metavar="INPUT"),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write.")],
    source: Annotated[
        AnnotationFormat | None,
        typer.Option(
            "--from",
            metavar="FORMAT",
            help="The format of the inputs; found by itself where it tells.",
        ),
    ] = None,
    target: Annotated[
        AnnotationFormat | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help=f"The format to write, found from the suffix unless given: {_FORMATS}.",
        ),
    ] = None,
    entity_labels: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Labels of your own that mark entities, parted by commas: PRODUCT,BRAND. Other "
            "labels that the tagger does not know are refused.",
            rich_help_panel=_MEANING,
        ),
    ] = None,
    event_types: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Labels of your own that mark triggers of events: merger,spin_off.",
            rich_help_panel=_MEANING,
        ),
    ] = None,
    layers: Annotated[
        str | None,
        typer.Option(
            help="What was annotated in every text: entities,events,quantities. A text without "
            "spans of such a layer has none; of any other layer nothing is learned from it. "
            "Unless given, a file of this project says it, and any other counts as annotated "
            "with entities and with what each text holds.",
            metavar="NAMES",
            rich_help_panel=_MEANING,
            autocompletion=completion.complete_layers,
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace an output that exists.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary; only errors.")] = False,
) -> None:
    """Converts annotated documents between this project's JSONL and the formats of tools.

    Both ways, without loss but for what a format cannot hold, which is said. Records that cannot be
    read or written are listed in OUTPUT.errors.jsonl.

    Exit status: 0 all well, 1 some records failed, 2 a wrong option.
    """
    from tagger.annotation import Scheme, read
    from tagger.annotation.guessing import guess_input_format, guess_output_format
    from tagger.cli_options import names
    from tagger.commands.annotated_output import (
        annotated_output,
        only_documents,
        write_annotated,
    )

    with annotated_output(output, inputs, overwrite=overwrite, quiet=quiet) as (errors, tell):
        scheme = Scheme(names(entity_labels) or (), names(event_types) or (), names(layers))
        formats = [source or guess_input_format(path) for path in inputs]
        chosen = target or guess_output_format(output)
        unargued = 0

        def documents() -> Iterator[Document]:
            nonlocal unargued
            for path, format in zip(inputs, formats, strict=True):
                for document in only_documents(read(path, format, scheme), errors):
                    if format in _WITHOUT_ARGUMENTS:
                        unargued += len(document.events)
                    yield document

        write_annotated(documents(), output, chosen, errors, tell)
        if unargued:
            tell(
                f"{unargued:,} events have no arguments, since a CoNLL file holds none; a model "
                "that is trained on them learns that they have none"
            )
