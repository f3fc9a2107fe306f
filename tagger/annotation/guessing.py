"""Which format a file has: by its name, else by its first records."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from tagger.annotation.conll import DOCUMENT_START
from tagger.annotation.formats import AnnotationFormat
from tagger.annotation.labels import LAYERS
from tagger.readers.errors import Unreadable
from tagger.readers.formats import STANDARD_INPUT
from tagger.readers.json_records import json_rows
from tagger.readers.options import ReadOptions
from tagger.readers.streams import ByteStream, open_bytes
from tagger.writers.compression import PACKED

_SUFFIXES = {
    ".jsonl": AnnotationFormat.JSONL,
    ".ndjson": AnnotationFormat.JSONL,
    ".json": AnnotationFormat.LABEL_STUDIO,
    ".conll": AnnotationFormat.CONLL,
    ".bio": AnnotationFormat.CONLL,
    ".bioes": AnnotationFormat.CONLL_BIOES,
    ".spacy": AnnotationFormat.DOCBIN,
}
_READ_BY_NAME = {
    ".conll": AnnotationFormat.CONLL,
    ".bio": AnnotationFormat.CONLL,
    ".bioes": AnnotationFormat.CONLL,
    ".bmes": AnnotationFormat.CONLL,
    ".ann": AnnotationFormat.BRAT,
    ".spacy": AnnotationFormat.DOCBIN,
}
# How many records are looked at for one that tells.
_LOOKED_AT = 20


def guess_output_format(path: Path) -> AnnotationFormat:
    """The format to write a file in, by its suffix; a folder is brat's.

    ``.jsonl`` is the project's own and ``.json`` Label Studio's. Raises ValueError for a suffix
    that says nothing.
    """
    if path.is_dir():
        return AnnotationFormat.BRAT
    try:
        return _SUFFIXES[_suffix(path)]
    except KeyError:
        raise ValueError(
            f"{path.name!r} does not say its format; end it in one of {', '.join(_SUFFIXES)}, or "
            f"name the format: {', '.join(AnnotationFormat)}"
        ) from None


def guess_input_format(path: Path) -> AnnotationFormat:
    """The format of a file, by its suffix or its first records; a folder is brat's.

    Raises ValueError where neither tells, and for a file that cannot be read.
    """
    if str(path) == STANDARD_INPUT:
        raise ValueError("standard input does not tell its format; name it with --from")
    if path.is_dir():
        return AnnotationFormat.BRAT
    if _suffix(path) in _READ_BY_NAME:
        return _READ_BY_NAME[_suffix(path)]
    try:
        with open_bytes(str(path)) as stream:
            found = _by_content(stream)
    except Unreadable as failure:
        raise ValueError(f"{path}: {failure.reason}; {failure.remedy}") from failure
    if found is None:
        raise ValueError(
            f"the content of {path} does not tell its format; name it with --from: "
            f"{', '.join(AnnotationFormat)}"
        )
    return found


def _suffix(path: Path) -> str:
    packed = path.suffix.lower() in PACKED
    return Path(path.stem if packed else path).suffix.lower()


def _by_content(stream: ByteStream) -> AnnotationFormat | None:
    if stream.head.lstrip().startswith(DOCUMENT_START.encode()):
        return AnnotationFormat.CONLL
    has_text = False
    for row in islice(json_rows(stream, ReadOptions()), _LOOKED_AT):
        if isinstance(row.value, Unreadable):
            continue
        found = _by_record(row.value)
        if found is not None:
            return found
        has_text = has_text or isinstance(row.value.get("text"), str)
    return AnnotationFormat.JSONL if has_text else None


def _by_record(record: Mapping[str, Any]) -> AnnotationFormat | None:
    if isinstance(record.get("data"), Mapping):
        return AnnotationFormat.LABEL_STUDIO
    if isinstance(record.get("label", record.get("labels")), list) or "relations" in record:
        return AnnotationFormat.DOCCANO
    if "schema_version" in record or any(isinstance(record.get(each), list) for each in LAYERS):
        return AnnotationFormat.JSONL
    return None
