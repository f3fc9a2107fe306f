"""From the spans of an annotation tool back to a document.

A span that stands as it was exported gets back what the tool does not show: score, id, exact
value, group. What an annotator added or changed has only what the annotator said: its score is 1,
it has no id, and an event is in a group of its own.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count
from math import inf
from typing import NamedTuple

from tagger.annotation.graph import Graph, Node, Place
from tagger.annotation.labels import LAYERS, Layer
from tagger.annotation.partial import annotated_layers, with_layers
from tagger.annotation.validity import require_spans
from tagger.document import Argument, Document, Entity, Event, Quantity


def document_of(
    graph: Graph, original: Document | None = None, layers: Collection[str] | None = None
) -> Document:
    """The document that a graph shows, its spans in order of place.

    ``original`` is the document that was exported, if the format keeps it. ``layers`` are those
    that are annotated even where they hold nothing; None means those of the original, and the
    entities where there is none. An argument names the entity or the quantity that has its span.
    Raises Unreadable for a span outside of the text, and for a role without event or an argument
    without role.
    """
    require_spans(graph)
    if layers is None:
        layers = (Layer.ENTITIES,) if original is None else annotated_layers(original)
    before = original or Document(graph.text)
    placed = _placed(graph, before)
    entities = _Members(placed, Layer.ENTITIES)
    quantities = _Members(placed, Layer.QUANTITIES)
    filled = _filled_roles(graph)
    groups = count(1 + max((event.group for event in before.events), default=-1))
    events = []
    for number, node, old in _Members(placed, Layer.EVENTS):
        event = _new_event(graph, node, groups) if old is None else before.events[old]
        places = _places(event.arguments) if filled is None else filled[number]
        arguments = _arguments(graph.text, places, event.arguments, entities, quantities)
        events.append(replace(event, modality=node.modality or event.modality, arguments=arguments))
    document = replace(
        before,
        entities=[
            Entity(node.start, node.end, graph.span_text(node), node.label)
            if old is None
            else before.entities[old]
            for _, node, old in entities
        ],
        quantities=[
            Quantity(node.start, node.end, graph.span_text(node), node.label)
            if old is None
            else before.quantities[old]
            for _, node, old in quantities
        ],
        events=events,
    )
    return with_layers(document, layers)


class _Placed(NamedTuple):
    """A node with its number, and the index that its span had in its layer of the original."""

    number: int
    node: Node
    old: int | None


_FilledRole = tuple[str, int, int]


class _Members:
    """The nodes of one layer in their new order, found by what they were and where they are."""

    def __init__(self, placed: Sequence[_Placed], layer: Layer) -> None:
        self._members = [each for each in placed if each.node.layer == layer]
        self._moved: dict[int, int] = {}
        self._added: dict[Place, int] = {}
        self._all: dict[Place, int] = {}
        for index, (_, node, old) in enumerate(self._members):
            place = node.start, node.end
            self._all.setdefault(place, index)
            if old is None:
                self._added.setdefault(place, index)
            else:
                self._moved[old] = index

    def __iter__(self) -> Iterator[_Placed]:
        return iter(self._members)

    def moved(self, old: int | None) -> int | None:
        """The new index of a member of the original."""
        return None if old is None else self._moved.get(old)

    def at(self, place: Place, *, added: bool) -> int | None:
        """The member that has a span; with ``added``, if the original did not hold it."""
        return (self._added if added else self._all).get(place)


def _placed(graph: Graph, original: Document) -> list[_Placed]:
    """The nodes by place; those of one place in their order in the original."""
    waiting: defaultdict[tuple[Layer, int, int, str], deque[int]] = defaultdict(deque)
    for layer in LAYERS:
        for index, span in enumerate(getattr(original, layer)):
            label = span.type if layer == Layer.EVENTS else span.label
            waiting[layer, span.start, span.end, label].append(index)
    placed = []
    for number, node in enumerate(graph.nodes):
        found = waiting.get((node.layer, node.start, node.end, node.label))
        placed.append(_Placed(number, node, found.popleft() if found else None))
    return sorted(placed, key=_order)


def _order(placed: _Placed) -> tuple[int, int, float]:
    return placed.node.start, placed.node.end, inf if placed.old is None else placed.old


def _filled_roles(graph: Graph) -> defaultdict[int, list[_FilledRole]] | None:
    """What fills the roles of each event, by the index of its node."""
    if graph.edges is None:
        return None
    filled: defaultdict[int, list[_FilledRole]] = defaultdict(list)
    for edge in dict.fromkeys(graph.edges):
        filler = graph.nodes[edge.filler]
        filled[edge.event].append((edge.role, filler.start, filler.end))
    return filled


def _places(arguments: Sequence[Argument]) -> list[_FilledRole]:
    return [(each.role, each.start, each.end) for each in arguments]


def _new_event(graph: Graph, node: Node, groups: Iterator[int]) -> Event:
    return Event(node.start, node.end, graph.span_text(node), node.label, group=next(groups))


def _arguments(
    text: str,
    filled: Sequence[_FilledRole],
    before: Sequence[Argument],
    entities: _Members,
    quantities: _Members,
) -> list[Argument]:
    """The arguments that the event had, in its order, then the new ones by place."""
    old = {place: index for index, place in enumerate(_places(before))}
    ordered = sorted(filled, key=lambda each: (old.get(each, inf), each[1], each[2], each[0]))
    arguments = []
    for role, start, end in ordered:
        index = old.get((role, start, end))
        new = Argument(role, start, end, text[start:end])
        argument = new if index is None else before[index]
        entity = entities.moved(argument.entity)
        quantity = quantities.moved(argument.quantity)
        if entity is None and quantity is None:
            # An old argument that named nothing at its place goes on so; an annotator's new span
            # is another matter.
            entity = entities.at((start, end), added=index is not None)
            if entity is None:
                quantity = quantities.at((start, end), added=index is not None)
        arguments.append(replace(argument, entity=entity, quantity=quantity))
    return arguments
