"""Tagged documents to files: JSON lines, CSV, Parquet tables or one HTML page.

A writer takes documents one at a time and keeps none of them, so an archive of any size
streams through. What it writes becomes visible under its name only when it is whole.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from tagger.document import Document
from tagger.writers.staging import staged


class OutputFormat(StrEnum):
    """The formats that a tagged document can be written in."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    HTML = "html"


class Writer(Protocol):
    """What every format offers."""

    def write(self, document: Document) -> None:
        """Adds one document."""

    def close(self) -> None:
        """Writes what must stand at the end. The file itself belongs to the caller."""


def guess_format(path: Path) -> OutputFormat:
    """The format that a file name asks for: ``.jsonl``, ``.csv``, ``.parquet`` or ``.html``.

    ``.gz`` behind the suffix is looked through. Raises ValueError for any other suffix.
    """
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    try:
        return _SUFFIXES[suffix.lower()]
    except KeyError:
        raise ValueError(
            f"{path.name!r} does not say its format; end it in one of "
            f"{', '.join(_SUFFIXES)} or name the format: {', '.join(OutputFormat)}"
        ) from None


@contextmanager
def open_writer(path: Path | None, output_format: OutputFormat) -> Iterator[Writer]:
    """A writer for ``path``, or for standard output where ``path`` is None.

    The file (for Parquet the folder) appears, or replaces an older one, when the block ends
    without an exception; otherwise nothing is left behind. Raises ValueError for Parquet on
    standard output, ModuleNotFoundError naming the extra to install where a format's library
    is missing, and OSError where ``path`` cannot be written.
    """
    if output_format is OutputFormat.PARQUET:
        from tagger.writers.parquet import TABLES, ParquetWriter

        if path is None:
            raise ValueError("Parquet is a folder of tables; name it with -o OUT.parquet")
        with staged(path, folder_of=[f"{table}.parquet" for table in TABLES]) as folder:
            tables = ParquetWriter(folder)
            try:
                yield tables
            finally:
                tables.close()
        return
    with ExitStack() as stack:
        stream = _open_stream(path, stack)
        writer = _stream_writer(output_format)(stream)
        yield writer
        writer.close()


_SUFFIXES = {
    ".jsonl": OutputFormat.JSONL,
    ".ndjson": OutputFormat.JSONL,
    ".csv": OutputFormat.CSV,
    ".parquet": OutputFormat.PARQUET,
    ".html": OutputFormat.HTML,
    ".htm": OutputFormat.HTML,
}


def _open_stream(path: Path | None, stack: ExitStack) -> BinaryIO:
    if path is None:
        stack.callback(sys.stdout.buffer.flush)
        return sys.stdout.buffer
    stream = stack.enter_context(stack.enter_context(staged(path)).open("wb"))
    if path.suffix != ".gz":
        return stream
    # Without a name and a time in its header, the same records give the same bytes.
    packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=stream, mtime=0)
    return stack.enter_context(packed)  # type: ignore[return-value]


def _stream_writer(output_format: OutputFormat) -> Callable[[BinaryIO], Writer]:
    if output_format is OutputFormat.CSV:
        from tagger.writers.csv import CsvWriter

        return CsvWriter
    if output_format is OutputFormat.HTML:
        from tagger.writers.html import HtmlWriter

        return HtmlWriter
    from tagger.writers.jsonl import JsonlWriter

    return JsonlWriter
