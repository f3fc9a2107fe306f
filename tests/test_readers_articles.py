"""How title and body make a document, and what holds for any input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tagger.document import Document, Mark
from tagger.readers import ReadError, ReadOptions, read
from tagger.readers.article import Article, to_document
from tagger.readers.html import read_html


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("公司停牌", "原因待定。", "公司停牌\n原因待定。"),
        ("公司停牌", "公司停牌\n原因待定。", "公司停牌\n原因待定。"),
        ("公司停牌", "公司停牌。原因待定。", "公司停牌\n原因待定。"),
        ("公司停牌", "【公司停牌】原因待定。", "公司停牌\n原因待定。"),
        ("公司停牌", "公司停牌三日，原因待定。", "公司停牌\n公司停牌三日，原因待定。"),
        ("公司 停牌", "\n公司　停牌\n原因待定。", "公司 停牌\n原因待定。"),
        (" 公司\n停牌 ", "原因待定。", "公司 停牌\n原因待定。"),
        ("公司停牌", "公司停牌", "公司停牌\n"),
        ("公司停牌", "", "公司停牌\n"),
        ("", "原因待定。", "原因待定。"),
    ],
)
def test_title_is_the_first_line_and_stands_once(title: str, body: str, text: str) -> None:
    document = to_document(Article(body=body, title=title), "x", ReadOptions())
    assert (document.text, document.body_start) == (text, text.find("\n") + 1)


def test_marks_move_with_the_title() -> None:
    body = "【公司停牌】原因是重组。"
    article = Article(
        body=body,
        title="公司停牌",
        marks=[Mark(0, 6, "heading"), Mark(9, 11, "security", "SSE:600000")],
    )
    document = to_document(article, "x", ReadOptions())
    assert [(document.text[mark.start : mark.end], mark.value) for mark in document.marks] == [
        ("重组", "SSE:600000")
    ]


def test_unreadable_date_is_kept_as_text() -> None:
    document = to_document(Article(body="停牌。", published="上周"), "x", ReadOptions())
    assert (document.published, document.metadata) == (None, {"published_text": "上周"})


def assert_sound(results: Iterator[Document | ReadError]) -> None:
    """What holds for every result: writable text, a title line, marks inside the text."""
    for found in results:
        if isinstance(found, ReadError):
            assert found.reason
            assert found.remedy
            found.id.encode()
            continue
        found.text.encode()
        assert found.text.strip()
        if found.title is not None and found.body_start:
            assert found.text[: found.body_start] == found.title + "\n"
        for mark in found.marks:
            assert 0 <= mark.start < mark.end <= len(found.text)
            assert found.text[mark.start : mark.end].strip()


BYTES = st.binary(max_size=200) | st.text(max_size=100).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>", "</p>", "<b>", "</b>", "<h1>", "</h1>", "<br>", "<td>", "<table>", "<tr>",
            "</table>", "<html>", "<body>", "<article>", "<a href='https://xueqiu.com/S/SH600519'>",
            "<a href=/x>", "</a>", "<pre>", "</pre>", "<div hidden>", "</div>", " ", "\n", "　",
            "停牌", "公司，", "&amp;", "<title>", "</title>", "$远山(SH600519)$", "<script>", "**",
            "[", "](/x)", "# ", "---\n", "title: ", "|", "来源：", "\u200b", "\0", "http://x.cn/1",
        ]
    )
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    "name", ["a.txt", "a.html", "a.md", "a.jsonl", "a.json", "a.csv", "a.dat", "a.txt.gz"]
)
def test_any_bytes_give_documents_or_errors(name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name

        @settings(max_examples=60)
        @given(BYTES)
        @example(b"\x1f\x8b")
        @example(b"\xff\xfea")
        @example(b"\x00\xd8\x00\xd8")
        @example(b'{"text": "a"}\n\xff')
        @example(b"PAR1\0\0")
        def check(data: bytes) -> None:
            path.write_bytes(data)
            results = list(read([path]))
            assert results
            assert_sound(iter(results))

        check()


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_any_markup_gives_marks_inside_the_text(name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name

        @settings(max_examples=150)
        @given(MARKUP)
        def check(markup: str) -> None:
            path.write_text(markup, encoding="utf-8")
            assert_sound(read([path]))

        check()


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["text", "title", "id", "published", "entities", "schema_version", "x"])
        | st.text(), inner),
    max_leaves=12,
))  # fmt: skip
@settings(max_examples=200)
def test_any_json_gives_a_document_or_an_error(value: object) -> None:
    import json

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_text(json.dumps(value) + "\n")
        assert_sound(read([path]))


@given(MARKUP)
def test_lines_of_markup_are_trimmed_and_never_empty(markup: str) -> None:
    body = read_html(markup).body
    assert body == "\n".join(line.strip() for line in body.split("\n") if line.strip())
