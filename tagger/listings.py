"""Companies listed in several places: which of their listings an article means."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from tagger.resources import resource_path
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


def other_listings(identifier: str) -> tuple[str, ...]:
    """The ids of a company's listings beside ``identifier``, under which the tables have it."""
    return _second_listings().get(identifier, ())


def markets_spoken_of(text: str) -> frozenset[str]:
    """``mainland``, ``HKEX``, ``american``: the markets that words such as 港股 and A股 name."""
    pattern, market_of = _market_words()
    return frozenset(market_of[word] for word in pattern.findall(text))


def listing_meant(identifier: str, name: str, markets: frozenset[str]) -> str:
    """The listing that the article means: ``identifier``, or the one on the only market it speaks
    of where that is another. ``name`` is as printed: 君实生物-B is the one in Hong Kong, and 万科A
    never is.
    """
    own = _MARKET_OF.get(identifier.partition(":")[0])
    plain = normalize(name)
    if _HONG_KONG_MARK.search(plain):
        markets = frozenset({"HKEX"})
    elif _MAINLAND_MARK.search(plain):
        markets = frozenset({"mainland"})
    if own is None or own in markets:
        return identifier
    meant = [
        other
        for other in other_listings(identifier)
        if _MARKET_OF.get(other.partition(":")[0]) in markets
    ]
    return meant[0] if len(meant) == 1 else identifier


def without_mark(name: str) -> str:
    """君实生物-B → 君实生物."""
    return _HONG_KONG_MARK.sub("", name)


@cache
def _second_listings() -> dict[str, tuple[str, ...]]:
    path = resource_path("lexicon") / "second_listings.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {identifier: tuple(others) for identifier, others in table.items()}


@cache
def _market_words() -> tuple[re.Pattern[str], dict[str, str]]:
    path = resource_path("lexicon") / "exchanges.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))["markets"]
    market_of = {word: market for market, words in table.items() for word in words}
    longest_first = sorted(market_of, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), market_of
