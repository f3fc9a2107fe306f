"""DuckDB: the five tables in a database of the user's, where a re-run replaces and never doubles.

Exact numbers are text with the nearest DOUBLE beside them, as no DECIMAL holds both 1/3 and
10**40. Times are text with their zone and a TIMESTAMP of the clock beside it: most articles name
no zone, and as TIMESTAMP WITH TIME ZONE the day of one that does would hang on who asks.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tagger.document import Document
from tagger.extras import needing
from tagger.writers.database import (
    check_tables,
    column_definitions,
    create_tables,
    create_view,
    database_errors,
    open_database,
)
from tagger.writers.rows import table_rows
from tagger.writers.tables import (
    CHARACTERS_IN_MEMORY,
    ROWS_IN_MEMORY,
    TABLES,
    Row,
    arrow_schema,
    arrow_table,
)

# Left alone, DuckDB takes most of the machine's memory before it spills to disk, and each of its
# threads needs a share.
_SETTINGS = {"memory_limit": "1GB", "threads": "4"}


def check_database(path: Path) -> None:
    """Raises what :class:`DuckDbWriter` would raise for ``path``, and leaves it as it is."""
    _require_libraries()
    if not path.exists():
        return
    with (
        closing(open_database(path, read_only=True)) as connection,
        database_errors(path),
    ):
        check_tables(connection, path)


class DuckDbWriter:
    """Adds documents to a database, in one transaction when it is closed.

    Everything of a document that is already there by the same id is replaced, and of two
    documents with one id the later wins. Until :meth:`close` the documents wait in temporary
    tables, which DuckDB spills to disk. Used as a context manager it closes at the end of the
    block, or discards after an exception.

    Raises ModuleNotFoundError naming the extra where DuckDB or pyarrow is not installed,
    ValueError for a file that is no database or whose tables are others, and OSError for one
    that is in use.
    """

    def __init__(self, path: Path) -> None:
        _require_libraries()
        self._path = path
        self._is_new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = open_database(path, settings=_SETTINGS)
        try:
            with database_errors(path):
                self._has_tables = check_tables(self._connection, path)
                self._make_stages()
        except BaseException:
            self.discard()
            raise
        self._schemas = {table: arrow_schema(columns) for table, columns in TABLES.items()}
        self._rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        self._numbers: dict[str, list[int]] = {table: [] for table in TABLES}
        self._characters = 0
        self._count = 0
        # Ids that more than one of the documents has, known once it is closed.
        self.shared_ids: list[str] = []
        # Ids under which the database held another text, known once it is closed.
        self.replaced_ids: list[str] = []

    def write(self, document: Document) -> None:
        """Adds a document.

        Raises ValueError for one without an id, which nothing could tell from the next, and
        OSError where the disk is full.
        """
        if not document.id:
            raise ValueError(
                "a document without an id cannot go into a database, where the next without one "
                f"would replace it; set its id: {document.text[:40]!r}"
            )
        self._characters += len(document.text)
        for table, rows in table_rows(document).items():
            self._rows[table] += rows
            self._numbers[table] += [self._count] * len(rows)
            if len(self._rows[table]) >= ROWS_IN_MEMORY:
                self._stage_rows(table)
        if self._characters >= CHARACTERS_IN_MEMORY:
            self._stage_rows("documents")
        self._count += 1

    def close(self) -> None:
        """Puts the documents in place, all of them or, where anything goes wrong, none."""
        try:
            for table in TABLES:
                self._stage_rows(table)
            with database_errors(self._path):
                self._connection.begin()
                if not self._has_tables:
                    create_tables(self._connection)
                self._replace()
                create_view(self._connection)
                self._connection.commit()
        except BaseException:
            self.discard()
            raise
        self._connection.close()

    def discard(self) -> None:
        """Gives the documents up and leaves the database as it was."""
        self._connection.close()
        if self._is_new:
            self._path.unlink(missing_ok=True)
            self._path.with_name(f"{self._path.name}.wal").unlink(missing_ok=True)

    def __enter__(self) -> DuckDbWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _make_stages(self) -> None:
        for table in TABLES:
            self._connection.execute(
                f"CREATE TEMP TABLE staged_{table} "
                f"({column_definitions(table, keyed=False)}, document_number BIGINT)"
            )

    def _stage_rows(self, table: str) -> None:
        import pyarrow

        rows = arrow_table(self._schemas[table], self._rows[table]).append_column(
            "document_number", pyarrow.array(self._numbers[table], pyarrow.int64())
        )
        self._connection.register("waiting", rows)
        with database_errors(self._path):
            self._connection.execute(f"INSERT INTO staged_{table} SELECT * FROM waiting")
        self._connection.unregister("waiting")
        self._rows[table].clear()
        self._numbers[table].clear()
        if table == "documents":
            self._characters = 0

    def _replace(self) -> None:
        self._connection.execute(
            "CREATE TEMP TABLE latest AS "
            "SELECT id, max(document_number) AS document_number FROM staged_documents GROUP BY id"
        )
        shared = self._connection.execute(
            "SELECT id FROM staged_documents GROUP BY id HAVING count(*) > 1 ORDER BY id"
        )
        self.shared_ids = [identifier for (identifier,) in shared.fetchall()]
        replaced = self._connection.execute(
            "SELECT id FROM latest JOIN staged_documents AS staged USING (id, document_number) "
            "JOIN documents USING (id) WHERE documents.text <> staged.text ORDER BY id"
        )
        self.replaced_ids = [identifier for (identifier,) in replaced.fetchall()]
        for table in TABLES:
            key = "id" if table == "documents" else "document"
            columns = ", ".join(f'"{name}"' for name in TABLES[table])
            self._connection.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT id FROM latest)")
            self._connection.execute(
                f"INSERT INTO {table} SELECT {columns} FROM staged_{table} "
                "WHERE document_number IN (SELECT document_number FROM latest)"
            )


def _require_libraries() -> None:
    with needing("duckdb", "writing a DuckDB database"):
        import duckdb  # noqa: F401
        import pyarrow  # noqa: F401
