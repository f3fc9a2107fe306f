"""JSON Lines, JSON, CSV and Parquet."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tagger.document import Document, Entity
from tagger.published import NO_DATE
from tagger.readers import ReadError, ReadOptions, json_values, read
from tagger.readers.json_records import json_rows
from tagger.readers.streams import HEAD_BYTES, ByteStream

RECORDS: list[dict[str, Any]] = [
    {
        "id": "n1",
        "标题": "远山科技中标",
        "正文": "远山科技中标3.2亿元的项目。",
        "发布时间": "2023-05-08 19:22:00",
        "来源": "蓝湖财经",
        "作者": "张三",
        "链接": "https://x.example/1",
        "标签": "中标,科技",
        "备注": "公司",
    },
    {"id": "n2", "标题": "", "正文": "央行开展100亿元逆回购。"},
]
DOCUMENTS = [
    Document(
        id="n1",
        title="远山科技中标",
        body_start=7,
        text="远山科技中标\n远山科技中标3.2亿元的项目。",
        published=datetime(2023, 5, 8, 19, 22),
        source="蓝湖财经",
        metadata={
            "author": "张三",
            "url": "https://x.example/1",
            "tags": ["中标", "科技"],
            "备注": "公司",
        },
    ),
    Document(id="n2", text="央行开展100亿元逆回购。"),
]


def write(path: Path, records: list[dict[str, Any]]) -> None:
    """Writes records in the format that the path's suffix says."""
    names = list(records[0])
    if ".csv" in path.name or ".tsv" in path.name:
        comma = "\t" if ".tsv" in path.name else ","
        rows = [names, *([str(each.get(name, "")) for name in names] for each in records)]
        text = "".join(
            comma.join(f'"{cell}"' if "," in cell else cell for cell in row) + "\r\n"
            for row in rows
        )
    elif ".jsonl" in path.name or ".ndjson" in path.name:
        text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
    else:
        text = json.dumps(records, ensure_ascii=False, indent=2)
    if path.name.startswith("parquet"):
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(records), sink)
        data = sink.getvalue()
    else:
        data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


@pytest.mark.parametrize(
    "name",
    [
        "a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz", "a.json.gz", "a.csv", "a.tsv", "a.csv.gz",
        "parquet.parquet", "parquet.pq", "parquet.parquet.gz",
    ],
)  # fmt: skip
def test_records_become_documents(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, RECORDS)
    assert list(read([path])) == DOCUMENTS


def test_single_object_over_many_lines_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(RECORDS[0], ensure_ascii=False, indent=1), encoding="utf-8")
    assert list(read([path])) == DOCUMENTS[:1]


