"""One number with its unit, and the second number of a range, as they stand in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tagger.document import Number
from tagger.numerals.bare import is_bare_number
from tagger.numerals.chinese_numbers import DIGIT_VALUES, scale_power
from tagger.numerals.coins import NAMED, PIECE, YUAN, add_coins, is_price, is_sum
from tagger.numerals.exact import EXACT, decimal_or_fraction, product
from tagger.numerals.number import Numeral, read_number
from tagger.numerals.qualifiers import qualifier_before
from tagger.numerals.tables import Words, rows
from tagger.numerals.units import Unit, counting_words, currencies_before, unit_at

_JOIN = re.compile(r" ?(?:-{1,3}|~|–|—{1,2}|至|到) ?")
_SCALES = re.compile("[十百千]")
_UPPER_SCALE = re.compile("[百千]{0,1}(?P<large>[万亿]{1,2})$|[百千]$")
_DIGIT_START = frozenset("0123456789〇零一二两三四五六七八九十百千半壹贰叁肆伍陆柒捌玖")
# Numerals of cheques, which alone are mostly parts of names: 陆家嘴.
_FORMAL = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟幺零〇廿卅")
_MINUS = "-–"
# Measures of one character that Chinese numerals count; others mostly begin words (三节, 两安).
_SPOKEN_MEASURES = "米吨克斤亩瓦升桶磅尺寸丈伏度里"
# 两度 is twice, 一寸 a word.
_IDIOMS = "寸丈度里"
_SINGLE_DIGITS = frozenset("123456789一二三四五六七八九")
_HEIGHT = "米"
# Of an earthquake, where it says so (5级以上地震), or has decimals and 震 stands that near, in
# characters (震级为里氏5.1级); 4级 and L2.5级 are grades.
_MAGNITUDE, _QUAKE, _QUAKE_REACH = "级", "震", 20
_OF_QUAKE = re.compile("(?:及?以[上下]|左右)?的?(?:[强大小余]?地震|[强余]震)")
# Shares where their number has a scale (8亿A股); 2022A股 and 2亿A股股民 speak of the market.
_SHARE_CLASSES = ("A股", "B股", "H股")
_HOLDERS = ("股民", "股东")
# The coin USDT where its number has a scale (1200万U), but no drive of 1200万U盘.
_TETHER, _SHAPED = "U", ("盘", "型", "形")
# What makes a digit the beginning of another number.
_GOES_ON = frozenset("0123456789.十百千万亿几多")
_JOINTS = frozenset(" -~–—至到")
# What may stand between a number and its unit: 500余家, 3000 多人, 100+家, 5 GW.
_BEFORE_UNIT = re.compile(" ?[余多]|[ 来+]")
_PER = re.compile(r"(?P<sign>/ ?|每)(?P<per>人·[次天日月年]|[一-龥㎡㎥]|[A-Za-z]+(?:[²³23])?)")
# A level is at least as many times its step.
_ANOTHER_ORDER = 10
# The same for a share: no forecast of a share's change is as wide as that.
_SHARE_ORDER = 5
# The longest share and verb of change with its qualifier, in characters.
_REACH = 5
# From here on a number before 年 is a year and no duration.
_FIRST_YEAR = 1000
# Behind a currency: $450m, US$2.3b, and what such a scale may begin with.
_MONEY_LETTERS = Words(
    (row["text"], int(row["power"])) for row in rows("scales.tsv") if row["money"]
)
_BEFORE_LETTER = _MONEY_LETTERS.first_characters | {" "}
# Words that begin with 半: 一个半导体项目, 两个半决赛名额.
_HALF_WORDS = "导决场岛山径夜空途截身场挂年月天日小成数价球轴固官托品生自公脱路程"


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
    if text[start] in _scaled_percents().first_characters:
        scaled = _scaled_percents().at(text, start)
        if scaled is not None:
            return _scaled_percent(text, start, *scaled)
    if text[start] == "半":
        return None
    numeral = read_number(text, start)
    if numeral is None:
        return _read_discount(text, start)
    reading = Reading(start, numeral.end, numeral.value, numeral, vague=numeral.vague)
    found = _unit_behind(text, reading) if numeral.style != "fraction" else None
    if found is None:
        return reading
    begin, word, unit = found
    if word == PIECE and not is_price(text, numeral.start, begin, unit):
        unit = counting_words()[word]
    is_name = word == YUAN and text[start : numeral.end] in NAMED
    if is_name and not is_sum(text, start, begin + len(word)):
        return None
    counts = reading.vague and word != _MAGNITUDE
    if not (counts or _counts(numeral, text, word, unit)):
        return reading if numeral.style == "arabic" and unit.kind != "count" else None
    reading.unit, reading.unit_text = unit, word
    reading.end = begin + len(word)
    _apply_unit(text, reading, word, unit)
    return reading


def _unit_behind(text: str, reading: Reading) -> tuple[int, str, Unit] | None:
    """Where the unit of a number begins, its word and what that stands for; what is written between
    the two makes the number vague (500余家) or a bound (100+家)."""
    end = reading.numeral.end
    found = unit_at(text, end)
    if found is not None:
        return end, *found
    between = _BEFORE_UNIT.match(text, end)
    if between is None:
        return None
    begin = between.end()
    found = unit_at(text, begin)
    if found is None or (between[0] == " " and _begins_word(text, reading.numeral, begin, *found)):
        return None
    if between[0] == "+":
        reading.effects.append("low_inclusive")
    elif between[0] != " ":
        reading.vague = True
    return begin, *found


def _apply_unit(text: str, reading: Reading, word: str, unit: Unit) -> None:
    """The value in whole units, and what follows the unit: coins, a half, digits, a denominator."""
    if unit.kind == "percent":
        reading.value = _percent_value(reading.numeral, word, unit)
    elif unit.kind == "money":
        if unit.factor != 1:
            reading.value = product(reading.numeral.value, unit.factor)
        reading.value, reading.end = add_coins(text, reading.end, word, unit, reading.value)
    following = text[reading.end : reading.end + 1]
    if following == "半" and unit.kind != "duration":
        _read_half_more(text, reading)
    elif following in _SINGLE_DIGITS:
        if unit.kind == "percent" and unit.factor == 10:
            _read_tenth(text, reading)
        elif word == _HEIGHT:
            _read_decimals(text, reading)
    if text[reading.end : reading.end + 1] in ("/", "每") and unit.kind != "duration":
        _read_after_unit(text, reading)


def _begins_word(text: str, numeral: Numeral, start: int, word: str, unit: Unit) -> bool:
    """Whether a unit after a blank is the beginning of another word: 预亏2000万 两董事辞职."""
    if numeral.style == "chinese":
        return unit.kind == "count"
    spoken = len(word) == 1 and not word.isascii() and unit.kind in ("count", "measure")
    return spoken and text[numeral.end - 1] in "万亿" and text[start + 1 : start + 2].isalpha()


def _scaled_percent(text: str, start: int, word: str, factor: Decimal) -> Reading | None:
    """百分之五, 千分之三: the unit stands before its number."""
    inner = start + len(word)
    inner += text.startswith(" ", inner)
    negative = text.startswith(("负", "-"), inner)
    inner += negative
    if inner >= len(text) or (text[inner] not in _DIGIT_START and text[inner] not in "数几"):
        return None
    numeral = read_number(text, inner)
    if numeral is None or numeral.style == "fraction":
        return None
    value = product(-numeral.value if negative else numeral.value, factor)
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
    if word == _MAGNITUDE:
        around = text[max(0, numeral.start - _QUAKE_REACH) : numeral.end + _QUAKE_REACH]
        quake = "." in written and _QUAKE in around
        quake = quake or _OF_QUAKE.match(text, numeral.end + len(word)) is not None
        return quake and not numeral.scale
    if word == _TETHER:
        return written[-1] in "万亿" and not text.startswith(_SHAPED, numeral.end + len(word))
    if word in _SHARE_CLASSES:
        return written[-1] in "万亿" and not text.startswith(_HOLDERS, numeral.end + len(word))
    if unit.kind == "count" and written in ("十", "百", "千", "万", "亿"):
        # 百家 and 千人 are mostly words; 近百家 and 上千人 count.
        return written == "十" or qualifier_before(text, numeral.start) is not None
    if unit.kind == "count" and not unit.alone and numeral.style == "chinese":
        return numeral.end - numeral.start > 1 or text[numeral.start] not in "一几数半"
    if unit.kind == "measure" and numeral.style == "chinese" and len(word) == 1:
        if word in _IDIOMS and len(written) == 1:
            return qualifier_before(text, numeral.start) is not None
        return word in _SPOKEN_MEASURES
    return True


def _percent_value(numeral: Numeral, word: str, unit: Unit) -> Number:
    # 八折 and 8.5折 are tenths, 85折 is written in percent already.
    if word == "折" and numeral.value > 10:
        return numeral.value
    return product(numeral.value, unit.factor)


def _read_discount(text: str, start: int) -> Reading | None:
    """七五折: two digits in a row are a price in percent."""
    digits = text[start : start + 2]
    if not text.startswith("折", start + 2) or any(each not in DIGIT_VALUES for each in digits):
        return None
    value = Decimal("".join(str(DIGIT_VALUES[each]) for each in digits))
    numeral = Numeral(start, start + 2, value, False, "chinese", 0)
    return Reading(start, start + 3, value, numeral, "折", Unit("percent", "%"))


def _read_tenth(text: str, reading: Reading) -> None:
    """七成五: a single digit after the tenths counts hundredths."""
    end = reading.end + 1
    if text[end : end + 1] in _GOES_ON or unit_at(text, end) is not None:
        return
    digit = text[reading.end]
    hundredths = int(digit) if digit.isascii() else DIGIT_VALUES[digit]
    reading.value = product(reading.value + hundredths, Decimal(1))
    reading.end = end


def _read_decimals(text: str, reading: Reading) -> None:
    """一米八, 1米75: one or two digits after the metres are their decimals."""
    end = reading.end
    while end < reading.end + 2 and text[end : end + 1] in _SINGLE_DIGITS and end < len(text):
        end += 1
    if (text[end : end + 1] in _GOES_ON and end < len(text)) or unit_at(text, end) is not None:
        return
    digits = text[reading.end : end]
    written = "".join(each if each.isascii() else str(DIGIT_VALUES[each]) for each in digits)
    if isinstance(reading.value, Decimal):
        reading.value = EXACT.add(reading.value, Decimal(f"0.{written}"))
        reading.end = end


def _read_half_more(text: str, reading: Reading) -> None:
    """八成半, 三块半, 一个半: half a unit more, where no other word begins with 半."""
    after = text[reading.end + 1 : reading.end + 2]
    if reading.unit is None or (after and after in _HALF_WORDS):
        return
    half = Fraction(reading.unit.factor) / 2
    reading.value = decimal_or_fraction(Fraction(reading.value) + half)
    reading.end += 1


def _read_after_unit(text: str, reading: Reading) -> None:
    """The denominator of a unit price or a rate: 元/股, 吨/年, 平方米/月."""
    match = _PER.match(text, reading.end)
    if match is None:
        return
    found = unit_at(text, match.start("per"))
    if match["sign"] == "每" and (found is None or found[1].kind == "count"):
        return
    per = found[0] if found is not None and "·" not in match["per"] else match["per"]
    if found is None and len(per) == 1 and per not in "年月日天时次股人户吨桶dhasW":
        return
    reading.per = per
    reading.end = match.start("per") + len(per)
    match = _PER.match(text, reading.end)
    if match is not None and match["per"] in ("年", "月", "日", "天", "季"):
        reading.per += "/" + match["per"]
        reading.end = match.end()


def read_second(text: str, first: Reading) -> Reading | None:
    """The other end of a range, or None; ``first`` takes over the unit's factor and scale."""
    if text[first.end : first.end + 1] not in _JOINTS:
        return None
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
    take_money_letter(text, second, first.start)
    if negative:
        second.value = -second.value
    if second.unit is None and prefix is not None:
        second.unit, second.unit_text = prefix[1], prefix[0]
    if not _same_unit(first, second):
        return None
    if second.unit_text == "年" and second.value >= _FIRST_YEAR:
        return None
    # 33,102.90 -14.05% is a level and its change, 3.2% -5.6% a range.
    if match[0] == " -" and first.value > second.value:
        return None
    if _says_by_and_to(text, first, second, match[0]):
        return None
    if (
        first.unit is None
        and second.unit is None
        and not _is_bare_range(text, first, second, match[0])
    ):
        return None
    scale = _shared_scale(text, first.numeral, second.numeral) if first.unit is None else 0
    if scale and -10_000 < first.value < 10_000:
        shared = product(first.value, EXACT.scaleb(Decimal(1), scale))
        if shared <= second.value:
            first.value = shared
    if first.unit is None:
        share_factor(first, second)
    return second


