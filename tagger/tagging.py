"""One run of ``tagger tag``: from what comes out of a batch to an output and a list of errors."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterable
from pathlib import Path

from tagger.document import Document
from tagger.summary import Summary
from tagger.units import Item
from tagger.writers import Writer
from tagger.writers.errors import ErrorList, errors_path


class StoppedAtError(Exception):
    """Ends a run at its first error, where that is what the user asked for."""


def write_outcomes(
    outcomes: Iterable[Item],
    writer: Writer,
    errors: ErrorList,
    summary: Summary,
    *,
    stop_at_error: bool,
    after_each: Callable[[int], None],
) -> None:
    """Sends every article to the output or to the errors and counts it.

    ``after_each`` is called with the number of errors so far. Raises :class:`StoppedAtError` at
    the first error if ``stop_at_error``.
    """
    for outcome in outcomes:
        if isinstance(outcome, Document):
            writer.write(outcome)
            summary.add(outcome)
        else:
            errors.add(outcome)
            if stop_at_error:
                raise StoppedAtError
        after_each(errors.count)


def check_output(output: Path, inputs: Iterable[str], *, overwrite: bool) -> None:
    """Raises ValueError where writing ``output`` would destroy what must stay."""
    if not overwrite and output.exists():
        raise ValueError(f"{output} exists; choose another name, or replace it with --overwrite")
    for given in inputs:
        if output.exists() and Path(given).exists() and output.samefile(given):
            raise ValueError(f"{output} is also an input; choose another name for the output")


def own_patterns(output: Path, inputs: Iterable[str]) -> tuple[str, ...]:
    """Exclude patterns that keep an earlier output in an input folder from being read."""
    own = (output.resolve(), errors_path(output.resolve()))
    folders = [Path(given).resolve() for given in inputs if Path(given).is_dir()]
    return tuple(
        glob.escape(path.relative_to(folder).as_posix())
        for path in own
        for folder in folders
        if path.is_relative_to(folder)
    )
