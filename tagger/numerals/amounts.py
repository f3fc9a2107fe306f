"""Numbers with their units: money, coins, per cent, measures, counts, durations, bare numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tagger.document import Quantity
from tagger.numerals.article import Article
from tagger.numerals.bare import is_bare_number, is_money_by_context
from tagger.numerals.bracketed import CLOSING, is_unit_alone, read_bracketed
from tagger.numerals.durations import read_duration, read_term
from tagger.numerals.exact import EXACT, product
from tagger.numerals.lists import share_list
from tagger.numerals.qualifiers import apply_effects
from tagger.numerals.ratios import RATIO_SIGNS, read_ratio
from tagger.numerals.readings import Reading, read_one, read_second, take_money_letter
from tagger.numerals.surroundings import (
    Left,
    denominator_before,
    find_sign,
    is_payout,
    look_left,
    look_right,
)
from tagger.numerals.table_heads import is_figure
from tagger.numerals.units import Unit

# Below this a bare number in a sentence about money is mostly a count or a score.
_LARGE = 10_000
# The sign in words, which is a part of the number.
_NEGATIVE = "负"
_MULTIPLE = "倍"
_FEN = Decimal("0.01")


def read_amount(article: Article, start: int, floor: int) -> Quantity | None:
    """The quantity whose number begins at ``start`` of a folded text, or None.

    ``floor`` is where the quantity before ends: no qualifier or sign is looked for before it.
    """
    text = article.text
    first = read_one(text, start)
    if first is None:
        return None
    if first.unit is None and text[first.end : first.end + 1] in RATIO_SIGNS:
        ratio = read_ratio(text, first)
        if ratio is not None:
            return ratio
    if first.unit is None and text.startswith("+", first.end):
        term = read_term(text, first.start)
        if term is not None:
            return term
    take_money_letter(text, first, start)
    if first.unit is None and text[first.end : first.end + 1] in CLOSING:
        read_bracketed(article, first, floor)
    second = read_second(text, first)
    last = second or first
    if last.unit is None and second is None:
        share_list(text, first)
    if last.unit is None:
        if first.numeral.style == "chinese" and not _is_bare(text, first, last):
            return None
    elif last.unit.kind == "duration":
        return _duration(text, first, last, last.unit, floor, article.reference)
    return _amount(article, first, last, floor)


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


def _amount(article: Article, first: Reading, last: Reading, floor: int) -> Quantity | None:
    text = article.text
    before = look_left(text, first.start, floor)
    measured = last.unit is not None or bool(first.numeral.scale) or last is not first
    sign = find_sign(text, first.start, first.end, before.start, floor, measured)
    if sign.is_name or (last.unit is not None and _is_model(text, first, last.unit)):
        return None
    if sign.negative:
        first.value = -first.value
        if sign.start < before.start:
            currency = before.currency
            before = look_left(text, sign.start, floor)
            before = before._replace(currency=before.currency or currency)
    if "negative" in before.effects:
        first.value = -first.value
        if last is not first:
            last.value = -last.value
    if before.currency is not None and not _take_currency(first, last, *before.currency):
        before = Left(first.start, (), None)
    bare = last.unit is None
    if bare and article.has_tables and _is_bare(text, first, last):
        _take_head(article, first, last)
    if last.unit is None and is_payout(text, first.start):
        last.unit = Unit("money", article.yuan)
    label, symbol = _label(article, first, last)
    start, end = before.start, last.end
    if is_unit_alone(text, first, start, end):
        return None
    after: Sequence[str] = ()
    if label == "CARDINAL":
        if not _is_bare(text, first, last):
            return None
        start = sign.start if sign.negative else first.start
        if "negative" in before.effects and text.startswith(_NEGATIVE, before.start):
            start = before.start
        _, after = look_right(text, end, bare=True)
    else:
        end, after = look_right(text, end)
    quantity = Quantity(start, end, "", label, None, symbol, last.unit_text or None, last.per)
    if last is first:
        quantity.value = first.value
    else:
        quantity.low, quantity.high = sorted((first.value, last.value))
    if label == "MONEY" and quantity.per is None:
        quantity.per = denominator_before(text, start)
    if first.vague or last.vague:
        quantity.approximate = True
    if before.effects or first.effects or after:
        apply_effects(quantity, (*before.effects, *first.effects, *after))
    return quantity


def _is_model(text: str, first: Reading, unit: Unit) -> bool:
    """G20峰会, HB19株: a letter right before a count makes a name of it; PE20倍 is a multiple."""
    if unit.kind != "count" or unit.symbol == _MULTIPLE or first.numeral.style != "arabic":
        return False
    before = text[first.start - 1 : first.start]
    return before.isascii() and before.isalpha()


def _take_head(article: Article, first: Reading, last: Reading) -> None:
    """Gives a figure of a table the unit that the table says."""
    written = article.text[first.start : last.end]
    if not is_figure(written, article.row_before(first.start)):
        return
    head = article.unit_of_figure(first.start)
    if head is None:
        return
    last.unit, last.unit_text, last.per = head.unit, head.written, head.per
    factor = EXACT.scaleb(head.unit.factor, head.power)
    first.value = product(first.value, factor)
    if last is not first:
        last.value = product(last.value, factor)


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


def _label(article: Article, first: Reading, last: Reading) -> tuple[str, str | None]:
    unit = last.unit
    if unit is None:
        if article.currency is not None and first.numeral.style != "fraction":
            return "MONEY", article.currency
        scaled = last.numeral.scale or first.numeral.style == "chinese"
        large = bool(scaled) and not -_LARGE < last.value < _LARGE
        if large and is_money_by_context(article.text, first.start, last.end):
            return "MONEY", "CNY"
        return "CARDINAL", None
    if unit.kind in ("money", "token"):
        return "MONEY", article.yuan if unit.plain else unit.symbol
    return ("PERCENT" if unit.kind == "percent" else "QUANTITY"), unit.symbol
