"""When holidays, lunar days and solar terms fall, from tables."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from tagger.numerals.tables import Words, rows


class Holiday(NamedTuple):
    """``calendar`` is solar, lunar, weekday or term; month and day as in ``holidays.tsv``.

    For ``weekday``, ``day`` is 10 · week of the month + ISO weekday; for ``term``, ``month`` is the
    term's index from 小寒.
    """

    calendar: str
    month: int
    day: int
    days: int


@lru_cache(maxsize=1)
def holiday_names() -> Words[Holiday]:
    """Every name in ``holidays.tsv``."""
    entries = []
    for row in rows("holidays.tsv"):
        day = int(row["day"].replace("-", "") or 0)
        entries.append(
            (
                row["text"],
                Holiday(row["calendar"], int(row["month"]), day, int(row["days"] or 1)),
            )
        )
    return Words(entries)


def holiday_in(holiday: Holiday, year: int) -> tuple[date, date] | None:
    """The holiday of one year, half open; None for years outside the tables (lunar days
    1900 to 2098, solar terms 1950 to 2099).

    Lunar days belong to the lunar year that begins in ``year``.
    """
    if holiday.calendar == "lunar":
        start = _lunar_day(year, holiday.month, holiday.day)
    elif holiday.calendar == "weekday":
        start = _weekday_of_month(year, holiday.month, *divmod(holiday.day, 10))
    elif holiday.calendar == "term":
        start = _solar_term(year, holiday.month)
    else:
        start = date(year, holiday.month, holiday.day)
    return None if start is None else (start, start + timedelta(holiday.days))


def _weekday_of_month(year: int, month: int, week: int, weekday: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (week - 1))


@lru_cache(maxsize=1)
def _lunar_years() -> dict[int, tuple[date, int, str]]:
    return {
        int(row["year"]): (
            date.fromisoformat(row["new_year"]),
            int(row["leap"] or 0),
            row["long_months"],
        )
        for row in rows("lunar_years.tsv")
    }


def _lunar_day(year: int, month: int, day: int) -> date | None:
    known = _lunar_years().get(year)
    if known is None:
        return None
    start, leap, long_months = known
    index = month - 1 + (1 if leap and month > leap else 0)
    offset = sum(29 + int(each) for each in long_months[:index])
    length = 29 + int(long_months[index])
    if day > length:
        return None
    return start + timedelta(offset + (day or length) - 1)


@lru_cache(maxsize=1)
def _solar_terms() -> dict[int, list[int]]:
    return {
        int(row["year"]): [int(day) for day in row["days"].split()]
        for row in rows("solar_terms.tsv")
    }


def _solar_term(year: int, index: int) -> date | None:
    days = _solar_terms().get(year)
    return None if days is None else date(year, index // 2 + 1, days[index])
