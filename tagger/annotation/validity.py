"""What must hold of an imported document before anything is learned from it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from tagger.annotation.graph import Graph, Place
from tagger.annotation.labels import Layer
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.readers.article import require_encodable
from tagger.readers.errors import Unreadable

# What says more of a span and is text, where it is said.
_TEXTS = ("canonical", "id", "unit", "unit_text", "per", "grain", "duration", "repeat")


def require_spans(graph: Graph) -> None:
    """Raises Unreadable for a span outside of the text and for a role that no event has."""
    names = [("a label", node.label) for node in graph.nodes]
    names += [("a role", edge.role) for edge in graph.edges or ()]
    _require_names(names)
    for node in graph.nodes:
        whole = isinstance(node.start, int) and isinstance(node.end, int)
        if not (whole and 0 <= node.start < node.end <= len(graph.text)):
            raise Unreadable(
                f"{node.label} [{node.start}, {node.end}) is no span of a text of "
                f"{len(graph.text):,} characters",
                "mend its offsets, or take the span out",
            )
    filled = set()
    for edge in graph.edges or ():
        event = graph.nodes[edge.event]
        filled.add(edge.filler)
        if event.layer != Layer.EVENTS:
            raise Unreadable(
                f"the role {edge.role!r} starts at {graph.span_text(event)!r} [{event.start}, "
                f"{event.end}), which is no event",
                "let it start at a trigger, or take it out",
            )
    for index, node in enumerate(graph.nodes):
        if node.layer == Layer.FILLERS and index not in filled:
            raise Unreadable(
                f"{graph.span_text(node)!r} [{node.start}, {node.end}) is marked as an argument "
                "and fills no role",
                "connect it with its event, or take it out",
            )


def require_valid(document: Document) -> None:
    """Raises Unreadable for spans of one layer that overlap, and for what is no text or name."""
    require_encodable(document)
    _require_head(document)
    require_fields(document)
    _require_scores(document)
    _require_apart(document, "entities", ((each.start, each.end) for each in document.entities))
    _require_apart(document, "quantities", ((each.start, each.end) for each in document.quantities))
    # Several events may share one trigger.
    _require_apart(document, "triggers", {(each.start, each.end) for each in document.events})


def _require_head(document: Document) -> None:
    if not isinstance(document.title, str | None):
        raise Unreadable(f"title={document.title!r} is no text", "mend the record")
    start = document.body_start
    if not (isinstance(start, int) and 0 <= start <= len(document.text)):
        raise Unreadable(f"body_start={start!r} lies outside of the text", "mend the record")


def require_fields(document: Document) -> None:
    """Raises Unreadable for labels, roles, indexes and other fields of spans that are none."""
    names = [("a label", each.label) for each in document.entities]
    names += [("a label", each.label) for each in document.quantities]
    for event in document.events:
        names.append(("an event type", event.type))
        if not isinstance(event.group, int):
            raise Unreadable(f"{event.text!r} has the group {event.group!r}", "give a number")
        for argument in event.arguments:
            names.append(("a role", argument.role))
            _require_index(argument, argument.entity, len(document.entities), "entity")
            _require_index(argument, argument.quantity, len(document.quantities), "quantity")
    _require_names(names)
    spans: list[Entity | Quantity] = [*document.entities, *document.quantities]
    for span in spans:
        for field in _TEXTS:
            value = getattr(span, field, None)
            if not isinstance(value, str | None):
                raise Unreadable(f"{span.text!r} has the {field} {value!r}", "give a text")


def _require_names(names: Iterable[tuple[str, str]]) -> None:
    for what, name in names:
        if not isinstance(name, str) or not name.strip():
            raise Unreadable(f"{name!r} is no name for {what}", "name it")


def _require_scores(document: Document) -> None:
    scored: list[Entity | Event | Argument] = [*document.entities, *document.events]
    scored += [argument for event in document.events for argument in event.arguments]
    for span in scored:
        if not (isinstance(span.score, int | float) and 0 <= span.score <= 1):
            raise Unreadable(f"{span.text!r} has the score {span.score!r}", "give one from 0 to 1")


def _require_index(argument: Argument, index: int | None, count: int, what: str) -> None:
    if index is not None and not (isinstance(index, int) and 0 <= index < count):
        raise Unreadable(
            f"the argument {argument.text!r} names {what} {index!r} of {count}",
            "mend the index, or take it out",
        )


def _require_apart(document: Document, what: str, places: Iterable[Place]) -> None:
    for (start, end), (next_start, next_end) in pairwise(sorted(places)):
        if next_start < end:
            raise Unreadable(
                f"{what} overlap: {document.text[start:end]!r} [{start}, {end}) and "
                f"{document.text[next_start:next_end]!r} [{next_start}, {next_end})",
                "shorten one of the two, or take it out",
            )
