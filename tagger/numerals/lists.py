"""Numbers parted by slashes, of which the last says unit and scale: 801/1104/1404亿元."""

from __future__ import annotations

from decimal import Decimal

from tagger.numerals.bare import LEAST_SCALE
from tagger.numerals.exact import EXACT, product
from tagger.numerals.readings import Reading, read_one, share_factor

_SLASH = "/"
_ARABIC = frozenset("0123456789")
_LONGEST = 12
# From here on a bare number before a slash is a code, or an amount that needs no scale.
_CODES = 100_000
_LARGEST_SHARER = 10_000


def share_list(text: str, first: Reading) -> None:
    """Gives the bare number ``first`` the unit and the scale of the last number of its list.

    Fractions (2/3) and periods (5/10年) are no lists.
    """
    if text[first.end : first.end + 1] != _SLASH or first.numeral.style != "arabic":
        return
    before = text[max(0, first.start - 2) : first.start]
    if len(before) > 1 and before[1] == "-" and before[0].isascii() and before[0].isalnum():
        return
    last = _last_number(text, first.end)
    if last is None:
        return
    scale = last.numeral.scale if last.numeral.scale >= LEAST_SCALE else 0
    if last.unit is None and not scale:
        return
    if not first.numeral.scale:
        if first.value >= (_LARGEST_SHARER if scale else _CODES):
            return
        first.numeral = first.numeral._replace(scale=scale)
        first.value = product(first.value, EXACT.scaleb(Decimal(1), scale))
    first.unit, first.unit_text, first.per = last.unit, last.unit_text, last.per
    share_factor(first, last)


def _last_number(text: str, slash: int) -> Reading | None:
    """The last number of the list that goes on at ``slash``; None where it is no list."""
    for _ in range(_LONGEST):
        start = slash + 1
        start += text.startswith("-", start)
        if start >= len(text) or text[start] not in _ARABIC:
            return None
        number = read_one(text, start)
        if number is None or number.numeral.style != "arabic":
            return None
        if number.unit is not None:
            return number if number.unit.kind != "duration" else None
        if text[number.end : number.end + 1] != _SLASH:
            return number
        slash = number.end
    return None
