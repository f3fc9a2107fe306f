"""The lines of brat's ``.ann`` files, taken apart; see :mod:`tagger.annotation.brat`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tagger.annotation.brat import NUMBERED, OWN_NOTE, SPACE
from tagger.annotation.brat_config import MODALITY
from tagger.annotation.graph import Edge, Graph, Node
from tagger.annotation.labels import Layer, Scheme
from tagger.readers.errors import Unreadable
from tagger.schema import MODALITIES

_TEXT_BOUND = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?")
_EVENT = re.compile(r"(E\S+)\t(\S+):(T\S+)((?:\s+\S+:\S+)*)\s*")
_RELATION = re.compile(r"(R\S+)\t(\S+) [^\s:]+:(\S+) [^\s:]+:(\S+)\s*")
_ATTRIBUTE = re.compile(r"([AM]\S+)\t(\S+) (\S+)(?: (.*\S))?\s*")
_NOTE = re.compile(r"#\S*\t(\S+) (\S+)\t(.*)")

_LINE_ENDS = re.compile(r"[\r\n]*")
_MODALITY_OF = {"Negation": "negated", "Speculation": "possible"}
_NO_LINE = "mend the line as brat writes it"


class _Span(NamedTuple):
    line: int
    label: str
    start: int
    end: int


class _Event(NamedTuple):
    line: int
    type: str
    trigger: str
    roles: Sequence[tuple[str, str]]


class Standoff:
    """What one ``.ann`` file says of its text.

    ``line`` is the line that was read last, for errors; ``notes`` and ``others`` are what no
    document has a place for.
    """

    def __init__(self, text: str, scheme: Scheme) -> None:
        self.line = 0
        self.notes: list[dict[str, object]] = []
        self.others: list[str] = []
        self._text = text
        self._scheme = scheme
        self._spans: dict[str, _Span] = {}
        self._events: dict[str, _Event] = {}
        self._relations: list[tuple[int, str, str, str]] = []
        self._modalities: dict[str, str] = {}
        self._noted: list[tuple[str, str]] = []

    def read(self, content: str) -> None:
        """Takes in the lines of a file. Raises Unreadable at a line that brat does not write."""
        kinds = {"T": self._span, "E": self._event, "R": self._relation, "#": self._note}
        kinds |= {"A": self._attribute, "M": self._attribute}
        for self.line, line in enumerate(content.split("\n"), 1):
            if line.strip():
                kinds.get(line[0], self.others.append)(line.rstrip("\r"))

    def graph(self) -> Graph:
        """The spans and roles of all lines. Raises Unreadable for a line that leads nowhere."""
        triggers = {event.trigger for event in self._events.values()}
        graph = Graph(self._text)
        index_of: dict[str, int] = {}
        for id, span in self._spans.items():
            if id not in triggers:
                layer, label = self._scheme.read_label(span.label, unknown=Layer.ENTITIES)
                index_of[id] = len(graph.nodes)
                graph.nodes.append(Node(span.start, span.end, layer, label))
        for id, event in self._events.items():
            self.line = event.line
            trigger = self._spans[self._known(event.trigger)]
            index_of.setdefault(event.trigger, len(graph.nodes))
            index_of[id] = len(graph.nodes)
            layer, label = self._scheme.read_label(event.type, unknown=Layer.EVENTS)
            label = label if layer == Layer.EVENTS else event.type
            told = self._modalities.get(id)
            graph.nodes.append(Node(trigger.start, trigger.end, Layer.EVENTS, label, told))
        for target, note in self._noted:
            self.notes.append(self._placed_note(target, note))
        graph.edges = self._edges(index_of)
        return graph

    def _edges(self, index_of: dict[str, int]) -> list[Edge]:
        edges = []
        for id, event in self._events.items():
            self.line = event.line
            names = {role for role, _ in event.roles}
            for role, target in event.roles:
                numbered = NUMBERED.fullmatch(role)
                name = numbered[1] if numbered and numbered[1] in names else role
                edges.append(Edge(index_of[id], index_of[self._known(target)], name))
        for line, role, source, target in self._relations:
            self.line = line
            edges.append(Edge(index_of[self._known(source)], index_of[self._known(target)], role))
        return edges

    def _known(self, id: str) -> str:
        if id not in self._spans and id not in self._events:
            raise Unreadable(f"there is no {id}", "take what leads to it out of the line")
        return id

    def _span(self, line: str) -> None:
        match = _match(_TEXT_BOUND, line)
        pieces = [tuple(map(int, piece.split())) for piece in match[3].split(";")]
        for (_, end), (start, _) in pairwise(pieces):
            if start < end or not _LINE_ENDS.fullmatch(self._text, end, start):
                raise Unreadable(
                    f"the discontinuous span {match[1]} {match[2]} {match[3]}",
                    "mark one stretch of text, or two spans",
                )
        start, end = pieces[0][0], pieces[-1][1]
        found = " ".join(self._text[first:last] for first, last in pieces)
        if match[4] is not None and SPACE.sub(" ", found) != SPACE.sub(" ", match[4]):
            raise Unreadable(
                f"[{start}, {end}) holds {found!r}, not {match[4]!r}",
                "mark the span again; the text has changed since",
            )
        self._spans[match[1]] = _Span(self.line, match[2], start, end)

    def _event(self, line: str) -> None:
        match = _match(_EVENT, line)
        roles = [tuple(each.rsplit(":", 1)) for each in match[4].split()]
        self._events[match[1]] = _Event(self.line, match[2], match[3], roles)

    def _relation(self, line: str) -> None:
        match = _match(_RELATION, line)
        self._relations.append((self.line, match[2], match[3], match[4]))

    def _attribute(self, line: str) -> None:
        match = _match(_ATTRIBUTE, line)
        told = match[4] if match[2] == MODALITY else _MODALITY_OF.get(match[2])
        if told in MODALITIES and match[3].startswith("E"):
            self._modalities[match[3]] = told
        else:
            self.others.append(line)

    def _note(self, line: str) -> None:
        match = _NOTE.fullmatch(line)
        if match is None:
            self.others.append(line)
        elif match[1] != OWN_NOTE:
            self._noted.append((match[2], match[3]))

    def _placed_note(self, target: str, note: str) -> dict[str, object]:
        event = self._events.get(target)
        span = self._spans.get(event.trigger if event else target)
        if span is None:
            return {"note": note}
        return {
            "start": span.start,
            "end": span.end,
            "text": self._text[span.start : span.end],
            "note": note,
        }


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str]:
    match = pattern.fullmatch(line)
    if match is None:
        raise Unreadable(f"{line!r} is no line of brat", _NO_LINE)
    return match