def test_record_without_id_is_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('\n{"text": "停牌。"}\n{"text": "复牌。"}\n', encoding="utf-8")
    assert [each.id for each in read([path])] == [f"{path}#2", f"{path}#3"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "停牌。"', "malformed JSON (Expecting ',' delimiter at character 14)"),
        ('{"text": "停牌', "malformed JSON (Unterminated string starting at character 9)"),
        ("[1, 2]", "a JSON record that is an array, not an object"),
        ('"停牌"', "a JSON record that is a string, not an object"),
        ("null", "a JSON record that is null, not an object"),
        ("[" * 100_000, "JSON that cannot be read"),
        ("1" * 5000, "JSON that cannot be read"),
        ('{"a": "停牌。"}', "no column looks like the text; the columns are 'a'"),
        ("{}", "no column looks like the text; the columns are none"),
        ('{"text": 7}', "the text in column 'text' is int, not a string"),
        ('{"text": "  "}', "it holds no text"),
        ('{"text": null}', "it holds no text"),
        (
            '{"text": "停牌\\ud800。"}',
            "text holds the lone surrogate U+D800 at character 2, which is no text",
        ),
        ('{"text": "<p>停牌\\ud800。</p>"}', "its HTML holds the lone surrogate U+D800"),
        ('{"text": "停牌", "note": {"a": ["\\udc00"]}}', "metadata.note.a holds the lone"),
        ('{"text": "停牌", "id": "\\udc00"}', "id holds the lone surrogate"),
        ('{"schema_version": 1, "text": "停牌", "entities": [{"start": 0}]}', "not a tagger"),
        ('{"text": "停牌。", "a": ' + '{"a":' * 400 + "1" + "}" * 401, "it is nested too deeply"),
        ('{"text": "停牌。", "id": ' + "[" * 900 + "]" * 900 + "}", "it is nested too deeply"),
    ],
)
def test_bad_line_is_one_error_and_the_rest_goes_on(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    good = '{"text": "复牌。"}'
    path.write_text(f"{good}\n{line}\n{good}\n", encoding="utf-8")
    before, error, after = read([path])
    assert isinstance(error, ReadError)
    assert reason in error.reason
    assert (before.id, error.record, after.id) == (f"{path}#1", "line 2", f"{path}#3")
    error.id.encode()


def test_undecodable_line_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = '{"text": "复牌，公司股票今日上涨。"}\n'.encode()
    path.write_bytes(good + b'{"text": "\xff"}\n' + good)
    results = list(read([path]))
    assert [type(each).__name__ for each in results] == ["Document", "ReadError", "Document"]
    assert isinstance(results[1], ReadError)
    assert results[1].reason == "byte 0xff at offset 10 is not utf-8"


def test_null_characters_and_direction_marks_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "停\0牌\u200f😀\u202e。"
    path.write_text(json.dumps({"text": text}) + "\n")
    assert [each.text for each in read([path]) if isinstance(each, Document)] == [text]


def test_not_a_number_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "停牌。", "score": NaN, "rank": 3}\n', encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert found.metadata == {"rank": 3}


