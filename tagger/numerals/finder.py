"""One scan over a text for all quantities.

Where readings compete, the order is: addresses and document numbers, listed names that are no
quantities, ordinals, dates and times, amounts. The first that reads wins, from left to right, and
what it covers is not read again.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from tagger.document import Quantity
from tagger.numerals.amounts import read_amount
from tagger.numerals.date_words import calendar_openings, date_vocabulary
from tagger.numerals.dates import read_date
from tagger.numerals.durations import before
from tagger.numerals.exclusions import Exclusions, addresses
from tagger.numerals.folding import fold
from tagger.numerals.halves import read_half
from tagger.numerals.holidays import holiday_names
from tagger.numerals.number import skip_number
from tagger.numerals.ordinals import read_ordinal
from tagger.numerals.repeats import read_repeat

_DIGITS = frozenset("0123456789")
_NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟半几数幺")
# What may follow a number that is or begins a date; anything else is an amount at once.
_DATE_SIGNS = frozenset("年月日号季时点/.:：-~至到—–半 QHqh")
_NUMBER_END = re.compile(r"\d++|[〇零一二两三四五六七八九十廿卅百]++")
_PERIOD_LINKS = ("止", "的", "止的", "为止")
# Characters at which a number may be looked for whatever follows.
_NUMERIC = _DIGITS | _NUMERALS | frozenset("第")


class _Anchors(NamedTuple):
    """Where to stop: characters, and for those that begin words the first two of each word."""

    pattern: re.Pattern[str]
    pairs: frozenset[str]
    excluded: Exclusions


def find_quantities(
    text: str,
    reference_date: date | datetime | None = None,
    currency: str | None = None,
) -> list[Quantity]:
    """Money, percentages, measures, counts, ordinals, dates and times in Chinese text.

    Args:
        text: Any text; offsets of the result count its code points.
        reference_date: The day (or moment) that 昨日 and 12月 are seen from. Without one, such
            expressions are found but have no interval. Where it has a zone, intervals carry it.
        currency: ISO 4217 code of what a bare 元 and bare numbers are counted in. Without one, 元
            is CNY and a bare number is money only where the words around it say so.

    Returns:
        Quantities in the order of the text, none overlapping another.
    """
    anchors = _anchors()
    folded = fold(text)
    reference = _moment(reference_date)
    found: list[Quantity] = []
    skipped = addresses(folded)
    skipped.append((len(text) + 1, len(text) + 1))
    blocked = 0
    position = floor = 0
    search = anchors.pattern.search
    while (match := search(folded, position)) is not None:
        start = match.start()
        while start >= skipped[blocked][1]:
            blocked += 1
        if start >= skipped[blocked][0]:
            position = skipped[blocked][1]
            continue
        if folded[start] not in _NUMERIC and folded[start : start + 2] not in anchors.pairs:
            position = start + 1
            continue
        past = anchors.excluded.end_at(folded, start)
        if past > start:
            position = past
            continue
        quantity = _read(folded, start, floor, reference, currency)
        if quantity is None:
            position = skip_number(folded, start)
            continue
        if found and quantity.duration is not None and quantity.start_time is None:
            _end_with(found[-1], quantity, folded)
        quantity.text = text[quantity.start : quantity.end]
        found.append(quantity)
        position = floor = quantity.end
    return found


def _read(
    text: str, start: int, floor: int, reference: datetime | None, currency: str | None
) -> Quantity | None:
    character = text[start]
    if character in _DIGITS or character in _NUMERALS:
        if _may_be_date(text, start):
            quantity = read_date(text, start, reference)
            if quantity is not None:
                return quantity
        if character in "半几数":
            quantity = read_half(text, start, floor, reference)
            if quantity is not None:
                return quantity
        return read_amount(text, start, floor, reference, currency)
    if character == "第":
        return read_date(text, start, reference) or read_ordinal(text, start)
    if character == "每":
        return read_repeat(text, start, reference)
    return read_date(text, start, reference)


def _may_be_date(text: str, start: int) -> bool:
    match = _NUMBER_END.match(text, start)
    if match is None:
        return text[start] == "半"
    if text[match.end() : match.end() + 1] in _DATE_SIGNS:
        return True
    return (
        text[start] not in _DIGITS
        or match.end() - start == 4
        or text[match.end() : match.end() + 1] in ("财", "会", "全", "上", "下", "前")
    )


def _end_with(previous: Quantity, period: Quantity, text: str) -> None:
    """截至2021年12月31日的三个月: the period ends with the date before it."""
    if text[previous.end : period.start] not in _PERIOD_LINKS or previous.end_time is None:
        return
    if period.duration is not None:
        period.start_time = before(previous.end_time, period.duration)
        period.end_time = previous.end_time if period.start_time is not None else None


def _moment(reference: date | datetime | None) -> datetime | None:
    if reference is None or isinstance(reference, datetime):
        return reference
    return datetime(reference.year, reference.month, reference.day)


@lru_cache(maxsize=1)
def _anchors() -> _Anchors:
    vocabulary = date_vocabulary()
    words = [word for word, _ in (*vocabulary.opening, *holiday_names(), *calendar_openings())]
    words += [word for word, part in vocabulary.dayparts if part.alone]
    parts = {word[0] for word, _ in vocabulary.dayparts}
    pairs = {word[:2] for word in words if len(word) > 1}
    # 今, 昨 and 明 stand only before a part of the day.
    pairs |= {word + part for word in words if len(word) == 1 for part in parts}
    characters = _NUMERIC | {pair[0] for pair in pairs}
    pattern = re.compile("[" + re.escape("".join(sorted(characters))) + "]")
    return _Anchors(pattern, frozenset(pairs), Exclusions(_NUMERIC, frozenset(pairs)))
