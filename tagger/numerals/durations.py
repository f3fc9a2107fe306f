"""Durations: 三个月, 近五年, 未来6个月, 24小时, 一年半, with their ISO 8601 form."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tagger.document import Number, Quantity
from tagger.numerals.number import Numeral, read_number
from tagger.numerals.stretches import WORKING, Modifier, modifiers, moved, reach
from tagger.numerals.tables import rows
from tagger.numerals.units import Unit, unit_at

_CALENDAR = re.compile(r"P(?=\d)(?:(?:(\d{1,3})Y)?(?:(\d{1,4})M)?|(\d{1,4})W|(\d{1,5})D)")
# The term of a bond with options to end it: 2+1年, 3+2年期.
_TERM = re.compile(r"\d{1,2}(?:\+\d{1,2}){1,3}年期?")
_LETTERS = "YMWDHTS"
_MORE = "多"
# What half of a unit is, in a unit of ISO 8601 that takes it whole.
_HALVES = {"Y": (6, "M"), "D": (12, "H"), "H": (30, "TM"), "TM": (30, "S")}
_GRAINS = {
    "Y": "year",
    "M": "month",
    "W": "week",
    "D": "day",
    "H": "hour",
    "TM": "minute",
    "S": "second",
}


def read_duration(
    text: str,
    start: int,
    numeral: Numeral | None,
    unit_word: str,
    unit: Unit,
    unit_end: int,
    low: Number | None,
    floor: int,
    reference: datetime | None,
) -> Quantity:
    """The duration whose number (None for 半 and 几) and first unit have been read.

    ``start`` is where its number begins, ``low`` the lower end of a range (3至5年), ``floor`` where
    the quantity before ends.
    """
    parts: list[tuple[Number, str]] = []
    value = numeral.value if numeral is not None else None
    if value is not None:
        if unit_word.startswith("个半") and unit_word != "个半年":
            value = Fraction(value) + Fraction(1, 2)
        parts.append((_times(value, unit.factor), unit.symbol or "D"))
    end = unit_end
    if text.startswith("半", end) and value is not None and not text.startswith("半导", end):
        parts.append((Fraction(unit.factor) / 2, unit.symbol or "D"))
        end += 1
    elif value is not None:
        end = _smaller_units(text, end, unit, parts)
    vague = numeral is None or numeral.vague
    if not vague and text.startswith(_MORE, end) and modifiers()[1].at(text, end + 1) is not None:
        # 三年多来, 一年多前
        end, vague = end + 1, True
    quantity = Quantity(start, end, "", unit.label)
    if value is not None and len(parts) == 1 and low is not None:
        quantity.low, quantity.high, quantity.unit_text = low, value, unit_word
    elif parts and not (numeral is not None and numeral.vague):
        quantity.duration = iso_duration(parts)
    if vague:
        quantity.approximate = True
    if low is None and unit_word in _working_days():
        parts = [(amount, WORKING) for amount, _ in parts]
    _attach(text, quantity, parts if low is None else [], unit, floor, reference)
    if _MORE in unit_word:
        # 三个多月
        quantity.approximate = True
    return quantity


def read_term(text: str, start: int) -> Quantity | None:
    """2+1年 at ``start``. How long it lasts is open."""
    match = _TERM.match(text, start)
    return None if match is None else Quantity(start, match.end(), "", "DATE")


def iso_duration(parts: list[tuple[Number, str]]) -> str:
    """``[(1, "Y"), (6, "M")]`` as ``P1Y6M``; halves go down to the next unit."""
    totals: dict[str, Fraction] = {}
    for amount, letter in parts:
        whole = Fraction(amount)
        if whole.denominator == 2 and letter in _HALVES:
            count, lower = _HALVES[letter]
            totals[lower] = totals.get(lower, Fraction(0)) + count
            whole -= Fraction(1, 2)
        totals[letter] = totals.get(letter, Fraction(0)) + whole
    date_part = "".join(_field(totals, letter) for letter in ("Y", "M", "W", "D"))
    time_part = "".join(_field(totals, letter) for letter in ("H", "TM", "S"))
    if not date_part and not time_part:
        return "P0D" if parts[0][1] in ("Y", "M", "W", "D") else "PT0S"
    return f"P{date_part}" + (f"T{time_part}" if time_part else "")


def time_from(moment: datetime, duration: str, direction: int) -> datetime | None:
    """The moment that lies whole years and months, weeks or days before (-1) or after (1)
    ``moment``.

    None where ``duration`` counts anything else.
    """
    match = _CALENDAR.fullmatch(duration)
    if match is None:
        return None
    years, months, weeks, days = (int(each or 0) for each in match.groups())
    # Months count from day to day, so that a quarter ending with the 31st begins with the 1st.
    parts = [(Decimal(12 * years + months), "M"), (Decimal(7 * weeks + days), "D")]
    return moved(moment, [part for part in parts if part[0]], direction)


def _field(totals: dict[str, Fraction], letter: str) -> str:
    amount = totals.get(letter)
    if not amount:
        return ""
    if amount.denominator == 1:
        return f"{amount.numerator}{letter[-1]}"
    return f"{Decimal(amount.numerator) / Decimal(amount.denominator):f}{letter[-1]}"


def _times(value: Number, factor: Decimal) -> Number:
    return value if factor == 1 else Fraction(value) * Fraction(factor)


def _smaller_units(text: str, end: int, unit: Unit, parts: list[tuple[Number, str]]) -> int:
    """1年6个月, 3小时20分钟."""
    rank = _LETTERS.find((unit.symbol or "D")[0])
    while end < len(text) and text[end] in "0123456789一二两三四五六七八九十":
        numeral = read_number(text, end)
        if numeral is None or numeral.style == "fraction":
            break
        found = unit_at(text, numeral.end)
        if found is None or found[1].kind != "duration":
            if (
                rank == 4
                and text.startswith("分", numeral.end)
                and not text.startswith("分之", numeral.end)
            ):
                parts.append((numeral.value, "TM"))
                return numeral.end + 1
            break
        lower = _LETTERS.find((found[1].symbol or "D")[0])
        if lower <= rank:
            break
        parts.append((_times(numeral.value, found[1].factor), found[1].symbol or "D"))
        rank, end = lower, numeral.end + len(found[0])
    return end


def _attach(
    text: str,
    quantity: Quantity,
    parts: list[tuple[Number, str]],
    unit: Unit,
    floor: int,
    reference: datetime | None,
) -> None:
    """Widens the span by 近, 未来, 来, 前 and finds the stretch or point that they name."""
    before, after = modifiers()
    modifier: Modifier | None = None
    found = before.before(text, quantity.start)
    if found is not None and quantity.start - len(found[0]) >= floor:
        start = quantity.start - len(found[0])
        if not start or text[start - 1] not in found[1].stops:
            quantity.start, modifier = start, found[1]
    found = after.at(text, quantity.end)
    if found is not None and not _is_word(text, quantity.end + len(found[0]), found[1]):
        quantity.end += len(found[0])
        modifier = modifier or found[1]
    if modifier is None:
        return
    quantity.grain = _GRAINS[unit.symbol or "D"]
    if reference is None or not any(amount for amount, _ in parts) or quantity.approximate:
        return
    quantity.start_time, quantity.end_time = reach(reference, parts, modifier)


def _is_word(text: str, end: int, modifier: Modifier) -> bool:
    """后 and 前 that begin another word: 三年后劲, 两年来看."""
    return end < len(text) and text[end] in modifier.stops


@lru_cache(maxsize=1)
def _working_days() -> frozenset[str]:
    return frozenset(row["text"] for row in rows("durations.tsv") if row["working"])
