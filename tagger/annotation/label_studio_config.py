"""The labelling interface of a Label Studio project: its controls and their labels, as XML."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from tagger.annotation.graph import Graph
from tagger.annotation.labels import FILLER, Layer
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, MODALITIES, QUANTITY_LABELS, ROLES

TEXT = "text"
MODALITY = "modality"

_CHINESE = {**ENTITY_LABELS, **QUANTITY_LABELS, **EVENT_TYPES, **MODALITIES, FILLER: "论元"}
_COLOURS = {
    Layer.ENTITIES: "#2f6fdb",
    Layer.QUANTITIES: "#8a6d1a",
    Layer.EVENTS: "#c0392b",
    Layer.FILLERS: "#7f8c8d",
}


class LabellingConfig:
    """Collects the labels and roles of the documents that a project gets, beside the schema's."""

    def __init__(self) -> None:
        # Dictionaries for their order: the schema's first, then the others as they come.
        self._labels: dict[Layer, dict[str, None]] = {
            Layer.ENTITIES: dict.fromkeys(ENTITY_LABELS),
            Layer.QUANTITIES: dict.fromkeys(QUANTITY_LABELS),
            Layer.EVENTS: dict.fromkeys(EVENT_TYPES),
            Layer.FILLERS: {FILLER: None},
        }
        self._roles = dict.fromkeys(ROLES)

    def add(self, graph: Graph) -> None:
        """Adds the labels and roles of one document."""
        for node in graph.nodes:
            self._labels[node.layer][node.label] = None
        self._roles |= dict.fromkeys(edge.role for edge in graph.edges or ())

    def to_xml(self) -> str:
        """The text for Settings > Labeling Interface > Code."""
        view = ElementTree.Element("View")
        for layer, labels in self._labels.items():
            control = ElementTree.SubElement(view, "Labels", name=layer, toName=TEXT)
            _add_named(control, "Label", labels, background=_COLOURS[layer])
        # A region's borders may stand anywhere: Chinese has no spaces between words.
        ElementTree.SubElement(view, "Text", name=TEXT, value=f"${TEXT}", granularity="symbol")
        choices = ElementTree.SubElement(view, "Choices", name=MODALITY, toName=TEXT)
        choices.attrib |= {
            "perRegion": "true",
            "visibleWhen": "region-selected",
            "whenTagName": Layer.EVENTS,
            "choice": "single",
        }
        _add_named(choices, "Choice", MODALITIES)
        _add_named(ElementTree.SubElement(view, "Relations"), "Relation", self._roles)
        ElementTree.indent(view)
        return ElementTree.tostring(view, encoding="unicode") + "\n"


def _add_named(
    parent: ElementTree.Element, tag: str, names: Iterable[str], **attributes: str
) -> None:
    for name in names:
        hint = _CHINESE.get(name)
        named = {"value": name} | ({"hint": hint} if hint else {}) | attributes
        ElementTree.SubElement(parent, tag, named)
