"""Parquet: one table a kind, as one file each or as a file for every day of publication."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.document import Document
from tagger.extras import needing
from tagger.writers.by_day import NO_DAY, DayFiles
from tagger.writers.rows import table_rows
from tagger.writers.tables import (
    CHARACTERS_IN_MEMORY,
    ROWS_IN_MEMORY,
    TABLES,
    Row,
    arrow_schema,
    arrow_table,
)

if TYPE_CHECKING:
    import pyarrow


def require_pyarrow() -> None:
    """Raises ModuleNotFoundError naming the extra where pyarrow is not installed."""
    with needing("parquet", "Parquet output"):
        import pyarrow.parquet  # noqa: F401


class ParquetWriter:
    """Writes ``documents``, ``entities``, ``quantities``, ``events`` and ``arguments``.

    Spans name their document by ``document`` and arguments their event by ``event``. A table is
    one file, ``entities.parquet``, or with ``by_day`` a file for each day that an article was
    published on, ``entities/published_day=2022-02-18/part-0.parquet``; articles without a date
    are under ``published_day=__HIVE_DEFAULT_PARTITION__``. Each day has a file of every table.

    Memory and the number of open files are bounded whatever the number and order of the days,
    and the same documents in the same order make the same bytes. Raises ModuleNotFoundError
    naming the extra where pyarrow is not installed.
    """

    def __init__(self, folder: Path, by_day: bool = False) -> None:
        require_pyarrow()
        self._by_day = by_day
        self._schemas = {table: arrow_schema(columns) for table, columns in TABLES.items()}
        self._files = DayFiles(folder, self._schemas) if by_day else _Files(folder, self._schemas)
        self._rows: dict[str, defaultdict[str, list[Row]]] = {
            table: defaultdict(list) for table in TABLES
        }
        self._count = dict.fromkeys(TABLES, 0)
        self._characters = 0

    def write(self, document: Document) -> None:
        """Adds the document's rows to their tables."""
        published = document.published if self._by_day else None
        day = published.date().isoformat() if published else NO_DAY
        for table, rows in table_rows(document).items():
            self._rows[table][day] += rows
            self._count[table] += len(rows)
            if self._count[table] >= ROWS_IN_MEMORY:
                self._write_rows(table)
        self._characters += len(document.text)
        if self._characters >= CHARACTERS_IN_MEMORY:
            self._write_rows("documents")

    def close(self) -> None:
        """Writes the rows still in memory and completes the files."""
        for table in TABLES:
            self._write_rows(table)
        self._files.close()

    def _write_rows(self, table: str) -> None:
        days = dict(sorted(self._rows[table].items()))
        rows = [row for of_day in days.values() for row in of_day]
        counts = {day: len(of_day) for day, of_day in days.items()}
        self._files.add(table, arrow_table(self._schemas[table], rows), counts)
        self._rows[table].clear()
        self._count[table] = 0
        if table == "documents":
            self._characters = 0


class _Files:
    """One file a table."""

    def __init__(self, folder: Path, schemas: dict[str, pyarrow.Schema]) -> None:
        import pyarrow.parquet

        self._files = {
            table: pyarrow.parquet.ParquetWriter(
                folder / f"{table}.parquet", schema, compression="zstd"
            )
            for table, schema in schemas.items()
        }

    def add(self, table: str, rows: pyarrow.Table, days: dict[str, int]) -> None:
        if rows:
            self._files[table].write_table(rows)

    def close(self) -> None:
        for file in self._files.values():
            file.close()
