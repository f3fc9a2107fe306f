"""Growth by doubling (翻番, 翻两番), in percent of what was there before."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tagger.document import Quantity
from tagger.numerals.tables import Words, rows


class Multiple(NamedTuple):
    """A row of ``multiples.tsv``."""

    percent: Decimal
    stops: str


def read_multiple(text: str, start: int) -> Quantity | None:
    """The doubling that begins at ``start``: PERCENT 100 for 翻番."""
    found = multiples().at(text, start)
    if found is None:
        return None
    word, multiple = found
    end = start + len(word)
    following = text[end : end + 1]
    if following and following in multiple.stops:
        return None
    return Quantity(start, end, "", "PERCENT", multiple.percent, "%", word)


@lru_cache(maxsize=1)
def multiples() -> Words[Multiple]:
    """The words of ``multiples.tsv``."""
    return Words(
        (row["text"], Multiple(Decimal(row["percent"]), row["stops"]))
        for row in rows("multiples.tsv")
    )
