"""Shared names told apart by the words of a trade."""

from __future__ import annotations

import tomllib

import pytest

from tagger.document import Document, Entity
from tagger.industries import company_meant
from tagger.lexicon import Lexicon
from tagger.linking import link
from tagger.resources import resource_path


@pytest.mark.parametrize(
    ("name", "passage", "expected"),
    [
        ("平安", "一季度新业务价值和保费收入增长", "中国平安"),
        ("平安", "的存款和信用卡业务", "平安银行"),
        ("平安", "的存款和保险业务", ""),  # two trades speak
        ("平安", "保费、车险、保单和代理人都多于往年，贷款少了", "中国平安"),
        ("平安", "的信托计划到期", ""),  # 平安信托 has no code
        ("平安", "周二开会", ""),
        ("TCL", "扩大面板和光伏组件的产能", "TCL科技"),
        ("新大陆", "的POS机出货", "新大陆"),
        ("苏宁", "的营收为3618亿元", ""),
        ("苏宁", "的618大促", "苏宁易购"),
        ("新大陆", "的POSIX系统", ""),  # no word of a trade inside a longer one
        ("某某", "的存款和信用卡业务", ""),
    ],
)
def test_a_trade_says_which_company_is_meant(name: str, passage: str, expected: str) -> None:
    assert company_meant(name, [passage]) == expected


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("长城本月交付新车九万辆。", ["长城"], "SSE:601633"),
        ("長城本月交付新車九萬輛。", ["長城"], "SSE:601633"),
        # The trade of the name beside it says nothing of this one.
        ("长城与招商银行信用卡中心开会。", ["长城", "招商银行信用卡中心"], None),
        # Only the sentences with the name count.
        ("长城开会。新车销量上升。", ["长城"], None),
        ("长城开会。长城的新车上市。", ["长城"], "SSE:601633"),
        # What the article says of the name comes before its trade.
        (
            "长城金属制品有限公司（以下简称“长城”）为新车供货。",
            ["长城金属制品有限公司", "长城"],
            None,
        ),
        # A name that decides by itself needs no trade, and a trade does not overrule it.
        ("长城证券推荐新车板块。", ["长城证券"], "SZSE:002939"),
    ],
)
def test_linking_by_trade(text: str, names: list[str], expected: str | None) -> None:
    document = Document(text)
    for name in names:
        start = text.find(name)
        while start >= 0:
            document.entities.append(Entity(start, start + len(name), name, "COMPANY", 1.0))
            start = text.find(name, start + 1)
    link(document, Lexicon.load())
    assert {entity.id for entity in document.entities if entity.text == names[0]} == {expected}


def test_the_table_names_companies_of_the_lexicon() -> None:
    path = resource_path("lexicon") / "industries.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    lexicon = Lexicon.load()
    trades = {trade for meanings in table["names"].values() for trade in meanings}
    assert trades == set(table["words"])
    assert list(table["words"]) == sorted(table["words"])
    for name, meanings in table["names"].items():
        own = [each for each in lexicon.entries(name) if each.label == "COMPANY"]
        assert all(each.ambiguous for each in own), f"{name} decides by itself"
        for company in filter(None, meanings.values()):
            found = {each.id for each in lexicon.entries(company) if each.label == "COMPANY"}
            assert len(found) == 1, (name, company, found)
