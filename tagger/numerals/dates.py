"""Dates and times as quantities: single ones, ranges, and the words that follow them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.calendar import Interval, When, resolve
from tagger.numerals.date_parts import DAY, MONTH
from tagger.numerals.date_points import read_point
from tagger.numerals.date_words import date_vocabulary
from tagger.numerals.number import chinese_value
from tagger.numerals.tables import Words, rows

_JOIN = re.compile(r" ?(?:-{1,2}|~|—{1,2}|–|―|起?至(?!今)|到)(?:次)? ?")
_SHARED = re.compile(
    r"(?P<first>(?:19|20)\d\d|\d{1,2}|[一二三四五六七八九十]{1,3}) ?(?:-{1,2}|~|—{1,2}|–|―|至|到) ?"
    rf"(?=(?:(?P<year>(?:19|20)\d\d ?(?:年|财年))|(?P<month>(?:{MONTH}) ?月)"
    rf"|(?P<day>(?:{DAY}) ?[日号])|(?P<quarter>[1-4一二三四] ?季度))(?![内以]))"
)
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
)
_SINCE = ("自", "从", "进入", "自从", "打从")


def read_date(text: str, start: int, reference: datetime | None) -> Quantity | None:
    """The date or time expression that begins at ``start`` of a folded text, or None.

    A range is one expression whose ends share what only one of them says.
    """
    shared = _read_shared(text, start)
    point = shared or read_point(text, start)
    if point is None:
        return None
    end, first = point
    second: When | None = None
    if shared is not None:
        found = read_point(text, end)
        if found is None:
            return None
        end, second = found
        _share_backward(first, second)
    elif not (first.open and first.year is None and first.grain != "day"):
        joint = _JOIN.match(text, end)
        if joint is not None and joint.end() < len(text):
            found = read_point(text, joint.end())
            if found is not None and _continues(text, start, first, found[1]):
                end, second = found
                _share_forward(first, second)
    zone = _zone_before(text, start)
    if zone is not None:
        first.zone = first.zone or zone
        if second is not None:
            second.zone = second.zone or first.zone
    interval = resolve(first, reference)
    if second is not None:
        last = resolve(second, reference)
        interval = _joined(interval, last)
    return _quantity(text, start, end, first, interval, reference)


def _read_shared(text: str, start: int) -> tuple[int, When] | None:
    """2021-2023年, 1至2月, 一到三季度: the first end leaves its unit to the second."""
    match = _SHARED.match(text, start)
    if match is None:
        return None
    first = match["first"]
    years = len(first) == 4 and first.isascii()
    if years != bool(match["year"]):
        return None
    number = int(first) if first.isascii() else int(chinese_value(first) or 0)
    when = When()
    if match["year"]:
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


def _continues(text: str, start: int, first: When, second: When) -> bool:
    """Whether two points make one range: both on the clock, or both on the calendar."""
    if second.open and not second.grain:
        return False
    clocks = first.hour is not None or first.hours is not None
    on_clock = second.hour is not None or second.hours is not None
    if on_clock and not clocks and not _has_day(second):
        return False
    if first.hour is not None and _has_day(second) and second.hour is None and second.hours is None:
        return _has_day(first)
    return True


def _has_day(when: When) -> bool:
    return any(
        part is not None
        for part in (when.day, when.day_shift, when.weekday, when.holiday, when.month, when.year)
    )


def _share_forward(first: When, second: When) -> None:
    """The second end takes the year, month and day that only the first says."""
    second_on_clock = second.hour is not None or second.hours is not None
    if second_on_clock and _has_day(first) and not _has_day(second):
        for name in _DAY_PARTS:
            setattr(second, name, getattr(first, name))
        afternoon = first.hours is not None and first.hours[0] >= 12
        if afternoon and second.hours is None and second.hour is not None and second.hour < 12:
            second.hour += 12
        return
    dated = (second.year, second.year_shift, second.weekday, second.day_shift, second.holiday)
    if all(part is None for part in dated):
        second.year, second.year_shift = first.year, first.year_shift
    if second.day is not None and second.month is None and second.month_shift is None:
        second.month, second.month_shift = first.month, first.month_shift
    if first.week_shift is not None and second.week_shift is None and second.weekday:
        second.week_shift = first.week_shift
    second.open = second.open or (first.open and second.year is None and not second.grain)


def _share_backward(first: When, second: When) -> None:
    if first.year is None:
        first.year, first.year_shift = second.year, second.year_shift
    if first.day is not None and first.month is None:
        first.month, first.month_shift = second.month, second.month_shift
    if first.month is not None and second.grain == "day":
        first.grain = first.grain or "month"


def _joined(first: Interval, last: Interval) -> Interval:
    if first.start is None or last.end is None:
        return Interval(None, None, last.grain)
    if first.start >= last.end:
        # 12月-1月 crosses the year, 22时至2时 the day.
        step = timedelta(1) if first.grain in ("hour", "minute", "daypart", "second") else None
        if step is not None and last.end + step > first.start:
            return Interval(first.start, last.end + step, last.grain)
        earlier = _year_before(first.start)
        if earlier is not None and earlier < last.end:
            return Interval(earlier, last.end, last.grain)
        return Interval(None, None, last.grain)
    end = last.end
    if last.grain in ("hour", "minute", "second") and first.grain in ("hour", "minute", "second"):
        # Clock ranges end where their last moment begins: 9:30-11:30.
        end = last.start or last.end
        if end <= first.start:
            end = last.end
    return Interval(first.start, end, last.grain)


def _year_before(moment: datetime) -> datetime | None:
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return None


def _zone_before(text: str, start: int) -> str | None:
    found = date_vocabulary().zones.before(text, start)
    return found[1] if found is not None else None


def _quantity(
    text: str,
    start: int,
    end: int,
    first: When,
    interval: Interval,
    reference: datetime | None,
) -> Quantity:
    begins, ends, grain = interval
    on_clock = first.hour is not None or first.hours is not None
    label = "TIME" if on_clock and not _has_day(first) and not first.open else "DATE"
    quantity = Quantity(
        start, end, "", label, start_time=begins, end_time=ends, grain=grain or None
    )
    if label == "DATE":
        _follow(text, quantity, reference)
    return quantity


def _follow(text: str, quantity: Quantity, reference: datetime | None) -> None:
    """Widens a date by 左右, 以来, 前 and the like, and changes its interval as they say."""
    found = _followers().at(text, quantity.end)
    if found is None:
        return
    word, (effect, stops) = found
    following = text[quantity.end + len(word) : quantity.end + len(word) + 1]
    if following and following in stops:
        return
    if effect == "since" and text.endswith(_SINCE, 0, quantity.start):
        return
    quantity.end += len(word)
    begins, ends = quantity.start_time, quantity.end_time
    if effect == "around":
        quantity.approximate = True
    elif begins is None or ends is None:
        return
    elif effect in ("since", "until_now"):
        now = _end_of(reference)
        quantity.start_time, quantity.end_time = (begins, now) if now is not None else (None, None)
    elif effect == "before":
        quantity.start_time, quantity.end_time = None, begins
    elif effect == "after":
        quantity.start_time, quantity.end_time = ends, None
    else:
        quantity.start_time, quantity.grain = ends - timedelta(7), "week"


@lru_cache(maxsize=1)
def _followers() -> Words[tuple[str, str]]:
    return Words((row["text"], (row["effect"], row["stops"])) for row in rows("date_followers.tsv"))


def _end_of(reference: datetime | None) -> datetime | None:
    """Midnight after the reference's day."""
    if reference is None:
        return None
    return datetime(
        reference.year, reference.month, reference.day, tzinfo=reference.tzinfo
    ) + timedelta(1)
