"""From the parts of a date as it is written to the half-open interval that it names."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tagger.numerals.holidays import Holiday, holiday_in, season_in
from tagger.numerals.nearest import (
    holiday_near,
    lies_in_last_month,
    weekday_near,
    year_of_month,
    year_of_quarter,
)
from tagger.numerals.when import When


class Interval(NamedTuple):
    """[start, end) with its grain; start and end are None where they cannot be known."""

    start: datetime | None
    end: datetime | None
    grain: str


def resolve(when: When, reference: datetime | None, named: datetime | None = None) -> Interval:
    """The interval that ``when`` names, seen from ``reference``.

    ``named`` is the date that the text named last before, for what counts from there. Without a
    reference only full dates resolve. Times carry the reference's zone, or the zone that the text
    names, or none. What is no date of the calendar (2月30日) stays open.
    """
    grain = _grain(when)
    seen_from = named if when.back else reference
    if when.open or when.same_period or (when.back and named is None):
        return Interval(None, None, grain)
    try:
        days = _days(when, seen_from.date() if seen_from else None)
        if days is None:
            return Interval(None, None, grain)
        if when.last_days is not None:
            days = days[1] - timedelta(when.last_days), days[1]
        elif when.nth_day is not None:
            days = _span(days[0] + timedelta(when.nth_day - 1))
        start, end = _clock(when, *days)
        zone: tzinfo | None = ZoneInfo(when.zone) if when.zone is not None else None
        if zone is None and seen_from is not None:
            zone = seen_from.tzinfo
        if zone is not None:
            start, end = start.replace(tzinfo=zone), end.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return Interval(None, None, grain)
    return Interval(start, end, grain)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the month's last day where it has no such day.

    Raises ValueError or OverflowError outside the years 1 to 9999.
    """
    first = month_start(day.year, day.month + months)
    if day.day <= 28:
        return first.replace(day=day.day)
    last = month_start(day.year, day.month + months + 1) - timedelta(1)
    return first.replace(day=min(day.day, last.day))


def month_start(year: int, month: int) -> date:
    """The first of a month that may lie outside 1 to 12 and then counts into the years around."""
    years, index = divmod(month - 1, 12)
    return date(year + years, index + 1, 1)


def through(moment: datetime) -> datetime:
    """Where a half-open interval ends that takes in ``moment``: after its second, or after its
    day where only the day is known."""
    return moment + (timedelta(seconds=1) if has_clock(moment) else timedelta(1))


def has_clock(moment: datetime) -> bool:
    """Whether more is known than the day: an article's midnight is a day without its time."""
    return bool(moment.hour or moment.minute or moment.second or moment.microsecond)


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
    if when.names_day:
        return "day"
    if when.week_shift is not None:
        return "week"
    if when.month is not None or when.month_shift is not None:
        return "month"
    if when.quarter_shift is not None:
        return "quarter"
    return "year"


def _days(when: When, today: date | None) -> tuple[date, date] | None:
    """The days that the calendar parts name; ``today`` is what shifts count from."""
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
        if when.quarter_month is not None:
            first += when.quarter_month % 3
            return month_start(today.year, first), month_start(today.year, first + 1)
        return month_start(today.year, first), month_start(today.year, first + 3)
    if when.month_shift is not None:
        if today is None:
            return None
        shifted = add_months(today.replace(day=1), when.month_shift)
        return _in_month(when, shifted.year, shifted.month)
    if when.month is not None or when.day is not None:
        return _month_and_day(when, year, today)
    if when.months is not None or when.season is not None:
        return _part_of_year(when, year, today)
    if when.days is not None:
        return None if today is None else _in_month(when, today.year, today.month)
    if year is None:
        return _span(today) if when.on_clock and today is not None else None
    if when.week is not None:
        return _week_of_year(year, when.week)
    return date(year, 1, 1), date(year + when.years, 1, 1)


def _month_and_day(when: When, year: int | None, today: date | None) -> tuple[date, date] | None:
    month = when.month
    if month is None:
        if today is None or when.day is None:
            return None
        base = today.replace(day=1)
        if lies_in_last_month(today, when.day):
            base = add_months(base, -1)
        return _in_month(when, base.year, base.month)
    if year is None:
        if today is None:
            return None
        year = year_of_month(today, when.last_month or month)
    return _in_month(when, year, month)


def _part_of_year(when: When, year: int | None, today: date | None) -> tuple[date, date] | None:
    """Without a year they are the nearest; 全年 is this year's, past January."""
    first, count = when.season or when.months or (1, 12)
    if year is None:
        if today is None:
            return None
        year = today.year
        if when.grain == "year":
            year -= today.month == 1
        elif when.grain == "half" or when.season is not None:
            year = year_of_month(today, first)
        else:
            year = year_of_quarter(today, when.last_month or first + count - 1)
    if when.season is not None:
        return season_in(year, first, count)
    start = month_start(year, first)
    if when.day is not None:
        return _span(start.replace(day=when.day))
    return start, month_start(year, first + count)


def _in_month(when: When, year: int, month: int) -> tuple[date, date]:
    start = month_start(year, month)
    if when.day is not None:
        return _span(start.replace(day=when.day))
    if when.days is not None:
        first, count = when.days
        begin = start.replace(day=first)
        if when.until is not None:
            last = date(year + (when.until[0] < month), *when.until)
            return begin, last + timedelta(1)
        return begin, begin + timedelta(count) if count else month_start(year, month + 1)
    if when.week is not None:
        return _week_of_month(start, when.week)
    return start, month_start(year, month + 1)


def _week(when: When, today: date) -> tuple[date, date]:
    monday = today - timedelta(today.weekday())
    if when.weekday is None:
        start = monday + timedelta(7 * (when.week_shift or 0))
        return start, start + timedelta(7)
    weekday, count = when.weekday
    if when.week_shift is None:
        start = weekday_near(today, weekday)
    else:
        start = monday + timedelta(7 * when.week_shift + weekday - 1)
    return start, start + timedelta(count)


def _week_of_year(year: int, week: int) -> tuple[date, date]:
    """The ISO week of a year; -1 is the last."""
    if week < 0:
        week = date(year, 12, 28).isocalendar().week
    return _seven(date.fromisocalendar(year, week, 1))


def _week_of_month(first: date, week: int) -> tuple[date, date]:
    """The weeks of a month begin with its Mondays; -1 is the last."""
    if week < 0:
        last = add_months(first, 1) - timedelta(1)
        return _seven(last - timedelta(last.weekday()))
    return _seven(first + timedelta(-first.weekday() % 7 + 7 * (week - 1)))


def _holiday(holiday: Holiday, year: int | None, today: date | None) -> tuple[date, date] | None:
    if year is not None:
        return holiday_in(holiday, year)
    if today is None:
        return None
    found = (holiday_in(holiday, today.year + shift) for shift in (-1, 0, 1))
    return holiday_near(today, [each for each in found if each is not None])


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


def _span(day: date) -> tuple[date, date]:
    return day, day + timedelta(1)


def _seven(day: date) -> tuple[date, date]:
    return day, day + timedelta(7)
