"""One record of a table or of JSON to a document."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from tagger.document import Document
from tagger.readers.article import Article, require_encodable, require_length, to_document
from tagger.readers.columns import map_columns
from tagger.readers.errors import Unreadable
from tagger.readers.html import looks_like_html, read_html
from tagger.readers.options import ReadOptions

_LISTS = ("categories", "tags")
_LIST_SEPARATOR = re.compile(r"[,，;；、|\n]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SPANS = ("entities", "quantities", "events")
_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)


@dataclass(frozen=True)
class Row:
    """A record with its number in the file (from 1), the name of its place, and its value.

    ``value`` is Unreadable where the format itself found the record to be malformed.
    """

    number: int
    place: str
    value: Mapping[str, Any] | Unreadable


def record_document(record: Mapping[str, Any], id: str, options: ReadOptions) -> Document:
    """The document that a record holds; ``id`` is used where the record has none of its own.

    A record that a tagger wrote is taken as it is. Of any other, the columns that fill no field
    go to ``metadata``; one with spans, such as a training record, keeps its text as it is, and the
    spans where they have this project's shape. Raises Unreadable.
    """
    try:
        return _document(record, id, options)
    except RecursionError as error:
        raise Unreadable(
            "it is nested too deeply", "flatten the record, or leave the nested value out"
        ) from error


def _document(record: Mapping[str, Any], id: str, options: ReadOptions) -> Document:
    if _is_tagged(record, options):
        return _tagged_document(record, id, options)
    columns = map_columns(record, options.columns)
    text = record.get(columns["text"])
    if isinstance(text, str) and any(_is_span_list(record.get(name)) for name in _SPANS):
        return _annotated_document(record, columns, id, options)
    return to_document(_article(record, columns), _id(_field(record, columns, "id")) or id, options)


def _is_tagged(record: Mapping[str, Any], options: ReadOptions) -> bool:
    """Whether a tagger wrote the record; a version alone, or an empty layer, may be another's."""
    return (
        "schema_version" in record
        and isinstance(record.get("text"), str)
        and options.columns.get("text", "text") == "text"
        and (
            "model" in record
            or any(_is_span_list(record.get(name)) for name in _SPANS)
            or all(isinstance(record.get(name), list) for name in _SPANS)
        )
    )


def _annotated_document(
    record: Mapping[str, Any], columns: Mapping[str, str], id: str, options: ReadOptions
) -> Document:
    """The document of a record with spans, whose offsets hold in its text as it is."""
    text = record[columns["text"]]
    # Where there is a column "text", the spans are of that one.
    layers = {name: record[name] for name in _SPANS if _is_span_list(record.get(name))}
    try:
        if columns["text"] != "text" and "text" in record:
            raise ValueError("the spans are of another column")
        annotated = Document.from_dict({"text": text} | layers)
    except ValueError:
        annotated, layers = Document(text), {}
    article = _article({key: each for key, each in record.items() if key not in layers}, columns)
    title, article.title, article.body, article.marks = article.title, None, text, []
    document = to_document(article, _id(_field(record, columns, "id")) or id, options)
    document.entities, document.quantities = annotated.entities, annotated.quantities
    document.events = annotated.events
    if isinstance(own := document.metadata.get("metadata"), dict):
        document.metadata = own | {k: v for k, v in document.metadata.items() if k != "metadata"}
    document.metadata.pop("body_start", None)
    document.title = title or None
    if document.title and text.startswith(f"{title}\n"):
        document.body_start = len(document.title) + 1
    require_encodable(document)
    return document


def _field(record: Mapping[str, Any], columns: Mapping[str, str], field: str) -> Any:
    return record.get(columns[field]) if field in columns else None


def _article(record: Mapping[str, Any], columns: Mapping[str, str]) -> Article:
    values = {field: record.get(name) for field, name in columns.items()}
    article = _body(values["text"], columns["text"])
    article.title = _title(values.get("title")) or article.title
    article.published = values.get("published") or article.published
    article.source = _string(values.get("source")) or article.source
    for name in ("author", "url"):
        article.metadata[name] = _string(values.get(name)) or article.metadata.get(name, "")
    for name in _LISTS:
        article.metadata[name] = _list(values.get(name)) or article.metadata.get(name, [])
    taken = set(columns.values())
    for name, value in record.items():
        if name not in taken and (plain := _plain(value)) is not None:
            article.metadata.setdefault(name, plain)
    return article


def own_id(record: Mapping[str, Any], options: ReadOptions) -> str:
    """The record's own id for naming it in an error; empty where it has none."""
    try:
        id = _id(record.get(map_columns(record, options.columns).get("id", "id")))
    except Unreadable:
        id = _id(record.get("id"))
    except RecursionError:
        id = ""
    return _SURROGATE.sub("\ufffd", id)


def _tagged_document(record: Mapping[str, Any], id: str, options: ReadOptions) -> Document:
    try:
        document = Document.from_dict(dict(record))
    except ValueError as error:
        raise Unreadable(
            f"not a tagger document ({error})",
            "mend the record, or take 'schema_version' out of it",
        ) from error
    document.metadata = _plain(document.metadata)
    own = record.get("id")
    document.id = own if isinstance(own, str) else _id(own)
    document.id = document.id or id
    document.content_hash = None  # it may be of another text; who wants one has it made anew
    if not document.text.strip():
        raise Unreadable("it holds no text", "remove the record")
    require_length(document.text, options)
    require_encodable(document)
    return document


def _is_span_list(value: Any) -> bool:
    return isinstance(value, list) and any(
        isinstance(each, dict) and "start" in each for each in value
    )


def _body(value: Any, column: str) -> Article:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = "\n".join(value)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise Unreadable(
            f"the text in column {column!r} is {type(value).__name__}, not a string",
            "name the column that holds the text with --column text=NAME",
        )
    return read_html(value) if looks_like_html(value) else Article(body=value)


def _title(value: Any) -> str:
    """A title as text: search results come with their hits in tags and their quotes escaped."""
    return html.unescape(_TAG.sub("", _string(value)))


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return "、".join(filter(None, (_string(each) for each in value)))
    if isinstance(value, dict):
        return _string(value.get("name"))
    return "" if value is None or value is False else str(value)


def _id(value: Any) -> str:
    """An id as text; where some are missing, tables make floats of whole numbers."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value) if isfinite(value) else ""
    return _string(value)


def _list(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value if (text := _string(each))]
    return [each.strip() for each in _LIST_SEPARATOR.split(_string(value)) if each.strip()]


def _plain(value: Any) -> Any:
    """The value as JSON can hold it; None for what says nothing or cannot be held."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        # JSON's readers and writers hold 64 bits; the digits say all of it.
        return value if _SMALLEST <= value <= _LARGEST else str(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return [plain for each in value if (plain := _plain(each)) is not None]
    if isinstance(value, dict):
        pairs = ((str(key), _plain(each)) for key, each in value.items())
        return {key: each for key, each in pairs if each is not None}
    return None
