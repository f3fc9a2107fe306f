"""Tables that the page can sort: each cell carries its rank, so that the page reads no values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tagger.document import Quantity


@dataclass(slots=True)
class Column:
    """What a column shows in each row, as HTML, and the keys that the rows are sorted by.

    A row whose key is None stays last. ``style`` is a class of its cells.
    """

    name: str
    style: str
    cells: Sequence[str]
    keys: Sequence[Any | None]


def sortable_table(
    columns: Sequence[Column],
    attributes: Sequence[str],
    below: Sequence[str] | None = None,
    style: str = "",
) -> str:
    """A table with a ``<tbody>`` for each row, which has the given attributes.

    A column without anything in it is left out. ``below`` is HTML that stands under each row, as
    wide as the table. With the style ``cards`` each row is a card on a narrow screen, where
    every cell says its column.
    """
    filled = [column for column in columns if any(column.cells)]
    ranked = [(column, _ranks(column.keys)) for column in filled]
    head = "".join(
        f'<th scope="col" class="{column.style}"><button type="button">{column.name}</button></th>'
        for column in filled
    )
    named = "cards" in style.split()
    bodies = []
    for row, attribute in enumerate(attributes):
        cells = "".join(_cell(column, ranks[row], row, named) for column, ranks in ranked)
        more = (
            f'<tr><td class="below" colspan="{len(filled)}">{below[row]}</td></tr>' if below else ""
        )
        bodies.append(f"<tbody{attribute}><tr>{cells}</tr>{more}</tbody>\n")
    return (
        f'<table class="sortable {style}"><thead><tr>{head}</tr></thead>\n{"".join(bodies)}'
        "</table>\n"
    )


def figure_key(quantity: Quantity) -> tuple[str, Fraction] | None:
    """What numbers are sorted by: within each unit, as no rate of exchange is known here."""
    number = quantity.value if quantity.value is not None else quantity.low
    if number is None or not math.isfinite(number):
        return None
    return quantity.unit or quantity.unit_text or "", Fraction(number)


def _cell(column: Column, rank: int | None, row: int, named: bool) -> str:
    name = f' data-column="{column.name}"' if named else ""
    place = f' data-rank="{rank}"' if rank is not None else ""
    return f'<td class="{column.style}"{name}{place}>{column.cells[row]}</td>'


def _ranks(keys: Sequence[Any | None]) -> list[int | None]:
    """The place of every key in ascending order; equal keys share theirs, None has none."""
    distinct = sorted({key for key in keys if key is not None})
    places = {key: place for place, key in enumerate(distinct)}
    return [None if key is None else places[key] for key in keys]
