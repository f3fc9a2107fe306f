"""Markdown and Jekyll posts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tagger.document import Document, Mark
from tagger.readers import ReadError, ReadOptions, read

POST = """\
---
layout: post
title: "解读远山矿业三季报：出售300枚比特币 暂停冰岛机房扩建"
date: 2023-11-16 21:05:09 +0800
categories: kuaixun
tags: 链上新闻
channel: "000001"
---
<!-- Chart_Start --><p><img src="https://pic.example.com/k.png" alt="K图 YSKY_0" data-code="K \
YSKY|106|7" data-code2="K YSKY|106|3|" width="578" /></p><!-- Chart_End -->\
<p> 11月15日晚间，远山矿业(Far Hill Mining)公布了三季报，收入约为2.1亿美元。</p>
 <p><strong>出售300枚比特币</strong></p>
 <p>　　财报显示，公司于9月出售了300枚<a href="https://baike.example.com/btc">比特币</a>，
 回款约810万美元 &amp; 全部用于偿债。</p>
 <p>此外，<strong>董事会</strong>决定暂停冰岛机房的扩建。</p>
 <p class="em_media">（文章来源：远山财讯）</p>

<http://news.example.com/html/share.html?infoCode=NW202311162233445566>

[返回快讯](//news.example.com/category/kuaixun.html)｜[返回首页](//news.example.com/)
"""


def one(path: Path, options: ReadOptions | None = None) -> Document:
    """The single document of a file, which must read without an error."""
    (found,) = read([path], options)
    assert isinstance(found, Document), found
    return found


def test_jekyll_post_with_html_body_reads_whole(tmp_path: Path) -> None:
    path = tmp_path / "2023-11-16-post.md"
    path.write_text(POST, encoding="utf-8")
    document = one(path)
    title = "解读远山矿业三季报：出售300枚比特币 暂停冰岛机房扩建"
    subtitle = document.text.index("\n出售300枚比特币\n") + 1
    expected = Document(
        id=str(path),
        title=title,
        body_start=len(title) + 1,
        text=(
            f"{title}\n"
            "11月15日晚间，远山矿业(Far Hill Mining)公布了三季报，收入约为2.1亿美元。\n"
            "出售300枚比特币\n"
            "财报显示，公司于9月出售了300枚比特币，回款约810万美元 & 全部用于偿债。\n"
            "此外，董事会决定暂停冰岛机房的扩建。\n"
            "（文章来源：远山财讯）"
        ),
        published=datetime.fromisoformat("2023-11-16T21:05:09+08:00"),
        source="远山财讯",
        metadata={
            "channel": "000001",
            "url": "http://news.example.com/html/share.html?infoCode=NW202311162233445566",
            "categories": ["kuaixun"],
            "tags": ["链上新闻"],
            "securities": [{"code": "YSKY", "market": "106", "id": "NYSE:YSKY"}],
        },
    )
    assert (document, document.marks) == (
        expected,
        [Mark(subtitle, subtitle + len("出售300枚比特币"), "heading")],
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# 央行降准\n\n央行宣布**下调**准备金率。", "央行降准\n央行宣布下调准备金率。"),
        ("公司收购[蓝湖能源](http://x.example/a)。", "公司收购蓝湖能源。"),
        ("*ST远山和*ST蓝湖双双跌停。", "*ST远山和*ST蓝湖双双跌停。"),
        ("![图](a.png)净利下降。\n第二行。", "净利下降。\n第二行。"),
        ("    缩进的段落。\n\n　　全角缩进。", "缩进的段落。\n全角缩进。"),
        ("1. 营收增长\n2. 毛利下滑\n\n- 关闭门店", "1. 营收增长\n2. 毛利下滑\n关闭门店"),
        ("|公司|金额|\n|-|-|\n|远山|3亿元|", "公司\t金额\n远山\t3亿元"),
        ("正文在此。\n\n[返回首页](//x.example/) | [上一篇](/a)", "正文在此。"),
        ("---\n没有键的横线之后。", "没有键的横线之后。"),
        ("---\n---\n空的头部。", "空的头部。"),
        ("&lt;重组&gt;预案 \\*", "<重组>预案 *"),
    ],
)
def test_markdown_becomes_text(tmp_path: Path, source: str, text: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(source, encoding="utf-8")
    assert one(path).text == text


def test_first_markdown_heading_is_the_title_and_others_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.markdown"
    path.write_text("# 蓝湖能源公告\n\n## 业绩预告\n\n预计亏损2亿元。", encoding="utf-8")
    document = one(path)
    assert (document.title, document.text[document.body_start :], document.marks) == (
        "蓝湖能源公告",
        "业绩预告\n预计亏损2亿元。",
        [Mark(7, 11, "heading")],
    )


@pytest.mark.parametrize(
    ("front_matter", "reason"),
    [
        ("title: 远山: 公告", "malformed front matter in line 2"),
        ("title: 好\nauthor: [张", "malformed front matter in line 4"),
        ("- 一\n- 二", "holds no 'key: value' lines"),
        ("a: &x [*x]", "malformed front matter"),
    ],
)
def test_malformed_front_matter_names_its_line(
    tmp_path: Path, front_matter: str, reason: str
) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\n{front_matter}\n---\n正文。", encoding="utf-8")
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert reason in found.reason


def test_front_matter_that_is_never_closed_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: 远山公告\n\n正文。", encoding="utf-8")
    (found,) = read([path])
    assert found == ReadError(
        path=str(path),
        record=None,
        id=str(path),
        reason="the front matter that line 1 opens is never closed",
        remedy="close it with a line of ---",
    )


def test_yaml_tags_construct_no_objects(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: !!python/object/apply:os.getcwd []\nauthor: 张三\n---\n正文。",
        encoding="utf-8",
    )
    document = one(path)
    assert (document.title, document.metadata) == (None, {"author": "张三"})


def test_empty_and_nested_values_of_front_matter_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        '---\ntags: [锂矿, ~, "", [甲], {乙: 丙}, 并购]\nauthor: null\nlinks: {丁: 戊}\n---\n。',
        encoding="utf-8",
    )
    assert one(path).metadata == {"tags": ["锂矿", "并购"]}
