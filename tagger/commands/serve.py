"""``tagger serve``: the tagger over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from tagger import cli_options
from tagger.cli_options import Device, Disable, Labels, Lexicon, MinScore, Model, Timezone
from tagger.commands.saying import usage_errors

_ADDRESS = "Who can reach it"
_BATCHING = "What is tagged together"
_LIMITS = "Limits, each with the HTTP status of what goes beyond"


def serve(
    host: Annotated[
        str,
        typer.Option(
            help="The address to listen at; by default this machine only.", rich_help_panel=_ADDRESS
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            help="The port to listen at; 0 takes a free one.",
            rich_help_panel=_ADDRESS,
        ),
    ] = 8000,
    model: Model = "default",
    lexicon: Lexicon = None,
    labels: Labels = None,
    min_score: MinScore = 0.0,
    disable: Disable = None,
    timezone: Timezone = None,
    device: Device = "cpu",
    threads: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processor cores that the model computes on; all unless given.",
            rich_help_panel=_BATCHING,
        ),
    ] = None,
    batch_articles: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="The most articles that are tagged together; 16 a core unless given.",
            rich_help_panel=_BATCHING,
        ),
    ] = None,
    batch_characters: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="The most characters that are tagged together; 4,096 a core unless given.",
            rich_help_panel=_BATCHING,
        ),
    ] = None,
    gather: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds that a first article waits for others.", rich_help_panel=_BATCHING
        ),
    ] = 0.005,
    max_body: Annotated[
        int,
        typer.Option(
            min=1, help="Longer bodies are refused (413), in bytes.", rich_help_panel=_LIMITS
        ),
    ] = 8_000_000,
    max_characters: Annotated[
        int,
        typer.Option(
            min=1, help="Longer articles are refused (413), in characters.", rich_help_panel=_LIMITS
        ),
    ] = 100_000,
    queue: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Characters that wait at most, beyond which requests are refused (429); 200,000 "
            "or four batches unless given.",
            rich_help_panel=_LIMITS,
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            min=0,
            help="Seconds until an article's tagging must have begun (503).",
            rich_help_panel=_LIMITS,
        ),
    ] = 60.0,
    body_timeout: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds until a body must have arrived (408).", rich_help_panel=_LIMITS
        ),
    ] = 30.0,
    grace: Annotated[
        float,
        typer.Option(
            min=0,
            help="Seconds to go on with what waits when told to end.",
            rich_help_panel=_LIMITS,
        ),
    ] = 25.0,
    cors_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="A web site whose pages may call the server, such as https://news.example.com. "
            "May be repeated.",
            rich_help_panel=_ADDRESS,
        ),
    ] = None,
    access_log: Annotated[
        bool,
        typer.Option(
            "--access-log", help="Log every request to standard error.", rich_help_panel=_ADDRESS
        ),
    ] = False,
) -> None:
    """Serves the tagger over HTTP: JSON under /v1, a page at /, its description at /docs.

    SIGTERM or Ctrl-C ends it: what waits is answered first. Exit status: 0 ended, 2 a wrong option.
    Needs the extra serve.
    """
    from tagger.encoder import usable_cores

    with usage_errors():
        from tagger.server.running import is_loopback, run
        from tagger.server.settings import ARTICLES_A_CORE, CHARACTERS_A_CORE, Settings

        cores = threads or usable_cores()
        batch_characters = batch_characters or CHARACTERS_A_CORE * cores
        settings = Settings(
            max_body_bytes=max_body,
            max_characters=max_characters,
            queue_characters=queue or max(Settings.queue_characters, 4 * batch_characters),
            batch_articles=batch_articles or ARTICLES_A_CORE * cores,
            batch_characters=batch_characters,
            gather_seconds=gather,
            timeout_seconds=timeout,
            body_seconds=body_timeout,
            grace_seconds=grace,
            cors_origins=tuple(cors_origin or ()),
            timezone=timezone,
        )
        if not is_loopback(host):
            typer.echo(
                f"Warning: {host} can be reached from other machines, and the server asks nobody "
                "who they are and encrypts nothing; put a reverse proxy that does in front of it",
                err=True,
            )
        load = cli_options.tagger_loader(
            model, lexicon, labels, min_score, disable, device, threads
        )
        run(load, settings, host=host, port=port, access_log=access_log)
