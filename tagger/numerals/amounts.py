"""Numbers with their units: money, coins, per cent, measures, counts, durations, bare numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tagger.document import Number, Quantity
from tagger.numerals.bare import is_bare_number, is_money_by_context
from tagger.numerals.durations import read_duration
from tagger.numerals.number import EXACT, Numeral, read_number
from tagger.numerals.qualifiers import apply_effects, qualifier_after, qualifier_before
from tagger.numerals.tables import Words, rows
from tagger.numerals.units import Unit, currencies_before, unit_at

_JOIN = re.compile(r" ?(?:-{1,2}|~|–|—{1,2}|―|至|到) ?")
_DIGIT_START = frozenset("0123456789〇零一二两三四五六七八九十百千半壹贰叁肆伍陆柒捌玖")
# Numerals of cheques, which alone are mostly parts of names: 陆家嘴.
_FORMAL = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟幺零〇廿卅")
_MINUS = "-−–"
_PER = re.compile(r"/ ?(?P<per>人·[次天日月年]|[一-龥]|[A-Za-z]+(?:[²³23])?)")
_EACH = re.compile(r"每(?P<per>\d{0,3}[\u4e00-\u9fff])(?:[^,，。；;、\d]{0,8})$")
# Nobody writes more qualifiers than this before one number.
_MAX_QUALIFIERS = 4
# From here on a number before 年 is a year and no duration.
_FIRST_YEAR = 1000
_COINS_BELOW = {"元": (("角", Decimal("0.1")), ("毛", Decimal("0.1")), ("分", Decimal("0.01"))),
                "块": (("毛", Decimal("0.1")), ("角", Decimal("0.1")), ("分", Decimal("0.01")))}  # fmt: skip


@dataclass(slots=True)
class _Reading:
    """One number with what stands around it, while it is being read."""

    start: int
    end: int
    value: Number
    numeral: Numeral
    unit_text: str = ""
    unit: Unit | None = None
    per: str | None = None
    vague: bool = False
    effects: list[str] = field(default_factory=list)


def read_amount(
    text: str,
    start: int,
    floor: int,
    reference: datetime | None,
    currency: str | None,
) -> Quantity | None:
    """The quantity whose number begins at ``start`` of a folded text, or None.

    ``floor`` is where the quantity before ends: no qualifier or sign is looked for before it.
    ``currency`` is what 元 means and what a bare number is then counted in.
    """
    first = _read_one(text, start)
    if first is None:
        return None
    second = _read_second(text, first)
    if first.unit is None and second is None and first.numeral.style == "chinese":
        scaled = _negative_or_bare_chinese(text, first)
        if not scaled:
            return None
    last = second or first
    if last.unit is not None and last.unit.kind == "duration":
        return _duration(text, first, second, floor, reference)
    return _build(text, first, second, floor, currency)


def _read_one(text: str, start: int) -> _Reading | None:
    scaled = _scaled_percents().at(text, start)
    if scaled is not None and start + len(scaled[0]) < len(text):
        inner = start + len(scaled[0])
        if text[inner] in _DIGIT_START or text[inner] in "数几":
            numeral = read_number(text, inner)
            if numeral is not None and numeral.style != "fraction":
                unit = Unit("percent", "%", scaled[1])
                return _Reading(start, numeral.end, numeral.value, numeral, scaled[0], unit, None, numeral.vague)
    if text[start] == "半":
        return None
    numeral = read_number(text, start)
    if numeral is None:
        return None
    reading = _Reading(start, numeral.end, numeral.value, numeral, vague=numeral.vague)
    end = numeral.end
    if numeral.style == "fraction":
        return reading
    following = text[end : end + 1]
    if following in ("余", "多") and unit_at(text, end + 1) is not None:
        reading.vague = True
        end += 1
    elif following in ("+",) and unit_at(text, end + 1) is not None:
        reading.effects.append("low_inclusive")
        end += 1
    found = unit_at(text, end) or (unit_at(text, end + 1) if text.startswith(" ", end) else None)
    if found is None:
        return reading
    word, unit = found
    if text.startswith(" ", end):
        if numeral.style == "chinese" or unit.kind == "count" and word in ("只", "部", "场", "对"):
            return reading
        end += 1
    if not _counts(numeral, text, word, unit):
        return reading if numeral.style == "arabic" and unit.kind not in ("count",) else None
    reading.unit, reading.unit_text = unit, word
    reading.end = end + len(word)
    if unit.kind == "percent":
        reading.value = _percent(numeral, word, unit)
    elif unit.factor != 1 and unit.kind == "money":
        reading.value = _product(numeral.value, unit.factor)
    if unit.kind == "money" and word in _COINS_BELOW:
        _read_coins(text, reading)
    if unit.kind in ("money", "token", "measure", "count", "percent"):
        _read_after_unit(text, reading)
    return reading


def _counts(numeral: Numeral, text: str, word: str, unit: Unit) -> bool:
    """Whether number and unit belong together: 一手, 一点 and the like mostly do not."""
    written = text[numeral.start : numeral.end]
    if unit.kind == "count" and written == "二":
        # Counting says 两; 二类 and 二层 are names of a class or a floor.
        return False
    if len(written) == 1 and written in _FORMAL and unit.kind != "money":
        return False
    if unit.kind == "count" and written in ("十", "百", "千", "万", "亿"):
        # 百家 and 千人 are mostly words; 近百家 and 上千人 count.
        return written == "十" or qualifier_before(text, numeral.start) is not None
    if unit.kind == "count" and not unit.alone and numeral.style == "chinese":
        return numeral.end - numeral.start > 1 or text[numeral.start] not in "一几数半"
    if unit.kind == "measure" and numeral.style == "chinese" and len(word) == 1:
        return word in "米吨克斤亩瓦升桶磅"
    return True


def _percent(numeral: Numeral, word: str, unit: Unit) -> Number:
    if word in ("成", "折") and (word == "成" or numeral.value <= 10):
        return _product(numeral.value, Decimal(10))
    return _product(numeral.value, unit.factor)


def _product(value: Number, factor: Decimal) -> Number:
    if isinstance(value, Fraction):
        return value * Fraction(factor)
    if factor == 1:
        return value
    product = EXACT.multiply(value, factor)
    whole = product.to_integral_value(context=EXACT)
    return whole if product == whole else product.normalize(EXACT)


def _read_coins(text: str, reading: _Reading) -> None:
    """123元1角1分, 3块5: the smaller coins after the larger."""
    end = reading.end
    for name, factor in _COINS_BELOW[reading.unit_text]:
        if end >= len(text) or text[end] not in _DIGIT_START:
            break
        numeral = read_number(text, end)
        if numeral is None or numeral.value >= 10 or not text.startswith(name, numeral.end):
            continue
        if isinstance(numeral.value, Decimal) and isinstance(reading.value, Decimal):
            reading.value = EXACT.add(reading.value, EXACT.multiply(numeral.value, factor))
        end = reading.end = numeral.end + len(name)


def _read_after_unit(text: str, reading: _Reading) -> None:
    """The denominator of a unit price or a rate: 元/股, 吨/年, 平方米/月."""
    if reading.unit is None or not text.startswith("/", reading.end):
        return
    match = _PER.match(text, reading.end)
    if match is None:
        return
    found = unit_at(text, match.start("per"))
    per = found[0] if found is not None else match["per"]
    if found is None and len(per) == 1 and per not in "年月日天时次股人户吨桶":
        return
    reading.per = per
    reading.end = match.start("per") + len(per)
    match = _PER.match(text, reading.end)
    if match is not None and match["per"] in ("年", "月", "日", "天", "季"):
        reading.per += "/" + match["per"]
        reading.end = match.end()


def _read_second(text: str, first: _Reading) -> _Reading | None:
    """The other end of a range, with the unit and scale that the two share."""
    match = _JOIN.match(text, first.end)
    if match is None or match.end() >= len(text) or first.numeral.style == "fraction":
        return None
    position = match.end()
    prefix = currencies_before().at(text, position)
    if prefix is not None:
        position += len(prefix[0])
    negative = position < len(text) and text[position] in _MINUS
    position += negative
    if position >= len(text) or text[position] not in _DIGIT_START:
        return None
    second = _read_one(text, position)
    if second is None or second.numeral.style == "fraction":
        return None
    if negative:
        second.value = -second.value
    if second.unit is None and prefix is not None:
        second.unit, second.unit_text = prefix[1], prefix[0]
    if not _same_unit(first, second):
        return None
    if second.unit_text == "年" and second.value >= _FIRST_YEAR:
        return None
    dash = match[0].strip() not in ("至", "到", "~")
    if first.unit is None and second.unit is None and dash and not first.numeral.scale:
        if first.value >= second.value or not is_bare_number(text, first.start, second.end, second.numeral):
            return None
    if first.unit is None and second.numeral.scale and not first.numeral.scale:
        shared = _product(first.value, Decimal(10) ** second.numeral.scale)
        if abs(first.value) < 10000 and shared <= second.value:
            first.value = shared
    if first.unit is None and second.unit is not None and second.unit.kind in ("percent", "money"):
        if second.unit_text in ("成", "折"):
            first.value = _percent(first.numeral, second.unit_text, second.unit)
        else:
            first.value = _product(first.value, second.unit.factor)
    return second


def _same_unit(first: _Reading, second: _Reading) -> bool:
    if first.unit is None:
        return True
    if second.unit is None:
        return False
    return first.unit.kind == second.unit.kind and first.unit.symbol == second.unit.symbol


def _negative_or_bare_chinese(text: str, reading: _Reading) -> bool:
    return is_bare_number(text, reading.start, reading.end, reading.numeral)


def _duration(
    text: str,
    first: _Reading,
    second: _Reading | None,
    floor: int,
    reference: datetime | None,
) -> Quantity:
    last = second or first
    assert last.unit is not None
    low = first.value if second is not None else None
    numeral = last.numeral._replace(vague=last.vague)
    quantity = read_duration(
        text, first.start, numeral, last.unit_text, last.unit, last.end, low, floor, reference
    )
    left, effects, _ = _look_left(text, quantity.start, floor)
    quantity.start = left
    end, more = _look_right(text, quantity.end)
    quantity.end = end
    if "approximate" in effects or "approximate" in more:
        quantity.approximate = True
    return quantity


def _build(
    text: str,
    first: _Reading,
    second: _Reading | None,
    floor: int,
    currency: str | None,
) -> Quantity | None:
    last = second or first
    unit, unit_text = last.unit, last.unit_text
    start, effects, prefix = _look_left(text, first.start, floor)
    sign_start, negative, refused = _sign(
        text, first, start, floor, unit is not None or bool(first.numeral.scale) or second is not None
    )
    if refused:
        return None
    if negative:
        first.value = -first.value
        if sign_start < start:
            start, effects, prefix = _look_left(text, sign_start, floor)
    if "negative" in effects:
        first.value = -first.value
        if second is not None:
            second.value = -second.value
    if prefix is not None and (unit is None or unit.kind == "money" or unit.kind == "count" and prefix[1].kind == "money" and unit_text == "分"):
        word, before = prefix
        if unit is None:
            unit, unit_text = before, word
            if before.factor != 1:
                first.value = _product(first.value, before.factor)
        elif unit.kind == "count":
            unit, unit_text = before, unit_text
            first.value = _product(first.value, Decimal("0.01"))
        elif unit.symbol == "CNY" and before.symbol != "CNY":
            unit = Unit("money", before.symbol)
            unit_text = word
    elif prefix is not None:
        start, effects = first.start, []
    end, after = _look_right(text, last.end) if unit is not None else (last.end, [])
    label, symbol = _label(text, first, last, unit, currency)
    if label == "CARDINAL":
        start = sign_start if negative else first.start
        if not is_bare_number(text, first.start, last.end, first.numeral):
            return None
        unit_text = ""
    if label == "MONEY" and unit is None:
        end, after = _look_right(text, last.end)
    quantity = Quantity(start, end, "", label, unit=symbol, unit_text=unit_text or None, per=last.per)
    if second is None:
        quantity.value = first.value
    else:
        quantity.low, quantity.high = sorted((first.value, second.value))
    if label == "MONEY" and quantity.per is None:
        quantity.per = _each(text, start, floor)
    if first.vague or last.vague:
        quantity.approximate = True
    apply_effects(quantity, [each for each in effects if each != "negative"] + first.effects + after)
    return quantity


def _label(
    text: str, first: _Reading, last: _Reading, unit: Unit | None, currency: str | None
) -> tuple[str, str | None]:
    if unit is None:
        scale = last.numeral.scale or first.numeral.style == "chinese"
        if currency is not None and first.numeral.style != "fraction":
            return "MONEY", currency
        if scale and last.value >= 10000 and is_money_by_context(text, first.start, last.end):
            return "MONEY", "CNY"
        return "CARDINAL", None
    if unit.kind in ("money", "token"):
        bare = last.unit_text in ("元", "块", "块钱", "圆", "元整", "圆整")
        symbol = currency if bare and currency and unit.symbol == "CNY" else unit.symbol
        return "MONEY", symbol
    if unit.kind == "percent":
        return "PERCENT", "%"
    return "QUANTITY", unit.symbol


def _look_left(
    text: str, start: int, floor: int
) -> tuple[int, list[str], tuple[str, Unit] | None]:
    """Where the span begins with its qualifiers, what they say, and a currency before the number."""
    effects: list[str] = []
    currency: tuple[str, Unit] | None = None
    span = position = start
    for _ in range(_MAX_QUALIFIERS):
        if position <= floor:
            break
        spaced = position - 1 if text[position - 1] == " " else position
        found = qualifier_before(text, spaced)
        if found is not None:
            word, qualifier = found
            if spaced - len(word) < floor:
                break
            if qualifier.effect:
                effects.append(qualifier.effect)
            position = spaced - len(word)
            if not qualifier.inside:
                break
            span = position
            continue
        if currency is None:
            prefix = currencies_before().before(text, spaced)
            if prefix is not None and spaced - len(prefix[0]) >= floor:
                position = spaced - len(prefix[0])
                if prefix[0].isalpha() and prefix[0].isascii() and position and (
                    text[position - 1].isascii() and text[position - 1].isalnum()
                ):
                    break
                currency = prefix
                span = position
                continue
        break
    return span, effects, currency


def _look_right(text: str, end: int) -> tuple[int, list[str]]:
    found = qualifier_after(text, end)
    if found is None:
        return end, []
    word, qualifier = found
    if word in ("余", "多", "许", "起", "+") and end + len(word) < len(text):
        # 元多 and the like only before a boundary; 5家起诉 is another word.
        following = text[end + len(word)]
        if following.isalnum() and word != "+":
            return end, []
    return (end + len(word) if qualifier.inside else end), [qualifier.effect]


def _sign(
    text: str, first: _Reading, start: int, floor: int, has_unit: bool
) -> tuple[int, bool, bool]:
    """Where a minus sign stands, whether the number is negative, whether it is part of a name."""
    for position in (first.start, start):
        if position > floor and text[position - 1] in _MINUS:
            before = text[position - 2] if position >= 2 else " "
            if before.isascii() and (before.isalnum() or before in ")-_"):
                return position, False, not has_unit or before == "-"
            if not before.isascii() and before.isalnum() and not has_unit:
                if "." not in text[first.start : first.end]:
                    return position, False, True
                return position - 1, True, False
            if before.isdigit():
                return position, False, False
            return position - 1, True, False
    return start, False, False


def _each(text: str, start: int, floor: int) -> str | None:
    """每股1.95港元: the denominator stands before, outside the span."""
    match = _EACH.search(text, max(floor, start - 14), start)
    if match is None:
        return None
    adjacent = match.end("per") == start
    return match["per"] if adjacent or match["per"].endswith(("股", "吨", "桶", "份")) else None


@lru_cache(maxsize=1)
def _scaled_percents() -> Words[Decimal]:
    return Words((row["text"], Decimal(row["factor"])) for row in rows("scaled_percent.tsv"))
