"""Durations, clock times and repeated times in sentences of financial news."""

from __future__ import annotations

from datetime import datetime

import pytest
from time_expressions import times


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("为期三个月", ["DATE 三个月 P3M"]),
        ("贷款一年半", ["DATE 一年半 P1Y6M"]),
        ("服务期7年6个月", ["DATE 7年6个月 P7Y6M"]),
        ("半年内完成", ["DATE 半年 P6M"]),
        ("10年期国债", ["DATE 10年期 P10Y"]),
        ("5年期以上LPR", ["DATE 5年期以上 P5Y"]),
        ("持续24小时", ["TIME 24小时 PT24H"]),
        ("历时3小时20分钟", ["TIME 3小时20分钟 PT3H20M"]),
        ("用时两个半小时", ["TIME 两个半小时 PT2H30M"]),
        ("约30分钟", ["TIME 约30分钟 PT30M ~"]),
        ("连续3日净买入", ["DATE 3日 P3D"]),
        ("30日内缴纳", ["DATE 30日 P30D"]),
        ("检疫期从7日缩短至5日", ["DATE 7日 P7D", "DATE 5日 P5D"]),
        ("给予30日的宽展期", ["DATE 30日 P30D"]),
        ("申报期延长至5日", ["DATE 5日 [2022-02-05, 2022-02-06) day"]),
        ("期限2+1年，另一只为3+2年期", ["DATE 2+1年", "DATE 3+2年期"]),
        ("美股休市一日", ["DATE 一日 P1D"]),
        ("五日、十日均线", ["DATE 五日 P5D", "DATE 十日 P10D"]),
        ("股价三日大涨两成", ["DATE 三日 P3D"]),
        ("跌破20日均线", ["DATE 20日 P20D"]),
        ("新增7日均值", ["DATE 7日 P7D"]),
        ("低于30日平均水平", ["DATE 30日 P30D"]),
        ("截至5日均未回应", ["DATE 5日 [2022-02-05, 2022-02-06) day"]),
        ("两到三年内完成", ["DATE 两到三年 2..3 年"]),
        ("为期3-5天", ["DATE 3-5天 3..5 天"]),
        ("4~6个月的周期", ["DATE 4~6个月 4..6 个月"]),
        ("工期720日历天", ["DATE 720日历天 P720D"]),
        ("十余年", ["DATE 十余年 ~"]),
        ("几个月内", ["DATE 几个月 ~"]),
        ("三四年", ["DATE 三四年 ~"]),
        ("半个月后", ["DATE 半个月后 [2022-03-05, 2022-03-20) month P0.5M"]),
        ("已有21年历史", ["DATE 21年 P21Y"]),
        ("长达98年", ["DATE 98年 P98Y"]),
    ],
)
def test_durations_are_iso_8601_and_ranges_carry_both_ends(
    sentence: str, expected: list[str]
) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("近五年增长", ["DATE 近五年 [2017-02-19, 2022-02-19) year P5Y"]),
        ("过去一年", ["DATE 过去一年 [2021-02-19, 2022-02-19) year P1Y"]),
        ("最近三天", ["DATE 最近三天 [2022-02-15, 2022-02-19) day P3D"]),
        ("近24小时", ["TIME 近24小时 hour PT24H"]),
        ("未来三年", ["DATE 未来三年 [2022-02-18, 2025-02-18) year P3Y"]),
        ("未来6个月内减持", ["DATE 未来6个月 [2022-02-18, 2022-08-18) month P6M"]),
        ("今后两周", ["DATE 今后两周 [2022-02-18, 2022-03-05) week P2W"]),
        ("前三天", ["DATE 前三天 [2022-02-15, 2022-02-19) day P3D"]),
        ("前两个月出口", ["DATE 前两个月 [2021-12-01, 2022-02-01) month P2M"]),
        ("十年来首次", ["DATE 十年来 [2012-01-01, 2022-02-19) year P10Y"]),
        ("近10年来新高", ["DATE 近10年来 [2012-02-19, 2022-02-19) year P10Y"]),
        ("三天前公告", ["DATE 三天前 [2022-02-15, 2022-02-16) day P3D"]),
        ("两周后生效", ["DATE 两周后 [2022-02-28, 2022-03-07) week P2W"]),
        ("一年后到期", ["DATE 一年后 [2023-01-01, 2024-01-01) year P1Y"]),
        ("三个月前", ["DATE 三个月前 [2021-10-01, 2021-12-01) month P3M"]),
        ("两小时前", ["TIME 两小时前 hour PT2H"]),
        ("半小时后", ["TIME 半小时后 hour PT30M"]),
        ("三个月以后", ["DATE 三个月以后 [2022-05-01, ) month P3M"]),
        ("近五个交易日", ["DATE 近五个交易日 [2022-02-14, 2022-02-19) day P5D"]),
        ("15个交易日后", ["DATE 15个交易日后 [2022-03-11, 2022-03-12) day P15D"]),
        ("未来十个交易日", ["DATE 未来十个交易日 [2022-02-18, 2022-03-05) day P10D"]),
    ],
)
def test_durations_that_reach_from_the_reference(sentence: str, expected: list[str]) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("过去24小时", "TIME 过去24小时 [2022-02-17T09:30:15, 2022-02-18T09:30:16) hour PT24H"),
        ("两小时前", "TIME 两小时前 [2022-02-18T06:30:00, 2022-02-18T07:30:16) hour PT2H"),
        ("10分钟后", "TIME 10分钟后 [2022-02-18T09:40:15, 2022-02-18T09:41:15) minute PT10M"),
        ("近三天", "DATE 近三天 [2022-02-15T09:30:15, 2022-02-18T09:30:16) day P3D"),
        ("近五年", "DATE 近五年 [2017-02-19, 2022-02-18T09:30:16) year P5Y"),
        ("未来一年", "DATE 未来一年 [2022-02-18T09:30:15, 2023-02-18) year P1Y"),
        ("今年以来", "DATE 今年以来 [2022-01-01, 2022-02-18T09:30:16) year"),
        ("三天前", "DATE 三天前 [2022-02-15, 2022-02-16) day P3D"),
    ],
)
def test_a_moment_as_reference_ends_what_lasts_until_now(sentence: str, expected: str) -> None:
    assert times(sentence, datetime(2022, 2, 18, 9, 30, 15)) == [expected]


