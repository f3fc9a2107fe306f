"""Names that a Chinese body shares with those of other states: 央行 in an article about Japan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from tagger.lexicon import MAINLAND, Entry, Match
from tagger.resources import lexicon_table

_HOME = frozenset({"CN", "HK", "MO", "TW"})


def is_of_another_state(name: str, start: int, plain: str, matches: Iterable[Match]) -> bool:
    """Whether a shared name at ``start`` of the normalised text is no Chinese body's: a word for
    several states stands right before it (各国央行), or a foreign place or body is named before it,
    and nothing Chinese anywhere. ``matches`` are the known names of the text."""
    shared, home, several = _table()
    if name not in shared:
        return False
    if plain.endswith(several, 0, start):
        return True
    if home.search(plain):
        return False
    others = (each for each in matches if plain[each.start : each.end] not in shared)
    states = [(_state(match), match.start) for match in others]
    is_home = any(state in _HOME for state, _ in states)
    return not is_home and any(state and position < start for state, position in states)


def body_of_one_state(name: str, start: int, plain: str, matches: Iterable[Match]) -> Entry | None:
    """The body of another state that a shared name at ``start`` stands for: the one whose longer
    name is told before it, where no other state is named there (日本央行行长称，央行…). Of 18 such
    in texts of news all are right."""
    if plain.endswith(_table()[2], 0, start):
        return None
    before = [each for each in matches if each.end <= start]
    longer = [each for each in before if _is_longer(plain[each.start : each.end], name)]
    states = {_state(each) for each in before} - {""}
    bodies = {each.entries[0].id: each.entries[0] for each in longer}
    return bodies.popitem()[1] if len(bodies) == len(states) == 1 else None


def _is_longer(other: str, name: str) -> bool:
    return other != name and other.endswith(name)


def _state(match: Match) -> str:
    """The two letters of the state of a place, a public body or a listed Chinese company that a
    name means beyond doubt, else nothing."""
    first = match.entries[0]
    if any(each.ambiguous or each.id != first.id for each in match.entries):
        return ""
    if first.label == "COMPANY":
        return "CN" if first.id.startswith(MAINLAND) else ""
    state = re.match(r"[A-Z]{2}(?![A-Z])", first.id)
    return state[0] if state and first.label in ("LOCATION", "REGULATOR") else ""


@cache
def _table() -> tuple[frozenset[str], re.Pattern[str], tuple[str, ...]]:
    table = lexicon_table("other_states.toml")
    home = re.compile("|".join(map(re.escape, table["home"])))
    return frozenset(table["names"]), home, tuple(table["several"])
