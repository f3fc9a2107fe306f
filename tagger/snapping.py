"""Role spans moved to the entities and quantities that they mean."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from tagger.decoding import RoleSpan
from tagger.document import Argument, Document, Entity, Quantity

_NAMED_ROLES = frozenset({"subject", "object", "location", "destination"})
_LABELS_OF = {
    "date": frozenset({"DATE", "TIME"}),
    "amount": frozenset({"MONEY"}),
    # Coins and tokens are labelled MONEY and yet counted: 512个比特币.
    "quantity": frozenset({"QUANTITY", "CARDINAL", "MONEY"}),
    "ratio": frozenset({"PERCENT"}),
    "object": frozenset({"QUANTITY", "MONEY"}),
}
_PUNCTUATION = re.compile(r"[\W_]*")
# What may stand between a name and the end of its span: a code in brackets, but no word.
_NO_WORD = re.compile(r"[\W\da-zA-Z]*")


class Snapper:
    """Makes arguments of role spans; knows the entities and quantities of one document by place."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._entities = _Layer(document.entities)
        self._quantities = _Layer(document.quantities)

    def __call__(self, span: RoleSpan) -> Argument:
        """The argument, on the span of the entity or quantity that agrees with it, else as it is.

        Where one contains the other, dates and figures go to the quantity of a fitting label,
        and names to the entity unless the words after it make it another thing (甲公司子公司).
        An object is moved over punctuation only.
        """
        entity = self._entity(span) if span.role in _NAMED_ROLES else None
        quantity = self._quantity(span) if entity is None else None
        start, end = span.start, span.end
        if entity is not None:
            start, end = self._entities.place(entity)
        elif quantity is not None:
            start, end = self._quantities.place(quantity)
        return Argument(
            span.role, start, end, self._text[start:end], round(span.score, 4), entity, quantity
        )

    def _entity(self, span: RoleSpan) -> int | None:
        touching = self._entities.touching(span)
        # In the training annotations an argument is never a mere part of a name.
        around = self._entities.around(span, touching)
        if around is not None:
            return around
        if span.role == "object":
            return self._bare(span, self._entities, touching)
        names = [index for index in touching if self._entities.label(index) != "TICKER"]
        if len(names) != 1:
            return None
        start, end = self._entities.place(names[0])
        ends_it = span.start <= start and _NO_WORD.fullmatch(self._text[end : span.end])
        return names[0] if ends_it and end <= span.end else None

    def _quantity(self, span: RoleSpan) -> int | None:
        labels = _LABELS_OF.get(span.role, frozenset())
        touching = [
            index
            for index in self._quantities.touching(span)
            if self._quantities.label(index) in labels
        ]
        if span.role == "object":
            return self._bare(span, self._quantities, touching)
        around = self._quantities.around(span, touching)
        if around is not None or len(touching) != 1:
            return around
        start, end = self._quantities.place(touching[0])
        return touching[0] if span.start <= start and end <= span.end else None

    def _bare(self, span: RoleSpan, layer: _Layer, touching: list[int]) -> int | None:
        """The one member that fills the span but for punctuation."""
        if len(touching) != 1:
            return None
        start, end = layer.place(touching[0])
        edges = self._text[span.start : start], self._text[end : span.end]
        inside = span.start <= start and end <= span.end
        return touching[0] if inside and all(map(_PUNCTUATION.fullmatch, edges)) else None


class _Layer:
    """Spans that do not overlap, found by place; a member is named by its index."""

    def __init__(self, spans: Sequence[Entity | Quantity]) -> None:
        self._spans = spans
        self._order = sorted(range(len(spans)), key=lambda index: spans[index].start)
        self._ends = [spans[index].end for index in self._order]

    def place(self, index: int) -> tuple[int, int]:
        return self._spans[index].start, self._spans[index].end

    def label(self, index: int) -> str:
        return self._spans[index].label

    def touching(self, span: RoleSpan) -> list[int]:
        found = []
        for place in range(bisect_right(self._ends, span.start), len(self._order)):
            index = self._order[place]
            if self._spans[index].start >= span.end:
                break
            found.append(index)
        return found

    def around(self, span: RoleSpan, candidates: list[int]) -> int | None:
        """The candidate that contains the span."""
        for index in candidates:
            start, end = self.place(index)
            if start <= span.start and span.end <= end:
                return index
        return None
