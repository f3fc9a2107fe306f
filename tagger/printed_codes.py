"""Security codes where their print leaves no doubt: 600519.SH, SZ 002103, （行情601229）.

The network reads most of them; what it cuts short or misses is set right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tagger.lexicon import Lexicon
from tagger.text import normalize

_END = r"(?![0-9A-Za-z]|\.[0-9A-Za-z])"
_ALONE = r"(?<![0-9A-Za-z.])"
# The affix belongs to the code, before it or behind it, with a mark, a space or nothing between.
_AFFIXED = re.compile(
    rf"{_ALONE}(?:(?i:SH|SZ|BJ)[ .:]?\d{{6}}|(?i:HK)[ .:]?\d{{4,5}}"
    rf"|\d{{6}}[.-](?:(?i:SH|SZ|BJ|SS)|XSHG|XSHE)|\d{{3,5}}[.,，-](?i:HK)|\d{{4}}\.TWO?"
    rf"|[A-Z]{{1,5}}(?:\.[A-Z])?\.(?:US|OQ|N|O)){_END}"
)
# In the bracket behind a name, alone or with a word before it. Six digits that begin with 1, 5 or 7
# may be an amount; funds and bonds have such codes.
_BRACKETED = re.compile(
    r"(?<=[\u4e00-\u9fffA-Za-z)])(?<![第字号])[ \u3000]?[(\[【]\s*"
    r"(?:行情|[沪深]市|[沪深港]股)?[\s:]*(?P<code>[034689]\d{5}|0\d{4})(?=\s*(?:[)\]】]|[,，、;/]))"
)
# Airports, projects and lines of a program have codes too.
_CALLED = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|股票|股份|基金|[股券债购售]|[上沪深]市|交所|交易所?|纳斯达克|挂牌|场内|公司"
    r"|指数|(?:简称|名称)[及和与])"
    r"代[码号](?:分别)?[\s为是“”\"「:]*"
    rf"(?P<code>\d{{4,9}}(?:\.(?:SH|SZ|BJ|HK|IB))?|[A-Z]{{1,5}}){_END}"
)
_ON_EXCHANGE = re.compile(
    rf"(?:纳斯达克|纽交所|纽约证券交易所|NASDAQ|Nasdaq|NYSE)\s*[:：]\s*(?P<code>[A-Z]{{1,5}}){_END}"
)
_SYMBOL = re.compile(r"(?<=、)[A-Z]{2,5}(?=、|(?:盘前|盘后|现|均|收)*[涨跌]|等)|[A-Z]{2,5}(?=、)")
_WHOLE = re.compile(r"(?:[A-Za-z]{2}[ .:]?)?[0-9A-Z]+(?:\.[A-Z])?(?:[.,，-][A-Za-z]{1,4})?")
_RATING = re.compile(r"[ABC]{1,3}")
_RATED = re.compile(r"评级|等级|级由")
_BEFORE = 16


def printed_codes(plain: str) -> Iterator[tuple[int, int]]:
    """Spans (code points) of the codes that are sure in a normalised text; one may come twice, or
    inside another."""
    for match in _AFFIXED.finditer(plain):
        yield match.span()
    for pattern in (_BRACKETED, _CALLED, _ON_EXCHANGE):
        for match in pattern.finditer(plain):
            yield match.span("code")


def listed_symbols(plain: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Spans of known American codes in a list of a normalised text: 谷歌A、FTNT、高通. SUV、MPV is
    such a list too, so one is sure only where something else says that it is a name."""
    for match in _SYMBOL.finditer(plain):
        if not lexicon.entries(match[0]) and lexicon.american_id(match[0]):
            yield match.span()


def is_one_code(text: str) -> bool:
    """Whether a text is one code, with or without its affix, and nothing else."""
    return _WHOLE.fullmatch(normalize(text)) is not None


def is_rating(text: str, start: int, end: int) -> bool:
    """Whether a supposed code in a normalised text is a credit rating: 评级由AA下调至BBB."""
    before = text[max(0, start - _BEFORE) : start]
    return bool(_RATING.fullmatch(text[start:end]) and _RATED.search(before))
