"""Repeated times: 每年3月, 每周五, 每季度末, 每天上午9点."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.date_parts import counted_within
from tagger.numerals.dates import read_date
from tagger.numerals.durations import read_duration
from tagger.numerals.number import read_number
from tagger.numerals.tables import Words, rows
from tagger.numerals.units import unit_at
from tagger.numerals.when import When


def read_repeat(text: str, start: int, reference: datetime | None) -> Quantity | None:
    """每 with a period and the part of it that is meant, its step as ``repeat``.

    In a sentence a bare 每年 or 每日 is no quantity in this project's annotation; it is read where
    it stands for itself, as in a list or a cell. 每隔两周 and 每3个月 say their period in figures.
    """
    counted = _counted(text, start, reference)
    if counted is not None:
        return counted
    found = _periods().at(text, start)
    if found is None:
        return None
    word, (period, bare) = found
    end = start + len(word)
    repeat = f"R/{period}"
    for edge in ("末", "初", "底"):
        if text.startswith(edge, end):
            return Quantity(start, end + 1, "", "DATE", grain=_GRAINS[period], repeat=repeat)
    if text.startswith("的", end) and text[end + 1 : end + 2].isdigit():
        # 每年的3月12日
        end += 1
    # 每周五 shares its 周 with the weekday.
    begin = end - 1 if word == "每周" else end
    inner = read_date(text, begin, reference) if begin < len(text) else None
    if inner is not None and inner.start == begin and inner.end > end and inner.grain is not None:
        return Quantity(start, inner.end, "", inner.label, grain=inner.grain, repeat=repeat)
    within = counted_within(text, end, inside := When())
    if within:
        # 每月最后一天, 每年第一周
        grain = inside.grain or None
        return Quantity(start, within, "", "DATE", grain=grain, repeat=repeat)
    if bare or not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
        return Quantity(start, end, "", "DATE", grain=_GRAINS[period], repeat=repeat)
    return None


def _counted(text: str, start: int, reference: datetime | None) -> Quantity | None:
    """每隔两周, 每3个月: a number of units of time after 每."""
    begin = start + (2 if text.startswith("隔", start + 1) else 1)
    numeral = read_number(text, begin) if begin < len(text) else None
    if numeral is None or numeral.style == "fraction" or numeral.vague:
        return None
    found = unit_at(text, numeral.end)
    if found is None or found[1].kind != "duration":
        return None
    word, unit = found
    end = numeral.end + len(word)
    length = read_duration(text, begin, numeral, word, unit, end, None, begin, None)
    if length.duration is None or length.start != begin or length.grain is not None:
        return None
    return Quantity(start, length.end, "", length.label, repeat=f"R/{length.duration}")


_GRAINS = {
    "P1Y": "year",
    "P6M": "half",
    "P3M": "quarter",
    "P1M": "month",
    "P1W": "week",
    "P1D": "day",
}


@lru_cache(maxsize=1)
def _periods() -> Words[tuple[str, bool]]:
    return Words((row["text"], (row["period"], row["bare"] == "1")) for row in rows("repeats.tsv"))
