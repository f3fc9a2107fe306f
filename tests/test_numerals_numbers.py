"""Numbers in every style, ratios, table heads and what the whole text decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tagger.document import Number
from tagger.numerals import find_quantities
from tests.test_numerals import amounts

REFERENCE = date(2022, 2, 18)


@pytest.mark.parametrize(
    ("sentence", "text", "value"),
    [
        ("负五十", "负五十", Decimal(-50)),
        ("负三分之一", "负三分之一", Fraction(-1, 3)),
        ("三百五十点五", "三百五十点五", Decimal("350.5")),
        ("十二点五", "十二点五", Decimal("12.5")),
        ("１２ ３４５", "１２ ３４５", Decimal(12345)),
        ("1.1^23", "1.1^23", Decimal("8.95430243255237372246531")),
        ("10^-2", "10^-2", Fraction(1, 100)),
        ("1.2×10^3", "1.2×10^3", Decimal(1200)),
        ("（-1/4）", "-1/4", Fraction(-1, 4)),
        ("2/3的订单", "2/3", Fraction(2, 3)),
        ("7又1/2", "7又1/2", Fraction(15, 2)),
        ("合约触及127 1/4", "127 1/4", Fraction(509, 4)),
        ("2分之1", "2分之1", Fraction(1, 2)),
        ("产能只用了一半", "一半", Fraction(1, 2)),
        ("二十三是质数", "二十三", Decimal(23)),
        ("比价为5.75∶1", "5.75∶1", Fraction(23, 4)),
        ("按1:1.5换股", "1:1.5", Fraction(2, 3)),
        ("按1:20的比例拆细", "1:20", Fraction(1, 20)),
        ("三比一", "三比一", Decimal(3)),
        ("12.5 million", "12.5 million", Decimal(12_500_000)),
        ("3.5M", "3.5M", Decimal(3_500_000)),
        ("1.2bn", "1.2bn", Decimal(1_200_000_000)),
        ("2百万", "2百万", Decimal(2_000_000)),
        ("道指五连跌", "五", Decimal(5)),
    ],
)
def test_a_number_is_spanned_and_read(sentence: str, text: str, value: Number) -> None:
    found = [each for each in find_quantities(sentence) if each.label == "CARDINAL"]
    assert [(each.text, each.value) for each in found] == [(text, value)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("八成半的受访者", ["PERCENT 八成半 =85 %"]),
        ("七成五", ["PERCENT 七成五 =75 %"]),
        ("以八三折兑付", ["PERCENT 八三折 =83 %"]),
        ("打对折", ["PERCENT 打对折 =50 %"]),
        ("百分之负五", ["PERCENT 百分之负五 =-5 %"]),
        ("百分之 50", ["PERCENT 百分之 50 =50 %"]),
        ("三年内营收翻番", ["PERCENT 翻番 =100 %"]),
        ("十年翻两番", ["PERCENT 翻两番 =300 %"]),
        ("买入翻番股", []),
        ("涨了一倍半", ["QUANTITY 一倍半 =1.5 倍"]),
        ("市盈率15x", ["QUANTITY 15x =15 倍"]),
        ("只有半公里", ["QUANTITY 半公里 =0.5 km"]),
        ("三五个人", ["QUANTITY 三五个 =3 个 ~"]),
        ("百余家企业", ["QUANTITY 百余家 =100 家 ~"]),
        ("三十来家门店", ["QUANTITY 三十来家 =30 家 ~"]),
        ("一个半导体项目", ["QUANTITY 一个 =1 个"]),
        ("零下12度", ["QUANTITY 零下12度 =-12 度"]),
        ("日处理1000t/d", ["QUANTITY 1000t/d =1000 t per d"]),
    ],
)
def test_halves_tenths_and_multiples(sentence: str, expected: list[str]) -> None:
    found = find_quantities(sentence, REFERENCE)
    assert amounts(sentence) == expected, found


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("三块五", ["MONEY 三块五 =3.5 CNY"]),
        ("五美元三十美分", ["MONEY 五美元三十美分 =5.3 USD"]),
        ("壹佰贰拾叁元肆角伍分", ["MONEY 壹佰贰拾叁元肆角伍分 =123.45 CNY"]),
        ("10派2.5（含税）", ["MONEY 2.5 =2.5 CNY per 10股"]),
        ("10送5转10派2.5", ["MONEY 2.5 =2.5 CNY per 10股"]),
        ("10派2.5转4.9", ["MONEY 2.5 =2.5 CNY per 10股", "CARDINAL 4.9 =4.9"]),
        ("10股派发现金2.5", ["QUANTITY 10股 =10 股", "MONEY 2.5 =2.5 CNY per 10股"]),
        ("10派送2股", ["QUANTITY 2股 =2 股"]),
        ("10派5元", ["MONEY 5元 =5 CNY per 10股"]),
        (
            "每10股派发现金红利5元",
            ["QUANTITY 10股 =10 股", "MONEY 5元 =5 CNY per 10股"],
        ),
        ("铜价500元每吨", ["MONEY 500元每吨 =500 CNY per 吨"]),
        ("票价30元/人·次", ["MONEY 30元/人·次 =30 CNY per 人·次"]),
        ("十到二十万元", ["MONEY 十到二十万元 >=100000 <=200000 CNY"]),
        ("人民币1,234百万元", ["MONEY 人民币1,234百万元 =1234000000 CNY"]),
        ("RMB1,234.5 million", ["MONEY RMB1,234.5 million =1234500000 CNY"]),
        ("两市成交重回万亿", []),
        ("两市成交突破万亿", ["MONEY 万亿 =1000000000000 >1000000000000 CNY"]),
        ("投资者数量达8130万", ["CARDINAL 8130万 =81300000"]),
        ("投了3个亿", ["CARDINAL 3个亿 =300000000"]),
        ("花费几个亿元", ["MONEY 几个亿元 =100000000 CNY ~"]),
        ("募资两个亿", ["MONEY 两个亿 =200000000 CNY"]),
        ("20印度卢比", ["MONEY 20印度卢比 =20 INR"]),
    ],
)
def test_coins_prices_and_shared_scales(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("星海控股(01234.HK)末期息0.5元", "HKD"),
        ("公司赚3亿港元，末期息0.5元", "HKD"),
        ("星海控股(01234.HK)赚人民币3亿元，末期息0.5元", "CNY"),
        ("星海控股末期息0.5元", "CNY"),
        ("鴻海純益220.1億元新台幣，每股盈餘1.59元", "TWD"),
        ("远山电子(2999.TW)每股盈余1.59元", "TWD"),
        ("远山电子(2999.TW)人民币债券，每股盈余1.59元", "CNY"),
        ("星海控股(01234.HK)赚3亿港元，付新台币2亿元，末期息0.5元", "HKD"),
        ("远山电子付港币2亿元，合新台币8亿元、NT$8亿，每股盈余1.59元", "TWD"),
    ],
)
def test_the_article_says_whose_yuan_it_speaks_of(text: str, expected: str) -> None:
    assert find_quantities(text)[-1].unit == expected


def test_a_table_head_sets_the_unit_of_the_figures_under_it() -> None:
    text = "单位：万元\n1 营业收入 1,234.5 2021\n毛利率 25%\n单位：元/吨\n铜价 70500\n共12家。余3"
    found = find_quantities(text)
    assert [(each.text, each.value, each.unit, each.unit_text, each.per) for each in found] == [
        ("1", Decimal(1), None, None, None),
        ("1,234.5", Decimal(12_345_000), "CNY", "万元", None),
        ("2021", Decimal(2021), None, None, None),
        ("25%", Decimal(25), "%", "%", None),
        ("70500", Decimal(70_500), "CNY", "元/吨", "吨"),
        ("12家", Decimal(12), "家", "家", None),
        ("3", Decimal(3), None, None, None),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "致电010-88886666或400-820-8820",
        "转至市第五人民医院",
        "出席G20峰会",
        "持有18K金",
        "量化百亿私募",
        "百度世界大会",
    ],
)
def test_names_with_numerals_are_no_quantities(sentence: str) -> None:
    assert amounts(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "unit", "unit_text"),
    [
        ("出口3萬噸", "t", "噸"),
        ("發行3億港幣債券", "HKD", "港幣"),
        ("容量１００ＭＷ", "MW", "ＭＷ"),
    ],
)
def test_a_unit_is_written_as_the_text_writes_it(sentence: str, unit: str, unit_text: str) -> None:
    (found,) = find_quantities(sentence)
    assert (found.unit, found.unit_text) == (unit, unit_text)
