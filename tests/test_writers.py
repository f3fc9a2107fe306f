"""Writers: JSON lines, CSV and Parquet, and files that appear only when they are whole."""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from fake_tagger import ARTICLE, FakeTagger
from hypothesis import given
from hypothesis import strategies as st

from tagger.document import Document, Entity, Quantity
from tagger.readers import ReadError
from tagger.writers import OutputFormat, guess_format, is_output, open_writer
from tagger.writers.errors import ErrorList, errors_path
from tagger.writers.jsonl import encode_line
from tagger.writers.staging import clear_up, staged
from tagger.writers.tables import TABLES


@pytest.fixture
def tagged() -> Document:
    return next(FakeTagger().pipe([replace(ARTICLE)]))


def write(path: Path, *documents: Document, output_format: OutputFormat | None = None) -> Path:
    with open_writer(path, output_format or guess_format(path)) as writer:
        for document in documents:
            writer.write(document)
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("news.jsonl", "jsonl"),
        ("news.JSONL.gz", "jsonl"),
        ("news.2022.csv", "csv"),
        ("news.parquet", "parquet"),
        ("news.duckdb", "duckdb"),
        ("news.htm", "html"),
    ],
)
def test_the_suffix_says_the_format(name: str, expected: str) -> None:
    assert guess_format(Path(name)) == expected


@pytest.mark.parametrize("name", ["news", "news.txt", "news.gz", ".jsonl"])
def test_an_unknown_suffix_is_refused_with_the_formats(name: str) -> None:
    with pytest.raises(ValueError, match="jsonl, csv, csv-tables, parquet, duckdb, html"):
        guess_format(Path(name))


def test_jsonl_reads_back_as_the_same_documents(tmp_path: Path, tagged: Document) -> None:
    path = write(tmp_path / "news.jsonl", tagged, Document("", id="empty"))
    read_back = [Document.from_dict(json.loads(line)) for line in path.read_bytes().splitlines()]
    assert read_back == [tagged, Document("", id="empty")]


def test_gzipped_jsonl_has_the_same_bytes_whenever_and_wherever_it_is_written(
    tmp_path: Path, tagged: Document
) -> None:
    first = write(tmp_path / "a.jsonl.gz", tagged).read_bytes()
    second = write(tmp_path / "b.jsonl.gz", tagged).read_bytes()
    plain = write(tmp_path / "c.jsonl", tagged).read_bytes()
    assert first == second
    assert gzip.decompress(first) == plain


@given(
    st.text(st.characters(), max_size=20),
    st.dictionaries(
        st.text(max_size=5),
        st.none() | st.integers() | st.dates() | st.text(st.characters()) | st.binary(),
        max_size=3,
    ),
)
def test_any_text_and_metadata_make_one_line_of_valid_json(
    text: str, metadata: dict[str, object]
) -> None:
    line = encode_line(Document(text, metadata=metadata).to_dict())
    assert line.count(b"\n") == 1
    assert json.loads(line.decode("utf-8"))["text"] == text


def test_metadata_keeps_dates_as_iso_text() -> None:
    document = Document("", metadata={"day": date(2022, 2, 18), 2022: "年"})  # type: ignore[dict-item]
    assert json.loads(encode_line(document.to_dict()))["metadata"] == {
        "day": "2022-02-18",
        "2022": "年",
    }


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [{name: cell for name, cell in row.items() if cell} for row in rows]


