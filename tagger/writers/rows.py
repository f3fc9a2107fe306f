"""A document as rows of the five tables: what every tabular format shares.

Every cell is a str, int, float, bool or datetime without zone, or None.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import isfinite

from tagger.document import Argument, Document, Event, Number, Quantity, format_number
from tagger.text import split_sentences
from tagger.writers.jsonl import encode_line
from tagger.writers.tables import QUANTITY_COLUMNS, Row

# A text without a full stop is one sentence; each of its events would hold all of it.
_LONGEST_SENTENCE = 500

_NO_QUANTITY: Row = (None,) * len(QUANTITY_COLUMNS)


def table_rows(document: Document) -> dict[str, list[Row]]:
    """The document's rows of each of :data:`tagger.writers.tables.TABLES`, in column order.

    ``index`` counts the spans of one layer in the document. An argument names its event by
    ``event`` and carries the label, canonical name and id of its entity, or the label and value
    of its quantity, beside the index of either. An event carries the sentence of its trigger,
    or the 500 characters about the trigger where the sentence is longer.
    """
    name = document.id
    quantities = [_quantity_cells(each) for each in document.quantities]
    return {
        "documents": [_document_row(document)],
        "entities": [
            (
                *(name, index, each.start, each.end, each.text),
                *(each.label, each.score, each.canonical, each.id),
            )
            for index, each in enumerate(document.entities)
        ],
        "quantities": [
            (name, index, each.start, each.end, each.text, each.label, *cells)
            for index, (each, cells) in enumerate(zip(document.quantities, quantities, strict=True))
        ],
        "events": _event_rows(document),
        "arguments": _argument_rows(document, quantities),
    }


def _document_row(document: Document) -> Row:
    metadata = None
    if document.metadata:
        metadata = encode_line(document.metadata).decode().rstrip("\n")
    published = document.published
    return (
        document.id,
        document.title,
        document.body_start,
        document.text,
        published and published.isoformat(),
        published and published.replace(tzinfo=None),
        document.source,
        metadata,
        document.model,
        document.content_hash,
    )


def _quantity_cells(quantity: Quantity) -> Row:
    value, low, high = quantity.value, quantity.low, quantity.high
    start, end = quantity.start_time, quantity.end_time
    return (
        None if value is None else format_number(value),
        None if value is None else _nearest(value),
        quantity.unit,
        quantity.unit_text,
        quantity.per,
        None if low is None else format_number(low),
        None if low is None else _nearest(low),
        None if high is None else format_number(high),
        None if high is None else _nearest(high),
        quantity.low_inclusive,
        quantity.high_inclusive,
        quantity.approximate,
        start and start.isoformat(),
        start and start.replace(tzinfo=None),
        end and end.isoformat(),
        end and end.replace(tzinfo=None),
        quantity.grain,
        quantity.duration,
        quantity.repeat,
    )


def _event_rows(document: Document) -> list[Row]:
    sentences = _Sentences(document.text)
    rows = []
    for index, event in enumerate(document.events):
        start, end = sentences.around(event)
        rows.append(
            (
                *(document.id, index, event.start, event.end, event.text),
                *(event.type, event.score, event.modality, event.group),
                *(document.text[start:end], start),
            )
        )
    return rows


def _argument_rows(document: Document, quantities: Sequence[Row]) -> list[Row]:
    arguments = (
        (number, each) for number, event in enumerate(document.events) for each in event.arguments
    )
    return [
        (
            *(document.id, index, each.start, each.end, each.text),
            *(event, each.role, each.score, each.entity, each.quantity),
            *_linked(document, each, quantities),
        )
        for index, (event, each) in enumerate(arguments)
    ]


def _linked(document: Document, argument: Argument, quantities: Sequence[Row]) -> Row:
    label = canonical = identifier = None
    cells = _NO_QUANTITY
    if argument.quantity is not None:
        label = document.quantities[argument.quantity].label
        cells = quantities[argument.quantity]
    if argument.entity is not None:
        entity = document.entities[argument.entity]
        label, canonical, identifier = entity.label, entity.canonical, entity.id
    return (label, canonical, identifier, *cells)


class _Sentences:
    """Finds the sentence of a trigger; only the lines that hold triggers are ever split."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = (0, -1)
        self._starts: list[int] = []
        self._ends: list[int] = []

    def around(self, event: Event) -> tuple[int, int]:
        """The offsets of the sentence, or of the sentences where the trigger crosses their ends."""
        self._split_lines_of(event)
        first = bisect_right(self._ends, event.start)
        last = bisect_left(self._starts, event.end)
        start = min([event.start, *self._starts[first:last]])
        end = max([event.end, *self._ends[first:last]])
        if end - start <= _LONGEST_SENTENCE:
            return start, end
        spare = max(0, _LONGEST_SENTENCE - (event.end - event.start))
        cut = max(start, min(event.start - spare // 2, end - _LONGEST_SENTENCE))
        return cut, max(event.end, cut + _LONGEST_SENTENCE)

    def _split_lines_of(self, event: Event) -> None:
        if self._line[0] <= event.start and event.end <= self._line[1]:
            return
        start = self._text.rfind("\n", 0, event.start) + 1
        end = self._text.find("\n", event.end)
        self._line = (start, end if end >= 0 else len(self._text))
        spans = split_sentences(self._text[slice(*self._line)])
        self._starts = [start + each[0] for each in spans]
        self._ends = [start + each[1] for each in spans]


def _nearest(number: Number) -> float | None:
    try:
        nearest = float(number)
    except OverflowError:
        return None
    return nearest if isfinite(nearest) else None
