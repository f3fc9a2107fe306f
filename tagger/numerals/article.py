"""What a whole text says about its numbers: whose 元 it speaks of, the units of its tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from tagger.numerals.table_heads import TableHead, table_heads
from tagger.numerals.tables import rows


@dataclass(slots=True)
class Article:
    """A folded text with what holds for all of it.

    ``reference`` is the moment that dates are seen from, ``currency`` the caller's ISO 4217 code
    for 元 and bare numbers, or None.
    """

    text: str
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

    def head_over(self, position: int) -> TableHead | None:
        """The table head whose unit holds at ``position``."""
        index = bisect_right(self.heads, position, key=lambda head: head.start) - 1
        if index < 0 or not self.heads[index].figures <= position < self.heads[index].end:
            return None
        return self.heads[index]


def _yuan_of(text: str) -> str:
    """HKD where the text shows a Hong Kong listing and nothing of the mainland, else CNY."""
    hong_kong, mainland = _yuan_signs()
    if hong_kong.search(text) is None or mainland.search(text) is not None:
        return "CNY"
    return "HKD"


@lru_cache(maxsize=1)
def _yuan_signs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    signs: dict[str, list[str]] = {"HKD": [], "CNY": []}
    for row in rows("yuan_signs.tsv"):
        signs[row["code"]].append(re.escape(row["text"]))
    hong_kong, mainland = (re.compile("|".join(signs[code])) for code in ("HKD", "CNY"))
    return hong_kong, mainland
