"""The shipped tables are well formed, and the lexicon reads and finds names."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date
from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.lexicon import COLUMNS, Entry, Lexicon, Match
from tagger.resources import resource_path
from tagger.text import normalize

HEADER = "\t".join(COLUMNS)
_SHORT_HEADER = "name\tlabel\tid\taliases"
SHIPPED = Lexicon.load()
TABLES = sorted(resource_path("lexicon").glob("*.tsv"))


def _rows() -> list[tuple[str, list[str]]]:
    return [
        (table.name, line.split("\t"))
        for table in TABLES
        for line in table.read_text(encoding="utf-8").splitlines()[1:]
    ]


def _table(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "mine.tsv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_tables_are_as_large_as_promised() -> None:
    rows = Counter(table for table, _ in _rows())
    smallest = {
        "companies_abroad.tsv": 800,
        "companies_american.tsv": 1400,
        "companies_china.tsv": 5400,
        "companies_china_former.tsv": 2400,
        "companies_hong_kong.tsv": 1600,
        "companies_unlisted.tsv": 300,
        "countries.tsv": 249,
        "divisions_china.tsv": 3200,
        "organizations.tsv": 120,
        "regulators.tsv": 400,
    }
    assert {name: rows[name] for name in smallest if rows[name] < smallest[name]} == {}


def test_no_two_rows_of_a_table_are_about_the_same_thing_at_the_same_time() -> None:
    """The days of former names are bounds, so that those of one company may overlap."""
    periods: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for table, (name, _, identifier, _, first, last, _) in _rows():
        thing = f"{identifier} {name}" if "former" in table else identifier or name
        periods.setdefault((table, thing), []).append((first, last or "9999"))
    clashes = {
        key: sorted(spans)
        for key, spans in periods.items()
        for (_, end), (start, _) in pairwise(sorted(spans))
        if start <= end
    }
    assert clashes == {}


def test_ids_have_one_label_and_the_form_of_their_kind() -> None:
    patterns = {
        "companies_china.tsv": r"(SSE:[69]\d{5}|SZSE:[023]\d{5}|BSE:[489]\d{5})",
        "companies_china_former.tsv": r"(SSE:[69]\d{5}|SZSE:[023]\d{5}|BSE:[489]\d{5})",
        "companies_abroad.tsv": (
            r"(HKEX:[08]\d{4}|(NASDAQ|NYSE):[A-Z.]{1,6}|(?!HKEX|NASDAQ|NYSE)[A-Z]+:[A-Z0-9.\-]+)"
        ),
        "companies_american.tsv": r"(NASDAQ|NYSE):[A-Z]{1,4}",
        "companies_hong_kong.tsv": r"HKEX:0\d{4}",
        "companies_unlisted.tsv": r"",
        "countries.tsv": r"[A-Z]{2}",
        "divisions_china.tsv": r"CN:\d{6}",
        "organizations.tsv": r"ORG:[A-Z0-9\-]+",
        "places_world.tsv": r"[A-Z]{2}-[A-Z]{2}|[A-Z]+:[a-z0-9\-]+",
        "regulators.tsv": r"[A-Z]+:[A-Z0-9\-]+",
    }
    labels: dict[str, set[str]] = {}
    faults = []
    for table, row in _rows():
        labels.setdefault(row[2], set()).add(row[1])
        if not re.fullmatch(patterns[table], row[2]):
            faults.append((table, row[0], row[2]))
    shared = {identifier for identifier, kinds in labels.items() if identifier and len(kinds) > 1}
    assert (faults, shared) == ([], set())


def test_an_unambiguous_company_name_means_one_company_on_any_day() -> None:
    days = [date(2015, 6, 1), date(2019, 6, 1), date(2022, 2, 18), date(2026, 1, 1)]
    shared = {
        (name, day)
        for name in SHIPPED.names()
        for day in days
        if len(
            {
                entry.id or entry.name
                for entry in SHIPPED.entries(name)
                if entry.label == "COMPANY" and not entry.ambiguous and entry.valid_on(day)
            }
        )
        > 1
    }
    assert shared == set()


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("贵州茅台", {"SSE:600519"}),
        ("工行", {"SSE:601398"}),
        ("鄂武商", {"SZSE:000501"}),
        ("S*ST天海", {"SSE:600751"}),
        ("深赤湾A", {"SZSE:000022"}),
        ("峨眉山", {"CN:511181"}),
        ("腾讯", {"HKEX:00700"}),
        ("美联储", {"US:FED"}),
        ("证监会", {"CN:CSRC"}),
        ("哈萨克斯坦", {"KZ"}),
        ("甘孜州", {"CN:513300"}),
        ("奉化区", {"CN:330213"}),
        ("奉化市", {"CN:330213"}),
        ("公主岭市", {"CN:220184"}),
        ("坪山区", {"CN:440310"}),
        ("俄亥俄州", {"US-OH"}),
        ("朝阳区", {"CN:110105", "CN:220104"}),
    ],
)
def test_well_known_names_have_their_ids(name: str, ids: set[str]) -> None:
    assert {entry.id for entry in SHIPPED.entries(name)} == ids


def test_no_short_name_of_two_counties_decides_by_itself() -> None:
    table = resource_path("lexicon") / "divisions_china.tsv"
    divisions = Lexicon.load([table])
    for name in divisions.names():
        counties = [entry for entry in divisions.entries(name) if not entry.id.endswith("00")]
        sure = [entry for entry in counties if not entry.ambiguous]
        assert len(sure) != 1 or len(counties) == 1 or sure[0].name == name


def test_case_does_not_matter_where_all_spellings_mean_the_same() -> None:
    assert SHIPPED.entries_ignoring_case("DigiTimes") == SHIPPED.entries("DIGITIMES")
    assert SHIPPED.entries_ignoring_case("bIDu") == ()


def test_second_listings_are_of_known_companies_and_each_of_one_at_a_time() -> None:
    table = tomllib.loads((resource_path("lexicon") / "second_listings.toml").read_text("utf-8"))
    periods: dict[str, list[tuple[date, date]]] = {}
    for other in chain.from_iterable(table.values()):
        assert set(other) <= {"id", "first", "last"}
        period = other.get("first", date.min), other.get("last", date.max)
        periods.setdefault(other["id"], []).append(period)
    unknown = [identifier for identifier in table if not SHIPPED.entries_with_id(identifier)]
    impossible = [
        each
        for each in periods
        if not re.fullmatch(r"HKEX:0\d{4}|TWSE:\d{4}|(NASDAQ|NYSE|XETRA):[A-Z]{1,4}", each)
    ]
    clashes = [
        identifier
        for identifier, spans in periods.items()
        if any(start > end for start, end in spans)
        or any(end >= start for (_, end), (start, _) in pairwise(sorted(spans)))
    ]
    assert (unknown, impossible, clashes, set(periods) & set(table)) == ([], [], [], set())


@pytest.mark.parametrize("name", ["太阳能", "机器人", "和平", "平安", "三星", "大众"])
def test_ordinary_and_shared_words_are_flagged(name: str) -> None:
    entries = SHIPPED.entries(name)
    assert entries and all(entry.ambiguous for entry in entries)


def test_former_name_holds_until_the_new_one_begins() -> None:
    (former,), (present,) = SHIPPED.entries("隆基股份"), SHIPPED.entries("隆基绿能")
    day = date(2022, 2, 18)
    assert (former.id, former.valid_on(day)) == (present.id, not present.valid_on(day))


@pytest.mark.parametrize(
    ("name", "day", "identifier"),
    [
        ("大智慧", date(2016, 6, 1), "SSE:601519"),
        ("沈阳机床", date(2012, 6, 1), "SZSE:000410"),
        ("东方航空", date(2016, 6, 1), "SSE:600115"),
        ("世纪游轮", date(2016, 11, 1), "SZSE:002558"),
        ("上海新梅", date(2016, 6, 1), "SSE:600732"),
        ("顺丰控股", date(2014, 6, 1), None),
        ("三六零", date(2016, 6, 1), None),
        ("理想汽车", date(2018, 6, 1), None),
        ("和记黄埔", date(2022, 6, 1), None),
        ("完美世界", date(2013, 6, 1), None),
        ("国美电器", date(2016, 6, 1), "HKEX:00493"),
        ("国美电器", date(2020, 6, 1), ""),
        ("晶澳太阳能", date(2016, 6, 1), "NASDAQ:JASO"),
        ("晶澳太阳能", date(2019, 6, 1), ""),
        ("雅虎", date(2016, 6, 1), "NASDAQ:YHOO"),
        ("雅虎", date(2019, 6, 1), ""),
    ],
)
def test_names_hold_while_the_company_is_listed_under_them(
    name: str, day: date, identifier: str | None
) -> None:
    valid = {entry.id for entry in SHIPPED.entries(name) if entry.valid_on(day)}
    assert valid == (set() if identifier is None else {identifier})


def test_match_finds_the_longest_name_at_each_place() -> None:
    text = "上海浦东发展银行与Meta、Metaverse、平安银行及SEC"
    found = [(match.start, text[match.start : match.end]) for match in SHIPPED.match(text)]
    assert found == [(0, "上海浦东发展银行"), (9, "Meta"), (24, "平安银行"), (29, "SEC")]


@settings(max_examples=50)
@given(
    st.lists(
        st.sampled_from(
            ["贵州茅台", "上海", "SEC", "𠮷野家", "，", "a", "\U0001f600", "在\n", "市"]
        )
    ).map("".join)
)
def test_matches_are_in_order_apart_and_spell_their_names(text: str) -> None:
    matches = SHIPPED.match(text)
    edges = [edge for match in matches for edge in (match.start, match.end)]
    assert edges == sorted(edges)
    for match in matches:
        name = text[match.start : match.end]
        assert match == Match(match.start, match.end, SHIPPED.entries(name)) and match.entries


@settings(max_examples=50)
@given(st.text())
def test_any_text_can_be_matched(text: str) -> None:
    assert all(SHIPPED.entries(text[each.start : each.end]) for each in SHIPPED.match(text))


def test_own_table_replaces_what_is_said_of_its_names(tmp_path: Path) -> None:
    own = _table(tmp_path, "蓝鲸材料\tCOMPANY\tMINE:1\t茅台|蓝鲸", header=_SHORT_HEADER)
    entry = Entry("蓝鲸材料", "COMPANY", "MINE:1", ("茅台", "蓝鲸"), line=2)
    lexicon = Lexicon.load(extra=own)
    assert (lexicon.entries("茅台"), lexicon.entries("贵州茅台")) == (
        (entry,),
        SHIPPED.entries("贵州茅台"),
    )


def test_own_names_are_found_in_any_script_and_width(tmp_path: Path) -> None:
    own = _table(
        tmp_path, " 藍鯨（中國）材料 \tCOMPANY\tM:1\t藍鯨 | ＬＪ材料", header=_SHORT_HEADER
    )
    lexicon = Lexicon.load([], extra=own)
    text = normalize("藍鯨（中國）材料、蓝鲸(中国)材料、藍鯨、LJ材料")
    found = [(text[each.start : each.end], each.entries[0].id) for each in lexicon.match(text)]
    names = ["蓝鲸(中国)材料", "蓝鲸(中国)材料", "蓝鲸", "LJ材料"]
    assert found == [(name, "M:1") for name in names]


def test_quotes_that_a_spreadsheet_put_around_a_cell_are_no_part_of_it(tmp_path: Path) -> None:
    row = '"蓝鲸""海洋""材料"\tCOMPANY\tMINE:1\t" Blue Whale, Inc.|蓝鲸"\t\t\t'
    assert list(Lexicon.load([_table(tmp_path, row)]).names()) == [
        '蓝鲸"海洋"材料',
        "Blue Whale, Inc.",
        "蓝鲸",
    ]


def test_a_row_may_flag_some_of_its_names(tmp_path: Path) -> None:
    path = _table(tmp_path, "海湾新区\tLOCATION\tMINE:2\t海湾|海湾区\t\t\t海湾")
    lexicon = Lexicon.load([path])
    flags = {name: [entry.ambiguous for entry in lexicon.entries(name)] for name in lexicon.names()}
    assert flags == {"海湾新区": [False], "海湾": [True], "海湾区": [False]}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("蓝鲸材料\tCOMPANY", "line 2: 2 cells where the header has 7; put one tab"),
        ("蓝\tCOMPANY\t\t\t\t\t", "'蓝' is shorter than two characters; leave it out"),
        ("蓝鲸\tCOMPANY\t\t蓝鲸\t\t\t", "'蓝鲸' stands twice in its line; keep one"),
        ("蓝鲸\t\t\t\t\t\t", "'蓝鲸' has no label; write one such as COMPANY"),
        ("蓝鲸\tCOMPANY\t\t\t2022/1/3\t\t", "'2022/1/3' is no date; write it as 2022-02-18"),
        ("蓝鲸\tCOMPANY\t\t\t2022-01-03\t2021-01-03\t", "2021-01-03 lies before valid_from"),
        ("蓝鲸\tCOMPANY\t\t\t\t\t白鲸", "'白鲸', which is no name of this line; write 1"),
    ],
)
def test_faults_name_file_line_reason_and_remedy(tmp_path: Path, line: str, said: str) -> None:
    path = _table(tmp_path, line)
    with pytest.raises(ValueError) as raised:
        Lexicon.load(extra=path)
    assert str(raised.value).startswith(f"{path}, line 2: ") and said in str(raised.value)


def test_a_table_without_its_header_is_refused(tmp_path: Path) -> None:
    path = _table(tmp_path, header="蓝鲸材料\tCOMPANY")
    with pytest.raises(ValueError, match=r"line 1: the header is .*name and label"):
        Lexicon.load(extra=path)


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes("name\tlabel\n蓝鲸\tCOMPANY\n".encode("gbk"))
    with pytest.raises(ValueError, match="not UTF-8 at byte 11; save it as UTF-8"):
        Lexicon.load(extra=path)
