"""The tables of an article's entities and quantities."""

from __future__ import annotations

from typing import Any

from tagger.document import Document, Quantity
from tagger.writers.html_markup import escaped, label_name, labelled, row_count
from tagger.writers.html_table import Column, figure_key, sortable_table
from tagger.writers.wording import quantity_value


def entity_table(document: Document, article: str) -> str:
    """The entities, each once, with their ids and the number of their mentions."""
    if not document.entities:
        return ""
    places: dict[tuple[str, str, str], list[int]] = {}
    for each in document.entities:
        key = (each.label, each.canonical or each.text, each.id or "")
        places.setdefault(key, []).append(each.start)
    ordered = sorted(places, key=lambda key: -len(places[key]))
    labels = [label_name(label) for label, _, _ in ordered]
    names = [name for _, name, _ in ordered]
    ids = [identifier for _, _, identifier in ordered]
    times = [len(places[key]) for key in ordered]
    links = [_link(article, places[key][0], name) for key, name in zip(ordered, names, strict=True)]
    columns = (
        Column("名称", "name", links, names),
        Column("类型", "label", list(map(escaped, labels)), labels),
        Column("编号", "id", list(map(escaped, ids)), [each or None for each in ids]),
        Column("次数", "number", list(map(str, times)), times),
    )
    rows = [labelled("e", label) for label, _, _ in ordered]
    count = f"{row_count(len(rows), 'tbody')} · 提及 {len(document.entities)}"
    return _folded("实体", "entities", article, count, sortable_table(columns, rows))


def quantity_table(document: Document, article: str) -> str:
    """The quantities in order, with their values."""
    found = document.quantities
    if not found:
        return ""
    labels = [label_name(each.label) for each in found]
    values = [escaped(quantity_value(each)) for each in found]
    links = [_link(article, each.start, each.text) for each in found]
    columns = (
        Column("原文", "name", links, [each.start for each in found]),
        Column("类型", "label", list(map(escaped, labels)), labels),
        Column("值", "value", values, [_value_key(each) for each in found]),
    )
    rows = [labelled("q", each.label) for each in found]
    count = row_count(len(rows), "tbody")
    return _folded("数值", "quantities", article, count, sortable_table(columns, rows))


def _value_key(quantity: Quantity) -> tuple[Any, ...] | None:
    """Dates first, then numbers, those of each unit by themselves."""
    start = quantity.start_time or quantity.end_time
    if start is not None:
        return (0, start.replace(tzinfo=None))
    figure = figure_key(quantity)
    return None if figure is None else (1, *figure)


def _link(article: str, place: int, text: str) -> str:
    return f'<a href="#{article}p{place}">{escaped(text)}</a>'


def _folded(name: str, english: str, article: str, count: str, table: str) -> str:
    return (
        f'<details class="{english}" id="{article}-{english}">'
        f"<summary>{name} <small>{english} · {count}</small></summary>\n{table}</details>\n"
    )
