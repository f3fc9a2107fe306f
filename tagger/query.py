"""Questions to a database of tagged documents: which events, of whom, where and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.schema import EVENT_TYPES, MODALITIES
from tagger.text import normalize
from tagger.writers.database import check_tables, database_errors, open_database
from tagger.writers.tables import TABLES

if TYPE_CHECKING:
    import duckdb

_ARGUMENT_COLUMNS = tuple(
    name
    for name in TABLES["arguments"]
    if name not in ("document", "index", "event", "entity", "quantity")
    and not name.endswith(("_number", "_at"))
)

# Whoever was called that in any article is meant by every name that has the same id.
_IS_COMPANY = """(e.document, e."index") IN (
    SELECT document, event FROM arguments
    WHERE lower(text) IN (SELECT unnest($names))
       OR lower(canonical) IN (SELECT unnest($names))
       OR lower(id) IN (SELECT unnest($names))
       OR lower(split_part(id, ':', 2)) IN (SELECT unnest($names))
       OR id IN (
           SELECT id FROM entities
           WHERE lower(text) IN (SELECT unnest($names))
              OR lower(canonical) IN (SELECT unnest($names))
       )
)"""

_IS_PLACE = """(e.document, e."index") IN (
    SELECT document, event FROM arguments
    WHERE role IN ('location', 'destination')
      AND (contains(text, $place) OR contains(text, $normalized_place)
           OR contains(canonical, $normalized_place) OR upper(id) = upper($place))
)"""

_EVENTS = """
WITH chosen AS (
    SELECT e.*, d.title, d.published, d.published_at, d.content_hash
    FROM events e JOIN documents d ON d.id = e.document
    WHERE {conditions}
    ORDER BY published_at DESC NULLS LAST, document, "index"
    LIMIT $limit
),
filled AS (
    SELECT document, event, list({{{argument}}} ORDER BY a."index") AS arguments
    FROM arguments a SEMI JOIN chosen c ON c.document = a.document AND c."index" = a.event
    GROUP BY document, event
)
SELECT
    c.document, title, published, "index", type, start, "end", text, modality, score, "group",
    sentence, start - sentence_start, content_hash, arguments
FROM chosen c LEFT JOIN filled f ON f.document = c.document AND f.event = c."index"
ORDER BY published_at DESC NULLS LAST, c.document, "index"
"""

_FETCHED = 1_000
_NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class EventQuery:
    """What the events must be; what is None is not asked for.

    ``company`` is a name, a canonical name or an id, with its exchange or without (``600519``), in
    whatever role. ``place`` is any part of the name of a location or destination, or its id.
    ``types`` and ``modality`` may be named in Chinese. ``since`` and ``until`` are the first and
    the last day of publication; articles without a date lie outside of both.
    """

    company: str | None = None
    types: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    place: str | None = None
    modality: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event of an article, with the sentence of its trigger.

    ``start`` and ``end`` are offsets in the article's text and ``trigger_start`` is one in
    ``sentence``, in code points. ``content_hash`` says of which version of the article all this is
    true, where it was tagged with ``--content-hash``. An argument is what :class:`tagger.Argument`
    is in JSON, with the label, canonical name and id of its entity or the value of its quantity.
    """

    document: str
    title: str | None
    published: str | None
    index: int
    type: str
    start: int
    end: int
    text: str
    modality: str
    score: float
    group: int
    sentence: str
    trigger_start: int
    content_hash: str | None
    arguments: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON; keys that say nothing are left out."""
        pairs = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return {name: value for name, value in pairs if value is not None}


def find_events(path: Path, query: EventQuery) -> Iterator[FoundEvent]:
    """The events of a database that a query asks for, the latest article first.

    The database is opened for reading alone. Raises ValueError for a type or modality that is
    not known and for a file without tagged documents, FileNotFoundError where there is none,
    OSError where it is in use, and ModuleNotFoundError where DuckDB is not installed.
    """
    connection = open_database(path, read_only=True)
    try:
        with database_errors(path):
            if not check_tables(connection, path):
                raise ValueError(
                    f"{path} has no tagged documents; add some with: tagger tag … -o {path}"
                )
            conditions, parameters = _conditions(query, _known_types(connection))
            argument = ", ".join(f"'{name}': a.\"{name}\"" for name in _ARGUMENT_COLUMNS)
            connection.execute(
                _EVENTS.format(conditions=" AND ".join(conditions), argument=argument), parameters
            )
            while rows := connection.fetchmany(_FETCHED):
                for *cells, arguments in rows:
                    yield FoundEvent(*[*cells, [_filled(each) for each in arguments or ()]])
    finally:
        connection.close()


def _conditions(query: EventQuery, types: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    """The conditions as SQL, in which nothing of the query stands, and their parameters."""
    conditions = ["true"]
    parameters: dict[str, Any] = {"limit": _NO_LIMIT if query.limit is None else query.limit}
    if query.types:
        conditions.append("e.type IN (SELECT unnest($types))")
        parameters["types"] = [_known(each, types, "event type") for each in query.types]
    if query.modality is not None:
        conditions.append("e.modality = $modality")
        parameters["modality"] = _known(query.modality, MODALITIES, "modality")
    if query.since is not None:
        conditions.append("d.published_at >= $since")
        parameters["since"] = query.since
    if query.until is not None:
        conditions.append("CAST(d.published_at AS DATE) <= $until")
        parameters["until"] = query.until
    if query.company is not None:
        conditions.append(_IS_COMPANY)
        name = query.company.strip()
        parameters["names"] = [name.lower(), normalize(name).strip().lower()]
    if query.place is not None:
        conditions.append(_IS_PLACE)
        parameters["place"] = query.place.strip()
        parameters["normalized_place"] = normalize(query.place).strip()
    return conditions, parameters


def _known_types(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Event types and their Chinese names; a model of one's own may have others."""
    found = connection.execute("SELECT DISTINCT type FROM events ORDER BY type").fetchall()
    return EVENT_TYPES | {kind: kind for (kind,) in found if kind not in EVENT_TYPES}


def _known(name: str, chinese: dict[str, str], what: str) -> str:
    for known, chinese_name in chinese.items():
        if name.strip() in (known, chinese_name):
            return known
    listed = ", ".join(f"{known} {named}" for known, named in chinese.items())
    raise ValueError(f"unknown {what} {name!r}; known are {listed}")


def _filled(argument: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in argument.items() if value is not None}