def test_csv_has_a_row_for_the_article_and_for_every_span(tmp_path: Path) -> None:
    text = "星河矿业转让约4.958亿美元"
    document = next(FakeTagger().pipe([Document(text, id="a", title="快讯", source="城市财经")]))
    shared = {"document": "a", "source": "城市财经"}
    company = {"start": "0", "end": "4", "text": "星河矿业", "canonical": "星河矿业"}
    money = {"start": "6", "end": "15", "text": "约4.958亿美元", "value": "495800000"}
    money |= {"unit": "USD", "unit_text": "美元", "approximate": "true"}
    assert rows_of(write(tmp_path / "news.csv", document)) == [
        shared | {"layer": "document", "text": "快讯"},
        shared
        | {"layer": "entity", "index": "0", "label": "COMPANY", "score": "0.98"}
        | {"id": "NYSE:XHKY"}
        | company,
        shared | {"layer": "quantity", "index": "0", "label": "MONEY"} | money,
        shared
        | {"layer": "event", "index": "0", "start": "4", "end": "6", "text": "转让"}
        | {"label": "equity_transfer", "score": "0.97", "modality": "asserted", "group": "0"},
        shared
        | {"layer": "argument", "index": "0", "event": "0", "entity": "0", "label": "subject"}
        | {"score": "0.95", "id": "NYSE:XHKY"}
        | company,
        shared
        | {"layer": "argument", "index": "1", "event": "0", "quantity": "0", "label": "quantity"}
        | {"score": "0.9"}
        | money,
    ]


def test_csv_starts_with_the_byte_order_mark_that_excel_needs(tmp_path: Path) -> None:
    assert write(tmp_path / "news.csv").read_bytes().startswith(b"\xef\xbb\xbfdocument,published,")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝cmd", "'＝cmd"),
        ("-0.68%", "'-0.68%"),
        ('约"3"亿,元', '约"3"亿,元'),
        ("空\0值\ud800", "空\N{REPLACEMENT CHARACTER}值?"),
    ],
)
def test_csv_cells_are_text_and_no_formulas(tmp_path: Path, text: str, cell: str) -> None:
    quantity = Quantity(0, len(text), text, "PERCENT", value=Decimal("-0.68"))
    row = rows_of(write(tmp_path / "news.csv", Document(text, quantities=[quantity])))[1]
    assert (row["text"], row["value"]) == (cell, "-0.68")


def test_parquet_has_a_table_for_each_kind(tmp_path: Path, tagged: Document) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = write(tmp_path / "news.parquet", tagged)
    tables = {path.stem: parquet.read_table(path).to_pylist() for path in folder.iterdir()}
    assert {name: len(rows) for name, rows in tables.items()} == {
        "documents": 1,
        "entities": len(tagged.entities),
        "quantities": 3,
        "events": 2,
        "arguments": 3,
    }
    assert tables["documents"][0] == {
        "id": "flash-1",
        "content_hash": None,
        "title": ARTICLE.title,
        "body_start": 13,
        "text": ARTICLE.text,
        "published": "2022-01-18T20:30:00+08:00",
        "published_at": datetime(2022, 1, 18, 20, 30),
        "source": "城市财经",
        "metadata": '{"author":"林一"}',
        "model": "fake 1.0",
    }
    filled = {name: cell for name, cell in tables["arguments"][1].items() if cell is not None}
    assert filled == {
        "document": "flash-1",
        "index": 1,
        "event": 0,
        "role": "quantity",
        "start": 6,
        "end": 13,
        "text": "300个比特币",
        "score": 0.9,
        "quantity": 0,
        "label": "MONEY",
        "value": "300",
        "value_number": 300.0,
        "unit": "BTC",
        "unit_text": "比特币",
    }


