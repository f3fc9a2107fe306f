"""The lexicon and the print of codes set entities right where they are surer than the network."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.corrections import correct
from tagger.document import Document, Entity
from tagger.lexicon import Lexicon
from tagger.listed_names import is_mainland
from tagger.neighbours import name_ends
from tagger.schema import ENTITY_LABELS

LEXICON = Lexicon.load()
LABELS = frozenset(ENTITY_LABELS)

Found = list[tuple[str, str]]


def _corrected(text: str, found: Found, lexicon: Lexicon = LEXICON) -> Found:
    """The entities after correction; ``found`` are the network's, each at its first place."""
    document = Document(text)
    for name, label in found:
        start = text.index(name)
        document.entities.append(Entity(start, start + len(name), name, label, 0.95))
    correct(document, lexicon, LABELS)
    assert all(text[each.start : each.end] == each.text for each in document.entities)
    return [(entity.text, entity.label) for entity in document.entities]


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("云杉矿业（600519.SH）公告", [("600519", "TICKER")], [("600519.SH", "TICKER")]),
        ("云杉矿业(SZ 002103)公告", [("002103", "TICKER")], [("SZ 002103", "TICKER")]),
        ("云杉银行(行情601229)北京分行", [("情601229", "TICKER")], [("601229", "TICKER")]),
        ("债券代码042000311。据悉", [("42000311", "TICKER")], [("042000311", "TICKER")]),
        ("云杉控股(02357-HK)公布", [], [("02357-HK", "TICKER")]),
        ("云杉控股（０２３５７．ＨＫ）公布", [], [("０２３５７．ＨＫ", "TICKER")]),
        ("云杉科技（TSLA.O）涨3%", [], [("TSLA.O", "TICKER")]),
        ("云杉科技（01727）公布", [], [("01727", "TICKER")]),
        ("云杉科技（股票代码：300750）", [], [("300750", "TICKER")]),
        ("云杉科技（832236）公告", [], [("832236", "TICKER")]),
        ("今日申购（代码732199，发行价23元）", [], [("732199", "TICKER")]),
        ("云杉电子(609452.XSHG)年报", [], [("609452.XSHG", "TICKER")]),
        ("云杉教育（NYSE：ZZQX）周一", [], [("ZZQX", "TICKER")]),
        ("建字[2019]第[03935]号", [], []),
        ("全年产量（135028）辆", [], []),
        ("全年产量135028辆", [], []),
        ("评级由AA下调至BBB，展望负面", [("BBB", "TICKER")], []),
        ("谷歌A、FTNT、高通跌2%", [("FTNT", "COMPANY")], [("FTNT", "TICKER")]),
        ("完成SUV、MPV、轿车布局", [], []),
        ("評級由AA下調至BBB，展望負面", [("BBB", "TICKER")], []),
        ("云杉科技（主板股份代號：0700）", [], [("0700", "TICKER")]),
        ("公司代码：600519", [], [("600519", "TICKER")]),
        ("源代码为C语言编写", [], []),
        ("机场代码PEK", [], []),
        ("项目代码300110", [], []),
        ("发票代码044001900111", [], []),
    ],
)
def test_codes_are_found_whole(text: str, found: Found, expected: Found) -> None:
    assert _corrected(text, found) == expected


