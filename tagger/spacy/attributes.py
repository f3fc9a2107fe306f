"""What docs and spans say of themselves under ``._``.

Docs: ``published``, which may be set before tagging; ``events`` and ``records``, as in
:class:`tagger.Document`. Spans: ``score``; ``canonical`` of an entity; the value, unit, times and
the rest of a quantity; ``modality``, ``group`` and ``arguments`` of an event. An argument has the
attributes of its entity or quantity. What does not apply is None.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from spacy.tokens import Doc, Span

from tagger.document import Event, Quantity, parse_number, parse_published
from tagger.records import Record
from tagger.spacy.reading import USER_DATA, Row, stored_data, to_document

_READ: dict[str, Callable[[str], Any]] = {
    "value": parse_number,
    "low": parse_number,
    "high": parse_number,
    "start_time": datetime.fromisoformat,
    "end_time": datetime.fromisoformat,
}
_QUANTITY_ATTRIBUTES = tuple(
    each.name for each in fields(Quantity) if each.name not in ("start", "end", "text", "label")
)


def register_attributes() -> None:
    """Makes the attributes known to spaCy; warns where another library's are replaced."""
    _register(Doc, "published", _published, _set_published)
    _register(Doc, "events", _events)
    _register(Doc, "records", _records)
    _register(Span, "score", _score)
    _register(Span, "canonical", _canonical)
    _register(Span, "modality", _event_attribute("modality"))
    _register(Span, "group", _event_attribute("group"))
    _register(Span, "arguments", _arguments)
    for name in _QUANTITY_ATTRIBUTES:
        _register(Span, name, _quantity_attribute(name))


def _register(
    owner: type[Doc] | type[Span],
    name: str,
    getter: Callable[[Any], Any],
    setter: Callable[[Any, Any], None] | None = None,
) -> None:
    if owner.has_extension(name):
        known = owner.get_extension(name)[2]
        if getattr(known, "__module__", None) != __name__:
            warnings.warn(
                f"{owner.__name__}._.{name} of another library gives way to caijing-tagger's",
                stacklevel=2,
            )
    owner.set_extension(name, getter=getter, setter=setter, force=True)


def _published(doc: Doc) -> datetime | None:
    return parse_published(stored_data(doc).get("published"))


def _set_published(doc: Doc, value: str | date | datetime | None) -> None:
    published = parse_published(value)
    rest = {name: each for name, each in stored_data(doc).items() if name != "published"}
    doc.user_data[USER_DATA] = rest | ({"published": published.isoformat()} if published else {})


def _events(doc: Doc) -> list[Event]:
    return to_document(doc).events


def _records(doc: Doc) -> list[Record]:
    return to_document(doc).records()


def _score(span: Span) -> float | None:
    row = _event(span) or _argument(span) or _linked(span, "entities", "entity")
    score: float | None = row.get("score")
    return score


def _canonical(span: Span) -> str | None:
    canonical: str | None = _linked(span, "entities", "entity").get("canonical")
    return canonical


def _quantity_attribute(name: str) -> Callable[[Span], Any]:
    def read(span: Span) -> Any:
        value = _linked(span, "quantities", "quantity").get(name)
        return _READ[name](value) if name in _READ and value is not None else value

    return read


def _event_attribute(name: str) -> Callable[[Span], Any]:
    return lambda span: _event(span).get(name)


def _arguments(span: Span) -> tuple[Span, ...] | None:
    if not _event(span):
        return None
    return tuple(each for each in span.doc.spans.get("arguments", ()) if each.id_ == span.id_)


def _event(span: Span) -> Row:
    """The row of the event whose trigger a span is, empty where it is none."""
    row = _event_of_id(span)
    return row if row and _at(row, span) and row["type"] == span.label_ else {}


def _argument(span: Span) -> Row:
    """The row of the argument that a span is, empty where it is none."""
    rows = _event_of_id(span).get("arguments", ())
    return next((row for row in rows if _at(row, span) and row["role"] == span.label_), {})


def _event_of_id(span: Span) -> Row:
    events = stored_data(span.doc).get("events", ())
    known = span.id_.isdecimal() and int(span.id_) < len(events)
    row: Row = events[int(span.id_)] if known else {}
    return row


def _linked(span: Span, layer: str, link: str) -> Row:
    """The row of the entity or quantity that a span is, or that it names as an argument."""
    rows = stored_data(span.doc).get(layer, ())
    index = _argument(span).get(link)
    if index is not None:
        row: Row = rows[index]
        return row
    return next((row for row in rows if _at(row, span)), {})


def _at(row: Row, span: Span) -> bool:
    return bool(row["start"] == span.start_char and row["end"] == span.end_char)
