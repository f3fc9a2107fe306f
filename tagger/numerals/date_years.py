"""The year of a date and what comes after it; decades, centuries and five-year plans."""

from __future__ import annotations

import re

from tagger.numerals.chinese_numbers import chinese_value
from tagger.numerals.date_lists import list_head
from tagger.numerals.date_parts import (
    FIRST_MONTHS,
    MONTH_NAME,
    MONTH_SPAN,
    after_month,
    counted_within,
    lunar_date,
    month_number,
    months_so_far,
)
from tagger.numerals.date_words import DateWord, date_contexts, date_vocabulary
from tagger.numerals.holidays import holiday_at
from tagger.numerals.when import When

_C = "〇零一二三四五六七八九"
_YEAR = re.compile(
    rf"(?P<digits>[12]\d{{3}}|\d{{2}}|[一二][{_C}]{{3}}|[{_C}]{{2}})(?P<gap> ?)"
    r"(?P<unit>财政年度|财务年度|会计年度|年?财年|年度"
    # 3年均 is a mean of years and 3年薪 a salary, 2021年|均有 and 2021年|薪酬 are not.
    r"|年(?:(?<=[12]\d{3}年)|(?![均薪]))(?![代轮级龄化]|期(?!间)))"
)
_MINGUO_ERA = re.compile(r"(?:中华)?民国 ?")
_MINGUO_YEAR = re.compile(
    rf"(?P<digits>[1-9]\d{{0,2}}|[{_C}百十]{{1,5}}|元) ?年度?(?![代轮级龄薪化均])"
)
# Without 民国 it is one where 度 or a part of the year follows: 113年度, 114年1月, 较113年同期.
_BARE_MINGUO = re.compile(r"(?P<digits>1[0-4]\d)年(?P<whole>度(?![假过]))?")
# Its first year is 1912.
_YEAR_BEFORE_MINGUO = 1911
_LAST_MINGUO = 999
_AGE = (
    r"(?:(?P<named>[上本])个?世纪|(?P<century>\d{1,2}|二?十[一二三四五六七八九]?)世纪)"
    r"(?P<decade>(?P<tens>\d)0年代|(?P<chinese>[一二三四五六七八九])十年代)?"
)
AGE = re.compile(_AGE)
DECADE = re.compile(
    r"(?:(?P<years>[12]\d\d)0|(?P<tens>\d)0|(?P<chinese>[一二三四五六七八九])十)年代"
)
COMPACT = re.compile(
    r"(?:(?P<part>[1-4]Q|[12]H|Q[1-4]|H[12]) ?'?(?P<year>20\d\d|\d\d)"
    r"|(?P<leading>20\d\d|\d\d)年? ?(?P<after>[1-4]Q|[12]H|Q1-[2-4]|Q[1-4]|H[12])"
    r"|(?<![0-9A-Za-z.])(?P<alone>[1-4]Q))(?![0-9A-Za-z])"
)
PLAN = re.compile(
    r"[“\"「]?(?P<plan>十?[一二三四五六七八九])五[”\"」]?(?=[”\"」]|期间|时期|末|规划|开局|以来|收官)"
)
_EDGES = {"末": -1, "底": -1, "初": 0}


def numbered_year(text: str, start: int, when: When) -> int:
    """A year in figures with its parts, a decade or a compact period (2021Q3) at ``start``."""
    match = COMPACT.match(text, start)
    if match is not None:
        return compact_period(when, match)
    end = decade_or_century(text, start, when)
    if end > start:
        return end
    end = read_year(text, start, when)
    if end == start:
        end = _minguo_without_era(text, start, when)
    return after_year(text, end, when) if end > start else start


