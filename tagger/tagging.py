"""One run of ``tagger tag`` into a file: units through the tagger into a journal, and the journal
into the output."""

from __future__ import annotations

import os
import shutil
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

from tagger.document import Document
from tagger.interruption import Interruption
from tagger.journal import JOURNAL_FILES, Entry, Journal
from tagger.readers import ReadOptions, find_files
from tagger.units import Item, Outcome, Unit, decode, unit_key
from tagger.workers import Pending, Runner, results
from tagger.writers import OutputFormat, Writer, check_output, is_output, open_writer
from tagger.writers.compression import GZIP, Compression, compression_of
from tagger.writers.errors import ErrorList, errors_path
from tagger.writers.staging import check_place, clear_up, holds_only, staged

_JOURNAL_SUFFIX = ".partial"
_TABLES = (OutputFormat.CSV, OutputFormat.CSV_TABLES, OutputFormat.PARQUET)
_OWN_IDS = "give articles ids of their own (a field id, or a path that no other has)"


class StoppedAtError(Exception):
    """Ends a run at its first error, where that is what the user asked for."""


@dataclass(frozen=True)
class Destination:
    """Where a run writes and how."""

    path: Path
    format: OutputFormat
    by_day: bool = False

    @property
    def journal(self) -> Path:
        """The folder that holds what a run has done until it is finished."""
        # Beside what a link points to, where the records can be moved into place.
        path = Path(os.path.realpath(self.path))
        return path.with_name(f"{path.name}{_JOURNAL_SUFFIX}")

    @property
    def errors(self) -> Path:
        """Where the articles that failed are listed."""
        return errors_path(self.path)

    @property
    def compression(self) -> Compression:
        """How the journal's records are packed: as in the output, if that is JSON lines."""
        return compression_of(self.path) if self.is_lines else GZIP

    @property
    def is_lines(self) -> bool:
        """Whether the output is JSON lines, packed or not."""
        return self.format is OutputFormat.JSONL

    @property
    def is_finished(self) -> bool:
        """Whether a run has made it; of a database nobody can tell."""
        return self.path.exists() and self.format is not OutputFormat.DUCKDB

    @property
    def is_device(self) -> bool:
        """Whether it is something that cannot be moved into place: a device or a pipe."""
        return self.path.exists() and not (self.path.is_file() or self.path.is_dir())

    def check(self, inputs: Sequence[str], options: ReadOptions, *, overwrite: bool) -> None:
        """Refuses now what would only come out after a night's work.

        Raises ValueError where writing would destroy what must stay, such as one of the articles
        that ``inputs`` and ``options`` find, or cannot succeed, and ModuleNotFoundError naming the
        extra where the format's library is not installed.
        """
        exists = True
        try:
            self.path.stat()
        except FileNotFoundError:
            exists = False
        except OSError as error:
            raise ValueError(
                f"{self.path} cannot be written ({error.strerror}); choose another name or folder"
            ) from error
        if exists and self.path.samefile(Path.cwd()):
            raise ValueError(
                f"{self.path} is the folder that the command runs in and not an earlier output; "
                "choose another name"
            )
        if exists and not overwrite:
            raise ValueError(f"{self.path} exists; choose another name, or drop --no-overwrite")
        for given in inputs:
            if exists and os.path.exists(given) and self.path.samefile(given):  # noqa: PTH110
                raise ValueError(f"{self.path} is also an input; choose another name for it")
        if self.by_day and self.format is not OutputFormat.PARQUET:
            raise ValueError(
                f"only Parquet tables are cut by day, not {self.format}; write to a name in "
                ".parquet, or leave out --by-day"
            )
        try:
            check_output(self.path, self.format)
            check_place(self.journal, holds_only(*JOURNAL_FILES))
            check_place(self.errors)
        except OSError as error:
            raise ValueError(str(error)) from error
        if self._would_replace_an_article(inputs, options):
            raise ValueError(
                f"{self.path} is among the inputs and no earlier output, and would be replaced; "
                "choose another name, or leave it out with --exclude"
            )

    def _would_replace_an_article(self, inputs: Sequence[str], options: ReadOptions) -> bool:
        if not self.path.is_file() or self.format is OutputFormat.DUCKDB or is_output(self.path):
            return False
        real = os.path.realpath(self.path)
        return any(
            isinstance(found, str) and os.path.realpath(found) == real
            for found in find_files(inputs, options)
        )

    def own_paths(self) -> frozenset[str]:
        """The paths, absolute and real, of all that a run writes, which no run may read."""
        written = (self.path, self.errors, self.journal)
        return frozenset(
            path for each in written for path in (str(each.absolute()), os.path.realpath(each))
        )


