"""Dates and times in sentences of financial news: spans, intervals, grains, durations."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tagger.document import Quantity
from tagger.numerals import find_quantities

REFERENCE = date(2022, 2, 18)


def said(quantity: Quantity) -> str:
    """A time expression in one line: label, text, interval, grain, duration, repeat."""
    parts = [quantity.label, quantity.text]
    if quantity.start_time or quantity.end_time:
        parts.append(f"[{_plain(quantity.start_time)}, {_plain(quantity.end_time)})")
    parts += [part for part in (quantity.grain, quantity.duration, quantity.repeat) if part]
    return " ".join(parts) + (" ~" if quantity.approximate else "")


def _plain(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat().removesuffix("T00:00:00")


def times(text: str, reference: date | datetime | None = REFERENCE) -> list[str]:
    found = find_quantities(text, reference)
    return [said(each) for each in found if each.label in ("DATE", "TIME")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("截至2021年12月31日，", "DATE 2021年12月31日 [2021-12-31, 2022-01-01) day"),
        ("于2021年9月与", "DATE 2021年9月 [2021-09-01, 2021-10-01) month"),
        ("2021年第四季度营收", "DATE 2021年第四季度 [2021-10-01, 2022-01-01) quarter"),
        ("预计在2022年上半年完成", "DATE 2022年上半年 [2022-01-01, 2022-07-01) half"),
        ("二〇二一年业绩", "DATE 二〇二一年 [2021-01-01, 2022-01-01) year"),
        ("2021-09-24发布", "DATE 2021-09-24 [2021-09-24, 2021-09-25) day"),
        (
            "更新于2021-09-24 18:38",
            "DATE 2021-09-24 18:38 [2021-09-24T18:38:00, 2021-09-24T18:39:00) minute",
        ),
        ("2021-2023年规划", "DATE 2021-2023年 [2021-01-01, 2024-01-01) year"),
        ("2021年10-12月销量", "DATE 2021年10-12月 [2021-10-01, 2022-01-01) month"),
        ("2020年3月底止", "DATE 2020年3月底 [2020-03-25, 2020-04-01) day"),
        ("成立于2017年底", "DATE 2017年底 [2017-12-01, 2018-01-01) month"),
        ("21年一季度", "DATE 21年一季度 [2021-01-01, 2021-04-01) quarter"),
        ("2021Q3交付", "DATE 2021Q3 [2021-07-01, 2021-10-01) quarter"),
        ("上世纪90年代", "DATE 上世纪90年代 [1990-01-01, 2000-01-01) decade"),
        ("“十四五”期间", "DATE “十四五” [2021-01-01, 2026-01-01) year"),
        ("2022年春节", "DATE 2022年春节 [2022-02-01, 2022-02-02) day"),
        ("2022年清明", "DATE 2022年清明 [2022-04-05, 2022-04-06) day"),
        ("2021年1月3日至5日", "DATE 2021年1月3日至5日 [2021-01-03, 2021-01-06) day"),
        ("2月30日开会的2021年2月30日", "DATE 2月30日 day"),
    ],
)
def test_full_dates_need_no_reference(sentence: str, expected: str) -> None:
    assert times(sentence, None)[0] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "2月17日晚间，公司公布",
            "DATE 2月17日晚间 [2022-02-17T18:00:00, 2022-02-18) daypart",
        ),
        ("不久后的10月14日，", "DATE 10月14日 [2021-10-14, 2021-10-15) day"),
        ("12月销量", "DATE 12月 [2021-12-01, 2022-01-01) month"),
        ("16日公告", "DATE 16日 [2022-02-16, 2022-02-17) day"),
        ("昨日(17日)收盘", "DATE 昨日(17日) [2022-02-17, 2022-02-18) day"),
        ("周四(11月21日)发布", "DATE 周四(11月21日) [2021-11-21, 2021-11-22) day"),
        ("本周三表示", "DATE 本周三 [2022-02-16, 2022-02-17) day"),
        ("上周成交", "DATE 上周 [2022-02-07, 2022-02-14) week"),
        ("上月末余额", "DATE 上月末 [2022-01-25, 2022-02-01) day"),
        ("上个月17日公布", "DATE 上个月17日 [2022-01-17, 2022-01-18) day"),
        ("今年10月份表示", "DATE 今年10月份 [2022-10-01, 2022-11-01) month"),
        ("今年前9个月销售", "DATE 今年前9个月 [2022-01-01, 2022-10-01) month"),
        ("前三季度业绩", "DATE 前三季度 [2021-01-01, 2021-10-01) quarter"),
        ("去年全年", "DATE 去年全年 [2021-01-01, 2022-01-01) year"),
        ("今年以来上涨", "DATE 今年以来 [2022-01-01, 2022-02-19) year"),
        ("年初至今", "DATE 年初至今 [2022-01-01, 2022-02-19) month"),
        ("1月14日-1月20日", "DATE 1月14日-1月20日 [2022-01-14, 2022-01-21) day"),
        (
            "14日下午至15日凌晨",
            "DATE 14日下午至15日凌晨 [2022-02-14T13:00:00, 2022-02-15T06:00:00) daypart",
        ),
        ("1月12日0-24时", "DATE 1月12日0-24时 [2022-01-12, 2022-01-13) daypart"),
        ("近五年增长", "DATE 近五年 [2017-02-18, 2022-02-18) year P5Y"),
        ("未来6个月内减持", "DATE 未来6个月 [2022-02-18, 2022-08-18) month P6M"),
        ("腊月初十", "DATE 腊月初十 [2022-01-12, 2022-01-13) day"),
        ("近日公告", "DATE 近日 day"),
    ],
)
def test_relative_dates_are_seen_from_the_reference(sentence: str, expected: str) -> None:
    assert times(sentence) == [expected]


@pytest.mark.parametrize("sentence", ["昨日", "本周三", "12月", "17日晚间", "近五年", "去年四季度"])
def test_relative_dates_stay_open_without_a_reference(sentence: str) -> None:
    (found,) = find_quantities(sentence)
    assert (found.text, found.start_time, found.end_time) == (sentence, None, None)


def test_december_in_january_is_last_december() -> None:
    assert times("12月31日", date(2022, 1, 5)) == ["DATE 12月31日 [2021-12-31, 2022-01-01) day"]


def test_january_in_december_is_next_january() -> None:
    assert times("1月1日起施行", date(2021, 12, 20)) == ["DATE 1月1日 [2022-01-01, 2022-01-02) day"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("为期三个月", ["DATE 三个月 P3M"]),
        ("贷款一年半", ["DATE 一年半 P1Y6M"]),
        ("用时1年6个月", ["DATE 1年6个月 P1Y6M"]),
        ("半年内完成", ["DATE 半年 P6M"]),
        ("10年期国债", ["DATE 10年期 P10Y"]),
        ("持续24小时", ["TIME 24小时 PT24H"]),
        ("历时3小时20分钟", ["TIME 3小时20分钟 PT3H20M"]),
        ("两个半小时", ["TIME 两个半小时 PT2H30M"]),
        ("约30分钟", ["TIME 约30分钟 PT30M ~"]),
        ("连续3日净买入", ["DATE 3日 P3D"]),
        ("30日内缴纳", ["DATE 30日 P30D"]),
    ],
)
def test_durations_are_iso_8601(sentence: str, expected: list[str]) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("20:30开盘", "TIME 20:30 [2022-02-18T20:30:00, 2022-02-18T20:31:00) minute"),
        ("上午9点半开市", "TIME 上午9点半 [2022-02-18T09:30:00, 2022-02-18T09:31:00) minute"),
        ("下午3点", "TIME 下午3点 [2022-02-18T15:00:00, 2022-02-18T16:00:00) hour"),
        ("13时4分，", "TIME 13时4分 [2022-02-18T13:04:00, 2022-02-18T13:05:00) minute"),
        ("晚间公告", "TIME 晚间 [2022-02-18T18:00:00, 2022-02-19) daypart"),
        ("9:30至11:30交易", "TIME 9:30至11:30 [2022-02-18T09:30:00, 2022-02-18T11:30:00) minute"),
    ],
)
def test_clock_times_and_parts_of_the_day(sentence: str, expected: str) -> None:
    assert times(sentence) == [expected]


def test_three_months_end_with_the_date_before_them() -> None:
    assert times("截至2021年12月31日的三个月中", None) == [
        "DATE 2021年12月31日 [2021-12-31, 2022-01-01) day",
        "DATE 三个月 [2021-10-01, 2022-01-01) P3M",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("每年3月召开", "DATE 每年3月 month R/P1Y"),
        ("每周五公布", "DATE 每周五 day R/P1W"),
        ("每季度末考核", "DATE 每季度末 quarter R/P3M"),
    ],
)
def test_repeated_times_say_their_period(sentence: str, expected: str) -> None:
    assert times(sentence) == [expected]


def test_intervals_carry_the_zone_of_the_reference() -> None:
    shanghai = timezone(timedelta(hours=8))
    (found,) = find_quantities("昨日", datetime(2022, 2, 18, 18, 38, tzinfo=shanghai))
    assert (found.start_time, found.end_time) == (
        datetime(2022, 2, 17, tzinfo=shanghai),
        datetime(2022, 2, 18, tzinfo=shanghai),
    )


def test_a_named_zone_overrules_the_reference() -> None:
    (found,) = find_quantities("美东时间2月3日9:30开盘", REFERENCE)
    assert (found.text, found.start_time) == (
        "2月3日9:30",
        datetime(2022, 2, 3, 9, 30, tzinfo=ZoneInfo("America/New_York")),
    )


@pytest.mark.parametrize(
    "sentence", ["目前，此前，现在，公告日", "今日头条与每日经济新闻", "5号楼"]
)
def test_words_that_only_look_like_dates(sentence: str) -> None:
    assert times(sentence) == []