def test_a_name_ends_with_its_cell_of_a_table() -> None:
    text = "地区\t名称\n南京\t云杉铸造\t3亿元\n上海 \t 云杉银行\t2亿元"
    found = [("南京\t云杉铸造", "COMPANY"), ("上海 \t 云杉银行", "COMPANY")]
    assert _corrected(text, found) == [
        ("南京", "LOCATION"),
        ("云杉铸造", "COMPANY"),
        ("上海", "LOCATION"),
        ("云杉银行", "COMPANY"),
    ]


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        ("波兰罗兹", ["波兰", "罗兹"]),
        ("美国得州", ["美国", "得州"]),
        ("越南河内", ["越南", "河内"]),
        ("中国辽宁省", ["中国", "辽宁省"]),
        ("日本北海道新千岁机场", ["日本", "北海道新千岁机场"]),
        ("印度尼西亚苏拉威西岛", ["印度尼西亚", "苏拉威西岛"]),
        ("四川甘孜州", ["四川甘孜州"]),
        ("中国大陆", ["中国大陆"]),
        ("中国香港", ["中国香港"]),
        ("美国东北部", ["美国东北部"]),
        ("意大利南部", ["意大利南部"]),
        ("中国西南地区", ["中国西南地区"]),
        ("马里兰州", ["马里兰州"]),
        ("马里乌波尔", ["马里乌波尔"]),
        ("约旦河西岸", ["约旦河西岸"]),
        ("朝鲜半岛", ["朝鲜半岛"]),
        ("巴西利亚", ["巴西利亚"]),
        ("印度洋", ["印度洋"]),
        ("埃及剧院", ["埃及剧院"]),
        ("香港坚尼地城", ["香港坚尼地城"]),
        ("中国路桥", ["中国路桥"]),
    ],
)
def test_a_country_and_a_place_in_it_are_two(place: str, parts: list[str]) -> None:
    found = _corrected(f"工厂位于{place}。", [(place, "LOCATION")])
    assert [text for text, _label in found] == parts


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("云杉精机扩建重庆生产基地", ["重庆生产基地"], ["重庆"]),
        ("云杉电子关停昆山厂区和苏州工厂", ["昆山厂区", "苏州工厂"], ["昆山", "苏州"]),
        ("云杉电池落户上海超级工厂", ["上海超级工厂"], ["上海超级工厂"]),
        ("云杉饮料关停白杉坪工厂", ["白杉坪工厂"], ["白杉坪工厂"]),  # no place that is known
        ("云杉化工迁入邹城工业园", ["邹城工业园"], ["邹城工业园"]),
    ],
)
def test_a_place_is_named_without_what_stands_in_it(
    text: str, found: list[str], expected: list[str]
) -> None:
    corrected = _corrected(text, [(name, "LOCATION") for name in found])
    assert [name for name, label in corrected if label == "LOCATION"] == expected


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("亚洲开发银行称", [("亚洲开发银行", "COMPANY")], [("亚洲开发银行", "ORGANIZATION")]),
        ("平安大涨", [("平安", "PERSON")], [("平安", "PERSON")]),
        ("机器人大涨", [("机器人", "ORGANIZATION")], [("机器人", "ORGANIZATION")]),
        ("持有博晖创新公司股份", [("博晖创新公司", "COMPANY")], [("博晖创新", "COMPANY")]),
        ("云杉公司股份", [("云杉公司", "COMPANY")], [("云杉公司", "COMPANY")]),
        ("持有云杉公司股份", [("云杉", "COMPANY")], [("云杉公司", "COMPANY")]),
        ("苹果公司称", [("苹果", "COMPANY")], [("苹果公司", "COMPANY")]),
        ("博晖创新公司称", [("博晖创新", "COMPANY")], [("博晖创新", "COMPANY")]),
        ("云杉公司债发行", [("云杉", "COMPANY")], [("云杉", "COMPANY")]),
        ("对《云杉时报》说", [("《云杉时报》", "ORGANIZATION")], [("云杉时报", "ORGANIZATION")]),
        (
            "在全国中小企业股份转让系统终止挂牌",
            [],
            [("全国中小企业股份转让系统", "REGULATOR")],
        ),
        ("各地生态环境部门会同", [], []),
        ("双方将建立新能源汽车合作关系", [], []),
        ("平台接入海量数据，园区建设智慧能源和智慧农业项目", [], []),
        ("各地加快创新医疗器械上市，商业航天发展提速，航天工程进展顺利", [], []),
        (
            "云杉矿公告，云杉矿股东称",
            [("云杉矿", "COMPANY")],
            [("云杉矿", "COMPANY"), ("云杉矿", "COMPANY")],
        ),
        (
            "工行降息，加工行业跟进，其中行业龙头领先，工行业绩平稳",
            [("工行", "COMPANY")],
            [("工行", "COMPANY"), ("工行", "COMPANY")],
        ),
        ("美的完美的体验", [("美的", "COMPANY")], [("美的", "COMPANY")]),
    ],
)
def test_names_are_corrected_only_where_the_lexicon_is_sure(
    text: str, found: Found, expected: Found
) -> None:
    assert _corrected(text, found) == expected


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("云南白药大股东承诺不转让", ["云南白药大"], ["云南白药"]),
        ("三一重工今复牌", ["三一重工今"], ["三一重工"]),
        ("招商银行公布章程", ["招商银"], ["招商银行"]),
        ("科伦药业控股股东增持", ["科伦药业控股"], ["科伦药业"]),
        ("当日报道贵州茅台召开年会", ["报道贵州茅台"], ["贵州茅台"]),
        ("保利发展金地集团销售平稳", ["保利发展金地集团"], ["保利发展", "金地集团"]),
        ("万力达、深科技签约", ["万力达、深科技"], ["万力达", "深科技"]),
        ("*ST夏新更名", ["*ST夏新更名"], ["*ST夏新"]),
        ("南玻Ａ扩产", ["南玻"], ["南玻Ａ"]),
        # Firms of their own, and names that a place or a longer name makes another one.
        ("云南白药大药房开业", ["云南白药大药房"], ["云南白药大药房"]),
        ("招商银行昆山分行搬迁", ["招商银行昆山分行"], ["招商银行昆山分行"]),
        ("科伦药业控股集团成立", ["科伦药业控股集团"], ["科伦药业控股集团"]),
        ("上海药明康德扩产", ["上海药明康德"], ["上海药明康德"]),
        ("中国人寿保险年会", ["中国人寿保险"], ["中国人寿保险"]),
        ("东南粤水电开工，东南粤水电称", ["东南粤水电"], ["东南粤水电"]),
    ],
)
def test_a_listed_name_ends_where_the_words_beside_it_begin(
    text: str, found: list[str], expected: list[str]
) -> None:
    corrected = _corrected(text, [(name, "COMPANY") for name in found])
    assert corrected[: len(expected)] == [(name, "COMPANY") for name in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昨日新和成停牌", [("新和成", "COMPANY")]),
        ("昨日，新和成扩产", [("新和成", "COMPANY")]),
        ("昨日新和成：投产顺利", [("新和成", "COMPANY")]),
        ("推动科技创新和成果转化", []),
        ("本周向日葵董事长到任", [("向日葵", "COMPANY")]),
        ("本周向日葵盛开", []),
        ("我国新能源汽车销量增长", []),
        ("国新能源复牌", [("国新能源", "COMPANY")]),
    ],
)
def test_short_names_and_ordinary_words_are_found_beside_words_that_speak_of_a_company(
    text: str, expected: Found
) -> None:
    assert _corrected(text, []) == expected


