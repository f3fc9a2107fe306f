"""Table heads that set the unit of the figures under them: 单位：万元."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tagger.numerals.chinese_numbers import scale_power
from tagger.numerals.units import Unit, currencies_before, unit_at

_HEAD = re.compile(r"单位[:：] ?")
_SCALE = re.compile(r"[十百千万亿]{1,3}")
_PER = re.compile(r"/ ?(?P<per>[\u4e00-\u9fff]{1,3}|[A-Za-z]+)")
# What may follow the unit: the bracket, cell or line ends, or a remark begins.
_AFTER = re.compile(r"[ ()（）\]】|,，;；\n]|币种|单位|$")
# A sentence under a table ends it.
_PROSE = re.compile(r"[。！？]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ROW_NUMBER = re.compile(r"\d{1,3}")
# What a row says of its own figures: 基本每股收益（元/股） 0.98.
_ROW_UNIT = re.compile(r"[(（](?P<unit>[^()（）\n]{1,12})[)）]")
_PER_SHARE, _YUAN_PER_SHARE, _SHARE = "每股", "元/股", "股"
# Between a figure and the name of the next row, where rows stand in one line: 0.98 净利润 500.
_NEXT_ROW = re.compile(r"(?<=[\d%—–-])[)）]?[ |\n]{1,8}(?=[\u4e00-\u9fff])")
# How many characters of indentation a row number may have before it.
_INDENT = 8
# The longest unit with its scale and denominator, in characters, and one more.
_LONGEST = 24


class TableHead(NamedTuple):
    """Figures in ``[figures, end)`` are counted in ``unit`` times ten to ``power``.

    ``start`` is where the head begins, ``written`` the unit as it says it, ``per`` the denominator
    of a price.
    """

    start: int
    figures: int
    end: int
    unit: Unit
    power: int
    written: str
    per: str | None


def table_heads(text: str) -> list[TableHead]:
    """The heads in order; each holds up to the next one or to the next sentence's end."""
    if "单位" not in text:
        return []
    heads = []
    matches = list(_HEAD.finditer(text))
    for index, match in enumerate(matches):
        start = match.end()
        head = unit_of_head(text[start : start + _LONGEST])
        if head is None:
            continue
        end = start + len(head.written)
        limit = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        prose = _PROSE.search(text, end, limit)
        stop = prose.start() if prose is not None else limit
        heads.append(head._replace(start=match.start(), end=stop, figures=end))
    return heads


def is_figure(written: str, before: str) -> bool:
    """Whether a bare number is a figure of a table and no year or row number.

    ``before`` is what stands before it in its line.
    """
    if _YEAR.fullmatch(written):
        return False
    opens_line = not before.strip(" |") and len(before) < _INDENT
    return not (opens_line and _ROW_NUMBER.fullmatch(written))


def in_row(head: TableHead | None, row: str) -> TableHead | None:
    """The head as it holds for the figure behind ``row``, what stands before it in its line.

    A row may give itself a unit (股本（万股）, 毛利率（%）), and what a share has is told in 元.
    Without any of these and without a ``head`` a figure has no unit.
    """
    row = _NEXT_ROW.split(row)[-1]
    named = [unit_of_head(match["unit"]) for match in _ROW_UNIT.finditer(row)]
    own = next((each for each in reversed(named) if each is not None), None)
    if own is None and head is not None and _PER_SHARE in row:
        own = unit_of_head(_YUAN_PER_SHARE)
    if own is None:
        return head
    unit = own.unit
    if head is not None and unit.plain and head.unit.kind == "money" and not head.unit.plain:
        unit = unit._replace(symbol=head.unit.symbol, plain=False)
    per = own.per
    if per is None and unit.kind == "money" and _PER_SHARE in row:
        per = _SHARE
    return own._replace(unit=unit, per=per)


@lru_cache(maxsize=256)
def unit_of_head(written: str) -> TableHead | None:
    """The unit with which the text after 单位： begins, not yet placed in the text."""
    position = 0
    currency = currencies_before().at(written, 0)
    if currency is not None:
        position = len(currency[0])
    power = 0
    found = unit_at(written, position)
    scale = _SCALE.match(written, position)
    if found is None and scale is not None:
        power, position = scale_power(scale[0]), scale.end()
        found = unit_at(written, position)
    if found is not None:
        unit = found[1]
        end = position + len(found[0])
        if currency is not None and unit.plain:
            unit = unit._replace(symbol=currency[1].symbol, plain=False)
    elif currency is not None and not power:
        unit, end = currency[1], position
    else:
        return None
    per = _PER.match(written, end)
    if per is not None:
        end = per.end()
    # Whoever mixes units (万股、万元) sets none.
    if unit.kind == "duration" or _AFTER.match(written, end) is None:
        return None
    return TableHead(0, 0, 0, unit, power, written[:end], per["per"] if per else None)
