"""doccano's JSON lines, in both of its forms for sequence labelling.

With relations (``{"text", "entities": [{"id", "label", "start_offset", "end_offset"}],
"relations": [{"id", "from_id", "to_id", "type"}]}``), a role is a relation from the trigger to what
fills it, and a filler that is no name and no figure has the label ``argument``; the project must
allow relations and overlapping spans. The plain form (``{"text", "label": [[start, end, label]]}``)
has spans only. Offsets count code points, half open.

Everything comes back. The key ``tagger``, which doccano shows as metadata and hands back, holds
what it does not show: scores, ids, values, groups and modality of the spans that stand unchanged,
and the document's id, title, date and metadata. Of the plain form that is true of arguments too.
An event that an annotator adds is asserted, since doccano knows no attributes of spans.

Comments and other keys that doccano adds to a record go to ``metadata``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from tagger.annotation.graph import Edge, Graph, Node, graph_of
from tagger.annotation.labels import Layer, Scheme, label_name
from tagger.annotation.originals import KEY, original_record, read_original
from tagger.annotation.records import read_records, text_of
from tagger.annotation.restoring import document_of
from tagger.document import Document
from tagger.readers.errors import ReadError, Unreadable
from tagger.writers.jsonl import encode_line

# What doccano writes of its own; older versions wrote "labels", "meta" and who approved.
_SPAN_KEYS = ("label", "labels")
_OWN_KEYS = frozenset({"id", "text", "data", "entities", "relations", KEY, *_SPAN_KEYS})


class DoccanoWriter:
    """Writes records with relations, or plain ones, to a binary stream."""

    def __init__(self, stream: BinaryIO, *, relations: bool) -> None:
        self._stream = stream
        self._relations = relations
        self._ids = count(1)

    def write(self, document: Document) -> None:
        """Writes the document as one line."""
        graph = graph_of(document)
        shown = self._related(graph) if self._relations else _plain(graph)
        record = {"text": document.text} | shown | {KEY: original_record(document)}
        self._stream.write(encode_line(record))

    def close(self) -> None:
        """Nothing stands at the end of JSON lines."""

    def _related(self, graph: Graph) -> dict[str, Any]:
        # An id names one span in the whole file, so that no reader has to know where it counts.
        ids = [next(self._ids) for _ in graph.nodes]
        return {
            "entities": [
                {
                    "id": id,
                    "label": label_name(node.layer, node.label),
                    "start_offset": node.start,
                    "end_offset": node.end,
                }
                for id, node in zip(ids, graph.nodes, strict=True)
            ],
            "relations": [
                {
                    "id": next(self._ids),
                    "from_id": ids[edge.event],
                    "to_id": ids[edge.filler],
                    "type": edge.role,
                }
                for edge in graph.edges or ()
            ],
        }


def read_doccano(path: Path, scheme: Scheme) -> Iterator[Document | ReadError]:
    """The documents of a file in either form, told record by record."""
    return read_records(path, partial(_document, scheme))


def _plain(graph: Graph) -> dict[str, Any]:
    return {
        "label": [
            [node.start, node.end, label_name(node.layer, node.label)]
            for node in graph.nodes
            if node.layer != Layer.FILLERS
        ]
    }


def _document(scheme: Scheme, record: Mapping[str, Any], id: str) -> Document:
    text = text_of(record, "text", "data")
    original = read_original(record[KEY], text) if record.get(KEY) else None
    try:
        graph = _graph(text, record, scheme)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(
            f"not a record of doccano ({type(error).__name__}: {error})",
            "export the project as JSONL, or mend the record",
        ) from error
    document = document_of(graph, original, scheme.layers)
    if original is None:
        document.id = str(record.get("id", id))
    document.metadata |= _metadata(record)
    return document


def _graph(text: str, record: Mapping[str, Any], scheme: Scheme) -> Graph:
    if "entities" in record:
        return _related_graph(text, record, scheme)
    spans = next((record[key] for key in _SPAN_KEYS if key in record), None)
    if spans is None:
        raise Unreadable(
            "neither 'entities' nor 'label' in the record", "export the project as JSONL"
        )
    nodes = [Node(start, end, *scheme.read_label(label)) for start, end, label in spans]
    return Graph(text, nodes, edges=None)


def _related_graph(text: str, record: Mapping[str, Any], scheme: Scheme) -> Graph:
    nodes: list[Node] = []
    edges: list[Edge] = []
    index_of: dict[Any, int] = {}
    for span in record["entities"]:
        index_of[span["id"]] = len(nodes)
        layer, label = scheme.read_label(span["label"])
        nodes.append(Node(span["start_offset"], span["end_offset"], layer, label))
    for relation in record.get("relations") or ():
        ends = relation["from_id"], relation["to_id"]
        lost = [end for end in ends if end not in index_of]
        if lost:
            raise Unreadable(
                f"the relation {relation['type']!r} leads to span {lost[0]}, which is not there",
                "take the relation out",
            )
        edges.append(Edge(index_of[ends[0]], index_of[ends[1]], relation["type"]))
    return Graph(text, nodes, edges)


def _metadata(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in record.items()
        if key not in _OWN_KEYS and value not in (None, [], {}, "")
    }
