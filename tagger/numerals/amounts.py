"""Numbers with their units: money, coins, per cent, measures, counts, durations, bare numbers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tagger.document import Quantity
from tagger.numerals.bare import is_bare_number, is_money_by_context
from tagger.numerals.durations import read_duration
from tagger.numerals.qualifiers import apply_effects
from tagger.numerals.readings import Reading, product, read_one, read_second
from tagger.numerals.surroundings import (
    Left,
    denominator_before,
    find_sign,
    look_left,
    look_right,
)
from tagger.numerals.units import Unit

# Below this a bare number in a sentence about money is mostly a count or a score.
_LARGE = 10_000
_FEN = Decimal("0.01")


def read_amount(
    text: str,
    start: int,
    floor: int,
    reference: datetime | None,
    currency: str | None,
) -> Quantity | None:
    """The quantity whose number begins at ``start`` of a folded text, or None.

    ``floor`` is where the quantity before ends: no qualifier or sign is looked for before it.
    ``currency`` is what 元 means and what a bare number is then counted in.
    """
    first = read_one(text, start)
    if first is None:
        return None
    second = read_second(text, first)
    last = second or first
    if last.unit is None:
        if first.numeral.style == "chinese" and not _is_bare(text, first, last):
            return None
    elif last.unit.kind == "duration":
        return _duration(text, first, last, last.unit, floor, reference)
    return _amount(text, first, last, floor, currency)


def _duration(
    text: str, first: Reading, last: Reading, unit: Unit, floor: int, reference: datetime | None
) -> Quantity:
    low = first.value if last is not first else None
    numeral = last.numeral._replace(vague=last.vague)
    quantity = read_duration(
        text, first.start, numeral, last.unit_text, unit, last.end, low, floor, reference
    )
    before = look_left(text, quantity.start, floor)
    quantity.start = before.start
    quantity.end, after = look_right(text, quantity.end)
    if "approximate" in before.effects or "approximate" in after:
        quantity.approximate = True
    return quantity


def _amount(
    text: str, first: Reading, last: Reading, floor: int, currency: str | None
) -> Quantity | None:
    before = look_left(text, first.start, floor)
    measured = last.unit is not None or bool(first.numeral.scale) or last is not first
    sign = find_sign(text, first.start, first.end, before.start, floor, measured)
    if sign.is_name:
        return None
    if sign.negative:
        first.value = -first.value
        if sign.start < before.start:
            before = look_left(text, sign.start, floor)
    if "negative" in before.effects:
        first.value = -first.value
        if last is not first:
            last.value = -last.value
    if before.currency is not None and not _take_currency(first, last, *before.currency):
        before = Left(first.start, [], None)
    label, symbol = _label(text, first, last, currency)
    start, end = before.start, last.end
    after: list[str] = []
    if label == "CARDINAL":
        if not _is_bare(text, first, last):
            return None
        start = sign.start if sign.negative else first.start
    else:
        end, after = look_right(text, end)
    quantity = Quantity(
        start, end, "", label, unit=symbol, unit_text=last.unit_text or None, per=last.per
    )
    if last is first:
        quantity.value = first.value
    else:
        quantity.low, quantity.high = sorted((first.value, last.value))
    if label == "MONEY" and quantity.per is None:
        quantity.per = denominator_before(text, start, floor)
    if first.vague or last.vague:
        quantity.approximate = True
    apply_effects(quantity, before.effects + first.effects + after)
    return quantity


def _is_bare(text: str, first: Reading, last: Reading) -> bool:
    return is_bare_number(text, first.start, last.end, first.numeral)


def _take_currency(first: Reading, last: Reading, word: str, currency: Unit) -> bool:
    """Gives a number the currency that stands before it; whether the two go together.

    In 人民币5万元 the unit after agrees, in 港币5万元 the word before says whose 元, in 港币30分
    a counting word turns out to be the small coin.
    """
    unit = last.unit
    if unit is None:
        last.unit, last.unit_text = currency, word
        factor = currency.factor
    elif unit.kind == "count" and last.unit_text == "分":
        last.unit, factor = currency, _FEN
    elif unit.kind == "money":
        if unit.plain and currency.symbol != unit.symbol:
            last.unit, last.unit_text = Unit("money", currency.symbol), word
        return True
    else:
        return False
    first.value = product(first.value, factor)
    if last is not first:
        last.value = product(last.value, factor)
    return True


def _label(
    text: str, first: Reading, last: Reading, currency: str | None
) -> tuple[str, str | None]:
    unit = last.unit
    if unit is None:
        scaled = last.numeral.scale or first.numeral.style == "chinese"
        if currency is not None and first.numeral.style != "fraction":
            return "MONEY", currency
        large = abs(Fraction(last.value)) >= _LARGE
        if scaled and large and is_money_by_context(text, first.start, last.end):
            return "MONEY", "CNY"
        return "CARDINAL", None
    if unit.kind in ("money", "token"):
        return "MONEY", currency if unit.plain and currency else unit.symbol
    if unit.kind == "percent":
        return "PERCENT", unit.symbol
    return "QUANTITY", unit.symbol
