"""From the parts of a date as it is written to the half-open interval that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tagger.numerals.holidays import Holiday, holiday_in

# A month without a year lies in the article's year unless that is further ahead than this.
_MONTHS_AHEAD = 6
# A day without a month lies in the article's month unless that is further ahead than this.
_DAYS_AHEAD = 14
# A weekday alone is the nearest one; the past is preferred beyond this many days ahead.
_WEEKDAYS_AHEAD = 2


@dataclass(slots=True)
class When:
    """The parts of one point or period as written; None is what the text does not say.

    A ``*_shift`` counts from the article's date (去年 is ``year_shift`` -1). ``months`` and
    ``days`` are (first, how many) within the year or month, ``days`` with 0 to the month's end.
    ``hours`` are a part of the day. ``open`` marks what only the surrounding text could resolve.
    """

    year: int | None = None
    year_shift: int | None = None
    years: int = 1
    months: tuple[int, int] | None = None
    month: int | None = None
    month_shift: int | None = None
    quarter_shift: int | None = None
    days: tuple[int, int] | None = None
    day: int | None = None
    day_shift: int | None = None
    week_shift: int | None = None
    weekday: tuple[int, int] | None = None
    holiday: Holiday | None = None
    lunar: bool = False
    hours: tuple[int, int] | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    zone: str | None = None
    grain: str = ""
    open: bool = False


class Interval(NamedTuple):
    """[start, end) with its grain; start and end are None where they cannot be known."""

    start: datetime | None
    end: datetime | None
    grain: str


def resolve(when: When, reference: datetime | None) -> Interval:
    """The interval that ``when`` names, seen from ``reference``.

    Without a reference only full dates resolve. Times carry the reference's zone, or the zone
    that the text names, or none. What is no date of the calendar (2月30日) stays open.
    """
    grain = _grain(when)
    if when.open:
        return Interval(None, None, grain)
    try:
        days = _days(when, reference.date() if reference else None)
        if days is None:
            return Interval(None, None, grain)
        start, end = _clock(when, *days)
        if when.zone is not None:
            zone: tzinfo = ZoneInfo(when.zone)
            return Interval(start.replace(tzinfo=zone), end.replace(tzinfo=zone), grain)
    except (ValueError, OverflowError):
        return Interval(None, None, grain)
    if reference is not None and reference.tzinfo is not None:
        start, end = start.replace(tzinfo=reference.tzinfo), end.replace(tzinfo=reference.tzinfo)
    return Interval(start, end, grain)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (_month_start(year, month + 2) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def _grain(when: When) -> str:
    if when.second is not None:
        return "second"
    if when.minute is not None:
        return "minute"
    if when.hour is not None:
        return "hour"
    if when.hours is not None:
        return "daypart"
    if when.grain:
        return when.grain
    if when.day is not None or when.day_shift is not None or when.holiday is not None:
        return "day"
    if when.weekday is not None:
        return "day"
    if when.week_shift is not None:
        return "week"
    if when.month is not None or when.month_shift is not None:
        return "month"
    if when.quarter_shift is not None:
        return "quarter"
    return "year"


def _days(when: When, today: date | None) -> tuple[date, date] | None:
    year = when.year
    if year is None and when.year_shift is not None:
        if today is None:
            return None
        year = today.year + when.year_shift
    if when.holiday is not None:
        return _holiday(when.holiday, year, today)
    if when.day_shift is not None:
        return None if today is None else _span(today + timedelta(when.day_shift))
    if when.weekday is not None or when.week_shift is not None:
        return None if today is None else _week(when, today)
    if when.quarter_shift is not None:
        if today is None:
            return None
        first = (today.month - 1) // 3 * 3 + 1 + 3 * when.quarter_shift
        return _month_start(today.year, first), _month_start(today.year, first + 3)
    if when.month_shift is not None and today is not None:
        shifted = add_months(today.replace(day=1), when.month_shift)
        return _in_month(when, shifted.year, shifted.month)
    if when.month is not None or (when.day is not None and when.months is None):
        return _month_and_day(when, year, today)
    if when.months is not None:
        if year is None:
            if today is None:
                return None
            year = _year_of_part(when, today)
        first, count = when.months
        return _month_start(year, first), _month_start(year, first + count)
    if when.days is not None and today is not None:
        return _in_month(when, today.year, today.month)
    if year is None:
        on_clock = when.hour is not None or when.hours is not None
        return _span(today) if on_clock and today is not None else None
    return date(year, 1, 1), date(year + when.years, 1, 1)


def _month_and_day(when: When, year: int | None, today: date | None) -> tuple[date, date] | None:
    month = when.month
    if month is None:
        if today is None or when.day is None:
            return None
        base = today.replace(day=1)
        if when.day > today.day + _DAYS_AHEAD:
            base = add_months(base, -1)
        return _in_month(when, base.year, base.month)
    if year is None:
        if today is None:
            return None
        year = _nearest_year(today, month)
    if when.lunar:
        return holiday_in(Holiday("lunar", month, when.day or 1, 1), year)
    return _in_month(when, year, month)


def _nearest_year(today: date, month: int) -> int:
    if month - today.month > _MONTHS_AHEAD:
        return today.year - 1
    if today.month - month > 9:
        return today.year + 1
    return today.year


def _year_of_part(when: When, today: date) -> int:
    """Quarters and halves are the nearest ones; 年底 and 全年 are this year's, past January."""
    assert when.months is not None
    first, count = when.months
    if when.grain in ("month", "year") and today.month > 1:
        return today.year
    return _nearest_year(today, first + count - 1)