def test_a_week_or_days_that_end_with_a_date_are_the_days_before_it() -> None:
    assert times("截至2021年12月24日的一周，截至2021年12月28日的七天", None) == [
        "DATE 2021年12月24日 [2021-12-24, 2021-12-25) day",
        "DATE 一周 [2021-12-18, 2021-12-25) P1W",
        "DATE 2021年12月28日 [2021-12-28, 2021-12-29) day",
        "DATE 七天 [2021-12-22, 2021-12-29) P7D",
    ]
    # How long trading days last is not said.
    assert times("截至2021年12月24日的五个交易日", None)[1] == "DATE 五个交易日 P5D"
    assert times("春节假期前三天")[1] == "DATE 前三天 [2022-02-01, 2022-02-04) day P3D"
    assert times("春节前三天")[1] == "DATE 前三天 [2022-01-29, 2022-02-01) day P3D"
    assert times("今年的前两周")[1] == "DATE 前两周 [2022-01-01, 2022-01-15) week P2W"


def test_the_week_compared_with_lies_before_the_week_told_of() -> None:
    assert times("截至2021年12月24日的一周到货3万吨，较前一周减少", None)[-1] == (
        "DATE 前一周 [2021-12-11, 2021-12-18) week P1W"
    )
    assert times("2020年售出60万套，比前一年增长")[-1] == (
        "DATE 前一年 [2019-01-01, 2020-01-01) year P1Y"
    )
    assert times("确诊病例较前一周减少") == ["DATE 前一周 week P1W"]


