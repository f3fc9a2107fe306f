"""Tagged documents cut into sentences that stand alone, their spans with them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from tagger.annotation.graph import Place
from tagger.annotation.partial import annotated_layers, with_layers
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.text import split_sentences

_Span = TypeVar("_Span", Entity, Quantity, Event, Argument)


def cut_sentences(document: Document) -> Iterator[Document]:
    """The sentences of a document as documents, in order, each with the spans inside of it.

    Sentences that a name, a figure or a trigger runs across stay together. ``metadata`` says where
    a sentence comes from: ``document``, the id, and ``start``, its offset there in code points. An
    argument outside of its event's sentence is left out and counted in ``arguments_outside``.
    """
    spans: list[Entity | Quantity | Event] = [*document.entities, *document.quantities]
    spans += document.events
    places = _joined([*split_sentences(document.text), *((each.start, each.end) for each in spans)])
    starts = [start for start, _ in places]

    def by_place(found: Sequence[Entity | Quantity | Event]) -> defaultdict[int, list[int]]:
        indexes: defaultdict[int, list[int]] = defaultdict(list)
        for index, span in enumerate(found):
            indexes[bisect_right(starts, span.start) - 1].append(index)
        return indexes

    entities, quantities = by_place(document.entities), by_place(document.quantities)
    events = by_place(document.events)
    for number, place in enumerate(places):
        sentence = _sentence(document, place, entities[number], quantities[number], events[number])
        yield with_layers(sentence, annotated_layers(document))


def _joined(places: list[Place]) -> list[Place]:
    """The places in order, those that overlap as one."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _sentence(
    document: Document, place: Place, entities: list[int], quantities: list[int], events: list[int]
) -> Document:
    start, end = place
    entity_at = {old: new for new, old in enumerate(entities)}
    quantity_at = {old: new for new, old in enumerate(quantities)}
    outside = 0
    moved_events = []
    for event in (document.events[index] for index in events):
        inside = [each for each in event.arguments if start <= each.start and each.end <= end]
        outside += len(event.arguments) - len(inside)
        arguments = [
            replace(
                _moved(each, start),
                entity=None if each.entity is None else entity_at.get(each.entity),
                quantity=None if each.quantity is None else quantity_at.get(each.quantity),
            )
            for each in inside
        ]
        moved_events.append(replace(_moved(event, start), arguments=arguments))
    metadata: dict[str, Any] = {"document": document.id, "start": start}
    if outside:
        metadata["arguments_outside"] = outside
    return Document(
        text=document.text[start:end],
        id=f"{document.id}#{start}",
        published=document.published,
        source=document.source,
        metadata=metadata,
        model=document.model,
        entities=[_moved(document.entities[index], start) for index in entities],
        quantities=[_moved(document.quantities[index], start) for index in quantities],
        events=moved_events,
    )


def _moved(span: _Span, start: int) -> _Span:
    """The span in offsets of a text that begins at ``start``."""
    return replace(span, start=span.start - start, end=span.end - start)
