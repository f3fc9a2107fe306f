"""The parts of a date in their order: the year, what comes after it, the month, the day."""

from __future__ import annotations

import re

from tagger.numerals.calendar import When
from tagger.numerals.date_words import DateWord, date_vocabulary
from tagger.numerals.holidays import holiday_names
from tagger.numerals.number import chinese_value

_C = "〇零一二三四五六七八九"
MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元]"
DAY = (
    r"3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|十[一二三四五六七八九]?|[一二三四五六七八九]"
)
_YEAR = re.compile(
    rf"(?P<digits>[12]\d{{3}}|\d{{2}}|[一二][{_C}]{{3}}|[{_C}]{{2}})(?P<gap> ?)"
    r"(?P<unit>财政年度|财务年度|会计年度|财年|年度|年(?![代轮级龄薪化均]|期(?!间)))"
)
DECADE = re.compile(
    r"(?:(?P<named>[上本])世纪)?"
    r"(?:(?P<century>[12]\d)?(?P<tens>\d)0|(?P<chinese>[一二三四五六七八九])十)年代"
)
_MONTH = re.compile(rf"(?P<month>{MONTH}) ?月(?:份(?!额))?")
_DAY = re.compile(rf"(?P<day>{DAY}) ?(?P<unit>日(?![元圆均线币股经报]|电(?!话))|号)")
# 7月5至8日, 1月12、19及28日: days that share the unit of the last.
_DAY_SPAN = re.compile(
    r"(?P<first>3[01]|[12]\d|0?[1-9])(?:、(?:3[01]|[12]\d|0?[1-9]))*[-~至到—–、和及与]"
    r"(?P<last>3[01]|[12]\d|0?[1-9])[日号]"
)
_LUNAR_MONTH = re.compile(
    r"(?:农历|阴历)?(?P<month>正|腊|冬|[一二三四五六七八九]|十[一二]?) ?月"
    r"(?P<day>初[一二三四五六七八九十]|廿[一二三四五六七八九]?|二?十[一二三四五六七八九]?|三十|二十)?"
)
FIRST_MONTHS = re.compile(rf"[前首](?P<count>{MONTH})个?月(?!份)")
_MONTH_SPAN = re.compile(
    r"(?P<first>1[0-2]|0?[1-9])月?[-~至到—–](?P<last>1[0-2]|0?[1-9])月(?!\d{1,2}[日号])(?:份(?!额))?"
)
COMPACT = re.compile(
    r"(?:(?P<part>[1-4]Q|[12]H|Q[1-4]|H[12]) ?'?(?P<year>20\d\d|\d\d)"
    r"|(?P<leading>20\d\d|\d\d)年? ?(?P<after>[1-4]Q|[12]H|Q[1-4]|H[12]))(?![0-9A-Za-z])"
)
# Months of the year parts that a bracket or a following 末 narrows.
_EDGE_STOPS = tuple("步级次部价端")
_EDGES = {"末": -1, "底": -1, "初": 0}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
# 号 after a bare number is mostly part of a name.
_NOT_DAYS = frozenset("楼线文机店码令院公地铁舱厂桥井门仓馆台库车船坑街路馆矿卫星区")


def numbered_year(text: str, start: int, when: When) -> int:
    match = COMPACT.match(text, start) or DECADE.match(text, start)
    if match is not None:
        return compact_period(when, match) if match.re is COMPACT else decade(when, match)
    end = read_year(text, start, when)
    return after_year(text, end, when) if end > start else start


def read_year(text: str, start: int, when: When) -> int:
    match = _YEAR.match(text, start)
    if match is None:
        return start
    digits = match["digits"]
    if len(digits) == 2 and match["unit"] != "财年" and not _year_like(text, match):
        return start
    if not digits.isascii():
        value = chinese_value(digits)
        if value is None and len(digits) == 2:
            return start
        digits = str(value).rjust(len(digits), "0")
    when.year = full_year(digits)
    when.open = match["unit"] not in ("年", "年度")
    return match.end()


def _year_like(text: str, match: re.Match[str]) -> bool:
    """Two digits before 年 are a year (21年) where a month or part follows, else a duration."""
    if match["digits"][0] in "0〇零":
        return True
    end = match.end() + (1 if text.startswith(" ", match.end()) else 0)
    part = date_vocabulary().after_year.at(text, end)
    if part is not None and (len(part[0]) > 1 or part[0] in _EDGES):
        return part[1].grain in ("half", "quarter", "year") or part[0] in ("年底", "底", "末", "初")
    return _MONTH.match(text, end) is not None


def full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def after_year(text: str, end: int, when: When) -> int:
    position = end + 1 if text.startswith(" ", end) else end
    month = _MONTH.match(text, position)
    if month is not None:
        when.month = month_number(month["month"])
        return after_month(text, month.end(), when)
    span = _MONTH_SPAN.match(text, position)
    if span is not None:
        first = int(span["first"])
        when.months, when.grain = (first, (int(span["last"]) - first) % 12 + 1), "month"
        return span.end()
    first_months = FIRST_MONTHS.match(text, position)
    if first_months is not None:
        return months_so_far(when, first_months)
    part = date_vocabulary().after_year.at(text, position)
    if part is not None and _stands_after_year(text, position, part[0]):
        return year_part(text, position + len(part[0]), when, part[1])
    holiday = holiday_names().at(text, position)
    if holiday is not None:
        when.holiday = holiday[1]
        return position + len(holiday[0])
    lunar = lunar_date(text, position, when)
    if lunar > position:
        return lunar
    if text.startswith("同期", position):
        return position + 2
    return end


