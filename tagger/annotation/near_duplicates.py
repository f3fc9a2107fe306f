"""Sentences that say the same in nearly the same words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from tagger.text import normalize

# Shingles and their resemblance: Broder 1997. In a sentence of 40 characters, one name exchanged
# for another leaves about 0.7.
_SHINGLE = 3
_ALIKE = 0.6

_NO_WORD = re.compile(r"[\W_]+")
# The bulletins of two days differ in their figures alone, and the second teaches nothing new.
_DIGITS = re.compile(r"\d+")


def shingles_of(text: str) -> frozenset[str]:
    """The runs of three characters of a text, without punctuation, and with 0 for each number."""
    words = _DIGITS.sub("0", _NO_WORD.sub("", normalize(text).lower()))
    return frozenset(words[at : at + _SHINGLE] for at in range(max(1, len(words) - _SHINGLE + 1)))


class NearDuplicates:
    """Holds sentences by number, and finds those like another; as large as what it holds."""

    def __init__(self) -> None:
        self._shingles: dict[int, frozenset[str]] = {}
        self._holding: defaultdict[str, set[int]] = defaultdict(set)

    def like(self, shingles: frozenset[str]) -> set[int]:
        """The held sentences of which these shingles are a near-duplicate."""
        shared = Counter(number for each in shingles for number in self._holding.get(each, ()))
        return {
            number
            for number, count in shared.items()
            if count >= _ALIKE * (len(shingles) + len(self._shingles[number]) - count)
        }

    def add(self, number: int, shingles: frozenset[str]) -> None:
        """Takes in a sentence."""
        self._shingles[number] = shingles
        for each in shingles:
            self._holding[each].add(number)

    def remove(self, number: int) -> None:
        """Lets a sentence go."""
        for each in self._shingles.pop(number):
            self._holding[each].discard(number)
            if not self._holding[each]:
                del self._holding[each]
