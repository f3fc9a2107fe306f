"""Which characters of a text stand in a known name: what the network reads beside the text.

A small encoder cannot know five thousand companies by heart; the lexicon does (Zhang and Yang 2018
and Ma et al. 2020 show what words of a lexicon add to characters).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagger.lexicon import Entry, Lexicon

# A known name is two characters long at least: where a character stands in it.
PLACES = ("B", "I", "E")

# What is said of a kind whose names do not decide: ordinary words, and names that others share.
DOUBTFUL = "?"


@dataclass(frozen=True)
class KnownNames:
    """Tags the characters of known names. ``kinds`` are labels of the lexicon, each with or without
    :data:`DOUBTFUL` behind it, in the order in which a model learned them."""

    lexicon: Lexicon
    kinds: Sequence[str]

    def __call__(self, text: str) -> NDArray[np.int64]:
        """[characters] 0 outside of known names, else 1 + the kind's number x 3 + the place in the
        name; ``text`` as :meth:`tagger.lexicon.Lexicon.match` wants it."""
        tags = np.zeros(len(text), dtype=np.int64)
        for match in self.lexicon.match(text):
            kind = kind_of(match.entries)
            if kind not in self.kinds:
                continue
            first = 1 + len(PLACES) * self.kinds.index(kind)
            tags[match.start] = first
            tags[match.start + 1 : match.end - 1] = first + 1
            tags[match.end - 1] = first + 2
        return tags


def kind_of(entries: Sequence[Entry]) -> str:
    """The kind of a name that may stand for each of ``entries``: the label of the first, doubtful
    if one of them is ambiguous or they differ in label."""
    doubtful = any(entry.ambiguous or entry.label != entries[0].label for entry in entries)
    return entries[0].label + DOUBTFUL * doubtful


def table_size(kinds: Sequence[str]) -> int:
    """How many tags there are."""
    return 1 + len(PLACES) * len(kinds)
