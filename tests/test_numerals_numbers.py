"""Numbers in every style, ratios, table heads and what the whole text decides."""

from __future__ import annotations

from collections.abc import Callable
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
        ("道指4连涨", "4", Decimal(4)),
        ("上月PMI53.1", "53.1", Decimal("53.1")),
        ("1萬2,345", "1萬2,345", Decimal(12_345)),
        ("加權指數收2萬3,011.86", "2萬3,011.86", Decimal("23011.86")),
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
        ("募资3个多亿元", ["MONEY 3个多亿元 =300000000 CNY ~"]),
        ("贷款十多个亿", ["MONEY 十多个亿 =1000000000 CNY ~"]),
        ("募资两个亿", ["MONEY 两个亿 =200000000 CNY"]),
        ("20印度卢比", ["MONEY 20印度卢比 =20 INR"]),
    ],
)
def test_coins_prices_and_shared_scales(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("revenue US$450m", ["MONEY US$450m =450000000 USD"]),
        ("EBITDA为HK$3.5 m", ["MONEY HK$3.5 m =3500000 HKD"]),
        ("以$2.3B收购", ["MONEY $2.3B =2300000000 USD"]),
        ("隐含估值€1.5t，", ["MONEY €1.5t =1500000000000 EUR"]),
        ("亏损-RMB20MM", ["MONEY -RMB20MM =-20000000 CNY"]),
        ("指引为$80-100m", ["MONEY $80-100m >=80000000 <=100000000 USD"]),
        ("指引为$2.3b-$2.5b", ["MONEY $2.3b-$2.5b >=2300000000 <=2500000000 USD"]),
        ("完成$3 B轮融资", ["MONEY $3 =3 USD"]),
        ("运费$30/t", ["MONEY $30 =30 USD"]),
        ("长450m，重1.5t", ["QUANTITY 450m =450 m", "QUANTITY 1.5t =1.5 t"]),
    ],
)
def test_a_letter_behind_a_currency_is_a_scale(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


def test_a_sign_before_a_currency_is_that_of_the_amount() -> None:
    assert amounts("现金流-$3.5亿") == ["MONEY -$3.5亿 =-350000000 USD"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "营收预测为801/1104/1404亿元人民币",
            [
                "MONEY 801 =80100000000 CNY",
                "MONEY 1104 =110400000000 CNY",
                "MONEY 1404亿元人民币 =140400000000 CNY",
            ],
        ),
        (
            "EPS 1.54/3.65/5.05元",
            ["MONEY 1.54 =1.54 CNY", "MONEY 3.65 =3.65 CNY", "MONEY 5.05元 =5.05 CNY"],
        ),
        (
            "对应PE 35/28/22倍",
            ["QUANTITY 35 =35 倍", "QUANTITY 28 =28 倍", "QUANTITY 22倍 =22 倍"],
        ),
        (
            "净利为-1.79/2.54/-3.24亿美元",
            [
                "MONEY -1.79 =-179000000 USD",
                "MONEY 2.54 =254000000 USD",
                "MONEY -3.24亿美元 =-324000000 USD",
            ],
        ),
        (
            "归母净利预测至229.79/273.91/320.2亿",
            [
                "MONEY 229.79 =22979000000 CNY",
                "MONEY 273.91 =27391000000 CNY",
                "MONEY 320.2亿 =32020000000 CNY",
            ],
        ),
        (
            "人口16.2/14.7/20万",
            ["CARDINAL 16.2 =162000", "CARDINAL 14.7 =147000", "CARDINAL 20万 =200000"],
        ),
        ("预测45/106亿元", ["MONEY 45 =4500000000 CNY", "MONEY 106亿元 =10600000000 CNY"]),
        ("5000万/1.2亿元", ["MONEY 5000万 =50000000 CNY", "MONEY 1.2亿元 =120000000 CNY"]),
        ("5/10/15%", ["PERCENT 5 =5 %", "PERCENT 10 =10 %", "PERCENT 15% =15 %"]),
        ("2.5/3美分", ["MONEY 2.5 =0.025 USD", "MONEY 3美分 =0.03 USD"]),
        (
            "运费30.5/20美元/吨",
            ["MONEY 30.5 =30.5 USD per 吨", "MONEY 20美元/吨 =20 USD per 吨"],
        ),
        ("持有2/3股东权益", ["CARDINAL 2/3 =2/3"]),
        ("02/10年期美债", []),
        ("4美元/桶", ["MONEY 4美元/桶 =4 USD per 桶"]),
        ("600519/1.2亿元", ["MONEY 1.2亿元 =120000000 CNY"]),
        (
            "费用率同比+0.4/-0.2/+0.6/-0.1pct",
            [
                "PERCENT 0.4 =0.4 %",
                "PERCENT -0.2 =-0.2 %",
                "PERCENT 0.6 =0.6 %",
                "PERCENT -0.1pct =-0.1 %",
            ],
        ),
    ],
)
def test_the_numbers_of_a_slash_list_share_its_unit_and_scale(
    sentence: str, expected: list[str]
) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("近一半的州", "CARDINAL 一半 =1/2 ~"),
        ("大约一半人认为", "CARDINAL 一半 =1/2 ~"),
        ("一半左右", "CARDINAL 一半 =1/2 ~"),
        ("超过一半的产品", "CARDINAL 一半 =1/2 >1/2"),
        ("不到一半", "CARDINAL 一半 =1/2 <1/2"),
        ("一半以上的企业", "CARDINAL 一半 =1/2 >=1/2"),
        ("一半家庭", "CARDINAL 一半 =1/2"),
    ],
)
def test_one_half_is_qualified_as_other_numbers_are(sentence: str, expected: str) -> None:
    assert amounts(sentence) == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("报14.90-3/4美元/蒲式耳", "MONEY 14.90-3/4美元/蒲式耳 =14.9075 USD per 蒲式耳"),
        ("报14.03-1/2美元/蒲式耳", "MONEY 14.03-1/2美元/蒲式耳 =14.035 USD per 蒲式耳"),
        ("报6.00-7/8 美元", "MONEY 6.00-7/8 美元 =6.00875 USD"),
        ("报632-1/4美分/蒲式耳", "MONEY 632-1/4美分/蒲式耳 =6.3225 USD per 蒲式耳"),
    ],
)
def test_eighths_of_a_cent_are_read_as_one_price(sentence: str, expected: str) -> None:
    assert amounts(sentence) == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("挂起两块牌子", ["QUANTITY 两块 =2 块"]),
        ("20块城市公共空间大屏", ["QUANTITY 20块 =20 块"]),
        ("注入两块资产", ["QUANTITY 两块 =2 块"]),
        ("租用一到三块电池", ["QUANTITY 一到三块 >=1 <=3 块"]),
        ("一块块电芯", []),
        ("票价6块，太低了", ["MONEY 6块 =6 CNY"]),
        ("再交5400块钱", ["MONEY 5400块钱 =5400 CNY"]),
        ("三块五毛的零食", ["MONEY 三块五毛 =3.5 CNY"]),
        ("三块半的零食", ["MONEY 三块半 =3.5 CNY"]),
        ("售价约20块的汽水", ["MONEY 约20块 =20 CNY ~"]),
        ("每斤5块的白菜", ["MONEY 5块 =5 CNY per 斤"]),
        ("20块左右的汽水", ["MONEY 20块左右 =20 CNY ~"]),
        ("10块到20块钱", ["MONEY 10块到20块钱 >=10 <=20 CNY"]),
        ("售价10到20块的汽水", ["MONEY 10到20块 >=10 <=20 CNY"]),
        ("两块到三块屏幕", ["QUANTITY 两块到三块 >=2 <=3 块"]),
    ],
)
def test_kuai_is_money_only_beside_a_price(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("星海控股(01234.HK)末期息0.5元", "HKD"),
        ("星海控股（01234-HK）末期息0.5元", "HKD"),
        ("公司赚3亿港元，末期息0.5元", "HKD"),
        ("星海控股(01234.HK)赚人民币3亿元，末期息0.5元", "CNY"),
        ("星海控股末期息0.5元", "CNY"),
        ("星海控股（01234）目标价由12元降至11元", "HKD"),
        ("星海控股(01234)每股价格1.2元，付出总额9万元", "HKD"),
        # What a company builds is as often counted in the mainland's.
        ("星海控股(01234)中标，总投资20亿元", "CNY"),
        ("星海控股(01234)A股股价报12元", "CNY"),
        ("远山科技(001234)股价报12元", "CNY"),
        ("鴻海純益220.1億元新台幣，每股盈餘1.59元", "TWD"),
        ("远山电子(2999.TW)每股盈余1.59元", "TWD"),
        ("远山电子(2999.TW)人民币债券，每股盈余1.59元", "CNY"),
        ("星海控股(01234.HK)赚3亿港元，付新台币2亿元，末期息0.5元", "HKD"),
        ("远山电子付港币2亿元，合新台币8亿元、NT$8亿，每股盈余1.59元", "TWD"),
        # In traditional print the words of the place tell too.
        ("星海集團（1234）昨於香港宣布，以42.5億元出售資產", "HKD"),
        ("遠山電子第3季營收2.05兆元，年增11%，每股純益3.23元", "TWD"),
        ("远山电子第3季营收同比年增11%，每股纯益3.23元", "CNY"),
        ("遠山電子於香港宣布，深交所已受理，募資3億元", "CNY"),
        ("遠山電子宣布，以3億元出售資產", "CNY"),
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


@pytest.mark.parametrize("gap", ["  ", "\t", " | "])
def test_a_row_may_give_its_figures_a_unit_of_their_own(gap: str) -> None:
    rows = (
        ("营业收入", "1,234.5", "MONEY 1,234.5 =12345000 HKD"),
        ("每股收益（元/股）", "0.98", "MONEY 0.98 =0.98 HKD per 股"),
        ("每股净资产", "2.5", "MONEY 2.5 =2.5 HKD per 股"),
        ("每股盈利（港仙）", "12.5", "MONEY 12.5 =0.125 HKD per 股"),
        ("非经常性损益", "(1,111.2)", "MONEY (1,111.2) =-11112000 HKD"),
        ("每股净资产", "(1.25)", "MONEY (1.25) =-1.25 HKD per 股"),
        ("现金净增加额", "50.2", "MONEY 50.2 =502000 HKD"),
        ("毛利率(%)", "30.2", "PERCENT 30.2 =30.2 %"),
        ("股本（附注一）（万股）", "3,200", "QUANTITY 3,200 =32000000 股"),
        ("净利润", "90.2", "MONEY 90.2 =902000 HKD"),
    )
    text = "单位：港币万元（未经审计）\n" + "".join(
        f"{name}{gap}{figure}\n" for name, figure, _ in rows
    )
    expected = [each for _name, _figure, each in rows]
    assert amounts(text) == expected
    assert amounts("单位：港币万元 " + text.partition("\n")[2].replace("\n", gap)) == expected


def bars(row: tuple[str, ...]) -> str:
    return f"| {' | '.join(row)} |"


@pytest.mark.parametrize("line", ["\t".join, bars])
@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            (
                ("单位：万元",),
                ("项目", "2023年", "2022年", "增减（%）"),
                ("营业收入", "1,250.5", "900", "25.05"),
                ("每股收益（元/股）", "0.36", "(0.05)", "-820"),
                ("毛利率（%）", "30.2", "-", "1.5"),
            ),
            [
                "MONEY 1,250.5 =12505000 CNY",
                "MONEY 900 =9000000 CNY",
                "PERCENT 25.05 =25.05 %",
                "MONEY 0.36 =0.36 CNY per 股",
                "MONEY (0.05) =-0.05 CNY per 股",
                "PERCENT -820 =-820 %",
                "PERCENT 30.2 =30.2 %",
                "PERCENT 1.5 =1.5 %",
            ],
        ),
        (
            (
                ("产品", "产量（万吨）", "单价(元/吨)", "占比%", "客户数"),
                ("锌锭", "12.5", "21,350", "60.5", "34"),
                ("合计", "20", "-", "—", "51"),
            ),
            [
                "QUANTITY 12.5 =125000 t",
                "MONEY 21,350 =21350 CNY per 吨",
                "PERCENT 60.5 =60.5 %",
                "CARDINAL 34 =34",
                "QUANTITY 20 =200000 t",
                "CARDINAL 51 =51",
            ],
        ),
        # The numbers of rows.
        (
            (("单位：万元",), ("1", "营业收入", "250"), ("2", "费用", "30")),
            ["CARDINAL 1 =1", "MONEY 250 =2500000 CNY", "CARDINAL 2 =2", "MONEY 30 =300000 CNY"],
        ),
        # A head of the next table, and a row of other cells.
        (
            (
                ("股东", "持股（股）"),
                ("柳某", "5,432"),
                ("客户", "家数"),
                ("合计", "12"),
                ("合计", "5", "5"),
            ),
            ["QUANTITY 5,432 =5432 股", "CARDINAL 12 =12", "CARDINAL 5 =5", "CARDINAL 5 =5"],
        ),
    ],
)
def test_a_column_may_say_what_its_figures_are_counted_in(
    line: Callable[[tuple[str, ...]], str], table: tuple[tuple[str, ...], ...], expected: list[str]
) -> None:
    assert amounts("\n".join(map(line, table))) == expected