def _in_month(when: When, year: int, month: int) -> tuple[date, date]:
    start = _month_start(year, month)
    if when.day is not None:
        return _span(start.replace(day=when.day))
    if when.days is not None:
        first, count = when.days
        begin = start.replace(day=first)
        return begin, begin + timedelta(count) if count else _month_start(year, month + 1)
    return start, _month_start(year, month + 1)


def _week(when: When, today: date) -> tuple[date, date]:
    monday = today - timedelta(today.weekday())
    if when.weekday is None:
        start = monday + timedelta(7 * (when.week_shift or 0))
        return start, start + timedelta(7)
    weekday, count = when.weekday
    start = monday + timedelta(7 * (when.week_shift or 0) + weekday - 1)
    if when.week_shift is None and (start - today).days > _WEEKDAYS_AHEAD:
        start -= timedelta(7)
    return start, start + timedelta(count)


def _holiday(holiday: Holiday, year: int | None, today: date | None) -> tuple[date, date] | None:
    if year is not None:
        return holiday_in(holiday, year)
    if today is None:
        return None
    found = [holiday_in(holiday, today.year + shift) for shift in (-1, 0, 1)]
    known = [each for each in found if each is not None]
    return min(known, key=lambda days: abs((days[0] - today).days), default=None)


def _clock(when: When, first: date, last: date) -> tuple[datetime, datetime]:
    start = datetime(first.year, first.month, first.day)
    if when.hour is not None:
        moment = start + timedelta(
            hours=when.hour, minutes=when.minute or 0, seconds=when.second or 0
        )
        if when.second is not None:
            return moment, moment + timedelta(seconds=1)
        return moment, moment + timedelta(minutes=1 if when.minute is not None else 60)
    if when.hours is not None:
        return start + timedelta(hours=when.hours[0]), start + timedelta(hours=when.hours[1])
    return start, datetime(last.year, last.month, last.day)


def _month_start(year: int, month: int) -> date:
    """The first of a month that may lie outside 1 to 12 and then counts into the years around."""
    years, index = divmod(month - 1, 12)
    return date(year + years, index + 1, 1)


def _span(day: date) -> tuple[date, date]:
    return day, day + timedelta(1)
