"""What the commands say to the user, and what becomes of errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

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
