"""Encodings, found from the bytes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.document import Document
from tagger.readers import ReadError, ReadOptions, read
from tagger.readers.charsets import decode, detect, detect_lines
from tagger.readers.errors import Unreadable

SIMPLIFIED = (
    "蓝湖能源公告，拟减持不超过2%的股份。",
    "央行宣布降准0.5个百分点，释放长期资金约1万亿元。",
    "证监会",
    "净利润下滑",
    "停牌！",
    "A股三大指数收跌",
    "公司董事长张三因个人原因辞职。\n\n　　公告显示，其未持有公司股份。",
)
TRADITIONAL = (
    "藍湖能源公告，擬減持不超過2%的股份。",
    "香港交易所宣布，該公司股份今日起停牌。",
    "證監會",
    "淨利潤下滑",
    "董事長辭職",
    "台積電第三季營收創新高，達1,200億元。",
)


@pytest.mark.parametrize("text", SIMPLIFIED)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_simplified_text_is_decoded(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", TRADITIONAL)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "big5", "big5hkscs", "gb18030", "utf-16", "utf-16-be"]
)
def test_traditional_text_is_decoded(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "big5", "utf-8"])
def test_wrong_declaration_does_not_spoil_what_the_bytes_say(encoding: str) -> None:
    text = f'<meta charset="{encoding}"><p>公司宣布收益增加</p>'
    assert decode(text.encode("utf-8")) == text


def test_declaration_decides_between_readings() -> None:
    page = (
        '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>日本のソニー</p>'
    )
    assert decode(page.encode("shift_jis")) == page


def test_ascii_and_empty_files_are_utf8() -> None:
    assert [detect(b"BTC 512"), detect(b"")] == ["utf-8", "utf-8"]


def test_line_ends_become_newlines() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ("公司公告".encode() + b"\xff" + "停牌".encode(), "byte 0xff at offset 12 is not utf-8"),
        (
            "公司公告，净利润下滑".encode("gb18030") + b"\xff",
            "byte 0xff at offset 20 is not gb18030",
        ),
        (bytes(range(128, 256)), "at offset"),
    ],
)
def test_undecodable_byte_is_named_with_its_offset(data: bytes, where: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert where in caught.value.reason


def test_given_encoding_is_taken_at_its_word(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("公司停牌".encode())
    (found,) = read([path], ReadOptions(encoding="big5"))
    assert isinstance(found, ReadError)
    assert (found.reason, "--encoding" in found.remedy) == (
        "byte 0xe5 at offset 0 is not big5",
        True,
    )


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("suffix", ["txt", "md", "html", "jsonl", "json", "csv", "txt.gz"])
def test_every_format_is_read_in_every_encoding(tmp_path: Path, encoding: str, suffix: str) -> None:
    text = "今日公司宣布停止生产中心主要部件。"
    wrapped = {
        "html": f"<p>{text}</p>",
        "jsonl": f'{{"正文": "{text}"}}\n',
        "json": f'[{{"正文": "{text}"}}]',
        "csv": f"id,正文\n1,{text}\n",
    }
    if encoding == "big5":
        text = "今日公司公布中止生產中心主要部件。"
        wrapped = {name: each.replace("今日公司宣布停止生产中心主要部件。", text)
                   for name, each in wrapped.items()}  # fmt: skip
    path = tmp_path / f"a.{suffix}"
    data = wrapped.get(suffix, text).encode(encoding)
    path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
    (found,) = read([path])
    assert isinstance(found, Document), found
    assert found.text == text


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_utf8_always_reads_back(text: str) -> None:
    expected = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert decode(text.encode("utf-8"), "utf-8") == expected


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        assert isinstance(decode(data), str)
    except Unreadable as failure:
        assert failure.remedy


def test_lines_of_no_encoding_are_read_as_utf8_where_each_is_told_as_faulty() -> None:
    assert detect_lines(b"\xff\x80\xff\n\xff\x81\xff") == "utf-8"
