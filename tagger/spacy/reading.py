"""The document that a spaCy doc holds.

What there is stands in ``doc.ents`` and in the span groups ``quantities``, ``events`` and
``arguments``; an event and its arguments share a span id. What spaCy has no field for stands
beside them in ``doc.user_data["finance_tagger"]``: the JSON shape of the document without the
text, with ``metadata`` as JSON text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import spacy
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from tagger.document import Document, parse_published

USER_DATA = "finance_tagger"
GROUPS = ("quantities", "events", "arguments")

Row = Mapping[str, Any]
# A row with its index among the stored ones, or None for one that was put in since.
_Numbered = tuple[int | None, dict[str, Any]]


def to_document(doc: Doc) -> Document:
    """The document that a doc holds, whoever annotated it.

    Changes that were made in ``doc.ents`` and the span groups are followed: a span that was taken
    out is gone, one that was put in has a score of 1 and no value, and an entity has the id of
    its ``kb_id_``. An argument belongs to the event with its span id and goes where that goes.
    Raises ValueError or TypeError if what stands in ``doc.user_data`` is no document.
    """
    stored, text = stored_data(doc), doc.text
    published = parse_published(stored.get("published"))
    metadata = stored.get("metadata") or {}
    entities = _Layer(_followed(text, doc.ents, stored.get("entities", ()), "label"))
    quantities = _Layer(
        _followed(text, doc.spans.get("quantities", ()), stored.get("quantities", ()), "label")
    )
    identifiers = {(each.start_char, each.end_char): each.kb_id_ for each in doc.ents}
    for row in entities.rows:
        row["id"] = identifiers.get(place(text, row["start"], row["end"]), row.get("id")) or None
    layers = {"entity": entities, "quantity": quantities}
    return Document.from_dict(
        {
            **stored,
            "text": text,
            "published": published and published.isoformat(),
            "metadata": json.loads(metadata) if isinstance(metadata, str) else metadata,
            "entities": entities.rows,
            "quantities": quantities.rows,
            "events": _events(text, doc, stored.get("events", ()), layers),
        }
    )


def to_documents(docs: Iterable[Doc] | DocBin) -> Iterator[Document]:
    """The documents of docs in their order, as :func:`to_document` reads each."""
    if isinstance(docs, DocBin):
        docs = docs.get_docs(shared_vocab())
    return map(to_document, docs)


@cache
def shared_vocab() -> Vocab:
    """The vocabulary of blank Chinese that docs outside of any pipeline share."""
    return spacy.blank("zh").vocab


def stored_data(doc: Doc) -> Row:
    """What ``doc.user_data`` holds of the document, empty for a doc that no tagger has seen."""
    stored: Row = doc.user_data.get(USER_DATA) or {}
    return stored


def place(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a span can stand in a doc: without the white space at its ends.

    Of white space alone nothing is left: the start is then not before the end.
    """
    stretch = text[start:end]
    return end - len(stretch.lstrip()), start + len(stretch.rstrip())


@dataclass
class _Layer:
    """The rows of the entities or the quantities, each with its index among the stored ones.

    A row that was put in since has None for an index.
    """

    numbered: list[_Numbered]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row for _, row in self.numbered]

    def now(self, stored: int) -> int | None:
        """Where the row with this stored index is now."""
        indexes = (index for index, (old, _) in enumerate(self.numbered) if old == stored)
        return next(indexes, None)

    def at(self, start: int, end: int) -> int | None:
        """Where the row of exactly this stretch is."""
        rows = enumerate(self.rows)
        return next((at for at, row in rows if (row["start"], row["end"]) == (start, end)), None)


def _followed(text: str, spans: Iterable[Span], rows: Iterable[Row], label: str) -> list[_Numbered]:
    """The rows whose spans are still there, and new ones for spans that have none."""
    found = {(each.start_char, each.end_char, each.label_) for each in spans}
    kept: list[_Numbered] = []
    new = set(found)
    for index, row in enumerate(rows):
        start, end = place(text, row["start"], row["end"])
        if start >= end or (start, end, row[label]) in found:
            kept.append((index, dict(row)))
            new.discard((start, end, row[label]))
    return _in_order(
        kept, [{"start": start, "end": end, label: name} for start, end, name in sorted(new)]
    )


def _in_order(kept: list[_Numbered], new: list[dict[str, Any]]) -> list[_Numbered]:
    # Without anything new the order stays as it was stored, whatever it was.
    added: list[_Numbered] = [(None, row) for row in new]
    return sorted(kept + added, key=lambda each: each[1]["start"]) if new else kept


def _events(
    text: str, doc: Doc, rows: Iterable[Row], layers: Mapping[str, _Layer]
) -> list[dict[str, Any]]:
    arguments: defaultdict[str, list[Span]] = defaultdict(list)
    for span in doc.spans.get("arguments", ()):
        arguments[span.id_].append(span)
    spans = list(doc.spans.get("events", ()))
    of_row = {each.id_: each for each in spans if each.id_}
    kept: list[_Numbered] = []
    for index, row in enumerate(rows):
        span = of_row.get(str(index))
        start, end = place(text, row["start"], row["end"])
        if span is None and start < end:
            continue
        event = dict(row)
        if span is not None:
            spans.remove(span)
            if (span.start_char, span.end_char) != (start, end):
                event |= {"start": span.start_char, "end": span.end_char}
            event["type"] = span.label_
        told = row.get("arguments", ())
        event["arguments"] = _arguments(text, arguments[str(index)], told, layers)
        kept.append((index, event))
    new = [
        {
            "start": span.start_char,
            "end": span.end_char,
            "type": span.label_,
            "arguments": _arguments(text, arguments[span.id_] if span.id_ else (), (), layers),
        }
        for span in spans
    ]
    return [row for _, row in _in_order(kept, new)]


def _arguments(
    text: str, spans: Iterable[Span], rows: Iterable[Row], layers: Mapping[str, _Layer]
) -> list[dict[str, Any]]:
    arguments = []
    for stored, row in _followed(text, spans, rows, "role"):
        for name, layer in layers.items():
            if stored is None:
                row[name] = layer.at(row["start"], row["end"])
            elif row.get(name) is not None:
                row[name] = layer.now(row[name])
        arguments.append(row)
    return arguments
