"""去年同期, 2023年同期: the days of another year that the text named last before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tagger.document import Quantity
from tagger.numerals.date_points import read_point

SAME_PERIOD = "同期"
_PERIODS = frozenset(("month", "quarter", "half", "tenday"))
_DAYS = frozenset(("day", "week"))
_LONGEST = timedelta(366)
# What ends a deadline or the beginning of a period, neither of which is reported on.
_NO_PERIOD = (SAME_PERIOD, "前", "初")
# Before a date: a period that another is compared with (比上月, 较年初, 环比三季度).
COMPARED = ("比", "较")
# A year is compared with one this far back that the text names (2021年, 较2019年同期).
_YEARS_BACK = 3
# Days of the lunar calendar, and how far before them, in characters, it is said that they are.
_LUNAR = ("春节", "春运", "除夕", "正月", "端午", "中秋", "农历")
_REACH = 12
# 上年 is the year before the one spoken of, 去年 the year before the article's.
_BEFORE_NAMED = "上"


def read_same_period(
    text: str, quantity: Quantity, before: Sequence[Quantity], reference: datetime | None
) -> None:
    """Gives 去年同期 the days of the period named last ``before``, in its own year, in place.

    A year is such a period only where it is over, a span of days where it is longer than one.
    Without any the date stays open.
    """
    point = read_point(text, quantity.start)
    if point is None or not point[1].same_period or point[1].back or point[0] != quantity.end:
        return
    when = point[1]
    shift = when.year_shift or 0
    if when.year is not None:
        asked = when.year
    elif when.year_shift is not None and reference is not None:
        asked = reference.year + shift
    else:
        return
    word = text[quantity.start : quantity.end - len(SAME_PERIOD)]
    periods = [each for each in before if _is_period(text, each, reference)]
    named_periods = {(each.start_time, each.grain) for each in periods}
    for each in reversed(periods):
        if each.start_time is None or each.end_time is None:
            continue
        named, year = each.start_time.year, asked
        if each.grain in _DAYS and _is_lunar(text, each):
            return
        own = named == asked or (named < asked and word.startswith(_BEFORE_NAMED))
        # 今年1月10家，去年1月5家: of two such periods the later one is told of.
        later = (_moved(each.start_time, -shift), each.grain)
        if own and shift < 0 and later not in named_periods:
            # News of January tells of last December: what it compares lies a year before that.
            year = named + shift
        if each.grain == "year" and not year <= named <= year + (_YEARS_BACK if shift == 0 else 1):
            continue
        start, end = _moved(each.start_time, year - named), _moved(each.end_time, year - named)
        if start is not None and end is not None:
            quantity.start_time, quantity.end_time = start, end
            quantity.grain = each.grain or "month"
        return


def _is_period(text: str, quantity: Quantity, reference: datetime | None) -> bool:
    """Whether a date before names a period that is reported on and that another year has too."""
    start, end = quantity.start_time, quantity.end_time
    if quantity.label != "DATE" or start is None or end is None or end - start > _LONGEST:
        return False
    if text.endswith(_NO_PERIOD, quantity.start, quantity.end):
        return False
    if text.endswith(COMPARED, 0, quantity.start):
        return False
    if quantity.duration is not None:
        # 截至9月30日止6个月, and no 近6个月.
        return quantity.grain is None
    if quantity.grain in _DAYS:
        return end - start > timedelta(1)
    if quantity.grain != "year":
        return quantity.grain in _PERIODS
    if reference is None:
        return True
    last_day = end.replace(tzinfo=None) - timedelta(1)
    return last_day <= reference.replace(tzinfo=None)


def _is_lunar(text: str, quantity: Quantity) -> bool:
    """Whether days are those of a holiday that another year has on other days."""
    begin = max(0, quantity.start - _REACH)
    return any(text.find(name, begin, quantity.end) >= 0 for name in _LUNAR)


def _moved(moment: datetime, years: int) -> datetime | None:
    """The same day of another year, the 28th for the 29th of February."""
    try:
        day = min(moment.day, 28) if moment.month == 2 else moment.day
        return moment.replace(year=moment.year + years, day=day)
    except ValueError:
        return None
