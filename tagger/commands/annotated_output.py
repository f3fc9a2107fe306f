"""What the commands that write annotated documents have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import typer

from tagger.annotation import AnnotationFormat, UnwritableError, left_out, open_writer
from tagger.annotation.writing import labelling_config_path
from tagger.commands.saying import say, usage_errors
from tagger.document import Document
from tagger.readers import ReadError
from tagger.writers.errors import ErrorList, errors_path

Say = Callable[[str], None]


@contextmanager
def annotated_output(
    output: Path, inputs: Iterable[Path], *, overwrite: bool, quiet: bool
) -> Iterator[tuple[ErrorList, Say]]:
    """The list of errors of a command that writes ``output``, and what tells its summary.

    Sets the exit status: 0 all well, 1 some documents failed, 2 usage.
    """
    from tagger.commands.error_console import ErrorConsole

    tell = partial(say, ErrorConsole())
    try:
        with usage_errors():
            _check(output, inputs, overwrite=overwrite)
            with ErrorList(errors_path(output), tell) as errors:
                yield errors, (lambda _: None) if quiet else tell
    except OSError as error:
        tell(f"Error: {error}; the output was not written")
        raise typer.Exit(1) from error
    if errors.count:
        tell(f"{errors.count:,} failed: {errors_path(output)}")
        raise typer.Exit(1)


def only_documents(
    outcomes: Iterable[Document | ReadError], errors: ErrorList
) -> Iterator[Document]:
    """The documents of what was read; the errors go to their list."""
    for outcome in outcomes:
        if isinstance(outcome, Document):
            yield outcome
        else:
            errors.add(outcome)


def write_annotated(
    documents: Iterable[Document],
    output: Path,
    format: AnnotationFormat,
    errors: ErrorList,
    tell: Say,
) -> None:
    """Writes documents to an output; those that the format cannot hold go to the errors.

    Tells what was written, and what the format could not hold. Raises what
    :func:`tagger.annotation.open_writer` raises.
    """
    lost: Counter[str] = Counter()
    count = 0
    with open_writer(output, format) as writer:
        for document in documents:
            try:
                writer.write(document)
            except UnwritableError as failure:
                errors.add(failure.at(str(output), document))
            else:
                count += 1
                lost += left_out(document, format)
    tell(f"{output}: {count:,} {'document' if count == 1 else 'documents'} as {format}")
    if lost:
        kinds = ", ".join(f"{name} ({number:,})" for name, number in lost.items())
        tell(f"left out, since {format} cannot hold it: {kinds}")
    if format is AnnotationFormat.LABEL_STUDIO:
        tell(f"{labelling_config_path(output)}: the labelling interface, for the project's code")


def _check(output: Path, inputs: Iterable[Path], *, overwrite: bool) -> None:
    """Raises ValueError where writing would destroy what must stay."""
    if not output.exists():
        return
    if not overwrite:
        raise ValueError(f"{output} exists; choose another name, or drop --no-overwrite")
    for given in inputs:
        if given.exists() and output.samefile(given):
            raise ValueError(f"{output} is also an input; choose another name for it")
