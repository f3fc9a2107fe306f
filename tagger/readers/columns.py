"""Which column of a record holds which field."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from tagger.readers.errors import Unreadable

_TABLE = Path(__file__).with_name("columns.toml")
_NOT_COUNTED = re.compile(r"[\s_\-]+")


def map_columns(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Field name to column name, from what the caller gave and else by ``columns.toml``.

    Raises Unreadable when no column can be the text (or a title alone), or a given one is missing.
    """
    columns = _map(tuple(names), tuple(sorted(given.items())))
    present = ", ".join(repr(name) for name in names) or "none"
    for field, name in given.items():
        # Records of one file may leave out a key that says nothing; the text is never left out.
        if field == "text" and columns.get("text") != name:
            raise Unreadable(
                f"there is no column {name!r} for the text; the columns are {present}",
                "check --column text=NAME",
            )
    if "text" not in columns:
        raise Unreadable(
            f"no column looks like the text; the columns are {present}",
            "name it with --column text=NAME",
        )
    return columns


def require_distinct(names: Iterable[str]) -> None:
    """Raises Unreadable for a table with two columns of one name; empty names do not count."""
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            raise Unreadable(
                f"{count} columns are named {name!r}", "give each column a name of its own"
            )


@lru_cache(maxsize=256)
def _map(names: tuple[str, ...], given: tuple[tuple[str, str], ...]) -> dict[str, str]:
    chosen = {field: name for field, name in given if name in names}
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(_fold(name), name)
    for field, candidates in _guesses().items():
        if field in dict(given):
            continue
        taken = set(chosen.values())
        matches = (folded[each] for each in candidates if each in folded)
        free = [each for each in matches if each not in taken]
        if free:
            chosen[field] = free[0]
    return chosen


@cache
def _guesses() -> dict[str, list[str]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {field: [_fold(name) for name in names] for field, names in table.items()}


def _fold(name: str) -> str:
    return _NOT_COUNTED.sub("", name).casefold()
