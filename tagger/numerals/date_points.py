"""Reading one date as it is written, into its parts: 2021年12月31日, 去年四季度, 周四晚间."""

from __future__ import annotations

import re

from tagger.numerals.clock import read_clock
from tagger.numerals.date_digits import read_digits
from tagger.numerals.date_lists import list_head
from tagger.numerals.date_parts import (
    FIRST_MONTHS,
    MONTH_SPAN,
    after_month,
    lunar_date,
    month_number,
    month_or_day,
    months_so_far,
)
from tagger.numerals.date_words import DateWord, date_contexts, date_vocabulary
from tagger.numerals.date_years import (
    COMPACT,
    PLAN,
    after_year,
    compact_period,
    decade_or_century,
    edge_at,
    five_year_plan,
    full_year,
    minguo_year,
    read_year,
    year_part,
)
from tagger.numerals.holidays import holiday_at
from tagger.numerals.when import When

_FISCAL = re.compile(r"FY ?(?P<year>20\d\d|\d\d)(?![0-9A-Za-z])")
_RANGE_TAIL = re.compile(
    r"[-~至到—–](?:(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日"
)
# 今（18）日, 昨（17）晚, 今（2022）年: the number in brackets says which day or year is meant.
_BRACKETED = re.compile(
    r"(?:[今昨明前][（(](?P<day>3[01]|[12]\d|0?[1-9])[)）](?:日|天|(?=[早晨午晚夜]))"
    r"|[今去明][（(](?P<year>(?:19|20)\d\d)[)）]年)"
)
_CLOSING = {"(": ")", "（": "）"}


def read_point(text: str, start: int) -> tuple[int, When] | None:
    """The longest date, period or clock time that begins at ``start``; where it ends, its parts."""
    when = When()
    end = list_head(text, start, when)
    if end > start:
        return end, when
    character = text[start]
    if character.isascii():
        read = read_digits if character.isdigit() else _letters
        end = read(text, start, when)
    else:
        end = _words(text, start, when)
    if end == start:
        end = read_clock(text, start, when, after_date=False)
        return (end, when) if end > start else None
    end = _restated(text, end, when)
    timed = _time_of_day(text, end, when)
    if timed > end and when.hour is None:
        # 昨晚(20日)
        timed = _restated(text, timed, when)
    return timed, when


def _time_of_day(text: str, end: int, when: When) -> int:
    names_day = when.names_day or (when.open and when.grain == "day")
    return read_clock(text, end, when, after_date=True) if names_day else end


def _letters(text: str, start: int, when: When) -> int:
    if start and text[start - 1].isascii() and text[start - 1].isalnum():
        return start
    match = COMPACT.match(text, start)
    if match is not None:
        return compact_period(when, match)
    match = _FISCAL.match(text, start)
    if match is not None:
        when.year, when.fiscal = full_year(match["year"]), True
        return match.end()
    word = date_vocabulary().opening.at(text, start)
    if word is None:
        return start
    end = start + len(word[0])
    if text[end : end + 1].isascii() and text[end : end + 1].isalnum():
        return start
    return year_part(text, end, when, word[1])


def _words(text: str, start: int, when: When) -> int:
    bracketed = _BRACKETED.match(text, start)
    if bracketed is not None and bracketed["year"]:
        when.year = int(bracketed["year"])
        return after_year(text, bracketed.end(), when)
    if bracketed is not None:
        when.day = int(bracketed["day"])
        return bracketed.end()
    found = date_vocabulary().opening.at(text, start)
    holiday = holiday_at(text, start)
    if holiday is not None and (found is None or len(holiday[0]) >= len(found[0])):
        when.holiday = holiday[1]
        return start + len(holiday[0])
    if found is None:
        end = minguo_year(text, start, when)
        if end > start:
            return after_year(text, end, when)
        match = FIRST_MONTHS.match(text, start)
        if match is not None and _are_months_so_far(text, start, match):
            return months_so_far(when, match)
        match = PLAN.match(text, start)
        if match is not None:
            return five_year_plan(text, when, match)
        end = lunar_date(text, start, when) if text[start] not in "一二三四五六七八九" else start
        if end == start:
            end = decade_or_century(text, start, when)
        if end > start:
            return end
        end = read_year(text, start, when)
        if end > start:
            return after_year(text, end, when)
        end = lunar_date(text, start, when)
        return end if end > start else month_or_day(text, start, when)
    return _opening(text, start, start + len(found[0]), when, found[1])


def _are_months_so_far(text: str, start: int, match: re.Match[str]) -> bool:
    """前11月, where 前 is no part of 此前 and the like; 前三个月 are rather the last three, and
    前一月 is the month before."""
    if text[start] == "首":
        return True
    before = text[start - 1 : start]
    if before and before in date_contexts()["first_months_before"]:
        return False
    return month_number(match["count"]) > (3 if match["counted"] else 1)


