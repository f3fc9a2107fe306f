"""Columns of a table whose heads say what their figures are counted in: 产量（万吨）, 占比(%)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tagger.numerals.table_heads import TableHead, unit_of_head

_UNIT = re.compile(r"[(（](?P<unit>[^()（）\n]{1,12})[)）]$")
# 占比%, but 25%
_PERCENT = re.compile(r"[^\d\s.(（]%$")
_FIGURE = re.compile(r"[(（]?[-+]?\d[\d,.，]{0,30}%?[)）]?")
_WORD = re.compile("[\u4e00-\u9fff]")
_TAB, _BAR = "\t", "|"
# Between two cells in Markdown.
_SPACED_BAR = " | "
# Longer than any head or name in a cell.
_LONGEST_CELL = 60


class Column(NamedTuple):
    """A cell ``[start, end)`` under a head that gives a unit."""

    start: int
    end: int
    head: TableHead


def is_row(line: str) -> bool:
    """Whether a line of the text as given is a row of cells, parted by tabs or bars."""
    return _TAB in line or _SPACED_BAR in line or line.lstrip().startswith(_BAR)


def table_columns(folded: str, given: str) -> list[Column]:
    """The cells of all tables that stand under a unit, in order.

    A head holds for the rows below it that have as many cells, up to the next head or the end of
    the table.
    """
    columns: list[Column] = []
    heads: dict[int, dict[int, TableHead]] = {}
    start = 0
    for line in given.split("\n"):
        end = start + len(line)
        if is_row(line):
            cells = list(_cells(folded, given, start, end))
            named = {
                index: head for index, cell in enumerate(cells) if (head := _unit(cell, index))
            }
            if named or _names_columns(cells):
                heads[len(cells)] = named
            else:
                units = heads.get(len(cells), {})
                for index, head in units.items():
                    columns.append(Column(cells[index].start, cells[index].end, head))
        elif not line.strip() or "。" in line:
            heads = {}
        start = end + 1
    return columns


class _Cell(NamedTuple):
    start: int
    end: int
    text: str


def _cells(folded: str, given: str, start: int, end: int) -> Iterator[_Cell]:
    """The cells of a row; the bars around it part none."""
    separator = _TAB if given.find(_TAB, start, end) >= 0 else _BAR
    place = start
    for written in given[start:end].split(separator):
        stop = place + len(written)
        outside = separator == _BAR and not written.strip() and (place == start or stop == end)
        if not outside:
            yield _Cell(place, stop, folded[place:stop].strip())
        place = stop + 1


def _unit(cell: _Cell, index: int) -> TableHead | None:
    """The unit that the head of a column gives; the first cell names the row and not a column."""
    if not index or len(cell.text) > _LONGEST_CELL:
        return None
    match = _UNIT.search(cell.text)
    if match is not None and _WORD.search(cell.text, 0, match.start()) is not None:
        return unit_of_head(match["unit"])
    return unit_of_head("%") if _PERCENT.search(cell.text) is not None else None


def _names_columns(cells: list[_Cell]) -> bool:
    """Whether a row without figures heads columns: 客户 | 2023年 | 2022年."""
    figures = any(_FIGURE.fullmatch(cell.text) for cell in cells[1:])
    return not figures and any(_WORD.search(cell.text) for cell in cells[1:])
