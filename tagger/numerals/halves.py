"""What is counted in 半, 几 or 数: 半年, 几个月, 数天, 几家, 半公里, 一半."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tagger.document import Number, Quantity
from tagger.numerals.article import Article
from tagger.numerals.durations import read_duration
from tagger.numerals.exact import product
from tagger.numerals.number import Numeral
from tagger.numerals.qualifiers import apply_effects
from tagger.numerals.surroundings import look_left, look_right
from tagger.numerals.units import unit_at

# 半节, 半度 and the like begin other words.
_SINGLE = frozenset("节度安焦担寸尺丈里码码匹迈坪V°")
# What half of them there are may follow 一半: 一半人, 一半人民币贷款.
_HALVED = ("count", "money", "token")


def read_half(article: Article, start: int, floor: int) -> Quantity | None:
    """半, 几 or 数 right before a unit of time, 几 before a counting word, 半 before a measure.

    一半 is the number one half.
    """
    text = article.text
    if text.startswith("一半", start):
        return _one_half(text, start, floor)
    found = unit_at(text, start + 1)
    if found is None or text.startswith("个亿", start + 1):
        return None
    word, unit = found
    end = start + 1 + len(word)
    if unit.kind == "duration":
        half = text[start] == "半"
        numeral = Numeral(start, start + 1, Fraction(1, 2), False, "chinese", 0) if half else None
        return read_duration(text, start, numeral, word, unit, end, None, floor, article.reference)
    if text[start] == "几" and unit.kind == "count" and unit.alone:
        quantity = _quantity(start, end, "QUANTITY", Decimal(1), unit.symbol, word)
        quantity.approximate = True
        return quantity
    if text[start] == "半" and unit.kind in ("measure", "percent") and word not in _SINGLE:
        value = product(Decimal("0.5"), unit.factor)
        label = "PERCENT" if unit.kind == "percent" else "QUANTITY"
        return _quantity(start, end, label, value, unit.symbol, word)
    return None


def _one_half(text: str, start: int, floor: int) -> Quantity | None:
    """一半 with the effects of the words around it, which stay outside its span."""
    end = start + 2
    found = unit_at(text, end)
    if found is not None and found[1].kind not in _HALVED:
        return None
    quantity = Quantity(start, end, "", "CARDINAL", value=Fraction(1, 2))
    before, (_, after) = look_left(text, start, floor), look_right(text, end)
    apply_effects(quantity, (*before.effects, *after))
    return quantity


def _quantity(
    start: int, end: int, label: str, value: Number, unit: str | None, written: str
) -> Quantity:
    return Quantity(start, end, "", label, value=value, unit=unit, unit_text=written)
