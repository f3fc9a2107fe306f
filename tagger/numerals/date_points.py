"""Reading one date as it is written, into its parts: 2021年12月31日, 去年四季度, 周四晚间."""

from __future__ import annotations

import re

from tagger.numerals.calendar import When
from tagger.numerals.clock import read_clock
from tagger.numerals.date_parts import (
    COMPACT,
    DECADE,
    FIRST_MONTHS,
    after_month,
    after_year,
    compact_period,
    decade,
    five_year_plan,
    full_year,
    lunar_date,
    month_number,
    month_or_day,
    months_so_far,
    numbered_year,
    read_year,
    year_part,
)
from tagger.numerals.date_words import DateWord, date_vocabulary
from tagger.numerals.holidays import holiday_names
from tagger.numerals.units import unit_at

_ISO = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<separator>[-/.])(?P<month>0?[1-9]|1[0-2])"
    r"(?:(?P=separator)(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d.%])(?:T(?=\d\d:))?"
)
_SLASH = re.compile(r"(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0[1-9])(?![\d/.])")
_FISCAL = re.compile(r"FY ?(?P<year>20\d\d|\d\d)(?![0-9A-Za-z])")
_YEAR_SPAN = re.compile(
    r"(?P<first>20[0-4]\d)[-~至到—–](?P<last>20[0-6]\d)(?![\d.,%年万亿人家个点]| ?年)"
)
# A year without 年: before a part of it, or where neither unit nor decimals follow: 2022“金牛奖”.
_BARE_YEAR = re.compile(
    r"(?P<year>(?:19[5-9]|20[0-4])\d)(?= ?(?:全年|上半年|下半年|前三季|财务))"
    r"|(?P<plain>20[0-3]\d)(?=[“《【（\u4e00-\u9fff])"
)
_PLAN = re.compile(
    r"[“\"「]?(?P<plan>十?[一二三四五六七八九])五[”\"」]?(?=[”\"」]|期间|时期|末|规划|开局|以来|收官)"
)
_ASCII_DIGITS = frozenset("0123456789")
_RANGE_TAIL = re.compile(r"[-~至到—–](?:\d{1,2}月)?\d{1,2}日")
_CLOSING = {"(": ")", "（": "）"}


def read_point(text: str, start: int) -> tuple[int, When] | None:
    """The longest date, period or clock time that begins at ``start``; where it ends, its parts."""
    when = When()
    character = text[start]
    if character.isascii():
        read = _digits if character.isdigit() else _letters
        end = read(text, start, when)
    else:
        end = _words(text, start, when)
    if end == start:
        end = read_clock(text, start, when, after_date=False)
        return (end, when) if end > start else None
    end = _restated(text, end, when)
    return _time_of_day(text, end, when), when


def _time_of_day(text: str, end: int, when: When) -> int:
    days = (when.day, when.day_shift, when.weekday, when.holiday)
    names_day = any(part is not None for part in days) or (when.open and when.grain == "day")
    return read_clock(text, end, when, after_date=True) if names_day else end


def _digits(text: str, start: int, when: When) -> int:
    follow = start + 1
    while follow < start + 5 and text[follow : follow + 1] in _ASCII_DIGITS:
        follow += 1
    following = text[follow : follow + 1]
    if following and following in "月日号":
        return month_or_day(text, start, when)
    if following == "年":
        return numbered_year(text, start, when)
    match = _ISO.match(text, start)
    if match is not None and (match["separator"] == "-" or match["day"]):
        when.year, when.month = int(match["year"]), int(match["month"])
        when.day = int(match["day"]) if match["day"] else None
        return match.end()
    end = numbered_year(text, start, when)
    if end > start:
        return end
    match = _YEAR_SPAN.match(text, start)
    if match is not None and int(match["first"]) < int(match["last"]):
        when.year = int(match["first"])
        when.years = int(match["last"]) - when.year + 1
        return match.end()
    match = _BARE_YEAR.match(text, start)
    if match is not None and (match["year"] or not _is_counted(text, match)):
        when.year = int(match["year"] or match["plain"])
        return after_year(text, match.end(), when)
    match = _SLASH.match(text, start)
    if match is not None and text[max(0, start - 1) : start] not in ("/", "."):
        when.month, when.day = int(match["month"]), int(match["day"])
        return match.end()
    word = date_vocabulary().opening.at(text, start)
    if word is not None and word[1].role == "digit_year_part":
        return year_part(text, start + len(word[0]), when, word[1])
    return month_or_day(text, start, when)


