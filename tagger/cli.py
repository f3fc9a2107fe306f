"""The command line. What a command needs is imported when it runs, so that ``tagger --help``
answers at once."""

from __future__ import annotations

import typer

from tagger.commands.convert import convert
from tagger.commands.info import info
from tagger.commands.query import query
from tagger.commands.review import review
from tagger.commands.serve import serve
from tagger.commands.show import show
from tagger.commands.tag import tag

app = typer.Typer(
    name="tagger",
    help="Tags Chinese financial news: entities, quantities with exact values, and events.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (tag, show, query, review, convert, serve, info):
    app.command()(command)


def main() -> None:
    """Runs the command line."""
    app()
