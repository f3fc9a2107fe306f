"""JSON lines: one document a line, in the shape of ``Document.to_dict``."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import orjson

from tagger.document import Document

# How a file begins.
START = b'{"schema_version":'


class JsonlWriter:
    """Writes UTF-8 lines to a binary stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, document: Document) -> None:
        """Writes the document as one line."""
        self._stream.write(encode_line(document.to_dict()))

    def close(self) -> None:
        """Nothing stands at the end of JSON lines."""


def encode_line(record: dict[str, Any]) -> bytes:
    """One record as a line of valid UTF-8 JSON.

    Dates in metadata become ISO 8601 text, and lone surrogates, which UTF-8 cannot hold,
    become their JSON escapes.
    """
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        return json.dumps(record, default=str).encode("ascii") + b"\n"
