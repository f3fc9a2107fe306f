"""The terminal view: layers of style, and lines broken as Chinese is."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from fake_tagger import ARTICLE, FakeTagger
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tagger.document import Document, Entity, Event, Quantity
from tagger.terminal import ArticleView, legend, printable, styled_text


def shown(document: Document, width: int) -> list[str]:
    console = Console(file=StringIO(), width=width)
    with console.capture() as capture:
        console.print(ArticleView(document))
    return [line.rstrip() for line in capture.get().splitlines()]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("星河矿业减持比特币", 10, ["星河矿业减", "持比特币"]),
        ("星河矿业减持，共三百个", 12, ["星河矿业减", "持，共三百个"]),
        ("约为4.958亿美元", 8, ["约为", "4.958亿", "美元"]),
        ("与BIT Mining签约", 10, ["与BIT", "Mining签约"]),
        ("第一段\n\n第二段", 12, ["第一段", "", "第二段"]),
    ],
)
def test_lines_break_between_characters_but_not_inside_numbers_or_before_a_comma(
    text: str, width: int, lines: list[str]
) -> None:
    assert shown(Document(text), width)[2:-1] == lines


@given(st.text(st.sampled_from("星，。4.m 🚀\n"), max_size=60), st.integers(4, 30))
def test_no_line_is_too_wide_and_no_character_is_lost(text: str, width: int) -> None:
    lines = shown(Document(text), width)
    assert max(map(cell_len, lines)) <= width
    assert "".join("".join(lines[1:]).split()) == "".join(text.split())


def test_layers_that_overlap_add_their_styles() -> None:
    document = Document(
        "转让5000万元",
        quantities=[Quantity(2, 8, "5000万元", "MONEY")],
        events=[Event(0, 4, "转让50", "equity_transfer")],
    )
    assert [(span.start, span.end, span.style) for span in styled_text(document).spans] == [
        (2, 8, "underline"),
        (0, 4, "bold reverse"),
    ]


def test_the_tables_follow_the_text() -> None:
    document = next(FakeTagger().pipe([replace(ARTICLE)]))
    lines = [" ".join(line.split()) for line in shown(document, 80)]
    assert lines[0].startswith("flash-1 · 2022-01-18 20:30 · 城市财经 ──")
    assert lines[lines.index("事件 events") :] == [
        "事件 events",
        "类型 触发词 状态 论元",
        "减持出售 减持 已发生 主体 星河矿业 (NYSE:XHKY)",
        "divestment 数量 300个比特币 (300 BTC)",
        "股权转让 转让 已发生 主体 星河矿业 (NYSE:XHKY)",
        "equity_transfer",
        "数值 quantities",
        "原文 类型 值",
        "300个比特币 金额 300 BTC",
        "1月18日 日期 2022-01-18",
        "约4.958亿美元 金额 ≈ 495,800,000 USD",
        "星河矿业 NYSE:XHKY",
    ]


def test_no_label_and_no_code_is_parted_from_its_name_at_the_end_of_a_line() -> None:
    document = Document("星河矿业华东精工星河矿业")
    document.entities = [
        Entity(0, 4, "星河矿业", "COMPANY", id="SSE:600000"),
        Entity(4, 8, "华东精工", "COMPANY", id="SSE:600001"),
        Entity(8, 12, "星河矿业", "COMPANY", id="SSE:600000"),
    ]
    assert shown(document, 30)[-2:] == ["星河矿业 SSE:600000", "华东精工 SSE:600001"]
    assert shown(document, 50)[-1] == "星河矿业 SSE:600000 · 华东精工 SSE:600001"
    assert legend(60).plain.splitlines() == [
        "公司 COMPANY  证券代码 TICKER  监管与政府机构 REGULATOR",
        "地点 LOCATION  人物 PERSON  其他组织 ORGANIZATION",
        "数值 quantity  事件 event",
    ]
    styles = {legend(60).plain[each.start : each.end]: each.style for each in legend(60).spans}
    assert (styles["公司 COMPANY"], styles["证券代码 TICKER"]) == ("bold blue", "bold cyan")


@given(st.text(st.characters()))
def test_printable_text_keeps_its_length_and_has_no_control_characters(text: str) -> None:
    safe = printable(text)
    assert len(safe) == len(text)
    assert not any((ord(each) < 32 and each != "\n") or 0x7F <= ord(each) < 0xA0 for each in safe)
