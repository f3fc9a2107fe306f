"""Which company a shared name means, by the words of its trade that stand beside it: 平安 among
保费 and 寿险 is 中国平安, and among 存款 and 网点 it is 平安银行.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from tagger.resources import lexicon_table

# One company's words must outnumber any other's by so much.
_CLEARLY = 3


def company_meant(name: str, passages: Iterable[str]) -> str:
    """The full name of the company that a shared name means in normalised passages; empty if the
    name is not known to be shared, if no trade is spoken of, several are, or the company that is
    meant stands in no table."""
    table = _table()
    if name not in table.names:
        return ""
    passages = list(passages)
    found: dict[str, int] = {}
    for trade, company in table.names[name].items():
        words = {word for each in passages for word in table.words[trade].findall(each)}
        found[company] = found.get(company, 0) + len(words)
    first, *others = sorted(found, key=lambda company: -found[company])
    sure = found[first] and all(found[first] >= _CLEARLY * found[each] for each in others)
    return first if sure else ""


class _Table(NamedTuple):
    """The words of each trade; for each shared name, whom it means in a trade."""

    words: Mapping[str, re.Pattern[str]]
    names: Mapping[str, Mapping[str, str]]


@cache
def _table() -> _Table:
    table = lexicon_table("industries.toml")
    words = {
        trade: re.compile("|".join(map(_whole, table["words"][trade]))) for trade in table["words"]
    }
    return _Table(words, table["names"])


def _whole(word: str) -> str:
    """A Latin word or a number is not found inside a longer one."""
    pattern = re.escape(word)
    return rf"(?<![A-Za-z0-9.]){pattern}(?![A-Za-z0-9.])" if word.isascii() else pattern
