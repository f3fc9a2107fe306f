"""What a whole text says about its numbers: whose 元 it speaks of, the units of its tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from tagger.numerals.table_heads import TableHead, table_heads
from tagger.numerals.tables import rows

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
    _yuan: str | None = None

    def __post_init__(self) -> None:
        self.heads = table_heads(self.text)

    @property
    def yuan(self) -> str:
        """What a 元 that does not say whose it is counts."""
        if self._yuan is None:
            self._yuan = self.currency or _yuan_of(self.text)
        return self._yuan

    def row_before(self, position: int) -> str:
        """What stands before ``position`` in its line, cells behind tabs included."""
        first = max(0, position - _LONGEST_ROW)
        return self.text[max(first, self.given.rfind("\n", first, position) + 1) : position]

    def head_over(self, position: int) -> TableHead | None:
        """The table head whose unit holds at ``position``."""
        index = bisect_right(self.heads, position, key=lambda head: head.start) - 1
        if index < 0 or not self.heads[index].figures <= position < self.heads[index].end:
            return None
        return self.heads[index]


def _yuan_of(text: str) -> str:
    """The currency whose signs the text shows, where it shows none of the mainland; else CNY."""
    signs = _yuan_signs()
    shown = {code: len(sign.findall(text)) for code, sign in signs.items() if sign.search(text)}
    if not shown and _CODE.search(text) and _PRICE.search(text):
        return _HONG_KONG
    if not shown or _MAINLAND in shown:
        return _MAINLAND
    return max(shown, key=shown.__getitem__)


@lru_cache(maxsize=1)
def _yuan_signs() -> dict[str, re.Pattern[str]]:
    """``yuan_signs.tsv`` by the currency's code, in the order of the table."""
    signs: dict[str, list[str]] = {}
    for row in rows("yuan_signs.tsv"):
        signs.setdefault(row["code"], []).append(re.escape(row["text"]))
    return {code: re.compile("|".join(words)) for code, words in signs.items()}
