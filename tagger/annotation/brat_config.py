"""brat's ``annotation.conf``: which labels, event types and roles an annotator may use."""

from __future__ import annotations

from collections.abc import Iterable

from tagger.annotation.graph import Graph
from tagger.annotation.labels import FILLER, Layer, label_name
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, MODALITIES, QUANTITY_LABELS, ROLES

MODALITY = "modality"


class BratConfig:
    """Collects the labels and roles of the documents in a collection, beside the schema's."""

    def __init__(self) -> None:
        # Dictionaries for their order: the schema's first, then the others as they come.
        self._labels = dict.fromkeys((*ENTITY_LABELS, *QUANTITY_LABELS, FILLER))
        self._types = dict.fromkeys(EVENT_TYPES)
        self._roles = dict.fromkeys(ROLES)

    def add(self, graph: Graph) -> None:
        """Adds the labels and roles of one document."""
        for node in graph.nodes:
            names = self._types if node.layer == Layer.EVENTS else self._labels
            names[label_name(node.layer, node.label)] = None
        self._roles |= dict.fromkeys(edge.role for edge in graph.edges or ())

    def to_text(self) -> str:
        """The text of the file."""
        # Every role of every event may be filled any number of times, by anything.
        roles = ", ".join(f"{role}*:<ANY>" for role in self._roles)
        return "\n".join(
            (
                *_section("entities", self._labels),
                *_section("relations", ()),
                *_section("events", (f"{name}\t{roles}" for name in self._types)),
                *_section(
                    "attributes", (f"{MODALITY}\tArg:<EVENT>, Value:{'|'.join(MODALITIES)}",)
                ),
            )
        )


def _section(name: str, lines: Iterable[str]) -> tuple[str, ...]:
    return (f"[{name}]", *lines, "")