def test_bars_in_a_sentence_part_no_cells() -> None:
    text = "指导价(万元)：手动|自动|双离合，售价8.88，"
    assert amounts(text) == ["CARDINAL 8.88 =8.88"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("毛利率为(12.5)%，", ["PERCENT (12.5)% =-12.5 %"]),
        ("净利润(1,234)万元，", ["MONEY (1,234)万元 =-12340000 CNY"]),
        ("每股收益（0.05）元", ["MONEY （0.05）元 =-0.05 CNY per 股"]),
        ("费用\t(2,345.6)\t120", ["CARDINAL (2,345.6) =-2345.6", "CARDINAL 120 =120"]),
        ("| 利润 | (250) |", ["CARDINAL (250) =-250"]),
        ("单位：万元\n利润\t(1,234)\n", ["MONEY (1,234) =-12340000 CNY"]),
        # The numbers of paragraphs and rows, and what a bracket merely adds.
        ("（1）元宇宙（2）万科A", []),
        ("上涨（1,234.5）", ["CARDINAL 1,234.5 =1234.5"]),
    ],
)
def test_accountants_write_negatives_in_brackets(text: str, expected: list[str]) -> None:
    assert amounts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "金额（万元）",
        "金额(人民币千元)",
        "(亿美元)",
        "（百万港元）",
        "库存（万桶）",
        "单位：亿元、%",
    ],
)
def test_a_unit_alone_is_no_amount(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "致电010-88886666或400-820-8820",
        "转至市第五人民医院",
        "出席G20峰会",
        "持有18K金",
        "量化百亿私募",
        "千兆光网与万兆园区",
        "“17+1合作”与京津冀“3+N”联盟",
        "收入XX万元，募资**亿元",
        "收入<N>余万元，另有<N>亿元",
        "注册资本N万元，罚款N多万元",
        "家庭500兆宽带与1000兆光纤",
        "星海花园7单元，四单元扬声器",
        "启动3级警报，L4级自动驾驶，2.5级别",
        "360称漏洞已补，融360与360创始人表示",
        "河北三元、三元食品和三元前驱体",
        "年产二元酸，外三元生猪",
        "百度世界大会",
        "股份代号为1234",
        "HDPE1.5和PE100管材",
        "毒株B.1.617",
        "市十六届人大三次会议",
        "政协十二届五次会议",
    ],
)
def test_names_with_numerals_are_no_quantities(sentence: str) -> None:
    assert amounts(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("月成交最高超1万亿元", ["MONEY 超1万亿元 =1000000000000 >1000000000000 CNY"]),
        ("最低不足700户", ["QUANTITY 不足700户 =700 <700 户"]),
        ("期限2年，18+84个", ["CARDINAL 18 =18", "QUANTITY 84个 =84 个"]),
        ("指数5升1平", ["CARDINAL 5 =5", "CARDINAL 1 =1"]),
        (
            "减持8亿H股，回购1.2亿A股股份",
            ["QUANTITY 8亿H股 =800000000 股", "QUANTITY 1.2亿A股 =120000000 股"],
        ),
        ("2亿A股投资者与2亿A股股民", ["CARDINAL 2亿 =200000000"] * 2),
        ("展望2022A股", []),
        (
            "回购1亿元（含）-2亿元（含）",
            ["MONEY 1亿元 =100000000 CNY", "MONEY 2亿元 =200000000 CNY"],
        ),
        ("净利润（含税）-2亿元", ["MONEY -2亿元 =-200000000 CNY"]),
        ("波音3000亿市值，波音737", ["MONEY 3000亿 =300000000000 CNY"]),
        ("百亿项目4个", ["QUANTITY 4个 =4 个"]),
        ("下周5000亿MLF到期", ["CARDINAL 5000亿 =500000000000"]),
        (
            "剩余百亿元，大于>千万元",
            ["MONEY 百亿元 =10000000000 CNY", "MONEY >千万元 =10000000 >10000000 CNY"],
        ),
        ("收入6,900 余万元", ["MONEY 6,900 余万元 =69000000 CNY ~"]),
        ("作价3\n亿元", ["CARDINAL 3 =3"]),
        ("收入6,900 多万元", ["MONEY 6,900 多万元 =69000000 CNY ~"]),
        (
            "服务120 多家、3,200 余名",
            ["QUANTITY 120 多家 =120 家 ~", "QUANTITY 3,200 余名 =3200 名 ~"],
        ),
        ("L2.5级自动驾驶，4.5级酒店", []),
        ("“10+15亿元”", ["CARDINAL 10 =10", "MONEY 15亿元 =1500000000 CNY"]),
        ("发生4.3级左右地震", ["QUANTITY 4.3级左右 =4.3 M ~"]),
        ("发生5.1级地震，震级为里氏5.1级", ["QUANTITY 5.1级地震 =5.1 M", "QUANTITY 5.1级 =5.1 M"]),
        ("5级以上地震，七级强震", ["QUANTITY 5级以上 =5 >=5 M", "QUANTITY 七级 =7 M"]),
        ("数千亿级市场", []),
        ("报名人数增至360", ["CARDINAL 360 =360"]),
        ("新添360个席位", ["QUANTITY 360个 =360 个"]),
        ("售价三元", ["MONEY 三元 =3 CNY"]),
        ("每斤三元，涨了三元", ["MONEY 三元 =3 CNY per 斤", "MONEY 三元 =3 CNY"]),
        ("三元五角，二元至三元", ["MONEY 三元五角 =3.5 CNY", "MONEY 二元至三元 >=2 <=3 CNY"]),
        ("约三元，三元左右", ["MONEY 约三元 =3 CNY ~", "MONEY 三元左右 =3 CNY ~"]),
    ],
)
def test_what_also_names_something_counts_where_the_words_around_say_so(
    sentence: str, expected: list[str]
) -> None:
    assert amounts(sentence) == expected


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


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("分别上升0.4和0.5个百分点", ["PERCENT 0.4 =0.4 %", "PERCENT 0.5个百分点 =0.5 %"]),
        (
            "分别投资3、5和7亿元",
            ["MONEY 3 =300000000 CNY", "MONEY 5 =500000000 CNY", "MONEY 7亿元 =700000000 CNY"],
        ),
        (
            "对应PE 35、28及22倍",
            ["QUANTITY 35 =35 倍", "QUANTITY 28 =28 倍", "QUANTITY 22倍 =22 倍"],
        ),
        ("报10.5与12.3元/股", ["MONEY 10.5 =10.5 CNY per 股", "MONEY 12.3元/股 =12.3 CNY per 股"]),
        ("要点：1、3亿元投资", ["CARDINAL 1 =1", "MONEY 3亿元 =300000000 CNY"]),
        ("沪深300和500只个股", ["QUANTITY 500只 =500 只"]),
        ("期限为5和10年", ["CARDINAL 5 =5"]),
        # A change and the same in per cent.
        ("指數跌58或1.8%", ["CARDINAL 58 =58", "PERCENT 1.8% =1.8 %"]),
        ("賬面蝕讓107萬或14.6%", ["CARDINAL 107萬 =1070000", "PERCENT 14.6% =14.6 %"]),
        ("用户增加5万、10%", ["CARDINAL 5万 =50000", "PERCENT 10% =10 %"]),
        ("下降0.4或0.5个百分点", ["PERCENT 0.4 =0.4 %", "PERCENT 0.5个百分点 =0.5 %"]),
    ],
)
def test_a_list_shares_the_unit_of_its_last_number(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


def test_a_list_without_end_is_read_in_linear_time() -> None:
    assert len(find_quantities("3、" * 20_000 + "5亿元")) > 12


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("均价每平方米2万元", "平方米"),
        ("均价为每平方米约人民币2万元", "平方米"),
        ("每千瓦时上网电价0.4元", "千瓦时"),
        ("每100公斤售价30元", "100公斤"),
        ("每股派息0.5元", "股"),
    ],
)
def test_the_measure_before_a_price_is_its_denominator(sentence: str, expected: str) -> None:
    assert find_quantities(sentence)[-1].per == expected


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("董事会 二○二四年七月十八日", "二○二四年七月十八日"),
        ("于二○二○年五月发行", "二○二○年五月"),
        ("○一季度增长", "一季度"),
        ("定价基准日前20个交易日", "20个交易日"),
        ("当地时间1月5日晚报道", "1月5日晚"),
        ("1月5日晚报", "1月5日"),
    ],
)
def test_where_a_date_begins_and_ends(sentence: str, text: str) -> None:
    (found,) = find_quantities(sentence)
    assert found.text == text


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("云岭股份股东短线交易获利1600万", "MONEY 1600万 =16000000 CNY"),
        ("股民索赔近28万", "MONEY 近28万 =280000 CNY ~"),
        ("前三季巨亏17亿", "MONEY 17亿 =1700000000 CNY"),
        ("大股东占款1.2亿未披露", "MONEY 1.2亿 =120000000 CNY"),
        ("周五有1000亿逆回购到期", "MONEY 1000亿 =100000000000 CNY"),
        ("子公司2亿存款被盗", "MONEY 2亿 =200000000 CNY"),
        ("收证监局30万罚单", "MONEY 30万 =300000 CNY"),
        ("集资诈骗7亿", "MONEY 7亿 =700000000 CNY"),
        ("上交所投资者超475万", "CARDINAL 475万 =4750000 >4750000"),
        ("支付宝用户超10亿", "CARDINAL 10亿 =1000000000 >1000000000"),
        ("25亿限售股解禁", "CARDINAL 25亿 =2500000000"),
        ("新基金首日认购超45亿", "MONEY 超45亿 =4500000000 >4500000000 CNY"),
        ("认购户数14万", "CARDINAL 14万 =140000"),
    ],
)
def test_words_beside_a_bare_number_say_whether_it_is_money(sentence: str, expected: str) -> None:
    assert amounts(sentence) == [expected]