def months_so_far(when: When, match: re.Match[str]) -> int:
    """今年前9个月, 前11月: the months since January."""
    when.months, when.grain = (1, month_number(match["count"])), "month"
    return match.end()


def _stands_after_year(text: str, position: int, word: str) -> bool:
    following = text[position + len(word) : position + len(word) + 1]
    if word[-1] == "季" and following == "报":
        return False
    if word == "中":
        return not following.isalpha() or following in tuple("左前后完")
    if word in ("春", "夏", "秋", "冬", "春夏"):
        return following not in tuple("国央节运游招装闹晚考报装粮奥训")
    if word in ("初", "底", "末", "终", "尾"):
        return following not in tuple("步级次始部盘端身声价")
    if word == "中期":
        return following not in tuple("票借贷股息")
    return True


def year_part(text: str, end: int, when: When, word: DateWord) -> int:
    first, count = word.a or 1, word.b or 12
    when.months, when.grain = (first, count), word.grain
    edge = text[end : end + 1]
    if (
        word.grain in ("quarter", "half")
        and edge in _EDGES
        and text[end + 1 : end + 2] not in _EDGE_STOPS
    ):
        when.months = (first + count - 1 if _EDGES[edge] else first, 1)
        when.grain = "month"
        return end + 1
    if text.startswith("同期", end):
        return end + 2
    return end


def after_month(text: str, end: int, when: When) -> int:
    position = end + 1 if text.startswith(" ", end) else end
    match = _DAY.match(text, position)
    if match is not None and not _is_name_number(text, match, after_month=True):
        when.day, when.grain = _day_number(match["day"]), "day"
        return match.end()
    days = _DAY_SPAN.match(text, position)
    if days is not None and int(days["first"]) <= int(days["last"]):
        when.days = (int(days["first"]), int(days["last"]) - int(days["first"]) + 1)
        when.grain = "day"
        return days.end()
    part = date_vocabulary().after_month.at(text, position)
    if part is not None and not (
        part[0] in ("初", "末", "底", "中")
        and text[position + 1 : position + 2] in tuple("步级次始部盘国央标签学方")
    ):
        when.days, when.grain = (part[1].a or 1, part[1].b or 0), part[1].grain
        return position + len(part[0])
    return end


def month_or_day(text: str, start: int, when: When) -> int:
    match = _MONTH.match(text, start)
    if match is not None:
        when.month = month_number(match["month"])
        return after_month(text, match.end(), when)
    match = _DAY.match(text, start)
    if match is None or _is_name_number(text, match, after_month=False):
        return start
    if match["unit"] == "号" and not text[start].isdigit():
        return start
    if match["unit"] == "日" and _is_number_of_days(text, match):
        return start
    when.day = _day_number(match["day"])
    return match.end()


def _is_number_of_days(text: str, match: re.Match[str]) -> bool:
    """近5日, 连续3日, 30日内: a duration and no day of the month."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if (
        before
        and before in "近续来去满每第足达前后"
        and text[max(0, match.start() - 2) : match.start()]
        not in ("今后", "此前", "之后", "之前", "日前")
    ):
        return True
    return after in tuple("内游") or text.startswith(
        ("以内", "以上", "之内", "后的", "有效"), match.end()
    )


def _is_name_number(text: str, match: re.Match[str], after_month: bool) -> bool:
    following = text[match.end() : match.end() + 1]
    if match["unit"] == "号":
        return following in _NOT_DAYS or (not after_month and following in ("", "”", "》"))
    return False


def lunar_date(text: str, start: int, when: When) -> int:
    match = _LUNAR_MONTH.match(text, start)
    if match is not None:
        written = match["month"]
        says_lunar = text[start] in "农阴" or written in _LUNAR_MONTHS
        if says_lunar or (match["day"] and match["day"][0] in "初廿"):
            value = _LUNAR_MONTHS.get(written) or month_number(written)
            when.month, when.lunar = value, True
            if match["day"]:
                when.day = _day_number(match["day"].removeprefix("初"))
            else:
                when.open, when.grain = True, "month"
            return match.end()
    return start


def compact_period(when: When, match: re.Match[str]) -> int:
    when.year = full_year(match["year"] or match["leading"])
    part = match["part"] or match["after"]
    index = int(part.strip("QH"))
    if "Q" in part:
        when.months, when.grain = (3 * index - 2, 3), "quarter"
    else:
        when.months, when.grain = (6 * index - 5, 6), "half"
    return match.end()


def decade(when: When, match: re.Match[str]) -> int:
    tens = int(chinese_value(match["chinese"]) or 0) if match["chinese"] else int(match["tens"])
    if match["century"]:
        century = int(match["century"])
    elif match["named"]:
        century = 19 if match["named"] == "上" else 20
    else:
        century = 19 if tens >= 3 else 20
    when.year, when.years, when.grain = century * 100 + tens * 10, 10, "decade"
    return match.end()


def five_year_plan(text: str, when: When, match: re.Match[str]) -> int:
    """Five-year plans: the tenth began in 2001, one every five years."""
    number = int(chinese_value(match["plan"]) or 0)
    when.year, when.years, when.grain = 1951 + 5 * number, 5, "year"
    end = match.end()
    if text[end : end + 1] in ("”", '"', "」"):
        end += 1
    if text.startswith("末", end):
        when.year, when.years = when.year + 4, 1
        return end + 1
    return end


def month_number(written: str) -> int:
    if written in ("元", "正"):
        return 1
    return int(written) if written.isascii() else int(chinese_value(written) or 0)


def _day_number(written: str) -> int:
    return int(written) if written.isascii() else int(chinese_value(written) or 0)
