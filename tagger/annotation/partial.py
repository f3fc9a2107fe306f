"""Documents of which not every layer is annotated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Any

from tagger.annotation.labels import LAYERS, Layer
from tagger.document import Document


@dataclass
class PartlyAnnotated(Document):
    """A document of which only ``layers`` are annotated.

    The others are left out of its JSON, where an empty list would say that the text has none of
    them, and a model would learn that.
    """

    layers: frozenset[Layer] = field(default=frozenset(LAYERS), kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        record = super().to_dict()
        return {name: value for name, value in record.items() if name not in self._unannotated()}

    def _unannotated(self) -> frozenset[str]:
        return frozenset(LAYERS) - self.layers


def annotated_layers(document: Document) -> frozenset[Layer]:
    """The layers that a document is annotated with: of a plain one, all."""
    return document.layers if isinstance(document, PartlyAnnotated) else frozenset(LAYERS)


def with_layers(document: Document, layers: Collection[str]) -> Document:
    """The document as one of which ``layers``, and those that hold spans, are annotated."""
    annotated = frozenset(layer for layer in LAYERS if layer in layers or getattr(document, layer))
    if annotated == annotated_layers(document):
        return document
    values = {each.name: getattr(document, each.name) for each in fields(Document) if each.init}
    if annotated == frozenset(LAYERS):
        return Document(**values)
    return PartlyAnnotated(**values, layers=annotated)
