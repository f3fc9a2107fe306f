"""Normalisation, sentences and windows: offsets never move, no character is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.text import is_traditional, normalize, split_sentences, windows

ARTICLE_PIECES = st.sampled_from(
    [
        *'。！？!?；;…\n.“”「」"（）()《》【】，、： \t\u3000',
        "公司",
        "减持",
        "U.S.",
        "BTC.com",
        "12.5%",
        "说",
        "😀",
    ]
)
ARTICLES = st.lists(ARTICLE_PIECES, max_size=120).map("".join) | st.text(max_size=200)
ANY_CHARACTER = st.characters() | st.characters(categories=["Cs"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("遠山科技擬收購白鷺食品。", True),
        ("远山科技拟收购「白鹭食品」，并由鍾先生任董事长。", False),
        ("一三五", False),
        ("ABC", False),
        ("", False),
    ],
)
def test_traditional_print_is_told_by_its_characters(text: str, expected: bool) -> None:
    assert is_traditional(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＢＩＴ　Ｍｉｎｉｎｇ（１２３４）", "BIT Mining(1234)"),
        ("收於7.29港元，較上日升３％", "收于7.29港元，较上日升3%"),
        ("臺灣積體電路製造公司與鴻海簽署協議", "台湾积体电路制造公司与鸿海签署协议"),
        ("为10，200和￥300", "为10，200和¥300"),
        ("甲\u00a0乙\u3000丙\t丁\u200b戊\r\n己\u2028庚", "甲 乙 丙 丁 戊 \n己\n庚"),
        ("「買入」評級", "“买入”评级"),
        ("乾照光电著名产品覆盖哪吒汽车", "乾照光电著名产品覆盖哪吒汽车"),
        ("😀𠮷野家\ud800", "😀𠮷野家\ud800"),
    ],
)
def test_normalize_goes_character_by_character(text: str, expected: str) -> None:
    assert normalize(text) == expected


@given(st.text(ANY_CHARACTER, max_size=200))
def test_normalize_keeps_length_and_settles_at_once(text: str) -> None:
    normal = normalize(text)
    assert (len(normal), normalize(normal)) == (len(text), normal)


@pytest.mark.parametrize(
    "marked",
    [
        "海岳矿业减持512枚比特币。|股价随后下跌！|为什么？！|市场仍在等待……|公司未回应。",
        "净利润12.5亿元；|营收30亿元;|现金流转正",
        "比特小鹿旗下BTC.com退出内地。|该网站在U.S. Market上线，版本1.2.3。",
        "Haiyue Mining Ltd. announced a plan.| The board agreed.| 公司收涨。",
        "算力约为825.4 PH/s.|其中一半在美国。",
        "海岳矿业并入HYM. |此后更名，HYM.中国公司未变。",
        "增长10%.|公司称满意.|完",
        "“我们不会出售。”海岳矿业董事长王立表示。|股价上涨。",
        "王立表示：“我们不会出售。”|公司股价说涨就涨。",
        "“已完成迁移。”|股价随后上涨。",
        "「我們不會出售。」|股價隨後上漲。",
        "他问：“何时复牌？”，公司未答。",
        '他说："不卖。"|董事会同意。',
        "公司（下称“海岳”；证券代码600000。另见公告）已复牌。|完毕。",
        "《谁来拯救海岳？》一文引发关注。|公司已回应。",
        "【海岳：是否退市？】财联社电，公司否认。",
        "他说：“未完。|另一句。|第三句没有引号。",
        "一、公司概况|\n1.公司主营采矿。|2. 公司拟扩产。|（一）主要风险|\n三.风险提示",
        "网址https://example.com/a?b=1&c=2;d见公告。",
        "\n\n 公司停牌\u3000|\n \n复牌",
    ],
)
def test_sentences(marked: str) -> None:
    text = marked.replace("|", "")
    sentences = [text[start:end] for start, end in split_sentences(text)]
    assert sentences == [each.strip() for each in marked.split("|")]


def test_a_quote_never_closed_ends_with_its_line() -> None:
    text = "他说：“不卖\n公司称：“已卖出。”\n股价下跌"
    assert [text[start:end] for start, end in split_sentences(text)] == text.split("\n")


def test_a_long_quotation_is_split_inside() -> None:
    sentences = ["“" + "公司将继续推进各项业务" * 5 + "。", "公司将继续推进各项业务" * 5 + "。”"]
    text = "".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_short_sentences_share_a_window_across_lines() -> None:
    text = "甲公司减持。\n\n乙公司增持。\n丙公司停牌。"
    assert windows(text) == [(0, len(text))]


def test_a_long_sentence_is_cut_after_a_comma() -> None:
    clause = "公司拟出售部分矿机，"
    text = clause * 40
    found = windows(text, 100)
    assert [text[start:end] for start, end in found] == [clause * 10] * 4


def test_the_last_windows_share_their_sentences_evenly() -> None:
    text = "公司今日复牌了啊。" * 23
    assert windows(text, 99) == [(0, 99), (99, 153), (153, 207)]


def test_text_without_punctuation_is_cut_hard_but_not_inside_a_number() -> None:
    text = "公司减持" * 20 + "1234567890" + "公司增持" * 20
    assert windows(text, 85) == [(0, 80), (80, 165), (165, 170)]


def test_a_window_needs_room_for_a_character() -> None:
    with pytest.raises(ValueError, match="max_characters=0"):
        windows("公司", 0)


@given(ARTICLES)
def test_sentences_cover_the_text_in_order(text: str) -> None:
    _assert_covering(text, split_sentences(text))


@given(ARTICLES, st.integers(1, 60))
def test_windows_are_short_and_cover_the_text_in_order(text: str, longest: int) -> None:
    found = windows(text, longest)
    _assert_covering(text, found)
    assert all(end - start <= longest for start, end in found)


@pytest.mark.parametrize("character", list('。.“"（ \n,，a公!；”'))
def test_a_long_run_of_one_character_is_covered(character: str) -> None:
    text = character * 20_000
    _assert_covering(text, windows(text))


def _assert_covering(text: str, spans: list[tuple[int, int]]) -> None:
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
