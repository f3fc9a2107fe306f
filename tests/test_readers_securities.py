"""Securities named by markup, sources named by text, and publication times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.document import Mark
from tagger.published import read_published
from tagger.readers.credits import find_source
from tagger.readers.html import read_html
from tagger.readers.securities import (
    describe_securities,
    security_of_address,
    security_of_element,
    tagged_securities,
)

BEIJING = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("http://quote.eastmoney.com/sh600519.html", "SSE:600519"),
        ("https://quote.eastmoney.com/concept/sz300750.html?from=x", "SZSE:300750"),
        ("https://quote.eastmoney.com/unify/r/1.600519", "SSE:600519"),
        ("https://quote.eastmoney.com/unify/r/0.832000", "BSE:832000"),
        ("https://quote.eastmoney.com/unify/r/0.920002", "BSE:920002"),
        ("https://quote.eastmoney.com/bj/832000.html", "BSE:832000"),
        ("https://quote.eastmoney.com/hk/00700.html", "HKEX:00700"),
        ("http://pic.eastmoney.com/GetPic.aspx?nid=105.BIDU&imageType=k", "NASDAQ:BIDU"),
        ("http://pic.eastmoney.com/GetPic.aspx?token=1&nid=116.00700", "HKEX:00700"),
        ("https://finance.sina.com.cn/realstock/company/sz000001/nc.shtml", "SZSE:000001"),
        ("https://stock.finance.sina.com.cn/hkstock/quotes/00700.html", "HKEX:00700"),
        ("https://xueqiu.com/S/SH600519", "SSE:600519"),
        ("https://xueqiu.com/S/00700", "HKEX:00700"),
        ("http://stockpage.10jqka.com.cn/600519/", "SSE:600519"),
        ("http://stockpage.10jqka.com.cn/HK0700/", "HKEX:00700"),
        ("https://gu.qq.com/hk00700/gp", "HKEX:00700"),
        ("https://quote.eastmoney.com/us/BTCM.html", "BTCM"),
        ("https://xueqiu.com/S/BTCM", "BTCM"),
        ("https://quote.eastmoney.com/unify/r/90.BK0475", None),
        ("https://finance.eastmoney.com/a/202202182281676363.html", None),
        ("https://news.example.com/600519.html", None),
    ],
)
def test_stock_page_names_its_security(address: str, id: str | None) -> None:
    found = security_of_address(address)
    assert (found and (found.id or found.code)) == id


def test_chart_image_names_its_security() -> None:
    found = security_of_element({"data-code": "K BTCM|106|7", "src": "x.png"})
    assert found is not None
    assert (found.code, found.id, found.market) == ("BTCM", "NYSE:BTCM", "106")


def test_one_place_tells_the_exchange_that_another_leaves_open() -> None:
    found = [
        security_of_address("https://quote.eastmoney.com/us/BTCM.html"),
        security_of_element({"data-code": "K BTCM|106|7"}),
        security_of_address("https://xueqiu.com/S/XYZ"),
    ]
    assert describe_securities(each for each in found if each) == [
        {"code": "BTCM", "id": "NYSE:BTCM", "market": "106"},
        {"code": "XYZ"},
    ]


def test_tags_mark_the_name() -> None:
    text = "今日$远山酒业(SH600519)$大涨，$蓝湖(00700)$下跌，$100(1)$除外。"
    assert [(text[mark.start : mark.end], mark.value) for mark, _ in tagged_securities(text)] == [
        ("远山酒业", "SSE:600519"),
        ("蓝湖", "HKEX:00700"),
    ]


def test_link_to_a_stock_page_marks_the_linked_name() -> None:
    article = read_html(
        "<p>昨日 <a href='https://xueqiu.com/S/SZ000001'> 远山银行 </a>涨停，"
        "<a href='/other'>详情</a></p>"
    )
    assert (article.body, article.marks) == (
        "昨日 远山银行 涨停，详情",
        [Mark(3, 7, "security", "SZSE:000001")],
    )


@pytest.mark.parametrize(
    ("body", "source"),
    [
        ("正文。\n（文章来源：财联社）", "财联社"),
        ("来源：新华社  作者：张三\n正文。", "新华社"),
        ("正文。\n来源:证券时报", "证券时报"),
        ("正文。\n(稿件来源：蓝湖财经)\n责任编辑：李四", "蓝湖财经"),
        ("內文。\n（來源：經濟日報）", "經濟日報"),
        ("正文，公司的主要收入来源：矿池业务和托管。", None),
        ("正文。" + "\n中段" * 10 + "\n来源：甲乙丙" + "\n中段" * 10, None),
        ("", None),
    ],
)
def test_credit_gives_the_source(body: str, source: str | None) -> None:
    assert find_source(body) == source


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2022-02-18 18:38:33 +0800", datetime(2022, 2, 18, 18, 38, 33, tzinfo=BEIJING)),
        ("2022-02-18T18:38:33+08:00", datetime(2022, 2, 18, 18, 38, 33, tzinfo=BEIJING)),
        ("2022-02-18T10:38:33.250Z", datetime(2022, 2, 18, 10, 38, 33, 250000, tzinfo=UTC)),
        ("2022-02-18 18:38 UTC+8", datetime(2022, 2, 18, 18, 38, tzinfo=BEIJING)),
        ("2022年02月18日 18:38", datetime(2022, 2, 18, 18, 38)),
        ("2022年2月18日 星期五 下午6:38", datetime(2022, 2, 18, 18, 38)),
        ("2022年2月18日18时38分05秒", datetime(2022, 2, 18, 18, 38, 5)),
        ("北京时间2022-02-18 18:38", datetime(2022, 2, 18, 18, 38, tzinfo=BEIJING)),
        ("2022/2/18", datetime(2022, 2, 18)),
        ("20220218", datetime(2022, 2, 18)),
        (20220218, datetime(2022, 2, 18)),
        (20220218.0, datetime(2022, 2, 18)),
        ("20220218.0", datetime(2022, 2, 18)),
        (202202181838, datetime(2022, 2, 18, 18, 38)),
        ("20220218183833", datetime(2022, 2, 18, 18, 38, 33)),
        (20220218183833, datetime(2022, 2, 18, 18, 38, 33)),
        (20229999183833, None),
        (20220218.5, None),
        ("Fri, 18 Feb 2022 18:38:33 +0800", datetime(2022, 2, 18, 18, 38, 33, tzinfo=BEIJING)),
        (1645180713, datetime(2022, 2, 18, 10, 38, 33, tzinfo=UTC)),
        (1645180713000.0, datetime(2022, 2, 18, 10, 38, 33, tzinfo=UTC)),
        ("1645180713000", datetime(2022, 2, 18, 10, 38, 33, tzinfo=UTC)),
        (date(2022, 2, 18), datetime(2022, 2, 18)),
        ("昨天晚上", None),
        ("2022-13-45", None),
        (7, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_published_keeps_the_written_zone(written: Any, time: datetime | None) -> None:
    found = read_published(written)
    assert (found, found and found.tzinfo is None) == (time, time and time.tzinfo is None)


@pytest.mark.parametrize("value", [1645137000, "1645137000", "1645137000000", 1645137000.0])
def test_unix_time_is_told_in_the_zone_that_is_asked_for(value: object) -> None:
    assert read_published(value) == datetime(2022, 2, 17, 22, 30, tzinfo=UTC)
    found = read_published(value, "Asia/Shanghai")
    assert found is not None
    assert found.isoformat() == "2022-02-18T06:30:00+08:00"


def test_zone_is_assumed_only_when_asked_for() -> None:
    found = read_published("2022-02-18 18:38", "Asia/Shanghai")
    kept = read_published("2022-02-18 18:38 +0900", "Asia/Shanghai")
    assert [each and each.isoformat() for each in (found, kept)] == [
        "2022-02-18T18:38:00+08:00",
        "2022-02-18T18:38:00+09:00",
    ]


@given(st.datetimes(min_value=datetime(1000, 1, 1)))
def test_iso_times_read_back(time: datetime) -> None:
    assert read_published(time.isoformat()) == time


@given(st.text() | st.integers() | st.floats())
def test_no_published_value_raises(value: Any) -> None:
    found = read_published(value)
    assert found is None or isinstance(found, datetime)
