"""Dates that leave their unit to the last of a list: 2018、2019年, 6、7月份, 二、三季度."""

from __future__ import annotations

import re
from itertools import pairwise

from tagger.numerals.date_parts import MONTH, month_number
from tagger.numerals.when import When

# What parts two members of a list.
LISTING = "(?:、|和|以?及|与|或)"
_JOINT = rf" ?{LISTING} ?"
LIST_JOINT = re.compile(_JOINT)
_YEAR = r"(?:19|20)\d\d"
_QUARTER = r"第?[1-4一二三四]"
# Further members; with no bound a long list of numbers would be read anew from each of them.
_MORE = "{1,11}"
_HEAD = re.compile(
    rf"(?P<year>{_YEAR})(?=(?:{_JOINT}{_YEAR}){_MORE} ?(?:年(?!代)|财年))"
    rf"|(?P<month>{MONTH})(?=(?P<months>(?:{_JOINT}(?:{MONTH})){_MORE}) ?月)"
    rf"|(?P<quarter>{_QUARTER})(?=(?P<quarters>(?:{_JOINT}{_QUARTER}){_MORE}) ?季度)"
)
# Before 2、3月 these make a number or a name of the 2: 1.2、3月, 图2、3月.
_NUMBERED = "\n(（.-/~图表第"
# How far back, in characters, the item before may begin.
_REACH = 400
_SENTENCE_ENDS = " 。；;：:！？"


def list_head(text: str, start: int, when: When, *, after_year: bool = False) -> int:
    """Where a date ends that shares the unit at the end of its list, or ``start``.

    ``after_year`` says that its year stands before it: 2021年二、三季度.
    """
    match = _HEAD.match(text, start)
    if match is None:
        return start
    if match["year"]:
        when.year = int(match["year"])
        return start if after_year else match.end()
    kind = "month" if match["month"] else "quarter"
    members = [match[kind], *LIST_JOINT.split(match[f"{kind}s"])[1:]]
    numbers = [month_number(member.removeprefix("第")) for member in members]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        return start
    if not after_year and _numbers_item(text, start, match[kind], numbers[0]):
        return start
    if kind == "month":
        when.month, when.last_month = numbers[0], numbers[-1]
    else:
        when.months, when.grain = (3 * numbers[0] - 2, 3), "quarter"
        when.last_month = 3 * numbers[-1]
    return match.end()


def _numbers_item(text: str, start: int, head: str, number: int) -> bool:
    """Whether 2、 numbers a paragraph, an item or a figure: 1、…。2、3月社融."""
    before = text[start - 1 : start]
    if head.startswith("第"):
        return False
    if not before or before in _NUMBERED or (before.isascii() and before.isalnum()):
        return True
    if before not in _SENTENCE_ENDS:
        return False
    earlier = str(number - 1) if head.isascii() else "零一二三四五六七八九十"[number - 1]
    return number == 1 or text.find(f"{earlier}、", max(0, start - _REACH), start) >= 0
