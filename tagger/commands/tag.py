"""``tagger tag``: any number of articles to records.

Exit status: 0 all well, 1 some articles failed or the run could not be finished, 2 usage, 130 and
143 interrupted. Records go to the output or to standard output, all else to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagger import cli_options
from tagger.cli_options import (
    CLUSTER,
    RUNNING,
    WRITING,
    Column,
    ContentHash,
    Device,
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
from tagger.commands.tag_cluster import ClusterOptions, Packing, tag_on_cluster
from tagger.writers import OutputFormat, guess_format

if TYPE_CHECKING:
    from rich.console import Console

    from tagger.interruption import Interruption
    from tagger.journal import Entry
    from tagger.summary import Summary
    from tagger.tagging import Destination
    from tagger.units import Item, Loader, Unit
    from tagger.workers import Finish, R, Runner


class OnError(StrEnum):
    """What an article that cannot be tagged does to the run."""

    SKIP = "skip"
    STOP = "stop"


class Engine(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    RAY = "ray"


def tag(
    inputs: Inputs,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Where to write. The suffix chooses the format: .jsonl, .jsonl.gz, .jsonl.zst, "
            ".csv, .parquet, .duckdb or .html. Standard output if left out.",
            rich_help_panel=WRITING,
        ),
    ] = None,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(
            "--format",
            help="The format, where the suffix does not say it. csv-tables and parquet are folders "
            "of tables; csv is one table with a row for everything found.",
            rich_help_panel=WRITING,
        ),
    ] = None,
    content_hash: ContentHash = False,
    by_day: Annotated[
        bool,
        typer.Option(
            "--by-day",
            help="Cut Parquet tables by the day of publication.",
            rich_help_panel=WRITING,
        ),
    ] = False,
    model: Model = "default",
    lexicon: Lexicon = None,
    labels: Labels = None,
    min_score: MinScore = 0.0,
    disable: Disable = None,
    device: Device = "cpu",
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes that tag at the same time; one a processor core for more than a few "
            "dozen articles unless given. With --engine ray, on all machines together.",
            rich_help_panel=RUNNING,
        ),
    ] = None,
    batch_size: Annotated[
        int,
        typer.Option(
            min=1,
            help="Articles that are tagged together; no result depends on it.",
            rich_help_panel=RUNNING,
        ),
    ] = 32,
    resume: Annotated[
        bool | None,
        typer.Option(
            "--resume/--restart",
            help="Go on with an interrupted run of the same command (and do nothing where it is "
            "finished; a database is always tagged into anew), or throw away what it did. Without "
            "either an interrupted run is gone on with, and a finished one is done again.",
            rich_help_panel=RUNNING,
        ),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(
            help="Where the work is done: local on this machine, ray on a Ray cluster of many "
            "(needs the extra ray).",
            rich_help_panel=RUNNING,
        ),
    ] = Engine.LOCAL,
    part_units: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Batches that make one file of the output; 16 unless given.",
            rich_help_panel=CLUSTER,
        ),
    ] = None,
    packed: Annotated[
        Packing | None,
        typer.Option(
            help="Packs JSON lines, where the name of the output does not end in .gz or .zst.",
            rich_help_panel=CLUSTER,
        ),
    ] = None,
    gpus_per_actor: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help="Graphics cards, or a share of one, that each process takes; with --device cuda "
            "1 unless given.",
            rich_help_panel=CLUSTER,
        ),
    ] = None,
    on_error: Annotated[
        OnError,
        typer.Option(
            help="At an article that cannot be read or tagged: skip it and list it, or stop.",
            rich_help_panel=RUNNING,
        ),
    ] = OnError.SKIP,
    include: Include = None,
    exclude: Exclude = None,
    column: Column = None,
    encoding: Encoding = None,
    timezone: Timezone = None,
    max_characters: MaxCharacters = 5_000_000,
    input_format: InputFormat = None,
    overwrite: Annotated[
        bool, typer.Option(help="Replace an output that exists.", rich_help_panel=WRITING)
    ] = True,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="No progress and no summary; only errors.",
            rich_help_panel=RUNNING,
        ),
    ] = False,
) -> None:
    """Tags articles and writes what was found: JSON lines, tables, a database or an HTML page.

    The output appears under its name when it is whole; until then OUTPUT.partial holds what is
    done, and the same command goes on from there after an interruption of any kind. Articles that
    could not be tagged are listed in OUTPUT.errors.jsonl, with the reason and what to do.

    Exit status: 0 all well, 1 some articles failed, 2 a wrong option, 130 or 143 interrupted.
    """
    from tagger.commands.error_console import ErrorConsole
    from tagger.interruption import Interruption
    from tagger.readers import read
    from tagger.tagging import Destination
    from tagger.units import cut_units

    console = ErrorConsole()
    tell = partial(say, console)
    cluster = ClusterOptions(
        output_format=output_format,
        packed=packed,
        by_day=by_day,
        batch_size=batch_size,
        part_units=part_units,
        actors=jobs,
        gpus_per_actor=gpus_per_actor,
        device=device,
        stop_at_error=on_error is OnError.STOP,
        restart=resume is False,
        quiet=quiet,
    )
    asked = model, lexicon, labels, min_score, disable, device
    with usage_errors():
        options = cli_options.read_options(
            include,
            exclude,
            column,
            encoding,
            timezone,
            max_characters,
            input_format,
            content_hash,
        )
        if engine is Engine.RAY:
            load = cli_options.tagger_loader(*asked, 1)
            shaping = cli_options.run_settings(*asked)
            raise typer.Exit(tag_on_cluster(inputs, output, load, options, shaping, cluster))
        cluster.check_local()
        path = Path(output) if output is not None else None
        if output_format is None:
            output_format = guess_format(path) if path else OutputFormat.JSONL
        destination = Destination(path, output_format, by_day) if path is not None else None
        if destination is not None:
            destination.check(inputs, options, overwrite=overwrite)
            options = replace(options, own=destination.own_paths())
        elif by_day:
            raise ValueError("--by-day cuts Parquet tables; name them with -o OUT.parquet")
    with _endings(tell, destination), Interruption() as interruption:
        run = _Run(
            units=cut_units(read(inputs, options), batch_size),
            load=lambda threads: cli_options.tagger_loader(*asked, threads),
            jobs=jobs,
            batch_size=batch_size,
            interruption=interruption,
            console=console,
            stop_at_error=on_error is OnError.STOP,
            quiet=quiet,
        )
        if destination is None or destination.is_device:
            failed = run.into_stream(path, output_format)
        else:
            settings = partial(cli_options.run_settings, *asked)
            failed = run.into_file(destination, settings, resume)
    raise typer.Exit(1 if failed else 0)


@dataclass
class _Run:
    """One run of the command: what both ways of writing share.

    ``load`` makes the loader of a tagger that uses so many threads.
    """

    units: Iterator[Unit]
    load: Callable[[int], Loader]
    jobs: int | None
    batch_size: int
    interruption: Interruption
    console: Console
    stop_at_error: bool
    quiet: bool

    def into_file(
        self, destination: Destination, settings: Callable[[], dict[str, Any]], resume: bool | None
    ) -> bool:
        """Tags into a journal and makes the output of it; whether articles failed."""
        from tagger.journal import Journal, is_journal
        from tagger.summary import ProgressLine, Summary
        from tagger.tagging import discard, fill, finish
        from tagger.units import encode, encode_with_marks
        from tagger.writers.errors import FirstErrors

        tell = partial(say, self.console)
        left = is_journal(destination.journal)
        if not left:
            discard(destination.journal)
        if resume and not left and destination.is_finished:
            tell(
                f"{destination.path} is finished: there is nothing to go on with (without --resume "
                "all is tagged anew, with what came since)"
            )
            return destination.errors.exists()
        encoding = encode if destination.is_lines else encode_with_marks
        with ExitStack() as stack:
            with usage_errors():
                # Before an article is read and the tagger loaded: a run that is killed has begun,
                # and an older output is not taken for its own.
                journal = stack.enter_context(
                    Journal(
                        destination.journal,
                        settings() | {"format": str(destination.format)},
                        destination.compression,
                        restart=resume is False,
                    )
                )
                try:
                    runner = stack.enter_context(self._open_runner(encoding))
                except Exception:
                    if not journal.entries:
                        journal.remove()
                    raise
            summary = Summary()
            if journal.entries and not self.quiet:
                done = sum(entry.counts.articles for entry in journal.entries.values())
                tell(f"going on with an interrupted run, which tagged {done:,} articles")
            progress = stack.enter_context(
                ProgressLine(
                    self.console,
                    summary,
                    shown=not self.quiet and self.console.is_terminal,
                    say=None if self.quiet else tell,
                )
            )
            said = FirstErrors(tell, destination.errors)

            def after_each(entry: Entry, new: bool) -> None:
                summary.add(entry.counts, new)
                # The run stops at the first.
                for error in journal.errors(entry)[: 1 if self.stop_at_error else None]:
                    said.add(error)
                progress.update()

            entries = fill(
                journal,
                self.units,
                runner,
                self.interruption,
                stop_at_error=self.stop_at_error,
                after_each=after_each,
            )
            if self.interruption.signal is not None:
                seen = summary.counts.articles + summary.counts.failed
                tell(f"interrupted after {seen:,} articles; the same command with --resume goes on")
                raise typer.Exit(128 + self.interruption.signal)
            try:
                finished = finish(journal, entries, destination, tell)
            except (ValueError, ModuleNotFoundError) as error:
                tell(f"Error: {error}; the same command with --resume goes on")
                raise typer.Exit(1) from error
        self._sum_up(summary, destination.errors)
        if not finished:
            tell(
                "some of the failures may pass (see transient in the list): mend their cause and "
                "run the same command with --resume"
            )
        return summary.counts.failed > 0

    def into_stream(self, output: Path | None, output_format: OutputFormat) -> bool:
        """Tags straight into standard output or a device; whether articles failed."""
        from tagger.batch import same
        from tagger.counts import Counts
        from tagger.document import Document
        from tagger.summary import ProgressLine, Summary
        from tagger.tagging import SharedIds, stream
        from tagger.writers import open_writer
        from tagger.writers.errors import ErrorList

        tell = partial(say, self.console)
        with ExitStack() as stack:
            with usage_errors():
                writer = stack.enter_context(open_writer(output, output_format))
                errors = stack.enter_context(ErrorList(None, tell))
                runner = stack.enter_context(self._open_runner(same))
            summary = Summary()
            shown = not self.quiet and self.console.is_terminal
            shown = shown and (output is not None or not sys.stdout.isatty())
            progress = stack.enter_context(ProgressLine(self.console, summary, shown=shown))

            ids = SharedIds(output_format)

            def after_each(item: Item) -> None:
                summary.add(Counts.of(item))
                if isinstance(item, Document):
                    ids.add(item.id)
                progress.update()

            stream(
                self.units,
                runner,
                writer,
                errors,
                self.interruption,
                stop_at_error=self.stop_at_error,
                after_each=after_each,
            )
        if self.interruption.signal is not None:
            tell("interrupted")
            raise typer.Exit(128 + self.interruption.signal)
        ids.tell(tell)
        self._sum_up(summary, None)
        return errors.count > 0

    def _open_runner(self, finish: Finish[R]) -> AbstractContextManager[Runner[R]]:
        """Loads the tagger, in as many processes as the input is worth unless ``jobs`` says it."""
        from tagger.batch import open_runner
        from tagger.encoder import usable_cores
        from tagger.units import read_ahead

        ahead, is_all = read_ahead(self.units, self.batch_size)
        self.units = chain(ahead, self.units)
        jobs = self.jobs or (1 if is_all else usable_cores())
        return open_runner(self.load(max(1, usable_cores() // jobs)), jobs, finish)

    def _sum_up(self, summary: Summary, listed: Path | None) -> None:
        if self.quiet:
            return
        say(self.console, str(summary))
        if failed := summary.counts.failed:
            say(self.console, f"{failed:,} failed" + (f": {listed}" if listed else ""))


@contextmanager
def _endings(tell: Callable[[str], None], destination: Destination | None) -> Iterator[None]:
    """Says in a line what put an end to a run, and how to go on."""
    from tagger.journal import is_journal
    from tagger.tagging import StoppedAtError

    def going_on() -> str:
        # Of a run that has not begun nothing is left; an output of this name is an earlier one.
        kept = destination is not None and is_journal(destination.journal)
        return "; the same command with --resume goes on" if kept else ""

    with output_errors(tell, going_on):
        try:
            yield
        except StoppedAtError:
            mending = "; after mending it, go on with --resume" if going_on() else ""
            tell(f"stopped at the first error{mending}")
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            tell(f"ended at once{going_on()}")
            raise typer.Exit(130) from None
