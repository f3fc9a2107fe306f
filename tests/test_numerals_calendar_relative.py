"""What is seen from somewhere: the article, the date named last before, a zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from time_expressions import REFERENCE, times

from tagger.numerals import find_quantities


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("昨日公告", ["DATE 昨日 [2022-02-17, 2022-02-18) day"]),
        ("昨晚公告", ["DATE 昨晚 [2022-02-17T18:00:00, 2022-02-18) daypart"]),
        ("今早8点", ["DATE 今早8点 [2022-02-18T08:00:00, 2022-02-18T09:00:00) hour"]),
        ("今日早盘", ["DATE 今日 [2022-02-18, 2022-02-19) day"]),
        ("明日起停牌", ["DATE 明日 [2022-02-19, 2022-02-20) day"]),
        ("前天下午", ["DATE 前天下午 [2022-02-16T13:00:00, 2022-02-16T18:00:00) daypart"]),
        ("本周三公布", ["DATE 本周三 [2022-02-16, 2022-02-17) day"]),
        ("上周五（2月11日）收盘", ["DATE 上周五（2月11日） [2022-02-11, 2022-02-12) day"]),
        ("下周一召开", ["DATE 下周一 [2022-02-21, 2022-02-22) day"]),
        ("周四表示", ["DATE 周四 [2022-02-17, 2022-02-18) day"]),
        ("周日宣布", ["DATE 周日 [2022-02-20, 2022-02-21) day"]),
        ("上周末", ["DATE 上周末 [2022-02-12, 2022-02-14) day"]),
        ("上周（2月7日至11日）成交", ["DATE 上周（2月7日至11日） [2022-02-07, 2022-02-12) day"]),
        ("本月15日", ["DATE 本月15日 [2022-02-15, 2022-02-16) day"]),
        ("上月末余额", ["DATE 上月末 [2022-01-25, 2022-02-01) day"]),
        ("上个月17日公布", ["DATE 上个月17日 [2022-01-17, 2022-01-18) day"]),
        ("下月初发布", ["DATE 下月初 [2022-03-01, 2022-03-06) day"]),
        ("本季度营收", ["DATE 本季度 [2022-01-01, 2022-04-01) quarter"]),
        ("上季度末", ["DATE 上季度末 [2021-12-01, 2022-01-01) month"]),
        ("今年10月份表示", ["DATE 今年10月份 [2022-10-01, 2022-11-01) month"]),
        ("今年前两个月", ["DATE 今年前两个月 [2022-01-01, 2022-03-01) month"]),
        ("今年头两个月", ["DATE 今年头两个月 [2022-01-01, 2022-03-01) month"]),
        ("前2月社融", ["DATE 前2月 [2022-01-01, 2022-03-01) month"]),
        ("今（18）日公告", ["DATE 今（18）日 [2022-02-18, 2022-02-19) day"]),
        ("昨(17)日", ["DATE 昨(17)日 [2022-02-17, 2022-02-18) day"]),
        ("昨（17）晚", ["DATE 昨（17）晚 [2022-02-17T18:00:00, 2022-02-18) daypart"]),
        ("今（2022）年1月25日", ["DATE 今（2022）年1月25日 [2022-01-25, 2022-01-26) day"]),
        (
            "上周（1月31日至2月4日）成交",
            ["DATE 上周（1月31日至2月4日） [2022-01-31, 2022-02-05) day"],
        ),
        ("今年前9个月销售", ["DATE 今年前9个月 [2022-01-01, 2022-10-01) month"]),
        ("今年以来上涨", ["DATE 今年以来 [2022-01-01, 2022-02-19) year"]),
        ("今年年内", ["DATE 今年年内 [2022-01-01, 2023-01-01) year"]),
        ("去年同期为亏损", ["DATE 去年同期 year"]),
        ("去年四季度", ["DATE 去年四季度 [2021-10-01, 2022-01-01) quarter"]),
        (
            "4Q营收，Q4净利润",
            [
                "DATE 4Q [2021-10-01, 2022-01-01) quarter",
                "DATE Q4 [2021-10-01, 2022-01-01) quarter",
            ],
        ),
        ("去年8月20日来首次", ["DATE 去年8月20日来 [2021-08-20, 2022-02-19) day"]),
        ("去年底建成", ["DATE 去年底 [2021-11-01, 2022-01-01) month"]),
        ("明年一季度量产", ["DATE 明年一季度 [2023-01-01, 2023-04-01) quarter"]),
        ("年初至今", ["DATE 年初至今 [2022-01-01, 2022-02-19) month"]),
        ("月初以来", ["DATE 月初以来 [2022-02-01, 2022-02-19) day"]),
        ("2021年以来下跌", ["DATE 2021年以来 [2021-01-01, 2022-02-19) year"]),
        ("自2021年以来下跌", ["DATE 2021年 [2021-01-01, 2022-01-01) year"]),
        ("12月销量", ["DATE 12月 [2021-12-01, 2022-01-01) month"]),
        ("10月14日签约", ["DATE 10月14日 [2021-10-14, 2021-10-15) day"]),
        ("1月14日-1月20日", ["DATE 1月14日-1月20日 [2022-01-14, 2022-01-21) day"]),
        (
            "14日下午至15日凌晨",
            [
                "DATE 14日下午至15日凌晨 [2022-02-14T13:00:00, 2022-02-15T05:00:00) daypart",
            ],
        ),
        ("12月20日至1月5日休市", ["DATE 12月20日至1月5日 [2021-12-20, 2022-01-06) day"]),
        ("8月中旬至9月上旬", ["DATE 8月中旬至9月上旬 [2022-08-11, 2022-09-11) tenday"]),
        ("周三至周五", ["DATE 周三至周五 [2022-02-16, 2022-02-19) day"]),
        ("去年3月至今年2月", ["DATE 去年3月至今年2月 [2021-03-01, 2022-03-01) month"]),
        ("近日公告", ["DATE 近日 day"]),
        ("日前签署", ["DATE 日前 day"]),
        ("结算日前预留资金", []),
        ("好于往年", ["DATE 往年 day"]),
        ("于昨晚(17日)公告", ["DATE 昨晚(17日) [2022-02-17T18:00:00, 2022-02-18) daypart"]),
        ("最近的数据显示，最近一期净资产", ["DATE 最近 day"]),
        ("2022年开年以来发行", ["DATE 2022年开年以来 [2022-01-01, 2022-02-19) month"]),
        ("近期表现", ["DATE 近期 day"]),
        ("本期净利润", ["DATE 本期 day"]),
        ("连日来", ["DATE 连日来 day"]),
        ("岁末年初", ["DATE 岁末年初 day"]),
        ("2015年至现在", ["DATE 2015年至现在 [2015-01-01, 2022-02-19) year"]),
        ("10月底前完成", ["DATE 10月底前 [2022-02-18, 2022-11-01) day"]),
        ("4月30日前披露", ["DATE 4月30日前 [2022-02-18, 2022-05-01) day"]),
        ("2020年以前", ["DATE 2020年以前 [, 2021-01-01) year"]),
        ("2021年3月以后", ["DATE 2021年3月以后 [2021-03-01, 2022-02-19) month"]),
        ("9月之前", ["DATE 9月之前 [2022-02-18, 2022-10-01) month"]),
        ("创9月以来新低", ["DATE 9月以来 [2021-09-01, 2022-02-19) month"]),
        ("自8月12日以来", ["DATE 8月12日 [2021-08-12, 2021-08-13) day"]),
        ("中秋以来", ["DATE 中秋以来 [2021-09-21, 2022-02-19) day"]),
        ("下半年以来", ["DATE 下半年以来 [2021-07-01, 2022-02-19) half"]),
        ("1月8日以来", ["DATE 1月8日以来 [2022-01-08, 2022-02-19) day"]),
        ("2022年1月11日或前后", ["DATE 2022年1月11日 [2022-01-11, 2022-01-12) day"]),
        ("上半月", ["DATE 上半月 [2022-02-01, 2022-02-16) day"]),
        ("干散货指数周三下跌", ["DATE 周三 [2022-02-16, 2022-02-17) day"]),
        ("提前三年完成", ["DATE 三年 P3Y"]),
        ("02/10年期美债利差", ["DATE 10年期 P10Y"]),
        ("本周7000亿元逆回购到期", ["DATE 本周 [2022-02-14, 2022-02-21) week"]),
        ("锡价上周一度创新高", ["DATE 上周 [2022-02-07, 2022-02-14) week"]),
        ("本周日均新增", ["DATE 本周 [2022-02-14, 2022-02-21) week"]),
    ],
)
def test_relative_dates_are_seen_from_the_reference(sentence: str, expected: list[str]) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "2月10日复牌，次日涨停",
            [
                "DATE 2月10日 [2022-02-10, 2022-02-11) day",
                "DATE 次日 [2022-02-11, 2022-02-12) day",
            ],
        ),
        (
            "1月25日晚间公告，当日收盘报9元",
            [
                "DATE 1月25日晚间 [2022-01-25T18:00:00, 2022-01-26) daypart",
                "DATE 当日 [2022-01-25, 2022-01-26) day",
            ],
        ),
        (
            "2月10日开会，当晚公告结果",
            [
                "DATE 2月10日 [2022-02-10, 2022-02-11) day",
                "TIME 当晚 [2022-02-10T18:00:00, 2022-02-11) daypart",
            ],
        ),
        (
            "2021年签约，次年投产",
            [
                "DATE 2021年 [2021-01-01, 2022-01-01) year",
                "DATE 次年 [2022-01-01, 2023-01-01) year",
            ],
        ),
        (
            "2020年12月31日登记，次年1月5日除权",
            [
                "DATE 2020年12月31日 [2020-12-31, 2021-01-01) day",
                "DATE 次年1月5日 [2021-01-05, 2021-01-06) day",
            ],
        ),
        (
            "2021年第三季度扭亏，该季度净利润",
            [
                "DATE 2021年第三季度 [2021-07-01, 2021-10-01) quarter",
                "DATE 该季度 [2021-07-01, 2021-10-01) quarter",
            ],
        ),
        (
            "2021年11月销量，当月产量",
            [
                "DATE 2021年11月 [2021-11-01, 2021-12-01) month",
                "DATE 当月 [2021-11-01, 2021-12-01) month",
            ],
        ),
        (
            "2019年上市，同年收购",
            [
                "DATE 2019年 [2019-01-01, 2020-01-01) year",
                "DATE 同年 [2019-01-01, 2020-01-01) year",
            ],
        ),
        (
            "2月10日22时至次日6时停运",
            [
                "DATE 2月10日22时至次日6时 [2022-02-10T22:00:00, 2022-02-11T06:00:00) hour",
            ],
        ),
        (
            "今日涨停，次日开板",
            [
                "DATE 今日 [2022-02-18, 2022-02-19) day",
                "DATE 次日 [2022-02-19, 2022-02-20) day",
            ],
        ),
    ],
)
def test_words_that_count_from_the_date_named_last_before(
    sentence: str, expected: list[str]
) -> None:
    assert times(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "3月18日9:15-9:25，9:30-11:30投票",
            "TIME 9:30-11:30 [2022-03-18T09:30:00, 2022-03-18T11:30:00) minute",
        ),
        (
            "申购时间为3月18日（T日）9:15-11:30",
            "TIME 9:15-11:30 [2022-03-18T09:15:00, 2022-03-18T11:30:00) minute",
        ),
        (
            "2月17日隔夜盘，截至0:15",
            "TIME 0:15 [2022-02-18T00:15:00, 2022-02-18T00:16:00) minute",
        ),
        ("登记时间为3月18日至19日，9:00-11:30", "TIME 9:00-11:30 minute"),
        (
            "自1月4日以来上涨，截至10:30",
            "TIME 10:30 [2022-02-18T10:30:00, 2022-02-18T10:31:00) minute",
        ),
        (
            "1月4日公告。10:30复牌",
            "TIME 10:30 [2022-02-18T10:30:00, 2022-02-18T10:31:00) minute",
        ),
    ],
)
def test_a_clock_time_lies_on_the_day_that_its_sentence_named(sentence: str, expected: str) -> None:
    assert times(sentence)[-1] == expected


def test_the_quarter_before_is_seen_from_the_one_told_of() -> None:
    found = times("2021年底仓位五成，较前一季度末略增")
    assert found[1] == "DATE 前一季度末 [2021-09-01, 2021-10-01) month"
    assert times("此前一季度亏损") == ["DATE 一季度 [2022-01-01, 2022-04-01) quarter"]


def test_what_is_compared_with_is_not_counted_from() -> None:
    found = times("1月2日新增100例，较前一日增加5例；死亡10例，较前一日增加1例")
    assert found[1:] == ["DATE 前一日 [2022-01-01, 2022-01-02) day"] * 2


@pytest.mark.parametrize("gap", [" ", "\t", " | "])
def test_quarters_that_head_columns_lie_in_one_year(gap: str) -> None:
    heads = ("第一季度", "第二季度（4-6月份）", "第三季度", "第四季度")
    years = [date(2022, 1, 1), date(2022, 4, 1), date(2022, 7, 1), date(2022, 10, 1)]
    for title, reference in (("2022年年度报告\n", date(2024, 3, 5)), ("", date(2023, 3, 5))):
        found = find_quantities(title + gap.join(heads), reference)[-4:]
        assert [each.text for each in found] == list(heads)
        assert [each.start_time and each.start_time.date() for each in found] == years


def test_two_quarters_side_by_side_may_be_of_two_years() -> None:
    assert times("四季度 一季度") == [
        "DATE 四季度 [2021-10-01, 2022-01-01) quarter",
        "DATE 一季度 [2022-01-01, 2022-04-01) quarter",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2021年，公司全年盈利", "DATE 全年 [2021-01-01, 2022-01-01) year"),
        ("2020年上半年增长，下半年下降", "DATE 下半年 [2020-07-01, 2021-01-01) half"),
        ("2020年三季度扭亏，下半年以来", "DATE 下半年以来 [2020-07-01, 2022-02-19) half"),
        ("12月交付200辆，全年交付900辆", "DATE 全年 [2021-01-01, 2022-01-01) year"),
        ("一季度量产，全年交付900辆", "DATE 全年 [2022-01-01, 2023-01-01) year"),
        ("2021年亏损。公司预计全年盈利", "DATE 全年 [2021-01-01, 2022-01-01) year"),
        ("截至2021年末余额1亿元，较年初增长", "DATE 年初 [2021-01-01, 2021-03-01) month"),
        (
            "2018年下半年立项，于2020年量产，全年产量5万件",
            "DATE 全年 [2020-01-01, 2021-01-01) year",
        ),
        ("对于2023年的目标，是全年增长", "DATE 全年 [2023-01-01, 2024-01-01) year"),
        ("2020年，央行分别于7月与12月降准", "DATE 12月 [2020-12-01, 2021-01-01) month"),
        ("2020年，央行先后在7月15日降准", "DATE 7月15日 [2020-07-15, 2020-07-16) day"),
        ("截至2020年9月30日，余额较年初增长", "DATE 年初 [2020-01-01, 2020-03-01) month"),
        ("2020年盈利，年末现金1亿元", "DATE 年末 [2020-11-01, 2021-01-01) month"),
        # The year of what is compared with, of a day, of the headline and, but for 全年, of the
        # sentence before is another one, and a deadline is still to come.
        ("高于2020年，全年增长", "DATE 全年 [2022-01-01, 2023-01-01) year"),
        ("行情不像2020年那样，全年增长", "DATE 全年 [2022-01-01, 2023-01-01) year"),
        ("去年同期亏损，全年盈利", "DATE 全年 [2022-01-01, 2023-01-01) year"),
        ("2020年5月8日上市，全年盈利", "DATE 全年 [2022-01-01, 2023-01-01) year"),
        ("时隔28年后新高，全年盈利", "DATE 全年 [2022-01-01, 2023-01-01) year"),
        ("【2021年亏损】预计全年盈利", "DATE 全年 [2022-01-01, 2023-01-01) year"),
        ("2021年亏损。下半年盈利", "DATE 下半年 [2022-07-01, 2023-01-01) half"),
        ("进度远超2021年，年初发力", "DATE 年初 [2022-01-01, 2022-03-01) month"),
        ("2021年开工，年底前建成", "DATE 年底前 [2022-02-18, 2023-01-01) month"),
    ],
)
def test_a_part_of_the_year_lies_in_the_year_that_was_told_of(sentence: str, expected: str) -> None:
    assert times(sentence)[-1] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("一季度净利润32亿元，去年同期1.74亿元", "DATE 去年同期 [2021-01-01, 2021-04-01) quarter"),
        ("1-3月销售32亿元，上年同期31亿元", "DATE 上年同期 [2021-01-01, 2021-04-01) month"),
        ("上半年盈利，2019年同期亏损", "DATE 2019年同期 [2019-01-01, 2019-07-01) half"),
        ("2月1-10日出口增长，去年同期下降", "DATE 去年同期 [2021-02-01, 2021-02-11) day"),
        ("今年以来较去年同期增长", "DATE 去年同期 [2021-01-01, 2021-02-19) year"),
        # What is compared lies before what the text tells of.
        ("12月销量高于去年同期", "DATE 去年同期 [2020-12-01, 2021-01-01) month"),
        ("2021年盈利，上年同期亏损", "DATE 上年同期 [2020-01-01, 2021-01-01) year"),
        ("2019年一季度亏损，上年同期盈利", "DATE 上年同期 [2018-01-01, 2018-04-01) quarter"),
        ("2019年一季度盈利，去年同期亏损", "DATE 去年同期 [2021-01-01, 2021-04-01) quarter"),
        ("去年四季度高于去年同期", "DATE 去年同期 [2020-10-01, 2021-01-01) quarter"),
        # Of two the second does not count from the first, nor from what is compared.
        ("一季度好于去年同期，成本高于去年同期", "DATE 去年同期 [2021-01-01, 2021-04-01) quarter"),
        ("12月增长，较上月增长，较去年同期增长", "DATE 去年同期 [2020-12-01, 2021-01-01) month"),
        ("1月库存比年初增加，比去年同期增加", "DATE 去年同期 [2021-01-01, 2021-02-01) month"),
        (
            "截至2021年9月30日止6个月亏损，2020年同期盈利",
            "DATE 2020年同期 [2020-04-01, 2020-10-01) month",
        ),
        (
            "上年同期（2020年1-6月）盈利",
            "DATE 上年同期（2020年1-6月） [2020-01-01, 2020-07-01) month",
        ),
        ("今年1月10家，去年1月5家，去年同期", "DATE 去年同期 [2021-01-01, 2021-02-01) month"),
        ("春节假期（1月31日至2月6日）高于去年同期", "DATE 去年同期 year"),
        ("去年四季度高于上年同期，当季", "DATE 当季 [2021-10-01, 2022-01-01) quarter"),
        ("2021年客流高于2019年同期", "DATE 2019年同期 [2019-01-01, 2020-01-01) year"),
        ("2010年公司成立，2019年同期", "DATE 2019年同期 year"),
        ("2022年预计盈利，去年同期亏损", "DATE 去年同期 year"),
        ("2月10日公告，去年同期亏损", "DATE 去年同期 year"),
        ("4月30日前披露，去年同期亏损", "DATE 去年同期 year"),
    ],
)
def test_the_same_period_is_the_one_named_last_in_another_year(
    sentence: str, expected: str
) -> None:
    assert times(sentence)[-1] == expected


@pytest.mark.parametrize(
    "sentence",
    ["昨日", "本周三", "12月", "17日晚间", "近五年", "去年四季度", "次日", "春节", "年底"],
)
def test_relative_dates_stay_open_without_a_reference(sentence: str) -> None:
    (found,) = find_quantities(sentence)
    assert (found.text, found.start_time, found.end_time) == (sentence, None, None)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2021年12月31日登记，次日除权", "DATE 次日 [2022-01-01, 2022-01-02) day"),
        ("2021年第四季度，同年", "DATE 同年 [2021-01-01, 2022-01-01) year"),
        ("2021年第四季度，次日", "DATE 次日 day"),
        ("2021年一季度，2020年同期", "DATE 2020年同期 [2020-01-01, 2020-04-01) quarter"),
        ("2021年，2020年同期", "DATE 2020年同期 [2020-01-01, 2021-01-01) year"),
        ("2021年一季度，去年同期", "DATE 去年同期 year"),
    ],
)
def test_words_count_from_a_full_date_without_a_reference(sentence: str, expected: str) -> None:
    assert times(sentence, None)[-1] == expected


def test_december_in_january_is_last_december() -> None:
    assert times("12月31日", date(2022, 1, 5)) == ["DATE 12月31日 [2021-12-31, 2022-01-01) day"]


def test_january_in_december_is_next_january() -> None:
    assert times("1月1日起施行", date(2021, 12, 20)) == ["DATE 1月1日 [2022-01-01, 2022-01-02) day"]


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
    ("sentence", "reference", "expected"),
    [
        ("28日表示", date(2022, 2, 3), "DATE 28日 [2022-01-28, 2022-01-29) day"),
        ("29日表示", date(2022, 2, 18), "DATE 29日 [2022-01-29, 2022-01-30) day"),
        (
            "31日晚间公告",
            date(2022, 4, 20),
            "DATE 31日晚间 [2022-03-31T18:00:00, 2022-04-01) daypart",
        ),
        ("29日表示", date(2024, 2, 18), "DATE 29日 [2024-02-29, 2024-03-01) day"),
    ],
)
def test_a_day_that_the_month_does_not_have_is_one_of_the_month_before(
    sentence: str, reference: date, expected: str
) -> None:
    assert times(sentence, reference) == [expected]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("公司二日晚间公告", "2022-02-02"),
        ("于五日公布", "2022-02-05"),
        ("八日上午举行", "2022-02-08"),
    ],
)
def test_what_is_told_on_one_day_in_chinese_numerals_makes_it_a_day_of_the_month(
    sentence: str, day: str
) -> None:
    (found,) = find_quantities(sentence, date(2022, 2, 18))
    assert found.duration is None
    assert found.start_time is not None
    assert found.start_time.date() == date.fromisoformat(day)


def test_the_reference_may_be_written_as_published_is() -> None:
    assert find_quantities("昨日", "2022-02-18") == find_quantities("昨日", date(2022, 2, 18))
    with pytest.raises(ValueError, match="reference_date='昨天' is no date or time"):
        find_quantities("昨日", "昨天")
