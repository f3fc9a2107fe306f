"""HTML pages and fragments."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tagger.document import Document, Mark
from tagger.readers import ReadError, read
from tagger.readers.html import read_html

PAGE = """\
<!DOCTYPE html>
<html><head><meta charset="gb2312">
<title>蓝湖能源终止收购北岭锂业_蓝湖财经网</title>
<meta name="keywords" content="蓝湖能源,北岭锂业">
<meta property="og:url" content="https://finance.example.com/a/20230508123.html">
<style>p { color: red }</style><script>var title = "无关";</script>
</head><body>
<nav><a href="/">首页</a> <a href="/stock">股票</a></nav>
<div class="menu"><ul><li><a href="/1">要闻</a></li><li><a href="/2">公司</a></li></ul></div>
<div class="wrap"><div class="left">
<h1>蓝湖能源终止收购北岭锂业</h1>
<div class="infos"><span class="time">2023年05月08日 19:22</span> <span>来源：蓝湖财经</span></div>
<div id="body">
<p>　　5月8日晚，<a href="http://quote.eastmoney.com/sh600519.html">蓝湖能源</a>公告，终止收购北岭锂业51%的股权。</p>
<p><b>终止原因</b></p>
<p>公告称，双方未能就12.6亿元的交易价格<br/>达成一致。</p>
<table><tr><th>指标</th><th>金额</th></tr><tr><td><p>营收</p></td><td>3.2亿元</td></tr></table>
<form><input value="订阅"><button>订阅</button></form>
<p style="display: none">隐藏的文字。</p>
<p>公司表示，此事不会影响日常经营，后续将继续寻找优质的锂矿资产。</p>
</div>
<div class="related"><ul><li><a href="/x1">北岭锂业拟赴港上市</a></li>
<li><a href="/x2">锂价下跌</a></li></ul></div>
</div></div>
<footer>版权所有，未经许可，不得转载。</footer>
</body></html>
"""


def test_page_keeps_its_article_and_drops_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE.encode("gb18030"))
    (document,) = read([path])
    assert isinstance(document, Document)
    title = "蓝湖能源终止收购北岭锂业"
    subtitle, name = document.text.index("终止原因"), document.text.index("蓝湖能源公告")
    assert document == Document(
        id=str(path),
        title=title,
        body_start=len(title) + 1,
        text=(
            f"{title}\n"
            "5月8日晚，蓝湖能源公告，终止收购北岭锂业51%的股权。\n"
            "终止原因\n"
            "公告称，双方未能就12.6亿元的交易价格\n"
            "达成一致。\n"
            "指标\t金额\n"
            "营收\t3.2亿元\n"
            "公司表示，此事不会影响日常经营，后续将继续寻找优质的锂矿资产。"
        ),
        published=datetime(2023, 5, 8, 19, 22),
        source="蓝湖财经",
        metadata={
            "url": "https://finance.example.com/a/20230508123.html",
            "tags": ["蓝湖能源", "北岭锂业"],
            "securities": [{"code": "600519", "id": "SSE:600519"}],
        },
    )
    assert document.marks == [
        Mark(name, name + 4, "security", "SSE:600519"),
        Mark(subtitle, subtitle + 4, "heading"),
    ]


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("<p>净利润1.2亿元</p><p>同比增长</p>", "净利润1.2亿元\n同比增长"),
        ("<div><div>一</div>二<p>三</div>四", "一\n二\n三\n四"),
        ("<p>央行\n  宣布 Fed\n watch</p>", "央行宣布 Fed watch"),
        ("<p>　　缩进　</p><p>&nbsp;</p>\n<p>下一段</p>", "缩进\n下一段"),
        ("<pre>第一行\n第二行</pre>", "第一行\n第二行"),
        ("<p>A&amp;B &lt;重组&gt; &#20844;&#21496;</p>", "A&B <重组> 公司"),
        ("<p>比特\u200b币</p>", "比特币"),
        ("正文<!-- 注释 --><script>x</script><img src=a.png>继续", "正文继续"),
        ("<table><tr><td><p>一。</p><p>二。</p><p>" + "三" * 200 + "</p></td></tr></table>",
         "一。\n二。\n" + "三" * 200),
        ("<form action=x><p>整页都在表单里。</p></form>", "整页都在表单里。"),
        ("<p><a href='/1'>唯一的链接文字</a></p>", "唯一的链接文字"),
        ("<p>https://x.example/a</p><p>正文。</p>", "正文。"),
        ("<ul><li>甲</li><li>乙</li></ul>", "甲\n乙"),
        ("", ""),
    ],
)  # fmt: skip
def test_markup_becomes_lines(source: str, body: str) -> None:
    assert read_html(source).body == body


@pytest.mark.parametrize(
    ("source", "headings"),
    [
        ("<p><strong>业绩下滑</strong></p><p>正文<b>粗体</b>。</p>", ["业绩下滑"]),
        ("<h2>一、概况</h2><p>正文</p>", ["一、概况"]),
        ("<p><b>要点</b>：</p>", ["要点："]),
        ('<p><span style="font-weight: bold;">小标题</span></p>', ["小标题"]),
        ("<p>……</p>", []),
    ],
)
def test_bold_paragraphs_and_heads_are_marked(source: str, headings: list[str]) -> None:
    article = read_html(source)
    marked = [article.body[mark.start : mark.end] for mark in article.marks]
    assert (marked, {mark.kind for mark in article.marks}) == (
        headings,
        {"heading"} if headings else set(),
    )


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>远山科技中标 - 某某财经</title>", "远山科技中标"),
        ("<title>远山科技中标_要闻_某某网</title>", "远山科技中标"),
        ('<title>x</title><meta property="og:title" content="远山科技中标">', "远山科技中标"),
    ],
)
def test_title_is_cut_from_the_site_name(head: str, title: str) -> None:
    assert read_html(f"<html><head>{head}</head><body><p>正文。</p></body></html>").title == title


def test_linked_data_gives_time_and_author() -> None:
    article = read_html(
        '<html><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "甲",'
        ' "datePublished": "2024-01-02T03:04:05+08:00", "author": [{"name": "李四"}]}</script>'
        "</head><body><p>正文。</p></body></html>"
    )
    assert (article.title, article.published, article.metadata) == (
        "甲",
        "2024-01-02T03:04:05+08:00",
        {"author": "李四"},
    )


def test_linked_data_is_read_in_a_graph() -> None:
    article = read_html(
        '<html><head><script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name":'
        ' "某网", "datePublished": "2010-01-01"}, 1, {"@type": "NewsArticle", "headline": "甲",'
        ' "datePublished": "2024-01-02T03:04:05+08:00"}]}</script></head><body><p>正文。</p></body>'
        "</html>"
    )
    assert (article.title, article.published) == ("甲", "2024-01-02T03:04:05+08:00")


def test_article_that_waits_for_a_script_to_be_visible_is_read() -> None:
    article = read_html(
        "<html><head><title>甲</title></head><body><h1>甲</h1><em>公众号</em>"
        '<div style="visibility: hidden; opacity: 0;"><p>公司说，已经停产。</p></div></body></html>'
    )
    assert article.body == "公司说，已经停产。"


@pytest.mark.parametrize(
    ("markup", "source"),
    [
        ('<meta name="ContentSource" content="北河局">', "北河局"),
        ('<span id="art_source"><a href="/x">证券观察报</a></span>', "证券观察报"),
        ('<span class="source"> 中证快讯 </span>', "中证快讯"),
        ('<span class="source"><a href="/x">查看原文</a></span>', None),
        ('<div class="opensource">甲乙丙</div>', None),
        ('<div class="source">转自 2 家报纸</div>', None),
    ],
)
def test_source_is_read_where_the_markup_names_it(markup: str, source: str | None) -> None:
    page = f"<html><head></head><body>{markup}<p>公司说，已经停产。</p></body></html>"
    assert read_html(page).source == source


@pytest.mark.parametrize("author", ["[" * 600 + "]" * 600, '{"name": {"name": "李四"}}'])
def test_linked_author_in_an_unknown_shape_is_left_out(author: str) -> None:
    article = read_html(
        f'<html><head><script type="application/ld+json">{{"headline": "甲", "author": {author}}}'
        "</script></head><body><p>正文。</p></body></html>"
    )
    assert (article.title, article.body, article.metadata) == ("甲", "正文。", {})


def test_page_without_prose_keeps_its_body() -> None:
    assert read_html("<html><body><div>无标点</div></body></html>").body == "无标点"


def test_tags_nested_too_deep_are_refused_before_parsing(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<div>" * 6000 + "公司")
    (found,) = read([path])
    assert isinstance(found, ReadError)
    assert found.reason == "its HTML tags are nested 6,000 deep, more than 5,000"


def test_the_facts_of_a_wechat_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        '<html><head><title>甲厂停产</title><script>var ct = "1678886400";</script></head>'
        '<body><h1>甲厂停产</h1><a id="js_name"> 乙财经 </a><em id="publish_time"></em>'
        '<div id="js_content" style="visibility: hidden"><p>公司说，已经停产。</p></div>'
        "</body></html>",
        encoding="utf-8",
    )
    (document,) = read([path])
    assert isinstance(document, Document)
    assert document.published == datetime.fromisoformat("2023-03-15T13:20:00+00:00")
    assert document.source == "乙财经"


def test_the_time_is_read_under_a_title_outside_the_article() -> None:
    head = (
        "<!DOCTYPE html><html><body><p>2023-05-09 08:00 要闻</p>{}<p>2023-05-08 19:22 蓝湖财经</p>"
    )
    article = (
        "<article><p>蓝湖能源公告，终止收购北岭锂业，双方未能达成一致。</p></article></body></html>"
    )
    found = read_html(head.format("<h1>蓝湖能源终止收购</h1>") + article)
    assert (found.title, found.published) == ("蓝湖能源终止收购", datetime(2023, 5, 8, 19, 22))
    assert "2023" not in found.body
    assert read_html(head.format("") + article).published is None


def test_a_long_paragraph_does_not_hide_the_short_ones_beside_it() -> None:
    long = "蓝湖能源公告，终止收购北岭锂业，双方未能就交易价格达成一致，公司将另寻锂矿。" * 3
    page = (
        "<!DOCTYPE html><html><body><div>首页</div><div><p>停牌。</p><p>{}</p></div></body></html>"
    )
    assert read_html(page.format(long)).body == f"停牌。\n{long}"


def test_the_publisher_of_linked_data_is_the_source() -> None:
    page = (
        '<html><head><script type="application/ld+json">{"headline": "甲厂停产", '
        '"publisher": {"@type": "Organization", "name": "乙报"}}</script></head>'
        "<body><p>公司说，已经停产。</p></body></html>"
    )
    assert read_html(page).source == "乙报"
