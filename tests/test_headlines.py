"""Where headlines end."""

from __future__ import annotations

from time import perf_counter

import pytest

from tagger.document import Document
from tagger.headlines import headline_end


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("", "海岳矿业公告，拟以自有资金回购公司股份。"),
        ("【海岳矿业拟回购股份】", "海岳矿业公告，拟以自有资金回购公司股份。"),
        (
            "原标题：海岳矿业拟回购股份    来源：财联社",
            "\n海岳矿业公告，拟以自有资金回购公司股份。",
        ),
        (
            "原标题：海岳矿业拟回购股份 来源：财联社",
            " 财联社讯，海岳矿业公告，拟以自有资金回购公司股份。",
        ),
        (
            "原标题：海岳矿业(3.870,0.11,2.93%)拟回购股份\n",
            "海岳矿业公告，拟以自有资金回购公司股份。",
        ),
        ("（原标题：海岳矿业（00945）拟回购股份）", " 海岳矿业公告，拟以自有资金回购公司股份。"),
        ("点击开户！\n原标题：海岳矿业拟回购股份\n", "海岳矿业公告，拟以自有资金回购公司股份。"),
        (
            "原标题：海岳矿业拟回购 来源：财联社\n【海岳矿业拟回购股份】",
            "海岳矿业公告，拟以自有资金回购公司股份。",
        ),
        # its end is not marked, or it stands behind the text
        ("", "原标题：海岳矿业拟回购股份 财联社讯，海岳矿业公告，拟以自有资金回购公司股份。"),
        (
            "【海岳矿业拟回购】",
            "海岳矿业公告，拟回购股份。（原标题：海岳矿业拟回购股份）\n编辑：沈",
        ),
        ("", "海岳矿业公告，拟回购股份。" * 30 + "\n原标题：海岳矿业拟回购股份\n"),
    ],
)
def test_a_flash_and_a_reprint_begin_with_their_headline(headline: str, body: str) -> None:
    assert headline_end(Document(headline + body)) == len(headline)


def test_a_headline_may_be_repeated_behind_the_title() -> None:
    text = "海岳矿业拟回购\n【海岳矿业拟回购股份】海岳矿业公告。"
    assert headline_end(Document(text, body_start=8)) == text.index("】") + 1


@pytest.mark.parametrize("repeated", ["原标题：", "（原标题：海", "来源：", "【", "原标题：海】【"])
def test_long_texts_are_read_in_no_time(repeated: str) -> None:
    started = perf_counter()
    headline_end(Document(repeated * 20_000))
    assert perf_counter() - started < 1
