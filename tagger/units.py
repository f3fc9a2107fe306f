"""The unit of work: a fixed run of articles in input order, tagged by itself.

What comes out of a unit depends on nothing but its articles, so that records are the same
whatever process tags it, whatever is tagged beside it, and whether it was tagged in an earlier run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

from tagger.counts import Counts
from tagger.document import Document, Mark
from tagger.readers import ReadError
from tagger.writers.jsonl import encode_line

# 32 articles of ordinary length fill the encoder's batches; long ones make smaller units.
UNIT_ARTICLES = 32
UNIT_CHARACTERS = 60_000
# The first units are smaller, so that no worker of a short job waits long for another: a unit holds
# at most an eighth of what came before it, or these articles if they are more.
_FIRST_UNITS = 8
_OF_WHAT_CAME_BEFORE = 8

Item = Document | ReadError
Unit = list[Item]


class Encoded(NamedTuple):
    """A tagged document as a JSON line, with its counts."""

    line: bytes
    counts: Counts


Outcome = Encoded | ReadError


class Pipe(Protocol):
    """What a batch needs of a tagger."""

    def pipe(self, documents: Iterable[Document], /, batch_size: int = ...) -> Iterator[Document]:
        """Tags documents in order."""


Loader = Callable[[], Pipe]


def cut_units(items: Iterable[Item], articles: int = UNIT_ARTICLES) -> Iterator[Unit]:
    """Cuts the input into runs of at most ``articles`` items and ``UNIT_CHARACTERS`` characters,
    the first ones shorter.

    A longer article is a unit of its own; errors of reading count as items.
    """
    unit: Unit = []
    before = characters = 0
    for item in items:
        length = _length(item)
        most = min(articles, max(_FIRST_UNITS, before // _OF_WHAT_CAME_BEFORE))
        if unit and (len(unit) >= most or characters + length > UNIT_CHARACTERS):
            yield unit
            before += len(unit)
            unit, characters = [], 0
        unit.append(item)
        characters += length
    if unit:
        yield unit


def read_ahead(units: Iterable[Unit], articles: int) -> tuple[list[Unit], bool]:
    """The first units, up to one item or character more than a whole unit holds, and whether these
    are all that there are."""
    ahead: list[Unit] = []
    items = characters = 0
    for unit in units:
        ahead.append(unit)
        items += len(unit)
        characters += sum(map(_length, unit))
        if len(ahead) > 1 and (items > articles or characters > UNIT_CHARACTERS):
            return ahead, False
    return ahead, True


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


def encode(item: Item) -> Outcome:
    """A tagged document as its JSON line."""
    if isinstance(item, ReadError):
        return item
    return Encoded(encode_line(item.to_dict()), Counts.of(item))


def encode_with_marks(item: Item) -> Outcome:
    """A tagged document as a JSON line that :func:`decode` makes a document of."""
    if isinstance(item, ReadError) or not item.marks:
        return encode(item)
    line = encode_line(item.to_dict() | {"marks": [asdict(mark) for mark in item.marks]})
    return Encoded(line, Counts.of(item))


def decode(record: dict[str, Any]) -> Document:
    """The document of a record."""
    document = Document.from_dict(record)
    document.marks = [Mark(**mark) for mark in record.get("marks", ())]
    return document


def unit_key(unit: Unit) -> str:
    """A name of all that is known of a unit's articles: equal units have equal keys, others
    (but for one chance in 2**128) have not."""
    digest = blake2b(digest_size=16)
    for item in unit:
        content = asdict(item) if isinstance(item, ReadError) else _content(item)
        line = encode_line(content)
        digest.update(b"%d:" % len(line))
        digest.update(line)
    return digest.hexdigest()


def _length(item: Item) -> int:
    """Characters that are to be tagged. Raises TypeError for what is no item."""
    if isinstance(item, ReadError):
        return 0
    if isinstance(item, Document):
        return len(item.text)
    raise TypeError(
        f"an article of a batch is a tagger.Document, not {type(item).__name__}; of a text, "
        "tagger.Document(text) makes one"
    )


def _content(document: Document) -> dict[str, Any]:
    untagged = _untouched(document).to_dict()
    return untagged | {"marks": [asdict(mark) for mark in document.marks]}


def failure(item: Item, reason: str, transient: bool = False) -> ReadError:
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
        transient=transient,
        content_hash=item.content_hash,
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
