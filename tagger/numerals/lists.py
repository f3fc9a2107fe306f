"""Numbers of a list, of which the last says unit and scale: 801/1104/1404亿元, 3、5和7亿元."""

from __future__ import annotations

import re
from decimal import Decimal

from tagger.numerals.bare import LEAST_SCALE, is_bare_number
from tagger.numerals.date_lists import LISTING
from tagger.numerals.exact import EXACT, product
from tagger.numerals.readings import Reading, read_one, share_factor

_SLASH = "/"
_JOINT_START = frozenset("/、和以及与或")
_OR = "或"
# With a slash each number may have a sign.
_JOINT = re.compile(rf"(?:/[-+]?|{LISTING} ?)(?=\d)")
_LONGEST = 12
# From here on a bare number is a code, or an amount that needs no scale.
_CODES = 100_000
_LARGEST_SHARER = 10_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def share_list(text: str, first: Reading) -> None:
    """Gives the bare number ``first`` the unit and the scale of the last number of its list.

    Fractions (2/3), periods (5/10年) and the numbers of paragraphs (1、3亿元) are no lists.
    """
    joint = text[first.end : first.end + 1]
    if joint not in _JOINT_START or not joint or first.numeral.style != "arabic":
        return
    if not (_may_slash(text, first) if joint == _SLASH else _may_list(text, first)):
        return
    last = _last_number(text, first.end)
    if last is None:
        return
    scale = last.numeral.scale if last.numeral.scale >= LEAST_SCALE else 0
    if last.unit is None and not scale:
        return
    percent = last.unit is not None and last.unit.kind == "percent" and not last.unit.step
    if percent and (joint == _OR or first.numeral.scale):
        # 跌58或1.8%: a change in points or money and then in per cent.
        return
    if not first.numeral.scale:
        if first.value >= (_LARGEST_SHARER if scale else _CODES):
            return
        first.numeral = first.numeral._replace(scale=scale)
        first.value = product(first.value, EXACT.scaleb(Decimal(1), scale))
    first.unit, first.unit_text, first.per = last.unit, last.unit_text, last.per
    share_factor(first, last)


def _may_slash(text: str, first: Reading) -> bool:
    """Whether no letter and hyphen before it make a name of the number: A-3/5."""
    before = text[max(0, first.start - 2) : first.start]
    named = before[:1].isascii() and before[:1].isalnum()
    return not (len(before) > 1 and before[1] == "-" and named)


def _may_list(text: str, first: Reading) -> bool:
    """Whether the number counts something, and is neither a year nor that of a paragraph."""
    if "." not in text[first.start : first.end]:
        before = text[max(0, first.start - 2) : first.start].rstrip(" ")[-1:]
        if text[first.end] == "、" and not (before.isalnum() or before == "、"):
            return False
        if _FIRST_YEAR <= first.value <= _LAST_YEAR:
            return False
    return is_bare_number(text, first.start, first.end, first.numeral)


def _last_number(text: str, end: int) -> Reading | None:
    """The last number of the list that goes on at ``end``; None where it is no list."""
    for _ in range(_LONGEST):
        joint = _JOINT.match(text, end)
        if joint is None:
            return None
        number = read_one(text, joint.end())
        if number is None or number.numeral.style != "arabic":
            return None
        if number.unit is not None:
            return number if number.unit.kind != "duration" else None
        end = number.end
        if _JOINT.match(text, end) is None:
            return number
    return None