def _opening(text: str, start: int, end: int, when: When, word: DateWord) -> int:
    role = word.role
    if not word.begins(text, start):
        return start
    if not word.stands(text, end) and (
        role != "season" or text[start - 1 : start] not in ("于", "在")
    ):
        return start
    if role in ("year", "month", "quarter", "week", "day"):
        _shift(when, word)
    if role == "year":
        return after_year(text, end, when)
    if role == "month":
        when.grain = "month"
        return after_month(text, end, when)
    if role == "quarter":
        return _edge_of_quarter(text, end, when)
    if role == "day":
        when.grain = "day"
        if end - start == 1 and not _part_of_day_at(text, end):
            when.day_shift = None
            return start
        return end
    if role == "week":
        when.grain = "week"
        return _weekday_after_week(text, end, when)
    if role == "weekday":
        when.weekday = (word.a or 1, word.b or 1)
        return end
    if role == "bare_month_part":
        when.days, when.grain = (word.a or 1, word.b or 0), word.grain
        return end
    if role == "open":
        when.open, when.grain = True, "day"
        return end
    if role == "bare_year_part" and word.grain == "month":
        # 年底 is this year's.
        when.year_shift = 0
    return year_part(text, end, when, word)


def _edge_of_quarter(text: str, end: int, when: When) -> int:
    """上季度末 is the quarter's last month."""
    edge = edge_at(text, end)
    if edge is None:
        return end
    when.quarter_month, when.grain = edge, "month"
    return end + 1


def _part_of_day_at(text: str, start: int) -> bool:
    """Whether 今, 昨 or 明 has a part of the day behind it: 今晚, but not 今早上扬."""
    found = date_vocabulary().dayparts.at(text, start)
    return found is not None and found[1].stands(text, start + len(found[0]))


def _shift(when: When, word: DateWord) -> None:
    """Counts from the article's date (a), or from the date named last before (b)."""
    shift = word.b if word.a is None else word.a
    when.back, when.open = word.a is None, shift is None
    setattr(when, f"{word.role}_shift", shift)


def _weekday_after_week(text: str, end: int, when: When) -> int:
    # 本周三 drops the 周 that 本周 already says.
    week = "周" + text[end : end + 3]
    found = date_vocabulary().opening.at(week[:3], 0)
    if found is None or found[1].role != "weekday" or not found[1].stands(week, len(found[0])):
        return end
    when.weekday, when.grain = (found[1].a or 1, found[1].b or 1), "day"
    return end + len(found[0]) - 1


def _restated(text: str, end: int, when: When) -> int:
    """昨日(14日), 周四(11月21日), 3月8日星期二: a date said twice is one."""
    following = text[end : end + 1]
    if when.holiday is not None:
        # 国庆节当天 is said of the holiday.
        same = date_vocabulary().opening.at(text, end)
        if same is not None and same[1].role == "day" and same[1].b == 0:
            return end + len(same[0])
    if when.day is not None and following and following in "周星礼":
        weekday = date_vocabulary().opening.at(text, end)
        if weekday is not None and weekday[1].role == "weekday":
            return end + len(weekday[0])
    closing = _CLOSING.get(following)
    if closing is None or end + 2 >= len(text):
        return end
    months = MONTH_SPAN.match(text, end + 1)
    if months is not None and text.startswith(closing, months.end()):
        # 一季度（1-3月）
        first, last = int(months["first"]), int(months["last"])
        return months.end() + 1 if when.months == (first, last - first + 1) else end
    inner = When()
    character = text[end + 1]
    if character.isdigit() and character.isascii():
        stop = read_digits(text, end + 1, inner)
    elif not character.isascii():
        stop = _words(text, end + 1, inner)
    else:
        return end
    if stop == end + 1:
        return end
    tail = _RANGE_TAIL.match(text, stop)
    if tail is not None and text.startswith(closing, tail.end()):
        _restate_days(when, inner, tail)
        return tail.end() + 1
    if not text.startswith(closing, stop):
        return end
    if inner.day is not None:
        when.day = inner.day
        _take_month(when, inner)
    elif when.same_period and (inner.year is not None or inner.month or inner.months):
        # 上年同期（2020年1-6月）
        when.year = when.year if inner.year is None else inner.year
        when.month, when.months, when.grain = inner.month, inner.months, inner.grain
        when.same_period = False
    return stop + 1


def _restate_days(when: When, inner: When, tail: re.Match[str]) -> None:
    """上周（1月4日至7日）, 春节（1月31日至2月6日）: the bracket bounds the days before it."""
    if inner.day is None or inner.month is None:
        return
    month, day = int(tail["month"] or inner.month), int(tail["day"])
    if month == inner.month and day < inner.day:
        return
    if inner.year is None and month < inner.month:
        if tail["year"]:
            inner.year = int(tail["year"]) - 1
        elif when.year is not None and when.holiday is not None:
            # 2022年元旦（12月31日至1月2日） begins in the year before.
            inner.year = when.year - 1
    when.days, when.until = (inner.day, 0), (month, day)
    when.grain, when.months, when.holiday, when.season = "day", None, None, None
    _take_month(when, inner)


def _take_month(when: When, inner: When) -> None:
    when.month = inner.month if inner.month is not None else when.month
    when.year = inner.year if inner.year is not None else when.year
    when.day_shift = when.week_shift = when.weekday = when.month_shift = None
    when.open = when.back = False
