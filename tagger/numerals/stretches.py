"""Where a duration lies on the calendar: 近五年, 未来6个月, 三天前, 十年来, 15个交易日后."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from tagger.document import Number
from tagger.numerals.calendar import add_months, has_clock, month_start, through
from tagger.numerals.tables import Words, rows

# Stands for days from Monday to Friday among the units of ISO 8601.
WORKING = "working"
_CLOCK_UNITS = ("H", "TM", "S")
_SECONDS = {"W": 604800, "D": 86400, "H": 3600, "TM": 60, "S": 1}
_WEEKEND = 5
# Days of half a month, for a moment half a month away.
_HALF_MONTH = 15
# More days than any calendar date has behind it.
_MAX_DAYS = 1_000_000


class Modifier(NamedTuple):
    """A row of ``duration_modifiers.tsv``: -1 the past, 1 the future; a stretch or a point."""

    direction: int
    effect: str
    stops: str

    @property
    def point(self) -> bool:
        """Whether the far end is meant, or what lies beyond, and not the time up to it."""
        return self.effect in ("point", "open")


def reach(
    reference: datetime, parts: list[tuple[Number, str]], modifier: Modifier
) -> tuple[datetime | None, datetime | None]:
    """The interval that a duration with ``modifier`` names, seen from ``reference``.

    ``parts`` are amounts with their units, the largest first. Open at both ends where it cannot
    be known: past the ends of the calendar, or in hours where only the day is known.
    """
    far = moved(reference, parts, modifier.direction)
    if far is None or (parts[-1][1] in _CLOCK_UNITS and not has_clock(reference)):
        return None, None
    try:
        if not modifier.point:
            return _stretch(far, parts, modifier, reference)
        start, end = _point(far, parts[-1], modifier.direction)
    except (ValueError, OverflowError):
        return None, None
    if modifier.effect == "open":
        return (None, end) if modifier.direction < 0 else (start, None)
    return start, end


def _point(
    far: datetime, smallest: tuple[Number, str], direction: int
) -> tuple[datetime, datetime]:
    """三天前 is that day, 两周后 that week, 一年后 that calendar year.

    Months and hours are rounded down by those who count them, so that 三个月前 is that month or
    the one before it, 两小时前 the hour that ended two hours ago.
    """
    amount, letter = smallest
    half = Fraction(amount).denominator != 1
    day = far.replace(hour=0, minute=0, second=0, microsecond=0)
    if letter == "Y" and not half:
        return day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)
    if letter == "Y" or (letter == "M" and not half):
        further = 0 if half else 1
        return (
            _first_of_month(day, -further if direction < 0 else 0),
            _first_of_month(day, 1 + (further if direction > 0 else 0)),
        )
    if letter == "M":
        around = timedelta(_HALF_MONTH if amount < 1 else 2 * _HALF_MONTH)
        return (day - around, day + timedelta(1)) if direction < 0 else (day, day + around)
    if letter == "W" and not half:
        monday = day - timedelta(day.weekday())
        return monday, monday + timedelta(7)
    if letter in ("W", "D", WORKING):
        return day, day + timedelta(1)
    return _around_moment(far, letter, Fraction(amount), direction)


def _around_moment(
    far: datetime, letter: str, amount: Fraction, direction: int
) -> tuple[datetime, datetime]:
    """One unit of the clock beyond ``far``, hours to the full minute."""
    around = timedelta(microseconds=int(_SECONDS[letter] * 1_000_000 * min(amount, Fraction(1))))
    if direction < 0:
        start = far - around
        return (start.replace(second=0, microsecond=0) if letter == "H" else start), through(far)
    end = far + around
    if letter == "H":
        end = end.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return far, end


def _first_of_month(day: datetime, months: int) -> datetime:
    first = month_start(day.year, day.month + months)
    return day.replace(year=first.year, month=first.month, day=1)


def _stretch(
    far: datetime, parts: list[tuple[Number, str]], modifier: Modifier, reference: datetime
) -> tuple[datetime, datetime]:
    """近五年, 未来三天: until now or from now on.

    Months and years are counted in whole days, so that 近五年 is exactly five years and ends with
    the article's day.
    """
    if modifier.effect == "calendar" and len(parts) == 1 and parts[0][1] == "M":
        # 前两个月: calendar months, up to this one.
        first = reference.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return moved(first, parts, -1) or far, first
    whole_days = parts[0][1] in ("Y", "M")
    if whole_days:
        far = far.replace(hour=0, minute=0, second=0, microsecond=0)
    if parts[0][1] == WORKING:
        # 近五个交易日 ends with the article's day or, on a weekend, with Friday.
        day = far.replace(hour=0, minute=0, second=0, microsecond=0)
        if modifier.direction > 0:
            return reference, day + timedelta(1)
        return _working_day(day, 1, 1 if reference.weekday() < _WEEKEND else 0), through(reference)
    if modifier.direction > 0:
        return reference, far if whole_days else through(far)
    if modifier.effect == "years" and parts[0][1] == "Y":
        # 十年来 counts whole years.
        return far.replace(month=1, day=1), through(reference)
    return far + timedelta(1) if whole_days else far, through(reference)


def moved(reference: datetime, parts: list[tuple[Number, str]], direction: int) -> datetime | None:
    """The moment that lies ``parts`` before (-1) or after (1) ``reference``; None outside the
    calendar."""
    moment = reference
    try:
        for amount, letter in parts:
            if Fraction(amount) > _MAX_DAYS:
                return None
            if letter in ("Y", "M"):
                months = Fraction(amount) * (12 if letter == "Y" else 1)
                if months.denominator > 2:
                    return None
                day = add_months(moment.date(), direction * int(months))
                moment = moment.replace(year=day.year, month=day.month, day=day.day)
                if months.denominator == 2:
                    moment += direction * timedelta(_HALF_MONTH)
                continue
            if letter == WORKING:
                moment = _working_day(moment, direction, int(amount))
                continue
            total = Fraction(amount) * _SECONDS[letter] * 1_000_000
            moment += direction * timedelta(microseconds=int(total))
    except (ValueError, OverflowError):
        return None
    return moment


def _working_day(moment: datetime, direction: int, count: int) -> datetime:
    """``count`` days from Monday to Friday before (-1) or after (1) ``moment``."""
    if moment.weekday() >= _WEEKEND:
        moment += timedelta(4 - moment.weekday() if direction > 0 else 7 - moment.weekday())
    weeks, rest = divmod(count, _WEEKEND)
    moment += direction * timedelta(7 * weeks)
    while rest:
        moment += timedelta(direction)
        rest -= moment.weekday() < _WEEKEND
    return moment


@lru_cache(maxsize=1)
def modifiers() -> tuple[Words[Modifier], Words[Modifier]]:
    """The words that stand before and after a duration."""
    before: list[tuple[str, Modifier]] = []
    after: list[tuple[str, Modifier]] = []
    for row in rows("duration_modifiers.tsv"):
        entry = (row["text"], Modifier(int(row["direction"]), row["effect"], row["stops"]))
        (before if row["side"] == "before" else after).append(entry)
    return Words(before), Words(after)
