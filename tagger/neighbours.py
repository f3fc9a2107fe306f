"""What stands right behind a company's name, and shows that the name ends there."""

from __future__ import annotations

import re
from functools import cache

from tagger.resources import lexicon_table


def name_ends(text: str, position: int) -> bool:
    """Whether a word begins at ``position`` that no name of a company goes on with; ``text`` is
    normalised."""
    behind, shares = _patterns()
    return bool(shares.match(text, position) or behind.match(text, position))


def is_set_off(text: str, position: int) -> bool:
    """Whether what begins at ``position`` parts a company's name from it: a colon, or a word that
    no name goes on with; ``text`` is normalised."""
    return text.startswith(":", position) or name_ends(text, position)


def speaks_of_shares(text: str, position: int) -> bool:
    """Whether a word begins at ``position`` that says something of a listed company's shares,
    owners or officers; ``text`` is normalised."""
    return _patterns()[1].match(text, position) is not None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = lexicon_table("neighbours.toml")
    behind, shares = ("|".join(map(re.escape, table[key])) for key in ("behind", "shares"))
    return re.compile(behind), re.compile(shares)
