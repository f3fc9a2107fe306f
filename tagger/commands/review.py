"""``tagger review``: the sentences of a tagged archive that are most worth annotating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger import completion
from tagger.annotation.formats import AnnotationFormat

if TYPE_CHECKING:
    from tagger.document import Document

_FORMATS = ", ".join(AnnotationFormat)


def review(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            help="JSON lines that tagger tag wrote, also .gz; - is standard input.",
            metavar="TAGGED",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write.")],
    uncertain: Annotated[
        int, typer.Option("--uncertain", "-n", min=1, help="How many sentences to choose.")
    ] = 200,
    format: Annotated[
        AnnotationFormat | None,
        typer.Option(
            metavar="FORMAT",
            help=f"The format to write, found from the suffix unless given: {_FORMATS}.",
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Judge by these labels and event types only, parted by commas: "
            "COMPANY,divestment.",
            autocompletion=completion.complete_labels,
        ),
    ] = None,
    per_label: Annotated[
        bool,
        typer.Option(
            "--per-label",
            help="Take the least certain sentences of each label and event type in turn, the "
            "rarest first.",
        ),
    ] = False,
    overwrite: Annotated[bool, typer.Option(help="Replace an output that exists.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary; only errors.")] = False,
) -> None:
    """Chooses what to annotate next: the sentences that the model was least certain of.

    The least certain come first, near-duplicates once. Each goes to the annotation tool (doccano,
    Label Studio, brat …) with what was found in it and with its place in the archive; tagger
    convert brings it back. Lines that cannot be read are listed in OUTPUT.errors.jsonl.

    Exit status: 0 all well, 1 some lines failed, 2 a wrong option.
    """
    from tagger.annotation import read
    from tagger.annotation.guessing import guess_output_format
    from tagger.annotation.least_certain import least_certain
    from tagger.cli_options import names
    from tagger.commands.annotated_output import (
        annotated_output,
        only_documents,
        write_annotated,
    )

    with annotated_output(output, inputs, overwrite=overwrite, quiet=quiet) as (errors, tell):
        target = format or guess_output_format(output)
        tagged = chain.from_iterable(read(path, AnnotationFormat.JSONL) for path in inputs)
        wanted = names(labels)
        present: set[str] = set()
        documents = _noting_labels(only_documents(tagged, errors), present)
        chosen = least_certain(documents, uncertain, wanted, per_label=per_label)
        write_annotated(chosen, output, target, errors, tell)
        if not present:
            tell("the inputs hold no entity and no event; give what tagger tag wrote as .jsonl")
            return
        if absent := set(wanted or ()) - present:
            tell(f"no entity or event of the inputs has the label {', '.join(sorted(absent))}")
        if len(chosen) < uncertain:
            tell(
                f"{len(chosen):,} of {uncertain:,}: of the others the model is sure, or they are "
                "near-duplicates of these"
            )


def _noting_labels(documents: Iterable[Document], present: set[str]) -> Iterator[Document]:
    """The documents as they come; adds the labels and event types that they have to a set."""
    for document in documents:
        present.update(each.label for each in document.entities)
        present.update(each.type for each in document.events)
        yield document
