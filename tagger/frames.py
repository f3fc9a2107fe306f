"""Tagged documents as a data frame of pandas or Polars, or as an Arrow table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tagger.document import Document
from tagger.extras import needing
from tagger.fillers import Filler
from tagger.records import Record, document_records
from tagger.text import well_formed
from tagger.writers.rows import table_rows
from tagger.writers.tables import TABLES, Row, arrow_schema

_NAMED_ROLES = ("subject", "object", "location", "destination")
_MEASURED_ROLES = ("amount", "quantity", "ratio")
# What a record carries of a figure: these columns of the table of quantities.
_FIGURE = (
    ("value", "value_number", "low", "low_number", "high", "high_number", "unit", "per")
)  # fmt: skip
_FILLERS_ARE_PARTED_BY = "；"

_RECORDS: dict[str, str] = {
    "document": "string",
    "index": "int64",
    "start": "int64",
    "end": "int64",
    "text": "string",
    "type": "string",
    "score": "float64",
    "modality": "string",
    "group": "int64",
    "sentence": "string",
    "sentence_start": "int64",
    "mentions": "int64",
    "company_id": "string",
    "subject_source": "string",
    "start_time": "string",
    "start_at": "timestamp",
    "end_time": "string",
    "end_at": "timestamp",
    **{name: "string" for role in _NAMED_ROLES for name in (role, f"{role}_id")},
    "date": "string",
    **{
        name: kind
        for role in _MEASURED_ROLES
        for name, kind in (
            (role, "string"),
            *((f"{role}_{name}", TABLES["quantities"][name]) for name in _FIGURE),
        )
    },
}

KINDS: dict[str, dict[str, str]] = TABLES | {"records": _RECORDS}


def to_frame(
    docs: Document | Iterable[Document], kind: str = "events", library: str | None = None
) -> Any:
    """One kind of what was found in documents, as a table of flat columns.

    The columns and their types are the same whatever the documents hold, also for none, and
    ``document`` names the document of a row (``id`` in the table of documents). Except for
    ``records`` they are those of the Parquet output: exact numbers are text (``value``) with the
    nearest float beside them (``value_number``), times are ISO 8601 text with their zone
    (``start_time``, ``published``), with the reading of the clock beside them as a timestamp
    without zone (``start_at``, ``published_at``), so that zones may differ from row to row.

    ``records`` has a row a happening (:class:`tagger.records.Record`). A role's column holds all
    of its fillers, by canonical name where they have one, parted by ``；``; columns such as
    ``subject_id`` and ``amount_value`` are those of the surest of them. ``mentions`` is their
    number.

    Args:
        docs: tagged documents, or one.
        kind: documents, entities, quantities, events, arguments or records.
        library: pandas (nullable types), polars or arrow; None takes the first that is installed.

    Raises:
        TypeError: for what is no document, such as a line of JSON that is still a dict.
        ValueError: for an unknown kind or library.
        ModuleNotFoundError: naming what to install, where the library is missing.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; the kinds are {', '.join(KINDS)}")
    make = _maker(library)
    documents = [docs] if isinstance(docs, Document) else docs
    rows = [row for document in documents for row in _rows(document, kind)]
    columns = KINDS[kind]
    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    return make(columns, dict(zip(columns, map(_clean, cells), strict=True)))


Cells = Sequence[Any]
_Maker = Callable[[dict[str, str], dict[str, Cells]], Any]


def _maker(library: str | None) -> _Maker:
    if library is None:
        library = next((each for each, module in _MODULES.items() if find_spec(module)), None)
        if library is None:
            raise ModuleNotFoundError(
                "a data frame needs pandas, Polars or pyarrow; install one with: "
                "pip install 'caijing-tagger[pandas]', '[polars]' or '[parquet]'"
            )
    if library not in _MAKERS:
        raise ValueError(f"unknown library {library!r}; the libraries are {', '.join(_MAKERS)}")
    with needing(_EXTRAS[library], f"library={library!r}"):
        import_module(_MODULES[library])
    return _MAKERS[library]


def _pandas(columns: dict[str, str], cells: dict[str, Cells]) -> Any:
    import pandas

    kinds = {
        "string": "string",
        "int64": "Int64",
        "float64": "float64",
        "bool": "boolean",
        "timestamp": "datetime64[us]",
    }
    return pandas.DataFrame(
        {
            name: pandas.Series(list(cells[name]), dtype=kinds[kind])
            for name, kind in columns.items()
        }
    )


def _polars(columns: dict[str, str], cells: dict[str, Cells]) -> Any:
    import polars

    kinds = {
        "string": polars.String(),
        "int64": polars.Int64(),
        "float64": polars.Float64(),
        "bool": polars.Boolean(),
        "timestamp": polars.Datetime("us"),
    }
    return polars.DataFrame(cells, schema={name: kinds[kind] for name, kind in columns.items()})


def _arrow(columns: dict[str, str], cells: dict[str, Cells]) -> Any:
    import pyarrow

    return pyarrow.table(cells, schema=arrow_schema(columns))


_MODULES = {"pandas": "pandas", "polars": "polars", "arrow": "pyarrow"}
_EXTRAS = {"pandas": "pandas", "polars": "polars", "arrow": "parquet"}
_MAKERS: dict[str, _Maker] = {"pandas": _pandas, "polars": _polars, "arrow": _arrow}


def _clean(cells: Cells) -> Cells:
    """The cells with every lone surrogate, which UTF-8 cannot hold, as a question mark."""
    return [well_formed(each) if isinstance(each, str) else each for each in cells]


def _rows(document: Document, kind: str) -> Iterable[Row]:
    if not isinstance(document, Document):
        raise TypeError(
            f"a table is made of tagger.Document, not of {type(document).__name__}; "
            "Document.from_dict reads the JSON of one"
        )
    tables = table_rows(document)
    if kind in tables:
        return tables[kind]
    quantities = [dict(zip(TABLES["quantities"], row, strict=True)) for row in tables["quantities"]]
    return (
        _record_row(document, index, record, quantities)
        for index, record in enumerate(document_records(document))
    )


def _record_row(
    document: Document, index: int, record: Record, quantities: Sequence[dict[str, Any]]
) -> Row:
    start, end = record.start_time, record.end_time
    return (
        document.id,
        index,
        record.start,
        record.end,
        record.text,
        record.type,
        record.score,
        record.modality,
        record.group,
        record.sentence,
        record.sentence_start,
        len(record.mentions),
        record.company_id,
        record.subject[0].source if record.subject else None,
        start and start.isoformat(),
        start and start.replace(tzinfo=None),
        end and end.isoformat(),
        end and end.replace(tzinfo=None),
        *(cell for role in _NAMED_ROLES for cell in _named_cells(getattr(record, role))),
        _joined(record.date),
        *(
            cell
            for role in _MEASURED_ROLES
            for cell in _measured_cells(getattr(record, role), quantities)
        ),
    )


def _named_cells(fillers: Sequence[Filler]) -> Row:
    return _joined(fillers), _surest(fillers).id if fillers else None


def _measured_cells(
    fillers: Sequence[Filler], quantities: Sequence[dict[str, Any]]
) -> Iterator[Any]:
    yield _joined(fillers)
    place = _surest(fillers).quantity if fillers else None
    for name in _FIGURE:
        yield None if place is None else quantities[place][name]


def _joined(fillers: Sequence[Filler]) -> str | None:
    return _FILLERS_ARE_PARTED_BY.join(each.canonical or each.text for each in fillers) or None


def _surest(fillers: Sequence[Filler]) -> Filler:
    return max(fillers, key=lambda each: each.score)
