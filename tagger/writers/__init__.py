"""Tagged documents to files: JSON lines, CSV, Parquet tables, one HTML page, or a database.

A writer takes documents one at a time and keeps none of them, so an archive of any size
streams through. What it writes becomes visible under its name only when it is whole.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from tagger.document import Document
from tagger.writers.compression import PACKED, ZSTANDARD, compression_of
from tagger.writers.staging import check_place, staged


class OutputFormat(StrEnum):
    """The formats that a tagged document can be written in."""

    JSONL = "jsonl"
    CSV = "csv"
    CSV_TABLES = "csv-tables"
    PARQUET = "parquet"
    DUCKDB = "duckdb"
    HTML = "html"


class Writer(Protocol):
    """What every format offers."""

    def write(self, document: Document) -> None:
        """Adds one document."""

    def close(self) -> None:
        """Writes what must stand at the end. The file itself belongs to the caller."""


def guess_format(path: Path) -> OutputFormat:
    """The format that a file name asks for by its suffix, such as ``.jsonl`` or ``.parquet``.

    ``.gz`` and ``.zst`` behind the suffix are looked through. Raises ValueError for any other.
    """
    suffix = Path(path.stem).suffix if path.suffix in PACKED else path.suffix
    try:
        return _SUFFIXES[suffix.lower()]
    except KeyError:
        raise ValueError(
            f"{path.name!r} does not say its format; end it in one of "
            f"{', '.join(_SUFFIXES)} or name the format: {', '.join(OutputFormat)}"
        ) from None


@contextmanager
def open_writer(
    path: Path | None, output_format: OutputFormat, *, by_day: bool = False
) -> Iterator[Writer]:
    """A writer for ``path``, or for standard output where ``path`` is None.

    The file (for Parquet and CSV tables the folder) appears, or replaces an older one, when the
    block ends without an exception; otherwise nothing is left behind. A database is added to.
    ``by_day`` cuts Parquet tables by the day of publication. Raises ValueError for what cannot go
    to standard output and for the name of a packed folder or database, ModuleNotFoundError naming
    the extra to install where a format's library is missing, and OSError where ``path`` cannot be
    written.
    """
    if by_day and output_format is not OutputFormat.PARQUET:
        raise ValueError(
            f"only Parquet tables are cut by day, not {output_format}; leave by_day out"
        )
    if path is not None:
        _check_packing(path, output_format)
    if output_format is OutputFormat.DUCKDB:
        from tagger.writers.duckdb import DuckDbWriter

        with DuckDbWriter(_named(path, "a database", "OUT.duckdb")) as database:
            yield database
    elif output_format in _FOLDERS:
        folder = _named(path, "a folder of tables", f"OUT.{output_format}")
        with (
            staged(folder, _are_tables) as temporary,
            closing(_folder_writer(output_format, temporary, by_day)) as tables,
        ):
            yield tables
    else:
        with ExitStack() as stack:
            writer = _stream_writer(output_format)(_open_stream(path, stack))
            yield writer
            writer.close()


def check_output(path: Path, output_format: OutputFormat) -> None:
    """Raises what can be known before :func:`open_writer` writes to ``path``, without writing.

    Raises ValueError for a name or a database that the format cannot have, ModuleNotFoundError
    naming the extra to install, FileExistsError for what is no earlier output, and OSError for a
    database that is in use.
    """
    _check_packing(path, output_format)
    check_place(path, _are_tables if output_format in _FOLDERS else None)
    if output_format is OutputFormat.DUCKDB:
        from tagger.writers.duckdb import check_database

        check_database(path)
    elif output_format is OutputFormat.PARQUET:
        from tagger.writers.parquet import require_pyarrow

        require_pyarrow()
    elif output_format is not OutputFormat.CSV_TABLES:
        compression_of(path)


def is_output(path: Path) -> bool:
    """Whether a file begins as one that was written here, in any format, or holds nothing."""
    from tagger.readers.errors import Unreadable
    from tagger.readers.streams import open_bytes
    from tagger.writers import csv, html, jsonl

    try:
        with open_bytes(str(path.absolute())) as stream:
            head = stream.head
    except Unreadable:
        return False
    # No article is read from Zstandard.
    return not head or head.startswith((jsonl.START, csv.START, html.START, ZSTANDARD))


_SUFFIXES = {
    ".jsonl": OutputFormat.JSONL,
    ".ndjson": OutputFormat.JSONL,
    ".csv": OutputFormat.CSV,
    ".parquet": OutputFormat.PARQUET,
    ".duckdb": OutputFormat.DUCKDB,
    ".db": OutputFormat.DUCKDB,
    ".html": OutputFormat.HTML,
    ".htm": OutputFormat.HTML,
}
_FOLDERS = (OutputFormat.PARQUET, OutputFormat.CSV_TABLES)
_TABLE_SUFFIXES = (".parquet", ".csv", "")  # without one, a table is a folder of days


def _named(path: Path | None, what: str, example: str) -> Path:
    if path is None:
        raise ValueError(f"this format is {what}; name it with -o {example}")
    return path


def _check_packing(path: Path, output_format: OutputFormat) -> None:
    if path.suffix in PACKED and output_format in (*_FOLDERS, OutputFormat.DUCKDB):
        raise ValueError(
            f"{output_format} is not packed by {path.suffix}; leave it out of the name {path.name}"
        )


def _are_tables(folder: Path) -> bool:
    """Whether a folder is empty or has all tables of an output and nothing else: articles may be
    kept in folders or files of a table's name."""
    from tagger.writers.by_day import DAY_PREFIX
    from tagger.writers.tables import TABLES

    names = {each.name for each in folder.iterdir()}
    is_whole = any(names == {f"{table}{suffix}" for table in TABLES} for suffix in _TABLE_SUFFIXES)
    by_day = all(each.name.startswith(DAY_PREFIX) for each in folder.glob("*/*"))
    return not names or (is_whole and by_day)


def _folder_writer(output_format: OutputFormat, folder: Path, by_day: bool) -> Any:
    if output_format is OutputFormat.CSV_TABLES:
        from tagger.writers.csv import CsvTablesWriter

        return CsvTablesWriter(folder)
    from tagger.writers.parquet import ParquetWriter

    return ParquetWriter(folder, by_day)


def _open_stream(path: Path | None, stack: ExitStack) -> BinaryIO:
    if path is None:
        stack.callback(sys.stdout.buffer.flush)
        return sys.stdout.buffer
    stream = stack.enter_context(stack.enter_context(staged(path)).open("wb"))
    packed: BinaryIO = stack.enter_context(compression_of(path).open(stream))
    return packed


def _stream_writer(output_format: OutputFormat) -> Callable[[BinaryIO], Writer]:
    if output_format is OutputFormat.CSV:
        from tagger.writers.csv import CsvWriter

        return CsvWriter
    if output_format is OutputFormat.HTML:
        from tagger.writers.html import HtmlWriter

        return HtmlWriter
    from tagger.writers.jsonl import JsonlWriter

    return JsonlWriter
