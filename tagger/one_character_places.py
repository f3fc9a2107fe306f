"""Places that news call by one character: 中美, 访华, 离沪, 俄乌."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from typing import Any

from tagger.resources import lexicon_table


def place_of_character(character: str, named: Container[str]) -> str:
    """The id of the place that a character stands for: the one that it always means, else the only
    one among ``named``, the ids of the places that the article names; else empty."""
    table = _table()
    always = table["always"].get(character)
    if always is not None:
        return str(always)
    possible = [each for each in table["named"].get(character, ()) if each in named]
    return possible[0] if len(possible) == 1 else ""


@cache
def _table() -> dict[str, Any]:
    return lexicon_table("one_character_places.toml")
