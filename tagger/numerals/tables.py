"""The word lists of the rules layer: TSV and TOML files that a reader of Chinese can check.

Every table is read when first asked for and kept for the life of the process.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

_FOLDER = Path(__file__).parent / "tables"

T = TypeVar("T")


class Words(Generic[T]):
    """Words with what they mean, looked up where they begin or end in a text; the longest wins."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._first: dict[str, list[tuple[str, T]]] = {}
        self._last: dict[str, list[tuple[str, T]]] = {}
        for word, meaning in sorted(entries, key=lambda entry: -len(entry[0])):
            self._first.setdefault(word[0], []).append((word, meaning))
            self._last.setdefault(word[-1], []).append((word, meaning))

    @property
    def first_characters(self) -> str:
        """Every character that begins a word."""
        return "".join(self._first)

    def at(self, text: str, start: int) -> tuple[str, T] | None:
        """The longest word that begins at ``start``."""
        for entry in self._first.get(text[start : start + 1], ()):
            if text.startswith(entry[0], start):
                return entry
        return None

    def all_at(self, text: str, start: int) -> Iterator[tuple[str, T]]:
        """Every word that begins at ``start``, the longest first."""
        for entry in self._first.get(text[start : start + 1], ()):
            if text.startswith(entry[0], start):
                yield entry

    def before(self, text: str, end: int) -> tuple[str, T] | None:
        """The longest word that ends at ``end``."""
        if end <= 0:
            return None
        for entry in self._last.get(text[end - 1], ()):
            if text.endswith(entry[0], 0, end):
                return entry
        return None


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


@lru_cache(maxsize=None)
def settings(name: str) -> dict[str, Any]:
    """A TOML file of the tables folder."""
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
