"""Numbers with neither unit nor counting word: which of them count, and which are money."""

from __future__ import annotations

import re
from functools import lru_cache

from tagger.numerals.number import Numeral
from tagger.numerals.qualifiers import qualifier_before
from tagger.numerals.tables import Words, rows, settings

# Security codes have six digits (five with a leading 0 in Hong Kong), telephone numbers more.
_CODE_DIGITS = 6
_MAX_DIGITS = 8
# How far back, in characters, words that say money may stand.
_REACH = 16
# How far back, in characters, a slash list may begin, and what it is written with.
_LIST_REACH = 64
_LIST_CHARACTERS = "0123456789.,-/万亿"
_CLAUSE = re.compile(r"[，。；！？,;!?\n【】]")
_DIGITS_ONLY = re.compile(r"\d++")
_OPENING = '(（〔[【“"‘「『《'
_CLOSING = ')）〕]】”"’」』》'
# Those born in a decade: 80后, 65-80后, 80、90后.
_GENERATION = re.compile(r"(?<![\d.])[5-9][05](?:[-~至到、和/][05-9][05]){0,5}+后")
# A futures contract is named by the month of its delivery: 2301合约, 合约2205.
_CONTRACT_MONTH = re.compile(r"\d{1,2}(?:0[1-9]|1[0-2])")
_CONTRACT = ("合约", "主力")
_CONTRACTS = ("合约", "主力合约")
# 9大类, 前10大股东, but 100大关
_GREAT = re.compile(r"\d{1,3}+ ?大(?![关幅涨跌增减降])")
# What a number of a slash list ends with, and the power of ten, 万, that makes a list of it.
_LISTED = frozenset("0123456789万亿")
LEAST_SCALE = 4
# Before the number of an item within a line: 风险如下：1、…，2、….
_BEFORE_ITEM = tuple("：:，,")
_CODE_AFTER = re.compile(r"\.[A-Za-z]|\.\d")


def is_bare_number(text: str, start: int, end: int, numeral: Numeral) -> bool:
    """Whether a number without unit counts something rather than naming it."""
    if numeral.style == "fraction":
        return True
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if numeral.style == "chinese":
        return _is_bare_chinese(text, start, end, before)
    if _touches_name(text, start, end, before, after, numeral.scale >= LEAST_SCALE):
        return False
    digits = text[start:end]
    if _DIGITS_ONLY.fullmatch(digits):
        if len(digits) == _CODE_DIGITS:
            # 600519 is a code, 新增486428 a count.
            return text.endswith(tuple(settings("names.toml")["before_counts"]), 0, start)
        if len(digits) >= _MAX_DIGITS:
            return len(digits) == len(text)
        if digits[0] == "0" and len(digits) > 1:
            return False
        if before in "(（〔[" and before and after in ")）〕]" and len(digits) != 3:
            return False
        if after in "、.)）" and after and _starts_line(text, start, before):
            return False
        if after == "、" and before in _BEFORE_ITEM and not text[end + 1 : end + 2].isdigit():
            return False
        if after in ")）" and after and _numbers_item(text, start):
            return False
    return True


def is_money_by_context(text: str, start: int, end: int) -> bool:
    """Whether the clause before a large bare number, or the word after, speaks of money."""
    begin = start
    if text[start - 1 : start] == "/":
        listed = text[max(0, start - _LIST_REACH) : start]
        begin -= len(listed) - len(listed.rstrip(_LIST_CHARACTERS))
    clause = _CLAUSE.split(text[max(0, begin - _REACH) : begin])[-1]
    words, money = _context_words()
    said = words.findall(clause)
    if said:
        return said[-1] in money
    after = words.match(text, end)
    return after is not None and after[0] in money


def _touches_name(text: str, start: int, end: int, before: str, after: str, scaled: bool) -> bool:
    if before and before.isascii() and (before.isdigit() or before in "._#@&\\='’"):
        return True
    # PMI53.1 has a value, PE100 is the grade of a plastic.
    indicated = "." in text[start:end] and not _follows_name(text, start)
    if before and before.isascii() and before.isalpha() and not indicated:
        return True
    if before == " " and _follows_name(text, start - 1):
        return True
    if before and before in '“"《「‘' and after.isalpha() and end - start < 5:
        return True
    # 《星际旅行2》
    if after == "》" and before.isalpha():
        return True
    if after == "-" and text[end + 1 : end + 2].isalpha():
        return True
    # 801/1104亿: a scale shows that a number in a list counts.
    listed = scaled and text[start - 2 : start - 1] in _LISTED
    if before == "/" and start >= 2 and text[start - 2].isalnum() and not listed:
        return True
    # 5000亿MLF: nor does a name go on from a scale.
    if after and after.isascii() and ((after.isalpha() and not scaled) or after in "_@&=#"):
        return True
    if _CODE_AFTER.match(text, end):
        return True
    if text[start:end] in settings("names.toml")["companies"] and not _is_level(text, start):
        # 360称, 融360, but 降至360
        return before.isalpha() or after.isalpha()
    # 波音737 and 小米12, but 波音200亿订单
    if _GREAT.match(text, start) or (not scaled and names_thing(text, start, end)):
        return True
    if _GENERATION.match(text, start) and not _is_level(text, start):
        return True
    return _names()[1].at(text, end) is not None and not _is_run(text, end)


