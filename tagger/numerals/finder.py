"""One scan over a text for all quantities.

Where readings compete, the order is: addresses, telephone and document numbers, schemes, days of
settlement (T+1) and the heads of tables; listed names that are no quantities; dates and times,
unless the words after them make a ratio or a decimal of them; halves; ordinals, doublings; amounts.
The first that reads wins, from left to right, and what it covers is not read again.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from tagger.document import Quantity, parse_published
from tagger.numerals.amounts import read_amount
from tagger.numerals.anchors import DIGITS, NUMERALS, anchors
from tagger.numerals.article import Article
from tagger.numerals.dates import read_date
from tagger.numerals.durations import time_from
from tagger.numerals.exclusions import addresses
from tagger.numerals.folding import fold
from tagger.numerals.halves import read_half
from tagger.numerals.multiples import read_multiple
from tagger.numerals.named_dates import (
    CLOCK,
    continue_list,
    count_back_from_named,
    count_from_named,
    take_named_day,
    take_named_year,
    take_year_of_columns,
)
from tagger.numerals.number import skip_number
from tagger.numerals.ordinals import read_ordinal
from tagger.numerals.ratios import is_ratio
from tagger.numerals.repeats import read_repeat
from tagger.numerals.same_period import read_same_period

# How many quantities back the date may stand that 当日 and 次年 count from.
_LOOK_BACK = 32
# 以及 with a space on either side is the longest joint of a list.
_LONGEST_JOINT = 4
_PERIOD_LINKS = ("止", "止的", "为止")
# Before or at the end of a date with which a period ends: 截至12月的三个月, 上市前的六个月.
_ENDS_WITH, _ENDS_BEFORE = ("截至", "截止", "截止至"), "前"

# How long a number of these lasts is not said.
_WORKING_DAYS = ("交易日", "工作日")
# What has first days and months of its own, as a holiday has: 2021年的前三个月.
_LONG = frozenset(("year", "half", "quarter", "month", "week"))


def find_quantities(
    text: str,
    reference_date: str | date | datetime | None = None,
    currency: str | None = None,
) -> list[Quantity]:
    """Money, percentages, measures, counts, ordinals, dates and times in Chinese text.

    Args:
        text: Any text; offsets of the result count its code points.
        reference_date: The day (or moment) that 昨日 and 12月 are seen from, as text too.
            Without one, such expressions are found but have no interval. Where it has a zone,
            intervals carry it.
        currency: ISO 4217 code of what a bare 元 and bare numbers are counted in. Without one, 元
            is CNY, unless the text shows Hong Kong's signs (HKD) or Taiwan's (TWD) and none of the
            mainland, and a bare number is money only where the words around it say so.

    Returns:
        Quantities in the order of the text, none overlapping another.

    Raises:
        ValueError: for a ``reference_date`` that is no date.
    """
    pattern, dated, excluded = anchors()
    folded = fold(text)
    article = Article(folded, text, parse_published(reference_date, "reference_date"), currency)
    found: list[Quantity] = []
    skipped = addresses(article)
    skipped.append((len(text) + 1, len(text) + 1))
    blocked = 0
    position = floor = 0
    search, names = pattern.search, excluded.keys
    while (match := search(folded, position)) is not None:
        start = match.start()
        while start >= skipped[blocked][1]:
            blocked += 1
        if start >= skipped[blocked][0]:
            position = skipped[blocked][1]
            continue
        if folded[start : start + 2] in names or folded[start] in names:
            past = excluded.end_at(folded, start)
            if past > start:
                position = past
                continue
        quantity = _read(article, start, floor, dated)
        if quantity is None:
            position = skip_number(folded, start)
            continue
        if found and quantity.duration is not None:
            _tie_to_date(quantity, found[-1], folded)
        if quantity.duration is not None:
            count_back_from_named(folded, quantity, found[-_LOOK_BACK:])
        if found and quantity.label == "DATE" and start - found[-1].end <= _LONGEST_JOINT:
            continue_list(folded, quantity, found[-_LOOK_BACK:], article.reference)
        if quantity.label == "DATE":
            take_named_year(folded, quantity, found[-_LOOK_BACK:], article.reference)
        elif quantity.label == "TIME" and quantity.grain in CLOCK and quantity.duration is None:
            take_named_day(folded, quantity, found[-_LOOK_BACK:], article.reference)
        if quantity.grain == "quarter":
            take_year_of_columns(folded, quantity, found[-_LOOK_BACK:], article.reference)
        if quantity.start_time is None and quantity.grain is not None:
            count_from_named(folded, quantity, found[-_LOOK_BACK:], article.reference)
            read_same_period(folded, quantity, found[-_LOOK_BACK:], article.reference)
        _write_as_given(quantity, text, folded)
        found.append(quantity)
        position = floor = quantity.end
    return found


def _read(article: Article, start: int, floor: int, dated: re.Pattern[str]) -> Quantity | None:
    text, reference = article.text, article.reference
    character = text[start]
    if character in DIGITS or character in NUMERALS:
        if dated.match(text, start) is not None:
            quantity = read_date(text, start, reference)
            if quantity is not None and not _is_number(text, quantity):
                return quantity
        if character in "半几数" or text.startswith("半", start + 1):
            quantity = read_half(article, start, floor)
            if quantity is not None:
                return quantity
        return read_amount(article, start, floor)
    if character == "第":
        return read_date(text, start, reference) or read_ordinal(text, start)
    if character == "每":
        return read_repeat(text, start, reference)
    return read_date(text, start, reference) or read_multiple(text, start)


def _write_as_given(quantity: Quantity, text: str, folded: str) -> None:
    """The span's text and its unit as the text writes them: 億美元 has the unit 美元, 萬噸 噸."""
    start, end = quantity.start, quantity.end
    quantity.text = text[start:end]
    if quantity.unit_text and quantity.text != folded[start:end]:
        place = folded.rfind(quantity.unit_text, start, end)
        if place >= 0:
            quantity.unit_text = text[place : place + len(quantity.unit_text)]


