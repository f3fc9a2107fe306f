"""Repeated times: 每年3月, 每周五, 每季度末, 每天上午9点."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.dates import read_date
from tagger.numerals.tables import Words, rows


def read_repeat(text: str, start: int, reference: datetime | None) -> Quantity | None:
    """每 with a period and the part of it that is meant, its step as ``repeat``.

    A bare 每年 or 每日 is no quantity in this project's annotation and is not read.
    """
    period = _periods().at(text, start)
    if period is None:
        return None
    end = start + len(period[0])
    for edge in ("末", "初", "底"):
        if text.startswith(edge, end):
            return Quantity(
                start, end + 1, "", "DATE", grain=_GRAINS[period[1]], repeat=f"R/{period[1]}"
            )
    # 每周五 shares its 周 with the weekday.
    begin = end - 1 if period[0] == "每周" else end
    if begin >= len(text):
        return None
    inner = read_date(text, begin, reference)
    if inner is None or inner.start != begin or inner.end <= end or inner.grain is None:
        return None
    return Quantity(start, inner.end, "", inner.label, grain=inner.grain, repeat=f"R/{period[1]}")


_GRAINS = {"P1Y": "year", "P3M": "quarter", "P1M": "month", "P1W": "week", "P1D": "day"}


@lru_cache(maxsize=1)
def _periods() -> Words[str]:
    return Words((row["text"], row["period"]) for row in rows("repeats.tsv"))