def take_money_letter(text: str, reading: Reading, money: int) -> None:
    """$450m, US$80-100b: behind a currency, which ends at ``money``, a letter is the scale of the
    number and no metre or tonne."""
    begin = reading.numeral.end
    if text[begin : begin + 1] not in _BEFORE_LETTER:
        return
    spaced = text.startswith(" ", begin)
    found = _MONEY_LETTERS.at(text, begin + spaced)
    if found is None or reading.numeral.scale or reading.per is not None:
        return
    if reading.unit is not None and reading.unit_text != found[0]:
        return
    end = begin + spaced + len(found[0])
    following = text[end : end + 1]
    # $3 B轮 is a round of financing.
    if following.isalnum() and (spaced or following.isascii()):
        return
    if currencies_before().before(text, money - text.endswith(" ", 0, money)) is None:
        return
    reading.value = product(reading.value, EXACT.scaleb(Decimal(1), found[1]))
    reading.numeral = reading.numeral._replace(value=reading.value, scale=found[1])
    reading.unit, reading.unit_text, reading.end = None, "", end


def share_factor(first: Reading, second: Reading) -> None:
    """Counts ``first`` in what ``second`` is counted in: 五 of 五到六成 is 50 per cent."""
    unit = second.unit
    if unit is None or unit.kind not in ("percent", "money"):
        return
    if second.unit_text in ("成", "折"):
        first.value = _percent_value(first.numeral, second.unit_text, unit)
    else:
        first.value = product(first.value, unit.factor)


