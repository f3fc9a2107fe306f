"""CSV: one long table with a row for every span, or the five tables; ready for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from tagger.document import Document
from tagger.writers.rows import table_rows
from tagger.writers.tables import TABLES, Row

COLUMNS = (
    "document",
    "published",
    "source",
    "layer",
    "index",
    "start",
    "end",
    "text",
    "label",
    "score",
    "canonical",
    "id",
    "value",
    "unit",
    "unit_text",
    "per",
    "low",
    "high",
    "low_inclusive",
    "high_inclusive",
    "approximate",
    "start_time",
    "end_time",
    "grain",
    "duration",
    "repeat",
    "modality",
    "group",
    "event",
    "entity",
    "quantity",
)

# How a file begins, whatever columns follow in other releases.
START = ("\ufeff" + ",".join(COLUMNS[:4])).encode()

_LAYERS = {
    "documents": "document",
    "entities": "entity",
    "quantities": "quantity",
    "events": "event",
    "arguments": "argument",
}

# What follows the cells of a table's row before the long table's are picked from them; the last
# is the empty cell.
_SHARED = ("published", "source", "layer", "")

# Where a column of the long table has another name in a table, or none.
_RENAMED: dict[str, dict[str, str]] = {
    "documents": dict.fromkeys(COLUMNS, "")
    | {"document": "id", "text": "title"}
    | {name: name for name in ("published", "source", "layer")},
    "events": {"label": "type"},
    "arguments": {"label": "role"},
}

# Signed numbers start like formulas; these columns hold nothing but numbers.
_NUMERIC = frozenset({"value", "low", "high"})

_PLAIN = frozenset({int, float, type(None)})

# https://owasp.org/www-community/attacks/CSV_Injection, full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class CsvWriter:
    """Writes one long table to a binary stream.

    ``layer`` is ``document`` (one row an article, its title as text), ``entity``, ``quantity``,
    ``event`` or ``argument``; ``label`` is the entity's or quantity's label, the event's type
    or the argument's role. See :class:`CsvTable` for what a cell looks like.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._table = CsvTable(stream, COLUMNS)
        self._picks = {table: _picks(table) for table in TABLES}

    def write(self, document: Document) -> None:
        """Writes the document's row and one row for each of its spans."""
        published = document.published and document.published.isoformat()
        shared = (published, document.source)
        rows = {
            table: [self._picks[table]((*row, *shared, _LAYERS[table], None)) for row in rows]
            for table, rows in table_rows(document).items()
        }
        long = rows["documents"] + rows["entities"] + rows["quantities"]
        arguments = iter(rows["arguments"])
        for event, row in zip(document.events, rows["events"], strict=True):
            long += [row, *islice(arguments, len(event.arguments))]
        self._table.write(long)

    def close(self) -> None:
        """Nothing stands at the end of a CSV table."""


class CsvTablesWriter:
    """Writes ``documents.csv``, ``entities.csv`` and so on, with the columns of the Parquet tables.

    Spans name their document by ``document`` and arguments their event by ``event``. See
    :class:`CsvTable` for what a cell looks like.
    """

    def __init__(self, folder: Path) -> None:
        self._files = ExitStack()
        self._tables = {
            table: CsvTable(
                self._files.enter_context((folder / f"{table}.csv").open("wb")), tuple(columns)
            )
            for table, columns in TABLES.items()
        }

    def write(self, document: Document) -> None:
        """Adds the document's rows to their tables."""
        for table, rows in table_rows(document).items():
            self._tables[table].write(rows)

    def close(self) -> None:
        """Completes the files."""
        self._files.close()


class CsvTable:
    """Writes rows to a binary stream as UTF-8 with the byte order mark that Excel needs.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers in
    ``value``, ``low`` and ``high`` are never touched. Null characters become replacement
    characters, and lone surrogates question marks.
    """

    def __init__(self, stream: BinaryIO, columns: Sequence[str]) -> None:
        self._stream = stream
        self._guarded = [name not in _NUMERIC for name in columns]
        self._buffer = io.StringIO(newline="")
        self._table = csv.writer(self._buffer)
        self._stream.write(b"\xef\xbb\xbf")
        self._table.writerow(columns)
        self._flush()

    def write(self, rows: Sequence[Row]) -> None:
        """Writes rows whose cells are in the order of the columns."""
        self._table.writerows(
            [
                # Most cells are empty or numbers, which need no look.
                each if each.__class__ in _PLAIN else _cell(each, guarded)
                for each, guarded in zip(row, self._guarded, strict=True)
            ]
            for row in rows
        )
        self._flush()

    def _flush(self) -> None:
        self._stream.write(self._buffer.getvalue().encode("utf-8", "replace"))
        self._buffer.seek(0)
        self._buffer.truncate()


def _picks(table: str) -> Callable[[Row], Row]:
    """What picks the cells of the long table from a table's row and the shared cells."""
    places = {name: place for place, name in enumerate((*TABLES[table], *_SHARED))}
    renamed = _RENAMED.get(table, {})
    names = (renamed.get(name, name) for name in COLUMNS)
    return itemgetter(*(places.get(name, places[""]) for name in names))


def _cell(value: str | bool | datetime, guarded: bool) -> str | datetime:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    if "\0" in value:
        # The csv module of Python 3.11 stops at a null character.
        value = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return "'" + value if guarded and value.startswith(_FORMULA_STARTS) else value
