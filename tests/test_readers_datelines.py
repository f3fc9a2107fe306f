"""The publication time that stands above an article's text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tagger.document import Document
from tagger.readers import read
from tagger.readers.datelines import find_dateline
from tagger.readers.html import read_html


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2013-10-18 10:05 来源：时经网 作者：方圆", datetime(2013, 10, 18, 10, 5)),
        ("2014年07月30日08:05　来源：北岭网", datetime(2014, 7, 30, 8, 5)),
        ("作者：方圆 发布时间：2014年7月30日08:05 来源：北岭网", datetime(2014, 7, 30, 8, 5)),
        ("来源：时经网 2013-10-18 10:05", datetime(2013, 10, 18, 10, 5)),
        ("证券观察报 2014-03-05 08:17", datetime(2014, 3, 5, 8, 17)),
        ("2021/08/09 14:32 鉅石網記者林語彤", datetime(2021, 8, 9, 14, 32)),
        ("發佈時間：2018-10-12 10:00", datetime(2018, 10, 12, 10)),
        ("发布时间：2015-11-02", datetime(2015, 11, 2)),
        ("日期：2020-06-12 来源：", datetime(2020, 6, 12)),
        ("（2013-10-18）", datetime(2013, 10, 18)),
        ("2020年6月10日 星期三", datetime(2020, 6, 10)),
        ("2018年5月14日，河川重工公告停牌。", None),
        ("2012年7月17日 公司召开第五届董事会第八次会议", None),
        ("2022-02-18 18:38 星海矿业公告称，已减持。", None),
        ("时间：2024-05-20 14:00 地点：上海", None),
        ("会议时间：2024年5月20日 14:00", None),
        ("报告期：2022-01-01 至 2022-12-31", None),
        ("截至 2022年10月31日", None),
    ],
)
def test_dateline_is_told_from_other_dates(line: str, published: datetime | None) -> None:
    assert find_dateline([line]) == published


def test_dateline_of_a_text_is_its_time_and_stays_in_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = "国资委：央企利润增长\n2013-10-18 10:05 来源：时经网\n\n国资委18日公布。\n"
    path.write_text(text, encoding="utf-8")
    (document,) = read([path])
    assert isinstance(document, Document)
    assert (document.published, document.source, document.text) == (
        datetime(2013, 10, 18, 10, 5),
        "时经网",
        text,
    )


@pytest.mark.parametrize(
    "place",
    [
        "<div class=meta>2015-04-28 07:31:09　来源: 中证快讯</div>",
        "<font size=2>2015-04-28 07:31:09</font><br>",
        "<p class=date>发布时间：2015-04-28 07:31:09</p>",
        "<span itemprop=datePublished>2015-04-28 07:31:09</span>",
    ],
)
def test_page_without_marked_time_has_that_under_its_title(place: str) -> None:
    page = (
        "<html><head><title>东岭矿业亏损</title></head><body><h1>东岭矿业亏损</h1>"
        f"{place}<div><p>东岭矿业发布一季报，净利润为负，上年同期为正。</p></div></body></html>"
    )
    assert read_html(page).published == datetime(2015, 4, 28, 7, 31, 9)


@pytest.mark.parametrize(
    "piece", ["2", "年", "来源：", " ", "2013-10-18 ", "文", "（", "编辑：甲 "]
)
def test_long_lines_are_passed_over(piece: str) -> None:
    text = piece * (65536 // len(piece))
    assert find_dateline([text] * 4) is None
