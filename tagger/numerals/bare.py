"""Numbers with neither unit nor counting word: which of them count, and which are money."""

from __future__ import annotations

import re
from functools import lru_cache

from tagger.numerals.number import Numeral
from tagger.numerals.tables import Words, rows, settings

# Security codes have six digits (five with a leading 0 in Hong Kong), telephone numbers more.
_CODE_DIGITS = 6
_MAX_DIGITS = 8
# How far back, in characters, words that say money may stand.
_REACH = 16
_CLAUSE = re.compile(r"[，。；！？,;!?\n【】]")
_DIGITS_ONLY = re.compile(r"\d++")
_CODE_AFTER = re.compile(r"\.[A-Za-z]|\.\d")


def is_bare_number(text: str, start: int, end: int, numeral: Numeral) -> bool:
    """Whether a number without unit counts something rather than naming it."""
    if numeral.style == "fraction":
        return True
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if numeral.style == "chinese":
        return _is_bare_chinese(text, start, end, before)
    if _touches_name(text, start, end, before, after):
        return False
    digits = text[start:end]
    if _DIGITS_ONLY.fullmatch(digits):
        if len(digits) == _CODE_DIGITS or len(digits) >= _MAX_DIGITS:
            return False
        if digits[0] == "0" and len(digits) > 1:
            return False
        if before in "(（〔[" and before and after in ")）〕]" and len(digits) != 3:
            return False
        if after in "、.)）" and after and _starts_line(text, start, before):
            return False
    return True


def is_money_by_context(text: str, start: int, end: int) -> bool:
    """Whether the clause before a large bare number, or the word after, speaks of money."""
    clause = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
    words = _money_words()
    return any(word in clause for word in words) or text.startswith(words, end)


def _touches_name(text: str, start: int, end: int, before: str, after: str) -> bool:
    if before and before.isascii() and (before.isalnum() or before in "._#@&\\='’"):
        return True
    if before == " " and start >= 2 and text[start - 2].isascii() and text[start - 2].isalpha():
        return True
    if before and before in '“"《「‘' and after.isalpha() and end - start < 5:
        return True
    if after == "-" and text[end + 1 : end + 2].isalpha():
        return True
    if before == "/" and start >= 2 and text[start - 2].isalnum():
        return True
    if after and after.isascii() and (after.isalpha() or after in "_@&="):
        return True
    if _CODE_AFTER.match(text, end):
        return True
    names = _names()
    return names[0].before(text, start) is not None or names[1].at(text, end) is not None


def _is_bare_chinese(text: str, start: int, end: int, before: str) -> bool:
    if before == "第" or _names()[1].at(text, end) is not None:
        return False
    if start == 0 and end == len(text):
        return True
    written = text[start:end]
    if "点" in written:
        return True
    return any(each in "百千万亿" for each in written) and not all(
        each in "十百千万亿" for each in written
    )


def _starts_line(text: str, start: int, before: str) -> bool:
    return start == 0 or before in "\n(（ 。；"


@lru_cache(maxsize=1)
def _money_words() -> tuple[str, ...]:
    return tuple(row["text"] for row in rows("money_context.tsv"))


@lru_cache(maxsize=1)
def _names() -> tuple[Words[None], Words[None]]:
    """Words before and after which a bare number is part of a name."""
    table = settings("names.toml")
    return (
        Words((word, None) for word in table["before"]),
        Words((word, None) for word in table["after"]),
    )
