"""The filters of the page: a box for every label, by layer, that shows or hides its spans."""

from __future__ import annotations

from collections import Counter

from tagger.document import Document
from tagger.records import Record
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, QUANTITY_LABELS
from tagger.writers.html_markup import escaped, plain_label, swatch_class
from tagger.writers.wording import chinese_name

_LAYERS = (
    ("e", "实体 entities", tuple(ENTITY_LABELS)),
    ("q", "数值 quantities", tuple(QUANTITY_LABELS)),
    ("t", "事件 events", tuple(EVENT_TYPES)),
)


class LabelFilters:
    """Counts the labels of the articles and makes the form that filters by them."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {layer: Counter() for layer, _, _ in _LAYERS}

    def add(self, document: Document, records: list[Record]) -> None:
        """Counts one article."""
        found = {
            "e": [each.label for each in document.entities],
            "q": [each.label for each in document.quantities],
            "t": [each.type for each in records],
        }
        for layer, labels in found.items():
            self._counts[layer].update(map(plain_label, labels))

    def html(self) -> str:
        """The form, hidden until the page's script runs; empty if nothing was found."""
        groups = "".join(
            _group(layer, name, _ordered(self._counts[layer], known))
            for layer, name, known in _LAYERS
            if self._counts[layer]
        )
        if not groups:
            return ""
        return (
            '<details class="filters" open hidden><summary>筛选 <small>filters</small></summary>\n'
            f"{groups}</details>\n"
        )


def _group(layer: str, name: str, counts: list[tuple[str, int]]) -> str:
    chips = "".join(
        f'<label class="chip {swatch_class(layer, label)}" title="{escaped(label)}">'
        f'<input type="checkbox" checked autocomplete="off" data-layer="{layer}" '
        f'data-label="{escaped(label)}"><span class="name">{escaped(chinese_name(label))}</span>'
        f"<small>{count}</small></label>\n"
        for label, count in counts
    )
    return (
        f'<fieldset data-layer="{layer}"><legend>'
        f'<button type="button" title="全选或全不选 all or none">{name}</button></legend>\n'
        f"{chips}</fieldset>\n"
    )


def _ordered(counts: Counter[str], known: tuple[str, ...]) -> list[tuple[str, int]]:
    order = {label: place for place, label in enumerate(known)}
    return sorted(counts.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0]))
