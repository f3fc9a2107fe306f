"""Where the headline of an article ends and its body begins."""

from __future__ import annotations

import re

from tagger.document import Document

# A flash begins with its headline: 【海岳矿业拟收购甲厂】海岳矿业公告.
_FLASH = re.compile(r"\s{0,9}【[^】\n]{1,100}】")
# Reprints keep theirs: 原标题：海岳矿业回购50万股 来源：财联社. Of 9,215 paragraphs of news 389 do.
_REPRINTED = re.compile(
    r"原标题[:：][^\n]{1,150}?(?:来源[:：][ \t]{0,3}\S{1,20}(?=\s)|\n)"
    r"|[（(]原标题[:：][^\n]{1,150}?[）)](?=\s)"
)
# Before it may stand an advertisement, behind one at an article's end only an editor's name.
_REACH = 300
_SHORTEST_BODY = 8


def headline_end(document: Document) -> int:
    """Where the headline ends that a reader put first, or that a flash or a reprint begins with;
    0 where there is none."""
    text = document.text
    end = document.body_start
    reprinted = _REPRINTED.search(text, end, end + _REACH)
    if reprinted is not None and len(text[reprinted.end() :].strip()) >= _SHORTEST_BODY:
        end = reprinted.end()
    while follow := _FLASH.match(text, end) or _REPRINTED.match(text, end):
        end = follow.end()
    return end
