"""What a command says of what it was given and cannot use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console


@contextmanager
def faults_said() -> Iterator[None]:
    """Says what is at fault in files and options, and ends the command with status 2."""
    try:
        yield
    except (ValueError, OSError) as error:
        Console(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from error
