"""One number with its unit, and the second number of a range, as they stand in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tagger.document import Number
from tagger.numerals.bare import is_bare_number
from tagger.numerals.number import EXACT, Numeral, read_number
from tagger.numerals.qualifiers import qualifier_before
from tagger.numerals.tables import Words, rows
from tagger.numerals.units import Unit, currencies_before, unit_at

_JOIN = re.compile(r" ?(?:-{1,2}|~|–|—{1,2}|―|至|到) ?")
_DIGIT_START = frozenset("0123456789〇零一二两三四五六七八九十百千半壹贰叁肆伍陆柒捌玖")
# Numerals of cheques, which alone are mostly parts of names: 陆家嘴.
_FORMAL = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟幺零〇廿卅")
_MINUS = "-−–"
_PER = re.compile(r"/ ?(?P<per>人·[次天日月年]|[一-龥]|[A-Za-z]+(?:[²³23])?)")
# From here on a number before 年 is a year and no duration.
_FIRST_YEAR = 1000
_SMALL_COINS = {
    "元": (("角", Decimal("0.1")), ("毛", Decimal("0.1")), ("分", Decimal("0.01"))),
    "块": (("毛", Decimal("0.1")), ("角", Decimal("0.1")), ("分", Decimal("0.01"))),
}


@dataclass(slots=True)
class Reading:
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


def read_one(text: str, start: int) -> Reading | None:
    """The number at ``start`` with its unit and denominator; None where no number stands there."""
    scaled = _scaled_percent(text, start)
    if scaled is not None:
        return scaled
    if text[start] == "半":
        return None
    numeral = read_number(text, start)
    if numeral is None:
        return None
    reading = Reading(start, numeral.end, numeral.value, numeral, vague=numeral.vague)
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
        if numeral.style == "chinese":
            return reading
        end += 1
    if not _counts(numeral, text, word, unit):
        return reading if numeral.style == "arabic" and unit.kind not in ("count",) else None
    reading.unit, reading.unit_text = unit, word
    reading.end = end + len(word)
    if unit.kind == "percent":
        reading.value = _percent_value(numeral, word, unit)
    elif unit.factor != 1 and unit.kind == "money":
        reading.value = product(numeral.value, unit.factor)
    if unit.kind == "money" and word in _SMALL_COINS:
        _read_coins(text, reading)
    if unit.kind in ("money", "token", "measure", "count", "percent"):
        _read_after_unit(text, reading)
    return reading


def _scaled_percent(text: str, start: int) -> Reading | None:
    """百分之五, 千分之三: the unit stands before its number."""
    found = _scaled_percents().at(text, start)
    if found is None:
        return None
    word, factor = found
    inner = start + len(word)
    if inner >= len(text) or (text[inner] not in _DIGIT_START and text[inner] not in "数几"):
        return None
    numeral = read_number(text, inner)
    if numeral is None or numeral.style == "fraction":
        return None
    value = product(numeral.value, factor)
    unit = Unit("percent", "%", factor)
    return Reading(start, numeral.end, value, numeral, word, unit, vague=numeral.vague)


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


def _percent_value(numeral: Numeral, word: str, unit: Unit) -> Number:
    # 八折 and 8.5折 are tenths, 85折 is written in percent already.
    if word == "折" and numeral.value > 10:
        return numeral.value
    return product(numeral.value, unit.factor)


def product(value: Number, factor: Decimal) -> Number:
    if isinstance(value, Fraction):
        return value * Fraction(factor)
    if factor == 1:
        return value
    product = EXACT.multiply(value, factor)
    whole = product.to_integral_value(context=EXACT)
    return whole if product == whole else product.normalize(EXACT)


def _read_coins(text: str, reading: Reading) -> None:
    """123元1角1分, 3块5: the smaller coins after the larger."""
    end = reading.end
    for name, factor in _SMALL_COINS[reading.unit_text]:
        if end >= len(text) or text[end] not in _DIGIT_START:
            break
        numeral = read_number(text, end)
        if numeral is None or numeral.value >= 10 or not text.startswith(name, numeral.end):
            continue
        if isinstance(numeral.value, Decimal) and isinstance(reading.value, Decimal):
            reading.value = EXACT.add(reading.value, EXACT.multiply(numeral.value, factor))
        end = reading.end = numeral.end + len(name)


def _read_after_unit(text: str, reading: Reading) -> None:
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


def read_second(text: str, first: Reading) -> Reading | None:
    """The other end of a range, or None; ``first`` takes over the unit's factor and scale."""
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
    second = read_one(text, position)
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
    if (
        first.unit is None
        and second.unit is None
        and not _is_bare_range(text, first, second, match[0])
    ):
        return None
    if first.unit is None and second.numeral.scale and not first.numeral.scale:
        shared = product(first.value, EXACT.scaleb(Decimal(1), second.numeral.scale))
        if -10_000 < first.value < 10_000 and shared <= second.value:
            first.value = shared
    if first.unit is None and second.unit is not None and second.unit.kind in ("percent", "money"):
        if second.unit_text in ("成", "折"):
            first.value = _percent_value(first.numeral, second.unit_text, second.unit)
        else:
            first.value = product(first.value, second.unit.factor)
    return second


def _is_bare_range(text: str, first: Reading, second: Reading, joint: str) -> bool:
    """Whether two numbers without unit are a range and not a score or a code: 1.1到1.5, 3万-5万."""
    if joint.strip() in ("至", "到", "~") or first.numeral.scale:
        return True
    return first.value < second.value and is_bare_number(
        text, first.start, second.end, second.numeral
    )


def _same_unit(first: Reading, second: Reading) -> bool:
    if first.unit is None:
        return True
    if second.unit is None:
        return False
    return first.unit.kind == second.unit.kind and first.unit.symbol == second.unit.symbol


@lru_cache(maxsize=1)
def _scaled_percents() -> Words[Decimal]:
    return Words((row["text"], Decimal(row["factor"])) for row in rows("scaled_percent.tsv"))
