"""Data frames: the same columns and values in pandas, Polars and Arrow."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest
from fake_tagger import ARTICLE, FakeTagger
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger import frames
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.frames import KINDS, to_frame
from tagger.writers import OutputFormat, open_writer
from tagger.writers.tables import TABLES

LIBRARIES = ("pandas", "polars", "arrow")
BEIJING = timezone(timedelta(hours=8))


@pytest.fixture
def tagged() -> Document:
    return next(FakeTagger().pipe([replace(ARTICLE)]))


def rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame of any library, missing cells as None and times as datetimes."""
    if isinstance(frame, pandas.DataFrame):
        records = frame.to_dict("records")
        return [{name: _cell(each) for name, each in record.items()} for record in records]
    found: list[dict[str, Any]] = (
        frame.to_dicts() if isinstance(frame, polars.DataFrame) else frame.to_pylist()
    )
    return found


def _cell(value: Any) -> Any:
    if pandas.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pandas.Timestamp) else value


def types(frame: Any) -> dict[str, str]:
    if isinstance(frame, pyarrow.Table):
        return {each.name: str(each.type) for each in frame.schema}
    if isinstance(frame, polars.DataFrame):
        return {name: str(kind) for name, kind in frame.schema.items()}
    return {str(name): str(kind) for name, kind in frame.dtypes.items()}


