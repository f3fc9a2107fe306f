"""Entities get their canonical names and ids, or none rather than a wrong one."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.document import Document, Entity, Mark
from tagger.lexicon import Lexicon
from tagger.linking import link
from tagger.tickers import ticker_id

LEXICON = Lexicon.load()
LABELS = {
    "C": "COMPANY",
    "T": "TICKER",
    "R": "REGULATOR",
    "L": "LOCATION",
    "P": "PERSON",
    "O": "ORGANIZATION",
}
_MARKED = re.compile(r"\[([CTRLPO]) ([^\]]+)\]")


def _document(marked: str, **fields: Any) -> Document:
    """A document from text such as ``[C 比特矿业]宣布迁往[L 美国]``."""
    text, entities, position = "", [], 0
    for found in _MARKED.finditer(marked):
        text += marked[position : found.start()]
        entities.append(Entity(len(text), len(text) + len(found[2]), found[2], LABELS[found[1]]))
        text += found[2]
        position = found.end()
    return Document(text=text + marked[position:], entities=entities, **fields)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[C 贵州\n茅台]提价", [("贵州茅台", "SSE:600519")]),
        ("[C 上海 \r\n  远山科技]与[C 上海远山科技]", 2 * [("上海远山科技", None)]),
        ("[C 上海远\n山科技有限公司]（[C 远山\n科技]）", 2 * [("上海远山科技有限公司", None)]),
        ("[R 上海市市场\n监督管理局]通报", [("上海市市场监督管理局", "CN:310000-AMR")]),
        ("[L 河南\n郑州]", [("郑州市", "CN:410100")]),
        ("[C Far Hills\nMining]增持", [("Far Hills Mining", None)]),
    ],
)
def test_a_name_that_goes_on_in_the_next_line_is_one(
    marked: str, expected: list[tuple[str, str | None]]
) -> None:
    assert _linked(marked) == expected


def _linked(
    marked: str, lexicon: Lexicon = LEXICON, **fields: Any
) -> list[tuple[str | None, str | None]]:
    document = _document(marked, **fields)
    link(document, lexicon)
    return [(entity.canonical, entity.id) for entity in document.entities]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[C 茅台]提价。", [("贵州茅台", "SSE:600519")]),
        ("[C 贵州茅台酒股份有限公司]公告", [("贵州茅台", "SSE:600519")]),
        ("[R 央行]联合[R 公安部]发文", [("中国人民银行", "CN:PBOC"), ("公安部", "CN:MPS")]),
        ("[R 云杉监管局]开出罚单", [("云杉监管局", None)]),
        ("[O 财联社]讯，[P 林一帆]称", [("财联社", "ORG:CLS"), ("林一帆", None)]),
        ("[O DigiTimes]、[O 界面]", [("电子时报", "ORG:DIGITIMES"), ("界面新闻", "ORG:JIEMIAN")]),
        ("[L 长江]汛期提前", [("长江", "CN:yangtze")]),
        ("[C 字节跳动]裁员", [("字节跳动", None)]),
        ("[C Stellantis集团]扩产", [("斯特兰蒂斯", "NYSE:STLA")]),
        ("[C 格力集团]与[C 华虹集团]", [("格力集团", None), ("华虹集团", None)]),
        ("[C 中国重汽集团]改制", [("中国重汽集团", None)]),
        ("[C 中国海外集团有限公司]增持", [("中国海外集团", None)]),
        ("[C 普洛斯]扩建仓库", [("普洛斯", None)]),
        ("矿机迁往[L 美国][L 俄亥俄州]", [("美国", "US"), ("俄亥俄州", "US-OH")]),
        ("[L 四川甘孜州]来水偏枯", [("甘孜藏族自治州", "CN:513300")]),
        ("[C 中银国际]与[C 美泰科技]", [("中银国际", None), ("美泰科技", None)]),
        ("美股普跌，[C 美泰科技]跌5%", [("ManTech", "NASDAQ:MANT")]),
        ("[C 五菱汽车]上调指引", [("五菱汽车", None)]),
        ("[O 中央气象台]与[C 彭博]", [("中央气象台", "CN:NMC"), ("彭博社", "ORG:BLOOMBERG")]),
        ("[C Gartner]与[C Sea]", [("加特纳", "NYSE:IT"), ("冬海集团", "NYSE:SE")]),
        ("[L 北京地区]与[L 欧洲地区]", [("北京市", "CN:110000"), ("欧洲", "REGION:europe")]),
        ("[L 喀什地区]与[L 郑州管城区]", [("喀什地区", "CN:653100"), ("管城回族区", "CN:410104")]),
        ("[L 莫斯科市]与[L 朝阳市]", [("莫斯科", "RU:moscow"), ("朝阳市", "CN:211300")]),
        ("[L 北海]原油走高", [("北海", None)]),
        ("[L 北海]受益于[L 广西]", [("北海市", "CN:450500"), ("广西壮族自治区", "CN:450000")]),
        ("[L 中国河南安阳]停工", [("安阳市", "CN:410500")]),
        ("[L 浙江省寧波市]停工", [("宁波市", "CN:330200")]),
        ("[C 寧波兰溪机电有限公司]与[C 兰溪机电]", [("寧波兰溪机电有限公司", None)] * 2),
        ("[L 江苏朝阳区]并不存在", [("江苏朝阳区", None)]),
        ("[C 云杉矿业]与[C 苹果公司]", [("云杉矿业", None), ("苹果", "NASDAQ:AAPL")]),
        ("[C ST摩登]跌停", [("ST摩登", "SZSE:002656")]),
        ("[C *ST国轩]复牌", [("国轩高科", "SZSE:002074")]),
        ("[C *ST白药]复牌", [("云南白药", "SZSE:000538")]),
        ("[C *ST格电]复牌", [("*ST格电", None)]),
        ("[C ST夏新]复牌", [("*ST夏新", "SSE:600057")]),
        ("[C 万  科Ａ]开盘走低", [("万科A", "SZSE:000002")]),
        ("[C 国金证券(9.540,0.05,0.53%)股份有限公司]公告", [("国金证券", "SSE:600109")]),
        ("[C 国泰君安（16.35，0.20，1.24%）国际]回购", [("国泰君安国际", "HKEX:01788")]),
        (
            "[C 云杉矿业(9.540,0.05,0.53%)第三铜业]与[C 云杉矿业第三铜业]",
            [("云杉矿业第三铜业", None)] * 2,
        ),
    ],
)
def test_known_names_get_canonical_name_and_id(
    marked: str, expected: list[tuple[str, str | None]]
) -> None:
    assert _linked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[C 平安]涨2%", ("平安", None)),
        ("[C 平安]涨2%，[C 中国平安]回购", ("中国平安", "SSE:601318")),
        ("[C 平安](601318.SH)涨2%，[T 601318.SH]", ("中国平安", "SSE:601318")),
        ("[C 三星]扩产，[C 三星电子]回应", ("三星电子", "KRX:005930")),
        ("[C 机器人]走进工厂", ("机器人", None)),
        ("[C 机器人]发布公告", ("机器人", "SZSE:300024")),
        ("[C 机器人]：订单充足", ("机器人", "SZSE:300024")),
        ("[C 平安]发布公告", ("平安", None)),
        ("港股走高，[C 机器人]发布公告", ("机器人", None)),
        ("美股普涨，[C 贝壳]涨5%", ("贝壳", "NYSE:BEKE")),
        ("美股普涨，[C 三星]称", ("三星", None)),
        ("[C 贝壳]涨价", ("贝壳", None)),
        ("[C 机器人]([T 300024])发布公告", ("机器人", "SZSE:300024")),
        ("[C 永旺]开出新店", ("永旺", None)),
        ("[C 永旺]（[T 00984.HK]）开出新店", ("永旺", "HKEX:00984")),
        ("浙江某[C 金盾控股]重整", ("金盾控股", None)),
        ("[L 和平]一处仓库起火", ("和平", None)),
        ("[L 和平]一处仓库起火，[L 和平县]通报", ("和平县", "CN:441624")),
        ("[L 朝阳区]发放消费券", ("朝阳区", None)),
        ("[L 朝阳区]发放消费券，[L 北京]已有三区", ("朝阳区", "CN:110105")),
        ("[L 朝阳]、[L 海淀]两地发放消费券", ("朝阳区", "CN:110105")),
        ("[L 朝阳]与[L 阜新]通高铁", ("朝阳", None)),
        ("[L 朝阳]与[L 阜新]通高铁，[L 辽宁]出资", ("朝阳市", "CN:211300")),
        ("[L 西湖]扩建码头", ("西湖", None)),
        ("[L 西湖]扩建码头，[L 余杭区]也是", ("西湖区", "CN:330106")),
    ],
)
def test_ambiguous_name_needs_support(marked: str, expected: tuple[str, str | None]) -> None:
    assert _linked(marked)[0] == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[R 日本央行]副行长称，[R 央行]不急于加息", "JP:BOJ"),
        ("[R 日本央行]和[R 韩国央行]副行长称，[R 央行]不急于加息", None),
        ("[R 日本央行]副行长称，[L 韩国]和其他[R 央行]不急于加息", None),
        ("[L 智利]多地停电，[R 外交部]提醒游客", None),
        ("[L 加州]一家工厂起诉，[R 最高法院]受理", None),
        ("[R 外交部]发言人谈[L 智利]局势", "CN:MFA"),
        ("[L 智利]多地停电，[L 中国][R 外交部]提醒游客", "CN:MFA"),
        ("[R 美联储]加息，[C 云南白药]走低，[R 央行]净投放", "CN:PBOC"),
        ("[R 美联储]加息，[R 央行]净投放，人民币走强", "CN:PBOC"),
        ("[R 美联储]加息后，[R 人民银行]净投放", "CN:PBOC"),
        ("人民币走强，多國[R 央行]增持黃金", None),
        ("全球[R 人民银行]网点", "CN:PBOC"),
    ],
)
def test_a_name_that_states_share_is_no_chinese_bodys_in_news_from_abroad(
    marked: str, expected: str | None
) -> None:
    document = _document(marked)
    link(document, LEXICON)
    *_, body = [entity for entity in document.entities if entity.label == "REGULATOR"]
    assert body.id == expected
    assert expected or body.canonical == body.text


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[C 安琪酵母]称，[C 安琪]商城上线", "SSE:600298"),
        ("港股走高，[C 申洲国际]复产，[C 申洲]面料厂房投产", "HKEX:02313"),
        ("[C 安琪]商城上线", None),
        ("[C 安琪酵母]、[C 安琪纸业]称，[C 安琪]商城上线", None),
        ("[C 中信证券]称，[C 中信]看好", None),
        ("[C Wolfspeed]与[C Wolf]", None),
        ("[C 北京银行]与[C 北京]", None),
    ],
)
def test_the_beginning_of_the_one_company_named_so_is_that_company(
    marked: str, expected: str | None
) -> None:
    *_, (_, identifier) = _linked(marked)
    assert identifier == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("中国国家药监局", ("国家药品监督管理局", "CN:NMPA")),
        ("中华人民共和国外交部", ("外交部", "CN:MFA")),
        ("中国政府", ("中国政府", "CN:GOV")),
        ("英国伦敦证券交易所", ("伦敦证券交易所", "GB:LSE")),
        ("美食药监局", ("美国食品药品监督管理局", "US:FDA")),
        ("俄国防部", ("俄罗斯国防部", "RU:MOD")),
        ("约旦卫生部", ("约旦卫生部", "JO:MOH")),
        ("印尼卫生部", ("印度尼西亚卫生部", "ID:MOH")),
        ("阿拉伯联合酋长国政府", ("阿联酋政府", "AE:GOV")),
        ("老挝国家统计局", ("老挝国家统计局", None)),
        ("立陶宛央行", ("立陶宛央行", None)),
        ("马来西亚药监局", ("马来西亚药监局", None)),
        ("香港卫生部", ("香港卫生部", None)),
    ],
)
def test_bodies_of_states_are_known_by_their_state(
    name: str, expected: tuple[str, str | None]
) -> None:
    assert _linked(f"[R {name}]通报") == [expected]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[L 中][L 美]磋商", ["CN", "US"]),
        ("代表团访[L 華]，议程待定", ["CN"]),
        ("旅客离[L 沪]须报备", ["CN:310000"]),
        ("[L 乌克兰]总统访[L 俄]，[L 乌]方称", ["UA", "RU", "UA"]),
        ("[R 伊朗外交部]否认，[L 伊]方称", ["IR:MFA", "IR"]),
        ("[R 江苏省委]通报，留[L 苏]人员增加", ["CN:320000-CPC", "CN:320000"]),
        ("[L 伊朗]与[L 伊拉克]通话，[L 伊]方称", ["IR", "IQ", None]),
        ("代表团访[L 乌]", [None]),
    ],
)
def test_a_place_of_one_character_is_one_that_it_always_means_or_that_the_article_names(
    marked: str, expected: list[str | None]
) -> None:
    assert [identifier for _, identifier in _linked(marked)] == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"metadata": {"securities": [{"code": "300024", "id": "SZSE:300024"}]}},
        {"metadata": {"securities": [{"code": "300024"}]}},
        {"metadata": {"securities": [{"code": 300024}]}},
        {"metadata": {"securities": {"code": "300024"}}},
        {"metadata": {"securities": ["300024"]}},
        {"metadata": {"securities": [300024]}},
        {"metadata": {"securities": "300024"}},
        {"metadata": {"securities": "600519、300024.SZ；00700.HK"}},
        {"metadata": {"securities": "SZSE:300024,SSE:600519"}},
        {"metadata": {"securities": [{}, None, True, "", 1.5, [{"id": "SZSE:300024"}]]}},
        {"marks": [Mark(0, 3, "security", "300024")]},
        {"marks": [Mark(0, 3, "security", "SZSE:300024")]},
    ],
)
def test_security_of_the_article_supports_a_name(fields: dict[str, Any]) -> None:
    assert _linked("[C 机器人]走进工厂", **fields) == [("机器人", "SZSE:300024")]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "[C 云杉矿业]（[T 1999.HK]）停牌。[C 云杉矿业]称",
            [("云杉矿业", "HKEX:01999"), ("01999", "HKEX:01999"), ("云杉矿业", "HKEX:01999")],
        ),
        (
            "[C 比特矿业]([C BIT Mining Limited], NYSE: [T BTCM])",
            [("比特矿业", "NYSE:BTCM"), ("比特矿业", "NYSE:BTCM"), ("BTCM", "NYSE:BTCM")],
        ),
        (
            "[C 云杉控股]([T 600519])，新名未入表",
            [("云杉控股", "SSE:600519"), ("600519", "SSE:600519")],
        ),
        (
            "[C 江州云杉技术有限公司]（以下简称“[C 云杉技术]”）与[C 云杉技术]的股东",
            [("江州云杉技术有限公司", None)] * 3,
        ),
        (
            "[C 蓝鲸材料股份有限公司]（证券简称：[C 蓝鲸材料]，证券代码：[T 688999]）",
            [
                ("蓝鲸材料股份有限公司", "SSE:688999"),
                ("蓝鲸材料股份有限公司", "SSE:688999"),
                ("688999", "SSE:688999"),
            ],
        ),
        (
            "[C 天津云杉科技有限公司]成立，[C 云杉科技]持股",
            [("天津云杉科技有限公司", None)] * 2,
        ),
        (
            "[C 云杉科技有限公司]与[C 云杉环保有限公司]，[C 云杉]称",
            [("云杉科技有限公司", None), ("云杉环保有限公司", None), ("云杉", None)],
        ),
        (
            "[C 阿里巴巴]([T 09988.HK])与[C 阿里]",
            [("阿里巴巴", "HKEX:09988"), ("09988", "HKEX:09988"), ("阿里巴巴", "NYSE:BABA")],
        ),
        (
            "[C 特斯拉]（[C 宁德时代]）受益",
            [("特斯拉", "NASDAQ:TSLA"), ("宁德时代", "SZSE:300750")],
        ),
        (
            "[C 高盛]称[C 云杉矿业]，目标价上调",
            [("高盛", "NYSE:GS"), ("云杉矿业", None)],
        ),
        (
            "[C 云杉矿业]、[C 蓝鲸材料]（[T 600998]、[T 600997]）",
            [
                ("云杉矿业", None),
                ("蓝鲸材料", None),
                ("600998", "SSE:600998"),
                ("600997", "SSE:600997"),
            ],
        ),
        ("[P 埃隆·马斯克]发文，[P 马斯克]称", [("埃隆·马斯克", None)] * 2),
        (
            "[C 云杉集团]（持有[C 云杉控股][T 600221]）重整",
            [("云杉集团", None), ("云杉控股", "SSE:600221"), ("600221", "SSE:600221")],
        ),
        (
            "[C 云杉集团]（旗下[C 蓝鲸健康]，港股代码：[T 00241.HK]）裁员",
            [("云杉集团", None), ("蓝鲸健康", "HKEX:00241"), ("00241", "HKEX:00241")],
        ),
        (
            "[C 云杉集团]（[C 阿里健康]，[T 00241.HK]）裁员",
            [("云杉集团", None), ("阿里健康", "HKEX:00241"), ("00241", "HKEX:00241")],
        ),
        (
            "[C 云杉控股]（由[C 云杉集团]持股51%，[T 600221]）重整",
            [("云杉控股", None), ("云杉集团", None), ("600221", "SSE:600221")],
        ),
        (
            "[C 云杉控股]（[C 蓝鲸]，[T 600221]）更名",
            [("云杉控股", "SSE:600221"), ("蓝鲸", None), ("600221", "SSE:600221")],
        ),
        (
            "[C 云杉信用](3.84,-0.06,-1.54%)（[T 00241.HK]）回购",
            [("云杉信用", "HKEX:00241"), ("00241", "HKEX:00241")],
        ),
        (
            "[C 云杉控股](６００２２１) ([T 600221.SH])回购",
            [("云杉控股", "SSE:600221"), ("600221", "SSE:600221")],
        ),
        (
            "[C 云杉控股]（12亿元）（[T 600221]）",
            [("云杉控股", None), ("600221", "SSE:600221")],
        ),
        (
            "[C 藍鯨材料股份有限公司]（以下簡稱“[C 藍材]”）與[C 藍材]",
            [("藍鯨材料股份有限公司", None)] * 3,
        ),
        (
            "[C 天弘余额宝]（[T 000198]）规模缩小",
            [("天弘余额宝", None), ("000198", None)],
        ),
        (
            "[C 中信集团]旗下[C 中信证券股份有限公司]回购，[C 中信]支持",
            [("中信集团", None), ("中信证券", "SSE:600030"), ("中信集团", None)],
        ),
        (
            "[C 平安银行股份有限公司]分红，[C 平安]满意",
            [("平安银行", "SZSE:000001"), ("平安", None)],
        ),
        (
            "[C 中信证券股份有限公司]（简称“[C 中信]”）回购，[C 中信]称",
            [("中信证券", "SSE:600030")] * 3,
        ),
        (
            "据“[O 今日俄罗斯]”（[O XY]）报道，“[C 云杉车队]”（[C 杉队]）启程",
            [("今日俄罗斯", "ORG:RT")] * 2 + [("云杉车队", None)] * 2,
        ),
        (  # listed after the tables' full names were collected
            "[C 浙江中胤时尚股份有限公司]发行新股，[C 中胤时尚]上市",
            [("中胤时尚", "SZSE:300901")] * 2,
        ),
        (
            "[C 云杉中胤时尚股份有限公司]参股[C 中胤时尚]",
            [("云杉中胤时尚股份有限公司", None), ("中胤时尚", "SZSE:300901")],
        ),
        (
            "[C 泸州老窖云杉酒业股份有限公司]由[C 泸州老窖]设立",
            [("泸州老窖云杉酒业股份有限公司", None), ("泸州老窖", "SZSE:000568")],
        ),
    ],
)
def test_pairs_in_the_text_teach_for_the_whole_article(
    marked: str, expected: list[tuple[str, str | None]]
) -> None:
    assert _linked(marked) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("上海证监局", ("中国证券监督管理委员会上海监管局", "CN:310000-CSRC")),
        ("中国证监会广东监管局", ("中国证券监督管理委员会广东监管局", "CN:440000-CSRC")),
        ("银保监会甘肃监管局", ("中国银行保险监督管理委员会甘肃监管局", "CN:620000-CBIRC")),
        ("深圳市市场监督管理局", ("深圳市市场监督管理局", "CN:440300-AMR")),
        ("浙江省高级人民法院", ("浙江省高级人民法院", "CN:330000-HIGH-COURT")),
        ("北京市第四中级人民法院", ("北京市第四中级人民法院", "CN:110000-INTERMEDIATE-COURT-4")),
        ("北京市朝阳区人民法院", ("朝阳区人民法院", "CN:110105-COURT")),
        ("国家税务总局深圳市税务局", ("国家税务总局深圳市税务局", "CN:440300-TAX")),
        ("朝阳区人民法院", ("朝阳区人民法院", None)),
        ("市场监管局", ("市场监管局", None)),
        ("天津市卫生健康委", ("天津市卫生健康委员会", "CN:120000-HEALTH")),
        ("福州市城乡建设局", ("福州市住房和城乡建设主管部门", "CN:350100-HOUSING")),
        ("中国人民银行上海总部", ("中国人民银行上海分支机构", "CN:310000-PBOC")),
        ("贵州省教育厅", ("贵州省教育主管部门", "CN:520000-EDUCATION")),
        ("贵州省委", ("中国共产党贵州省委员会", "CN:520000-CPC")),
        ("吉林省发改委", ("吉林省发展和改革委员会", "CN:220000-DRC")),
        ("浦东新区文旅委", ("浦东新区文旅委", None)),
        ("宿州市疾控中心", ("宿州市疾病预防控制中心", "CN:341300-CDC")),
        ("贵州省监委", ("贵州省监察委员会", "CN:520000-NSC")),
        ("广州市人大常委会", ("广州市人民代表大会常务委员会", "CN:440100-CONGRESS-SC")),
        ("深圳市住房和建设局", ("深圳市住房和城乡建设主管部门", "CN:440300-HOUSING")),
        ("中共河北省委", ("中国共产党河北省委员会", "CN:130000-CPC")),
        ("中共杭州市委宣传部", ("中国共产党杭州市委员会宣传部", "CN:330100-CPC-PUBLICITY")),
        ("上海市建委", ("上海市住房和城乡建设主管部门", "CN:310000-HOUSING")),
        ("江苏省第十四届人民代表大会", ("江苏省人民代表大会", "CN:320000-CONGRESS")),
        ("海南省七届人大常委会", ("海南省人民代表大会常务委员会", "CN:460000-CONGRESS-SC")),
        ("北京二中院", ("北京市第二中级人民法院", "CN:110000-INTERMEDIATE-COURT-2")),
        (
            "广东省纪委监委",
            ("中国共产党广东省纪律检查委员会、广东省监察委员会", "CN:440000-CCDI-NSC"),
        ),
        ("河南省人民政府新闻办公室", ("河南省人民政府新闻办公室", "CN:410000-GOV-PRESS")),
        ("证监会甘肃证监局", ("中国证券监督管理委员会甘肃监管局", "CN:620000-CSRC")),
    ],
)
@pytest.mark.parametrize("label", ["R", "O"])
def test_local_bodies_are_known_by_their_division(
    name: str, expected: tuple[str, str | None], label: str
) -> None:
    assert _linked(f"[{label} {name}]通报") == [expected]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[C 中信证券]公告", "SSE:600030"),
        ("港股券商股走高，[C 中信证券]涨3%", "HKEX:06030"),
        ("紐交所收跌，[C 百济神州]跌7%", "NASDAQ:BGNE"),
        ("[C 中信证券]A股涨停，港股涨3%", "SSE:600030"),
        ("目标价26.63港元，予[C 中信证券]买入评级", "HKEX:06030"),
        ("港股走低，[C 万科A]跌2%", "SZSE:000002"),
        ("[C 中信证券]AH股齐涨", "SSE:600030"),
        ("美股中概股走低，[C 百济神州]跌7%", "NASDAQ:BGNE"),
        ("[C 君实生物-Ｂ]任命副总经理", "HKEX:01877"),
        ("[C 比亚迪股份]销量增长", "HKEX:01211"),
        ("港股走低，[C 红星美凯龙]跌2%", "HKEX:01528"),
        ("来源：智通财经 [C 中兴通讯]聘任副总裁", "HKEX:00763"),
        ("来源：智通财经 [C 中兴通讯]回购A股", "SZSE:000063"),
        ("[C 红星美凯龙]公告", "SSE:601828"),
        ("[C 阿里巴巴]发布财报", "NYSE:BABA"),
        ("港股异动，[C 阿里巴巴]涨3%", "HKEX:09988"),
        ("港股走低。[C 宁德时代]拟10派45.53元", "SZSE:300750"),
        ("港股异动，[C 中信证券]([T 600030])涨3%", "SSE:600030"),
        ("[C BIONTECH SE]上调指引", "NASDAQ:BNTX"),
        ("[C 奧園健康生活集團有限公司]公布", "HKEX:03662"),
        ("[C 移卡]回購", "HKEX:09923"),
        ("[C 伟仕佳杰]与[C 伟仕控股]", "HKEX:00856"),
        ("[C 五菱汽车]([T 00305.HK])发布盈警", "HKEX:00305"),
    ],
)
def test_the_listing_is_the_one_on_the_market_that_the_article_speaks_of(
    marked: str, expected: str
) -> None:
    assert _linked(marked)[0][1] == expected


def test_a_code_of_four_digits_is_the_one_of_the_company_before_it() -> None:
    assert _linked("[C 長實集團]（[T 1113]）") == [
        ("长实集团", "HKEX:01113"),
        ("01113", "HKEX:01113"),
    ]
    assert [each for _name, each in _linked("[C 鴻海]([T 2317])")] == ["TWSE:2317"] * 2
    assert [each for _name, each in _linked("[C 招商銀行]（[T 3968]）")] == ["HKEX:03968"] * 2
    assert _linked("[C 招商银行]（[T 1113]）")[1] == ("1113", None)
    assert _linked("[C 长实集团]称，[T 1113]")[1] == ("1113", None)


def test_a_market_right_beside_a_name_is_the_one_of_its_listing() -> None:
    def ids(marked: str) -> list[str | None]:
        return [identifier for _name, identifier in _linked(marked)]

    both = ["SSE:688981", "HKEX:00981"]
    assert ids("A股[C 中芯国际]涨3%，港股[C 中芯国际]跌1%") == both
    assert ids("A股走低，[C 中芯国际]（港股）跌1%。[C 中芯国际]未回应") == both[1:] * 2
    assert ids("AH股[C 中芯国际]走低，港股跌幅较大") == both[:1]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (datetime(2022, 2, 18), [("隆基股份", "SSE:601012"), ("隆基绿能", None)]),
        (datetime(2023, 2, 18), [("隆基股份", None), ("隆基绿能", "SSE:601012")]),
    ],
)
def test_links_hold_on_the_day_of_the_article(
    published: datetime, expected: list[tuple[str, str | None]]
) -> None:
    assert _linked("[C 隆基股份]、[C 隆基绿能]", published=published) == expected


@pytest.mark.parametrize(
    ("marked", "published", "expected"),
    [
        ("[C 中国移动]公布年报", None, "SSE:600941"),
        ("[C 中国移动]公布年报", datetime(2022, 3, 1), "SSE:600941"),
        ("[C 中国移动]公布年报", datetime(2018, 3, 1), "HKEX:00941"),
        ("美股走低，[C 中国移动]跌3%", datetime(2018, 3, 1), "NYSE:CHL"),
        ("美股走低，[C 中国移动]跌3%", datetime(2023, 3, 1), "SSE:600941"),
        ("[C 奇虎360]公布季报", datetime(2014, 6, 1), "NYSE:QIHU"),
        ("[C 奇虎360]公布季报", datetime(2017, 6, 1), None),
        ("[C 完美世界]公布季报", datetime(2013, 6, 1), "NASDAQ:PWRD"),
        ("[C 中国海油]公布年报", None, "SSE:600938"),
        ("[C 百济神州]公布年报", datetime(2015, 3, 1), None),
        ("[C 百济神州]公布年报", datetime(2017, 3, 1), "NASDAQ:BGNE"),
        ("港股异动，[C 阿里巴巴]涨3%", datetime(2018, 3, 1), "NYSE:BABA"),
        ("港股异动，[C 阿里巴巴]涨3%", datetime(2020, 3, 1), "HKEX:09988"),
        ("[C 瑞幸咖啡]公布年报", datetime(2019, 11, 1), "NASDAQ:LK"),
        ("[C 安德利]公布年报", datetime(2018, 3, 1), "SSE:603031"),
        ("[C 老铺黄金]公布年报", datetime(2023, 3, 1), None),
        ("[C 老铺黄金]公布年报", datetime(2025, 3, 1), "HKEX:06181"),
        ("[C 兴证国际]公布年报", datetime(2018, 3, 1), "HKEX:08407"),
        ("[C 兴证国际]公布年报", datetime(2019, 3, 1), "HKEX:06058"),
        ("[C 长虹佳华]公布年报", None, "HKEX:03991"),
        ("[C Meta]公布年报", datetime(2022, 3, 1), "NASDAQ:FB"),
        ("[C Meta]公布年报", datetime(2023, 3, 1), "NASDAQ:META"),
        ("[C Palo Alto Networks]公布年报", datetime(2020, 3, 1), "NYSE:PANW"),
        ("[C Palo Alto Networks]公布年报", datetime(2022, 3, 1), "NASDAQ:PANW"),
        ("[C 拉夏贝尔]公布年报", datetime(2016, 3, 1), "HKEX:06116"),
        ("[C 拉夏贝尔]公布年报", datetime(2018, 3, 1), "SSE:603157"),
        ("[C 万达商业]公布年报", datetime(2018, 3, 1), None),
        ("[C 武昌鱼]公布年报", datetime(2020, 3, 1), "SSE:600275"),
        ("[C 恒腾网络]公布年报", datetime(2022, 1, 10), "HKEX:00136"),
        ("[C 恒腾网络]公布年报", datetime(2022, 3, 1), None),
        ("[C 华瀚健康]公布年报", datetime(2016, 3, 1), "HKEX:00587"),
        ("[C 海螺环保]公布年报", datetime(2021, 3, 1), None),
        ("[C 海螺环保]公布年报", datetime(2023, 3, 1), "HKEX:00587"),
        ("[C IHS Markit]公布年报", datetime(2022, 2, 18), "NYSE:INFO"),
        ("[C IHS Markit]公布年报", datetime(2022, 3, 18), None),
        ("[C 奔驰]公布年报", None, "XETRA:MBG"),
        ("[C 奔驰]公布年报", datetime(2021, 3, 1), "XETRA:DAI"),
        ("[C 奔驰]公布年报", datetime(2023, 3, 1), "XETRA:MBG"),
        ("[C 隆基]公布年报", datetime(2021, 3, 1), "SSE:601012"),
        ("[C 施乐]公布年报", datetime(2020, 3, 1), "NYSE:XRX"),
        ("[C 施乐]公布年报", datetime(2022, 3, 1), "NASDAQ:XRX"),
    ],
)
def test_an_article_means_a_listing_of_its_day(
    marked: str, published: datetime | None, expected: str | None
) -> None:
    assert _linked(marked, published=published)[0][1] == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (datetime(2014, 2, 18), "SZSE:000626"),
        (datetime(2022, 2, 18), "SZSE:002193"),
        (None, None),
    ],
)
def test_a_name_that_two_companies_bore_means_the_one_of_the_day(
    published: datetime | None, expected: str | None
) -> None:
    assert _linked("[C 如意集团]公布年报", published=published)[0][1] == expected


@pytest.mark.parametrize(
    ("printed", "before", "expected"),
    [
        ("600519.SH", "", "SSE:600519"),
        ("sz000001", "", "SZSE:000001"),
        ("SZ 002103", "", "SZSE:002103"),
        ("00700.HK", "", "HKEX:00700"),
        ("1501.HK", "", "HKEX:01501"),
        ("02357-HK", "", "HKEX:02357"),
        ("００７００．ＨＫ", "", "HKEX:00700"),
        ("TSLA.O", "", "NASDAQ:TSLA"),
        ("BTCM.US", "", "NYSE:BTCM"),
        ("ZZQX.US", "", None),
        ("BIDU", "百度（纳斯达克：", "NASDAQ:BIDU"),
        ("X", "美国钢铁（NYSE: ", "NYSE:X"),
        ("00700", "（港股代码：", "HKEX:00700"),
        ("01727", "河北建设(", "HKEX:01727"),
        ("BTCM", "(", "NYSE:BTCM"),
        ("600519", "", "SSE:600519"),
        ("300750", "", "SZSE:300750"),
        ("830799", "", "BSE:830799"),
        ("920001", "", "BSE:920001"),
        ("839999", "", None),
        ("0700", "（香港联交所股份代号：", "HKEX:00700"),
        ("0700", "（香港聯交所股份代號：", "HKEX:00700"),
        ("0700", "（港交所代號：", "HKEX:00700"),
        ("000001", "上证指数（", None),
        ("000300", "沪深300指数（", None),
        ("000300", "滬深300（", None),
        ("000001", "华夏成长混合（", None),
        ("000001", "华夏成长混合A（基金代码：", None),
        ("000198", "天弘余额宝（", None),
        ("000198", "基金代码", None),
        ("00823", "领展房产基金（", "HKEX:00823"),
        ("600519", "基金重仓贵州茅台（", "SSE:600519"),
        ("000001.SH", "上证指数（", "SSE:000001"),
        ("600519.SZ", "", None),
        ("SH300750", "", None),
        ("300750", "上交所：", None),
        ("510300.XX", "", None),
        ("6005.SH", "", None),
        ("1234567.HK", "", None),
    ],
)
def test_printed_codes_name_their_exchange_or_nothing(
    printed: str, before: str, expected: str | None
) -> None:
    assert ticker_id(printed, LEXICON, before) == expected


@pytest.mark.parametrize(
    ("marked", "identifier"),
    [
        ("[C 贵州茅台]（[T 600519.SH]）公告", "MINE:1"),
        ("[C 茅台]（[T 600519.SH]）公告", "SSE:600519"),
        ("港股[C 中国平安]报40港元", "SSE:601318"),
        ("[C 蓝鲸材料]（[T 600519.SH]）公告", "SSE:600519"),
    ],
)
def test_ids_of_the_callers_own_table_stand_as_they_are(
    tmp_path: Path, marked: str, identifier: str
) -> None:
    rows = ["贵州茅台\tMINE:1", "中国平安\tSSE:601318", "蓝鲸材料\t"]
    lines = ["name\tid\tlabel", *(f"{row}\tCOMPANY" for row in rows)]
    own = tmp_path / "mine.tsv"
    own.write_text("\n".join(lines), encoding="utf-8")
    assert _linked(marked, Lexicon.load(extra=own))[0][1] == identifier


def test_institutions_are_known_under_a_neighbouring_label() -> None:
    assert _linked("[O 证监会]与[C 纳斯达克]，[L 腾讯]") == [
        ("中国证券监督管理委员会", "CN:CSRC"),
        ("纳斯达克", "US:NASDAQ"),
        ("腾讯", None),
    ]


_PIECES = (
    *(
        "[C 平安]",
        "[C 中国平安]",
        "[C 云杉技术]",
        "[C 上海云杉技术有限公司]",
        "[L 吉林]",
        "[R SEC]",
    ),
    *("[P 王]", "[T 601318]", "[T X]", "（", "）", "(", ")", "简称“", "”", "，", "：", " "),
)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(_PIECES)).map("".join))
def test_every_entity_gets_a_canonical_name_and_linking_again_changes_nothing(marked: str) -> None:
    once = _document(marked)
    link(once, LEXICON)
    first = [(entity.canonical, entity.id) for entity in once.entities]
    link(once, LEXICON)
    assert all(canonical for canonical, _ in first)
    assert [(entity.canonical, entity.id) for entity in once.entities] == first
