"""Overlapping spans cut into stretches that each lie in the same spans from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.text import windows

_BLOCK_CHARACTERS = 1000


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


def cut_block(start: int, end: int, spans: list[Layered]) -> Iterator[Segment]:
    """Cuts the block ``[start, end)`` at every border of the given spans, sorted by their start.

    The segments tile the block. Takes time in proportion to the spans and their overlaps.
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


def blocks_with_spans(document: Document) -> Iterator[tuple[int, int, list[Layered]]]:
    """The text in blocks, each as (start, end, the spans that reach into it).

    A block is a line without its line feed, blank ones too; a line longer than a thousand
    characters is several blocks of whole sentences, because a browser lays out a block at a time.
    """
    spans = _all_spans(document)
    following = 0
    reaching: list[Layered] = []
    for start, end in _blocks(document.text):
        reaching = [each for each in reaching if each.span.end > start]
        while following < len(spans) and spans[following].span.start < end:
            if spans[following].span.end > start:
                reaching.append(spans[following])
            following += 1
        yield start, end, reaching


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in text.split("\n"):
        end = position + len(line)
        starts = [position]
        if len(line) > _BLOCK_CHARACTERS:
            starts += [position + start for start, _ in windows(line, _BLOCK_CHARACTERS)[1:]]
        yield from pairwise([*starts, end])
        position = end + 1


def _all_spans(document: Document) -> list[Layered]:
    spans = [
        *(Layered(span, index) for index, span in enumerate(document.entities)),
        *(Layered(span, index) for index, span in enumerate(document.quantities)),
        *(Layered(span, index) for index, span in enumerate(document.events)),
    ]
    for index, event in enumerate(document.events):
        spans += (Layered(argument, index) for argument in event.arguments)
    return sorted(spans, key=lambda each: (each.span.start, -each.span.end))
