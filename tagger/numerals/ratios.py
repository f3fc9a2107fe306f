"""Ratios: 1:1.5, 2比1, with the quotient as their value."""

from __future__ import annotations

import re
from fractions import Fraction

from tagger.document import Quantity
from tagger.numerals.number import read_number
from tagger.numerals.readings import Reading
from tagger.numerals.tables import settings
from tagger.numerals.units import unit_at

RATIO_SIGNS = frozenset(":：∶比")
_SECOND = re.compile(r"[:：∶比] ?(?=[0-9一二两三四五六七八九十])")
_CLOCK = re.compile(r"\d{1,2}[:：]\d\d")
_TOUCHING = frozenset("0123456789:：∶.-/%比")
# Larger terms are mostly two figures that a sentence compares.
_LARGEST_TERM = 10_000


def is_ratio(text: str, start: int, end: int) -> bool:
    """Whether what looks like a clock time is a ratio by what follows: 1:10的比例, 1:20拆股."""
    followers = settings("names.toml")["ratio_followers"]
    return _CLOCK.fullmatch(text, start, end) is not None and text.startswith(tuple(followers), end)


def read_ratio(text: str, first: Reading) -> Quantity | None:
    """The ratio whose first term has been read and is followed by a ratio's sign, or None.

    Its value is the exact quotient of its terms. What looks like a clock time has been read
    before; a score that ends in 0 has no quotient.
    """
    match = _SECOND.match(text, first.end)
    if match is None or (text[first.start - 1 : first.start] in _TOUCHING and first.start):
        return None
    second = read_number(text, match.end())
    if second is None or "fraction" in (first.numeral.style, second.style):
        return None
    if first.numeral.style == "chinese" and match[0][0] != "比":
        # 二：一是 numbers the points of a list.
        return None
    if second.style != first.numeral.style or second.scale or first.numeral.scale:
        return None
    if second.value == 0 or max(first.value, second.value) >= _LARGEST_TERM:
        return None
    if text[second.end : second.end + 1] in _TOUCHING and second.end < len(text):
        return None
    if unit_at(text, second.end) is not None:
        return None
    value = Fraction(first.value) / Fraction(second.value)
    return Quantity(first.start, second.end, "", "CARDINAL", value=value)
