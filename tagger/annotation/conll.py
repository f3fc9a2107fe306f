r"""CoNLL files: a line a character, with its entity tag and its trigger tag.

    -DOCSTART- O O id=flash-1

    星 B-COMPANY O
    河 I-COMPANY O
    减 O B-divestment
    持 O I-divestment

Such a file holds the text, entities, triggers with their types, and the document's id; arguments,
quantities, modality, scores, names, ids and everything else stay behind; :func:`left_out` names
them. Spaces and other characters that a column cannot hold are written as JSON writes them
(``\u3000``), so that no offset moves. A blank line parts sentences and is no character of the text.
Several types of one trigger are joined with ``|``; a column of ``_`` says that the layer is not
annotated. Tags are BIO or BIOES.

:class:`Conll2003Writer` writes the four columns of CoNLL-2003 instead, which tools such as
``spacy convert`` read: character, two that say nothing, and the entity's tag.

Read are BIO (IOB1 and IOB2), BIOES, BMES and BILOU, with one tag column (entities) or two, and the
last of more (CoNLL-2003). Tokens of several characters are joined without spaces. In a file without
``-DOCSTART-``, every block is a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from tagger.annotation.errors import UnwritableError
from tagger.annotation.graph import Place
from tagger.annotation.labels import Layer
from tagger.annotation.partial import annotated_layers
from tagger.annotation.tag_sequences import OUTSIDE, TaggedSpan, tags_of
from tagger.document import Document
from tagger.text import split_sentences

DOCUMENT_START = "-DOCSTART-"
ID = "id="
UNANNOTATED = "_"
TYPES_ARE_PARTED_BY = "|"
_NO_COLUMN = "-X-"

# White space, control and invisible characters, and lone surrogates.
_UNPRINTABLE = r"\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff"
_TO_ESCAPE = re.compile(f"[{_UNPRINTABLE}]")
_TO_ESCAPE_IN_NAME = re.compile(rf"[{_UNPRINTABLE}\\|]")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


class ConllWriter:
    """Writes documents to a binary stream."""

    def __init__(self, stream: BinaryIO, *, bioes: bool) -> None:
        self._stream = stream
        self._bioes = bioes

    def write(self, document: Document) -> None:
        """Writes one document. Raises UnwritableError for overlapping spans of one layer."""
        length = len(document.text)
        entities, triggers = _entities(document), _triggers(document)
        annotated = annotated_layers(document)
        entity_tags, trigger_tags = (
            # The tag before the first character says it also of a text that has none.
            [OUTSIDE, *tags_of(spans, length, bioes=self._bioes)]
            if layer in annotated
            else [UNANNOTATED] * (length + 1)
            for layer, spans in ((Layer.ENTITIES, entities), (Layer.EVENTS, triggers))
        )
        head = DOCUMENT_START, entity_tags[0], trigger_tags[0], ID + _escaped_name(document.id)
        columns = [document.text, entity_tags[1:], trigger_tags[1:]]
        lines = _lines(head, columns, _breaks(document.text, [*entities, *triggers]))
        self._stream.write("\n".join(lines).encode("utf-8"))

    def close(self) -> None:
        """Nothing stands at the end of the file."""


class Conll2003Writer:
    """Writes the entities of documents to a binary stream, in the columns of CoNLL-2003."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, document: Document) -> None:
        """Writes one document.

        Raises UnwritableError for entities that overlap and for a text without any characters or
        whose entities nobody annotated: these files cannot tell it from one without entities.
        """
        if Layer.ENTITIES not in annotated_layers(document) or not document.text:
            raise UnwritableError(
                "no text with entities annotated, which a CoNLL-2003 file is made of",
                "leave it out, or take the format conll",
            )
        entities = _entities(document)
        tags = tags_of(entities, len(document.text), bioes=False)
        nothing = [_NO_COLUMN] * len(tags)
        columns = [document.text, nothing, nothing, tags]
        # In just these words spacy convert knows where documents part.
        head = DOCUMENT_START, _NO_COLUMN, OUTSIDE, OUTSIDE
        lines = _lines(head, columns, _breaks(document.text, entities))
        self._stream.write("\n".join(lines).encode("utf-8"))

    def close(self) -> None:
        """Nothing stands at the end of the file."""


def _lines(head: Sequence[str], columns: Sequence[Sequence[str]], breaks: set[int]) -> list[str]:
    """The lines of one document, of whose columns the first is its text."""
    lines = [" ".join(head), ""]
    for position, (character, *tags) in enumerate(zip(*columns, strict=True)):
        if position in breaks:
            lines.append("")
        lines.append(" ".join((_escaped(character), *tags)))
    return [*lines, "", ""]


def unescaped(text: str) -> str:
    """What an escape stands for, or each escape in a name."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def left_out(document: Document) -> Iterator[str]:
    """Names each thing of a document that a CoNLL file cannot hold."""
    yield from ["quantities"] * len(document.quantities)
    for entity in document.entities:
        if entity.id or entity.canonical:
            yield "entity ids and names"
        if entity.score != 1:
            yield "scores"
    seen = set()
    for event in document.events:
        if (event.start, event.end, event.type) in seen:
            yield "repeated events"
        seen.add((event.start, event.end, event.type))
        if event.modality != "asserted":
            yield "modalities"
        if event.score != 1:
            yield "scores"
        yield from ["arguments"] * len(event.arguments)
    for name, value in (
        ("titles", document.title),
        ("publication times", document.published),
        ("sources", document.source),
        ("metadata", document.metadata),
        ("model names", document.model),
        ("content hashes", document.content_hash),
    ):
        if value:
            yield name


def left_out_of_2003(document: Document) -> Iterator[str]:
    """Names each thing of a document that a file in the columns of CoNLL-2003 cannot hold."""
    yield from left_out(replace(document, events=[]))
    yield from ["events"] * len(document.events)
    if document.id:
        yield "ids"


def _escaped_name(name: str) -> str:
    """A label or an id as a column can hold it."""
    return _TO_ESCAPE_IN_NAME.sub(lambda match: _escape(match[0]), name)


def _escaped(character: str) -> str:
    return _escape(character) if _TO_ESCAPE.match(character) else character


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}"


def _entities(document: Document) -> list[TaggedSpan]:
    return [
        TaggedSpan(each.start, each.end, _escaped_name(each.label)) for each in document.entities
    ]


def _triggers(document: Document) -> list[TaggedSpan]:
    types: dict[Place, dict[str, None]] = {}
    for event in document.events:
        types.setdefault((event.start, event.end), {})[_escaped_name(event.type)] = None
    return [TaggedSpan(*place, TYPES_ARE_PARTED_BY.join(names)) for place, names in types.items()]


def _breaks(text: str, spans: list[TaggedSpan]) -> set[int]:
    """Where a sentence begins, but for the first and for those that a span runs into."""
    starts = {start for start, _ in split_sentences(text)[1:]}
    for span in spans:
        starts.difference_update(range(span.start + 1, span.end))
    return starts