def read_year(text: str, start: int, when: When) -> int:
    """2021年, 二〇二一年, 21年, 2021财年 at ``start``, without what follows."""
    match = _YEAR.match(text, start)
    if match is None:
        return start
    digits = match["digits"]
    if len(digits) == 2 and not match["unit"].endswith("财年") and not _year_like(text, match):
        return start
    if not digits.isascii():
        value = chinese_value(digits)
        if value is None and len(digits) == 2:
            return start
        digits = str(value).rjust(len(digits), "0")
    when.year = full_year(digits)
    when.fiscal = match["unit"] not in ("年", "年度")
    return match.end()


def minguo_year(text: str, start: int, when: When) -> int:
    """民国113年, 中华民国一一三年 at ``start``, without what follows."""
    era = _MINGUO_ERA.match(text, start)
    return start if era is None else max(start, year_of_minguo(text, era.end(), when))


def year_of_minguo(text: str, start: int, when: When) -> int:
    """The year after 民国, or the second of a range of such years; -1 where none stands there."""
    match = _MINGUO_YEAR.match(text, start)
    if match is None:
        return -1
    digits = match["digits"]
    year = 1 if digits == "元" else int(digits) if digits.isascii() else chinese_value(digits)
    if not year or year > _LAST_MINGUO:
        return -1
    when.year, when.minguo = _YEAR_BEFORE_MINGUO + int(year), True
    return match.end()


def _minguo_without_era(text: str, start: int, when: When) -> int:
    match = _BARE_MINGUO.match(text, start)
    if match is None or says_how_long(text, start):
        return start
    end = match.end()
    # 100年底蕴
    begins = _begins_part(text, end) and (text[end] not in _EDGES or edge_at(text, end) is not None)
    if not (match["whole"] or begins or text.startswith("同期", end)):
        return start
    when.year, when.minguo = _YEAR_BEFORE_MINGUO + int(match["digits"]), True
    return end


def _begins_part(text: str, end: int) -> bool | None:
    """Whether what follows a year at ``end`` is a month or a part that makes a year of it; None
    where no word for a part of the year stands there."""
    end += text.startswith(" ", end)
    part = date_vocabulary().after_year.at(text, end)
    if part is not None and (len(part[0]) > 1 or part[0] in _EDGES):
        return part[1].grain in ("half", "quarter", "year") or part[0] in ("年底", "底", "末", "初")
    return True if MONTH_NAME.match(text, end) is not None else None


def _year_like(text: str, match: re.Match[str]) -> bool:
    """Two digits before 年 are a year where a month, a part of the year or a word of reports
    follows or where they stand alone (98年), else a duration."""
    digits = match["digits"]
    if digits[0] in "0〇零":
        return True
    begins = _begins_part(text, match.end())
    if begins is not None:
        return begins
    if not digits.isascii() or digits[1] == "0" or match["unit"] != "年":
        return False
    contexts = date_contexts()
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if before in ("", "\n") and after in ("", "\n"):
        return True
    if says_how_long(text, match.start()):
        return False
    if digits >= "85" and after not in contexts["old_year_after_not"]:
        return True
    return text.startswith(tuple(contexts["year_after"]), match.end())


def says_how_long(text: str, start: int) -> bool:
    """Whether what stands before two digits makes a number of years of them: 近20年."""
    before = text[start - 1 : start]
    return bool(before) and before in date_contexts()["years_before"]


