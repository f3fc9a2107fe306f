"""Label Studio's JSON export to documents; see :mod:`tagger.annotation.label_studio`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tagger.annotation.code_units import CodeUnits
from tagger.annotation.graph import Edge, Graph, Node, Place
from tagger.annotation.label_studio_config import MODALITY, TEXT
from tagger.annotation.labels import FILLER, Layer, Scheme
from tagger.annotation.originals import KEY, read_original
from tagger.annotation.records import read_records, text_of
from tagger.annotation.restoring import document_of
from tagger.document import Document
from tagger.readers.errors import ReadError, Unreadable
from tagger.schema import MODALITIES

Result = Sequence[Mapping[str, Any]]


def read_label_studio(path: Path, scheme: Scheme) -> Iterator[Document | ReadError]:
    """The documents of an export, one a task."""
    return read_records(path, partial(_document, scheme))


def _document(scheme: Scheme, task: Mapping[str, Any], id: str) -> Document:
    data = task.get("data")
    if not isinstance(data, Mapping):
        raise Unreadable(
            "no task of Label Studio: it has no 'data'",
            "export the project as JSON (JSON-MIN leaves the roles out)",
        )
    text = text_of(data, TEXT)
    original = read_original(data[KEY], text) if data.get(KEY) else None
    try:
        readings = [_Reading(text, scheme, result) for result in _results(task)]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(
            f"no annotation of Label Studio ({type(error).__name__}: {error})",
            "export the project again as JSON, or mend the task",
        ) from error
    documents = [document_of(each.graph(), original, scheme.layers) for each in readings]
    document = documents[0]
    if any(each != document for each in documents[1:]):
        raise Unreadable(
            f"{len(documents)} annotations that differ", "mark one of them as the ground truth"
        )
    if original is None:
        document.id = str(task.get("id", id))
        document.metadata = {name: value for name, value in data.items() if name != TEXT}
    if readings[0].others:
        document.metadata["label_studio"] = readings[0].others
    return document


def _results(task: Mapping[str, Any]) -> list[Result]:
    """The results to read: of the annotations, or of the last prediction if there are none."""
    annotations = task.get("annotations") or ()
    done = [each for each in annotations if not each.get("was_cancelled")]
    if annotations and not done:
        raise Unreadable("every annotator skipped the task", "annotate it, or leave it out")
    if not done:
        done = [each for each in task.get("predictions") or () if isinstance(each, Mapping)][-1:]
    if not done:
        raise Unreadable("nobody has annotated the task yet", "annotate it, or leave it out")
    trusted = [each for each in done if each.get("ground_truth")] or done
    return [each["result"] for each in trusted]


class _Reading:
    """The spans and roles of one result, and in ``others`` what is neither."""

    def __init__(self, text: str, scheme: Scheme, result: Result) -> None:
        self._text = text
        self._units = CodeUnits(text)
        self._scheme = scheme
        self._nodes: list[Node] = []
        self._of_region: dict[str, list[int]] = {}
        self.others: list[Mapping[str, Any]] = []
        modality = {
            each["id"]: each["value"]["choices"][0]
            for each in result
            if each["type"] == "choices" and each["from_name"] == MODALITY
        }
        relations = []
        for each in result:
            if each["type"] == "relation":
                relations.append(each)
            elif "labels" in each["value"]:
                self._add_region(each, modality.get(each["id"]))
            elif each["from_name"] != MODALITY:
                self.others.append(each)
        self._edges = [edge for relation in relations for edge in self._roles(relation)]

    def graph(self) -> Graph:
        """The spans and roles."""
        return Graph(self._text, self._nodes, self._edges)

    def _add_region(self, region: Mapping[str, Any], modality: str | None) -> None:
        place = self._place(region["value"])
        if modality not in (*MODALITIES, None):
            raise Unreadable(
                f"the modality {modality!r} is none of {', '.join(MODALITIES)}", "choose one"
            )
        indexes = self._of_region.setdefault(region["id"], [])
        for name in region["value"]["labels"]:
            layer, label = self._label(region["from_name"], name)
            indexes.append(len(self._nodes))
            told = modality if layer == Layer.EVENTS else None
            self._nodes.append(Node(*place, layer, label, told))

    def _label(self, control: str, name: str) -> tuple[Layer, str]:
        """The layer is that of the control; a control of another project says nothing of it."""
        if control in tuple(Layer):
            return Layer(control), name if control != Layer.FILLERS else FILLER
        return self._scheme.read_label(name)

    def _roles(self, relation: Mapping[str, Any]) -> Iterator[Edge]:
        """The roles of a relation, for every event and filler of the regions at its ends."""
        ends = relation["from_id"], relation["to_id"]
        if relation.get("direction") == "left":
            ends = ends[1], ends[0]
        for region in ends:
            if region not in self._of_region:
                raise Unreadable(
                    f"a relation leads to region {region}, which is not there",
                    "take the relation out",
                )
        if not relation.get("labels"):
            event = self._nodes[self._of_region[ends[0]][0]]
            raise Unreadable(
                f"a relation of {self._text[event.start : event.end]!r} has no role",
                "give the relation a label",
            )
        for role in relation["labels"]:
            for event_index in self._of_region[ends[0]]:
                yield Edge(event_index, self._of_region[ends[1]][0], role)

    def _place(self, value: Mapping[str, Any]) -> Place:
        start, end = value["start"], value["end"]
        if isinstance(start, str) or value.get("startOffset") is not None:
            raise Unreadable(
                "a region of a <HyperText> control, whose offsets are not those of the text",
                "annotate with a <Text> control",
            )
        in_units = self._units.to_points(start), self._units.to_points(end)
        # The labels of some versions count code points.
        for place in (in_units, (start, end)):
            if self._agrees(place, value.get("text")):
                return place
        found = self._text[in_units[0] : in_units[1]]
        raise Unreadable(
            f"the region [{start}, {end}) holds {found!r}, not {value['text']!r}",
            "mark it again; the task's text has changed since",
        )

    def _agrees(self, place: Place, written: str | None) -> bool:
        """Whether a region's text is at its place, however its line breaks are written."""
        found = self._text[place[0] : place[1]]
        return written is None or found == written or _words(found) == _words(written)


def _words(text: str) -> list[str]:
    return text.replace("\\n", "\n").split()
