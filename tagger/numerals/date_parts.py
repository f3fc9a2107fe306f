"""The month, the day and the week of a date, as they follow one another."""

from __future__ import annotations

import re

from tagger.numerals.chinese_numbers import chinese_value
from tagger.numerals.date_words import date_contexts, date_vocabulary
from tagger.numerals.holidays import Holiday
from tagger.numerals.when import When

MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元]"
DAY = (
    r"3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|十[一二三四五六七八九]?|[一二三四五六七八九]"
)
MONTH_NAME = re.compile(rf"(?P<month>{MONTH}) ?月(?:份(?!额))?")
_DAY_AFTER_MONTH = re.compile(rf"(?P<day>{DAY}) ?(?:日|号(?![楼线]))")
_DAY_ALONE = re.compile(
    rf"(?P<day>{DAY}) ?(?P<unit>日(?![元圆线币股]|均[值线价量增]|经(?!过)|报(?!道|告)|电(?!话))|号)"
)
# What is told on a day of the month that Chinese numerals write (二日晚间公告), and a day before it
# in a list (九月四日、八日).
_TOLD_ON_DAY = re.compile(
    "晚|上午|下午|凌晨|早[间上盘]|中午|电(?!影|视)|讯|公[告布]|宣布|发布|举行|召开"
)
_DAY_OF_MONTH_BEFORE = re.compile("月[一二三四五六七八九十]{1,3}日[、和]$")
_LONGEST_DAY = 6
# 7月5至8日, 1月12、19及28日: days that share the unit of the last.
_DAY_SPAN = re.compile(
    r"(?P<first>3[01]|[12]\d|0?[1-9])(?:、(?:3[01]|[12]\d|0?[1-9]))*[-~至到—–、和及与]"
    r"(?P<last>3[01]|[12]\d|0?[1-9])[日号]"
)
_LUNAR = re.compile(
    r"(?:农历|阴历|旧历)?(?P<leap>闰)?(?P<month>正|腊|冬|[一二三四五六七八九]|十[一二]?) ?月"
    r"(?P<day>初[一二三四五六七八九十]|廿[一二三四五六七八九]?|二?十[一二三四五六七八九]?|三十|二十)?"
)
FIRST_MONTHS = re.compile(rf"[前首头](?P<count>{MONTH}|两)(?P<counted>个?)月(?!份)")
MONTH_SPAN = re.compile(
    r"(?P<first>1[0-2]|0?[1-9])月?[-~至到—–](?P<last>1[0-2]|0?[1-9])月(?!\d{1,2}[日号])(?:份(?!额))?"
)
# 第三周, 首周, 第一天, 最后一周, 后三个月: counted from the beginning or end of what they follow.
_NTH = re.compile(
    r"的?(?:第(?P<nth>[1-5]?\d|[一二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九])个?|首个?)"
    r"(?:(?P<day>[天日](?!子))|周(?![年岁期])|星期(?![一二三四五六日天])|礼拜)"
)
_LAST = re.compile(
    r"的?(?:最后|后)(?P<count>\d{1,2}|[一两二三四五六七八九十])"
    r"(?:(?P<day>天|日)|个?(?P<week>周(?![年岁期])|星期|礼拜)|个(?P<month>月)|个?(?P<quarter>季度))"
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def months_so_far(when: When, match: re.Match[str]) -> int:
    """今年前9个月, 今年头两个月, 前11月: the months since January."""
    when.months, when.grain = (1, month_number(match["count"])), "month"
    return match.end()


def after_month(text: str, end: int, when: When) -> int:
    """The day, the days or the part of the month that follow at ``end``, or ``end``."""
    position = end + 1 if text.startswith(" ", end) else end
    match = _DAY_AFTER_MONTH.match(text, position)
    if match is not None:
        when.day, when.grain = day_number(match["day"]), "day"
        return match.end()
    days = _DAY_SPAN.match(text, position)
    if days is not None and int(days["first"]) <= int(days["last"]):
        when.days = (int(days["first"]), int(days["last"]) - int(days["first"]) + 1)
        when.grain = "day"
        return days.end()
    part = date_vocabulary().after_month.at(text, position)
    if part is not None and part[1].stands(text, position + len(part[0])):
        when.days, when.grain = (part[1].a or 1, part[1].b or 0), part[1].grain
        return position + len(part[0])
    return counted_within(text, position, when) or end


def day_after_day(text: str, start: int) -> tuple[int, When] | None:
    """The day that ends 九号到十五号: after a day a number with 号 is one, and no name."""
    match = _DAY_AFTER_MONTH.match(text, start)
    return None if match is None else (match.end(), When(day=day_number(match["day"])))


def counted_within(text: str, position: int, when: When) -> int:
    """The week, the day or the last days or months of a year or month; 0 where none is named."""
    following = text[position : position + 1]
    if not following or following not in "的第首最后":
        return 0
    match = _NTH.match(text, position)
    if match is not None:
        count = _count(match["nth"] or "1")
        if match["day"]:
            when.nth_day, when.grain = count, "day"
        else:
            when.week, when.grain = count, "week"
        return match.end()
    match = _LAST.match(text, position)
    if match is None:
        return 0
    count = _count(match["count"])
    in_month = when.month is not None or when.month_shift is not None
    if match["day"]:
        when.last_days, when.grain = count, "day"
    elif match["week"] and count == 1:
        when.week, when.grain = -1, "week"
    elif match["month"] and not in_month and count <= 12:
        when.months, when.grain = (13 - count, count), "month"
    elif match["quarter"] and not in_month and count <= 4:
        when.months, when.grain = (13 - 3 * count, 3 * count), "quarter"
    else:
        return 0
    return match.end()


def month_or_day(text: str, start: int, when: When) -> int:
    """A month with what follows it, or a day of an unnamed month, at ``start``."""
    match = MONTH_NAME.match(text, start)
    if match is not None:
        when.month = month_number(match["month"])
        return after_month(text, match.end(), when)
    match = _DAY_ALONE.match(text, start)
    if match is None:
        return start
    if match["unit"] == "号" and _is_name_number(text, match):
        return start
    if match["unit"] == "日" and _is_number_of_days(text, match):
        return start
    when.day = day_number(match["day"])
    return match.end()


def _is_number_of_days(text: str, match: re.Match[str]) -> bool:
    """近5日, 连续3日, 30日内, 缩短至5日, 三日: a duration and no day of the month."""
    contexts = date_contexts()
    start, end = match.span()
    # News writes days of the month in figures or after their month (休市一日, 三日大涨), and
    # otherwise says what was told on them: 二日晚间公告.
    if not match["day"].isascii() and len(match["day"]) == 1:
        listed = _DAY_OF_MONTH_BEFORE.search(text, max(0, start - _LONGEST_DAY), start)
        return not (listed or _TOLD_ON_DAY.match(text, end))
    before, after = text[start - 1 : start], text[end : end + 1]
    if (
        before
        and before in contexts["days_before"]
        and not text.endswith(tuple(contexts["days_before_not"]), 0, start)
    ):
        return True
    if text.endswith(tuple(contexts["days_before_words"]), 0, start):
        return True
    return (after and after in contexts["days_after"]) or text.startswith(
        tuple(contexts["days_after_words"]), end
    )


def _is_name_number(text: str, match: re.Match[str]) -> bool:
    """5号楼, 神舟十五号: 号 after a bare number is mostly part of a name."""
    start, end = match.span()
    contexts = date_contexts()
    following, before = text[end : end + 1], text[start - 1 : start]
    if following and following in contexts["number_names"]:
        return True
    if before in ("", "\n"):
        return False
    return (
        not text[start].isdigit()
        or before not in contexts["number_before_day"]
        or following in ("", "”", "》")
    )


def lunar_date(text: str, start: int, when: When) -> int:
    """正月初三, 农历八月十五, 闰四月: a month of the lunar calendar, with its day."""
    match = _LUNAR.match(text, start)
    if match is None:
        return start
    written = match["month"]
    says_lunar = text[start] in "农阴旧闰" or written in _LUNAR_MONTHS
    if not says_lunar and not (match["day"] and match["day"][0] in "初廿"):
        return start
    month = _LUNAR_MONTHS.get(written) or month_number(written)
    calendar = "leap" if match["leap"] else "lunar"
    if match["day"]:
        when.holiday = Holiday(calendar, month, day_number(match["day"].removeprefix("初")), 1)
    else:
        when.holiday, when.grain = Holiday(calendar, month, 1, 0), "month"
    return match.end()


def month_number(written: str) -> int:
    """The number of a month as ``MONTH`` matches it."""
    if written == "元":
        return 1
    return int(written) if written.isascii() else int(chinese_value(written) or 0)


def day_number(written: str) -> int:
    """The number of a day as ``DAY`` matches it."""
    return int(written) if written.isascii() else int(chinese_value(written) or 0)


def _count(written: str) -> int:
    return int(written) if written.isascii() else int(chinese_value(written) or 0)
