"""Tokens to text: Chinese without spaces, a space between Latin words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_LATIN_WORD = re.compile(r"[A-Za-z0-9À-ɏ]{2}")
_ENDS_LATIN = re.compile(r"[A-Za-z0-9À-ɏ]$")
_BEGINS_LATIN = re.compile(r"[A-Za-z0-9À-ɏ]")
# Behind these a space stands before a word, but none before a digit: "Inc. said", "3.5".
_ENDS_CLAUSE = re.compile(r"[.,;:!?)%]$")
_BEGINS_WORD = re.compile(r"[A-Za-zÀ-ɏ]")


def joined(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text of tokens, and the half-open place of each in it.

    Where every token is a single character, as in corpora that are tagged character by character,
    Latin letters are parts of words and nothing is put between them.
    """
    apart = any(_LATIN_WORD.search(token) for token in tokens)
    text = tokens[0] if tokens else ""
    places = [(0, len(text))]
    for left, right in pairwise(tokens):
        if apart and _stand_apart(left, right):
            text += " "
        places.append((len(text), len(text) + len(right)))
        text += right
    return text, places


def _stand_apart(left: str, right: str) -> bool:
    if _ENDS_LATIN.search(left):
        return _BEGINS_LATIN.match(right) is not None
    return _ENDS_CLAUSE.search(left) is not None and _BEGINS_WORD.match(right) is not None