@pytest.mark.parametrize(
    ("source", "last"),
    [
        ('[{"text": "一。"}, {"text": ]', "malformed JSON (Expecting value at character 9"),
        ('[{"text": "一。"}', "the JSON array is never closed: the file is cut off"),
        ('[{"text": "一。"}, {"text": "二', "malformed JSON (Unterminated string"),
        ('[{"text": "一。"}] x', "malformed JSON (Expecting value"),
    ],
)
def test_fault_in_an_array_ends_the_file_with_one_error(
    tmp_path: Path, source: str, last: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(source, encoding="utf-8")
    first, error = read([path])
    assert isinstance(first, Document)
    assert isinstance(error, ReadError)
    assert (first.text, error.record) == ("一。", "item 2")
    assert last in error.reason


def test_fault_in_an_array_says_that_reading_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"text": "一。"}, {"text": ]}, {"text": "三。"}]', encoding="utf-8")
    _, error = read([path])
    assert isinstance(error, ReadError)
    assert error.reason == (
        "malformed JSON (Expecting value at character 9 of the record), and nothing after it was "
        "read"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_torn_first_line_costs_only_itself(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.jsonl"
    lines = ['{"id": "1", "text": "公司停牌",', '{"text": "公司复牌。"}', '{"text": "公司退市。"}']
    path.write_text("\n".join(lines), encoding=encoding)
    assert [each.text if isinstance(each, Document) else each.record for each in read([path])] == [
        "line 1",
        "公司复牌。",
        "公司退市。",
    ]


@pytest.mark.parametrize("mark", [",", "{"])
def test_first_line_longer_than_the_head_is_still_a_line(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "a.jsonl"
    start = '{"text": "停牌。", "note": "'
    first = start + "x" * (HEAD_BYTES - len(start.encode()) - 1) + mark + '"}'
    path.write_text(f'{first}\n{{bad\n{{"text": "复牌。"}}\n', encoding="utf-8")
    assert [each.text if isinstance(each, Document) else each.record for each in read([path])] == [
        "停牌。",
        "line 2",
        "复牌。",
    ]


@pytest.mark.parametrize(
    "source",
    [
        '{"text": "一。", "hits": [{"a": 1},\n{"a": 2}\n]}\n{"text": "二。"}',
        '{"text": "一。"},\n{"text": "二。"}',
        '{\n"text": "一。"}\n{\n"text": "二。"}',
        '{"text": "一。"}\r{"text": "二。"}\r',
        '{"text": "一。"}\r\n{"text": "二。"}\r\n',
    ],
)
def test_objects_end_where_their_braces_or_lines_do(tmp_path: Path, source: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(source.encode())
    assert [each.text for each in read([path]) if isinstance(each, Document)] == ["一。", "二。"]


def test_bad_line_between_carriage_returns_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "一。"}\r{"text": \r{"text": "三。"}'.encode())
    assert [each.text if isinstance(each, Document) else each.record for each in read([path])] == [
        "一。",
        "line 2",
        "三。",
    ]


@pytest.mark.parametrize(
    ("id", "found"),
    [
        ("123456789012345678901", "123456789012345678901"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("18446744073709551615", "18446744073709551615"),
        ("1.0", "1"),
        ("1.5", "1.5"),
        ('" 007 "', "007"),
    ],
)
def test_number_keeps_its_digits(tmp_path: Path, id: str, found: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"id": {id}, "text": "停牌。"}}', encoding="utf-8")
    assert [each.id for each in read([path])] == [found]


@pytest.mark.parametrize(
    "fields",
    [
        '"no": 123456789012345678901, "score": NaN',
        '"schema_version": 1, "model": "m", '
        '"metadata": {"no": 123456789012345678901, "score": NaN}',
    ],
)
def test_number_that_json_cannot_hold_is_text_in_metadata_or_left_out(
    tmp_path: Path, fields: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "停牌。", {fields}}}', encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert found.metadata == {"no": "123456789012345678901"}


def test_limit_of_any_size_is_taken(tmp_path: Path) -> None:
    for name, content in [
        ("a.csv", "text\n停牌。\n"),
        ("a.jsonl", '{"text": "停牌。"}'),
        ("a.txt", "停牌。"),
        ("a.json", '[{"text": "停牌。"}]'),
    ]:
        (tmp_path / name).write_text(content, encoding="utf-8")
    found = read([tmp_path], ReadOptions(max_characters=10**20))
    assert [each.text for each in found if isinstance(each, Document)] == ["停牌。"] * 4


def test_closed_standard_input_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    (found,) = read("-")
    assert str(found) == (
        "-: standard input is closed; pipe the article into it, or name its file instead"
    )


def test_json_lines_are_not_loaded_whole() -> None:
    class Endless(io.RawIOBase):
        """A file of a billion lines, of which few are ever asked for."""

        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            line = b'{"text": "a"}\n'
            data = line * max(1, len(buffer) // len(line))
            data = data[: len(buffer)]
            buffer[: len(data)] = data
            self.given += len(data)
            return len(data)

    source = Endless()
    rows = json_rows(ByteStream(io.BufferedReader(source)), ReadOptions())
    assert [next(rows).number for _ in range(3)] == [1, 2, 3]
    assert source.given < 1 << 20


def test_overlong_line_is_skipped_without_being_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.readers.json_records.byte_limit", lambda _: 100)
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + "长" * 500 + '"}\n{"text": "短。"}\n', encoding="utf-8")
    error, document = read([path])
    assert isinstance(error, ReadError)
    assert (error.reason, document.id) == ("the line is longer than 100 bytes", f"{path}#2")


def test_tagged_document_keeps_text_title_and_spans(tmp_path: Path) -> None:
    document = Document(
        id="n1",
        text="远山科技停牌\n 公司<b>今日</b>停牌。\r\n",
        title="远山科技停牌",
        body_start=7,
        source="蓝湖财经",
        metadata={"tags": ["停牌"]},
        entities=[Entity(0, 4, "远山科技", "COMPANY", 0.5)],
    )
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(document.to_dict()) + "\n")
    assert list(read([path])) == [document]


@pytest.mark.parametrize(
    "spans",
    [
        {"entities": [{"start": 1, "end": 3, "label": "COMPANY"}]},
        {"quantities": [{"start": 1, "end": 3, "label": "MONEY", "value": "-"}]},
        {"events": [{"start": 1, "end": 3, "kind": "of another project"}]},
    ],
)
def test_training_record_keeps_its_text(tmp_path: Path, spans: dict[str, Any]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": " 停牌 "} | spans) + "\n")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert (found.text, found.id) == (" 停牌 ", f"{path}#1")


@pytest.mark.parametrize(
    ("record", "columns", "document"),
    [
        (
            {"schema_version": 3, "content": "停牌。"},
            {"text": "content"},
            Document("停牌。", metadata={"schema_version": 3}),
        ),
        ({"schema_version": 3, "text": "停牌。", "url": "u"}, {},
         Document("停牌。", metadata={"url": "u", "schema_version": 3})),
        ({"content": "停牌。", "entities": [], "栏": "甲"}, {},
         Document("停牌。", metadata={"栏": "甲"})),
        (
            {"schema_version": 1, "text": "摘要", "正文": "停牌。", "model": "m"},
            {"text": "正文"},
            Document("停牌。", metadata={"schema_version": 1, "text": "摘要", "model": "m"}),
        ),
        (
            {
                "text": "远山停牌。",
                "title": "远山",
                "published": "2022/2/18 18:38",
                "url": "https://x.example/1",
                "metadata": {"category": "公告"},
                "entities": [{"start": 0, "end": 2, "label": "COMPANY"}],
            },
            {},
            Document(
                "远山停牌。",
                title="远山",
                published=datetime(2022, 2, 18, 18, 38),
                metadata={"category": "公告", "url": "https://x.example/1"},
                entities=[Entity(0, 2, "远山", "COMPANY")],
            ),
        ),
        (
            {"text": "远山", "content": "停牌。", "entities": [{"start": 0, "end": 2, "id": "X"}]},
            {"text": "content"},
            Document(
                "停牌。",
                metadata={"text": "远山", "entities": [{"start": 0, "end": 2, "id": "X"}]},
            ),
        ),
        (
            {"schema_version": 1, "id": 7, "text": "停 ", "title": None, "metadata": None,
             "entities": [], "quantities": [], "events": []},
            {},
            Document("停 "),
        ),
    ],
)  # fmt: skip
def test_only_what_a_tagger_wrote_is_taken_as_it_is(
    tmp_path: Path, record: dict[str, Any], columns: dict[str, str], document: Document
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "n1"} | record), encoding="utf-8")
    document.id = str(record.get("id", "n1"))
    assert list(read([path], ReadOptions(columns=columns))) == [document]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("title", 7, "'title' is int, not a string"),
        ("source", 3, "'source' is int, not a string"),
        ("metadata", "x", "'metadata' is str, not an object"),
        ("metadata", [1], "'metadata' is list, not an object"),
        ("id", [1], "'id' is list, not a string or a number"),
        ("id", True, "'id' is bool, not a string or a number"),
        ("published", 20220218, f"published=20220218 {NO_DATE}"),
    ],
)
def test_tagged_record_with_a_field_of_another_type_is_one_error(
    tmp_path: Path, field: str, value: Any, reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    record = {"schema_version": 1, "model": "m", "text": "停牌。", field: value}
    path.write_text(json.dumps(record), encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert found.reason == f"not a tagger document ({reason})"


def test_column_of_another_kind_named_entities_is_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "停牌。", "entities": ["远山"]}\n', encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert found.metadata == {"entities": ["远山"]}


def test_html_in_a_column_is_reduced_and_plain_text_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    texts = ["<p>公司&amp;子公司</p><p><b>停牌</b></p>", "营收<3亿，  A&amp;B\r\n"]
    path.write_text("".join(json.dumps({"content": each}) + "\n" for each in texts))
    assert [each.text for each in read([path]) if isinstance(each, Document)] == [
        "公司&子公司\n停牌",
        "营收<3亿，  A&amp;B\r\n",
    ]


def test_named_columns_win_over_guesses(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,summary,title\n甲。,乙。,丙\n", encoding="utf-8")
    (found,) = read([path], ReadOptions(columns={"text": "summary"}))
    assert isinstance(found, Document)
    assert (found.text, found.metadata) == ("丙\n乙。", {"text": "甲。"})


@pytest.mark.parametrize("size", range(1, 40))
def test_a_json_value_may_be_cut_anywhere_in_reading(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_values, "_CHUNK", size)
    values = [{"a": True, "b": [None, -1.5e-3]}, {"c": '甲\u2028\\"乙'}, {"d": False}]
    for source in (json.dumps(values), "\n".join(json.dumps(each, indent=1) for each in values)):
        assert list(json_values.json_values(io.StringIO(source), 1000)) == values


def test_a_named_column_need_not_be_that_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"正文": "停牌。", "题": "公告"}\n{"正文": "复牌。"}', encoding="utf-8")
    found = list(read([path], ReadOptions(columns={"title": "题"})))
    assert [(each.title, each.text) for each in found if isinstance(each, Document)] == [
        ("公告", "公告\n停牌。"),
        (None, "复牌。"),
    ]


def test_named_column_that_is_missing_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,title\n甲。,丙\n", encoding="utf-8")
    (found,) = read([path], ReadOptions(columns={"text": "正文"}))
    assert isinstance(found, ReadError)
    assert found.reason == "there is no column '正文' for the text; the columns are 'text', 'title'"


def test_table_without_text_column_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert (found.reason, found.remedy) == (
        "no column looks like the text; the columns are 'a', 'b'",
        "name it with --column text=NAME",
    )


def test_csv_row_with_too_many_cells_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,营收3,000万元\n2,"营收3,000万元"\n3\n', encoding="utf-8")
    error, document, short = read([path])
    assert isinstance(error, ReadError)
    assert isinstance(document, Document)
    assert isinstance(short, ReadError)
    assert (error.record, error.reason) == ("row 1", "3 cells where the header names 2 columns")
    assert (document.text, short.id, short.reason) == ("营收3,000万元", "3", "it holds no text")


@pytest.mark.parametrize(
    ("source", "row", "line"),
    [
        ('id,text\n1,"甲终止收购\n2,乙涨停。\n', "row 1", 2),
        ('id,text\n1,甲。\n\n2,"乙\n涨停。"\n3,"', "row 3", 6),
        ('sep=,\nid,text\n1,"甲', "row 1", 3),
        ('id,text\n1,甲。\n"', "row 2", 3),
    ],
)
def test_csv_quote_that_is_never_closed_is_an_error(
    tmp_path: Path, source: str, row: str, line: int
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(source, encoding="utf-8")
    found = list(read([path]))[-1]
    assert isinstance(found, ReadError)
    assert (found.record, found.reason) == (
        row,
        f"a closing quote is missing: from line {line} on, all of the file is one row",
    )


def test_csv_quotes_of_another_kind_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"甲"乙\n2,甲"乙\n3,"甲""乙"', encoding="utf-8")
    assert [each.text for each in read([path]) if isinstance(each, Document)] == [
        "甲乙",
        '甲"乙',
        '甲"乙',
    ]


@pytest.mark.parametrize("head", ["sep=;\n", "\ufeffsep=;\r\n", '"sep=;"\n'])
def test_csv_separator_line_names_the_delimiter(tmp_path: Path, head: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{head}text;a,b,c\n停牌。;1\n", encoding="utf-8")
    (found,) = read([path])
    assert found == Document("停牌。", id=f"{path}#1", metadata={"a,b,c": "1"})


def test_csv_columns_of_one_name_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,text,,\n甲。,乙。,,\n", encoding="utf-8")
    assert [str(each) for each in read([path])] == [
        f"{path}: 2 columns are named 'text'; give each column a name of its own"
    ]


def test_csv_row_with_undecodable_bytes_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text\n公司停牌。\n公\xff\n复牌。\n".encode().replace(b"\xc3\xbf", b"\xff"))
    first, error, last = read([path], ReadOptions(encoding="utf-8"))
    assert isinstance(error, ReadError)
    assert "byte 0xff at character 1 of column 'text' is not utf-8" in error.reason
    assert (first.id, last.id) == (f"{path}#1", f"{path}#3")


def test_csv_field_longer_than_the_modules_own_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "公司公告。" * 40_000
    path.write_text(f'text\n"{text}"\n', encoding="utf-8")
    assert [each.text for each in read([path]) if isinstance(each, Document)] == [text]


def test_parquet_times_lists_and_missing_values_are_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    time = pa.array([1645180713000000001], pa.timestamp("ns", tz="UTC"))
    table = pa.table(
        {
            "content": ["停牌。"],
            "pub_time": time,
            "tags": [["甲", "乙"]],
            "source": pa.array([None], pa.string()),
            "vector": [b"\x00\x01"],
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path)
    (found,) = read([path])
    assert found == Document(
        id=f"{path}#1",
        text="停牌。",
        published=datetime(2022, 2, 18, 10, 38, 33, tzinfo=UTC),
        metadata={"tags": ["甲", "乙"]},
    )


def test_parquet_row_with_broken_text_is_one_error(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    column = pa.Array.from_buffers(
        pa.string(), 3, pa.array([b"a", b"\xff", b"b"], pa.binary()).buffers()
    )
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": column}), path)
    assert [type(each).__name__ for each in read([path])] == ["Document", "ReadError", "Document"]


def test_only_parquet_that_cannot_be_searched_needs_a_place_for_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    def no_place() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    path, packed = tmp_path / "a.parquet", tmp_path / "b.parquet.gz"
    pq.write_table(pa.table({"text": ["甲。"]}), path)
    packed.write_bytes(gzip.compress(path.read_bytes()))
    monkeypatch.setattr(tempfile, "TemporaryFile", no_place)
    document, error = read([path, packed])
    assert isinstance(document, Document)
    assert isinstance(error, ReadError)
    assert ("No usable temporary directory" in error.reason, error.transient) == (True, True)
    assert "TMPDIR" in error.remedy


def test_parquet_columns_of_one_name_are_an_error(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table([["甲。"], ["乙。"]], names=["text", "text"]), path)
    assert [str(each) for each in read([path])] == [
        f"{path}: 2 columns are named 'text'; give each column a name of its own"
    ]


def test_parquet_text_of_every_string_type_is_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", "16")
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    for type in (pa.string(), pa.large_string(), pa.string_view()):
        pq.write_table(pa.table({"text": pa.array(["停牌。"], type)}), path)
        assert list(read([path])) == [Document("停牌。", id=f"{path}#1")]


def test_parquet_column_of_bytes_is_named_with_its_type(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["1"], "text": ["停牌。".encode()]}), path)
    assert [str(each) for each in read([path])] == [
        f"{path}: no column looks like the text; the columns are 'id'; columns of other types are "
        "not read: 'text' (binary); name it with --column text=NAME, or write the text as a column "
        "of strings"
    ]


def test_parquet_time_that_python_cannot_hold_is_kept_as_text(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    texts = []
    for value, type in [
        (1645180713, pa.timestamp("s", tz="Asia/Beijing")),
        (1645180713, pa.timestamp("ms", tz="CST")),
        (10**15, pa.timestamp("ms")),
    ]:
        table = {"text": ["停牌。", "复牌。"], "time": pa.array([value, None], type)}
        pq.write_table(pa.table(table), path)
        first, second = (each for each in read([path]) if isinstance(each, Document))
        assert (first.published, second.metadata) == (None, {})
        texts.append(first.metadata["published_text"])
    assert texts == [
        "2022-02-18 10:38:33.000 UTC (Asia/Beijing)",
        "1970-01-20 00:59:40.713 UTC (CST)",
        "1000000000000000 ms since 1970",
    ]


def test_parquet_ids_that_became_floats_are_whole_again(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    ids = pa.array([1.0, None, float("nan")])
    pq.write_table(pa.table({"id": ids, "text": ["甲。", "乙。", "丙。"]}), path)
    assert [each.id for each in read([path])] == ["1", f"{path}#2", f"{path}#3"]


def test_damaged_page_of_parquet_is_no_fault_of_the_disk(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    table = pa.table({"text": [f"第{number}条。" for number in range(500)]})
    pq.write_table(table, path, use_dictionary=False, compression="none")
    data = bytearray(path.read_bytes())
    data[4:24] = b"\xff" * 20
    path.write_bytes(data)
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert found.reason.startswith("a damaged Parquet file")
    assert not found.transient


def test_damaged_parquet_is_one_error(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 50)
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert found.reason.startswith("a damaged Parquet file")


def test_missing_pyarrow_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert found.remedy == "pip install 'caijing-tagger[parquet]'"
