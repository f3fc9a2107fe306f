"""Small coins after an amount of the larger ones: 123元1角1分, 三块五, 5美元30美分."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from tagger.document import Number
from tagger.numerals.exact import EXACT, product
from tagger.numerals.number import read_number
from tagger.numerals.tables import Words, rows
from tagger.numerals.units import Unit, unit_at

_DIGIT_START = frozenset("0123456789〇零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾")
# What makes 五 in 三块五 the beginning of another number.
_GOES_ON = frozenset("0123456789十百千万亿多几")
# More of a small coin than this would be written in the larger one.
_MOST = 100


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
