"""Companies listed in several places: which of their listings an article means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from tagger.resources import lexicon_table
from tagger.text import normalize

_MARKET_OF = {
    "SSE": "mainland",
    "SZSE": "mainland",
    "BSE": "mainland",
    "HKEX": "HKEX",
    "NASDAQ": "american",
    "NYSE": "american",
    "TWSE": "TWSE",
}
# Behind a name, the Hong Kong exchange's mark of a share class or a pre-revenue company.
_HONG_KONG_MARK = re.compile(r"-(?:[BWSP]|SW|SB|WR)$")
# The mark of Shenzhen's shares for residents.
_MAINLAND_MARK = re.compile(r"(?<=[\u4e00-\u9fff])A$")

_MARKET_BEFORE = re.compile(r"(?:港股|美股|(?<![A-Za-z])[AH]股)$")
_MARKET_BEHIND = re.compile(r"[(（]?(?:港股|美股|[AH]股)")


@dataclass(frozen=True, slots=True)
class _Listing:
    """A listing with its first and its last day, None where unknown."""

    id: str
    first: date | None = None
    last: date | None = None

    def exists_on(self, day: date | None) -> bool:
        return day is None or (
            (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        )


def other_listings(identifier: str, day: date | None = None) -> tuple[str, ...]:
    """The ids of a company's listings beside ``identifier``, under which the tables have it: those
    of that day, or all that ever were."""
    return tuple(each.id for each in _second_listings().get(identifier, ()) if each.exists_on(day))


def markets_spoken_of(text: str) -> frozenset[str]:
    """``mainland``, ``HKEX``, ``american``: the markets that words such as 港股 and A股 name."""
    pattern, market_of = _market_words()
    return frozenset(market_of[word] for word in pattern.findall(text))


def markets_beside(text: str, start: int, end: int) -> frozenset[str]:
    """The market whose word touches the name ``text[start:end]``: 港股中芯国际, 中芯国际H股."""
    before = _MARKET_BEFORE.search(text[max(0, start - 3) : start])
    behind = _MARKET_BEHIND.match(text[end : end + 3])
    return frozenset().union(*(markets_spoken_of(each[0]) for each in (before, behind) if each))


def listing_meant(
    identifier: str,
    name: str,
    markets: frozenset[str],
    day: date | None = None,
    *,
    is_listed: bool = True,
) -> str:
    """The listing that the article means: ``identifier``, or the one on the only market it speaks
    of where that is another. ``name`` is as printed: 君实生物-B is the one in Hong Kong, and 万科A
    never is. With ``is_listed`` false ``identifier`` did not exist yet on the day, and some other
    listing of the company did.
    """
    others = other_listings(identifier, day)
    listings = (identifier, *others) if is_listed or not others else others
    plain = normalize(name)
    if _HONG_KONG_MARK.search(plain):
        markets = frozenset({"HKEX"})
    elif _MAINLAND_MARK.search(plain):
        markets = frozenset({"mainland"})
    own = _market_of(listings[0])
    if own is None or own in markets:
        return listings[0]
    meant = [listing for listing in listings[1:] if _market_of(listing) in markets]
    return meant[0] if len(meant) == 1 else listings[0]


def without_mark(name: str) -> str:
    """君实生物-B → 君实生物."""
    return _HONG_KONG_MARK.sub("", name)


def _market_of(identifier: str) -> str | None:
    return _MARKET_OF.get(identifier.partition(":")[0])


@cache
def _second_listings() -> dict[str, tuple[_Listing, ...]]:
    return {
        identifier: tuple(
            _Listing(each["id"], each.get("first"), each.get("last")) for each in others
        )
        for identifier, others in lexicon_table("second_listings.toml").items()
    }


@cache
def _market_words() -> tuple[re.Pattern[str], dict[str, str]]:
    table = lexicon_table("exchanges.toml")["markets"]
    market_of = {word: market for market, words in table.items() for word in words}
    longest_first = sorted(market_of, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), market_of
