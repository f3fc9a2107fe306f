"""Dates and times that take a part from the date named before them: 当日, 次年, 1月20日、21日."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.date_lists import LIST_JOINT
from tagger.numerals.date_words import date_vocabulary
from tagger.numerals.dates import read_date, read_whole_date
from tagger.numerals.durations import time_from
from tagger.numerals.same_period import COMPARED, SAME_PERIOD
from tagger.numerals.tables import Words

# How exactly a date must be named for a word to count from it.
_DAYS = frozenset(("second", "minute", "hour", "daypart", "day"))
_WEEKS = _DAYS | {"week"}
_MONTHS = _WEEKS | {"tenday", "month"}
_QUARTERS = _MONTHS | {"quarter"}
_YEARS = _QUARTERS | {"half", "year"}
_GRAINS = {"day": _DAYS, "week": _WEEKS, "month": _MONTHS, "quarter": _QUARTERS, "year": _YEARS}

# The week, month or year before the one told of, which is compared with it: 较前一周, 低于前一年.
_BEFORE = re.compile(r"前一个?(?P<unit>[周月年])")
_COMPARING = ("较", "比", "与", "于", "从")
# How exactly that one must be named.
_TOLD_OF = {"周": frozenset(("week",)), "月": frozenset(("month",)), "年": _YEARS}

# What lies in the year told of (2021年四季度…，全年…, 2021年末…，较年初…), and how exactly it must
# be told of.
_PARTS_OF_YEAR = ("全年", "上半年", "下半年")
_EDGES_OF_YEAR = ("年初", "年末", "年底")
_TOLD_OF_YEAR = frozenset(("month", "quarter", "half", "year"))
# Before a date: what the year told of is compared with or follows (高于2020年, 远超2020年), where
# 于2020年 and 对于2020年 tell of it.
_RELATING = (*"与像同超", "超过", *(f"{each}于" for each in "高低多少大小强弱优好快慢差早晚较"))
# Before the day on which a period ends that is told of: 截至2021年9月30日，较年初增长.
_UNTIL = ("截至", "截止", "截至到", "截止到")
# Before months and quarters of the year told of: 2021年，分别于7月与12月.
_RESPECTIVELY = ("分别于", "分别在", "先后于", "先后在")
# 全年 looks back beyond its sentence: a report goes on about its year.
_PARAGRAPH_END = re.compile(r"[\n】]")
_SENTENCE_END = re.compile(r"[。！？\n】]")

# Quarters as the heads of columns, and what parts two of them; a report's table has its year.
_GAP = r"[ |\n]{1,4}"
_COLUMN_GAP = re.compile(_GAP)
_RESTATED = r"季度(?:[(（][\d月份至~-]{3,8}[)）])?"
_QUARTER = re.compile(rf"第?[一二三四1-4]{_RESTATED}")
_COLUMNS = re.compile(
    _GAP.join(rf"第?[{each}]{_RESTATED}" for each in ("一1", "二2", "三3"))
    + rf"(?:{_GAP}(?P<last>第?[四4]季度))?"
)

# Clock times, and from which hour on they are no longer told of as part of the day before.
CLOCK = frozenset(("second", "minute", "hour"))
_MORNING = 6
# A day from or up to which something lasts: 10月1日以来, 自10月1日起.
_LASTING = re.compile("以?[来后前内]|起")

# A day without its month, and a year or a word for one: 2021年, 去年, 2021-09.
_BARE_DAY = re.compile(r"[\d一二三十廿]{1,3} ?[日号]")
_YEAR = re.compile(r"[\d〇零一二三四五六七八九今本去前明）)] ?财?年|20\d\d[-/.]")


def continue_list(
    text: str, quantity: Quantity, before: Sequence[Quantity], reference: datetime | None
) -> None:
    """Resolves a later member of a list by the one before it, in place.

    In 1月20日、21日 the second takes the month, in 2023年2月和3月 the year of the first. What would
    not come after the first is left alone.
    """
    previous = before[-1]
    if (
        previous.label != "DATE"
        or previous.end_time is None
        or not LIST_JOINT.fullmatch(text, previous.end, quantity.start)
    ):
        return
    if _BARE_DAY.match(text, quantity.start, quantity.end):
        if previous.grain not in _DAYS:
            return
    elif not _names_year(text, before):
        return
    listed = previous.end_time - timedelta(microseconds=1)
    _read_again(text, quantity, reference, listed, is_later=True)


def _read_again(
    text: str,
    quantity: Quantity,
    reference: datetime | None,
    listed: datetime | None = None,
    *,
    is_later: bool = False,
) -> None:
    """Gives a date, in place, the times that it has seen from ``reference`` and behind ``listed``;
    with ``is_later`` only if they come after ``listed``."""
    again = read_whole_date(text, quantity.start, reference, listed=listed)
    if again is None or again.end != quantity.end or (begins := again.start_time) is None:
        return
    if is_later and listed and begins.replace(tzinfo=None) <= listed.replace(tzinfo=None):
        return
    quantity.start_time, quantity.end_time = begins, again.end_time


def _names_year(text: str, before: Sequence[Quantity]) -> bool:
    """Whether a member of the list that ends with the last of ``before`` names its year."""
    following: Quantity | None = None
    for each in reversed(before):
        if following and not LIST_JOINT.fullmatch(text, each.end, following.start):
            return False
        if _YEAR.search(text, each.start, each.end):
            return True
        if text.endswith(_RESPECTIVELY, 0, each.start):
            return True
        following = each
    return False


def take_named_year(
    text: str, quantity: Quantity, before: Sequence[Quantity], reference: datetime | None
) -> None:
    """Resolves 全年, 下半年, 年初 or 分别于7月 in the year that was told of last, in place."""
    word = text[quantity.start : quantity.end]
    edge = word in _EDGES_OF_YEAR
    part = word.startswith(_PARTS_OF_YEAR)
    if not (edge or part) and not (
        ("月" in word or "季" in word) and text.endswith(_RESPECTIVELY, 0, quantity.start)
    ):
        return
    border = _PARAGRAPH_END if word.startswith("全年") else _SENTENCE_END
    following = quantity
    for each in reversed(before):
        if border.search(text, each.end, following.start):
            return
        following = each
        told = each.start_time
        if told is None or not _is_told_of(text, each):
            continue
        if edge:
            _read_again(text, quantity, told)
        else:
            _read_again(text, quantity, reference, told)
        return


def take_named_day(
    text: str, quantity: Quantity, before: Sequence[Quantity], reference: datetime | None
) -> None:
    """Resolves a clock time on the day that its sentence named last before, in place.

    Behind several days (9月11日至12日，9:00-11:30) it stays open.
    """
    following = quantity
    for each in reversed(before):
        if _SENTENCE_END.search(text, each.end, following.start):
            return
        following = each
        start, end = each.start_time, each.end_time
        if each.label != "DATE" or each.grain not in _DAYS or start is None or end is None:
            continue
        if _is_compared(text, each) or _LASTING.match(text, each.end):
            continue
        if _LASTING.search(text, each.start + 1, each.end):
            continue
        if end - start > timedelta(1):
            quantity.start_time = quantity.end_time = None
        elif not _is_after_midnight(quantity, start, reference):
            _read_again(text, quantity, start)
        return


def _is_after_midnight(quantity: Quantity, day: datetime, reference: datetime | None) -> bool:
    """Whether news that tells of the evening before means this morning: 17日美股盘中，截至0:15."""
    begins = quantity.start_time
    if reference is None or begins is None or begins.hour >= _MORNING:
        return False
    return begins.date() == reference.date() == day.date() + timedelta(1)


def take_year_of_columns(
    text: str, quantity: Quantity, before: Sequence[Quantity], reference: datetime | None
) -> None:
    """Resolves 第一季度 and what follows it as heads of columns in one year, in place.

    It is the year told of last, or where none was that of the last column.
    """
    if not _QUARTER.fullmatch(text, quantity.start, quantity.end):
        return
    columns = _COLUMNS.match(text, quantity.start)
    if columns is not None:
        told = next((each for each in reversed(before) if _is_told_of(text, each)), None)
        if told is None and columns["last"]:
            told = read_whole_date(text, columns.start("last"), reference)
    elif before and _COLUMN_GAP.fullmatch(text, before[-1].end, quantity.start):
        told = before[-1] if before[-1].grain == "quarter" else None
    else:
        return
    if told is None or told.start_time is None:
        return
    # 四季度 一季度 are of two years.
    _read_again(text, quantity, reference, told.start_time, is_later=columns is None)


def _is_told_of(text: str, quantity: Quantity) -> bool:
    """Whether a date is a period of one year that the text tells of and compares nothing with."""
    start, end = quantity.start_time, quantity.end_time
    ends = quantity.grain == "day" and text.endswith(_UNTIL, 0, quantity.start)
    ends = ends and _YEAR.search(text, quantity.start, quantity.end) is not None
    if not (ends or quantity.grain in _TOLD_OF_YEAR) or quantity.duration is not None:
        return False
    if start is None or end is None or start.year != (end - timedelta(microseconds=1)).year:
        return False
    return not (_is_compared(text, quantity) or text.endswith(_RELATING, 0, quantity.start))


def count_from_named(
    text: str, quantity: Quantity, before: Sequence[Quantity], reference: datetime | None
) -> None:
    """Resolves an open date by the nearest one ``before`` that is exact enough, in place.

    Where the text named none, the article's own date is meant.
    """
    found = _words().at(text, quantity.start)
    if found is None:
        return
    exact = _GRAINS[found[1]]
    named = next(
        (
            each.start_time
            for each in reversed(before)
            if each.start_time is not None
            and each.grain in exact
            and each.label == "DATE"
            # What a text compares with is not what it goes on to tell of.
            and not _is_compared(text, each)
        ),
        reference,
    )
    if named is None:
        return
    again = read_date(text, quantity.start, reference, named)
    if again is not None and again.end == quantity.end:
        quantity.start_time, quantity.end_time = again.start_time, again.end_time
        quantity.grain = again.grain


def _is_compared(text: str, quantity: Quantity) -> bool:
    """Whether a date names what is compared with: 去年同期, 较前一日, 比2020年."""
    if text.endswith(SAME_PERIOD, quantity.start, quantity.end):
        return True
    return text.endswith(COMPARED, 0, quantity.start)


def count_back_from_named(text: str, quantity: Quantity, before: Sequence[Quantity]) -> None:
    """Resolves 较前一周 by the week named last ``before``, in place; without one it stays open."""
    match = _BEFORE.fullmatch(text, quantity.start, quantity.end)
    if match is None or not text.endswith(_COMPARING, 0, quantity.start):
        return
    quantity.start_time = quantity.end_time = None
    for each in reversed(before):
        exact = each.grain in _TOLD_OF[match["unit"]] or each.duration == quantity.duration
        told_of = each.label == "DATE" and exact
        if told_of and not text.endswith(_COMPARING, 0, each.start):
            break
    else:
        return
    end = each.start_time
    if end is None or quantity.duration is None:
        return
    if match["unit"] == "年" and each.grain != "year":
        end = end.replace(month=1, day=1, hour=0, minute=0, second=0)
    quantity.start_time = time_from(end, quantity.duration, -1)
    quantity.end_time = end if quantity.start_time is not None else None


@lru_cache(maxsize=1)
def _words() -> Words[str]:
    """Each such word with its unit."""
    vocabulary = date_vocabulary()
    entries = [
        (text, word.role)
        for text, word in vocabulary.opening
        if word.role in _GRAINS and word.a is None and word.b is not None
    ]
    entries += [(text, "day") for text, part in vocabulary.dayparts if part.back]
    return Words(entries)
