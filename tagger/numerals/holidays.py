"""When holidays, lunar days and solar terms fall, from tables."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from tagger.numerals.tables import Words, rows


class Holiday(NamedTuple):
    """``calendar`` is solar, lunar, leap, weekday or term; month and day as in ``holidays.tsv``.

    ``leap`` is a leap month of the lunar calendar (闰四月). For ``weekday``, ``day`` is 10 · week
    of the month + ISO weekday; for ``term``, ``month`` is the term's index from 小寒. ``days`` is
    how long it lasts, 0 to the end of the lunar month.
    """

    calendar: str
    month: int
    day: int
    days: int


def holiday_at(text: str, start: int) -> tuple[str, Holiday] | None:
    """The holiday whose name begins at ``start`` and is no part of a longer word (五一广场)."""
    names = holiday_names()
    if text[start : start + 1] not in names.first_characters:
        return None
    found = names.at(text, start)
    if found is None:
        return None
    before, stops = _borders().get(found[0], ("", ""))
    end = start + len(found[0])
    if (start and text[start - 1] in before) or (end < len(text) and text[end] in stops):
        return None
    return found


@lru_cache(maxsize=1)
def _borders() -> dict[str, tuple[str, str]]:
    return {
        row["text"]: (row["before"], row["stops"])
        for row in rows("holidays.tsv")
        if row["before"] or row["stops"]
    }


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
    if holiday.calendar in ("lunar", "leap"):
        return _lunar(holiday, year)
    start: date | None
    if holiday.calendar == "weekday":
        start = _weekday_of_month(year, holiday.month, *divmod(holiday.day, 10))
    elif holiday.calendar == "term":
        start = _solar_term(year, holiday.month)
    else:
        start = date(year, holiday.month, holiday.day)
    return None if start is None else (start, start + timedelta(holiday.days))


def season_in(year: int, month: int, count: int) -> tuple[date, date]:
    """Months that begin with the solar term in them: spring (2, 3) lasts from 立春 to 立夏.

    Where the table of solar terms ends, months of the common calendar take their place.
    """
    edges = []
    for each in (month, month + count):
        years, index = divmod(each - 1, 12)
        edges.append(_solar_term(year + years, 2 * index) or date(year + years, index + 1, 1))
    return edges[0], edges[1]


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


def _lunar(holiday: Holiday, year: int) -> tuple[date, date] | None:
    known = _lunar_years().get(year)
    if known is None:
        return None
    start, leap, long_months = known
    leaps = holiday.calendar == "leap"
    if leaps and leap != holiday.month:
        return None
    index = holiday.month - 1 + (1 if leaps or (leap and holiday.month > leap) else 0)
    first = start + timedelta(sum(29 + int(each) for each in long_months[:index]))
    length = 29 + int(long_months[index])
    if holiday.day > length:
        return None
    day = holiday.day or length
    last = day - 1 + holiday.days if holiday.days else length
    return first + timedelta(day - 1), first + timedelta(last)


@lru_cache(maxsize=1)
def _solar_terms() -> dict[int, list[int]]:
    return {
        int(row["year"]): [int(day) for day in row["days"].split()]
        for row in rows("solar_terms.tsv")
    }


def _solar_term(year: int, index: int) -> date | None:
    days = _solar_terms().get(year)
    return None if days is None else date(year, index // 2 + 1, days[index])
