"""The five tables that tagged documents become: their columns, and Arrow tables of their rows.

Exact numbers are text, as in JSON, with the nearest float beside them (``value_number``). Times
are ISO 8601 text, zone and all, with the reading of the clock beside them as a timestamp without
zone (``published_at``): it sorts, makes ranges, and its day is the day that the article says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tagger.text import well_formed

if TYPE_CHECKING:
    import pyarrow

Row = tuple[Any, ...]

# Raised with every change of a column; an output of another version cannot be added to.
TABLES_VERSION = 2

# What a sink holds back of a table before it writes: enough for well-filled row groups, and
# little enough that a thousand articles of the largest size never wait in memory together.
ROWS_IN_MEMORY = 20_000
CHARACTERS_IN_MEMORY = 8_000_000

_TURNED_ROWS = 256

_SPAN = {"document": "string", "index": "int64", "start": "int64", "end": "int64", "text": "string"}

_QUANTITY = {
    "value": "string",
    "value_number": "float64",
    "unit": "string",
    "unit_text": "string",
    "per": "string",
    "low": "string",
    "low_number": "float64",
    "high": "string",
    "high_number": "float64",
    "low_inclusive": "bool",
    "high_inclusive": "bool",
    "approximate": "bool",
    "start_time": "string",
    "start_at": "timestamp",
    "end_time": "string",
    "end_at": "timestamp",
    "grain": "string",
    "duration": "string",
    "repeat": "string",
}

QUANTITY_COLUMNS = tuple(_QUANTITY)

TABLES: dict[str, dict[str, str]] = {
    "documents": {
        "id": "string",
        "title": "string",
        "body_start": "int64",
        "text": "string",
        "published": "string",
        "published_at": "timestamp",
        "source": "string",
        "metadata": "string",
        "model": "string",
        "content_hash": "string",
    },
    "entities": _SPAN
    | {"label": "string", "score": "float64", "canonical": "string", "id": "string"},
    "quantities": _SPAN | {"label": "string"} | _QUANTITY,
    "events": _SPAN
    | {"type": "string", "score": "float64", "modality": "string", "group": "int64"}
    | {"sentence": "string", "sentence_start": "int64"},
    "arguments": _SPAN
    | {"event": "int64", "role": "string", "score": "float64", "entity": "int64"}
    | {"quantity": "int64", "label": "string", "canonical": "string", "id": "string"}
    | _QUANTITY,
}


def arrow_schema(columns: Mapping[str, str]) -> pyarrow.Schema:
    """Columns such as those of one of :data:`TABLES` as Arrow knows them; timestamps in
    microseconds."""
    import pyarrow

    kinds = {
        "string": pyarrow.string(),
        "int64": pyarrow.int64(),
        "float64": pyarrow.float64(),
        "bool": pyarrow.bool_(),
        "timestamp": pyarrow.timestamp("us"),
    }
    return pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])


def arrow_table(schema: pyarrow.Schema, rows: Sequence[Row]) -> pyarrow.Table:
    """The rows, whose cells are in the order of ``schema``, as an Arrow table.

    Lone surrogates, which UTF-8 cannot hold, become question marks.
    """
    import pyarrow

    columns: list[list[Any]] = [[] for _ in schema]
    # Turned over a few at a time, the rows stay in the processor's cache: twice as fast.
    for first in range(0, len(rows), _TURNED_ROWS):
        turned = zip(*rows[first : first + _TURNED_ROWS], strict=True)
        for column, cells in zip(columns, turned, strict=True):
            column += cells
    arrays = [_array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _array(cells: Sequence[Any], kind: pyarrow.DataType) -> pyarrow.Array:
    import pyarrow

    try:
        return pyarrow.array(cells, kind)
    except UnicodeEncodeError:
        # Cleaning every text beforehand would cost more than all the rest of the conversion.
        clean = [well_formed(each) if isinstance(each, str) else each for each in cells]
        return pyarrow.array(clean, kind)
