"""Reading one number, exactly: Arabic, Chinese or mixed, with its scale and its vagueness.

Values are ``Decimal`` (``Fraction`` for 三分之二) and never pass through a float.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tagger.numerals.chinese_numbers import (
    DIGIT_VALUES,
    chinese_value,
    neighbouring_digits,
    scale_power,
)
from tagger.numerals.exact import EXACT, shifted
from tagger.numerals.tables import rows

# Longer runs of digits are identifiers or noise, not amounts.
_MAX_CHARACTERS = 40
# What a power may have, below the digits of the exact context.
_MAX_POWER_DIGITS = 300

_WORDS = {row["text"]: int(row["power"]) for row in rows("scales.tsv") if not row["money"]}
# The scale stops before units that begin with its characters: 千瓦, 兆瓦, 百分点, 500兆宽带.
_SCALE = (
    # 2021百度: only after a single digit or before 万 is 百 a scale.
    r"(?:(?:(?<!\d\d)[十百]|[十百](?=[万亿])|[拾佰千仟万亿兆])"
    r"(?!(?<=[千兆])(?:[瓦克米伏卡焦赫帕]|字节)|(?<=兆)(?:[欧比]|宽带|带宽|光[纤网])|(?<=百)分[点位])){1,4}+"
)
# 3个亿 and 3个多亿, but 11个亿吨级油田 are eleven of something.
_YI = "个多?(?=亿(?![万吨千立级度平]))"
_MORE_THAN = "个多"
_D = "〇零一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖"
# Numerals of cheques, and those that do not go on from them: 陆|十家 in 中国大陆十家.
_FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
_EVERYDAY = "一二两三四五六七八九十廿卅"
_MIXED = re.compile(f"[{_FORMAL}][{_EVERYDAY}]")
_M = "十拾百佰千仟万亿兆廿卅"
_ARABIC = re.compile(
    # P型M10 165μm are two numbers.
    r"(?:(?P<grouped>\d{1,3}(?:[,，]\d{3}){1,12}+(?!\d)"
    r"|(?<![^A-Za-z][A-Z])\d{1,3}(?: \d{3}){1,12}+(?![\d,.]))|\d++)"
    r"(?:\.\d++)?+"
    # Most numbers end here; what else a number may have is looked for only where it can begin.
    rf"(?P<more>(?=[eE×x^余多几来个 kKMBbmt{_M}])"
    r"(?P<exponent>[eE][+-]?\d{1,2}(?![0-9A-Za-z])|[×x]10\^-?\d{1,2}|\^[+-]?\d{1,3}(?!\d))?"
    rf"(?:(?P<vague> ?[余多]|[几来])(?={_YI}|{_SCALE}))?(?: ?(?P<scale>(?:{_YI})?{_SCALE}))?"
    # 4K names a picture, 2B and 3M a business; in 3.5M a letter is a scale.
    r"(?P<letter>(?:(?<!\b[248])(?<!\b16)[kK](?!金)|[MB](?![\u4e00-\u9fff])"
    rf"| ?(?:{'|'.join(word for word in _WORDS if len(word) > 1)}))(?![0-9A-Za-z/]))?)?"
)
_FRACTION_NOTATION = re.compile(
    r"(?:(?: |又)(?P<above>\d{1,3}))?/(?P<below>\d{1,3})(?![\d/%:-]|[.,]\d|[a-zA-Z年月日万亿])"
)
_BEFORE_FRACTION = frozenset("/又 ")
# Grain is quoted in cents and their eighths: 14.90-3/4美元, 632-1/4美分.
_EIGHTHS = re.compile(r"-(?P<above>[1-7])/(?P<below>[248])(?= ?美[元分])")
_CENTS = 2
_TOUCHING = frozenset("0123456789/.,:-")
_CHINESE = re.compile(
    rf"(?P<vague>[数几](?={_YI}|[{_M}]))?"
    # One more than may be read: a longer run is none.
    rf"(?P<body>(?:[{_D}廿卅]|{_SCALE}|{_YI}){{1,{_MAX_CHARACTERS + 1}}}+)"
    rf"(?:点(?P<decimals>[{_D}]++)(?![十分半刻钟])(?P<scale>{_SCALE})?)?"
    rf"(?P<more>[几余多来](?P<moreScale>(?:{_YI})?{_SCALE})|几)?"
)
# After these 万 is the scale of a number that is not told: XX万元, N万元, **亿元, <N>余万元.
_UNTOLD = re.compile(r"(?:(?:[XxN×*○□_]|<N>)(?: ?[余多])?|\d ?余|\d\n) ?$")
_LONGEST_UNTOLD = 6
# Terms of a fraction have at most three digits.
_FRACTION_DIGITS = 4


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


_RUN = re.compile(
    rf"[{_FORMAL}]++(?=[{_EVERYDAY}])|(?:\d++(?:[.,]\d++)*+[{_M}]*+)++|[{_D}{_M}]++|.", re.DOTALL
)


def _read_arabic(text: str, start: int, below: int = 99) -> Numeral | None:
    """An Arabic number; in 3亿5000万 the part after a scale, which is ``below`` that power."""
    match = _ARABIC.match(text, start)
    if match is None:
        return None
    end = match.end()
    if match["more"]:
        return _read_scaled(text, match, below)
    if end - start > _MAX_CHARACTERS:
        return None
    value = Decimal(_plain_digits(match))
    numeral = Numeral(start, end, value, False, "arabic", 0)
    if text.startswith("-", end):
        return _with_eighths(text, numeral, value)
    if text.startswith("分之", end):
        return _read_fraction(text, numeral) or numeral
    if end - start < _FRACTION_DIGITS and text[end : end + 1] in _BEFORE_FRACTION:
        fraction = _read_fraction_notation(text, start, end, value)
        if fraction is not None:
            return fraction
    return numeral


def _read_fraction_notation(text: str, start: int, end: int, first: Decimal) -> Numeral | None:
    """1/3, 1 1/2, 7又1/2; no page of several (1/2/3), no date and no decimal."""
    match = _FRACTION_NOTATION.match(text, end)
    if match is None or text[start] == "0" or _continues_number(text, start):
        return None
    whole = first if match["above"] else Decimal(0)
    above, below = Decimal(match["above"] or first), Decimal(match["below"])
    if above >= below or above != above.to_integral_value() or match["below"][0] == "0":
        return None
    value = Fraction(whole) + Fraction(above) / Fraction(below)
    return Numeral(start, match.end(), value, False, "fraction", 0)


def _with_eighths(text: str, numeral: Numeral, value: Decimal) -> Numeral:
    """14.90-3/4美元 are 1490¾ cents: the fraction counts in the last place before it."""
    match = _EIGHTHS.match(text, numeral.end)
    places = len(text[numeral.start : numeral.end].partition(".")[2])
    if match is None or places not in (0, _CENTS) or match["above"] >= match["below"]:
        return numeral
    fraction = EXACT.divide(Decimal(match["above"]), Decimal(match["below"]))
    return numeral._replace(end=match.end(), value=EXACT.add(value, shifted(fraction, -places)))


def _continues_number(text: str, start: int) -> bool:
    """Whether a digit or its punctuation stands before; the minus of -1/4 does not count."""
    before = text[start - 1] if start else " "
    if before == "-":
        before = text[start - 2] if start > 1 else " "
        return before.isascii() and before.isalnum()
    return before in _TOUCHING


def _plain_digits(match: re.Match[str]) -> str:
    """The digits and the decimal point of an Arabic number, without what groups them."""
    digits = match.string[match.start() : match.start("more") if match["more"] else match.end()]
    if match["grouped"]:
        digits = digits.replace(",", "").replace("，", "").replace(" ", "")
    return digits


def _read_scaled(text: str, match: re.Match[str], below: int) -> Numeral | None:
    """An Arabic number with 万, 亿, an exponent or a letter after its digits."""
    start, end = match.span()
    if match.start("more") - start > _MAX_CHARACTERS:
        return None
    exponent, vague, scale, letter = match.group("exponent", "vague", "scale", "letter")
    power = scale_power(scale) if scale else 0
    if letter:
        power += _WORDS[letter.strip()]
    if exponent and exponent[0] == "^":
        return _read_power(match, int(exponent[1:]))
    if exponent:
        power += int(exponent.lstrip("eEx×").removeprefix("10^"))
    value = _shifted_digits(_plain_digits(match), power)
    about = bool(vague) or (scale or "").startswith(_MORE_THAN)
    numeral = Numeral(start, end, value, about, "arabic", power)
    if scale and not letter and power < below and text[end : end + 1].isdigit():
        return _with_lower_part(text, numeral, value)
    return numeral


def _read_power(match: re.Match[str], exponent: int) -> Numeral | None:
    """1.1^23, 10^-5, exactly; None where the result has more digits than are kept."""
    digits = _plain_digits(match)
    if len(digits) * abs(exponent) > _MAX_POWER_DIGITS:
        return None
    power: Decimal | Fraction = EXACT.power(Decimal(digits), abs(exponent))
    if exponent < 0:
        if not power:
            return None
        power = 1 / Fraction(power)
    return Numeral(match.start(), match.end("exponent"), power, False, "arabic", 0)


def _shifted_digits(digits: str, power: int) -> Decimal:
    """The number times ten to the power, without an exponent and without zeros after the point."""
    if power < 0:
        return shifted(Decimal(digits), power)
    whole, _, decimals = digits.partition(".")
    if len(decimals) <= power:
        return Decimal(whole + decimals + "0" * (power - len(decimals)))
    if not power:
        return Decimal(digits)
    rest = decimals[power:]
    return Decimal(
        f"{whole}{decimals[:power]}.{rest}" if rest.strip("0") else whole + decimals[:power]
    )


def _with_lower_part(text: str, upper: Numeral, value: Decimal) -> Numeral | None:
    """3亿5000万, 1万2千, 3万5: what follows the scale and is less than it.

    None where the next number is not less: 1万2万 is no number.
    """
    power = upper.scale
    rest = _read_arabic(text, upper.end, power)
    if rest is None or not isinstance(rest.value, Decimal):
        return upper
    if rest.scale >= power:
        return None
    if rest.value >= 10**power:
        return upper
    lower = rest.value
    written = text[upper.end : rest.end]
    whole = written.partition(".")[0].replace(",", "")
    if not rest.scale and len(written) == 1 and not text[rest.end : rest.end + 1].isalnum():
        lower = lower * 10 ** (power - 1)
    elif not rest.scale and not (len(whole) == 4 and power == 4):
        return upper
    return upper._replace(
        end=rest.end, value=EXACT.add(value, lower), vague=upper.vague or rest.vague
    )


def _read_chinese(text: str, start: int) -> Numeral | None:
    match = _CHINESE.match(text, start)
    if match is None or match.end() - start > _MAX_CHARACTERS:
        return None
    before = text[max(0, start - _LONGEST_UNTOLD) : start]
    if text[start] in "百千万亿" and _UNTOLD.search(before) is not None:
        return None
    body = match["body"].replace(_MORE_THAN, "").replace("个", "")
    if _MIXED.search(body) is not None:
        return None
    vague = bool(match["vague"] or match["more"]) or _MORE_THAN in match["body"]
    value = chinese_value(body)
    if value is None:
        floor = neighbouring_digits(body)
        if floor is None:
            return None
        value, vague = floor, True
    if match["decimals"]:
        digits = "".join(str(DIGIT_VALUES[each]) for each in match["decimals"])
        value = Decimal(f"{value}.{digits}")
        if match["scale"]:
            value = shifted(value, scale_power(match["scale"]))
    if match["moreScale"]:
        value = shifted(value, scale_power(match["moreScale"]))
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
    above = chinese_value(match["body"]) if match.re is _CHINESE else Decimal(_plain_digits(match))
    if above is None:
        return None
    fraction = Fraction(whole) + Fraction(above) / Fraction(below.value)
    return Numeral(numeral.start, match.end(), fraction, numeral.vague, "fraction", 0)
