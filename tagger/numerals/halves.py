"""Durations and counts whose number is 半, 几 or 数: 半年, 几个月, 数天, 几家."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tagger.document import Quantity
from tagger.numerals.durations import read_duration
from tagger.numerals.number import Numeral
from tagger.numerals.units import unit_at


def read_half(text: str, start: int, floor: int, reference: datetime | None) -> Quantity | None:
    """半, 几 or 数 right before a unit of time, 几 before a counting word."""
    found = unit_at(text, start + 1)
    if found is None:
        return None
    word, unit = found
    end = start + 1 + len(word)
    if unit.kind == "duration":
        half = text[start] == "半"
        numeral = Numeral(start, start + 1, Fraction(1, 2), False, "chinese", 0) if half else None
        return read_duration(text, start, numeral, word, unit, end, None, floor, reference)
    if text[start] == "几" and unit.kind == "count" and unit.alone:
        return Quantity(
            start,
            end,
            "",
            "QUANTITY",
            value=Decimal(1),
            unit=unit.symbol,
            unit_text=word,
            approximate=True,
        )
    return None
