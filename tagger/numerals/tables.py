"""The word lists of the rules layer: TSV and TOML files that a reader of Chinese can check.

Every table is read when first asked for and kept for the life of the process.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

_FOLDER = Path(__file__).parent / "tables"

T = TypeVar("T")


class Words(Generic[T]):
    """Words with what they mean, looked up where they begin or end in a text; the longest wins."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        # Two characters tell most words apart, so that a look-up compares one or two candidates.
        self._entries = sorted(entries, key=lambda entry: -len(entry[0]))
        self._first: dict[str, list[tuple[str, T]]] = {}
        self._last: dict[str, list[tuple[str, T]]] = {}
        for entry in self._entries:
            self._first.setdefault(entry[0][:2], []).append(entry)
            self._last.setdefault(entry[0][-2:], []).append(entry)
        for words, place in ((self._first, 0), (self._last, -1)):
            for pair, found in words.items():
                if len(pair) == 2:
                    found.extend(words.get(pair[place], ()))
        self.first_characters = frozenset(word[0] for word, _ in self._entries)
        self.last_characters = frozenset(word[-1] for word, _ in self._entries)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self._entries)

    def candidates(self, text: str, start: int) -> Sequence[tuple[str, T]]:
        """Words that begin with the characters at ``start``, the longest first.

        Their first characters are there, their further ones are still to be compared.
        """
        pair = text[start : start + 2]
        return self._first.get(pair) or self._first.get(pair[:1]) or ()

    def at(self, text: str, start: int) -> tuple[str, T] | None:
        """The longest word that begins at ``start``."""
        first = self._first
        pair = text[start : start + 2]
        # As in candidates, without the call: this is the rules layer's innermost loop.
        for entry in first.get(pair) or first.get(pair[:1]) or ():
            if text.startswith(entry[0], start):
                return entry
        return None

    def before(self, text: str, end: int) -> tuple[str, T] | None:
        """The longest word that ends at ``end``."""
        if end <= 0:
            return None
        pair = text[end - 2 : end] if end > 1 else text[0]
        for entry in self._last.get(pair) or self._last.get(pair[-1]) or ():
            if text.endswith(entry[0], 0, end):
                return entry
        return None


def word_pattern(words: Iterable[str]) -> str:
    """A regular expression for any of the words, in which each character is looked at once.

    It matches the shortest of the words that begin alike, which says that one of them is there.
    """
    branches: dict[str, list[str]] = {}
    for word in sorted(words):
        branches.setdefault(word[0], []).append(word[1:])
    choices = []
    for first, rests in branches.items():
        rest = "" if "" in rests else word_pattern(rests)
        choices.append(re.escape(first) + (f"(?:{rest})" if "|" in rest else rest))
    return "|".join(choices)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a TSV file by the names in its first line; lines that begin with # are notes.

    Raises ValueError naming the file and line of a row with too many fields.
    """
    header: list[str] | None = None
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if header is None:
            header = fields
            continue
        if len(fields) > len(header):
            raise ValueError(f"{name}, line {number}: {len(fields)} fields, expected {len(header)}")
        fields += [""] * (len(header) - len(fields))
        yield dict(zip(header, fields, strict=True))


@cache
def settings(name: str) -> dict[str, Any]:
    """A TOML file of the tables folder."""
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
