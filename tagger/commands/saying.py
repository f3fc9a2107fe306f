"""What the commands say to the user, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from tagger.writers.room import room_for

if TYPE_CHECKING:
    from rich.console import Console


def say(console: Console, message: str) -> None:
    """Prints a line that nothing in it can turn into something else."""
    from tagger.terminal import printable

    console.print(printable(message), markup=False, soft_wrap=True)


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turns what a wrong option raises into a message and exit status 2."""
    try:
        yield
    except (ValueError, FileNotFoundError, FileExistsError, ModuleNotFoundError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from error


@contextmanager
def output_errors(tell: Callable[[str], None], remedy: Callable[[], str] = str) -> Iterator[None]:
    """Turns an OSError, such as that of a full disk, into a message and exit status 1.

    What ``remedy`` then gives ends the message. Where whoever read standard output has enough,
    there is no message and the status is 141.
    """
    try:
        with room_for("standard output"):  # files are named where they are written
            yield
    except BrokenPipeError:
        _let_go_of_output()
        raise typer.Exit(128 + 13) from None  # as a shell reports SIGPIPE
    except OSError as error:
        _let_go_of_output()
        tell(f"Error: {error}{remedy()}")
        raise typer.Exit(1) from error


def _let_go_of_output() -> None:
    """Flushes standard output, or drops it, as flushing on exit must not fail once more."""
    if sys.stdout is None:  # closed before the start
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
