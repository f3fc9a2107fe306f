"""Reading one number, exactly: Arabic, Chinese or mixed, with its scale and its vagueness.

Values are ``Decimal`` (``Fraction`` for 三分之二) and never pass through a float.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, Inexact, Rounded
from fractions import Fraction
from typing import NamedTuple

# Longer runs of digits are identifiers or noise, not amounts.
_MAX_CHARACTERS = 40
EXACT = Context(prec=400, traps=[Inexact, Rounded])

_DIGITS = {each: value for value, group in enumerate(
    ("〇零", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for each in group}  # fmt: skip
_POWERS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3, "万": 4, "亿": 8, "兆": 12}
_TENS = {"廿": 20, "卅": 30}

# The scale stops before units that begin with its characters: 千瓦, 兆瓦, 百分点.
_SCALE = (
    r"(?:[十拾百佰千仟万亿兆]"
    r"(?!(?<=[千兆])(?:[瓦克米伏卡焦赫帕]|字节)|(?<=兆)[欧比]|(?<=百)分)){1,4}+"
)
_D = "〇零一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖"
_M = "十拾百佰千仟万亿兆廿卅"
_ARABIC = re.compile(
    r"(?P<digits>(?:\d{1,3}(?:[,，]\d{3}){1,8}+(?!\d)|\d{1,3}(?: \d{3}){1,8}+(?![\d,.])(?<! 000)"
    r"|\d++)(?:\.\d++)?)(?P<exponent>[eE][+-]?\d{1,2}(?![0-9A-Za-z])|[×x]10\^-?\d{1,2})?"
    rf"(?:(?P<vague>[余多几来])(?={_SCALE}))?(?: ?(?P<scale>{_SCALE}))?"
    r"(?P<letter>(?:(?<!\b[248])(?<!\b16)[kK]|bn|mn)(?![0-9A-Za-z/]))?"
)
_CHINESE = re.compile(
    rf"(?P<vague>[数几](?=[{_M}]))?(?P<body>(?:[{_D}廿卅]|{_SCALE})++)"
    rf"(?:点(?P<decimals>[{_D}]++)(?![十分半刻钟])(?P<scale>{_SCALE})?)?"
    rf"(?P<more>[几余多来](?P<moreScale>{_SCALE})|几)?"
)
_FRACTION = re.compile(r"(?:又)?分之")
_LETTERS = {"k": 3, "K": 3, "mn": 6, "bn": 9}
_FIRST_SERIES = re.compile(r"[一二三四五六七八]")


class Numeral(NamedTuple):
    """A number in the text: ``[start, end)``, its value, and how it is written.

    ``vague`` marks a floor (十余万); ``style`` is ``arabic`` or ``chinese``; ``scale`` is the power
    of ten that 万, 亿 … gave an Arabic number, 0 where it has none.
    """

    start: int
    end: int
    value: Decimal | Fraction
    vague: bool
    style: str
    scale: int


def read_number(text: str, start: int) -> Numeral | None:
    """The longest number that begins at ``start`` of a folded text, without sign or unit."""
    character = text[start]
    if character in "0123456789":
        return _read_arabic(text, start)
    return _read_chinese(text, start)


def skip_number(text: str, start: int) -> int:
    """Where the run of numeral characters at ``start`` ends, be it a number or not."""
    match = _RUN.match(text, start)
    return match.end() if match else start + 1


_RUN = re.compile(rf"\d++(?:[.,]\d++)*+[{_M}]*+|[{_D}{_M}]++|.", re.DOTALL)


def _read_arabic(text: str, start: int) -> Numeral | None:
    match = _ARABIC.match(text, start)
    if match is None or match.end("digits") - start > _MAX_CHARACTERS:
        return None
    digits, exponent, vague, scale, letter = match.groups()
    power = sum(_POWERS[each] for each in scale) if scale else 0
    if letter:
        power += _LETTERS[letter]
    if "," in digits or "，" in digits or " " in digits:
        digits = digits.replace(",", "").replace("，", "").replace(" ", "")
    if exponent:
        power += int(exponent.lstrip("eEx×").removeprefix("10^"))
    value = _shifted(Decimal(digits), power)
    end = match.end()
    numeral = Numeral(start, end, value, bool(vague), "arabic", power)
    if scale and not letter and text[end : end + 1].isdigit():
        return _with_lower_part(text, numeral, value)
    return numeral


def _with_lower_part(text: str, upper: Numeral, value: Decimal) -> Numeral:
    """3亿5000万, 1万2千, 3万5: what follows the scale and is less than it."""
    rest = _read_arabic(text, upper.end)
    power = upper.scale
    if rest is None or rest.scale >= power or rest.value >= 10**power:
        return upper
    lower = Decimal(str(rest.value))
    digits = rest.end - rest.start
    if not rest.scale and digits == 1 and not text[rest.end : rest.end + 1].isalnum():
        lower = _shifted(lower, power - 1)
    elif not rest.scale and not (digits == 4 and power == 4):
        return upper
    return upper._replace(
        end=rest.end, value=EXACT.add(value, lower), vague=upper.vague or rest.vague
    )


def _read_chinese(text: str, start: int) -> Numeral | None:
    match = _CHINESE.match(text, start)
    if match is None or match.end() - start > _MAX_CHARACTERS:
        return None
    body = match["body"]
    vague = bool(match["vague"] or match["more"])
    value = chinese_value(body)
    if value is None:
        floor = _adjacent_digits(body)
        if floor is None:
            return None
        value, vague = floor, True
    if match["decimals"]:
        digits = "".join(str(_DIGITS[each]) for each in match["decimals"])
        value = Decimal(f"{value}.{digits}")
        if match["scale"]:
            value = _shifted(value, sum(_POWERS[each] for each in match["scale"]))
    if match["moreScale"]:
        value = _shifted(value, sum(_POWERS[each] for each in match["moreScale"]))
    numeral = Numeral(start, match.end(), value, vague, "chinese", 0)
    return _read_fraction(text, numeral) or numeral


def _read_fraction(text: str, numeral: Numeral) -> Numeral | None:
    """三分之二, 一又二分之一: the denominator comes first."""
    whole = Decimal(0)
    below = numeral
    if text.startswith("又", numeral.end):
        found = _CHINESE.match(text, numeral.end + 1)
        value = chinese_value(found["body"]) if found else None
        if found is None or value is None or not text.startswith("分之", found.end()):
            return None
        whole = Decimal(str(numeral.value))
        below = Numeral(found.start(), found.end(), value, False, "chinese", 0)
    if not text.startswith("分之", below.end) or below.value == 0:
        return None
    if below.end + 2 >= len(text):
        return None
    match = _CHINESE.match(text, below.end + 2) or _ARABIC.match(text, below.end + 2)
    if match is None or match.end() - match.start() > _MAX_CHARACTERS:
        return None
    above = (
        chinese_value(match["body"])
        if match.re is _CHINESE
        else Decimal(match["digits"].replace(",", ""))
    )
    if above is None:
        return None
    fraction = Fraction(whole) + Fraction(above) / Fraction(below.value)
    return Numeral(numeral.start, match.end(), fraction, numeral.vague, "fraction", 0)


def chinese_value(body: str) -> Decimal | None:
    """The value of Chinese numerals: 一万二千三百四十五, 两亿三, 二〇二一, 廿三.

    None for what is no number (一二, 百十千).
    """
    if len(body) > 1 and all(each in _DIGITS for each in body):
        # 三四 is three or four, 二〇二一 is digit by digit.
        if len(body) < 3 and "〇" not in body and "零" not in body:
            return None
        return Decimal("".join(str(_DIGITS[each]) for each in body))
    total: list[tuple[int, int]] = []
    pending: int | None = None
    last_power = 0
    zero = False
    for character in body:
        if character in _TENS:
            total.append((_TENS[character], 1))
            last_power, pending = 1, None
            continue
        digit = _DIGITS.get(character)
        if digit is not None:
            if pending:
                return None
            zero = digit == 0
            pending = digit
            continue
        power = _POWERS[character]
        if power < 4:
            amount = 1 if pending is None or (pending == 0 and zero) else pending
            if total and total[-1][1] <= power:
                return None
            total.append((amount * 10**power, power))
        else:
            lower = pending or 0
            while total and total[-1][1] < power:
                lower += total.pop()[0]
            if not lower and total:
                if last_power < 4:
                    return None
                lower, _ = total.pop()
            total.append(((lower or 1) * 10**power, power))
        last_power, pending, zero = power, None, False
    if pending:
        # 两亿三 is 2.3 亿, but 一百零三 is 103 and 二十三 is 23.
        short = last_power >= 2 and len(body) > 1 and body[-2] not in "零〇"
        total.append((pending * 10 ** (last_power - 1) if short else pending, 0))
    return Decimal(sum(amount for amount, _ in total))


def _adjacent_digits(body: str) -> Decimal | None:
    """三四百, 七八: two neighbouring digits name a vague figure; its floor is the first."""
    if len(body) < 2 or not _FIRST_SERIES.match(body) or body[1] not in _DIGITS:
        return None
    first, second = _DIGITS[body[0]], _DIGITS[body[1]]
    if second - first != 1 or any(each in _DIGITS for each in body[2:]):
        return None
    return chinese_value(body[0] + body[2:])


def _shifted(value: Decimal, power: int) -> Decimal:
    if power == 0:
        return value
    shifted = EXACT.scaleb(value, power)
    exponent = shifted.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return EXACT.quantize(shifted, Decimal(1))
    if shifted == (whole := shifted.to_integral_value(context=EXACT)):
        return whole
    return shifted
