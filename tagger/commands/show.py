"""``tagger show``: articles on the terminal, in colour."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from functools import partial
from itertools import islice
from typing import Annotated

import typer

from tagger import cli_options
from tagger.cli_options import (
    READING,
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
)
from tagger.commands.saying import output_errors, say, usage_errors


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
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Show at most so many articles.", rich_help_panel=READING),
    ] = None,
) -> None:
    """Tags articles and prints them in colour, with a table of their events and values.

    Exit status: 0 all well, 1 some articles failed, 2 a wrong option.
    """
    from rich.console import Console

    from tagger.batch import open_batch
    from tagger.commands.error_console import ErrorConsole
    from tagger.document import Document
    from tagger.readers import read
    from tagger.terminal import ArticleView, legend

    console = Console(highlight=False)
    tell = partial(say, ErrorConsole())
    failed = False
    load = cli_options.tagger_loader(model, lexicon, labels, min_score, disable)
    try:
        with output_errors(tell), ExitStack() as run:
            with usage_errors():
                options = cli_options.read_options(
                    include, exclude, column, encoding, timezone, max_characters, input_format
                )
                batch = run.enter_context(open_batch(load, batch_size=1))
            console.print(legend(console.width))
            for outcome in islice(batch(read(inputs, options)), limit):
                if isinstance(outcome, Document):
                    console.print(ArticleView(outcome))
                else:
                    failed = True
                    tell(str(outcome))
    except KeyboardInterrupt:
        raise typer.Exit(128 + signal.SIGINT) from None
    raise typer.Exit(1 if failed else 0)
