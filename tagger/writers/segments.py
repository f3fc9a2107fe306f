"""Overlapping spans cut into stretches that each lie in the same spans from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from tagger.document import Argument, Document, Entity, Event, Quantity


@dataclass(slots=True, frozen=True)
class Layered:
    """A span and where it stands in its layer; an argument carries the index of its event."""

    span: Entity | Quantity | Event | Argument
    index: int


@dataclass(slots=True, frozen=True)
class Segment:
    """The stretch ``[start, end)`` of the text and every span that covers it, outermost first."""

    start: int
    end: int
    covers: tuple[Layered, ...]


def cut_line(start: int, end: int, spans: list[Layered]) -> Iterator[Segment]:
    """Cuts the line ``[start, end)`` at every border of the given spans, sorted by their start.

    The segments tile the line. Takes time in proportion to the spans and their overlaps.
    """
    borders = {start, end}
    for each in spans:
        borders |= {min(max(each.span.start, start), end), min(max(each.span.end, start), end)}
    edges = sorted(borders)
    following = 0
    covering: list[tuple[int, int, Layered]] = []
    for left, right in pairwise(edges):
        while following < len(spans) and spans[following].span.start <= left:
            heappush(covering, (spans[following].span.end, following, spans[following]))
            following += 1
        while covering and covering[0][0] <= left:
            heappop(covering)
        covers = sorted(covering, key=lambda entry: entry[1])
        yield Segment(left, right, tuple(each for _, _, each in covers))


def lines_with_spans(document: Document) -> Iterator[tuple[int, int, list[Layered]]]:
    """Each line of the text as (start, end, the spans that reach into it), blank lines too."""
    spans = _all_spans(document)
    position = first = 0
    for line in document.text.split("\n"):
        start, end = position, position + len(line)
        position = end + 1
        while first < len(spans) and spans[first].span.end <= start:
            first += 1
        here = []
        for index in range(first, len(spans)):
            each = spans[index]
            if each.span.start >= end:
                break
            if each.span.end > start:
                here.append(each)
        yield start, end, here


def _all_spans(document: Document) -> list[Layered]:
    spans = [
        *(Layered(span, index) for index, span in enumerate(document.entities)),
        *(Layered(span, index) for index, span in enumerate(document.quantities)),
        *(Layered(span, index) for index, span in enumerate(document.events)),
    ]
    for index, event in enumerate(document.events):
        spans += (Layered(argument, index) for argument in event.arguments)
    return sorted(spans, key=lambda each: (each.span.start, -each.span.end))
