"""Words with numerals or date words in them that are no quantities: 一次性, 三一重工, 5G."""

from __future__ import annotations

import re

from tagger.numerals.tables import rows

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]++|(?<![\w.+-])[\w.+-]{1,64}+@[A-Za-z0-9.-]++")
# 〔2021〕237号, 银保监发[2022]5号
_DOCUMENT_NUMBER = re.compile(r"[〔\[﹝(（](?:19|20)\d\d[〕\]﹞)）](?:第)?\d{1,5}号")


class Exclusions:
    """Finds at a numeral whether the word around it is in ``not_quantities.tsv``."""

    def __init__(self, characters: frozenset[str], pairs: frozenset[str]) -> None:
        """``characters`` and ``pairs`` are where the finder stops; words are kept by that place."""
        self._words: dict[str, list[tuple[str, int]]] = {}
        listed = sorted((row["text"] for row in rows("not_quantities.tsv")), key=len, reverse=True)
        for word in listed:
            stops = (
                i for i, each in enumerate(word) if each in characters or word[i : i + 2] in pairs
            )
            offset = next(stops, None)
            if offset is not None:
                key = word[offset : offset + 2]
                self._words.setdefault(key, []).append((word, offset))

    def end_at(self, text: str, position: int) -> int:
        """Where the excluded word around ``position`` ends, or 0."""
        for key in (text[position : position + 2], text[position]):
            for word, offset in self._words.get(key, ()):
                begin = position - offset
                if begin >= 0 and text.startswith(word, begin) and _stands_free(text, begin, word):
                    return begin + len(word)
        return 0


def _stands_free(text: str, begin: int, word: str) -> bool:
    """5G is not the end of 15G, nor 3M the beginning of 3Mbps."""
    before, after = text[begin - 1 : begin], text[begin + len(word) : begin + len(word) + 1]
    if word[0].isdigit() and word[0].isascii() and (before.isdigit() or before == "."):
        return False
    return not (word[-1].isascii() and after.isascii() and after.isalnum())


def addresses(text: str) -> list[tuple[int, int]]:
    """Spans of web addresses, mail addresses and document numbers, in order, not overlapping."""
    spans: list[tuple[int, int]] = []
    if "://" in text or "www." in text or "@" in text:
        spans = [match.span() for match in _ADDRESS.finditer(text)]
    if "号" in text:
        spans += [match.span() for match in _DOCUMENT_NUMBER.finditer(text)]
        spans.sort()
    return spans