def test_three_months_end_with_the_date_before_them() -> None:
    assert times("截至2021年12月31日的三个月中", None) == [
        "DATE 2021年12月31日 [2021-12-31, 2022-01-01) day",
        "DATE 三个月 [2021-10-01, 2022-01-01) P3M",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "自公告之日起15个交易日后的6个月内减持",
            [
                "DATE 15个交易日后 [2022-03-11, 2022-03-12) day P15D",
                "DATE 6个月 [2022-03-11, 2022-09-11) P6M",
            ],
        ),
        (
            "三个交易日之后六个月内",
            [
                "DATE 三个交易日之后 [2022-02-23, 2022-02-24) day P3D",
                "DATE 六个月 [2022-02-23, 2022-08-23) P6M",
            ],
        ),
        (
            "2021年12月31日前的三个月",
            [
                "DATE 2021年12月31日前 [, 2022-01-01) day",
                "DATE 三个月 [2021-10-01, 2022-01-01) P3M",
            ],
        ),
        (
            "2019年以来的10年期国债",
            [
                "DATE 2019年以来 [2019-01-01, 2022-02-19) year",
                "DATE 10年期 P10Y",
            ],
        ),
        (
            "2020年的前三个月",
            [
                "DATE 2020年 [2020-01-01, 2021-01-01) year",
                "DATE 前三个月 [2020-01-01, 2020-04-01) month P3M",
            ],
        ),
        (
            "元旦前三天",
            [
                "DATE 元旦 [2022-01-01, 2022-01-02) day",
                "DATE 前三天 [2021-12-29, 2022-01-01) day P3D",
            ],
        ),
        (
            "元旦前后三天",
            ["DATE 元旦前后 [2022-01-01, 2022-01-02) day ~", "DATE 三天 P3D"],
        ),
        (
            "2020年的前两个交易日",
            [
                "DATE 2020年 [2020-01-01, 2021-01-01) year",
                "DATE 前两个交易日 day P2D",
            ],
        ),
    ],
)
def test_a_period_counts_from_the_date_that_it_is_tied_to(
    sentence: str, expected: list[str]
) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("一年多来首次", ["DATE 一年多来 year P1Y ~"]),
        ("近三年多以来新高", ["DATE 近三年多以来 year P3Y ~"]),
        ("用了两年多的时间", ["DATE 两年多 P2Y ~"]),
        ("将近三年后", ["DATE 将近三年后 [2025-01-01, 2026-01-01) year P3Y ~"]),
        ("停工将近两周", ["DATE 将近两周 P2W ~"]),
        ("停工三个多月", ["DATE 三个多月 P3M ~"]),
        ("三个多月前", ["DATE 三个多月前 [2021-10-01, 2021-12-01) month P3M ~"]),
        ("抢修六个多小时", ["TIME 六个多小时 PT6H ~"]),
        ("连续三年多次获奖", ["DATE 三年 P3Y"]),
    ],
)
def test_a_duration_that_is_more_or_nearly_is_approximate(
    sentence: str, expected: list[str]
) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("20:30开盘", ["TIME 20:30 [2022-02-18T20:30:00, 2022-02-18T20:31:00) minute"]),
        ("上午9点半开市", ["TIME 上午9点半 [2022-02-18T09:30:00, 2022-02-18T09:31:00) minute"]),
        ("下午3点收盘", ["TIME 下午3点 [2022-02-18T15:00:00, 2022-02-18T16:00:00) hour"]),
        ("13时4分，", ["TIME 13时4分 [2022-02-18T13:04:00, 2022-02-18T13:05:00) minute"]),
        ("10:16左右开始", ["TIME 10:16左右 [2022-02-18T10:16:00, 2022-02-18T10:17:00) minute ~"]),
        ("晚间公告", ["TIME 晚间 [2022-02-18T18:00:00, 2022-02-19) daypart"]),
        ("早间公告", ["TIME 早间 [2022-02-18T06:00:00, 2022-02-18T10:00:00) daypart"]),
        ("上午半天成交", ["TIME 上午半天 [2022-02-18T07:00:00, 2022-02-18T12:00:00) daypart"]),
        ("9:30至11:30交易", ["TIME 9:30至11:30 [2022-02-18T09:30:00, 2022-02-18T11:30:00) minute"]),
        ("下午2点至4点召开", ["TIME 下午2点至4点 [2022-02-18T14:00:00, 2022-02-18T16:00:00) hour"]),
        ("晚8点到10点直播", ["TIME 晚8点到10点 [2022-02-18T20:00:00, 2022-02-18T22:00:00) hour"]),
        (
            "晚上10点到凌晨2点",
            [
                "TIME 晚上10点到凌晨2点 [2022-02-18T22:00:00, 2022-02-19T02:00:00) hour",
            ],
        ),
        ("上午9点到11点", ["TIME 上午9点到11点 [2022-02-18T09:00:00, 2022-02-18T11:00:00) hour"]),
        ("8点到10点开放", ["TIME 8点到10点 [2022-02-18T08:00:00, 2022-02-18T10:00:00) hour"]),
        ("1月12日0-24时", ["DATE 1月12日0-24时 [2022-01-12, 2022-01-13) daypart"]),
        ("2月17日晚间，公司公布", ["DATE 2月17日晚间 [2022-02-17T18:00:00, 2022-02-18) daypart"]),
        (
            "2月17日晚上8点45分30秒",
            [
                "DATE 2月17日晚上8点45分30秒 [2022-02-17T20:45:30, 2022-02-17T20:45:31) second",
            ],
        ),
        ("10月1日零时起", ["DATE 10月1日零时 [2021-10-01, 2021-10-01T01:00:00) hour"]),
        (
            "北京时间2月18日21:30公布",
            [
                "DATE 2月18日21:30 [2022-02-18T21:30:00+08:00, 2022-02-18T21:31:00+08:00) minute",
            ],
        ),
        (
            "美东时间16:00收盘",
            [
                "TIME 16:00 [2022-02-18T16:00:00-05:00, 2022-02-18T16:01:00-05:00) minute",
            ],
        ),
        (
            "3日美东时间9时",
            [
                "DATE 3日美东时间9时 [2022-02-03T09:00:00-05:00, 2022-02-03T10:00:00-05:00) hour",
            ],
        ),
        ("中午12点", ["TIME 中午12点 [2022-02-18T12:00:00, 2022-02-18T13:00:00) hour"]),
        ("半夜11点", ["TIME 半夜11点 [2022-02-18T23:00:00, 2022-02-19) hour"]),
        ("深夜1点", ["TIME 深夜1点 [2022-02-19T01:00:00, 2022-02-19T02:00:00) hour"]),
        (
            "2月3日当晚8点",
            ["DATE 2月3日当晚8点 [2022-02-03T20:00:00, 2022-02-03T21:00:00) hour"],
        ),
    ],
)
def test_clock_times_and_parts_of_the_day(sentence: str, expected: list[str]) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("每年3月召开", ["DATE 每年3月 month R/P1Y"]),
        ("每周五公布", ["DATE 每周五 day R/P1W"]),
        ("每周一至周五开放", ["DATE 每周一至周五 day R/P1W"]),
        ("每季度末考核", ["DATE 每季度末 quarter R/P3M"]),
        ("付息频率：每年。", ["DATE 每年 year R/P1Y"]),
        ("公司每年发布报告", []),
        ("每月10日发放", ["DATE 每月10日 day R/P1M"]),
        ("每天上午9点开市", ["TIME 每天上午9点 hour R/P1D"]),
        ("每日23时至次日7时宵禁", ["TIME 每日23时至次日7时 hour R/P1D"]),
        ("每两年换届", ["DATE 每两年 R/P2Y"]),
        ("每隔三天检测", ["DATE 每隔三天 R/P3D"]),
        ("每个工作日", ["DATE 每个工作日 day R/P1D"]),
        ("付息日为每年的3月12日", ["DATE 每年的3月12日 day R/P1Y"]),
    ],
)
def test_repeated_times_say_their_period(sentence: str, expected: list[str]) -> None:
    assert times(sentence) == expected
