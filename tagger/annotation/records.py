"""Files of JSON records, one document a record, where a bad record costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tagger.annotation.validity import require_valid
from tagger.document import Document
from tagger.readers.errors import ReadError, Unreadable
from tagger.readers.files import shown
from tagger.readers.json_records import json_rows
from tagger.readers.options import ReadOptions
from tagger.readers.streams import open_bytes

ToDocument = Callable[[Mapping[str, Any], str], Document]
"""Makes the document of a record; the string is the id of one that has none of its own."""


def read_records(path: Path, to_document: ToDocument) -> Iterator[Document | ReadError]:
    """Reads JSON lines or a JSON array, also gzipped; each record becomes a document or an error.

    A malformed object inside an array ends the file, since nothing says where the next begins.
    """
    name = shown(str(path))
    try:
        with open_bytes(str(path)) as stream:
            number = 0
            for row in json_rows(stream, ReadOptions()):
                number = row.number
                id = f"{name}#{number}"
                try:
                    if isinstance(row.value, Unreadable):
                        raise row.value
                    document = to_document(row.value, id)
                    require_valid(document)
                except Unreadable as failure:
                    yield failure.at(name, row.place, _own_id(row.value) or id)
                else:
                    yield document
            if not number:
                raise Unreadable(
                    "the file holds no records", "remove it, or check that it was saved whole"
                )
    except Unreadable as failure:
        yield failure.at(name, None, name)


def text_of(record: Mapping[str, Any], *names: str) -> str:
    """The text of a record, under the first of ``names`` that it has. Raises Unreadable."""
    for name in names:
        if isinstance(record.get(name), str):
            return str(record[name])
    raise Unreadable(
        f"no text under {' or '.join(map(repr, names))}", "mend the record, or name its format"
    )


def _own_id(record: Mapping[str, Any] | Unreadable) -> str:
    id = None if isinstance(record, Unreadable) else record.get("id")
    return str(id) if isinstance(id, str | int) else ""
