"""What a whole text says about its numbers: whose 元 it speaks of, the units of its tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from tagger.numerals.table_columns import Column, is_row, table_columns
from tagger.numerals.table_heads import TableHead, in_row, table_heads
from tagger.numerals.tables import rows
from tagger.text import is_traditional

_MAINLAND, _HONG_KONG = "CNY", "HKD"
# A code of Hong Kong in brackets says whose 元 a share's price is counted in. Beside what a
# company builds or borrows it does not: that is as often counted in the mainland's.
_CODE = re.compile(r"[(（]0\d{4}[)）]")
_PRICE = re.compile("股价|目标价|每股作价")

# How far before a figure its row may begin, in characters.
_LONGEST_ROW = 160


@dataclass(slots=True)
class Article:
    """A folded text with what holds for all of it; ``given`` is the text before it was folded.

    ``reference`` is the moment that dates are seen from, ``currency`` the caller's ISO 4217 code
    for 元 and bare numbers, or None.
    """

    text: str
    given: str
    reference: datetime | None
    currency: str | None
    heads: list[TableHead] = field(init=False)
    has_tables: bool = field(init=False)
    _yuan: str | None = None
    _columns: list[Column] | None = None

    def __post_init__(self) -> None:
        self.heads = table_heads(self.text)
        self.has_tables = bool(self.heads) or "\t" in self.given or "|" in self.given

    @property
    def yuan(self) -> str:
        """What a 元 that does not say whose it is counts."""
        if self._yuan is None:
            self._yuan = self.currency or _yuan_of(self.text, self.given)
        return self._yuan

    def row_before(self, position: int) -> str:
        """What stands before ``position`` in its line, cells behind tabs included."""
        first = max(0, position - _LONGEST_ROW)
        return self.text[max(first, self.given.rfind("\n", first, position) + 1) : position]

    def unit_of_figure(self, position: int) -> TableHead | None:
        """What the table around a figure at ``position`` counts it in.

        A column in per cent (增减（%）) stands above the row, the row above other columns, and
        these above the table's head.
        """
        column = self._column_of(position)
        if column is not None and column.unit.kind == "percent":
            return column
        row = self.row_before(position)
        head = self.head_over(position)
        if head is None and not is_row(self._line_around(position)):
            return None
        return in_row(column or head, row)

    def _column_of(self, position: int) -> TableHead | None:
        if self._columns is None:
            self._columns = table_columns(self.text, self.given)
        index = bisect_right(self._columns, position, key=lambda column: column.start) - 1
        if index < 0 or position >= self._columns[index].end:
            return None
        return self._columns[index].head

    def _line_around(self, position: int) -> str:
        """What stands around ``position`` in its line, as far as a row reaches."""
        first, last = max(0, position - _LONGEST_ROW), position + _LONGEST_ROW
        before = self.given.rfind("\n", first, position) + 1
        after = self.given.find("\n", position, last)
        return self.given[max(first, before) : after if after >= 0 else last]

    def head_over(self, position: int) -> TableHead | None:
        """The table head whose unit holds at ``position``."""
        index = bisect_right(self.heads, position, key=lambda head: head.start) - 1
        if index < 0 or not self.heads[index].figures <= position < self.heads[index].end:
            return None
        return self.heads[index]


def _yuan_of(text: str, given: str) -> str:
    """The currency whose signs the text shows, where it shows none of the mainland; else CNY."""
    shown = _shown(text, "yuan_signs.tsv")
    if not shown and _CODE.search(text) and _PRICE.search(text):
        return _HONG_KONG
    if not shown and is_traditional(given):
        shown = _shown(text, "yuan_signs_traditional.tsv")
    if not shown or _MAINLAND in shown:
        return _MAINLAND
    return max(shown, key=shown.__getitem__)


def _shown(text: str, table: str) -> dict[str, int]:
    """How many signs of each currency stand in the text."""
    signs = _yuan_signs(table)
    return {code: len(sign.findall(text)) for code, sign in signs.items() if sign.search(text)}


@cache
def _yuan_signs(table: str) -> dict[str, re.Pattern[str]]:
    """The signs by the currency's code, in the order of the table."""
    signs: dict[str, list[str]] = {}
    for row in rows(table):
        signs.setdefault(row["code"], []).append(re.escape(row["text"]))
    return {code: re.compile("|".join(words)) for code, words in signs.items()}