def _is_number(text: str, quantity: Quantity) -> bool:
    """十二点|五 is no clock time and 1:10的比例 none either."""
    end = quantity.end
    if quantity.label != "TIME":
        return False
    if text[end - 1] == "点":
        return text[end : end + 1] in NUMERALS and end < len(text)
    return is_ratio(text, quantity.start, end)


def _tie_to_date(period: Quantity, previous: Quantity, text: str) -> None:
    """截至12月24日的一周 ends with the date before it, 15个交易日后的6个月 begins with it.

    2021年的前三个月 are the first of that year, 春节前三天 the last before that day.
    """
    start, end = previous.start_time, previous.end_time
    link = text[previous.end : period.start]
    if previous.label != "DATE" or period.duration is None:
        return
    duration = period.duration
    if text.endswith(_WORKING_DAYS, period.start, period.end):
        duration = ""
    touches = link in ("", "的")
    if period.start_time is not None:
        first = touches and text[period.start] == "前"
        begins = first and _has_days(previous)
        if first and not link and not begins and start is not None and previous.grain == "day":
            period.start_time = time_from(start, duration, -1)
            period.end_time = start if period.start_time is not None else None
            return
    else:
        after = text.endswith("后", previous.start, previous.end)
        around = text.endswith("前后", previous.start, previous.end)
        begins = touches and after and not around and previous.grain == "day"
    if begins and start is not None:
        period.end_time = time_from(start, duration, 1)
        period.start_time = start if period.end_time is not None else None
    elif period.start_time is None and end is not None and _ends(previous, link, text):
        period.start_time = time_from(end, duration, -1)
        period.end_time = end if period.start_time is not None else None


def _has_days(quantity: Quantity) -> bool:
    """Whether a date has first days: a year, a month, 春节假期."""
    start, end = quantity.start_time, quantity.end_time
    if start is None or end is None:
        return False
    return quantity.grain in _LONG or end - start > timedelta(1)


def _ends(previous: Quantity, link: str, text: str) -> bool:
    """Whether the period that ``link`` ties to the date before it ends there.

    It does in 截至12月的三个月, not in 2019年以来的三年.
    """
    if link != "的":
        return link in _PERIOD_LINKS
    return text[previous.end - 1] == _ENDS_BEFORE or text.endswith(_ENDS_WITH, 0, previous.start)
