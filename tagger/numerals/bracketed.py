"""Numbers and units in brackets: accountants' negatives, (1,234)万元, and heads, 金额（万元）."""

from __future__ import annotations

import re

from tagger.numerals.article import Article
from tagger.numerals.chinese_numbers import scale_power
from tagger.numerals.exact import EXACT, product
from tagger.numerals.readings import Reading
from tagger.numerals.units import unit_at

CLOSING = ")）"
_OPENING = "(（"
_SCALE = re.compile(r"[千百]?[万亿]{1,2}|千")
_UNIT_SAID = ("单位：", "单位:", "单位： ", "单位: ")
_SCALES = frozenset("百千万亿")
_FIGURE = re.compile(r"\d{1,3}(?:[,，]\d{3}){1,5}(?:\.\d{1,8})?|\d{1,12}\.\d{1,8}|[1-9]\d{1,2}")
# Without a scale behind it a shorter one, brackets included, numbers a paragraph or a row: (12).
_SHORTEST = 5
# What ends a cell, with the spaces beside it.
_BORDERS = "|\n"
_PADDING = 8


def read_bracketed(article: Article, reading: Reading, floor: int) -> None:
    """Makes a bare number in brackets negative, in place, where accounts would write it so.

    The brackets are its sign and lie in its span, as does the unit behind them.
    """
    text, start, end = article.text, reading.start - 1, reading.end + 1
    if start < floor or text[start] not in _OPENING or end > len(text):
        return
    if _FIGURE.fullmatch(text, start + 1, end - 1) is None:
        return
    scale = _SCALE.match(text, end)
    place = scale.end() if scale else end
    found = unit_at(text, place)
    long = end - start >= _SHORTEST
    if found is not None and found[1].kind in ("money", "percent") and (scale or long):
        word, unit = found
        factor = EXACT.scaleb(unit.factor, scale_power(scale[0]) if scale else 0)
        reading.value = product(reading.value, factor)
        reading.unit, reading.unit_text = unit, word
        end = place + len(word)
    elif not (long and (article.head_over(start) or _fills_cell(text, start, end))):
        return
    reading.start, reading.end, reading.value = start, end, -reading.value


def is_unit_alone(text: str, reading: Reading, start: int, end: int) -> bool:
    """Whether a unit stands alone, as in 金额（万元） and 单位：万吨、%, and no amount does.

    ``[start, end)`` is what would be the amount's span.
    """
    numeral = text[reading.numeral.start : reading.numeral.end]
    if not start or reading.unit is None or not _SCALES.issuperset(numeral):
        return False
    enclosed = text[start - 1] in _OPENING and text[end : end + 1] in tuple(CLOSING)
    return enclosed or text.endswith(_UNIT_SAID, 0, start)


def _fills_cell(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _PADDING) : start].rstrip(" ")[-1:]
    after = text[end : end + _PADDING].lstrip(" ")[:1]
    return before in _BORDERS and after in _BORDERS and before + after != ""
