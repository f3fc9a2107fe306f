"""Ordinals: 第三, 第10000辆, 第六次."""

from __future__ import annotations

from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.number import read_number
from tagger.numerals.tables import Words, rows, settings
from tagger.numerals.units import unit_at

_NUMERALS = frozenset("0123456789一二两三四五六七八九十百千万")


def read_ordinal(text: str, start: int) -> Quantity | None:
    """第 with its number and, where one follows, its counting word."""
    position = start + 2 if text.startswith(" ", start + 1) else start + 1
    if position >= len(text) or text[position] not in _NUMERALS:
        return None
    numeral = read_number(text, position)
    if numeral is None or numeral.style == "fraction" or numeral.vague:
        return None
    end = numeral.end
    names = settings("names.toml")
    if text.startswith(tuple(names["after_ordinals"]), end):
        return None
    if text.startswith(tuple(names["bare_ordinals"]), end):
        return Quantity(start, end, "", "ORDINAL", value=numeral.value)
    found = unit_at(text, end)
    word = _ordinal_words().at(text, end)
    if found is not None and found[1].kind in ("count", "duration"):
        end += len(found[0])
    elif word is not None:
        end += len(word[0])
    return Quantity(start, end, "", "ORDINAL", value=numeral.value)


@lru_cache(maxsize=1)
def _ordinal_words() -> Words[None]:
    return Words((row["text"], None) for row in rows("ordinal_words.tsv"))
