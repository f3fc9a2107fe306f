"""What stands around a number: qualifiers, a currency or a minus sign before it, words after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tagger.numerals.qualifiers import qualifier_after, qualifier_before, qualifiers
from tagger.numerals.tables import settings
from tagger.numerals.units import Unit, currencies_before, unit_at

_MINUS = "-–"
# 每股, 每10股 and 10股派, up to the amount; other words may part 每股 from it: 每股派息0.5元.
_EACH = re.compile(
    r"每(?P<per>\d{0,3}[\u4e00-\u9fff])(?:[送转增配派]{1,3}\d{1,3}(?:\.\d{1,4})?股?[、,，]?)*"
    r"(?:[^,，。；;、\d]{0,10})$"
)
_BONUS = re.compile(
    r"(?<![\d.])(?P<per>10)股?(?:[送转增配]{1,2}\d{1,3}(?:\.\d{1,4})?股?){0,2}派[^\d,，。；;]{0,6}$"
)
# A payout of cash goes on from here without its 元: 10派2.5, 每10股派发现金红利2.5.
_PAYOUT = re.compile(r"派(?:发|付|现|息|现金|股息|红利|股利)*$")
# The words between 派 and its amount, in characters.
_PAYOUT_REACH = 8
_SHARE = "股"
# Denominators that other words may part from the amount: 每股派息0.5元.
_FAR_DENOMINATORS = ("股", "吨", "桶", "份")
# How far back, in characters, 每股 may stand.
_REACH = 24
# Nobody writes more qualifiers than this before one number.
_MAX_QUALIFIERS = 4
# Before a hyphen: a bound, to which another is joined: 1亿元（含）-2亿元（含）.
_INCLUSIVE = ("含）", "含)")
# Qualifiers that end a span only where the word ends: 5家起诉 is no 5家起.
_LOOSE = ("余", "多", "许", "起", "+")
# Of those, what may stand before 的: 一年多的时间.
_MORE = ("余", "多")


class Left(NamedTuple):
    """Where a span begins with its qualifiers, their effects, and a currency before the number."""

    start: int
    effects: Sequence[str]
    currency: tuple[str, Unit] | None


class Sign(NamedTuple):
    """A minus sign's place, whether it negates, or whether it joins the number to a name."""

    start: int
    negative: bool
    is_name: bool


def look_left(text: str, start: int, floor: int) -> Left:
    """Qualifiers and a currency before the number at ``start``, not further back than ``floor``."""
    if start <= floor or text[start - 1] not in _left_endings():
        return Left(start, (), None)
    effects: list[str] = []
    currency: tuple[str, Unit] | None = None
    span = position = start
    for _ in range(_MAX_QUALIFIERS):
        if position <= floor:
            break
        word_end = position - 1 if text[position - 1] == " " else position
        found = qualifier_before(text, word_end)
        if found is not None:
            word, qualifier = found
            position = word_end - len(word)
            if position < floor:
                break
            effects.append(qualifier.effect)
            if not qualifier.inside:
                break
            span = position
            continue
        prefix = currencies_before().before(text, word_end) if currency is None else None
        if prefix is None or not _is_own_word(text, word_end - len(prefix[0]), floor, prefix[0]):
            break
        currency = prefix
        span = position = word_end - len(prefix[0])
    return Left(span, effects, currency)


@lru_cache(maxsize=1)
def _left_endings() -> frozenset[str]:
    """The characters that a qualifier or a currency before a number ends with, and the space."""
    return qualifiers().before.last_characters | currencies_before().last_characters | {" "}


def _is_own_word(text: str, start: int, floor: int, word: str) -> bool:
    if start < floor:
        return False
    before = text[start - 1] if start else " "
    return not (word[0].isascii() and word[0].isalpha() and before.isascii() and before.isalnum())


def look_right(text: str, end: int, bare: bool = False) -> tuple[int, Sequence[str]]:
    """Where the span ends with a qualifier after it, and the qualifier's effect.

    ``bare`` says that the span is a number without unit: 300余公司, but 三分之二|多数.
    """
    found = qualifier_after(text, end)
    if found is None:
        return end, ()
    word, qualifier = found
    after = text[end + len(word) : end + len(word) + 1]
    more = word in _MORE and (after == "的" or (bare and after != "数"))
    if word in _LOOSE and after.isalnum() and not more:
        return end, ()
    return (end + len(word) if qualifier.inside else end), (qualifier.effect,)


def find_sign(text: str, number: int, end: int, span: int, floor: int, measured: bool) -> Sign:
    """The sign before the number at ``number`` or before its qualifiers at ``span``.

    ``measured`` says that a unit, a scale or a range makes a quantity of the number; without one,
    a letter or character before the hyphen makes it part of a name (A-3, 碳-14).
    """
    position = number if number > floor and text[number - 1] in _MINUS else span
    if position <= floor or text[position - 1] not in _MINUS:
        return Sign(span, False, False)
    before = text[position - 2] if position >= 2 else " "
    if text.endswith(tuple(settings("names.toml")["signed"]), 0, position - 1):
        return Sign(position - 1, True, False)
    if text.endswith(_INCLUSIVE, 0, position - 1):
        return Sign(position, False, False)
    if before.isascii() and (before.isalnum() or before in ")-_"):
        return Sign(position, False, not measured or before == "-")
    if before.isalnum() and not measured and "." not in text[number:end]:
        return Sign(position, False, True)
    return Sign(position - 1, True, False)


def denominator_before(text: str, start: int) -> str | None:
    """每股1.95港元, 10派5元: the denominator that stands before, outside the span."""
    begin = max(0, start - _REACH)
    if text.find("每", begin, start) >= 0:
        match = _EACH.search(text, begin, start)
        if match is not None:
            return _denominator(text, match["per"], match.start("per"), start)
    if text.find("派", begin, start) >= 0:
        match = _BONUS.search(text, begin, start)
        if match is not None:
            return match["per"] + _SHARE
    return None


def _denominator(text: str, per: str, begin: int, start: int) -> str | None:
    """The denominator of which ``per``, at ``begin``, is the first character, with its digits.

    Other words may stand between a measure of more characters (每平方米售价) and the amount.
    """
    place = begin + len(per) - 1
    found = unit_at(text, place)
    if found is not None and found[1].kind == "measure" and len(found[0]) > 1:
        return per[:-1] + found[0] if place + len(found[0]) <= start else None
    return per if place + 1 == start or per.endswith(_FAR_DENOMINATORS) else None


def is_payout(text: str, start: int) -> bool:
    """Whether the bare number at ``start`` is what some shares are paid: 10送5转10派2.5."""
    if _PAYOUT.search(text, max(0, start - _PAYOUT_REACH), start) is None:
        return False
    per = denominator_before(text, start)
    return per is not None and per.endswith(_SHARE)
