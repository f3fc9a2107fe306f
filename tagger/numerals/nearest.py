"""Which year, month or week is meant where the text does not say: the one that news speaks of.

News tells what has just happened and, less often, what is about to. A date that its calendar year
would put far ahead therefore lies a year back: 12月 in January is last December.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

# A month further ahead than this is last year's, one further back next year's.
_MONTHS_AHEAD = 7
_MONTHS_BEHIND = 9
# A quarter is over before news speaks of it: its end may lie less far ahead.
_MONTHS_AHEAD_OF_QUARTER = 6
# The same for a holiday, in days.
_DAYS_AHEAD_OF_HOLIDAY = 240
_DAYS_BEHIND_HOLIDAY = 275
# A day without a month lies in the article's month unless that is further ahead than this.
_DAYS_AHEAD = 14
# A weekday alone is the nearest one.
_WEEKDAYS_AHEAD = 3


def year_of_month(today: date, month: int) -> int:
    """The year of a month that is named without one; ``month`` may pass 12 into the next year."""
    if month - today.month > _MONTHS_AHEAD:
        return today.year - 1
    if today.month - month > _MONTHS_BEHIND:
        return today.year + 1
    return today.year


def year_of_quarter(today: date, last_month: int) -> int:
    """The year of a quarter, of 前三季度 or 全年 by its last month."""
    if last_month - today.month > _MONTHS_AHEAD_OF_QUARTER:
        return today.year - 1
    return year_of_month(today, last_month)


def lies_in_last_month(today: date, day: int) -> bool:
    """Whether a day of the month without its month belongs to the month before.

    It does in 28日 on the 3rd, and in 30日 in February, which has none.
    """
    return day > min(today.day + _DAYS_AHEAD, monthrange(today.year, today.month)[1])


def weekday_near(today: date, weekday: int) -> date:
    """The day nearest to ``today`` that is the ISO ``weekday``, in this week if behind."""
    ahead = weekday - today.isoweekday()
    return today + timedelta(ahead if ahead <= _WEEKDAYS_AHEAD else ahead - 7)


def holiday_near(today: date, found: Iterable[tuple[date, date]]) -> tuple[date, date] | None:
    """Of one holiday in several years this calendar year's, or the nearest where that is far."""
    days = list(found)
    for each in days:
        ahead = (each[0] - today).days
        near = -_DAYS_BEHIND_HOLIDAY <= ahead <= _DAYS_AHEAD_OF_HOLIDAY
        if each[0].year == today.year and near:
            return each
    return min(days, key=lambda each: abs((each[0] - today).days), default=None)
