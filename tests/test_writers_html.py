"""The HTML page: every text escaped, overlapping layers cut, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from fake_tagger import ARTICLE, FakeTagger
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.writers.article_html import article_html, escaped
from tagger.writers.html import HtmlWriter
from tagger.writers.segments import cut_line, lines_with_spans
from tagger.writers.wording import quantity_value

HOSTILE = "<script>alert(1)</script> ]]> --> \"引号\" '单' & \u202e反向\u202c 🚀\0\x1b[31m\ud800"


def page(*documents: Document) -> str:
    stream = io.BytesIO()
    writer = HtmlWriter(stream)
    for document in documents:
        writer.write(document)
    writer.close()
    return stream.getvalue().decode("utf-8")


def first(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    node = tree.css_first(selector)
    assert node is not None, selector
    return node


def attribute(node: LexborNode, name: str) -> str:
    return node.attributes[name] or ""


def tagged_article() -> Document:
    return next(FakeTagger().pipe([replace(ARTICLE)]))


def hostile_document() -> Document:
    end = len(HOSTILE)
    return Document(
        HOSTILE,
        id=HOSTILE,
        title=HOSTILE,
        source=HOSTILE,
        entities=[Entity(0, end, HOSTILE, HOSTILE, 0.5, HOSTILE, HOSTILE)],
        quantities=[Quantity(0, end, HOSTILE, HOSTILE, unit=HOSTILE, value=Decimal(1))],
        events=[
            Event(0, 8, HOSTILE[:8], HOSTILE, 0.5, HOSTILE, 0, [Argument(HOSTILE, 0, end, HOSTILE)])
        ],
    )


def test_hostile_text_stays_text() -> None:
    html = page(hostile_document(), tagged_article())
    tree = LexborHTMLParser(html)
    assert len(tree.css("script")) == 1
    harmless = LexborHTMLParser(page(tagged_article(), tagged_article()))
    assert {each.tag for each in tree.css("*")} <= {each.tag for each in harmless.css("*")}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", html)
    handlers = [name for each in tree.css("*") for name in each.attributes if name.startswith("on")]
    assert handlers == []
    assert (
        "<script>alert(1)</script> ]]> -->"
        in first(tree, "article h2, article p.caption + p").text()
    )


def test_the_policy_names_the_page_s_own_style_and_script_and_nothing_else() -> None:
    html = page(tagged_article())
    tree = LexborHTMLParser(html)
    own = [
        base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        for name in ("style", "script")
        for content in re.findall(f"<{name}>(.*?)</{name}>", html, re.DOTALL)
    ]
    assert attribute(first(tree, "meta[http-equiv]"), "content") == (
        f"default-src 'none'; style-src 'sha256-{own[0]}'; script-src 'sha256-{own[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert [each.attributes for each in tree.css("[style], [src], link, iframe, img")] == []
    assert [attribute(link, "href")[0] for link in tree.css("a[href]")] == ["#", "#"]


def test_overlapping_layers_share_one_segment() -> None:
    document = Document(
        "转让5000万元股权",
        quantities=[Quantity(2, 8, "5000万元", "MONEY", Decimal(50000000), "CNY")],
        events=[
            Event(0, 2, "转让", "divestment"),
            Event(
                0,
                2,
                "转让",
                "equity_transfer",
                arguments=[Argument("object", 2, 10, "5000万元股权")],
            ),
        ],
    )
    tree = LexborHTMLParser(article_html(document, 0))
    segments = [
        (each.text(), each.attributes["class"], each.attributes.get("data-v"))
        for each in tree.css("p .s")
    ]
    assert segments == [
        ("转让", "s t", "a0v0 a0v1"),
        ("5000万元", "s q q0", "a0v1"),
        ("股权", "s", "a0v1"),
    ]
    trigger = first(tree, "p .s")
    assert attribute(trigger, "data-t") == "divestment\nequity_transfer"
    assert "客体 · 5000万元股权" in attribute(trigger, "title")


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(st.sampled_from("星河 \n<&🚀\t"), min_size=1, max_size=40))
    places = st.integers(0, len(text) - 1)
    spans = draw(st.lists(st.tuples(places, places), max_size=8))
    entities = [
        Entity(min(pair), max(pair) + 1, text[min(pair) : max(pair) + 1], "COMPANY")
        for pair in spans
    ]
    return Document(text, entities=entities)


@settings(deadline=None)
@given(documents())
def test_segments_tile_every_line_and_know_all_their_spans(document: Document) -> None:
    for start, end, spans in lines_with_spans(document):
        position = start
        for segment in cut_line(start, end, spans):
            assert segment.start == position < segment.end
            position = segment.end
            inside = [
                each
                for each in document.entities
                if each.start <= segment.start and segment.end <= each.end
            ]
            covering = [layered.span for layered in segment.covers]
            assert sorted(map(id, covering)) == sorted(map(id, inside))
        assert position == end


@settings(deadline=None)
@given(documents())
def test_the_page_holds_the_whole_text(document: Document) -> None:
    lines = LexborHTMLParser(article_html(document, 0)).css(".text > p")
    shown = [line.text() for line in lines]
    assert shown == [line for line in document.text.split("\n") if line]


@settings(deadline=None)
@given(st.text(st.characters()))
def test_escaped_text_is_safe_in_content_and_attributes(text: str) -> None:
    safe = escaped(text)
    assert not set(safe) & set("<>\"'")
    assert safe.encode("utf-8").decode("utf-8") == safe


def test_one_article_has_no_index_and_several_have() -> None:
    assert "<nav" not in page(tagged_article())
    tree = LexborHTMLParser(page(tagged_article(), Document("简讯"), Document("")))
    assert [each.text() for each in tree.css("nav li a")] == [ARTICLE.title, "简讯", "（空）"]
    assert [each.attributes["id"] for each in tree.css("article")] == ["a0", "a1", "a2"]


def test_filters_count_what_the_page_holds() -> None:
    tree = LexborHTMLParser(page(tagged_article(), tagged_article()))
    assert [
        (
            box.attributes["data-layer"],
            box.attributes["data-label"],
            first(box.parent, "small").text(),
        )
        for box in tree.css(".filters input")
        if box.parent
    ] == [
        ("e", "COMPANY", "6"),
        ("e", "TICKER", "2"),
        ("e", "LOCATION", "2"),
        ("q", "MONEY", "4"),
        ("q", "DATE", "2"),
        ("t", "divestment", "2"),
        ("t", "equity_transfer", "2"),
    ]


def test_the_table_of_events_shows_arguments_with_their_values() -> None:
    tree = LexborHTMLParser(article_html(tagged_article(), 0))
    rows = [
        [" ".join(cell.text().split()) for cell in row.css("td")] for row in tree.css(".events tr")
    ]
    assert rows[1:] == [
        [
            "减持出售 divestment",
            "减持",
            "已发生",
            "主体 星河矿业 (NYSE:XHKY) 数量 300个比特币 (300 BTC)",
        ],
        ["股权转让 equity_transfer", "转让", "已发生", "主体 星河矿业 (NYSE:XHKY)"],
    ]


DAY = datetime(2022, 1, 18)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value": Decimal("7.290")}, "7.290"),
        ({"value": Decimal(-1200), "unit": "CNY", "approximate": True}, "≈ -1,200 CNY"),
        ({"value": Decimal(10), "low": Decimal(10), "low_inclusive": True, "unit": "%"}, "≥ 10 %"),
        ({"value": Decimal(5), "high": Decimal(5), "high_inclusive": False}, "< 5"),
        ({"low": Decimal(10), "high": Decimal(20), "unit": "USD", "per": "桶"}, "10 – 20 USD / 桶"),
        ({"start_time": DAY, "end_time": datetime(2022, 1, 19)}, "2022-01-18"),
        ({"start_time": DAY, "end_time": datetime(2022, 2, 1)}, "2022-01-18 – 2022-01-31"),
        (
            {
                "start_time": datetime(2022, 1, 18, 20, 30),
                "end_time": datetime(2022, 1, 18, 20, 31),
            },
            "2022-01-18 20:30",
        ),
        ({"duration": "P3Y"}, "P3Y"),
        ({}, ""),
    ],
)
def test_values_read_on_one_line(fields: dict[str, object], expected: str) -> None:
    assert quantity_value(Quantity(0, 1, "数", "CARDINAL", **fields)) == expected  # type: ignore[arg-type]