_TYPES = {
    "pandas": {
        "string": "string",
        "int64": "Int64",
        "float64": "float64",
        "bool": "boolean",
        "timestamp": "datetime64[us]",
    },
    "polars": {
        "string": "String",
        "int64": "Int64",
        "float64": "Float64",
        "bool": "Boolean",
        "timestamp": "Datetime(time_unit='us', time_zone=None)",
    },
    "arrow": {
        "string": "string",
        "int64": "int64",
        "float64": "double",
        "bool": "bool",
        "timestamp": "timestamp[us]",
    },
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("kind", KINDS)
def test_columns_and_types_are_the_same_with_and_without_rows(
    tagged: Document, kind: str, library: str
) -> None:
    expected = {name: _TYPES[library][each] for name, each in KINDS[kind].items()}
    empty = to_frame([], kind, library)
    assert (types(empty), len(rows(empty))) == (expected, 0)
    assert types(to_frame([tagged, Document("空", id="b")], kind, library)) == expected


@pytest.mark.parametrize("table", TABLES)
def test_an_arrow_table_has_the_schema_of_the_parquet_file(table: str, tmp_path: Path) -> None:
    with open_writer(tmp_path / "empty.parquet", OutputFormat.PARQUET):
        pass
    written = pyarrow.parquet.read_schema(tmp_path / "empty.parquet" / f"{table}.parquet")
    assert to_frame([], table, "arrow").schema == written


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_library_holds_the_same_rows(tagged: Document, kind: str, library: str) -> None:
    documents = [tagged, replace(ARTICLE, id="untagged"), tagged]
    expected = rows(to_frame(documents, kind, "arrow"))
    assert expected
    assert rows(to_frame(documents, kind, library)) == expected
    assert {each.get("document", each.get("id")) for each in expected} <= {"flash-1", "untagged"}


def test_events_carry_their_document(tagged: Document) -> None:
    assert rows(to_frame(tagged)) == [
        {
            "document": "flash-1", "index": 0, "start": 4, "end": 6, "text": "减持",
            "type": "divestment", "score": 0.97, "modality": "asserted", "group": 0,
            "sentence": "星河矿业减持300个比特币", "sentence_start": 0,
        },
        {
            "document": "flash-1", "index": 1, "start": 45, "end": 47, "text": "转让",
            "type": "equity_transfer", "score": 0.97, "modality": "asserted", "group": 1,
            "sentence": ARTICLE.text[14:], "sentence_start": 14,
        },
    ]  # fmt: skip


def test_records_are_flat() -> None:
    sentence = "昨日星河矿业与青山资本减持300枚比特币。"
    document = Document(
        sentence + "裁员已开始。",
        id="a",
        entities=[
            Entity(2, 6, "星河矿业", "COMPANY", 1.0, "星河矿业集团", "NYSE:XHKY"),
            Entity(7, 11, "青山资本", "COMPANY"),
        ],
        quantities=[
            Quantity(
                0, 2, "昨日", "DATE",
                start_time=datetime(2022, 2, 17, tzinfo=BEIJING), end_time=datetime(2022, 2, 18),
            ),
            Quantity(13, 20, "300枚比特币", "MONEY", Decimal(300), "BTC"),
        ],
        events=[
            Event(11, 13, "减持", "divestment", 0.9, "asserted", 3, [
                Argument("date", 0, 2, "昨日", 0.9, None, 0),
                Argument("subject", 2, 6, "星河矿业", 0.9, 0),
                Argument("subject", 7, 11, "青山资本", 0.5, 1),
                Argument("quantity", 13, 20, "300枚比特币", 0.9, None, 1),
            ]),
            Event(21, 23, "裁员", "layoff"),
        ],
    )  # fmt: skip
    first, second = rows(to_frame(document, "records", "arrow"))
    assert {name: value for name, value in first.items() if value is not None} == {
        "document": "a", "index": 0, "start": 11, "end": 13, "text": "减持", "type": "divestment",
        "score": 0.9, "modality": "asserted", "group": 3, "sentence": sentence, "sentence_start": 0,
        "mentions": 1, "company_id": "NYSE:XHKY",
        "start_time": "2022-02-17T00:00:00+08:00", "start_at": datetime(2022, 2, 17),
        "end_time": "2022-02-18T00:00:00", "end_at": datetime(2022, 2, 18),
        "subject": "星河矿业集团；青山资本", "subject_id": "NYSE:XHKY", "date": "昨日",
        "quantity": "300枚比特币", "quantity_value": "300", "quantity_value_number": 300.0,
        "quantity_unit": "BTC",
    }  # fmt: skip
    assert {name for name, value in second.items() if value is not None} == {
        "document", "index", "start", "end", "text", "type", "score", "modality", "group",
        "sentence", "sentence_start", "mentions", "company_id", "subject", "subject_id",
        "subject_source",
    }  # fmt: skip


def test_a_figure_of_a_record_is_the_surest_one() -> None:
    document = Document(
        "甲乙丙丁",
        quantities=[
            Quantity(0, 1, "甲", "MONEY", Decimal(1), "USD"),
            Quantity(1, 2, "乙", "MONEY", None, "CNY", per="股", low=Decimal(2), high=Decimal(3)),
        ],
        events=[
            Event(3, 4, "丁", "buyback", arguments=[
                Argument("amount", 0, 1, "甲", 0.5, None, 0),
                Argument("amount", 1, 2, "乙", 0.9, None, 1),
                Argument("amount", 2, 3, "丙", 0.7),
            ])
        ],
    )  # fmt: skip
    (row,) = rows(to_frame(document, "records", "polars"))
    amount = {name: value for name, value in row.items() if name.startswith("amount")}
    assert amount == {
        "amount": "甲；乙；丙", "amount_value": None, "amount_value_number": None,
        "amount_low": "2", "amount_low_number": 2.0, "amount_high": "3", "amount_high_number": 3.0,
        "amount_unit": "CNY", "amount_per": "股",
    }  # fmt: skip


@pytest.mark.parametrize("library", LIBRARIES)
def test_times_with_and_without_a_zone_share_a_column(library: str) -> None:
    documents = [
        Document("", published=published)
        for published in (datetime(2022, 2, 18, 9, tzinfo=BEIJING), datetime(2022, 2, 18, 9), None)
    ]
    found = rows(to_frame(documents, "documents", library))
    assert [(each["published"], each["published_at"]) for each in found] == [
        ("2022-02-18T09:00:00+08:00", datetime(2022, 2, 18, 9)),
        ("2022-02-18T09:00:00", datetime(2022, 2, 18, 9)),
        (None, None),
    ]


@pytest.mark.parametrize("library", LIBRARIES)
def test_extremes_are_rows_like_any_other(library: str) -> None:
    document = Document(
        "\ud800\x00",
        id="\udfff",
        quantities=[
            Quantity(0, 1, "\ud800", "DATE", start_time=datetime.min, end_time=datetime.max),
            Quantity(1, 2, "\x00", "CARDINAL", Decimal("1e999")),
            Quantity(1, 2, "\x00", "CARDINAL", Fraction(-1, 3)),
        ],
    )
    found = rows(to_frame(document, "quantities", library))
    assert [
        tuple(each[name] for name in ("document", "text", "start_at", "end_at", "value_number"))
        for each in found
    ] == [
        ("?", "?", datetime.min, datetime.max, None),
        ("?", "\x00", None, None, None),
        ("?", "\x00", None, None, -1 / 3),
    ]
    assert (found[1]["value"], found[2]["value"]) == ("1" + "0" * 999, "-1/3")


@pytest.mark.parametrize("library", LIBRARIES)
def test_documents_may_come_as_a_stream(tagged: Document, library: str) -> None:
    def stream() -> Iterable[Document]:
        yield tagged
        yield tagged

    assert rows(to_frame(stream(), "entities", library)) == 2 * rows(
        to_frame(tagged, "entities", library)
    )


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        ({"pandas", "polars", "pyarrow"}, pandas.DataFrame),
        ({"polars", "pyarrow"}, polars.DataFrame),
        ({"pyarrow"}, pyarrow.Table),
    ],
)
def test_the_first_library_that_is_installed_is_taken(
    monkeypatch: pytest.MonkeyPatch, installed: set[str], expected: type
) -> None:
    monkeypatch.setattr(frames, "find_spec", lambda name: name in installed or None)
    assert isinstance(to_frame([]), expected)