def fill(
    journal: Journal,
    units: Iterable[Unit],
    runner: Runner[Outcome],
    interruption: Interruption,
    *,
    stop_at_error: bool,
    after_each: Callable[[Entry, bool], None],
) -> list[Entry]:
    """Sees to it that every unit is in the journal; the entries of all in input order.

    What the journal holds already is not tagged again. ``after_each`` is called with each entry
    and whether it is new. Raises :class:`StoppedAtError` after the first error if
    ``stop_at_error``. An interruption ends the run early, when the units under way are done.
    """
    entries: list[Entry] = []
    under_way: deque[tuple[str, Entry | Pending[Outcome]]] = deque()

    def take() -> None:
        key, found = under_way.popleft()
        known = isinstance(found, Entry)
        entry = found if isinstance(found, Entry) else journal.add(key, found.result())
        entries.append(entry)
        after_each(entry, not known)
        if stop_at_error and entry.counts.failed:
            raise StoppedAtError

    for unit in units:
        if interruption.signal is not None:
            break
        key = unit_key(unit)
        under_way.append((key, journal.get(key) or runner.submit(unit)))
        if len(under_way) >= runner.capacity:
            take()
    while under_way:
        take()
    journal.sync()
    return entries


def finish(
    journal: Journal,
    entries: Sequence[Entry],
    destination: Destination,
    say: Callable[[str], None],
) -> bool:
    """Makes the output and the list of errors out of the journal and removes it.

    Where articles failed that nothing is wrong with, the journal is kept, so that they can be tried
    again: False.
    """
    destination.path.parent.mkdir(parents=True, exist_ok=True)
    for written in (destination.path, destination.errors):
        clear_up(written)
    with ErrorList(destination.errors, say, said_at_most=0) as listed:
        for entry in entries:
            for error in journal.errors(entry):
                listed.add(error)
    kept = any(entry.transient for entry in entries)
    is_empty = not any(entry.length for entry in entries)
    if destination.is_lines and not kept and not is_empty and journal.is_exactly(entries):
        journal.give(destination.path.resolve())
    elif destination.is_lines:
        with staged(destination.path) as temporary, temporary.open("wb") as stream:
            for packed in journal.packed(entries):
                stream.write(packed)
            if is_empty:  # a packed file of nothing is not one of no bytes
                stream.write(destination.compression.pack(b""))
    else:
        ids = SharedIds(destination.format)
        with open_writer(destination.path, destination.format, by_day=destination.by_day) as writer:
            for record in journal.records(entries):
                writer.write(decode(record))
                ids.add(record["id"])
        ids.tell(say, (each["id"] for each in journal.records(entries)))
        _say_of_ids(writer, say)
    if not kept:
        journal.remove()
    return not kept


class SharedIds:
    """The ids of the articles of a table, whose rows name their article by its id: says where
    several have one. Of the ids of millions only the hashes are kept."""

    def __init__(self, output_format: OutputFormat) -> None:
        self._is_table = output_format in _TABLES
        self._hashes = array("q")

    def add(self, identifier: str) -> None:
        """Takes the id of the next article."""
        if self._is_table:
            self._hashes.append(hash(identifier))

    def tell(self, say: Callable[[str], None], identifiers: Iterable[str] = ()) -> None:
        """Says how many ids stand on several articles. ``identifiers`` are all of them once more,
        read only for an example; without them there is none."""
        import numpy

        values = numpy.array(self._hashes, numpy.int64)
        order = values.argsort(kind="stable")
        ordered = values[order]
        again = ordered[1:] == ordered[:-1]
        if not again.any():
            return
        first = int(order[:-1][again].min())
        example = "".join(f", such as {each!r}" for each in islice(identifiers, first, first + 1))
        count = numpy.unique(ordered[1:][again]).size
        say(f"{_stand_on_several(count)}{example}; their rows cannot be told apart: {_OWN_IDS}")


def _stand_on_several(count: int) -> str:
    return f"{count:,} {'id stands' if count == 1 else 'ids stand'} on more than one article"


def _say_of_ids(writer: Writer, say: Callable[[str], None]) -> None:
    """Says where a database kept one article of several with an id."""
    from tagger.writers.duckdb import DuckDbWriter

    if not isinstance(writer, DuckDbWriter):
        return
    if shared := writer.shared_ids:
        say(
            f"{_stand_on_several(len(shared))}, such as {shared[0]!r}; the database keeps the last "
            "article of each"
        )
    if replaced := writer.replaced_ids:
        say(
            f"{len(replaced):,} {'article' if len(replaced) == 1 else 'articles'} took the "
            f"place of another text with the same id, such as {replaced[0]!r}; where that was "
            f"no earlier version, {_OWN_IDS}"
        )


def stream(
    units: Iterable[Unit],
    runner: Runner[Item],
    writer: Writer,
    errors: ErrorList,
    interruption: Interruption,
    *,
    stop_at_error: bool,
    after_each: Callable[[Item], None],
) -> None:
    """Tags units straight into a writer, without a journal: for standard output and devices."""
    uninterrupted = takewhile(lambda _unit: interruption.signal is None, units)
    for outcome in results(uninterrupted, runner):
        if isinstance(outcome, Document):
            writer.write(outcome)
        else:
            errors.add(outcome)
        after_each(outcome)
        if stop_at_error and not isinstance(outcome, Document):
            raise StoppedAtError


def discard(folder: Path) -> None:
    """Throws away what is left of a journal; nothing else is in its folder, see check."""
    shutil.rmtree(folder, ignore_errors=True)
