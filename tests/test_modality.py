"""Asserted, planned, negated or possible: the rules against sentences with known answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.modality import cued_modality
from tagger.schema import MODALITIES

TABLES = Path(__file__).parent


def read_cases(name: str) -> list[tuple[str, str]]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines if line[0] != "#"]


def modality(text: str, start: int, end: int) -> str:
    """As an event is told that has no name beside it."""
    return cued_modality(text, start, end, text) or "asserted"


def judge(marked: str) -> str:
    start, end = marked.index("【"), marked.index("】") - 1
    return modality(marked.replace("【", "").replace("】", ""), start, end)


@pytest.mark.parametrize(
    ("table", "most_wrong"),
    [("modality.tsv", 1), ("modality_heldout.tsv", 2), ("modality_more.tsv", 0)],
)
def test_modality_of_sentences(table: str, most_wrong: int) -> None:
    cases = read_cases(table)
    wrong = [(expected, judge(marked), marked) for expected, marked in cases]
    wrong = [case for case in wrong if case[0] != case[1]]
    assert len(cases) >= 30
    assert len(wrong) <= most_wrong, wrong


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("公司可能于5月召开股东大会，审议终止合作，并以3亿元【回购】股份。", "planned"),
        ("股东大会将审议【收购】乙公司51%股权的议案。", "planned"),
        ("5月6日召开的股东大会审议关于【收购】乙公司51%股权的事项。", "planned"),
        ("股东大会审议通过【收购】乙公司51%股权的事项。", "asserted"),
        ("股东大会审议未通过【收购】乙公司51%股权的事项。", "negated"),
        ("国务院常务会议审议【通过】条例。", "asserted"),
        ("会议审议决定【终止】合作。", "asserted"),
        ("公司未经审议为关联方【担保】2亿元。", "asserted"),
        ("公司未履行审议程序为关联方【担保】2亿元。", "asserted"),
        ("经董事会审议，公司【聘任】王立为总经理。", "asserted"),
        ("公司及董事长均未收到证监会的【立案】调查通知。", "negated"),
        ("公司未收到任何监管部门对其【处罚】的通知。", "negated"),
        ("公司未收到乙公司的股权【转让】款。", "asserted"),
        ("因未收到货款【起诉】乙公司。", "asserted"),
        ("公司未收到回函即被【立案】调查。", "asserted"),
        ("公司未收到【收购】要约。", "negated"),
        ("法院裁定受理债权人对公司的【重整】申请。", "asserted"),
        ("债权人向法院提交了对公司的【重整】申请。", "planned"),
        ("公司的【重整】申请能否被法院受理尚不确定。", "planned"),
        ("法院驳回债权人对公司的【破产】申请。", "negated"),
        ("债权人对公司的【重整】申请被法院裁定不予受理。", "negated"),
        ("法院驳回上诉，裁定公司【破产】清算。", "asserted"),
        ("法院驳回上诉并宣告公司【破产】。", "asserted"),
        ("公司拟购买甲厂，并于昨日【开工】。", "asserted"),
        ("公司预计盈利2亿元，并宣布每10股【派】5元。", "asserted"),
        ("公司拟购买甲厂，并于今年【开工】。", "planned"),
        ("*ST信通被【实施】退市风险警示后复牌。", "asserted"),
        ("深交所同意公司【撤销】股票的风险警示。", "asserted"),
        ("公司可能被【实施】退市风险警示。", "possible"),
        ("公司存在被【终止上市】的风险。", "possible"),
        ("因计提资产减值准备【净利润】亏损3亿元。", "asserted"),
        ("央行下调存款准备金率后【发布】新规。", "asserted"),
        ("机构因恐慌情绪【抛售】股份。", "asserted"),
        ("董事长被传唤，公司股票【停牌】。", "asserted"),
        ("物联网传感器厂商【收购】乙公司。", "asserted"),
        ("特斯拉交付量不及预期后宣布【裁员】10%。", "asserted"),
        ("因业绩低于市场预期【裁员】10%。", "asserted"),
        ("公司预期【净利润】低于去年。", "planned"),
        ("公司聘请的评估机构被【立案】调查。", "asserted"),
        ("公司正在评估【收购】乙公司。", "possible"),
        ("腾讯出于战略考虑【减持】京东股份。", "asserted"),
        ("基于长远发展的考虑，公司【出售】子公司。", "asserted"),
        ("腾讯考虑【减持】京东股份。", "possible"),
        ("中国船舶因筹划重大资产重组自今日起【停牌】。", "asserted"),
        ("因筹划发行股份停牌的盘江股份今日【复牌】。", "asserted"),
        ("因拟披露重大事项【停牌】。", "asserted"),
        ("公司股票拟于5月6日【复牌】。", "planned"),
        ("公司筹划【收购】乙公司。", "planned"),
        ("控股股东违反承诺【减持】公司股份。", "asserted"),
        ("因未履行业绩承诺被上交所【处罚】。", "asserted"),
        ("因业绩承诺纠纷【起诉】乙公司。", "asserted"),
        ("控股股东承诺【增持】公司股份。", "planned"),
        ("国家发改委【印发】方案。", "asserted"),
        ("甲公司与乙公司【签署】意向协议。", "asserted"),
        ("公司披露【减持】计划。", "planned"),
        ("【收购】完成后，海岳矿业将持有乙公司51%股权。", "planned"),
        ("项目【投产】后预计年产值10亿元。", "planned"),
        ("【收购】乙公司后，公司股价上涨。", "asserted"),
        ("此轮【融资】完成后，公司将扩大团队。", "asserted"),
        ("王立【辞职】后将不再任职。", "asserted"),
        ("公司已【收购】完成，将整合乙公司。", "asserted"),
        ("公司及子公司无逾期对外【担保】。", "negated"),
        ("公司无重大对外【投资】。", "negated"),
        ("投资者可向法院提起【诉讼】。", "possible"),
        ("股东有权申请【仲裁】。", "possible"),
        ("公司认可以上判决并未【上诉】。", "negated"),
        ("公司可以【收购】乙公司。", "asserted"),
        ("梧桐物流起诉甲公司，请求法院【判令】其还款。", "possible"),
        ("梧桐物流诉请：1、【判令】甲公司还款；", "possible"),
        ("甲公司提起诉讼，要求【判决】转让协议无效。", "possible"),
        ("法院驳回甲公司的诉讼请求且【判决】已生效。", "asserted"),
        ("法院支持甲公司的诉讼请求，【判令】乙公司还款。", "asserted"),
        ("【判决】要求甲公司十日内还款。", "asserted"),
    ],
)
def test_an_ordinary_word_is_no_cue_and_the_cue_in_it_still_is_one(
    marked: str, expected: str
) -> None:
    assert judge(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("东岭股份：三名股东拟合计【减持】不超5%。", "planned"),
        ("云岭铜业拟合资【设立】矿业公司。", "planned"),
        ("实测值与拟合值相符，公司【发布】报告。", "asserted"),
        (
            "陈立新计划自公告之日起15个交易日后的6个月内，以集中竞价方式【减持】不超过2%的股份。",
            "planned",
        ),
        ("陈立新计划自公告之日起6个月内，【减持】不超过2%的股份。", "planned"),
        ("公司拟将青禾软件60%股权，以8000万元的价格【转让】给盛江集团。", "planned"),
        ("万盛将以11亿元的现金价格，【收购】南港证券13%股权。", "planned"),
        ("按此前披露的减持计划，通过集中竞价方式【减持】120万股。", "asserted"),
        ("因未完成业绩承诺，以1元总价【回购】并注销股份。", "asserted"),
        ("法院裁定批准公司重整计划，并【终止】重整程序。", "asserted"),
        ("此次【收购】预计将于明年完成。", "planned"),
        ("【收购】远川科技的交易预计将在2024年下半年完成。", "planned"),
        ("【收购】的矿场预计年产铜2万吨。", "asserted"),
        ("【裁员】将在3月底前完成。", "planned"),
        ("该项目的【中标】预计将对公司业绩产生影响。", "asserted"),
        ("公司建议分拆盛江智能制造科技有限公司的股份于联交所主板独立【上市】。", "planned"),
        ("募集资金18亿元，其中10亿元用于【建设】昆明基地。", "planned"),
        ("10亿元已用于【建设】昆明基地。", "asserted"),
        ("合资工厂最快明年一季度【量产】。", "planned"),
        ("全球最快的打印机【发布】。", "asserted"),
        ("二期目标于5月【投产】。", "planned"),
        ("传远川科技将赴美【上市】。", "possible"),
        ("远川科技宣传片【发布】。", "asserted"),
        ("云栖汽车否认被【收购】传闻。", "negated"),
        ("恒岳地产未能按期【兑付】15亿元公司债。", "asserted"),
        ("恒岳地产无法【偿还】到期票据。", "asserted"),
        ("董事会同意公司每10股【派发】现金红利3元。", "planned"),
        ("董事会同意将持有的青禾软件2%股权以3450万元【转让】给盛江集团。", "planned"),
        ("董事会同意【聘任】陈立新为副总经理。", "asserted"),
        ("青禾乳业拟以总股本12亿股为基数，向全体股东每10股【派发】现金红利5元。", "planned"),
        ("拟以实施权益分派股权登记日登记的总股本为基数，每10股【派】5元。", "planned"),
        ("董事会同意以总股本12亿股为基数，【派发】现金6亿元。", "planned"),
        ("分配预案为：以实施权益分派时的总股本为基数，每10股【派发】现金5元。", "planned"),
        ("分配方案已获股东大会通过，以总股本12亿股为基数，每10股【派发】5元。", "asserted"),
        ("权益分派实施公告：以总股本12亿股为基数，每10股【派发】现金5元。", "asserted"),
        ("董事会同意聘任何牧之，公司去年【分红】3亿元。", "asserted"),
        ("公司拟以自有资金2亿元【回购】股份。", "planned"),
        ("创泽投资【减持】计划期满。", "planned"),
        ("【减持】计划期届满实施完毕。", "asserted"),
        ("控股股东减持计划提前【终止】。", "asserted"),
        ("远帆医疗上市计划【取消】。", "asserted"),
        ("控股股东减持计划将提前【终止】。", "planned"),
        ("远帆医疗计划【终止】收购宁川新材。", "planned"),
    ],
)
def test_plans_are_told_across_phrases_of_time_and_manner_and_by_what_follows(
    marked: str, expected: str
) -> None:
    assert judge(marked) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("【公司拟购乙厂】公司昨日收购甲厂。", "asserted"),
        ("【乙厂或停业】公司拟收购甲厂。", "planned"),
        ("【公司拟收购甲厂】", "planned"),
        ("【公司已收购甲厂】公司称该消息不属实。", "negated"),
    ],
)
def test_a_headline_in_brackets_says_nothing_of_what_follows(text: str, expected: str) -> None:
    start = text.index("收购")
    assert modality(text, start, start + 2) == expected


@given(st.text(alphabet="公司拟将未或可能否认，。计划减持,1\n", max_size=80), st.data())
def test_any_span_has_a_known_modality(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert modality(text, start, end) in MODALITIES
