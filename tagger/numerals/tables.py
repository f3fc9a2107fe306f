"""The word lists of the rules layer: TSV and TOML files that a reader of Chinese can check.

Every table is read when first asked for and kept for the life of the process.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

_FOLDER = Path(__file__).parent / "tables"

T = TypeVar("T")


class Words(Generic[T]):
    """Words with what they mean, looked up where they begin or end in a text; the longest wins."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        # Two characters tell most words apart, so that a look-up compares one or two candidates.
        self._first: dict[str, list[tuple[str, T]]] = {}
        self._last: dict[str, list[tuple[str, T]]] = {}
        for word, meaning in sorted(entries, key=lambda entry: -len(entry[0])):
            self._first.setdefault(word[:2], []).append((word, meaning))
            self._last.setdefault(word[-2:], []).append((word, meaning))

    def __iter__(self) -> Iterator[tuple[str, T]]:
        for entries in self._first.values():
            yield from entries

    def at(self, text: str, start: int) -> tuple[str, T] | None:
        """The longest word that begins at ``start``."""
        first = self._first
        pair = text[start : start + 2]
        if pair in first:
            for entry in first[pair]:
                if text.startswith(entry[0], start):
                    return entry
        single = first.get(pair[:1])
        return single[0] if single else None

    def all_at(self, text: str, start: int) -> Iterator[tuple[str, T]]:
        """Every word that begins at ``start``, the longest first."""
        pair = text[start : start + 2]
        for entry in self._first.get(pair, ()):
            if text.startswith(entry[0], start):
                yield entry
        if len(pair) == 2:
            yield from self._first.get(pair[0], ())

    def before(self, text: str, end: int) -> tuple[str, T] | None:
        """The longest word that ends at ``end``."""
        if end <= 0:
            return None
        last = self._last
        pair = text[max(0, end - 2) : end]
        if pair in last:
            for entry in last[pair]:
                if text.endswith(entry[0], 0, end):
                    return entry
        single = last.get(pair[-1])
        return single[0] if single else None


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
