"""Securities that an article's markup names: chart images, stock page links, ``$…$`` tags."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tagger.document import Mark

_TABLE = Path(__file__).with_name("securities.toml")

# Pictures written into a page are addresses too, of megabytes.
_LONGEST_ADDRESS = 2000
# The chart image's own attributes: data-code="K BTCM|106|7".
_CHART = re.compile(r"^\s*[A-Za-z]*\s+(?P<code>[A-Za-z0-9.]{1,8})\|(?P<market>\d{1,3})(?:\||$)")
# $贵州茅台(SH600519)$, as Xueqiu and Eastmoney's forum write it.
_TAG = re.compile(
    r"\$(?P<name>[^$\s()（）]{1,30})[(（](?P<affix>SH|SZ|BJ|HK|sh|sz|bj|hk)?[:.]?"
    r"(?P<code>\d{5,6}|[A-Z]{1,6})(?:\.(?P<tail>SH|SZ|BJ|HK))?[)）]\$"
)


@dataclass(frozen=True)
class Security:
    """A code as the markup gives it, with its exchange where that is known."""

    code: str
    exchange: str | None = None
    market: str | None = None

    @property
    def id(self) -> str | None:
        """Such as ``SSE:600519``; None where the exchange is unknown."""
        return f"{self.exchange}:{self.code}" if self.exchange else None


def security_of_address(address: str) -> Security | None:
    """The security whose stock page or chart an address leads to, None for any other address."""
    for pattern in _addresses():
        if match := pattern.search(address, 0, _LONGEST_ADDRESS):
            found = match.groupdict()
            return _security(found["code"], found.get("market"), found.get("affix"))
    return None


def security_of_element(attributes: Mapping[str, str | None]) -> Security | None:
    """The security that an element's ``data-code``, ``src`` or ``href`` names."""
    for name in ("data-code", "data-code2"):
        if match := _CHART.match(attributes.get(name) or ""):
            return _security(match["code"], match["market"], None)
    for name in ("href", "src", "data-src"):
        value = attributes.get(name)
        if value and (found := security_of_address(value)):
            return found
    return None


def tagged_securities(text: str) -> Iterator[tuple[Mark, Security]]:
    """The ``$name(code)$`` tags of a text, each with a mark over its name."""
    for match in _TAG.finditer(text):
        found = _security(match["code"], None, match["affix"] or match["tail"])
        if found is not None:
            start, end = match.span("name")
            yield Mark(start, end, "security", found.id or found.code), found


def describe_securities(found: Iterable[Security]) -> list[dict[str, str]]:
    """``metadata["securities"]``: each security once, in order, with what is known of it.

    ``[{"code": "BTCM", "market": "106", "id": "NYSE:BTCM"}]``; ``market`` is Eastmoney's number.
    A code whose exchange one place leaves open takes it from another place of the article.
    """
    merged: dict[str, dict[str, str]] = {}
    securities = list(found)
    known = {each.code: each.id for each in securities if each.id}
    for each in securities:
        id = each.id or known.get(each.code)
        entry = merged.setdefault(id or each.code, {"code": each.code})
        if each.market:
            entry.setdefault("market", each.market)
        if id:
            entry["id"] = id
    return list(merged.values())


def _security(code: str, market: str | None, affix: str | None) -> Security | None:
    """None where the markup names an index board or a malformed code."""
    code = code.upper()
    if market is not None:
        exchange = _table()["eastmoney_markets"].get(market)
        if exchange is None:
            return None
        if exchange == "SZSE" and _mainland(code) == "BSE":
            exchange = "BSE"
    elif affix:
        exchange = _table()["affixes"].get(affix.lower())
    else:
        exchange = _mainland(code) or ("HKEX" if code.isdigit() else None)
    if exchange == "HKEX":
        code = code.zfill(5)
    return Security(code, exchange, market)


def _mainland(code: str) -> str | None:
    if len(code) != 6 or not code.isdigit():
        return None
    prefixes: dict[str, str] = _table()["mainland_codes"]
    return prefixes.get(code[:2]) or prefixes.get(code[:1])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _addresses() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each["pattern"]) for each in _table()["addresses"])
