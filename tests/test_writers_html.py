"""The HTML page: every text escaped, overlapping layers cut, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import math
import re
import weakref
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest
from fake_tagger import ARTICLE, FakeTagger
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.numerals import find_quantities
from tagger.writers.article_html import article_html
from tagger.writers.html import HtmlWriter
from tagger.writers.html_axis import TimeAxis
from tagger.writers.html_markup import escaped
from tagger.writers.html_table import Column, sortable_table
from tagger.writers.segments import blocks_with_spans, cut_block
from tagger.writers.wording import quantity_value

HOSTILE = "<script>alert(1)</script> ]]> --> \"引号\" '单' & \u202e反向\u202c 🚀\0\x1b[31m\ud800"


def page(*documents: Document) -> str:
    stream = io.BytesIO()
    writer = HtmlWriter(stream)
    for document in documents:
        writer.write(document)
    writer.close()
    return stream.getvalue().decode("utf-8")


def article(document: Document) -> LexborHTMLParser:
    return LexborHTMLParser(article_html(document, document.records(), 0))


def first(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    node = tree.css_first(selector)
    assert node is not None, selector
    return node


def attribute(node: LexborNode, name: str) -> str:
    return node.attributes[name] or ""


def cells(tree: LexborHTMLParser, selector: str) -> list[list[str]]:
    """The words of every cell of the selected rows."""
    return [[" ".join(cell.text().split()) for cell in row.css("td")] for row in tree.css(selector)]


def tagged_article() -> Document:
    return next(FakeTagger().pipe([replace(ARTICLE)]))


def hostile_document() -> Document:
    end = len(HOSTILE)
    return Document(
        HOSTILE,
        id=HOSTILE,
        title=HOSTILE,
        source=HOSTILE,
        entities=[
            Entity(0, end, HOSTILE, HOSTILE, 0.5, HOSTILE, HOSTILE),
            Entity(0, end, HOSTILE, "COMPANY", 0.5, HOSTILE, HOSTILE),
        ],
        quantities=[Quantity(0, end, HOSTILE, HOSTILE, unit=HOSTILE, value=Decimal(1))],
        events=[
            Event(0, 8, HOSTILE[:8], HOSTILE, 0.5, HOSTILE, 0, [Argument(HOSTILE, 0, end, HOSTILE)])
        ],
    )


def told_twice() -> Document:
    """A sale that the headline and the text tell of, a denied layoff, an end in the past."""
    text = (
        "华东精工出售江南铸造股权\n"
        "3月5日，华东精工公告，拟以12.5亿元向青山资本转让江南铸造60%股权。"
        "公司否认将裁员。2023年9月，它已终止与北川港务的合作。"
    )

    def place(words: str) -> tuple[int, int, str]:
        start = text.rindex(words)
        return start, start + len(words), words

    day, month = datetime(2024, 3, 5), datetime(2023, 9, 1)
    return Document(
        text,
        id="sale",
        title="华东精工出售江南铸造股权",
        body_start=13,
        published=datetime(2024, 3, 5, 18),
        entities=[
            Entity(0, 4, "华东精工", "COMPANY", 0.9, "华东精工", "SSE:600999"),
            Entity(*place("华东精工"), "COMPANY", 0.9, "华东精工", "SSE:600999"),
            Entity(*place("青山资本"), "COMPANY", 0.9),
        ],
        quantities=[
            Quantity(
                *place("3月5日"), "DATE", start_time=day, end_time=day + timedelta(1), grain="day"
            ),
            Quantity(*place("12.5亿元"), "MONEY", Decimal(1250000000), "CNY", "元"),
            Quantity(
                *place("2023年9月"),
                "DATE",
                start_time=month,
                end_time=datetime(2023, 10, 1),
                grain="month",
            ),
        ],
        events=[
            Event(
                4,
                6,
                "出售",
                "divestment",
                0.7,
                "planned",
                0,
                [Argument("subject", 0, 4, "华东精工", 0.8, 0)],
            ),
            Event(
                *place("转让"),
                "divestment",
                0.95,
                "planned",
                0,
                [
                    Argument("subject", *place("华东精工"), 0.9, 1),
                    Argument("date", *place("3月5日"), 0.9, None, 0),
                    Argument("amount", *place("12.5亿元"), 0.9, None, 1),
                    Argument("destination", *place("青山资本"), 0.6, 2),
                ],
            ),
            Event(*place("裁员"), "layoff", 0.8, "negated", 1),
            Event(
                *place("终止"),
                "termination",
                0.9,
                "asserted",
                2,
                [Argument("date", *place("2023年9月"), 0.9, None, 2)],
            ),
        ],
    )


def test_hostile_text_stays_text() -> None:
    html = page(hostile_document(), tagged_article())
    tree = LexborHTMLParser(html)
    assert len(tree.css("script")) == 1
    harmless = LexborHTMLParser(page(told_twice(), tagged_article()))
    assert {each.tag for each in tree.css("*")} <= {each.tag for each in harmless.css("*")}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", html)
    handlers = [name for each in tree.css("*") for name in each.attributes if name.startswith("on")]
    assert handlers == []
    shown = HOSTILE.replace("\0", "\ufffd").replace("\x1b", "\ufffd").replace("\ud800", "?")
    places = (
        ".articles a",
        ".facet",
        ".chip",
        ".caption",
        "h2",
        ".text p",
        ".records",
        ".entities",
    )
    missing = [place for place in places if not any(shown in e.text() for e in tree.css(place))]
    assert missing == []


def test_the_policy_names_the_page_s_own_style_and_script_and_nothing_else() -> None:
    html = page(tagged_article(), told_twice())
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
    assert {attribute(link, "href")[0] for link in tree.css("[href]")} == {"#"}


def test_every_link_leads_to_a_place_on_the_page() -> None:
    tree = LexborHTMLParser(page(tagged_article(), told_twice(), hostile_document()))
    anchors = [attribute(each, "id") for each in tree.css("[id]")]
    assert len(anchors) == len(set(anchors))
    assert {attribute(link, "href")[1:] for link in tree.css("[href]")} <= set(anchors)
    targets = {
        f"{attribute(each, 'id')}p{target}"
        for each in tree.css("article")
        for span in each.css("[data-to]")
        for target in attribute(span, "data-to").split()
    }
    assert targets <= set(anchors)


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
    segments = [
        (each.text(), *(each.attributes.get(name) for name in ("id", "class", "data-v", "data-t")))
        for each in article(document).css("p .s")
    ]
    assert segments == [
        ("转让", "a0p0", "s t", "0\n1", "divestment\nequity_transfer"),
        ("5000万元", "a0p2", "s q q0", "1=客体", None),
        ("股权", None, "s", "1", None),
    ]


def test_a_span_tells_its_value_its_link_and_its_event() -> None:
    tree = article(told_twice())
    tips = [
        (each.text(), attribute(each, "title"), each.attributes.get("data-to"))
        for each in tree.css("p .s")
    ]
    sale = [
        "减持出售 divestment · 计划 · 95%",
        "主体 · 华东精工 (SSE:600999)",
        "去向 · 青山资本",
        "时间 · 3月5日 (2024-03-05)",
        "金额 · 12.5亿元 (1,250,000,000 CNY)",
    ]
    assert tips[:3] + tips[4:5] == [
        ("3月5日", "日期 DATE · 2024-03-05\n时间 · 转让（减持出售）的时间", "\n38"),
        (
            "华东精工",
            "公司 COMPANY · 华东精工 SSE:600999 · 90%\n主体 · 转让（减持出售）的主体",
            "\n38",
        ),
        ("12.5亿元", "金额 MONEY · 1,250,000,000 CNY\n金额 · 转让（减持出售）的金额", "\n38"),
        ("转让", "\n".join(sale), "\n18\n34\n13\n27"),
    ]


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


@given(documents())
def test_segments_tile_every_block_and_know_all_their_spans(document: Document) -> None:
    for start, end, spans in blocks_with_spans(document):
        position = start
        for segment in cut_block(start, end, spans):
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


@given(documents())
def test_the_page_holds_the_whole_text(document: Document) -> None:
    shown = [line.text() for line in article(document).css(".text > p:not(.nothing)")]
    assert shown == [line for line in document.text.split("\n") if line]


def test_a_very_long_line_is_shown_in_blocks_of_whole_sentences() -> None:
    line = "星河矿业出售了三座矿场。" * 300
    text = f"前文\n{line}\n后文"
    whole = Entity(3, 3 + len(line), line, "ORGANIZATION")
    blocks = article(Document(text, entities=[whole])).css(".text > p")
    assert [each.attributes.get("class") for each in blocks] == [None, None, *["on"] * 3, None]
    assert "".join(each.text() for each in blocks) == text.replace("\n", "")
    assert all(each.text().endswith("。") and len(each.text()) <= 1000 for each in blocks[1:-1])
    assert [len(each.css(".s")) for each in blocks] == [0, 1, 1, 1, 1, 0]


@given(st.text(st.characters()))
def test_escaped_text_is_safe_in_content_and_attributes(text: str) -> None:
    safe = escaped(text)
    assert not set(safe) & set("<>\"'")
    assert safe.encode("utf-8").decode("utf-8") == safe


def test_a_title_that_the_text_does_not_begin_with_stands_above_it() -> None:
    titles = [
        [each.text() for each in article(document).css("h2")]
        for document in (told_twice(), Document("正文。", title="标题"), Document("正文。"))
    ]
    assert titles == [["华东精工出售江南铸造股权"], ["标题"], []]


def test_traditional_print_says_so() -> None:
    language = 'class="text" lang="zh-Hant"'
    assert language in article_html(Document("遠山科技擬收購白鷺食品。"), [], 0)
    assert language not in article_html(Document("远山科技拟收购白鹭食品。"), [], 0)


def test_a_day_of_publication_is_shown_without_a_time() -> None:
    captions = [
        first(article(Document("正文。", published=moment)), ".caption").text()
        for moment in (datetime(2024, 3, 5), datetime(2024, 3, 5, 9, 30))
    ]
    assert captions == ["2024-03-05", "2024-03-05 09:30"]


def test_a_record_joins_the_mentions_of_one_happening() -> None:
    tree = article(told_twice())
    assert [each.text() for each in tree.css(".records th")] == [
        "事件", "主体", "时间", "数额", "地点", "状态", "提及", "分数"
    ]  # fmt: skip
    assert cells(tree, ".records tbody") == [
        [
            "转让减持出售",
            "华东精工 SSE:600999",
            "3月5日 2024-03-05",
            "12.5亿元 1,250,000,000 CNY",
            "→ 青山资本",
            "计划",
            "2",
            "95%",
            "3月5日，华东精工公告，拟以12.5亿元向青山资本转让江南铸造60%股权。",
        ],
        ["裁员裁员", "华东精工 SSE:600999", "", "", "", "否定", "1", "80%", "公司否认将裁员。"],
        [
            "终止终止",
            "华东精工 SSE:600999",
            "2023年9月 2023-09-01 – 2023-09-30",
            "",
            "",
            "已发生",
            "1",
            "90%",
            "2023年9月，它已终止与北川港务的合作。",
        ],
    ]
    rows = tree.css(".records tbody")
    assert [(each.attributes["data-t"], each.attributes["data-v"]) for each in rows] == [
        ("divestment", "0\n1"),
        ("layoff", "2"),
        ("termination", "3"),
    ]


def test_a_role_of_a_user_s_own_is_shown() -> None:
    document = Document("甲公司转让", events=[Event(3, 5, "转让", "转移", 0.9, "asserted", 0)])
    document.events[0].arguments = [Argument("卖方", 0, 3, "甲公司", 0.9)]
    tree = article(document)
    assert [each.text() for each in tree.css(".records th")] == ["事件", "其他", "状态", "分数"]
    assert cells(tree, ".records tbody") == [["转让转移", "甲公司", "已发生", "90%", "甲公司转让"]]


def test_a_sentence_is_shown_around_its_trigger() -> None:
    text = "长" * 500 + "出售" + "短" * 500
    sold = Document(text, events=[Event(500, 502, "出售", "divestment")])
    assert first(article(sold), ".below").text() == "…" + "长" * 60 + "出售" + "短" * 90 + "…"


def test_cells_carry_the_ranks_that_the_page_sorts_by() -> None:
    keys = [Decimal("2"), None, Decimal("10"), Decimal("-1"), Decimal("2.0")]
    columns = (
        Column("值", "number", ["2", "", "10", "-1", "2.0"], keys),
        Column("空", "nothing", [""] * 5, [1, 2, 3, 4, 5]),
    )
    tree = LexborHTMLParser(sortable_table(columns, [""] * 5))
    assert [each.text() for each in tree.css("th")] == ["值"]
    assert [each.attributes.get("data-rank") for each in tree.css("td")] == [
        "1", None, "2", "0", "1"
    ]  # fmt: skip


def test_the_tables_list_entities_once_and_quantities_with_their_values() -> None:
    tree = article(told_twice())
    assert cells(tree, ".entities tbody") == [
        ["华东精工", "公司 COMPANY", "SSE:600999", "2"],
        ["青山资本", "公司 COMPANY", "", "1"],
    ]
    # The link above the text counts mentions, as the filters do.
    assert first(tree, ".entities summary").text() == "实体 entities · 2 · 提及 3"
    assert [each.text() for each in tree.css(".parts a")] == ["记录 3", "实体 3", "数值 3"]
    assert cells(tree, ".quantities tbody") == [
        ["3月5日", "日期 DATE", "2024-03-05"],
        ["12.5亿元", "金额 MONEY", "1,250,000,000 CNY"],
        ["2023年9月", "日期 DATE", "2023-09-01 – 2023-09-30"],
    ]


def test_the_timeline_orders_what_is_dated_and_lists_the_rest_apart() -> None:
    tree = article(told_twice())
    shown = [
        (
            each.parent.tag if each.parent else None,
            " ".join(each.text().split()),
            attribute(first(each, "a"), "href"),
            [bar.attributes["class"] for bar in each.css("line")],
        )
        for each in tree.css(".timeline li")
    ]
    assert shown == [
        ("ol", "2023-09-01 – 2023-09-30 华东精工 终止 终止", "#a0p68", ["bar done"]),
        ("ol", "2024-03-05 华东精工 转让 12.5亿元 减持出售 · 计划", "#a0p38", ["bar open"]),
        ("ul", "华东精工 裁员 裁员 · 否定", "#a0p55", []),
    ]
    assert first(tree, ".timeline .key").text() == "发布于 2024-03-05"


def test_an_article_without_events_has_no_timeline_and_says_so() -> None:
    tree = article(Document("没有事件的短讯。"))
    assert (len(tree.css(".timeline")), len(tree.css(".records"))) == (0, 0)
    assert "没有找到事件" in first(tree, ".nothing").text()
    assert first(article(Document("")), ".text .nothing").text() == "（空）"


@pytest.mark.parametrize(
    ("spans", "cuts", "labels"),
    [
        ("2024-03-05/2024-03-05", 0, "2024-03-05"),
        ("2024-03-05T09:00/2024-03-05T21:00", 0, "03-05 09:00, 03-05 18:00"),
        ("2023-01-01/2023-02-01 2023-09-01/2023-10-01", 0, "2023-01, 2023-04, 2023-07, 2023-10"),
        ("2018-03-05/2018-03-06 2023-09-18/2024-02-01", 1, "2018-03, 2023-11, 2023-12, 2024-01"),
        ("2001-01-01/2002-01-01 2021-01-01/2030-01-01", 0, "2001, 2010, 2020, 2030"),
        ("0001-01-01/0001-02-01 9999-11-30/9999-12-31", 1, "0001-01, 9999-11"),
    ],
)
def test_the_axis_cuts_long_gaps_and_labels_what_is_left(
    spans: str, cuts: int, labels: str
) -> None:
    pairs = [each.split("/") for each in spans.split()]
    axis = TimeAxis(
        [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in pairs]
    )
    assert (len(axis.cuts), ", ".join(each.label for each in axis.ticks())) == (cuts, labels)


times = st.datetimes()


@given(st.lists(st.tuples(times, times).map(lambda pair: (min(pair), max(pair))), min_size=1))
def test_the_axis_keeps_the_order_of_time(spans: list[tuple[datetime, datetime]]) -> None:
    axis = TimeAxis(spans)
    moments = sorted(itertools.chain.from_iterable(spans))
    positions = [axis.position(each) for each in moments]
    assert positions == sorted(positions)
    assert all(0 <= each <= 100 for each in [*positions, *axis.cuts])
    ticks = axis.ticks()
    assert ticks == sorted(ticks, key=lambda each: each.position) != []
    assert all(one.stands_apart(other) for one, other in itertools.combinations(ticks, 2))


def test_one_article_has_no_index_and_several_have() -> None:
    assert 'class="index"' not in page(tagged_article())
    tree = LexborHTMLParser(page(tagged_article(), Document("简讯"), Document("")))
    assert [each.text() for each in tree.css(".articles a")] == [ARTICLE.title, "简讯", "（空）"]
    assert [each.attributes["id"] for each in tree.css("article")] == ["a0", "a1", "a2"]
    assert "没有文章" in first(LexborHTMLParser(page()), ".index").text()


def test_the_index_counts_articles_by_company_and_by_event_type() -> None:
    tree = LexborHTMLParser(page(told_twice(), tagged_article(), told_twice()))
    facets = [
        (
            attribute(part, "data-part"),
            [
                tuple(" ".join(each.text().split()) for each in row.css("button > *"))
                for row in part.css("li")
            ],
        )
        for part in tree.css(".facet")
    ]
    assert facets == [
        (
            "companies",
            [
                ("青山资本", "3", "3"),
                ("华东精工 SSE:600999", "2", "4"),
                ("星河矿业 NYSE:XHKY", "1", "2"),
            ],
        ),
        (
            "types",
            [
                ("减持出售 divestment", "3", "3"),
                ("裁员 layoff", "2", "2"),
                ("终止 termination", "2", "2"),
                ("股权转让 equity_transfer", "1", "1"),
            ],
        ),
    ]
    assert cells(tree, ".articles tbody")[0] == [
        "华东精工出售江南铸造股权华东精工、青山资本 · 减持出售 1、裁员 1、终止 1",
        "2024-03-05 18:00",
        "",
        "3",
        "3",
        "3",
    ]


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


def test_a_label_of_a_user_s_own_is_one_label_whatever_it_holds() -> None:
    label = 'a\n"b"\0'
    document = Document("甲公司转让", entities=[Entity(0, 3, "甲公司", label)])
    document.events = [Event(3, 5, "转让", label)]
    tree = LexborHTMLParser(page(document))
    known = 'a "b"\ufffd'
    assert [box.attributes["data-label"] for box in tree.css(".filters input")] == [known, known]
    assert {each.attributes["data-e"] for each in tree.css("article [data-e]")} == {known}
    assert {each.attributes["data-t"] for each in tree.css("article [data-t]")} == {known}
    assert json.loads(attribute(first(tree, "article"), "data-counts")) == {
        "e": {known: 1}, "q": {}, "t": {known: 1}
    }  # fmt: skip


def test_the_writer_keeps_no_article() -> None:
    writer = HtmlWriter(io.BytesIO())
    document = tagged_article()
    known = weakref.ref(document)
    writer.write(document)
    del document
    assert known() is None


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


# Colours: contrast as WCAG 2.2 defines it, colour blindness as simulated by Machado and others
# (2009) at full severity, differences in CIELAB.

Colour = tuple[float, ...]

VISION = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def palette(mode: str) -> dict[str, str]:
    """The custom properties of the page's style in the light or in the dark mode."""
    style = (files("tagger.writers") / "page.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    wanted = light if mode == "light" else light + dark
    return dict(re.findall(r"--(\w+): ([^;]+);", wanted))


def colour(written: str) -> Colour:
    return tuple(int(written[place : place + 2], 16) / 255 for place in (1, 3, 5))


def linear(channels: Colour) -> Colour:
    return tuple(x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in channels)


def contrast(one: Colour, other: Colour) -> float:
    lights = sorted(
        sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear(each), strict=True))
        for each in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def tinted(over: Colour, share: float, under: Colour) -> Colour:
    return tuple(share * x + (1 - share) * y for x, y in zip(over, under, strict=True))


