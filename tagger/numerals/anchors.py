"""Where a quantity may begin: digits, numerals, 第, and the words that open dates.

One regular expression finds the next such place, so that the text between costs nothing, and a
second one says whether a number there may open a date; whatever is no date is an amount at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from tagger.numerals.date_words import calendar_openings, date_vocabulary
from tagger.numerals.exclusions import Exclusions
from tagger.numerals.holidays import holiday_names
from tagger.numerals.multiples import multiples
from tagger.numerals.tables import Words, word_pattern
from tagger.numerals.units import units_after

DIGITS = frozenset("0123456789")
NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟半几数幺")
# What may follow a numeral beside a unit: more numerals, the joint of a range or a ratio, a
# fraction, a bonus of shares (十派五), a date or the end of the text.
_AFTER_NUMERAL = (
    "".join(NUMERALS)
    + '兆 -~—–至到:：∶/+分点又派送转配比加减乘除等余多来年月日号时季旬刻财世期末”"」'
)
_C = "〇零一二两三四五六七八九十廿卅"
# What follows the head of a list of months or quarters: 6、7月, 第二、三季度.
_LISTED = rf"(?: ?(?:[、和及与或]|以及) ?第?(?:\d{{1,2}}|[{_C}]{{1,3}})){{1,11}} ?[月季]"
_DATE_SIGNS = (
    r"(?:19|20)\d\d"
    r"|\d{1,2}(?!\d)(?: ?[年月日号季时点]|[/:：半QHqh财会全上下前世]"
    r"|'?\d\d| ?[-~至到—–、]{1,2} ?\d{1,2}(?!\d)(?: ?[年月日号季时点]|[:：、-])"
    rf"|{_LISTED})"
    r"|\d++年"
    rf"|[{_C}]++(?: ?[年月日号季时点旬刻世财]|[-~至到—–、]{{1,2}}[{_C}]{{1,4}}+[年月日号季时点财]"
    rf"|{_LISTED}|[”\"」期末规开以收])"
    r"|半"
)


class Anchors(NamedTuple):
    """``pattern`` stops where something may begin, ``excluded`` knows the names around it.

    ``dated`` matches numbers that are followed by what makes dates and times of numbers.
    """

    pattern: re.Pattern[str]
    dated: re.Pattern[str]
    excluded: Exclusions


@lru_cache(maxsize=1)
def anchors() -> Anchors:
    """The places at which the finder stops, built from the tables once."""
    words, numeric = _opening_words()
    following = re.escape(_AFTER_NUMERAL + "".join(sorted(units_after().first_characters)))
    stops = [
        *sorted(DIGITS),
        f"第(?=[ 0-9{''.join(sorted(NUMERALS))}])",
        *(f"{each}(?=[{following}]|\\Z|{_LISTED})" for each in sorted(NUMERALS)),
    ]
    pattern = re.compile("|".join([*stops, word_pattern(words | numeric)]))
    dated = re.compile(f"{_DATE_SIGNS}|{word_pattern(numeric)}")
    return Anchors(pattern, dated, Exclusions(pattern, words))


def _opening_words() -> tuple[frozenset[str], frozenset[str]]:
    """The words that open dates: those in letters, and those that begin with a numeral (五一)."""
    vocabulary = date_vocabulary()
    tables: tuple[Words[Any], ...] = (
        vocabulary.opening,
        holiday_names(),
        calendar_openings(),
        vocabulary.dayparts,
        multiples(),
    )
    words = {word for table in tables for word, _ in table}
    # 今, 昨 and 明 stand only before a part of the day.
    single = {word for word in words if len(word) == 1}
    parts = {word for word, _ in vocabulary.dayparts}
    words |= {day + part for day in single for part in parts}
    numeric = {word for word in words if word[0] in NUMERALS or word[0] in DIGITS}
    others = words - numeric - single
    return frozenset(word for word in others if word[0] != "第"), frozenset(numeric)
