"""Amounts in sentences of financial news: spans, labels and exact values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tagger.document import Number, Quantity
from tagger.numerals import find_quantities

REFERENCE = date(2022, 2, 18)


def said(quantity: Quantity) -> str:
    """A quantity in one line: label, text, value or range with its bounds, unit, per, vagueness."""
    parts = [quantity.label, quantity.text]
    if quantity.value is not None:
        parts.append(f"={_plain(quantity.value)}")
    if quantity.low is not None:
        sign = ">" if quantity.low_inclusive is False else ">="
        parts.append(f"{sign}{_plain(quantity.low)}")
    if quantity.high is not None:
        sign = "<" if quantity.high_inclusive is False else "<="
        parts.append(f"{sign}{_plain(quantity.high)}")
    if quantity.unit is not None:
        parts.append(quantity.unit)
    if quantity.per is not None:
        parts.append(f"per {quantity.per}")
    if quantity.approximate:
        parts.append("~")
    return " ".join(parts)


def _plain(value: Number) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def amounts(text: str, currency: str | None = None) -> list[str]:
    found = find_quantities(text, REFERENCE, currency)
    return [said(each) for each in found if each.label not in ("DATE", "TIME")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("营业收入约为4.958亿美元，", ["MONEY 4.958亿美元 =495800000 USD ~"]),
        ("收入约4.958亿美元，", ["MONEY 约4.958亿美元 =495800000 USD ~"]),
        ("持有5510万美元的加密资产", ["MONEY 5510万美元 =55100000 USD"]),
        (
            "计划投入6000万人民币(约合933万美金)，",
            ["MONEY 6000万人民币 =60000000 CNY", "MONEY 933万美金 =9330000 USD ~"],
        ),
        ("其中450个比特币、", ["MONEY 450个比特币 =450 BTC"]),
        ("5931个以太坊、", ["MONEY 5931个以太坊 =5931 ETH"]),
        ("以及5180万个狗狗币，", ["MONEY 5180万个狗狗币 =51800000 DOGE"]),
        ("生产了3957以太，", ["MONEY 3957以太 =3957 ETH"]),
        ("减持500多个比特币", ["MONEY 500多个比特币 =500 BTC ~"]),
        ("总共生产了488枚比特币", ["MONEY 488枚比特币 =488 BTC"]),
        ("浮盈1200万U，", ["MONEY 1200万U =12000000 USDT"]),
        ("出货1200万U盘与10个U盘", ["CARDINAL 1200万 =12000000", "QUANTITY 10个 =10 个"]),
        ("单位造价4.05元/W", ["MONEY 4.05元/W =4.05 CNY per W"]),
        ("转出1,000万USDT", ["MONEY 1,000万USDT =10000000 USDT"]),
        ("预计净利润5亿元-6亿元，", ["MONEY 5亿元-6亿元 >=500000000 <=600000000 CNY"]),
        (
            "两融余额上升48亿元至1.72万亿元",
            ["MONEY 48亿元 =4800000000 CNY", "MONEY 1.72万亿元 =1720000000000 CNY"],
        ),
        (
            "市值缩水20亿美元至1500亿美元",
            ["MONEY 20亿美元 =2000000000 USD", "MONEY 1500亿美元 =150000000000 USD"],
        ),
        (
            "增持1亿元至2亿元",
            ["MONEY 1亿元至2亿元 >=100000000 <=200000000 CNY"],
        ),
        ("授信上限30亿元", ["MONEY 30亿元 =3000000000 <=3000000000 CNY"]),
        ("募资总额上限为5亿元", ["MONEY 5亿元 =500000000 <=500000000 CNY"]),
        ("出资下限1亿元", ["MONEY 1亿元 =100000000 >=100000000 CNY"]),
        ("花费多达200亿美元", ["MONEY 200亿美元 =20000000000 USD"]),
        ("旅游消费超125亿", ["MONEY 超125亿 =12500000000 >12500000000 CNY"]),
        ("预亏3000万-5000万元", ["MONEY 3000万-5000万元 >=30000000 <=50000000 CNY"]),
        ("募资3-5亿元", ["MONEY 3-5亿元 >=300000000 <=500000000 CNY"]),
        (
            "净利润-8000万至-7500万，",
            ["MONEY -8000万至-7500万 >=-80000000 <=-75000000 CNY"],
        ),
        ("影响金额约-1.4亿元", ["MONEY 约-1.4亿元 =-140000000 CNY ~"]),
        ("纯亏损不少于1亿港元", ["MONEY 不少于1亿港元 =100000000 >=100000000 HKD"]),
        ("总价值逾700元", ["MONEY 逾700元 =700 >700 CNY"]),
        ("回购不超过2亿元", ["MONEY 不超过2亿元 =200000000 <=200000000 CNY"]),
        ("支付不超过人民币1.8亿元", ["MONEY 不超过人民币1.8亿元 =180000000 <=180000000 CNY"]),
        ("最高成交价人民币17.35元/股", ["MONEY 人民币17.35元/股 =17.35 CNY per 股"]),
        ("布伦特原油报77.78美元/桶", ["MONEY 77.78美元/桶 =77.78 USD per 桶"]),
        ("每股1.95港元", ["MONEY 1.95港元 =1.95 HKD per 股"]),
        ("回购价格每股1.84-1.86港元", ["MONEY 1.84-1.86港元 >=1.84 <=1.86 HKD per 股"]),
        ("投资1568.62万元人民币", ["MONEY 1568.62万元人民币 =15686200 CNY"]),
        ("支付123元1角1分", ["MONEY 123元1角1分 =123.11 CNY"]),
        ("合计壹仟玖佰圆整", ["MONEY 壹仟玖佰圆整 =1900 CNY"]),
        ("涨幅收窄，报2729.67万雷亚尔", ["MONEY 2729.67万雷亚尔 =27296700 BRL"]),
        ("融资US$3.5亿", ["MONEY US$3.5亿 =350000000 USD"]),
        ("获数千万元A轮融资", ["MONEY 数千万元 =10000000 CNY ~"]),
        ("规模超千亿元", ["MONEY 超千亿元 =100000000000 >100000000000 CNY"]),
        ("累计被冻结1.53亿股权", ["MONEY 1.53亿 =153000000 CNY"]),
        ("得到１２３．５亿元支持", ["MONEY １２３．５亿元 =12350000000 CNY"]),
        ("發行3億美元債券", ["MONEY 3億美元 =300000000 USD"]),
        ("派息7港仙", ["MONEY 7港仙 =0.07 HKD"]),
        ("派息每股15仙", ["MONEY 15仙 =0.15 HKD per 股"]),
        ("外資買超125.6億元", ["MONEY 125.6億元 =12560000000 CNY"]),
        ("外資賣超30億元", ["MONEY 30億元 =3000000000 CNY"]),
        ("购买超100万元", ["MONEY 超100万元 =1000000 >1000000 CNY"]),
        ("援助COP 5000万", ["MONEY COP 5000万 =50000000 COP"]),
        ("援助COP15亿", ["MONEY COP15亿 =1500000000 COP"]),
    ],
)
def test_money_has_its_exact_amount_and_currency(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("环比增长26.13%；", ["PERCENT 26.13% =26.13 %"]),
        ("占比超过95.38%", ["PERCENT 超过95.38% =95.38 >95.38 %"]),
        ("持股不低于10%", ["PERCENT 不低于10% =10 >=10 %"]),
        ("增速接近60%", ["PERCENT 接近60% =60 % ~"]),
        ("比例低于5%", ["PERCENT 5% =5 <5 %"]),
        ("同比增长115%到125%", ["PERCENT 115%到125% >=115 <=125 %"]),
        ("增长10-15%", ["PERCENT 10-15% >=10 <=15 %"]),
        ("提高百分之五", ["PERCENT 百分之五 =5 %"]),
        ("税率为千分之三", ["PERCENT 千分之三 =0.3 %"]),
        ("超八成受访者", ["PERCENT 超八成 =80 >80 %"]),
        ("三到五成企业", ["PERCENT 三到五成 >=30 <=50 %"]),
        ("打八折出售", ["PERCENT 八折 =80 %"]),
        ("打85折", ["PERCENT 85折 =85 %"]),
        ("加息50个基点", ["PERCENT 50个基点 =0.5 %"]),
        ("下行2.5bp", ["PERCENT 2.5bp =0.025 %"]),
        ("较上年加快8.0个百分点", ["PERCENT 8.0个百分点 =8.0 %"]),
        (
            "首沣控股(0.35,0.00,-0.68%)",
            ["CARDINAL 0.35 =0.35", "CARDINAL 0.00 =0.00", "PERCENT -0.68% =-0.68 %"],
        ),
        (
            "票房52.5亿元（YoY-23.3%）",
            ["MONEY 52.5亿元 =5250000000 CNY", "PERCENT -23.3% =-23.3 %"],
        ),
        ("收益率上行3.5个基点至2.31%", ["PERCENT 3.5个基点 =0.035 %", "PERCENT 2.31% =2.31 %"]),
        ("收益率下行3.5bp至2.31%", ["PERCENT 3.5bp =0.035 %", "PERCENT 2.31% =2.31 %"]),
        ("上行3至5个基点", ["PERCENT 3至5个基点 >=0.03 <=0.05 %"]),
        ("利差缩小1个基点至49个基点", ["PERCENT 1个基点 =0.01 %", "PERCENT 49个基点 =0.49 %"]),
        (
            "毛利率提升10个百分点至25%",
            ["PERCENT 10个百分点 =10 %", "PERCENT 25% =25 %"],
        ),
        ("提高3个百分点至5个百分点", ["PERCENT 3个百分点至5个百分点 >=3 <=5 %"]),
        ("占比扩大2%至15%", ["PERCENT 2% =2 %", "PERCENT 15% =15 %"]),
        ("亏损扩大2%至15%", ["PERCENT 2%至15% >=2 <=15 %"]),
        ("占比降至2%至3%", ["PERCENT 2%至3% >=2 <=3 %"]),
        ("同比增长98.8%左右", ["PERCENT 98.8%左右 =98.8 % ~"]),
        ("毛利率提升2.3pcts", ["PERCENT 2.3pcts =2.3 %"]),
        ("毛利率下降0.5ppts至25%", ["PERCENT 0.5ppts =0.5 %", "PERCENT 25% =25 %"]),
        ("份额提升1.2ppt", ["PERCENT 1.2ppt =1.2 %"]),
    ],
)
def test_percentages_are_in_percent(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("总哈希率约为825.4 PH/s.", ["QUANTITY 825.4 PH/s =825.4 PH/s ~"]),
        ("已部署4737.6 GH/s。", ["QUANTITY 4737.6 GH/s =4737.6 GH/s"]),
        (
            "从85MW提高至150MW，",
            ["QUANTITY 85MW =85 MW", "QUANTITY 150MW =150 MW"],
        ),
        ("容量约为1.4兆瓦，", ["QUANTITY 1.4兆瓦 =1.4 MW ~"]),
        ("发电2,138.37亿千瓦时", ["QUANTITY 2,138.37亿千瓦时 =213837000000 kW.h"]),
        ("年产135万吨/年", ["QUANTITY 135万吨/年 =1350000 t per 年"]),
        ("增产40万桶/日", ["QUANTITY 40万桶/日 =400000 [bbl_us] per 日"]),
        ("占地15万平方米", ["QUANTITY 15万平方米 =150000 m2"]),
        ("气温低至零下17摄氏度", ["QUANTITY 零下17摄氏度 =-17 Cel"]),
        ("回购1850万股", ["QUANTITY 1850万股 =18500000 股"]),
        ("增长1.46倍", ["QUANTITY 1.46倍 =1.46 倍"]),
        ("上百条诉讼", ["QUANTITY 上百条 =100 条 ~"]),
        ("陆续抽检660多批次", ["QUANTITY 660多批次 =660 批次 ~"]),
        ("影响大约1亿人", ["QUANTITY 大约1亿人 =100000000 人 ~"]),
        ("收购一家公司", ["QUANTITY 一家 =1 家"]),
        ("两家企业和三项专利", ["QUANTITY 两家 =2 家", "QUANTITY 三项 =3 项"]),
        ("新设三四十家门店", ["QUANTITY 三四十家 =30 家 ~"]),
        ("安排十余万台", ["QUANTITY 十余万台 =100000 台 ~"]),
        ("裁员多达500人", ["QUANTITY 500人 =500 人"]),
        ("吸引多达百家机构", ["QUANTITY 百家 =100 家"]),
        ("涉及100家以上", ["QUANTITY 100家以上 =100 >=100 家"]),
        ("持股5%（含）以上的股东", ["PERCENT 5%（含）以上 =5 >=5 %"]),
        ("90平方米(含)以下的住房", ["QUANTITY 90平方米(含)以下 =90 <=90 m2"]),
        ("收跌28.17点", ["QUANTITY 28.17点 =28.17 点"]),
        ("报名人数达20万", ["CARDINAL 20万 =200000"]),
        ("提出4方面15条措施", ["QUANTITY 15条 =15 条"]),
        ("售出2000部手机", ["QUANTITY 2000部 =2000 部"]),
        ("销售2000部分期产品", ["QUANTITY 2000部 =2000 部"]),
        ("增仓463手合约", ["QUANTITY 463手 =463 手"]),
        ("流通领域9大类50种", ["QUANTITY 50种 =50 种"]),
        ("突破100大关", ["CARDINAL 100 =100 >100"]),
        ("跌破3000后反弹", ["CARDINAL 3000 =3000 <3000"]),
        ("跌破80后反弹", ["CARDINAL 80 =80 <80"]),
        ("升至95后回落", ["CARDINAL 95 =95"]),
        ("沪铜主力合约71230", ["CARDINAL 71230 =71230"]),
        ("服务业PMI 53.1，", ["CARDINAL 53.1 =53.1"]),
        (
            "前值-1360，预期-540，公布-310",
            ["CARDINAL -1360 =-1360", "CARDINAL -540 =-540", "CARDINAL -310 =-310"],
        ),
        ("大陆一家公司", ["QUANTITY 一家 =1 家"]),
        ("登陆三个交易所", ["QUANTITY 三个 =3 个"]),
        ("中国大陆十家", ["QUANTITY 十家 =10 家"]),
        ("登陸十餘個國家", ["QUANTITY 十餘個 =10 个 ~"]),
        ("董事长陆一行三人", ["QUANTITY 三人 =3 人"]),
        ("玖三个项目", ["QUANTITY 三个 =3 个"]),
        ("合作客户20馀家", ["QUANTITY 20馀家 =20 家 ~"]),
        ("十馀项专利", ["QUANTITY 十馀项 =10 项 ~"]),
        ("波及8万家庭", ["CARDINAL 8万 =80000"]),
        ("1.3亿户外爱好者", ["CARDINAL 1.3亿 =130000000"]),
        ("300余公司停产", ["CARDINAL 300 =300 ~"]),
        ("900多股民", ["CARDINAL 900 =900 ~"]),
        ("三分之二多数", ["CARDINAL 三分之二 =2/3"]),
        ("质押500万 股，", ["QUANTITY 500万 股 =5000000 股"]),
        ("预亏2000万 两董事辞职", ["MONEY 2000万 =20000000 CNY"]),
        ("市值20亿 迈云医疗", ["MONEY 20亿 =2000000000 CNY"]),
        ("收益7%---15%", ["PERCENT 7%---15% >=7 <=15 %"]),
        ("抛售持股1/3,其余", ["CARDINAL 1/3 =1/3"]),
        ("硅片M10 165μm", ["QUANTITY 165μm =165 um"]),
        ("集群规模1.6万卡", ["QUANTITY 1.6万卡 =16000 卡"]),
    ],
)
def test_measures_and_counts_have_unit_and_value(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", Decimal("1234.5")),
        ("１２３", Decimal(123)),
        ("1 234 567", Decimal(1234567)),
        ("-42.0", Decimal(-42)),
        ("一万二千三百四十五", Decimal(12345)),
        ("两亿三", Decimal(230_000_000)),
        ("三百五", Decimal(350)),
        ("一百零三", Decimal(103)),
        ("廿三", Decimal(23)),
        ("十", Decimal(10)),
        ("三万五千亿", Decimal(3_500_000_000_000)),
        ("五亿三千万", Decimal(530_000_000)),
        ("1.2万亿", Decimal(1_200_000_000_000)),
        ("3亿5000万", Decimal(350_000_000)),
        ("3万5", Decimal(35_000)),
        ("负三点一四", Decimal("-3.14")),
        ("一点五亿", Decimal(150_000_000)),
        ("1.5e3", Decimal(1500)),
        ("100k", Decimal(100_000)),
        ("三分之二", Fraction(2, 3)),
        ("一又二分之一", Fraction(3, 2)),
        ("数十亿", Decimal(1_000_000_000)),
        ("壹仟玖佰零壹", Decimal(1901)),
        ("4.9580000000000000000000000000001亿", Decimal("495800000.00000000000000000000001")),
    ],
)
def test_a_number_alone_is_read_exactly(text: str, value: Number) -> None:
    assert [each.value for each in find_quantities(text)] == [value]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("排名第6，", ["ORDINAL 第6 =6"]),
        ("第10000辆车下线", ["ORDINAL 第10000辆 =10000"]),
        ("第一阶段目标", ["ORDINAL 第一 =1"]),
        ("第三方支付", ["ORDINAL 第三 =3"]),
        ("第四波高峰", ["ORDINAL 第四波 =4"]),
        ("一人被带走，一人一策", ["QUANTITY 一人 =1 人"]),
        ("召开第十三次会议", ["ORDINAL 第十三次 =13"]),
    ],
)
def test_ordinals_span_their_counting_word(sentence: str, expected: list[str]) -> None:
    assert amounts(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "贵州茅台（600519）与平安银行(000001.SZ)",
        "三一重工、万科、百度与七匹狼",
        "T+0双向交易，Ｔ＋1制度，T-1日登记",
        "推进5G和6G建设，迎接双11",
        "央行等十部委联合发文，四大行跟进",
        "共建一带一路，一次性解决",
        "版本v1.2.3与Web3.0",
        "银保监发〔2021〕237号文件",
        "矿池BTC.com退出",
        "详见https://example.com/2021/12/31?id=600519。",
        "致电010-88886666或发信至ir2021@example.com",
        "一期项目进入二级市场",
        "建议关注：1）受益于需求的环节；2）加满92#汽油",
        "沪深300与中证500成份股",
        "陆家嘴与陆股通",
        "二手房与二维码",
        "签约仪式，附近居民",
        "Model 3与iPhone 13",
        "半导体与数据中心",
        "公告编号：2020-051",
        "公告編號：2020-051",
        "公告编号：临2020-038号",
        "编号:2021-12",
        "见临2020-038",
        "商务部等22部门与5部委",
        "360集团、360金融、360数科与360公司",
        "小米12手机，小米8青春版",
        "315晚会后拨打120",
        "百克生物与百圆裤业",
        "80后、95后与00后",
        "65-80后，80、90后",
        "动力煤期货2301合约，原油2202主力合约",
        "主力合约2205",
        "豆粕主力2501走弱",
        "投资三分厂与二十九分店",
        "三卡两待与千卡集群",
        "国窖1573与茅台1935",
        "游戏《星河远征2》与《战线1942》",
        "主要风险：1、原料涨价，2、汇率波动",
        "3大因素，前10大股东，8 大领域",
        "中国大陆万科",
        "出席COP26会议与COP15",
        "4680圆柱电池与4680大圆柱",
        "纯度达10ppt级",
        "iPhone 13与HPE 20",
        "罗素2000指数与中证2000ETF",
        "五角大楼与301条款",
        "大肆减持",
        "又一例证，三位一体",
        "螺纹钢2005合约，铁矿石2009主力合约",
        "（2016）粤2071民初552号、(2015)云民初字第066号与（2019）沪74民初3号",
        "偿还20云岭水泥SCP003、“18安平01”与“17天海02”的债券",
    ],
)
def test_names_and_codes_are_no_quantities(sentence: str) -> None:
    assert find_quantities(sentence, REFERENCE) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("营收12345.67万元", ["MONEY 12345.67万元 =123456700 CNY"]),
        ("亏损17173万元", ["MONEY 17173万元 =171730000 CNY"]),
        ("占比7-11%", ["PERCENT 7-11% >=7 <=11 %"]),
        ("拨打12345热线，在7-11便利店", []),
    ],
)
def test_a_number_that_looks_like_a_name_counts_where_it_goes_on(
    sentence: str, expected: list[str]
) -> None:
    assert amounts(sentence) == expected


def test_the_callers_currency_counts_yuan_and_bare_numbers() -> None:
    text = "每股派0.5元，合计1200"
    assert amounts(text, currency="HKD") == [
        "MONEY 0.5元 =0.5 HKD per 股",
        "MONEY 1200 =1200 HKD",
    ]
    assert amounts(text) == ["MONEY 0.5元 =0.5 CNY per 股", "CARDINAL 1200 =1200"]


def test_a_quantity_says_its_unit_as_written() -> None:
    (quantity,) = find_quantities("容量为1.4兆瓦。")
    assert quantity == Quantity(
        3, 8, "1.4兆瓦".strip(), "QUANTITY", value=Decimal("1.4"), unit="MW", unit_text="兆瓦"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("营收\t33,102.90\t-14.05%", ["33,102.90", "-14.05%"]),
        ("毛利率\t10%\t-20%", ["10%", "-20%"]),
        ("营收33,102.90 -14.05%", ["33,102.90", "-14.05%"]),
        ("增长3.2% -5.6%", ["3.2% -5.6%"]),
    ],
)
def test_the_cells_of_a_table_are_no_ends_of_a_range(text: str, expected: list[str]) -> None:
    assert [each.text for each in find_quantities(text, REFERENCE)] == expected
