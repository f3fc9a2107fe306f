"""The unit of work: a fixed run of articles in input order, tagged by itself.

What comes out of a unit depends on nothing but its articles, so that records are the same
whatever process tags it and whatever is tagged beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from tagger.document import Document
from tagger.readers import ReadError

# 32 articles of ordinary length fill the encoder's batches; long ones make smaller units.
UNIT_ARTICLES = 32
UNIT_CHARACTERS = 60_000

Item = Document | ReadError
Unit = list[Item]


class Pipe(Protocol):
    """What a batch needs of a tagger."""

    def pipe(self, documents: Iterable[Document], /, batch_size: int = ...) -> Iterator[Document]:
        """Tags documents in order."""


Loader = Callable[[], Pipe]


def cut_units(items: Iterable[Item], articles: int = UNIT_ARTICLES) -> Iterator[Unit]:
    """Cuts the input into runs of at most ``articles`` items and ``UNIT_CHARACTERS`` characters.

    A longer article is a unit of its own; errors of reading count as items.
    """
    unit: Unit = []
    characters = 0
    for item in items:
        length = len(item.text) if isinstance(item, Document) else 0
        if unit and (len(unit) >= articles or characters + length > UNIT_CHARACTERS):
            yield unit
            unit, characters = [], 0
        unit.append(item)
        characters += length
    if unit:
        yield unit


def tag_unit(tagger: Pipe, unit: Unit) -> Unit:
    """The unit's articles tagged, in their order.

    If anything raises or is lost, the articles are tagged one by one, and one that fails again
    comes out as a :class:`~tagger.readers.ReadError`.
    """
    documents = [_untouched(item) for item in unit if isinstance(item, Document)]
    if not documents:
        return unit
    try:
        tagged = list(tagger.pipe(documents, batch_size=len(documents)))
    except Exception:  # whatever it is, the other articles of the unit must not suffer
        tagged = []
    if len(tagged) != len(documents):
        return [_tag_alone(tagger, item) for item in unit]
    following = iter(tagged)
    return [next(following) if isinstance(item, Document) else item for item in unit]


def failure(item: Item, reason: str) -> ReadError:
    """The error that stands for an article that could not be tagged."""
    if isinstance(item, ReadError):
        return item
    # An id that the article did not bring along is its path, with its place in a longer file.
    path, _, place = item.id.rpartition("#")
    return ReadError(
        path=path if path and place.isdigit() else item.id,
        record=f"record {place}" if path and place.isdigit() else None,
        id=item.id,
        reason=reason,
        remedy="leave the article out, and report it together with its text",
    )


def _tag_alone(tagger: Pipe, item: Item) -> Item:
    if isinstance(item, ReadError):
        return item
    try:
        return next(iter(tagger.pipe([_untouched(item)], batch_size=1)))
    except Exception as error:  # every article ends in the output or in the errors
        return failure(item, f"tagging failed with {type(error).__name__}: {error}")


def _untouched(document: Document) -> Document:
    """A copy, so that a second attempt does not start from the remains of the first."""
    return replace(document, entities=[], quantities=[], events=[])
