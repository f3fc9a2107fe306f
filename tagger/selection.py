"""Narrows what comes out: by label and by score."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import compress, count

from tagger.document import Argument, Document


@dataclass(frozen=True)
class Selection:
    """The labels to keep (None: all) and the least score of entities, events and arguments."""

    labels: frozenset[str] | None = None
    min_score: float = 0.0

    @classmethod
    def of(
        cls, labels: Collection[str] | None, min_score: float, known: Collection[str]
    ) -> Selection:
        """A checked selection. Raises ValueError for an unknown label or a score outside 0 to 1."""
        if not 0 <= min_score <= 1:
            raise ValueError(f"min_score={min_score} is no probability; give one from 0 to 1")
        for label in labels or ():
            if label not in known:
                raise ValueError(f"unknown label {label!r}; the labels are {', '.join(known)}")
        return cls(None if labels is None else frozenset(labels), min_score)

    def apply(self, document: Document) -> None:
        """Drops spans in place; arguments keep naming what they named, as long as it stays."""
        if self.labels is None and self.min_score == 0:
            return
        entities = _new_indexes(
            self._keeps(entity.label) and entity.score >= self.min_score
            for entity in document.entities
        )
        quantities = _new_indexes(self._keeps(quantity.label) for quantity in document.quantities)
        document.entities = [document.entities[old] for old in entities]
        document.quantities = [document.quantities[old] for old in quantities]
        document.events = [
            event
            for event in document.events
            if self._keeps(event.type) and event.score >= self.min_score
        ]
        for event in document.events:
            event.arguments = [
                _renumbered(argument, entities, quantities)
                for argument in event.arguments
                if argument.score >= self.min_score
            ]

    def _keeps(self, label: str) -> bool:
        return self.labels is None or label in self.labels


def _new_indexes(kept: Iterable[bool]) -> dict[int, int]:
    """The index now of each that is kept, by the index that it had."""
    return {old: new for new, old in enumerate(compress(count(), kept))}


def _renumbered(
    argument: Argument, entities: dict[int, int], quantities: dict[int, int]
) -> Argument:
    entity = None if argument.entity is None else entities.get(argument.entity)
    quantity = None if argument.quantity is None else quantities.get(argument.quantity)
    return replace(argument, entity=entity, quantity=quantity)
