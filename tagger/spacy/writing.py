"""A document written into a spaCy doc, from which ``tagger.spacy.reading`` reads it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from tagger.document import Argument, Document, Entity, Event, Quantity, Word
from tagger.spacy.reading import GROUPS, USER_DATA, place, shared_vocab, stored_data
from tagger.spacy.tokens import cut_tokens, retokenize
from tagger.text import well_formed
from tagger.words import Segmenter
from tagger.writers.jsonl import encode_line


def to_spacy(document: Document, vocab: Vocab | None = None) -> Doc:
    """The document as a doc of the same text; :func:`tagger.spacy.to_document` reads it back.

    Tokens are the document's words, or jieba's for one that no tagger has seen, cut wherever a
    span begins or ends. ``vocab`` is that of the pipeline that the doc is for; None takes one of
    blank Chinese that all such docs share. As in every output, values of ``metadata`` that JSON
    does not know become text, and lone surrogates, which UTF-8 cannot hold, question marks.
    Raises ValueError for entities that overlap.
    """
    words = _words(document)
    tokens, spaces = cut_tokens(well_formed(document.text), _edges(document, words))
    doc = Doc(shared_vocab() if vocab is None else vocab, words=tokens, spaces=spaces)
    annotate(doc, document, words)
    return doc


def annotate(doc: Doc, document: Document, words: Sequence[Word]) -> None:
    """Writes what was found in a document into a doc of the same text, in place.

    The tokens become ``words``; without any they are only split to fit the spans. Entities that
    stood in ``doc.ents`` before stay where none of the document's overlaps them. Raises
    ValueError for entities that overlap, and if tokens that would change are annotated.
    """
    _check_entities_are_flat(document.entities)
    others = _other_entities(doc, document)
    edges = _edges(document, words) | {edge for each in others for edge in each[:2]}
    retokenize(doc, edges, merge=bool(words), groups=doc.spans.keys() - set(GROUPS))
    stored = _storable(document)
    entities = [
        _Place(each.start, each.end, each.label, each.id or "") for each in document.entities
    ]
    places = {
        "quantities": [_Place(each.start, each.end, each.label) for each in document.quantities],
        "events": [
            _Place(each.start, each.end, each.type, span_id=str(index))
            for index, each in enumerate(document.events)
        ],
        "arguments": [
            _Place(each.start, each.end, each.role, _identifier(document, each), str(index))
            for index, event in enumerate(document.events)
            for each in event.arguments
        ],
    }
    # A layer that the JSON leaves out is not annotated: in spaCy its spans are missing, not none.
    outside = "outside" if "entities" in stored else "missing"
    doc.set_ents(_spans(doc, entities + others), default=outside)
    for name in GROUPS:
        doc.spans.pop(name, None)
        if ("events" if name == "arguments" else name) in stored:
            doc.spans[name] = _spans(doc, places[name])
    doc.user_data[USER_DATA] = stored


class _Place(NamedTuple):
    start: int
    end: int
    label: str
    kb_id: str = ""
    span_id: str = ""


def _other_entities(doc: Doc, document: Document) -> list[_Place]:
    """Entities that something else put into the doc, as far as the document's leave them room."""
    text = doc.text
    own = {
        (*place(text, each["start"], each["end"]), each["label"])
        for each in stored_data(doc).get("entities", ())
    }
    return [
        _Place(each.start_char, each.end_char, each.label_, each.kb_id_, each.ent_id_)
        for each in doc.ents
        if (each.start_char, each.end_char, each.label_) not in own
        and not any(
            each.start_char < entity.end and entity.start < each.end_char
            for entity in document.entities
        )
    ]


def _spans(doc: Doc, places: Iterable[_Place]) -> list[Span]:
    """The spans of the doc at these places; white space alone makes none."""
    spans, text = [], doc.text
    for each in places:
        start, end = place(text, each.start, each.end)
        if start < end:
            spans.append(doc.char_span(start, end, each.label, each.kb_id, span_id=each.span_id))
    return spans


def _identifier(document: Document, argument: Argument) -> str:
    return "" if argument.entity is None else document.entities[argument.entity].id or ""


def _storable(document: Document) -> dict[str, Any]:
    """The JSON shape without any text of the document, in values that msgpack can write."""
    data = document.to_dict()
    if document.metadata:
        data["metadata"] = encode_line(document.metadata).decode().rstrip("\n")
    del data["text"]
    stored: dict[str, Any] = _without_texts(data)
    return stored


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_texts(each) for name, each in value.items() if name != "text"}
    if isinstance(value, list):
        return [_without_texts(each) for each in value]
    return well_formed(value) if isinstance(value, str) else value


def _edges(document: Document, words: Iterable[Word]) -> set[int]:
    spans: list[Word | Entity | Quantity | Event | Argument] = [*words, *document.entities]
    spans += [*document.quantities, *document.events]
    spans += [argument for event in document.events for argument in event.arguments]
    return {edge for each in spans for edge in (each.start, each.end)}


def _words(document: Document) -> Sequence[Word]:
    try:
        return document.words
    except ValueError:
        return _plain_segmenter()(document)


@cache
def _plain_segmenter() -> Segmenter:
    return Segmenter()


def _check_entities_are_flat(entities: Iterable[Entity]) -> None:
    for one, other in pairwise(sorted(entities, key=lambda each: (each.start, each.end))):
        if other.start < one.end:
            raise ValueError(
                f"the entities {one.text!r} at [{one.start}, {one.end}) and {other.text!r} at "
                f"[{other.start}, {other.end}) overlap, which doc.ents cannot hold; leave one out"
            )
