"""What has numerals or date words in it and is no quantity: 一次性, 三一重工, 5G, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tagger.numerals.article import Article
from tagger.numerals.tables import rows
from tagger.numerals.units import unit_at

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]++|(?<![\w.+-])[\w.+-]{1,64}+@[A-Za-z0-9.-]++")
# 010-88886666, 0755-88886666-8012, 400-820-8820
_TELEPHONE = re.compile(
    r"(?<![\d.-])(?:0\d{2,3}-\d{7,8}(?:-\d{1,5})?|[48]00-\d{3,4}-\d{3,4})(?![\d.%])"
)
# 〔2021〕237号, 银保监发[2022]5号, （2016）粤2071民初12552号
_DOCUMENT_NUMBER = re.compile(
    r"[〔\[﹝(（](?:19|20)\d\d[〕\]﹞)）](?:第|[一-龥]{1,2}\d{0,4}[一-龥]{1,4})?\d{1,5}号"
)
# Bonds by year, issuer and number: 18安通01, 20云岭水泥SCP003.
_BOND = re.compile(
    r"(?<![\d.])[012]\d[一-龥]{2,4}(?:0[1-9]|(?:SCP|CP|MTN|PPN|ABN)\d{3}[A-Z]{0,2})"
    r"(?![\d.,%％年月日号时点])"
)
# 公告编号：2020-051, 编号 临2020-038, 临2020-038
_ANNOUNCEMENT_NUMBER = re.compile(
    r"(?:编号[:： ]{0,3}[临第]? ?(?:19|20)\d\d(?:-临?\d{1,4})++|临 ?(?:19|20)\d\d-\d{3})"
    r"(?![\d年月])"
)
# COP15, but COP15亿 is money
_CONFERENCE = re.compile(r"COP\d{1,2}+(?![\d.,十百千万亿])")
# The sessions of a congress: 十四届人大三次会议.
_SESSION = re.compile("(?:届|人大|政协|大会)[一二三四五六七八九十]{1,2}次会议")
# “17+1合作”, “3+N”联盟: the names of schemes.
_SCHEME = re.compile(
    r"(?<=[“\"「‘])\d{1,2}(?:\+(?:\d{1,2}|[A-Z])(?![\dA-Za-z.%万亿])){1,4}|\d{1,2}\+N(?![A-Za-z])"
)
# What goes on from the figures of a name (12345, 7-11) makes a number of them.
_GOES_ON = re.compile(r"[.,，]\d| ?[%‰十百千万亿年月日号时]")
# T+1, T-2日: trading days from the day of a trade or an issue.
_SETTLEMENT = re.compile(r"(?<![0-9A-Za-z&/._=-])T[+-]\d{1,3}(?![\d.%])")


class Exclusions:
    """Finds at a numeral whether the word around it is in ``not_quantities.tsv``."""

    def __init__(self, stops: re.Pattern[str], openings: Iterable[str]) -> None:
        """``stops`` matches where the finder stops, ``openings`` are the words that it stops at.

        Each excluded word is kept by the two characters at its first stop.
        """
        self._words: dict[str, list[tuple[str, int]]] = {}
        # The keys of the words, for a look before the call.
        self.keys = self._words.keys()
        beginnings = {word[:length] for word in openings for length in range(1, len(word))}
        listed = sorted((row["text"] for row in rows("not_quantities.tsv")), key=len, reverse=True)
        for word in listed:
            for offset in range(len(word)):
                stopped = stops.match(word, offset) is not None
                # An opening may reach beyond the word: 明天 in 美好明 + 天.
                if stopped or word[offset:] in beginnings:
                    key = word[offset : offset + 2]
                    self._words.setdefault(key, []).append((word, offset))
                if stopped:
                    break

    def end_at(self, text: str, position: int) -> int:
        """Where the excluded word around ``position`` ends, or 0."""
        words = self._words
        pair = text[position : position + 2]
        for key in (pair, pair[0]):
            for word, offset in words.get(key, ()):
                begin = position - offset
                if begin >= 0 and text.startswith(word, begin) and _stands_free(text, begin, word):
                    return begin + len(word)
        return 0


def _stands_free(text: str, begin: int, word: str) -> bool:
    """5G is not the end of 15G, nor 3M the beginning of 3Mbps, nor 12345 of 12345.6万元."""
    end = begin + len(word)
    before, after = text[begin - 1 : begin], text[end : end + 1]
    if word[0].isdigit() and word[0].isascii() and (before.isdigit() or before == "."):
        return False
    if word[-1].isdigit() and (_GOES_ON.match(text, end) or unit_at(text, end) is not None):
        return False
    return not (word[-1].isascii() and after.isascii() and after.isalnum())


def addresses(article: Article) -> list[tuple[int, int]]:
    """Spans of addresses, telephone and document numbers, bonds, climate summits, sessions of a
    congress, days of settlement, schemes and heads of tables.

    They are in order; one may lie within another.
    """
    text = article.text
    spans = [(head.start, head.figures) for head in article.heads]
    if "://" in text or "www." in text or "@" in text:
        spans += [match.span() for match in _ADDRESS.finditer(text)]
    if "-" in text:
        spans += [match.span() for match in _TELEPHONE.finditer(text)]
        if "编号" in text or "临" in text:
            spans += [match.span() for match in _ANNOUNCEMENT_NUMBER.finditer(text)]
    if "T+" in text or "T-" in text:
        spans += [match.span() for match in _SETTLEMENT.finditer(text)]
    if "+" in text:
        spans += [match.span() for match in _SCHEME.finditer(text)]
    if "号" in text:
        spans += [match.span() for match in _DOCUMENT_NUMBER.finditer(text)]
    if "债" in text or "券" in text:
        spans += [match.span() for match in _BOND.finditer(text)]
    if "COP" in text:
        spans += [match.span() for match in _CONFERENCE.finditer(text)]
    if "次会议" in text:
        spans += [match.span() for match in _SESSION.finditer(text)]
    if len(spans) > 1:
        spans.sort()
    return spans
