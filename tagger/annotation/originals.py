"""The document as it was exported, which travels beside what a tool shows of it.

A tool knows a span's place and label. The rest (scores, ids, exact values, groups, and the
document's own title, date and metadata) is kept as the document's record, which tools hand back
untouched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tagger.annotation.labels import LAYERS
from tagger.annotation.partial import with_layers
from tagger.annotation.validity import require_fields
from tagger.document import Document
from tagger.readers.errors import Unreadable

KEY = "tagger"
"""The key under which formats of records hold the original."""


def original_record(document: Document) -> dict[str, Any]:
    """The document's record without its text, which the format itself holds."""
    record = document.to_dict()
    del record["text"]
    return record


def read_original(record: Any, text: str) -> Document:
    """The document of an :func:`original_record`. Raises Unreadable where it fits ``text`` not."""
    try:
        document = record_document({**record, "text": text})
        require_fields(document)
    except (TypeError, Unreadable) as error:
        raise Unreadable(
            f"what is kept of the exported document does not fit its text ({error})",
            f"give the text back its exported form, or take {KEY!r} out of the record to read "
            "the annotations alone",
        ) from error
    return document


def record_document(record: Mapping[str, Any]) -> Document:
    """The document of a record in this project's shape, annotated with the layers it has keys of.

    Raises Unreadable for a record in another shape.
    """
    try:
        document = Document.from_dict(dict(record))
        document.metadata = dict(document.metadata)
    except (AttributeError, TypeError, ValueError) as error:
        raise Unreadable(
            f"not a document of this project ({error})", "mend the record, or name its format"
        ) from error
    return with_layers(document, [layer for layer in LAYERS if record.get(layer) is not None])
