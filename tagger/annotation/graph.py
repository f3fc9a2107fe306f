"""A document as annotation tools see it: labelled spans, and roles between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tagger.annotation.labels import FILLER, Layer
from tagger.document import Argument, Document

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A span with its label, an event's trigger with its type.

    ``modality`` is None for what is no event, and where a format does not hold it.
    """

    start: int
    end: int
    layer: Layer
    label: str
    modality: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A role of an event and what fills it, both as indexes of nodes."""

    event: int
    filler: int
    role: str


@dataclass
class Graph:
    """The spans of a text and the roles between them; None where a format holds no roles."""

    text: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] | None = field(default_factory=list)

    def span_text(self, node: Node) -> str:
        """What a node's span holds."""
        return self.text[node.start : node.end]


def graph_of(document: Document) -> Graph:
    """The graph of a document: entities, quantities and events in its order, then the fillers.

    An argument leads to the entity or the quantity that has its span, and else to a filler, one
    for all arguments with that span.
    """
    nodes = [Node(each.start, each.end, Layer.ENTITIES, each.label) for each in document.entities]
    nodes += [
        Node(each.start, each.end, Layer.QUANTITIES, each.label) for each in document.quantities
    ]
    first_event = len(nodes)
    nodes += [
        Node(each.start, each.end, Layer.EVENTS, each.type, each.modality)
        for each in document.events
    ]
    of_place: dict[Place, int] = {}
    for index, node in enumerate(nodes[:first_event]):
        of_place.setdefault((node.start, node.end), index)
    edges = []
    for event, argument in _arguments(document):
        place = argument.start, argument.end
        if place not in of_place:
            of_place[place] = len(nodes)
            nodes.append(Node(*place, Layer.FILLERS, FILLER))
        edges.append(Edge(first_event + event, of_place[place], argument.role))
    return Graph(document.text, nodes, list(dict.fromkeys(edges)))


def _arguments(document: Document) -> Iterator[tuple[int, Argument]]:
    for index, event in enumerate(document.events):
        for argument in event.arguments:
            yield index, argument
