"""Spans as tags of characters, and back: BIO, BIOES and the other ways of writing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from tagger.annotation.errors import UnwritableError
from tagger.readers.errors import Unreadable

OUTSIDE = "O"

# Three ways of writing the same: BIOES, BMES (usual for Chinese) and BILOU.
_PLACE_OF = {"B": "B", "I": "I", "M": "I", "E": "E", "L": "E", "S": "S", "U": "S"}


class TaggedSpan(NamedTuple):
    """A half-open span and the label behind its tags."""

    start: int
    end: int
    label: str


def tags_of(spans: Iterable[TaggedSpan], length: int, *, bioes: bool) -> list[str]:
    """One tag for each of ``length`` characters. Raises UnwritableError for spans that overlap."""
    tags = [OUTSIDE] * length
    for span in spans:
        if any(tag != OUTSIDE for tag in tags[span.start : span.end]):
            raise UnwritableError(
                f"{span.label} [{span.start}, {span.end}) overlaps another span of its layer",
                "take one of them out",
            )
        inside = [f"I-{span.label}"] * (span.end - span.start - 1)
        if bioes and inside:
            inside[-1] = f"E-{span.label}"
        first = "B" if inside or not bioes else "S"
        tags[span.start : span.end] = [f"{first}-{span.label}", *inside]
    return tags


def spans_of(tags: Sequence[str]) -> list[TaggedSpan]:
    """The spans that tags say, in order, with one tag a token.

    A span may also begin with I, as in IOB1, and end without E. Raises Unreadable for what is no
    tag.
    """
    spans: list[TaggedSpan] = []
    open_label: str | None = None
    for position, tag in enumerate(tags):
        place, label = parse_tag(tag)
        if place in ("I", "E") and label == open_label:
            spans[-1] = spans[-1]._replace(end=position + 1)
        elif label is not None:
            spans.append(TaggedSpan(position, position + 1, label))
        open_label = label if place in ("B", "I") else None
    return spans


@lru_cache(maxsize=1024)
def parse_tag(tag: str) -> tuple[str, str | None]:
    """The place (B, I, E, S or O) and the label of a tag. Raises Unreadable for what is none."""
    if tag == OUTSIDE:
        return OUTSIDE, None
    place, dash, label = tag.partition("-")
    if place not in _PLACE_OF or not dash or not label:
        raise Unreadable(
            f"{tag!r} is no tag such as O, B-COMPANY or I-COMPANY",
            "write a line as: character, entity tag, trigger tag",
        )
    return _PLACE_OF[place], label
