"""Dates and times as quantities: one point or period, or a range of two."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tagger.document import Quantity
from tagger.numerals.calendar import Interval, resolve
from tagger.numerals.chinese_numbers import chinese_value
from tagger.numerals.clock import read_clock
from tagger.numerals.date_followers import follow, has_begun
from tagger.numerals.date_parts import DAY, MONTH, day_after_day
from tagger.numerals.date_points import read_point
from tagger.numerals.date_words import date_vocabulary
from tagger.numerals.date_years import (
    after_year,
    full_year,
    read_year,
    says_how_long,
    year_of_minguo,
)
from tagger.numerals.nearest import year_of_quarter
from tagger.numerals.plain_dates import read_plain_date
from tagger.numerals.when import When

_JOIN = re.compile(r" ?(?:-{1,2}|~|—{1,2}|–|起?至(?!今(?![年日天晚早]))|到)(?:次(?![日月年]))? ?")
_SHARED = re.compile(
    r"(?P<first>(?:19|20)\d\d|\d{1,2}|[一二三四五六七八九十]{1,3}) ?(?:-{1,2}|~|—{1,2}|–|至|到) ?"
    r"(?=(?P<year>(?:19|20)\d\d ?(?:年|财年))|(?P<short>\d\d ?(?:年|财年))"
    rf"|(?:(?P<month>(?:{MONTH}) ?月)|(?P<day>(?:{DAY}) ?[日号])"
    r"|(?P<quarter>[1-4一二三四] ?季度))(?![内以]))"
)
# 2021/22年度, 2022/2023年: years that share the unit of the last.
_SLASHED_YEARS = re.compile(
    r"(?P<first>(?:19|20)\d\d)(?:/(?:(?:19|20)\d\d|\d\d)){0,9}/(?P<last>(?:19|20)\d\d|\d\d) ?"
    r"(?:(?P<fiscal>财年|财政年度)|年度?|榨季)(?!代)"
)
# After a number of years: 10-15年内, 10-15年以上.
_WITHIN = ("内", "以")
_SHORT_YEAR = re.compile(r"(?P<digits>\d\d) ?(?P<unit>年度?|财年)")
_DAY_PARTS = (
    "year",
    "year_shift",
    "month",
    "month_shift",
    "day",
    "day_shift",
    "weekday",
    "week_shift",
    "holiday",
    "back",
)
_CLOCK_GRAINS = ("hour", "minute", "second")


def read_date(
    text: str, start: int, reference: datetime | None, named: datetime | None = None
) -> Quantity | None:
    """The date or time expression that begins at ``start`` of a folded text, or None.

    A range is one expression whose ends share what only one of them says. ``named`` is the date
    that 次日 and 当年 count from; without it they stay open.
    """
    plain = read_plain_date(text, start, reference)
    if plain is not None:
        return plain
    return read_whole_date(text, start, reference, named)


def read_whole_date(
    text: str,
    start: int,
    reference: datetime | None,
    named: datetime | None = None,
    listed: datetime | None = None,
) -> Quantity | None:
    """``read_date`` without its short cut for dates in figures.

    ``listed`` lies in the date before it in a list: 1月20日、21日. From there come the month of a
    bare day and the year of what names none.
    """
    points = _read_points(text, start)
    if points is None:
        return None
    end, first, second = points
    if listed is not None:
        for each in (first, second) if second is not None else (first,):
            _share_listed(each, listed)
    first.zone = first.zone or _zone_before(text, start)
    yearless = first.year is None and first.year_shift is None
    if second is None:
        interval = resolve(first, reference, named)
        begins = interval.start if yearless and _is_in_every_year(first) else None
        if begins is not None and has_begun(text, end, begins, reference):
            first.year = begins.year - 1
            interval = resolve(first, reference, named)
    else:
        first.zone = first.zone or second.zone
        second.zone = second.zone or first.zone
        interval = _range(first, second, reference, named)
    quantity = _quantity(start, end, first, interval)
    if first.fiscal or (second is not None and second.fiscal):
        quantity.approximate = True
    follow(text, quantity, reference, yearless)
    return quantity


def _read_points(text: str, start: int) -> tuple[int, When, When | None] | None:
    """Where the expression at ``start`` ends, its point, and the second one of a range; each of the
    two has what only the other says."""
    slashed = _read_slashed(text, start)
    if slashed is not None:
        return *slashed, None
    shared = _read_shared(text, start)
    if shared is not None:
        end, first = shared
        last = read_point(text, end) or _short_year(text, end, first)
        if last is None:
            return None
        _share_backward(first, last[1])
        return last[0], first, last[1]
    point = read_point(text, start)
    if point is None:
        return None
    end, first = point
    if first.open and first.year is None and first.grain != "day":
        return end, first, None
    joint = _JOIN.match(text, end)
    if joint is None or joint.end() == len(text):
        return end, first, None
    last = _second_point(text, joint.end(), first)
    if last is None or not _continues(first, last[1]):
        return end, first, None
    _share_forward(first, last[1])
    return last[0], first, last[1]


def _read_shared(text: str, start: int) -> tuple[int, When] | None:
    """2021-2023年, 1至2月, 一到三季度: the first end leaves its unit to the second."""
    match = _SHARED.match(text, start)
    if match is None:
        return None
    first = match["first"]
    years = len(first) == 4 and first.isascii()
    when = When()
    if match["short"] and not years:
        return _read_short_years(text, match)
    if years != bool(match["year"] or match["short"]):
        return None
    number = int(first) if first.isascii() else int(chinese_value(first) or 0)
    if years:
        when.year = number
    elif match["month"] and 1 <= number <= 12:
        when.month = number
    elif match["day"] and 1 <= number <= 31:
        when.day = number
    elif match["quarter"] and 1 <= number <= 4:
        when.months, when.grain = (3 * number - 2, 3), "quarter"
    else:
        return None
    return match.end(), when


def _read_short_years(text: str, match: re.Match[str]) -> tuple[int, When] | None:
    """22-24年归母净利润: years where what follows and stands before makes years of both."""
    first, last = match["first"], When()
    if not (first.isascii() and len(first) == 2) or says_how_long(text, match.start()):
        return None
    if text.startswith(_WITHIN, match.end("short")):
        return None
    if read_year(text, match.end(), last) == match.end():
        return None
    year = full_year(first)
    return (match.end(), When(year=year)) if last.year is not None and year < last.year else None


def _read_slashed(text: str, start: int) -> tuple[int, When] | None:
    """2021/22年度: one period from the first year to the last, whose part 2021/22财年一季度 is."""
    match = _SLASHED_YEARS.match(text, start)
    if match is None:
        return None
    first, written = int(match["first"]), match["last"]
    last = int(written) if len(written) == 4 else first // 100 * 100 + int(written)
    if not first < last:
        return None
    when = When(year=last, fiscal=bool(match["fiscal"]))
    end = after_year(text, match.end(), when)
    if end == match.end():
        when.year, when.years = first, last - first + 1
    return end, when


def _short_year(text: str, start: int, first: When) -> tuple[int, When] | None:
    """2022-24年: the second year leaves its century to the first."""
    match = _SHORT_YEAR.match(text, start)
    if match is None or first.year is None:
        return None
    year = first.year // 100 * 100 + int(match["digits"])
    if year <= first.year:
        return None
    return match.end(), When(year=year, fiscal=match["unit"] == "财年")


def _second_point(text: str, start: int, first: When) -> tuple[int, When] | None:
    """The other end of a range; after a clock time a bare 11点 is one too."""
    if first.minguo:
        when = When()
        end = year_of_minguo(text, start, when)
        if end > start:
            return after_year(text, end, when), when
    found = read_point(text, start)
    if found is None and first.day is not None and not first.on_clock:
        return day_after_day(text, start)
    if found is None and first.on_clock:
        when = When()
        end = read_clock(text, start, when, after_date=True)
        return (end, when) if end > start else None
    return found


def _continues(first: When, second: When) -> bool:
    """Whether two points make one range: both on the clock, or both on the calendar."""
    if second.open and not second.grain:
        return False
    if second.on_clock and not first.on_clock and not _on_calendar(second):
        return False
    if first.hour is not None and _on_calendar(second) and not second.on_clock:
        return _on_calendar(first)
    return True


def _on_calendar(when: When) -> bool:
    return when.names_day or when.month is not None or when.year is not None


def _share_forward(first: When, second: When) -> None:
    """The second end takes the year, month and day that only the first says."""
    if second.on_clock and not _on_calendar(second):
        for name in _DAY_PARTS:
            setattr(second, name, getattr(first, name))
        _share_afternoon(first, second)
        return
    dated = (second.year, second.year_shift, second.weekday, second.day_shift, second.holiday)
    if all(part is None for part in dated):
        second.year, second.year_shift = first.year, first.year_shift
        second.back = second.back or first.back
    if second.day is not None and second.month is None and second.month_shift is None:
        second.month, second.month_shift = first.month, first.month_shift
    if _is_part_of_month(second):
        # 5月上旬到下旬
        second.month, second.month_shift = first.month, first.month_shift
    if first.week_shift is not None and second.week_shift is None and second.weekday:
        second.week_shift = first.week_shift
    second.open = second.open or (first.open and second.year is None and not second.grain)


def _share_afternoon(first: When, second: When) -> None:
    """下午2点到4点: both ends are hours of the afternoon; 晚上10点到2点 is not."""
    afternoon = first.hours is not None and first.hours[0] >= 12
    if afternoon and second.hours is None and second.hour is not None and second.hour < 12:
        later = second.hour + 12
        if first.hour is None or (later, second.minute or 0) > (first.hour, first.minute or 0):
            second.hour = later


def _is_in_every_year(when: When) -> bool:
    return when.month is not None or when.months is not None or when.holiday is not None


def _is_bare_day(when: When) -> bool:
    return when.day is not None and when.month is None and when.month_shift is None


def _is_part_of_month(when: When) -> bool:
    return when.days is not None and when.month is None and when.month_shift is None


def _share_backward(first: When, second: When) -> None:
    if first.year is None:
        first.year, first.year_shift, first.back = second.year, second.year_shift, second.back
    if first.day is not None and first.month is None:
        first.month, first.month_shift = second.month, second.month_shift
    if first.month is not None and second.grain == "day":
        first.grain = first.grain or "month"


def _share_listed(when: When, listed: datetime) -> None:
    if when.year is not None or when.year_shift is not None:
        return
    if when.month is not None or when.months is not None:
        when.year = listed.year
    elif when.day is not None and when.month_shift is None:
        when.year, when.month = listed.year, listed.month


def _range(
    first: When, second: When, reference: datetime | None, named: datetime | None
) -> Interval:
    if reference is not None and _are_months_of_a_year(first, second):
        # 1-11月 is told of when it is over, as 前三季度 is.
        first.year = second.year = year_of_quarter(reference, second.month or 0)
    begins = resolve(first, reference, named)
    if begins.start is not None and first.month and _is_without_year(first, second):
        # 8月中旬到9月上旬, 12月20日到1月5日: what is one period does not fall apart.
        second.year = begins.start.year + ((second.month or first.month) < first.month)
    if begins.start is not None and _is_bare_day(first) and _is_bare_day(second):
        # 7日至30日 are of one month, 28日至3日 of two.
        goes_on = (second.day or 0) < (first.day or 0)
        second.year, second.month = begins.start.year, begins.start.month + goes_on
    if begins.start is not None and first.weekday and second.weekday and second.week_shift is None:
        # 周三到周日: the days that follow, up to the next Sunday.
        second.week_shift = 1 if second.weekday[0] < first.weekday[0] else 0
        reference = begins.start
    # 22时至次日2时 counts from its own beginning.
    from_first = second.back and not first.back
    ends = resolve(second, reference, begins.start if from_first else named)
    return _joined(begins, ends)


def _is_without_year(first: When, second: When) -> bool:
    years = (first.year, first.year_shift, second.year, second.year_shift)
    return all(year is None for year in years) and second.month is not None


def _are_months_of_a_year(first: When, second: When) -> bool:
    """Whether a range without its year is of whole months, of which the last comes later."""
    whole = all(each.day is None and each.days is None for each in (first, second))
    return whole and _is_without_year(first, second) and (first.month or 99) < (second.month or 0)


def _joined(first: Interval, last: Interval) -> Interval:
    """From the start of the first to the end of the last, over midnight or new year's where the
    last would otherwise come first. Clock ranges end where their last moment begins: 9:30-11:30."""
    start, end = first.start, last.end
    if start is None or end is None or last.start is None:
        return Interval(None, None, last.grain)
    on_clock = first.grain in (*_CLOCK_GRAINS, "daypart")
    if on_clock and last.grain in _CLOCK_GRAINS:
        end = last.start
    try:
        if end <= start and on_clock:
            end += timedelta(1)
        elif end <= start and first.grain in ("month", "day", "tenday"):
            end = end.replace(year=end.year + 1)
    except (ValueError, OverflowError):
        return Interval(None, None, last.grain)
    return Interval(start, end, last.grain) if start < end else Interval(None, None, last.grain)


def _zone_before(text: str, start: int) -> str | None:
    # Every name of a zone ends in one of these.
    if start == 0 or text[start - 1] not in "间TC":
        return None
    found = date_vocabulary().zones.before(text, start)
    return found[1] if found is not None else None


def _quantity(start: int, end: int, first: When, interval: Interval) -> Quantity:
    begins, ends, grain = interval
    label = "TIME" if first.on_clock and not _on_calendar(first) and not first.open else "DATE"
    return Quantity(start, end, "", label, start_time=begins, end_time=ends, grain=grain or None)
