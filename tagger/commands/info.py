"""``tagger info``: versions, the model, and what it looks for."""

from __future__ import annotations

from functools import partial

import typer

from tagger import cli_options
from tagger.cli_options import Model
from tagger.commands.saying import output_errors, usage_errors


def info(model: Model = "default") -> None:
    """Prints the versions in use, the model, and every label and event type that it finds."""
    from rich.console import Console

    from tagger.information import information

    with usage_errors():
        described = cli_options.tagger_loader(model)().info()
    with output_errors(partial(typer.echo, err=True)):
        Console(highlight=False).print(information(described))
