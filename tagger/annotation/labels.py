"""What the labels of an annotation tool stand for: entities, quantities, events or fillers.

Most tools know one kind of label only. A label of the schema says its layer by itself; any other
is written with its layer in front (``entity-PRODUCT``, ``event-merger``), so that it comes back as
what it was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from tagger.readers.errors import Unreadable
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, QUANTITY_LABELS


class Layer(StrEnum):
    """A kind of spans. A filler fills the role of an event and is no entity and no quantity."""

    ENTITIES = "entities"
    QUANTITIES = "quantities"
    EVENTS = "events"
    FILLERS = "arguments"


LAYERS = (Layer.ENTITIES, Layer.QUANTITIES, Layer.EVENTS)
"""The layers that a document may or may not be annotated with."""

FILLER = "argument"
"""The one label of fillers; what they fill is said by the roles that lead to them."""

_KNOWN: dict[str, Layer] = {
    **dict.fromkeys(ENTITY_LABELS, Layer.ENTITIES),
    **dict.fromkeys(QUANTITY_LABELS, Layer.QUANTITIES),
    **dict.fromkeys(EVENT_TYPES, Layer.EVENTS),
    FILLER: Layer.FILLERS,
}
_PREFIXES = {
    Layer.ENTITIES: "entity-",
    Layer.QUANTITIES: "quantity-",
    Layer.EVENTS: "event-",
    Layer.FILLERS: "argument-",
}


def label_name(layer: Layer, label: str) -> str:
    """The name under which a tool with one kind of labels gets a label of ``layer``."""
    return label if _KNOWN.get(label) == layer else _PREFIXES[layer] + label


@dataclass(frozen=True)
class Scheme:
    """What a caller knows of the annotations in a file that did not come from this project.

    ``entity_labels`` and ``event_types`` are names that the schema does not hold. ``layers`` are
    those that were annotated in every text, so that a text without spans of one counts as having
    none; if it is None, that is what a file of this project says itself, and of any other file
    the entities and whatever else a text holds. Raises ValueError for an unknown layer and for a
    name that is given as both.
    """

    entity_labels: Collection[str] = ()
    event_types: Collection[str] = ()
    layers: Collection[str] | None = None

    def __post_init__(self) -> None:
        for layer in self.layers or ():
            if layer not in LAYERS:
                raise ValueError(f"unknown layer {layer!r}; the layers are {', '.join(LAYERS)}")
        for name in self.entity_labels:
            if name in self.event_types:
                raise ValueError(f"{name!r} is given both as an entity label and as an event type")

    def read_label(self, name: str, unknown: Layer | None = None) -> tuple[Layer, str]:
        """The layer and the label that a tool's label stands for.

        ``unknown`` is the layer of names that nothing is known of. Raises Unreadable for such a
        name where it is None.
        """
        if name in self.event_types:
            return Layer.EVENTS, name
        if name in self.entity_labels:
            return Layer.ENTITIES, name
        if name in _KNOWN:
            return _KNOWN[name], name
        for layer, prefix in _PREFIXES.items():
            if name.startswith(prefix) and name != prefix:
                return layer, name.removeprefix(prefix)
        if unknown is None:
            raise Unreadable(
                f"label {name!r} may be an entity's or an event's",
                "name it with --entity-labels or --event-types, or call it "
                f"entity-{name} or event-{name} in the tool",
            )
        return unknown, name