def test_other_labels_give_way_to_a_listed_name() -> None:
    assert _corrected("本周雅戈尔开店", [("雅戈尔", "PERSON")]) == [("雅戈尔", "COMPANY")]
    assert _corrected("太平洋股东增持", [("太平洋", "LOCATION")]) == [("太平洋", "COMPANY")]
    assert _corrected("太平洋风平浪静", [("太平洋", "LOCATION")]) == [("太平洋", "LOCATION")]
    assert _corrected("中国石油股价走高", [("中国", "LOCATION")]) == [("中国石油", "COMPANY")]
    assert _corrected("中国石油产量走高", [("中国", "LOCATION")]) == [("中国", "LOCATION")]


def test_no_known_name_goes_on_with_a_word_that_ends_names() -> None:
    listed = {
        name for name in LEXICON.names() if len(name) > 2 and is_mainland(LEXICON.entries(name))
    }
    cut = [
        (name[:end], name)
        for name in LEXICON.names()
        for end in range(3, len(name))
        if name[:end] in listed and name_ends(name, end)
    ]
    assert cut == []


def test_names_of_an_own_table_are_always_found(tmp_path: Path) -> None:
    own = tmp_path / "mine.tsv"
    own.write_text("name\tlabel\tid\n云杉\tCOMPANY\tMINE:1\n蓝鲸\tCOMPANY\tMINE:2\n", "utf-8")
    found = _corrected(
        "云杉称，蓝鲸矿业与蓝鲸合作",
        [("云杉", "PERSON"), ("蓝鲸矿业", "COMPANY")],
        Lexicon.load(extra=own),
    )
    assert found == [("云杉", "COMPANY"), ("蓝鲸矿业", "COMPANY"), ("蓝鲸", "COMPANY")]


_PIECES = (
    "平安",
    "600519",
    ".SH",
    "（",
    "）",
    "SZ ",
    "代码",
    "行情",
    "FTNT",
    "、",
    "公司",
    "贵州茅台",
    "招商银行",
    "*ST夏新",
    "大股东",
    "0700-HK",
)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_PIECES)).map("".join), st.data())
def test_entities_never_overlap_and_stay_in_order(text: str, data: st.DataObject) -> None:
    document, position = Document(text), 0
    while position < len(text) and data.draw(st.booleans()):
        start = data.draw(st.integers(position, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        label = data.draw(st.sampled_from(sorted(LABELS)))
        document.entities.append(Entity(start, end, text[start:end], label))
        position = end
    correct(document, LEXICON, LABELS)
    edges = [edge for each in document.entities for edge in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(text[each.start : each.end] == each.text for each in document.entities)
