"""Small coins after an amount of the larger ones: 123元1角1分, 三块五, 5美元30美分.

And when 块 and 三元 are money at all: 6块, 售价20块的, but 两块牌子; 每斤三元, but 三元食品.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from tagger.document import Number
from tagger.numerals.exact import EXACT, product
from tagger.numerals.number import read_number
from tagger.numerals.qualifiers import qualifier_before
from tagger.numerals.tables import Words, rows
from tagger.numerals.units import Unit, unit_at

_DIGIT_START = frozenset("0123456789〇零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾")
# What makes 五 in 三块五 the beginning of another number.
_GOES_ON = frozenset("0123456789十百千万亿多几")
# More of a small coin than this would be written in the larger one.
_MOST = 100
# Money or a counting word: 两块二, 两块牌子.
PIECE = "块"
# How far back, in characters, the word for a price may stand.
_REACH = 12
# Both ends of a range are prices or neither is: 10块到20块钱.
_NUMBER = "[0-9.一二两三四五六七八九十百]{1,5}"
_JOINT = "[到至~—-]"
_CLAUSE_END = r"$|[\s，。；：！？、,.;:!?)）\]】”’」』…/—]"
YUAN = "元"
# 三元 is a company, a battery, a breed or a bridge, 二元 an acid; said alone neither is an amount.
NAMED = frozenset("二三")
_DIGIT = f"[{''.join(sorted(_DIGIT_START))}]"
_SUM_BEFORE = re.compile(rf"(?:[涨跌降升加减收缴]了?|每[^，。；、,;]{{1,4}}|{_NUMBER}元?{_JOINT})$")
_SUM_AFTER = re.compile(
    r"[/每钱整]|左右|上下|以[上下内]|一[斤克吨个只件张份瓶箱袋盒桶股]"
    rf"|{_DIGIT}[角毛分]|{_JOINT}{_DIGIT}"
)


def add_coins(text: str, end: int, word: str, unit: Unit, value: Number) -> tuple[Number, int]:
    """The amount with the small coins that follow ``end``, and where they end.

    ``word`` and ``unit`` are the currency that has been read with ``value`` of it.
    """
    factor = unit.factor
    while end < len(text) and text[end] in _DIGIT_START and isinstance(value, Decimal):
        numeral = read_number(text, end)
        if numeral is None or not isinstance(numeral.value, Decimal) or numeral.value >= _MOST:
            break
        coin = _coin_at(text, numeral.end, word, unit)
        if coin is None or coin[1] >= factor:
            break
        name, factor = coin
        value = EXACT.add(value, Decimal(str(product(numeral.value, factor))))
        end = numeral.end + len(name)
    return value, end


def is_price(text: str, start: int, end: int, unit: Unit) -> bool:
    """Whether 块 at ``end``, after a number at ``start``, is money and counts no pieces.

    It is where coins, the end of a clause or what is paid for follow, or a word for a price
    stands before it. ``unit`` is 块 as money.
    """
    after = end + len(PIECE)
    earlier, later = _price_patterns()
    if later.match(text, after) or earlier.search(text, max(0, start - _REACH), start):
        return True
    return add_coins(text, after, PIECE, unit, Decimal(0))[1] > after


def is_sum(text: str, start: int, end: int) -> bool:
    """Whether 二元 or 三元 in ``[start, end)`` is an amount and no name.

    It is where a word for a price, a change or 每 stands before it, or what is paid for or a coin
    after it.
    """
    if _SUM_AFTER.match(text, end) or qualifier_before(text, start) is not None:
        return True
    begin = max(0, start - _REACH)
    return bool(
        _price_patterns()[0].search(text, begin, start) or _SUM_BEFORE.search(text, begin, start)
    )


def _coin_at(text: str, start: int, word: str, unit: Unit) -> tuple[str, Decimal] | None:
    if not unit.plain:
        found = unit_at(text, start)
        if found is None or found[1].kind != "money" or found[1].symbol != unit.symbol:
            return None
        return found[0], found[1].factor
    names, alone = _coins()
    named = names.at(text, start)
    if named is not None:
        return named
    if word in alone and text[start : start + 1] not in _GOES_ON and unit_at(text, start) is None:
        return "", alone[word]
    return None


@lru_cache(maxsize=1)
def _coins() -> tuple[Words[Decimal], dict[str, Decimal]]:
    named, alone = [], {}
    for row in rows("coins.tsv"):
        if row["text"]:
            named.append((row["text"], Decimal(row["factor"])))
        else:
            alone[row["after"]] = Decimal(row["factor"])
    return Words(named), alone


@lru_cache(maxsize=1)
def _price_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What makes a price of 块: before its number, and after it, where a clause may end too."""
    words: dict[str, list[str]] = {"before": [], "after": []}
    for row in rows("piece_prices.tsv"):
        words[row["side"]].append(row["text"])
    earlier, later = ("|".join(words[side]) for side in ("before", "after"))
    return (
        re.compile(rf"(?:{earlier})[为是了仅只要约近超]{{0,2}}(?:{_NUMBER}块?{_JOINT})?$"),
        re.compile(rf"(?:{_JOINT}{_NUMBER}块)?+(?:{_CLAUSE_END}|半(?!导)|钱|{later})"),
    )
