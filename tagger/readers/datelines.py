"""The publication time that stands above an article's text: 2013-10-18 10:05 来源：时经网."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from tagger.published import WRITTEN, read_published

# A dateline is one of the first lines, and short; elsewhere a date speaks of something else.
_LINES = 4
_LONGEST_LINE = 80
_SAYS_SO = re.compile(
    r"(?:.{0,40}[\s|｜])?(?:[发發][布佈表]|刊[发發]|更新)(?:[时時][间間]|日期|[于於])\s*[：:]?\s*"
)
_CREDIT = (
    r"(?:[文稿]?[章件]?[来來]源|作者|[记記]者|[责責]?[任]?[编編][辑輯]?|[阅閱][读讀]|[浏瀏][览覽]|"
    r"[点點][击擊]|[评評][论論]|字[号號体體]|文)\s{0,4}[：:／/（(]"
)
# 日期 alone, or a bare date, may be of a meeting, so that nothing but credits may stand beside it.
_BESIDE_CREDITS = re.compile(
    rf"(?:[时時][间間]|日期)\s*[：:]\s*|{_CREDIT}[^，。；！？]{{1,40}}[\s|｜]|"
)
_ENDS = re.compile(rf"(?:星期|周|週)?[一二三四五六日]?[\s）)】\]|｜]*(?:{_CREDIT}.*|)")
_NAME = re.compile(r"[^\s：:，。；！？\d]{2,12}[\s|｜]+|")
_NAME_OR_CREDITS = re.compile(r"[\s|｜]*(?![-–—~～至])[^，。；！？：:]{0,30}")


def find_dateline(lines: Iterable[str]) -> datetime | None:
    """The time, or the day, that one of the first lines of an article says that it appeared at.

    None where none does, or where it could as well be the time of something else.
    """
    for line in islice(filter(None, (line.strip("\t 　（(【[]】)）") for line in lines)), _LINES):
        match = WRITTEN.search(line) if len(line) <= _LONGEST_LINE else None
        if match and _is_dateline(match, line[: match.start()], line[match.end() :].strip()):
            return read_published(match[0])
    return None


def _is_dateline(date: re.Match[str], before: str, after: str) -> bool:
    if _SAYS_SO.fullmatch(before):
        return True
    if _BESIDE_CREDITS.fullmatch(before) and _ENDS.fullmatch(after):
        return True
    with_names = bool(_NAME.fullmatch(before) and _ENDS.fullmatch(after)) or (
        not before and bool(_NAME_OR_CREDITS.fullmatch(after))
    )
    return bool(date["hour"]) and with_names
