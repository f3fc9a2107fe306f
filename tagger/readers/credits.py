"""The source that an article's own text names: （文章来源：财联社）."""

from __future__ import annotations

import re

# A credit stands in the first or the last lines; elsewhere 来源 speaks of something else.
_LINES = 4
_CREDIT = re.compile(
    r"(?:^|[（(【\[\s|｜])(?:文章|稿件|本文|信息|新闻|资料|消息|內容|内容)?[来來]源\s*[：:]\s*"
    r"(?P<name>[^\s，。；;、,()（）【】\[\]|｜<>]{2,30})"
)
_LONGEST_LINE = 80


def find_source(body: str) -> str | None:
    """The source named in a credit at the head or the foot of the body, None where none is."""
    lines = [line.strip() for line in _ends(body)]
    for line in lines:
        match = _CREDIT.search(line)
        if match and (len(line) <= _LONGEST_LINE or line.endswith(match[0] + "）")):
            return match["name"]
    return None


def _ends(body: str) -> list[str]:
    """The last lines, nearest to the end first, then the first ones."""
    tail = body.rstrip().rsplit("\n", _LINES)[-_LINES:]
    head = body.lstrip().split("\n", _LINES)[:_LINES]
    return [*reversed(tail), *head]
