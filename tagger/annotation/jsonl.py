"""The project's own JSON lines: everything that a document holds, and what training reads.

A missing ``entities``, ``quantities`` or ``events`` key says that the layer is not annotated and
stays missing; an empty list says that there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tagger.annotation.labels import Scheme
from tagger.annotation.originals import record_document
from tagger.annotation.partial import with_layers
from tagger.annotation.records import read_records
from tagger.document import Document
from tagger.readers.errors import ReadError


def read_jsonl(path: Path, scheme: Scheme) -> Iterator[Document | ReadError]:
    """The documents of a tagged file or of a training file."""

    def to_document(record: Mapping[str, Any], id: str) -> Document:
        document = record_document({"id": id} | dict(record))
        return document if scheme.layers is None else with_layers(document, scheme.layers)

    return read_records(path, to_document)
