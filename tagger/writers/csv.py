"""CSV: one long table with a row for every span, ready for a spreadsheet or a database."""

from __future__ import annotations

import csv
import io
from typing import Any, BinaryIO

from tagger.document import Document
from tagger.text import well_formed
from tagger.writers.rows import QUANTITY_DETAILS, document_row, span_rows

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
    *QUANTITY_DETAILS,
    "modality",
    "group",
    "event",
    "entity",
    "quantity",
)

# Signed numbers start like formulas; these columns hold nothing but numbers.
_NUMERIC = frozenset({"value", "low", "high"})

# https://owasp.org/www-community/attacks/CSV_Injection, full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class CsvWriter:
    """Writes the table to a binary stream as UTF-8 with the byte order mark that Excel needs.

    ``layer`` is ``document`` (one row an article, its title as text), ``entity``, ``quantity``,
    ``event`` or ``argument``; ``label`` is the entity's or quantity's label, the event's type
    or the argument's role. A text that a spreadsheet would run as a formula gets an apostrophe
    in front; numbers in ``value``, ``low`` and ``high`` are never touched.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = io.StringIO(newline="")
        self._table = csv.DictWriter(self._buffer, COLUMNS, restval="", extrasaction="ignore")
        self._stream.write(b"\xef\xbb\xbf")
        self._table.writeheader()
        self._flush()

    def write(self, document: Document) -> None:
        """Writes the document's row and one row for each of its spans."""
        head = document_row(document)
        shared = {
            "document": head["id"],
            "published": head["published"],
            "source": head["source"],
        }
        self._write_row(shared | {"layer": "document", "text": head["title"]})
        for layer, row in span_rows(document):
            label = row.get("label") or row.get("type") or row.get("role")
            self._write_row(row | shared | {"layer": layer, "label": label})
        self._flush()

    def close(self) -> None:
        """Nothing stands at the end of a CSV table."""

    def _write_row(self, row: dict[str, Any]) -> None:
        self._table.writerow({name: _cell(name, value) for name, value in row.items()})

    def _flush(self) -> None:
        self._stream.write(self._buffer.getvalue().encode("utf-8"))
        self._buffer.seek(0)
        self._buffer.truncate()


def _cell(column: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    # The csv module of Python 3.11 stops at a null character.
    value = well_formed(value).replace("\0", "\N{REPLACEMENT CHARACTER}")
    if column not in _NUMERIC and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
