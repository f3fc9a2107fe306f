"""The command line. What a command needs is imported when it runs, so that ``tagger --help``
answers at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated

import typer

from tagger.commands.convert import convert
from tagger.commands.examples import examples_epilog
from tagger.commands.info import info
from tagger.commands.query import query
from tagger.commands.review import review
from tagger.commands.serve import serve
from tagger.commands.show import show
from tagger.commands.tag import tag

app = typer.Typer(
    name="tagger",
    help=(
        "Reads Chinese financial news and finds companies, people and places, amounts and dates "
        "with their exact values, and events with who did what, where and when."
    ),
    epilog=examples_epilog("tagger"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)
_PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "Tag articles": (tag, show, serve),
    "Use and correct what was tagged": (query, review, convert),
    "About": (info,),
}


def _unwrapped(docstring: str | None) -> str:
    """The paragraphs of a docstring, each on a line that the terminal may break where it likes."""
    paragraphs = (docstring or "").split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


for panel, commands in _PANELS.items():
    for command in commands:
        app.command(
            help=_unwrapped(command.__doc__),
            epilog=examples_epilog(command.__name__),
            rich_help_panel=panel,
        )(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from tagger import __version__

        typer.echo(f"caijing-tagger {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """What stands before the command."""


def main() -> None:
    """Runs the command line.

    What the encoding of standard output cannot hold, such as 😀 in GBK, is printed as an escape, as
    Python does on standard error.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    app()
