"""Label Studio's JSON: tasks with predictions on the way out, with annotations on the way back.

A span is a region of one of four label controls (``entities``, ``quantities``, ``events`` and, for
fillers that are no names and no figures, ``arguments``), a role a relation from the trigger to what
fills it, and an event's modality a choice on its region. Offsets count UTF-16 code units, half
open. Spans go out as a prediction with the model's name and their scores; the prediction's own
score, by which Label Studio orders tasks, is that of its least certain span.

Everything comes back: scores, ids, values, groups, and the document's id, title, date and metadata
lie in the task's data under ``tagger``. Read is the JSON export (JSON-MIN leaves the roles out): a
task's annotation, or its prediction where nobody has annotated it. Of several annotations that
differ one must be marked as ground truth. Results of other controls go to ``metadata`` under
``label_studio``.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from tagger.annotation.code_units import CodeUnits
from tagger.annotation.graph import Graph, Node, graph_of
from tagger.annotation.label_studio_config import MODALITY, TEXT, LabellingConfig
from tagger.annotation.originals import KEY, original_record
from tagger.document import Document
from tagger.writers.jsonl import encode_line

_NO_MODEL = "none"


class LabelStudioWriter:
    """Writes an array of tasks to a binary stream, and collects the interface that shows them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._config = LabellingConfig()
        self._before_task = b"[\n"

    def write(self, document: Document) -> None:
        """Adds one task."""
        graph = graph_of(document)
        task = {
            "data": {TEXT: document.text, KEY: original_record(document)},
            "predictions": [_prediction(document, graph)],
        }
        line = encode_line(task).rstrip(b"\n")
        self._config.add(graph)
        self._stream.write(self._before_task + line)
        self._before_task = b",\n"

    def close(self) -> None:
        """Ends the array."""
        self._stream.write(b"\n]\n" if self._before_task == b",\n" else b"[]\n")

    def labelling_config(self) -> str:
        """The XML of a labelling interface for the tasks written so far."""
        return self._config.to_xml()


def _prediction(document: Document, graph: Graph) -> dict[str, Any]:
    scores = [each.score for each in document.entities]
    scores += [each.score for each in document.events]
    prediction: dict[str, Any] = {"model_version": document.model or _NO_MODEL}
    if scores:
        prediction["score"] = min(scores)
    return prediction | {"result": _result(document, graph)}


def _result(document: Document, graph: Graph) -> list[dict[str, Any]]:
    units = CodeUnits(document.text)
    scores: list[float | None] = [each.score for each in document.entities]
    scores += [None] * len(document.quantities)
    scores += [each.score for each in document.events]
    result = []
    for index, node in enumerate(graph.nodes):
        region = _region(graph, index, node, units)
        labels = {"labels": [node.label]}
        label: dict[str, Any] = region | {"from_name": node.layer, "type": "labels"}
        label["value"] = region["value"] | labels
        if index < len(scores) and scores[index] is not None:
            label["score"] = scores[index]
        result.append(label)
        if node.modality is not None:
            choice = {"from_name": MODALITY, "type": "choices"}
            value = region["value"] | {"choices": [node.modality]}
            result.append(region | choice | {"value": value})
    result += [
        {
            "type": "relation",
            "from_id": _region_id(edge.event),
            "to_id": _region_id(edge.filler),
            "direction": "right",
            "labels": [edge.role],
        }
        for edge in graph.edges or ()
    ]
    return result


def _region(graph: Graph, index: int, node: Node, units: CodeUnits) -> dict[str, Any]:
    return {
        "id": _region_id(index),
        "to_name": TEXT,
        "value": {
            "start": units.from_points(node.start),
            "end": units.from_points(node.end),
            "text": graph.span_text(node),
        },
    }


def _region_id(index: int) -> str:
    return f"span-{index}"