def _letters(text: str, start: int, when: When) -> int:
    if start and text[start - 1].isascii() and text[start - 1].isalnum():
        return start
    match = COMPACT.match(text, start)
    if match is not None:
        return compact_period(when, match)
    match = _FISCAL.match(text, start)
    if match is not None:
        when.year, when.open = full_year(match["year"]), True
        return match.end()
    word = date_vocabulary().opening.at(text, start)
    if word is None:
        return start
    end = start + len(word[0])
    if text[end : end + 1].isascii() and text[end : end + 1].isalnum():
        return start
    return year_part(text, end, when, word[1])


def _words(text: str, start: int, when: When) -> int:
    found = date_vocabulary().opening.at(text, start)
    holiday = holiday_names().at(text, start)
    if holiday is not None and (found is None or len(holiday[0]) >= len(found[0])):
        when.holiday = holiday[1]
        return start + len(holiday[0])
    if found is None:
        match = FIRST_MONTHS.match(text, start)
        if match is not None and (text[start] == "首" or month_number(match["count"]) > 3):
            return months_so_far(when, match)
        match = _PLAN.match(text, start)
        if match is not None:
            return five_year_plan(text, when, match)
        end = lunar_date(text, start, when)
        if end > start:
            return end
        match = DECADE.match(text, start)
        if match is not None:
            return decade(when, match)
        end = read_year(text, start, when)
        return after_year(text, end, when) if end > start else month_or_day(text, start, when)
    return _opening(text, start, start + len(found[0]), when, found[1])


def _opening(text: str, start: int, end: int, when: When, word: DateWord) -> int:
    role = word.role
    if role == "year":
        when.year_shift, when.open = word.a, word.a is None
        return after_year(text, end, when)
    if role == "month":
        when.month_shift, when.open = word.a, word.a is None
        when.grain = "month"
        return after_month(text, end, when)
    if role == "quarter":
        when.quarter_shift, when.open = word.a, word.a is None
        return end
    if role == "day":
        when.day_shift, when.open, when.grain = word.a, word.a is None, "day"
        if end - start == 1 and date_vocabulary().dayparts.at(text, end) is None:
            when.day_shift, when.open = None, False
            return start
        return end
    if role == "week":
        when.week_shift, when.open, when.grain = word.a, word.a is None, "week"
        return _weekday_after_week(text, end, when)
    if role == "weekday":
        when.weekday = (word.a or 1, word.b or 1)
        return end
    if role == "bare_month_part":
        when.days, when.grain = (word.a or 1, word.b or 0), word.grain
        return end
    if (
        role == "season"
        and text[end : end + 1].isalpha()
        and text[end] not in "以来期即将已"
        and text[start - 1 : start] not in ("于", "在")
    ):
        return start
    if role == "open":
        when.open, when.grain = True, "day"
        return end
    return year_part(text, end, when, word)


def _weekday_after_week(text: str, end: int, when: When) -> int:
    # 本周三 drops the 周 that 本周 already says.
    found = date_vocabulary().opening.at("周" + text[end : end + 2], 0)
    if found is None or found[1].role != "weekday" or text.startswith("日均", end):
        return end
    when.weekday, when.grain = (found[1].a or 1, found[1].b or 1), "day"
    return end + len(found[0]) - 1


def _restated(text: str, end: int, when: When) -> int:
    """昨日(14日), 周四(11月21日): a date said twice is one."""
    closing = _CLOSING.get(text[end : end + 1])
    if closing is None or end + 2 >= len(text):
        return end
    inner = When()
    character = text[end + 1]
    if character.isdigit() and character.isascii():
        stop = _digits(text, end + 1, inner)
    elif not character.isascii():
        stop = _words(text, end + 1, inner)
    else:
        return end
    if stop == end + 1:
        return end
    tail = _RANGE_TAIL.match(text, stop)
    if tail is not None and text.startswith(closing, tail.end()):
        # 上周（1月4日至7日）: the bracket bounds the days of the period before it.
        return tail.end() + 1
    if not text.startswith(closing, stop):
        return end
    if inner.day is not None:
        when.day = inner.day
        when.month = inner.month if inner.month is not None else when.month
        when.year = inner.year if inner.year is not None else when.year
        when.day_shift = when.week_shift = when.weekday = None
        when.open = False
    return stop + 1


def _is_counted(text: str, match: re.Match[str]) -> bool:
    """Whether four digits that look like a year carry a unit, a scale or a qualifier."""
    before = text[match.start() - 1 : match.start()]
    if before in tuple("第约近超逾达-/.号") or text[match.end()] in "万亿余多以千百左号至到":
        return True
    return unit_at(text, match.end()) is not None
