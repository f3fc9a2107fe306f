"""Printed security codes to ids: 600519.SH → SSE:600519, 纳斯达克：BIDU → NASDAQ:BIDU."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from tagger.lexicon import Lexicon
from tagger.listings import other_listings
from tagger.resources import lexicon_table
from tagger.text import normalize

_MAINLAND = ("SSE", "SZSE", "BSE")
# An index or a fund in front of its code, whose digits may be those of a stock: 沪深300（000300）.
_NO_STOCK = re.compile(
    r"(?:指数|[成综]指|[创板]指|沪指|(?:上证|沪深|中证|科创|深证|创业板|北证)(?:A?\d{2,4}|综合)"
    r"|ETF|LOF|FOF|QDII|REITs?|基金|混合|债券|货币|联接|余额宝)"
    r"(?:[(（][A-Z]+[)）])?[A-I]?类?[”\"」』》]?\s*"
    r"(?:[(\[【]\s*(?:代[码号][\s为是:]*)?|(?<=[金数券])代[码号][\s为是:]*)$"
)


def ticker_id(text: str, lexicon: Lexicon, before: str = "") -> str | None:
    """The id of a security code as printed, None where the exchange is not sure.

    ``before`` is what stands in front of the code (a dozen characters are enough), where an
    exchange may be named. A code without an exchange is read by China's numbering rules, or is
    looked up in the lexicon; six digits behind an index or a fund have no id.
    """
    exchanges = _exchanges()
    printed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    for pattern in (exchanges.suffixed, exchanges.prefixed):
        found = pattern.fullmatch(printed)
        if found:
            return _checked(exchanges.affixes[found["affix"]], found["code"], lexicon)
    before = normalize(unicodedata.normalize("NFKC", before))
    named = exchanges.named.search(before)
    if named:
        return _checked(exchanges.words[named["word"]], printed, lexicon)
    if re.fullmatch(r"\d{6}", printed):
        is_stock = _NO_STOCK.search(before) is None
        exchange = exchange_of_digits(printed, lexicon) if is_stock else None
        return f"{exchange}:{printed}" if exchange else None
    if re.fullmatch(r"0\d{4}", printed):
        return f"HKEX:{printed}"
    return _checked("US", printed, lexicon)


def listing_of_company(text: str, name: str, lexicon: Lexicon) -> str | None:
    """The listing of the company ``name`` that a code of up to four digits behind it is: 長實集團
    （1113） and 鴻海（2317）, as papers of Hong Kong and Taiwan print them. None if it is none."""
    printed = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"\d{1,4}", printed):
        return None
    companies = [each for each in lexicon.entries(normalize(name)) if each.label == "COMPANY"]
    listings = {each for entry in companies for each in (entry.id, *other_listings(entry.id))}
    codes = {each: each.partition(":")[2] for each in listings}
    found = [each for each, code in codes.items() if code.isdecimal() and int(code) == int(printed)]
    return found[0] if len(found) == 1 else None


def exchange_of_digits(code: str, lexicon: Lexicon) -> str | None:
    """The mainland exchange of a code of six digits that stands alone, None if it is none's."""
    exchange = _exchanges().digits.get(code[:3])
    if exchange is None and lexicon.entries_with_id(f"BSE:{code}"):
        return "BSE"
    return exchange


@dataclass(frozen=True)
class _Exchanges:
    affixes: dict[str, str]
    words: dict[str, str]
    digits: dict[str, str]
    suffixed: re.Pattern[str]
    prefixed: re.Pattern[str]
    named: re.Pattern[str]


@cache
def _exchanges() -> _Exchanges:
    table = lexicon_table("exchanges.toml")
    affixes = "|".join(sorted(table["affixes"], key=len, reverse=True))
    words = "|".join(map(re.escape, sorted(table["words"], key=len, reverse=True)))
    return _Exchanges(
        affixes=table["affixes"],
        words=table["words"],
        digits=table["digits"],
        suffixed=re.compile(rf"(?P<code>[0-9A-Z.\-]+?)[.\-](?P<affix>{affixes})"),
        prefixed=re.compile(r"(?P<affix>SH|SZ|BJ|HK)[.:\-]?(?P<code>\d{4,6})"),
        named=re.compile(
            rf"(?P<word>{words})(?:上市)?(?:股票|证券|股份)?(?:(?:代码|代号)[: ]*|[: ]+)$"
        ),
    )


def _checked(exchange: str, code: str, lexicon: Lexicon) -> str | None:
    if exchange == "US":
        return lexicon.american_id(code)
    if exchange == "HKEX":
        return f"HKEX:{code:0>5}" if re.fullmatch(r"\d{1,5}", code) else None
    if exchange in _MAINLAND and not _may_be_traded(exchange, code):
        return None
    return f"{exchange}:{code}"


def _may_be_traded(exchange: str, code: str) -> bool:
    """Whether a mainland exchange may have a security or an index of that code."""
    usual = _exchanges().digits.get(code[:3], exchange)
    # Shanghai's indices are numbered as stocks of Shenzhen are.
    is_index = exchange == "SSE" and code.startswith("000")
    return re.fullmatch(r"\d{6}", code) is not None and (usual == exchange or is_index)
