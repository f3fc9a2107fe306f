"""CSV and TSV to records, as a stream."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from tagger.readers.charsets import detect_lines
from tagger.readers.columns import map_columns, require_distinct
from tagger.readers.errors import Unreadable
from tagger.readers.options import ReadOptions
from tagger.readers.records import Row
from tagger.readers.streams import ByteStream, byte_limit

_DELIMITERS = (",", "\t", ";", "|")
_UNDECODED = re.compile(r"[\udc80-\udcff]")
# Excel's own first line, which is no header.
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[^\w\s"]|\t)"?\s*', re.IGNORECASE)


class _Lines:
    """Lines that remember that they have ended."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            self.ended = True
            raise


def csv_rows(stream: ByteStream, options: ReadOptions) -> Iterator[Row]:
    """Yields one row a record; the first line names the columns.

    A row with more cells than columns, or with undecodable bytes, is an error of that row alone;
    one whose quote is never closed swallows all that follows. A first line ``sep=;`` names the
    delimiter.
    Raises Unreadable for a file without a text column.
    """
    encoding = options.encoding or detect_lines(stream.head)
    # The csv module's limit is the process's; it is raised here and never lowered.
    csv.field_size_limit(max(csv.field_size_limit(), byte_limit(options.max_characters)))
    # Undecodable bytes become lone surrogates, so that they spoil their own row alone.
    source = io.TextIOWrapper(
        stream.buffered(), encoding=encoding, errors="surrogateescape", newline=""
    )
    limit = byte_limit(options.max_characters)
    first = source.readline(limit).removeprefix("\ufeff")
    above = 0
    if separator := _SEPARATOR_LINE.fullmatch(first):
        first, above = source.readline(limit), 1
    delimiter = separator["delimiter"] if separator else max(_DELIMITERS, key=first.count)
    lines = _Lines(chain([first], source))
    reader = csv.reader(lines, delimiter=delimiter)
    header = _header(reader, options)
    if lines.ended:
        raise _unclosed(1 + above)
    number = 0
    while True:
        line = reader.line_num + 1 + above
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            reason = f"malformed CSV ({error})"
            yield Row(number, f"row {number}", Unreadable(reason, "mend its quotes"))
            continue
        if lines.ended or any(cell.strip() for cell in cells):
            number += 1
            # Only inside a quote does a row ask for a line that is not there.
            value = _unclosed(line) if lines.ended else _record(cells, header, encoding)
            yield Row(number, f"row {number}", value)


def _unclosed(line: int) -> Unreadable:
    return Unreadable(
        f"a closing quote is missing: from line {line} on, all of the file is one row",
        "close the quote, and write each quote that belongs to the text twice",
    )


def _header(reader: Iterator[list[str]], options: ReadOptions) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise Unreadable(f"malformed CSV header ({error})", "mend its quotes") from error
    if any(_UNDECODED.search(name) for name in header):
        raise Unreadable(
            "the header holds bytes that cannot be decoded", "name the encoding with --encoding"
        )
    require_distinct(header)
    map_columns(header, options.columns)
    return header


def _record(
    cells: list[str], header: list[str], encoding: str
) -> Mapping[str, str | None] | Unreadable:
    for name, cell in zip(header, cells, strict=False):
        if match := _UNDECODED.search(cell):
            return Unreadable(
                f"byte 0x{ord(match[0]) - 0xDC00:02x} at character {match.start():,} of column "
                f"{name!r} is not {encoding}",
                "name the file's encoding with --encoding, or convert it to UTF-8",
            )
    if any(cell.strip() for cell in cells[len(header) :]):
        return Unreadable(
            f"{len(cells)} cells where the header names {len(header)} columns",
            "put cells that hold the delimiter into quotes",
        )
    padded = chain(cells, [None] * (len(header) - len(cells)))
    return {name: cell for name, cell in zip(header, padded, strict=False) if name}
