"""The command line: ``tagger tag``, ``tagger show`` and ``tagger info``.

Exit status: 0 all well, 1 some articles failed, 2 usage, 130 and 143 interrupted. Records go to
the output or to standard output, all else to standard error. What a command needs is imported
when it runs, so that ``tagger --help`` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from tagger.cli_options import (
    Column,
    Disable,
    Encoding,
    Exclude,
    Include,
    InputFormat,
    Inputs,
    Labels,
    Lexicon,
    MaxCharacters,
    MinScore,
    Model,
    Timezone,
    read_options,
    tagger_loader,
)
from tagger.writers import OutputFormat, guess_format, open_writer

if TYPE_CHECKING:
    from rich.console import Console


class OnError(StrEnum):
    """What an article that cannot be tagged does to the run."""

    SKIP = "skip"
    STOP = "stop"


app = typer.Typer(
    name="tagger",
    help="Tags Chinese financial news: entities, quantities with exact values, and events.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Runs the command line."""
    app()


@app.command()
def tag(
    inputs: Inputs,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write; standard output if left out."),
    ] = None,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(
            "--format", help="Found from the suffix of the output unless given; else jsonl."
        ),
    ] = None,
    model: Model = "default",
    lexicon: Lexicon = None,
    labels: Labels = None,
    min_score: MinScore = 0.0,
    disable: Disable = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that tag at the same time.")] = 1,
    batch_size: Annotated[int, typer.Option(min=1, help="Articles that are tagged together.")] = 32,
    on_error: Annotated[
        OnError, typer.Option(help="What to do at an article that cannot be tagged.")
    ] = OnError.SKIP,
    include: Include = None,
    exclude: Exclude = None,
    column: Column = None,
    encoding: Encoding = None,
    timezone: Timezone = None,
    max_characters: MaxCharacters = 5_000_000,
    input_format: InputFormat = None,
    overwrite: Annotated[bool, typer.Option(help="Replace an output that exists.")] = True,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no summary; only errors.")
    ] = False,
) -> None:
    """Tags articles and writes the records as JSON lines, CSV, Parquet tables or an HTML page.

    The output appears under its name when it is whole. Articles that could not be tagged are
    listed in OUTPUT.errors.jsonl, and the exit status is 1.
    """
    from rich.console import Console

    from tagger.batch import open_batch
    from tagger.readers import read
    from tagger.summary import ProgressLine, Summary
    from tagger.tagging import StoppedAtError, check_output, own_patterns, write_outcomes
    from tagger.writers.errors import ErrorList, errors_path

    console = Console(stderr=True, highlight=False)
    say = partial(_say, console)
    with _usage_errors():
        options = read_options(
            include, exclude, column, encoding, timezone, max_characters, input_format
        )
        if output is not None:
            check_output(output, inputs, overwrite=overwrite)
            options = replace(options, exclude=(*options.exclude, *own_patterns(output, inputs)))
        if output_format is None:
            output_format = guess_format(output) if output else OutputFormat.JSONL
        listed = errors_path(output) if output else None
    threads = None if jobs == 1 else max(1, (os.cpu_count() or 1) // jobs)
    load = tagger_loader(model, lexicon, labels, min_score, disable, threads)
    shown = not quiet and console.is_terminal and (output is not None or not sys.stdout.isatty())
    try:
        with _interruptions(say), ExitStack() as run:
            with _usage_errors():
                writer = run.enter_context(open_writer(output, output_format))
                errors = run.enter_context(ErrorList(listed, say))
                batch = run.enter_context(open_batch(load, jobs=jobs, batch_size=batch_size))
            summary = Summary()
            progress = run.enter_context(ProgressLine(console, summary, shown=shown))
            write_outcomes(
                batch(read(inputs, options)),
                writer,
                errors,
                summary,
                stop_at_error=on_error is OnError.STOP,
                after_each=progress.update,
            )
    except StoppedAtError:
        say("stopped at the first error; nothing was written" if output else "stopped")
        raise typer.Exit(1) from None
    if not quiet:
        say(str(summary))
        if errors.count:
            say(f"{errors.count:,} failed" + (f": {listed}" if listed else ""))
    raise typer.Exit(1 if errors.count else 0)


@app.command()
def show(
    inputs: Inputs,
    model: Model = "default",
    lexicon: Lexicon = None,
    labels: Labels = None,
    min_score: MinScore = 0.0,
    disable: Disable = None,
    include: Include = None,
    exclude: Exclude = None,
    column: Column = None,
    encoding: Encoding = None,
    timezone: Timezone = None,
    max_characters: MaxCharacters = 5_000_000,
    input_format: InputFormat = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Show at most so many articles.")] = None,
) -> None:
    """Tags articles and prints them in colour, with their events and quantities."""
    from rich.console import Console

    from tagger.batch import open_batch
    from tagger.document import Document
    from tagger.readers import read
    from tagger.terminal import ArticleView, legend

    console = Console(highlight=False)
    say = partial(_say, Console(stderr=True, highlight=False))
    failed = False
    load = tagger_loader(model, lexicon, labels, min_score, disable)
    with _interruptions(say), ExitStack() as run:
        with _usage_errors():
            options = read_options(
                include, exclude, column, encoding, timezone, max_characters, input_format
            )
            batch = run.enter_context(open_batch(load, batch_size=1))
        console.print(legend())
        for outcome in islice(batch(read(inputs, options)), limit):
            if isinstance(outcome, Document):
                console.print(ArticleView(outcome))
            else:
                failed = True
                say(str(outcome))
    raise typer.Exit(1 if failed else 0)


@app.command()
def info(model: Model = "default") -> None:
    """Prints the versions in use, the model and everything it knows to look for."""
    from rich.console import Console

    from tagger.information import information

    with _usage_errors():
        described = tagger_loader(model)().info()
    Console(highlight=False).print(information(described))


def _say(console: Console, message: str) -> None:
    from tagger.terminal import printable

    console.print(printable(message), markup=False, soft_wrap=True)


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Turns what a wrong option raises into a message and exit status 2."""
    try:
        yield
    except (ValueError, FileNotFoundError, FileExistsError, ModuleNotFoundError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from error


@contextmanager
def _interruptions(say: Callable[[str], None]) -> Iterator[None]:
    """Ends quietly where the user, the reader of the output or the disk puts an end to a run."""
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    except KeyboardInterrupt:
        say("interrupted; the output was not written")
        raise typer.Exit(128 + signal.SIGINT) from None
    except BrokenPipeError:
        # Whoever read the output has enough; flushing on exit must not fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(128 + 13) from None  # as a shell reports SIGPIPE
    except OSError as error:
        say(f"Error: {error}; the output was not written")
        raise typer.Exit(1) from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
