"""The five tables as CSV files and as Parquet files, whole and by day of publication."""

from __future__ import annotations

import csv
import resource
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pyarrow.dataset
import pyarrow.parquet
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tagged_articles import ARTICLES

from tagger.document import Document, Entity, Event, Quantity
from tagger.text import split_sentences
from tagger.writers import by_day, parquet
from tagger.writers.csv import CsvTablesWriter
from tagger.writers.parquet import ParquetWriter
from tagger.writers.rows import table_rows
from tagger.writers.tables import TABLES


def row_of(table: str, document: Document, index: int = 0) -> dict[str, object]:
    return dict(zip(TABLES[table], table_rows(document)[table][index], strict=True))


def filled(row: dict[str, object]) -> dict[str, object]:
    return {name: cell for name, cell in row.items() if cell is not None}


@pytest.mark.parametrize(
    ("quantity", "cells"),
    [
        (
            Quantity(0, 2, "约三", "CARDINAL", value=Decimal("3.10"), approximate=True),
            {"value": "3.10", "value_number": 3.1, "approximate": True},
        ),
        (
            Quantity(0, 2, "约三", "PERCENT", value=Fraction(1, 3)),
            {"value": "1/3", "value_number": 1 / 3},
        ),
        (Quantity(0, 2, "约三", "CARDINAL", value=Fraction(10**400, 3)), {"value": f"{10**400}/3"}),
        (Quantity(0, 2, "约三", "CARDINAL", value=Decimal(10) ** 400), {"value": f"{10**400}"}),
        (
            Quantity(0, 2, "约三", "MONEY", low=Decimal(1), high=Decimal(2), low_inclusive=True),
            {
                "low": "1",
                "low_number": 1.0,
                "high": "2",
                "high_number": 2.0,
                "low_inclusive": True,
            },
        ),
        (
            Quantity(
                0, 2, "约三", "TIME", start_time=datetime.fromisoformat("2022-02-18T23:30:00+08:00")
            ),
            {
                "start_time": "2022-02-18T23:30:00+08:00",
                "start_at": datetime(2022, 2, 18, 23, 30),
            },
        ),
    ],
)
def test_exact_values_stand_beside_what_can_be_reckoned_with(
    quantity: Quantity, cells: dict[str, object]
) -> None:
    row = filled(row_of("quantities", Document("约三", id="a", quantities=[quantity])))
    span = {"document": "a", "index": 0, "start": 0, "end": 2, "text": "约三"}
    assert row == span | {"label": quantity.label} | cells


@pytest.mark.parametrize(
    ("text", "trigger", "sentence"),
    [
        ("标题减持\n甲公司减持了。乙公司收购了。", "收购", "乙公司收购了。"),
        ("标题减持\n甲公司减持了。乙公司收购了。", "减持", "标题减持"),
        ("甲。　乙公司终止合作；丙。", "终止", "乙公司终止合作；"),
        ("甲公司终\n止了合作。乙。", "终\n止", "甲公司终\n止了合作。"),
        ("甲，" * 400 + "终止" + "，乙" * 400, "终止", f"{'，甲' * 124}，终止{'，乙' * 124}，"),
        ("终止" + "，乙" * 400, "终止", "终止" + "，乙" * 249),
        ("甲，" * 400 + "终止", "终止", "甲，" * 249 + "终止"),
    ],
)  # fmt: skip
def test_an_event_has_its_sentence(text: str, trigger: str, sentence: str) -> None:
    start = text.index(trigger)
    event = Event(start, start + len(trigger), trigger, "termination")
    row = row_of("events", Document(text, events=[event]))
    assert row["sentence"] == sentence