def names_thing(text: str, start: int, end: int) -> bool:
    """Whether an index (罗素2000) or a futures contract (2005合约) is called by the number."""
    return _names()[0].before(text, start) is not None or _names_contract(text, start, end)


def _follows_name(text: str, end: int) -> bool:
    """Whether letters end at ``end`` (iPhone 13) that name no indicator (PMI 53.1)."""
    if not (end and text[end - 1].isascii() and text[end - 1].isalpha()):
        return False
    begin = end - 1
    while begin and text[begin - 1].isascii() and text[begin - 1].isalnum():
        begin -= 1
    return text[begin:end] not in settings("names.toml")["indicators"]


def _names_contract(text: str, start: int, end: int) -> bool:
    """Whether the number is the month that a futures contract is named by."""
    if not (text.endswith(_CONTRACT, 0, start) or text.startswith(_CONTRACTS, end)):
        return False
    return _CONTRACT_MONTH.fullmatch(text, start, end) is not None


def _is_level(text: str, start: int) -> bool:
    """跌破80后, 升至95后: what something has reached."""
    reached = tuple(settings("names.toml")["before_counts"])
    return qualifier_before(text, start) is not None or text.endswith(reached, 0, start)


def _is_run(text: str, end: int) -> bool:
    """五连跌, 4连涨: days in a row."""
    return text.startswith(tuple(settings("names.toml")["counted"]), end)


def _is_bare_chinese(text: str, start: int, end: int, before: str) -> bool:
    names = settings("names.toml")
    if _is_run(text, end):
        return True
    if before == "第" or _names()[1].at(text, end) is not None:
        return False
    written = text[start:end]
    if "点" in written or before == "负" or end - start == len(text):
        return True
    if any(each in "百千万亿" for each in written):
        if not all(each in "十百千万亿兆" for each in written):
            return True
        # 百亿 names a size (百亿私募, 千兆光网), 超百亿 and 近百万 count.
        return len(written) > 1 and qualifier_before(text, start) is not None
    if text.startswith(tuple(names["arithmetic"]), end):
        return True
    if len(written) == 1 or not any(each in "十拾廿卅" for each in written):
        return text.endswith(tuple(names["arithmetic"]), 0, start)
    after = text[end : end + 1]
    if before in _OPENING and after in _CLOSING and before and after:
        # （十一） is a heading.
        return False
    return not after.isalpha() or text.startswith(tuple(names["bare_followers"]), end)


def _starts_line(text: str, start: int, before: str) -> bool:
    if before == " " and text[start - 2 : start - 1].isascii():
        # 1、…, 2、… after a blank, but PE 35、28倍
        return not text[start - 2 : start - 1].isalpha()
    return start == 0 or before in "\n(（ 。；"


def _numbers_item(text: str, start: int) -> bool:
    """建议关注：1）...；2）...: a closing bracket that none opened."""
    opening = max(text.rfind(each, max(0, start - _REACH), start) for each in "(（")
    closing = max(text.rfind(each, max(0, start - _REACH), start) for each in ")）")
    before = text[max(0, start - _REACH) : start].rstrip(" ")
    return before.endswith(tuple("：:；;，,。")) and opening <= closing


@lru_cache(maxsize=1)
def _context_words() -> tuple[re.Pattern[str], frozenset[str]]:
    """The words of ``money_context.tsv``, the longest first, and those that say money."""
    table = sorted(rows("money_context.tsv"), key=lambda row: -len(row["text"]))
    words = (row["text"] + (f"(?![{row['stops']}])" if row["stops"] else "") for row in table)
    money = frozenset(row["text"] for row in table if row["money"] == "1")
    return re.compile("|".join(words)), money


@lru_cache(maxsize=1)
def _names() -> tuple[Words[None], Words[None]]:
    """Words before and after which a bare number is part of a name."""
    table = settings("names.toml")
    return (
        Words((word, None) for word in table["before"]),
        Words((word, None) for word in table["after"]),
    )