def lab(channels: Colour, vision: str) -> Colour:
    """The colour in CIELAB (D65) as an eye of this kind sees it."""
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear(channels), strict=True))))
        for row in VISION[vision]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_on_coloured_spans_can_be_read(mode: str) -> None:
    properties = palette(mode)
    card, ink = colour(properties["card"]), colour(properties["ink"])
    share = float(properties["tint"].rstrip("%")) / 100
    spans = {name: colour(properties[name]) for name in properties if re.fullmatch(r"e\d", name)}
    assert len(spans) == 8
    # 4.5 for text and 3 for the bar below it are what level AA asks for.
    too_low = {
        name: (contrast(ink, tinted(each, share, card)), contrast(each, card))
        for name, each in (spans | {"event": colour(properties["event"])}).items()
        if contrast(ink, tinted(each, share, card)) < 4.5 or contrast(each, card) < 3
    }
    assert too_low == {}
    for name in ("number", "time", "soft", "accent", "ink"):
        for ground in ("card", "paper"):
            assert contrast(colour(properties[name]), colour(properties[ground])) >= 4.5, name


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_labels_are_told_apart_by_the_colour_blind(mode: str, vision: str) -> None:
    properties = palette(mode)
    labs = {name: lab(colour(properties[name]), vision) for name in map("e{}".format, range(6))}
    alike = {
        (one, other): math.dist(labs[one], labs[other])
        for one, other in itertools.combinations(labs, 2)
        if math.dist(labs[one], labs[other]) < 15
    }
    assert alike == {}
    number, time = (lab(colour(properties[name]), vision) for name in ("number", "time"))
    assert math.dist(number, time) >= 30


def test_what_no_mention_says_tells_in_its_tip_where_it_was_taken_from() -> None:
    text = "星河矿业收购极光矿场51%股权，其后持股比例提高至55%。3月2日，矿场停产。"
    document = Document(text, quantities=find_quantities(text, None))
    document.entities = [Entity(0, 4, "星河矿业", "COMPANY")]
    company = Argument("subject", 0, 4, "星河矿业", entity=0)
    stake = Argument("ratio", 10, 13, "51%", quantity=0)
    stop = text.index("停产")
    document.events = [
        Event(4, 6, "收购", "acquisition", arguments=[company, stake]),
        Event(stop, stop + 2, "停产", "termination", group=1),
    ]
    tips = [attribute(each, "title") for each in article(document).css(".records .filler a")]
    assert [tip.partition(" · 推断自")[2] for tip in tips] == ["", "", "后文", "标题", "本句"]
