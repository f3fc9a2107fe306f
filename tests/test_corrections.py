"""The lexicon and the print of codes set entities right where they are surer than the network."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.corrections import correct
from tagger.document import Document, Entity
from tagger.lexicon import Lexicon
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
    ],
)
def test_codes_are_found_whole(text: str, found: Found, expected: Found) -> None:
    assert _corrected(text, found) == expected


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("亚洲开发银行称", [("亚洲开发银行", "COMPANY")], [("亚洲开发银行", "ORGANIZATION")]),
        ("平安大涨", [("平安", "PERSON")], [("平安", "PERSON")]),
        ("机器人大涨", [("机器人", "ORGANIZATION")], [("机器人", "ORGANIZATION")]),
        ("持有博晖创新公司股份", [("博晖创新公司", "COMPANY")], [("博晖创新", "COMPANY")]),
        ("云杉公司股份", [("云杉公司", "COMPANY")], [("云杉公司", "COMPANY")]),
        (
            "在全国中小企业股份转让系统终止挂牌",
            [],
            [("全国中小企业股份转让系统", "REGULATOR")],
        ),
        ("各地生态环境部门会同", [], []),
        (
            "云杉矿公告，云杉矿股东称",
            [("云杉矿", "COMPANY")],
            [("云杉矿", "COMPANY"), ("云杉矿", "COMPANY")],
        ),
    ],
)
def test_names_are_corrected_only_where_the_lexicon_is_sure(
    text: str, found: Found, expected: Found
) -> None:
    assert _corrected(text, found) == expected


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
    "0700-HK",
)


@settings(max_examples=60, deadline=None)
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
