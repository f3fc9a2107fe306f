"""What may stand after a number: currencies, coins, per cent, measures, counts, durations."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tagger.numerals.tables import Words, rows


class Unit(NamedTuple):
    """A unit as the tables give it.

    ``kind`` is money, token, percent, measure, count or duration; ``symbol`` the ISO 4217 code,
    ticker, UCUM symbol, counting word or ISO 8601 letter; ``factor`` what one of it is in
    ``symbol``. ``alone`` says whether a bare 一 before a counting word is a count; ``stops`` are
    characters after it that make it part of another word, ``firm`` those of a counting word that
    do so even after figures; ``label`` is that of a duration;
    ``plain`` marks a currency's name that does not say whose it is (元), ``step`` a percentage
    that counts a difference (个基点).
    """

    kind: str
    symbol: str | None
    factor: Decimal = Decimal(1)
    alone: bool = True
    stops: str = ""
    label: str = ""
    plain: bool = False
    step: bool = False
    firm: str = ""


_DIGITS = frozenset("0123456789万亿")
_UNSURE = ("所", "分", "股")
# Counting words that may stand between a number and a coin: 450个比特币.
_COIN_COUNTERS = ("", "个", "枚", "颗")


@lru_cache(maxsize=1)
def units_after() -> Words[Unit]:
    """Every unit that may follow a number."""
    entries = dict(counting_words())
    for row in rows("units.tsv"):
        entries[row["text"]] = Unit("measure", row["symbol"], stops=row["stops"])
    for row in rows("durations.tsv"):
        entries[row["text"]] = Unit(
            "duration",
            row["letter"],
            Decimal(row["factor"]),
            label=row["label"],
            stops=row["stops"],
        )
    for row in rows("percent.tsv"):
        entries[row["text"]] = Unit(
            "percent",
            "%",
            Decimal(row["factor"]),
            stops=row["stops"],
            step=row["step"] == "1",
        )
    for row in rows("currencies.tsv"):
        if row["position"] == "after":
            entries[row["text"]] = Unit(
                "money",
                row["code"] or None,
                Decimal(row["factor"]),
                stops=row["stops"],
                plain=row["plain"] == "1",
            )
    for row in rows("tokens.tsv"):
        for counter in ("",) if row["scaled"] else _COIN_COUNTERS:
            entries[counter + row["text"]] = Unit("token", row["symbol"])
    return Words(entries.items())


@lru_cache(maxsize=1)
def counting_words() -> dict[str, Unit]:
    """The counting words, those that also name money (块) included."""
    return {
        row["text"]: Unit(
            "count",
            row["text"],
            alone=row["alone"] == "1",
            stops=row["stops"],
            firm=row["firm"],
        )
        for row in rows("counters.tsv")
    }


@lru_cache(maxsize=1)
def currencies_before() -> Words[Unit]:
    """Currency names, symbols and codes that may stand before a number."""
    return Words(
        (row["text"], Unit("money", row["code"] or None, Decimal(row["factor"])))
        for row in rows("currencies.tsv")
        if row["position"] == "before"
    )


def unit_at(text: str, start: int) -> tuple[str, Unit] | None:
    """The longest unit at ``start`` that is a word of its own, or None."""
    for entry in units_after().candidates(text, start):
        word, unit = entry
        if not text.startswith(word, start):
            continue
        end = start + len(word)
        following = text[end : end + 1]
        if (
            following.isascii()
            and following.isalnum()
            and word[-1].isascii()
            and word[-1].isalnum()
        ):
            continue
        if not (unit.stops and following):
            return entry
        if following not in unit.stops:
            return entry
        # After 1,000 a counting word is one; after 一 it may begin another word.
        if (
            unit.kind == "count"
            and text[start - 1] in _DIGITS
            and word not in _UNSURE
            and following not in unit.firm
        ):
            return entry
    return None