@given(st.text(st.sampled_from('终止甲，。\n“”"； a.!?)'), min_size=1), st.data())
def test_the_sentence_is_the_one_that_splitting_the_whole_text_gives(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    row = row_of(
        "events", Document(text, events=[Event(start, end, text[start:end], "termination")])
    )
    around = [each for each in split_sentences(text) if each[0] < end and start < each[1]]
    first = min([start, *(each[0] for each in around)])
    last = max([end, *(each[1] for each in around)])
    assert (row["sentence_start"], row["sentence"]) == (first, text[first:last])


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_csv(folder: Path, documents: Iterable[Document]) -> Path:
    folder.mkdir()
    writer = CsvTablesWriter(folder)
    for document in documents:
        writer.write(document)
    writer.close()
    return folder


def write_parquet(folder: Path, documents: Iterable[Document], by_day: bool = False) -> Path:
    folder.mkdir()
    writer = ParquetWriter(folder, by_day=by_day)
    for document in documents:
        writer.write(document)
    writer.close()
    return folder


def as_csv(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_csv_tables_hold_what_the_parquet_tables_hold(tmp_path: Path) -> None:
    tables = write_csv(tmp_path / "csv", ARTICLES)
    expected = write_parquet(tmp_path / "parquet", ARTICLES)
    assert {path.stem: read_csv(path) for path in tables.iterdir()} == {
        path.stem: [
            {name: as_csv(cell) for name, cell in row.items()}
            for row in pyarrow.parquet.read_table(path).to_pylist()
        ]
        for path in expected.iterdir()
    }
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in tables.iterdir())


def test_csv_tables_without_documents_have_their_heads(tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "csv", [])
    assert {path.stem: path.read_bytes().decode("utf-8-sig") for path in folder.iterdir()} == {
        table: ",".join(columns) + "\r\n" for table, columns in TABLES.items()
    }


def test_csv_tables_hold_no_formulas(tmp_path: Path) -> None:
    document = Document("-0.68%\0\ud800", "=1+1", metadata={"a": 1})
    document.quantities = [Quantity(0, 6, "-0.68%", "PERCENT", value=Decimal("-0.68"))]
    folder = write_csv(tmp_path / "csv", [document])
    (head,), (row,) = read_csv(folder / "documents.csv"), read_csv(folder / "quantities.csv")
    assert (head["id"], head["text"], row["document"], row["text"], row["value"]) == (
        "'=1+1",
        "'-0.68%\N{REPLACEMENT CHARACTER}?",
        "'=1+1",
        "'-0.68%",
        "-0.68",
    )


def test_a_folder_for_every_day_can_be_read_by_its_day(tmp_path: Path) -> None:
    folder = write_parquet(tmp_path / "news.parquet", ARTICLES, by_day=True)
    days = ["2022-02-18", "2022-03-31", "2022-05-06", "__HIVE_DEFAULT_PARTITION__"]
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*")) == sorted(
        f"{table}/published_day={day}/part-0.parquet" for table in TABLES for day in days
    )
    dataset = pyarrow.dataset.dataset(folder / "events", partitioning="hive")
    of_a_day = dataset.to_table(filter=pyarrow.dataset.field("published_day") == "2022-05-06")
    assert of_a_day["type"].to_pylist() == ["termination", "acquisition"]
    read = f"read_parquet('{folder}/documents/*/*.parquet', hive_partitioning = true)"
    assert duckdb.sql(
        f"SELECT published_day, id, published_at FROM {read} ORDER BY id"
    ).fetchall() == [
        (date(2022, 2, 18), "a-1", datetime(2022, 2, 18, 0, 30)),
        (date(2022, 3, 31), "a-2", datetime(2022, 3, 31, 21, 0)),
        (date(2022, 5, 6), "a-3", datetime(2022, 5, 6, 9, 0)),
        (None, "a-4", None),
    ]


def test_a_folder_by_day_without_documents_still_has_every_column(tmp_path: Path) -> None:
    folder = write_parquet(tmp_path / "news.parquet", [], by_day=True)
    found = {
        table: pyarrow.dataset.dataset(folder / table, format="parquet").schema.names
        for table in TABLES
    }
    assert found == {table: list(columns) for table, columns in TABLES.items()}


_DAYS = st.none() | st.dates(date(2022, 1, 1), date(2022, 1, 6))
_NAMES = st.lists(st.sampled_from(["星河矿业", "青山资本", "云岭药业"]), max_size=4)


def documents_of(days_and_names: Sequence[tuple[date | None, list[str]]]) -> list[Document]:
    return [
        Document(
            "星河矿业青山资本",
            f"a-{number}",
            published=datetime(day.year, day.month, day.day, 23, 59) if day else None,
            entities=[Entity(0, 4, name, "COMPANY", 0.5) for name in names],
        )
        for number, (day, names) in enumerate(days_and_names)
    ]


# Two days that alternate, from several runs and merged together.
@example([(date(2022, 1, 1 + n % 2), ["星河矿业"]) for n in range(6)], 2, 100_000)
@settings(max_examples=15)
@given(st.lists(st.tuples(_DAYS, _NAMES), max_size=30), st.integers(1, 60), st.integers(1, 2000))
def test_by_day_keeps_every_row_and_their_order_whatever_fits_in_memory(
    tmp_path_factory: pytest.TempPathFactory,
    articles: list[tuple[date | None, list[str]]],
    rows_in_memory: int,
    merged_bytes: int,
) -> None:
    tmp_path = tmp_path_factory.mktemp("days")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet, "ROWS_IN_MEMORY", rows_in_memory)
        patched.setattr(by_day, "_MERGED_BYTES", merged_bytes)
        patched.setattr(by_day, "_GROUP_BYTES", merged_bytes)
        patched.setattr(by_day, "_BATCH_ROWS", 3)
        documents = documents_of(articles)
        folder = write_parquet(tmp_path / "days", documents, by_day=True)
        again = write_parquet(tmp_path / "again", documents, by_day=True)
    expected: dict[str, list[str]] = defaultdict(list)
    entities: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for document in documents:
        day = str(document.published.date()) if document.published else by_day.NO_DAY
        expected[day].append(document.id)
        entities[day] += [(document.id, each.text) for each in document.entities]
    assert {
        path.parent.name.removeprefix("published_day="): pyarrow.parquet.read_table(path)[
            "id"
        ].to_pylist()
        for path in (folder / "documents").rglob("*.parquet")
    } == (expected or {by_day.NO_DAY: []})
    assert {
        day: pyarrow.parquet.read_table(
            folder / "entities" / f"published_day={day}" / "part-0.parquet", partitioning=None
        )
        .select(["document", "text"])
        .to_pylist()
        for day in expected
    } == {
        day: [{"document": name, "text": text} for name, text in entities[day]] for day in expected
    }
    assert contents(folder) == contents(again)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_many_days_need_few_open_files_and_leave_no_spool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS_IN_MEMORY", 100)
    documents = documents_of([(date.fromordinal(737_000 + n), []) for n in range(100)])
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    in_use = max(int(each.name) for each in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (in_use + 20, limits[1]))
    try:
        folder = write_parquet(tmp_path / "days", documents, by_day=True)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert {path.name: len(list(path.iterdir())) for path in folder.iterdir()} == dict.fromkeys(
        TABLES, 100
    )