@pytest.mark.parametrize(
    ("library", "reason"),
    [
        (None, r"needs pandas, Polars or pyarrow; install one with: pip install"),
        ("pandas", r"needs pandas; install it with: pip install 'caijing-tagger\[pandas\]'"),
        ("polars", r"needs polars; install it with: pip install 'caijing-tagger\[polars\]'"),
        ("arrow", r"needs pyarrow; install it with: pip install 'caijing-tagger\[parquet\]'"),
    ],
)
def test_a_missing_library_is_named_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, library: str | None, reason: str
) -> None:
    for name in ("pandas", "polars", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModuleNotFoundError, match=reason):
        to_frame([], library=library)


@pytest.mark.parametrize("docs", ["停牌", [{"text": "停牌"}]])
def test_what_is_no_document_is_refused_with_what_makes_one(docs: Any) -> None:
    with pytest.raises(TypeError, match=r"Document\.from_dict reads the JSON of one"):
        to_frame(docs)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"kind": "words"}, "unknown kind 'words'; the kinds are documents, entities, quantities"),
        ({"library": "dask"}, "unknown library 'dask'; the libraries are pandas, polars, arrow"),
    ],
)
def test_wrong_options_are_named_with_the_right_ones(options: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        to_frame([], **options)


NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False) | st.fractions()
TIMES = st.none() | st.datetimes(timezones=st.none() | st.sampled_from([BEIJING]))


@settings(max_examples=50)
@given(st.text(st.characters(), min_size=1, max_size=8), NUMBERS, TIMES, st.none() | st.booleans())
def test_any_quantity_is_the_same_row_in_every_library(
    text: str, number: Decimal | Fraction | None, time: datetime | None, bound: bool | None
) -> None:
    quantity = Quantity(0, len(text), text, "MONEY", number, start_time=time, approximate=bound)
    document = Document(text, quantities=[quantity])
    pandas_rows, polars_rows, arrow_rows = (
        rows(to_frame(document, "quantities", library)) for library in LIBRARIES
    )
    assert pandas_rows == polars_rows == arrow_rows
    nearest = arrow_rows[0]["value_number"]
    assert nearest is None or math.isfinite(nearest)
