"""Which figures of an article may be one, and which dates: 1.44亿股 and 143,699,358股, 9月1日 and
2020年9月1日."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tagger.document import Number, Quantity
from tagger.text import normalize

if TYPE_CHECKING:
    from tagger.fillers import Filler

# A rounded figure may differ from the exact one by so much.
_ROUNDING = Fraction(1, 20)
# A date without its year: 9月1日, 9月1日晚间, 9月底.
_YEARLESS = re.compile(r"(\d{1,2})月(?:(\d{1,2})[日号])?\D*")
# In dates that say when.
_SAYS_WHEN = re.compile("[0-9〇一二三四五六七八九十半初末底]|[去上前明]年|同期")
# After 周 or 月 they tell another day: 上周, 上周五.
_NUMERALS = "〇零一二三四五六七八九十日天"


def same_figure(one: Quantity | Filler, other: Quantity | Filler, rounded: bool = False) -> bool:
    """Whether two figures or dates may be one: dates that overlap, or would in the year of one
    where that of the other is not known, or of which neither is known and one is told more exactly,
    and ranges and values of one unit, a share or in all, that overlap, where a rounded one is a
    little wider than it says (``rounded`` says that one of them is), or of which one is the other
    in fewer digits (1.44亿股, 143,699,358股). Of 25 such pairs in annotated news 23 are one."""
    times = _interval(one) or _in_year_of(other, one), _interval(other) or _in_year_of(one, other)
    if times[0] and times[1]:
        return times[0][0] < times[1][1] and times[1][0] < times[0][1]
    first, second = _bounds(one), _bounds(other)
    if first is None or second is None:
        return _same_words(one, other)
    if rounded:  # 亏损1.2亿元, 净利润-1.2亿元
        first, second = _magnitude(first), _magnitude(second)
    if (one.unit, one.per) != (other.unit, other.per):
        return False
    slack = Fraction(0)
    if rounded or one.approximate or other.approximate:
        slack = _ROUNDING * max(abs(first[1]), abs(second[1]))
    if first[0] <= second[1] + slack and second[0] <= first[1] + slack:
        return True
    short, full = _value(one), _value(other)
    return short is not None and full is not None and is_shortened(short, full)


def _value(quantity: Quantity | Filler) -> Number | None:
    """The value of a figure that is no bound."""
    return quantity.value if quantity.low is None and quantity.high is None else None


def is_shortened(one: Number, other: Number) -> bool:
    """Whether one of two numbers is the other in fewer digits, of which it has two or more,
    rounded or cut."""
    short, full = sorted((one, other), key=digits)
    if not isinstance(full, Decimal) or digits(short) < 2:
        return False
    return any(
        Context(prec=digits(short), rounding=each).create_decimal(full) == short
        for each in (ROUND_DOWN, ROUND_HALF_UP)
    )


def digits(number: Number) -> int:
    """How many digits a number has before the zeros at its end; 1/3 counts as none."""
    return len(number.normalize().as_tuple().digits) if isinstance(number, Decimal) else 0


def is_one_date(one: Quantity | Filler, other: Quantity | Filler) -> bool:
    """Whether one is the date of the other without its year: 9月1日, 2020年9月1日."""
    return any(
        known.end_time is not None and _in_year_of(known, date) == _interval(known)
        for known, date in ((one, other), (other, one))
    )


def says_when(text: str, date: Quantity | Filler | None) -> bool:
    """Whether a date says when: 2021年 and 三季度 do, and not 近日, 报告期 and 中期."""
    is_known = date is not None and bool(date.start_time or date.end_time)
    return is_known or _SAYS_WHEN.search(normalize(text)) is not None


def is_yearless(text: str) -> bool:
    """Whether a date is told without its year: 9月1日, 9月底."""
    return _YEARLESS.fullmatch(text) is not None


def _interval(date: Quantity | Filler) -> tuple[datetime, datetime] | None:
    """The time of a date that is known at both ends, as read off the clock: 北京时间14时 has a zone
    even in an article that has none."""
    if date.start_time is None or date.end_time is None:
        return None
    return date.start_time.replace(tzinfo=None), date.end_time.replace(tzinfo=None)


def _in_year_of(
    known: Quantity | Filler, date: Quantity | Filler
) -> tuple[datetime, datetime] | None:
    """The day or month of a date without its year, in the year in which a known one begins."""
    if known.start_time is None or date.start_time or date.end_time:
        return None
    told = _YEARLESS.fullmatch(normalize(date.text))
    if told is None:
        return None
    year, month, day = known.start_time.year, int(told[1]), int(told[2] or 1)
    try:
        start = datetime(year, month, day)
    except ValueError:
        return None
    if told[2]:
        return start, start + timedelta(days=1)
    return start, datetime(year + month // 12, month % 12 + 1, 1)


def _same_words(one: Quantity | Filler, other: Quantity | Filler) -> bool:
    """Whether two that have no value are told alike: 2月17日 also like 2月17日晚间 and 17日."""
    shorter, longer = sorted((normalize(one.text), normalize(other.text)), key=len)
    if shorter == longer:
        return True
    unknown = not any((one.start_time, one.end_time, other.start_time, other.end_time))
    if not unknown or (one.label, other.label) != ("DATE", "DATE"):
        return False
    within = rf"(?:\A|月){re.escape(shorter)}(?![\d{_NUMERALS}])"
    return re.search(within, longer) is not None


def _magnitude(bounds: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    low, high = sorted(map(abs, bounds))
    return low, high


def _bounds(quantity: Quantity | Filler) -> tuple[Fraction, Fraction] | None:
    low: Number | None = quantity.value if quantity.value is not None else quantity.low
    high: Number | None = quantity.value if quantity.value is not None else quantity.high
    if low is None or high is None:
        return None
    return Fraction(low), Fraction(high)