def test_parquet_columns_do_not_depend_on_what_is_in_them(tmp_path: Path, tagged: Document) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    third = Quantity(0, 4, "三分之一", "PERCENT", value=Fraction(1, 3))
    huge = Quantity(0, 4, "三分之一", "CARDINAL", value=Fraction(10**400, 3))
    odd = Document("三分之一\ud800", id="odd", quantities=[third, huge])
    full = write(tmp_path / "full.parquet", tagged, odd)
    empty = write(tmp_path / "empty.parquet")
    for path in full.iterdir():
        assert parquet.read_schema(path) == parquet.read_schema(empty / path.name)
    last = parquet.read_table(full / "quantities.parquet").to_pylist()[-2:]
    assert [row["value_number"] for row in last] == [1 / 3, None]


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'caijing-tagger\[parquet\]'"):
        write(tmp_path / "news.parquet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("output_format", "message"),
    [
        (OutputFormat.PARQUET, r"a folder of tables; name it with -o OUT\.parquet"),
        (OutputFormat.CSV_TABLES, r"a folder of tables; name it with -o OUT\.csv-tables"),
        (OutputFormat.DUCKDB, r"a database; name it with -o OUT\.duckdb"),
    ],
)
def test_folders_and_databases_cannot_go_to_standard_output(
    output_format: OutputFormat, message: str
) -> None:
    with pytest.raises(ValueError, match=message), open_writer(None, output_format):
        pass


def test_only_parquet_is_cut_by_day(tmp_path: Path, tagged: Document) -> None:
    with open_writer(tmp_path / "days", OutputFormat.PARQUET, by_day=True) as writer:
        writer.write(tagged)
    assert {path.name for path in tmp_path.glob("days/*/*")} == {"published_day=2022-01-18"}
    with (
        pytest.raises(ValueError, match="only Parquet tables are cut by day, not csv"),
        open_writer(tmp_path / "news.csv", OutputFormat.CSV, by_day=True),
    ):
        pass


@pytest.mark.parametrize("output_format", sorted({*OutputFormat} - {OutputFormat.DUCKDB}))
def test_an_exception_leaves_the_earlier_output_as_it_was(
    tmp_path: Path, tagged: Document, output_format: OutputFormat
) -> None:
    path = write(tmp_path / "news", tagged, output_format=output_format)
    before = contents(tmp_path)
    with pytest.raises(RuntimeError), open_writer(path, output_format) as writer:
        writer.write(tagged)
        writer.write(tagged)
        raise RuntimeError
    assert contents(tmp_path) == before


@pytest.mark.parametrize("output_format", sorted({*OutputFormat} - {OutputFormat.DUCKDB}))
def test_a_second_run_replaces_the_output_and_leaves_nothing_else(
    tmp_path: Path, tagged: Document, output_format: OutputFormat
) -> None:
    path = write(tmp_path / "news", Document("旧"), output_format=output_format)
    before = contents(tmp_path)
    write(path, tagged, output_format=output_format)
    after = contents(tmp_path)
    assert before.keys() == after.keys()
    assert before != after


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "news.parquet"
    folder.mkdir()
    (folder / "thesis.txt").write_text("三年的工作")
    with pytest.raises(FileExistsError, match="not an earlier output"):
        write(folder)
    with pytest.raises(FileExistsError, match="not an earlier output"):
        write(folder, output_format=OutputFormat.JSONL)
    assert contents(tmp_path) == {"news.parquet/thesis.txt": "三年的工作".encode()}


@pytest.mark.parametrize("output_format", [OutputFormat.PARQUET, OutputFormat.CSV_TABLES])
@pytest.mark.parametrize(
    "names",
    [
        ["documents/1.txt"],
        ["documents.csv"],
        ["documents.parquet", "events.parquet"],
        [f"{table}/1.txt" for table in TABLES],
    ],
)
def test_files_of_the_user_may_have_the_names_of_tables(
    tmp_path: Path, output_format: OutputFormat, names: list[str]
) -> None:
    for name in names:
        (tmp_path / "news" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "news" / name).write_text("三年的工作")
    before = contents(tmp_path)
    with pytest.raises(FileExistsError, match="not an earlier output"):
        write(tmp_path / "news", output_format=output_format)
    assert contents(tmp_path) == before


