"""Parquet: a folder with one table a kind, each with the same columns whatever is in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.document import Document, Quantity
from tagger.text import well_formed
from tagger.writers.rows import document_row, span_rows

if TYPE_CHECKING:
    import pyarrow

# What a table holds back before it is written: enough for well-filled row groups, and little
# enough that a thousand articles of the largest size never wait in memory together.
_ROWS_IN_MEMORY = 20_000
_CHARACTERS_IN_MEMORY = 8_000_000

_SPAN = {"document": "string", "index": "int64", "start": "int64", "end": "int64", "text": "string"}

_QUANTITY = {
    "value": "string",
    "value_number": "float64",
    "unit": "string",
    "unit_text": "string",
    "per": "string",
    "low": "string",
    "high": "string",
    "low_inclusive": "bool",
    "high_inclusive": "bool",
    "approximate": "bool",
    "start_time": "string",
    "end_time": "string",
    "grain": "string",
    "duration": "string",
    "repeat": "string",
}

TABLES: dict[str, dict[str, str]] = {
    "documents": {
        "id": "string",
        "title": "string",
        "body_start": "int64",
        "text": "string",
        "published": "string",
        "source": "string",
        "metadata": "string",
        "model": "string",
    },
    "entities": _SPAN
    | {"label": "string", "score": "float64", "canonical": "string", "id": "string"},
    "quantities": _SPAN | {"label": "string"} | _QUANTITY,
    "events": _SPAN
    | {"type": "string", "score": "float64", "modality": "string", "group": "int64"},
    "arguments": _SPAN
    | {"event": "int64", "role": "string", "score": "float64", "entity": "int64"}
    | {"quantity": "int64", "canonical": "string", "id": "string"}
    | _QUANTITY,
}

_TABLE_OF_LAYER = {
    "entity": "entities",
    "quantity": "quantities",
    "event": "events",
    "argument": "arguments",
}


class ParquetWriter:
    """Writes ``documents``, ``entities``, ``quantities``, ``events`` and ``arguments``.

    Spans name their document by ``document`` and arguments their event by ``event``. Exact
    numbers are text; ``value_number`` is the nearest float, for sums and plots. Raises
    ModuleNotFoundError naming the extra where pyarrow is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "Parquet output needs pyarrow; install it with: "
                "pip install 'caijing-tagger[parquet]'"
            ) from error
        self._arrow = pyarrow
        self._schemas = {table: _schema(pyarrow, table) for table in TABLES}
        self._files = {
            table: pyarrow.parquet.ParquetWriter(
                folder / f"{table}.parquet", schema, compression="zstd"
            )
            for table, schema in self._schemas.items()
        }
        self._rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
        self._characters = dict.fromkeys(TABLES, 0)

    def write(self, document: Document) -> None:
        """Adds the document's rows to their tables."""
        self._add("documents", document_row(document))
        for layer, row in span_rows(document):
            if layer == "quantity":
                row["value_number"] = _nearest(document.quantities[row["index"]])
            elif layer == "argument" and row.get("quantity") is not None:
                row["value_number"] = _nearest(document.quantities[row["quantity"]])
            self._add(_TABLE_OF_LAYER[layer], row | {"document": document.id})

    def close(self) -> None:
        """Writes the rows still in memory and the footers of the files."""
        for table, file in self._files.items():
            self._write_rows(table)
            file.close()

    def _add(self, table: str, row: dict[str, Any]) -> None:
        rows = self._rows[table]
        rows.append({name: _plain(row.get(name)) for name in TABLES[table]})
        self._characters[table] += len(row.get("text") or "")
        if len(rows) >= _ROWS_IN_MEMORY or self._characters[table] >= _CHARACTERS_IN_MEMORY:
            self._write_rows(table)

    def _write_rows(self, table: str) -> None:
        if rows := self._rows[table]:
            self._files[table].write_table(
                self._arrow.Table.from_pylist(rows, schema=self._schemas[table])
            )
            rows.clear()
            self._characters[table] = 0


def _schema(arrow: Any, table: str) -> pyarrow.Schema:
    kinds = {
        "string": arrow.string(),
        "int64": arrow.int64(),
        "float64": arrow.float64(),
        "bool": arrow.bool_(),
    }
    return arrow.schema([(name, kinds[kind]) for name, kind in TABLES[table].items()])


def _nearest(quantity: Quantity) -> float | None:
    try:
        return None if quantity.value is None else float(quantity.value)
    except OverflowError:
        return None


def _plain(value: Any) -> Any:
    return well_formed(value) if isinstance(value, str) else value