def _says_by_and_to(text: str, first: Reading, second: Reading, joint: str) -> bool:
    """上升48亿元|至|1.72万亿元: the step and then the level, no range."""
    if joint.strip() not in ("至", "到") or first.unit is None or second.unit is None:
        return False
    if first.unit.step and not second.unit.step:
        return True
    step, level = abs(Fraction(first.value)), abs(Fraction(second.value))
    if level < _SHARE_ORDER * step:
        return False
    change = _change_before().search(text, max(0, first.start - _REACH), first.start)
    if change is None:
        return False
    return level >= _ANOTHER_ORDER * step or change["share"] is not None


@lru_cache(maxsize=1)
def _change_before() -> re.Pattern[str]:
    words: dict[str, list[str]] = {"change": [], "share": []}
    for row in rows("changes.tsv"):
        words[row["role"]].append(re.escape(row["text"]))
    changes, shares = ("|".join(words[role]) for role in ("change", "share"))
    return re.compile(rf"(?P<share>{shares})?(?:{changes})[了约近超逾]?$")


def _shared_scale(text: str, first: Numeral, second: Numeral) -> int:
    """The power of ten that the second number says and the first one shares: 3-5亿, 三到五千."""
    if second.style != "chinese":
        return 0 if first.scale else second.scale
    upper = _UPPER_SCALE.search(text, second.start, second.end)
    if upper is None or _UPPER_SCALE.search(text, first.start, first.end) is not None:
        return 0
    # 三百到五百万 share the 万, 三到五百万 all of it.
    scales = _SCALES.search(text, first.start, first.end)
    return scale_power((upper["large"] or "") if scales else upper[0])


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
