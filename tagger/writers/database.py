"""A DuckDB database of tagged documents: opening it, its tables, and the version they are of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.extras import needing
from tagger.grouping import AFTERWARDS, BACK_REFERENCES, PRONOUNS
from tagger.records import WHOLE_SENTENCE
from tagger.writers.room import remedy_in
from tagger.writers.tables import TABLES, TABLES_VERSION

if TYPE_CHECKING:
    import duckdb

_KINDS = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "timestamp": "TIMESTAMP",
}

_VERSION_TABLE = "caijing_tagger"
_VIEW = "records"
_VIEW_FILE = Path(__file__).with_name("records.sql")

_OTHER_FILE = "write to another file, or rename what is in the way"


def open_database(
    path: Path, *, read_only: bool = False, settings: dict[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Connects to a database; one that does not exist is made unless ``read_only``.

    ``settings`` are DuckDB's, such as ``memory_limit``.

    Raises ModuleNotFoundError naming the extra where DuckDB is not installed, FileNotFoundError
    where there is nothing to read, ValueError for a file that is no DuckDB database, and OSError
    for one that is in use or cannot be opened.
    """
    with needing("duckdb", "a DuckDB database"):
        import duckdb

    if read_only and not path.exists():
        raise FileNotFoundError(f"{path} does not exist; make it with: tagger tag … -o {path}")
    if path.is_dir():
        raise ValueError(f"{path} is a folder, not a DuckDB database; name a file")
    try:
        # An absolute path is one of a file; ":memory:" and "md:…" would be no files to DuckDB.
        return duckdb.connect(path.absolute(), read_only, settings or {})
    except duckdb.ConnectionException as error:
        raise OSError(
            f"{path} is open elsewhere in this program; close that connection first"
        ) from error
    except duckdb.Error as error:
        message = str(error)
        # Of a file that it can query, such as JSON lines, DuckDB would make a view in memory.
        if "not a valid DuckDB database" in message or "in-memory" in message:
            remedy = (
                "make one with: tagger tag … -o NAME.duckdb"
                if read_only
                else "name another file, or remove this one"
            )
            raise ValueError(f"{path} is not a DuckDB database; {remedy}") from error
        if "Could not set lock" in message:
            raise OSError(
                f"{path} is in use by another program; close it there and run again ({message})"
            ) from error
        raise OSError(f"{path} cannot be opened: {message}") from error


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turns what DuckDB raises while it reads or writes, above all a full disk, into OSError.

    Ctrl-C, which DuckDB reports as a RuntimeError, becomes the KeyboardInterrupt that it was.
    """
    import duckdb

    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise
    except duckdb.Error as error:
        raise OSError(f"{path}: {error}{remedy_in(str(error))}") from error


def check_tables(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the database has the tables of this version; False where it has none of them.

    Raises ValueError, naming what is in the way, for tables of another version, with other
    columns or of another origin.
    """
    found = _columns(connection)
    if _VERSION_TABLE not in found:
        foreign = sorted(found.keys() & {*TABLES, _VIEW})
        if foreign:
            raise ValueError(
                f"{path} has a table {foreign[0]!r} that is not of caijing-tagger; {_OTHER_FILE}"
            )
        return False
    versions = connection.execute(f"SELECT tables_version FROM {_VERSION_TABLE}").fetchall()
    version = versions[0][0] if versions else None
    if version != TABLES_VERSION:
        raise ValueError(
            f"{path} has tables of version {version}, and this caijing-tagger knows version "
            f"{TABLES_VERSION}; tag into a new file, or use the caijing-tagger that made it"
        )
    for table, columns in TABLES.items():
        expected = {name: _KINDS[kind] for name, kind in columns.items()}
        if found.get(table) != expected:
            raise ValueError(
                f"{path}: {_difference(table, found.get(table, {}), expected)}; {_OTHER_FILE}"
            )
    return True


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the five tables and the one that says their version."""
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table} ({column_definitions(table)})")
    connection.execute(f"CREATE TABLE {_VERSION_TABLE} (tables_version INTEGER NOT NULL)")
    connection.execute(f"INSERT INTO {_VERSION_TABLE} VALUES (?)", [TABLES_VERSION])


def create_view(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the view ``records``, or replaces that of an earlier release."""
    view = _VIEW_FILE.read_text(encoding="utf-8")
    for name, value in {
        "{back_references}": BACK_REFERENCES,
        "{afterwards}": AFTERWARDS,
        "{pronouns}": ", ".join(f"'{each}'" for each in sorted(PRONOUNS)),
        "{whole_sentence}": WHOLE_SENTENCE.replace("'", "''"),
    }.items():
        view = view.replace(name, value)
    connection.execute(view)


def column_definitions(table: str, keyed: bool = True) -> str:
    """The columns of a table as SQL, with their keys unless it is to hold what waits for them."""
    key = {"id": " PRIMARY KEY"} if table == "documents" else {"document": " NOT NULL"}
    return ", ".join(
        f'"{name}" {_KINDS[kind]}{key.get(name, "") if keyed else ""}'
        for name, kind in TABLES[table].items()
    )


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = current_schema() "
        "ORDER BY column_index"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def _difference(table: str, found: dict[str, str], expected: dict[str, str]) -> str:
    if not found:
        return f"the table {table!r} is missing"
    for name, kind in expected.items():
        if found.get(name) != kind:
            has = f"is {found[name]}" if name in found else "is missing"
            return f"the column {name!r} of {table!r} {has}, not {kind}"
    added = next((name for name in found if name not in expected), None)
    if added is None:
        return f"the columns of {table!r} are in another order"
    return f"the table {table!r} has a column {added!r} that caijing-tagger does not know"
