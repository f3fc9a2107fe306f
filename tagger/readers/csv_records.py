"""CSV and TSV to records, as a stream."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import chain

from tagger.readers.charsets import detect_lines
from tagger.readers.columns import map_columns
from tagger.readers.errors import Unreadable
from tagger.readers.options import ReadOptions
from tagger.readers.records import Row
from tagger.readers.streams import ByteStream, byte_limit

_DELIMITERS = (",", "\t", ";", "|")
_UNDECODED = re.compile(r"[\udc80-\udcff]")


def csv_rows(stream: ByteStream, options: ReadOptions) -> Iterator[Row]:
    """Yields one row a record; the first line names the columns.

    A row with more cells than columns, or with undecodable bytes, is an error of that row alone.
    Raises Unreadable for a file without a text column.
    """
    encoding = options.encoding or detect_lines(stream.head)
    # The csv module's limit is the process's; it is raised here and never lowered.
    csv.field_size_limit(max(csv.field_size_limit(), byte_limit(options.max_characters)))
    # Undecodable bytes become lone surrogates, so that they spoil their own row alone.
    lines = io.TextIOWrapper(
        stream.buffered(), encoding=encoding, errors="surrogateescape", newline=""
    )
    first = lines.readline(byte_limit(options.max_characters)).removeprefix("\ufeff")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(chain([first], lines), delimiter=delimiter)
    header = _header(reader, options)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            reason = f"malformed CSV ({error})"
            yield Row(number, f"row {number}", Unreadable(reason, "mend its quotes"))
            continue
        if any(cell.strip() for cell in cells):
            number += 1
            yield Row(number, f"row {number}", _record(cells, header, encoding))


def _header(reader: Iterator[list[str]], options: ReadOptions) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise Unreadable(f"malformed CSV header ({error})", "mend its quotes") from error
    if any(_UNDECODED.search(name) for name in header):
        raise Unreadable(
            "the header holds bytes that cannot be decoded", "name the encoding with --encoding"
        )
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