def full_year(digits: str) -> int:
    """The year of two or four digits: 49 is 2049, 50 is 1950."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def after_year(text: str, end: int, when: When) -> int:
    """The month, part, holiday or week that follows a year at ``end``, or ``end``."""
    position = end + 1 if text.startswith(" ", end) else end
    month = MONTH_NAME.match(text, position)
    if month is not None:
        when.month = month_number(month["month"])
        lunar = lunar_date(text, position, when)
        if lunar > position:
            when.month = None
            return lunar
        return after_month(text, month.end(), when)
    head = list_head(text, position, when, after_year=True)
    if head > position:
        return head
    span = MONTH_SPAN.match(text, position)
    if span is not None:
        first = int(span["first"])
        when.months, when.grain = (first, (int(span["last"]) - first) % 12 + 1), "month"
        return span.end()
    first_months = FIRST_MONTHS.match(text, position)
    if first_months is not None:
        return months_so_far(when, first_months)
    part = date_vocabulary().after_year.at(text, position)
    holiday = holiday_at(text, position)
    if holiday is not None and (part is None or len(holiday[0]) >= len(part[0])):
        when.holiday = holiday[1]
        return position + len(holiday[0])
    if part is not None:
        if part[1].stands(text, position + len(part[0])):
            return year_part(text, position + len(part[0]), when, part[1])
        return end
    lunar = lunar_date(text, position, when)
    if lunar > position:
        return lunar
    if text.startswith("同期", position):
        when.same_period = True
        return position + 2
    return counted_within(text, position, when) or end


def year_part(text: str, end: int, when: When, word: DateWord) -> int:
    """Takes the part of the year that ``word`` names, with the edge of it that follows."""
    first, count = word.a or 1, word.b or 12
    if word.grain == "season":
        when.season, when.grain = (first, count), "quarter"
        return end
    when.months, when.grain = (first, count), word.grain
    edge = edge_at(text, end) if word.grain in ("quarter", "half") else None
    if edge is not None:
        when.months = (first + count - 1 if edge else first, 1)
        when.grain = "month"
        return end + 1
    if text.startswith("同期", end):
        return end + 2
    return end


def edge_at(text: str, end: int) -> int | None:
    """-1 for 末 and 底, 0 for 初 after a quarter or half at ``end``, None for neither."""
    edge = _EDGES.get(text[end : end + 1])
    following = text[end + 1 : end + 2]
    return None if following and following in date_contexts()["edge_stops"] else edge


def compact_period(when: When, match: re.Match[str]) -> int:
    """2021Q3, 1H22, 3Q."""
    if not match["alone"]:
        when.year = full_year(match["year"] or match["leading"])
    part = match["part"] or match["after"] or match["alone"]
    index = int(part.strip("QH")[-1])
    if "-" in part:
        # 24Q1-3
        when.months, when.grain = (1, 3 * index), "quarter"
    elif "Q" in part:
        when.months, when.grain = (3 * index - 2, 3), "quarter"
    else:
        when.months, when.grain = (6 * index - 5, 6), "half"
    return match.end()


def decade_or_century(text: str, start: int, when: When) -> int:
    """60年代, 上世纪90年代末, 21世纪初. Centuries begin with their round year, as decades do."""
    match = DECADE.match(text, start)
    if match is not None:
        tens = _tens(match)
        first = int(match["years"]) * 10 if match["years"] else 0
        return _age(text, match.end(), when, first or (2000 if tens < 3 else 1900) + 10 * tens, 10)
    match = AGE.match(text, start)
    if match is None:
        return start
    if match["named"]:
        century = 1900 if match["named"] == "上" else 2000
    else:
        written = match["century"]
        number = int(written) if written.isascii() else int(chinese_value(written) or 0)
        century = 100 * (number - 1)
    if match["decade"]:
        return _age(text, match.end(), when, century + 10 * _tens(match), 10)
    end = _age(text, match.end(), when, century, 100)
    following = text[end : end + 1]
    if end == match.end() and following.isalpha():
        # 21世纪经济报道 is a newspaper.
        return end if following in date_contexts()["after_century"] else start
    return end


def _tens(match: re.Match[str]) -> int:
    if match["chinese"]:
        return int(chinese_value(match["chinese"]) or 0)
    return int(match["tens"] or 0)


def _age(text: str, end: int, when: When, first: int, years: int) -> int:
    when.year, when.years, when.grain = first, years, "decade"
    vocabulary = date_vocabulary()
    parts = vocabulary.decade_parts if years == 10 else vocabulary.century_parts
    part = parts.at(text, end)
    if part is None:
        return end
    when.year, when.years = first + (part[1].a or 0), part[1].b or years
    return end + len(part[0])


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