def test_what_killed_processes_left_is_in_no_way_of_the_next(
    tmp_path: Path, tagged: Document
) -> None:
    path = write(tmp_path / "news.parquet", tagged)
    before = contents(tmp_path)
    for left in (f".news.parquet.{os.getpid()}.tmp", f".news.parquet.{os.getpid()}.old"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "documents.parquet").write_text("half")
    write(path, tagged)
    assert contents(tmp_path) == before


def test_what_killed_processes_left_is_cleared_up(tmp_path: Path, tagged: Document) -> None:
    path = write(tmp_path / "news.parquet", tagged)
    others = [tmp_path / ".news.parquet.old", tmp_path / ".news.parquet.1.tmp.txt"]
    for other in others:
        other.write_text("of the user")
    before = contents(tmp_path)
    path.rename(tmp_path / ".news.parquet.7.old")
    (tmp_path / ".news.parquet.8.tmp").mkdir()
    (tmp_path / ".news.parquet.9.tmp").write_text("half")
    clear_up(path)
    assert contents(tmp_path) == before
    assert {each.name for each in tmp_path.iterdir()} == {path.name, *(o.name for o in others)}


@pytest.mark.parametrize("output_format", [OutputFormat.PARQUET, OutputFormat.CSV_TABLES])
def test_a_file_is_never_replaced_by_a_folder(tmp_path: Path, output_format: OutputFormat) -> None:
    file = tmp_path / "news"
    file.write_text("三年的工作")
    with pytest.raises(FileExistsError, match="a folder is to be written there"):
        write(file, output_format=output_format)
    assert contents(tmp_path) == {"news": "三年的工作".encode()}


@pytest.mark.parametrize(
    "name", ["news.parquet.gz", "news.parquet.zst", "news.duckdb.gz", "news.db.zst"]
)
def test_what_is_not_packed_has_no_name_of_a_packed_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"is not packed by \.\w+; leave it out"):
        write(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.csv.gz", "a.html", "a.html.gz"]
)
def test_a_file_that_was_written_here_is_known(tmp_path: Path, tagged: Document, name: str) -> None:
    assert is_output(write(tmp_path / name))
    assert is_output(write(tmp_path / name, tagged, tagged))


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (b"", True),
        (b'{"text": "a"}', False),
        (b"document,text\r\n", False),
        (b"<!DOCTYPE html>\n<html>", False),
        (b"\x1f\x8b\x08torn", False),
    ],
)
def test_a_file_of_the_user_is_told_from_an_output(
    tmp_path: Path, data: bytes, known: bool
) -> None:
    path = tmp_path / "news"
    path.write_bytes(data)
    assert is_output(path) == known


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("old")
    link.symlink_to(target)
    with staged(link) as temporary:
        temporary.write_text("new")
    with staged(Path("/dev/null")) as device:
        device.write_text("gone")
    assert (link.is_symlink(), target.read_text()) == (True, "new")
    assert Path("/dev/null").is_char_device()


def test_errors_are_listed_beside_the_output_only_if_there_are_any(tmp_path: Path) -> None:
    path = errors_path(tmp_path / "new" / "folder" / "news.jsonl")
    errors = [ReadError("a.md", None, "a.md", "front matter is cut off", "close it with ---")] * 3
    said: list[str] = []
    with ErrorList(path, said.append, said_at_most=1) as listed:
        for error in errors:
            listed.add(error)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {
            "path": "a.md",
            "record": None,
            "id": "a.md",
            "reason": "front matter is cut off",
            "remedy": "close it with ---",
        }
    ] * 3
    assert said == [str(errors[0]), f"more errors go to {path} only"]
    with ErrorList(path, said.append):
        pass
    assert not path.exists()


def test_an_entity_without_links_leaves_its_cells_empty(tmp_path: Path) -> None:
    document = Document("青山资本", id="b", entities=[Entity(0, 4, "青山资本", "COMPANY", 0.5)])
    row = rows_of(write(tmp_path / "news.csv", document))[1]
    assert row.keys() == {"document", "layer", "index", "start", "end", "text", "label", "score"}
