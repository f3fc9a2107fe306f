"""What a date says, part by part, before anyone asks which days these are."""

from __future__ import annotations

from dataclasses import dataclass

from tagger.numerals.holidays import Holiday


@dataclass(slots=True)
class When:
    """The parts of one point or period as written; None is what the text does not say.

    A ``*_shift`` counts from the article's date (去年 is ``year_shift`` -1) or, where ``back`` is
    set, from the date that the text named last before (次日). ``months``, ``days`` and ``season``
    are (first, how many) within the year or month, ``days`` with 0 to the month's end or to
    ``until``, the month and day with which they end in another month; ``last_month`` is the month
    with which a list ends whose head this is (6、7月份); ``quarter_month`` is the first (0) or last
    (-1) month of the quarter; ``week`` is the week of the year or month, -1 the last; ``nth_day``
    the day of it, ``last_days`` how many days at the end are meant. ``hours`` are a part of the
    day. ``fiscal`` says that the year may begin in any month, ``open`` that no date around could
    tell which days are meant, ``minguo`` that the year was counted from 1912, ``same_period`` that
    of the year only those days are meant that the text named last before (去年同期).
    """

    year: int | None = None
    year_shift: int | None = None
    years: int = 1
    months: tuple[int, int] | None = None
    season: tuple[int, int] | None = None
    month: int | None = None
    last_month: int | None = None
    month_shift: int | None = None
    quarter_shift: int | None = None
    quarter_month: int | None = None
    days: tuple[int, int] | None = None
    until: tuple[int, int] | None = None
    day: int | None = None
    day_shift: int | None = None
    week: int | None = None
    nth_day: int | None = None
    last_days: int | None = None
    week_shift: int | None = None
    weekday: tuple[int, int] | None = None
    holiday: Holiday | None = None
    hours: tuple[int, int] | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    zone: str | None = None
    grain: str = ""
    open: bool = False
    back: bool = False
    fiscal: bool = False
    minguo: bool = False
    same_period: bool = False

    @property
    def on_clock(self) -> bool:
        """Whether a clock time or a part of the day is said."""
        return self.hour is not None or self.hours is not None

    @property
    def names_day(self) -> bool:
        """Whether a day is said: by its number, from another day, by its weekday or a holiday."""
        return (
            self.day is not None
            or self.day_shift is not None
            or self.weekday is not None
            or self.holiday is not None
        )
