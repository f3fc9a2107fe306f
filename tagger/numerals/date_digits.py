"""Dates that begin with a figure: 2021-09-24, 12/31, 20210924, 2021-2023, 31日."""

from __future__ import annotations

import re

from tagger.numerals.bare import names_thing
from tagger.numerals.date_parts import month_or_day
from tagger.numerals.date_words import date_contexts, date_vocabulary
from tagger.numerals.date_years import after_year, numbered_year, year_part
from tagger.numerals.units import unit_at
from tagger.numerals.when import When

_ISO = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<separator>[-/.])(?P<month>0?[1-9]|1[0-2])"
    r"(?:(?P=separator)(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d.%])(?:T(?=\d\d:))?"
)
_EIGHT_DIGITS = re.compile(
    r"(?P<year>19[5-9]\d|20[0-4]\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?![\dA-Za-z.%万亿元股_-])"
)
_SLASH = re.compile(r"(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12]\d|0[1-9])(?![\d/.年])")
_YEAR_SPAN = re.compile(
    r"(?P<first>20[0-4]\d)[-~至到—–](?P<last>20[0-6]\d)(?![\d.,%年万亿人家个点]| ?年)"
)
# A year without 年: before a part of it, where neither unit nor decimals follow (2022“金牛奖”), or
# at the end of a report's title: 《行业发展报告2021》, 《税则（2022）》.
_BARE_YEAR = re.compile(
    r"(?P<year>(?:19[5-9]|20[0-4])\d)(?= ?(?:全年|上半年|下半年|前三季|第?[一二三四1-4]季|财务))"
    r"|(?P<plain>20[0-3]\d)(?=[“《【（\u4e00-\u9fff])"
    r"|(?:(?<=报告)|(?<=皮书)|(?<=年鉴)|(?<=展望)|(?<=[(（]))(?P<titled>20[0-3]\d)(?=[)）]?》)"
)
_ASCII_DIGITS = frozenset("0123456789")


def read_digits(text: str, start: int, when: When) -> int:
    """Reads the date at ``start`` into ``when``; where it ends, ``start`` where there is none."""
    follow = start + 1
    while follow < start + 9 and text[follow : follow + 1] in _ASCII_DIGITS:
        follow += 1
    following = text[follow : follow + 1]
    if following and following in "月日号":
        return month_or_day(text, start, when)
    if following == "年":
        return numbered_year(text, start, when)
    match = _ISO.match(text, start)
    if match is not None and _is_iso_date(text, match):
        when.year, when.month = int(match["year"]), int(match["month"])
        when.day = int(match["day"]) if match["day"] else None
        return match.end()
    if follow - start == 8:
        return _eight_digits(text, start, when)
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
        when.year = int(match["year"] or match["plain"] or match["titled"])
        return after_year(text, match.end(), when)
    match = _SLASH.match(text, start)
    if match is not None and text[max(0, start - 1) : start] not in ("/", "."):
        when.month, when.day = int(match["month"]), int(match["day"])
        return match.end()
    word = date_vocabulary().opening.at(text, start)
    if word is not None and word[1].role == "digit_year_part":
        return year_part(text, start + len(word[0]), when, word[1])
    return month_or_day(text, start, when)


def _is_iso_date(text: str, match: re.Match[str]) -> bool:
    """2021-09 and 2021/09 are months; 2021.09 only alone, for it may be a number."""
    if match["day"] or match["separator"] == "-":
        return True
    if len(match["month"]) < 2:
        return False
    if match["separator"] == "/":
        return True
    return match.start() == 0 and match.end() == len(text)


def _eight_digits(text: str, start: int, when: When) -> int:
    """20210924, where it is no part of a longer name or number."""
    match = _EIGHT_DIGITS.match(text, start)
    before = text[start - 1 : start]
    if match is None or (before and before.isascii() and (before.isalnum() or before in "-_/.:")):
        return start
    if before and before in date_contexts()["number_before"]:
        return start
    when.year, when.month, when.day = int(match["year"]), int(match["month"]), int(match["day"])
    return match.end()


def _is_counted(text: str, match: re.Match[str]) -> bool:
    """Whether four digits that look like a year carry a unit, a scale or a qualifier, or name."""
    contexts = date_contexts()
    before, after = text[match.start() - 1 : match.start()], text[match.end()]
    if (before and before in contexts["counted_before"]) or after in contexts["counted_after"]:
        return True
    return unit_at(text, match.end()) is not None or names_thing(text, *match.span())
