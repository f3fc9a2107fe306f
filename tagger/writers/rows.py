"""A document as rows of flat tables: what the CSV and the Parquet writer share.

Every value is a str, int, float or bool, or is missing; exact numbers are text, as in JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from tagger.document import Argument, Document, Entity, Quantity
from tagger.writers.jsonl import encode_line

Row = dict[str, Any]

QUANTITY_DETAILS = tuple(
    each.name for each in fields(Quantity) if each.name not in ("start", "end", "text", "label")
)


def document_row(document: Document) -> Row:
    """The document itself; ``metadata`` is JSON text."""
    record = document.to_dict()
    row = {name: record.get(name) for name in ("id", "title", "body_start", "text", "published")}
    row |= {"source": document.source, "model": document.model}
    if document.metadata:
        row["metadata"] = encode_line(document.metadata).decode().rstrip("\n")
    return row


def span_rows(document: Document) -> Iterator[tuple[str, Row]]:
    """Every span as (``entity``, ``quantity``, ``event`` or ``argument``, its row).

    ``index`` counts the spans of one layer in the document. An argument names its event by
    ``event`` and carries the canonical name and id of its entity, or the value of its quantity,
    beside the index of either.
    """
    record = document.to_dict()
    for layer, key in (("entity", "entities"), ("quantity", "quantities")):
        for index, span in enumerate(record[key]):
            yield layer, span | {"index": index}
    arguments = 0
    for index, event in enumerate(document.events):
        row = record["events"][index]
        spans = row.pop("arguments")
        yield "event", row | {"index": index}
        for argument, span in zip(event.arguments, spans, strict=True):
            linked = _linked(document, argument)
            yield "argument", linked | span | {"index": arguments, "event": index}
            arguments += 1


def _linked(document: Document, argument: Argument) -> Row:
    row: Row = {}
    if argument.entity is not None:
        entity: Entity = document.entities[argument.entity]
        row |= {"canonical": entity.canonical, "id": entity.id}
    if argument.quantity is not None:
        quantity: Quantity = document.quantities[argument.quantity]
        found = Document(document.text, quantities=[quantity]).to_dict()["quantities"][0]
        row |= {name: found.get(name) for name in QUANTITY_DETAILS}
    return row
