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
from tagger.readers.article import Article, require_encodable, to_document
from tagger.readers.columns import map_columns
from tagger.readers.errors import Unreadable
from tagger.readers.html import looks_like_html, read_html
from tagger.readers.options import ReadOptions

_LISTS = ("categories", "tags")
_LIST_SEPARATOR = re.compile(r"[,，;；、|\n]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SPANS = ("entities", "quantities", "events")


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

    A record that a tagger wrote, or a training record, keeps its text and title as they are, and
    its spans where they have this project's shape. Of any other, the columns that fill no field
    go to ``metadata``. Raises Unreadable.
    """
    if "schema_version" in record or any(_is_span_list(record.get(name)) for name in _SPANS):
        return _tagged_document(record, id, options)
    columns = map_columns(record, options.columns)
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
    return to_document(article, _string(values.get("id")) or id, options)


def own_id(record: Mapping[str, Any], options: ReadOptions) -> str:
    """The record's own id for naming it in an error; empty where it has none."""
    try:
        id = _string(record.get(map_columns(record, options.columns).get("id", "id")))
    except Unreadable:
        id = _string(record.get("id"))
    return _SURROGATE.sub("\ufffd", id)


def _tagged_document(record: Mapping[str, Any], id: str, options: ReadOptions) -> Document:
    document = _from_dict(record)
    document.id = document.id or id
    document.content_hash = None  # it may be of another text; who wants one has it made anew
    if not document.text.strip():
        raise Unreadable("it holds no text", "remove the record")
    if len(document.text) > options.max_characters:
        raise Unreadable(
            f"{len(document.text):,} characters, more than the limit of {options.max_characters:,}",
            "split the article, or raise --max-characters",
        )
    start = document.body_start
    if not isinstance(start, int) or not 0 <= start <= len(document.text):
        raise Unreadable(f"body_start={start!r} lies outside the text", "mend the record")
    require_encodable(document)
    return document


def _from_dict(record: Mapping[str, Any]) -> Document:
    """The record with its spans; those of a foreign annotation in another shape are left out."""
    try:
        return Document.from_dict(dict(record))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if "schema_version" not in record and any(name in record for name in _SPANS):
            return _from_dict({key: value for key, value in record.items() if key not in _SPANS})
        raise Unreadable(
            f"not a tagger document ({error})", "mend the record, or take its spans out of it"
        ) from error


def _is_span_list(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and "start" in each and "end" in each for each in value
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


def _list(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value if (text := _string(each))]
    return [each.strip() for each in _LIST_SEPARATOR.split(_string(value)) if each.strip()]


def _plain(value: Any) -> Any:
    """The value as JSON can hold it; None for what says nothing or cannot be held."""
    if isinstance(value, str | bool | int):
        return value
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
