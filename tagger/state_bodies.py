"""Public bodies of states by their state: 中国国家药监局, 俄外交部, 约旦卫生部."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tagger.lexicon import Entry, Lexicon
from tagger.one_character_places import place_of_character
from tagger.resources import lexicon_table

# 阿拉伯联合酋长国, 波斯尼亚和黑塞哥维那
_LONGEST_NAME_OF_STATE = 11
# Their bodies have names that do not follow those of states.
_NO_STATES = ("HK", "MO", "TW")


def state_body(name: str, lexicon: Lexicon) -> Entry | None:
    """The body that a normalised name stands for: a known one under its state's name, another name
    of the state or its one character, else one by the endings in ``state_bodies.toml``."""
    for state, rest in _states(name, lexicon):
        written = (rest, *(f"{each}{rest}" for each in (state.name, *state.aliases)))
        known = [entry for each in written for entry in lexicon.entries(each)]
        own = {entry.id: entry for entry in known if entry.id.startswith(f"{state.id}:")}
        if len(own) == 1:
            return own.popitem()[1]
        kind = _endings().get(rest)
        if kind is not None and not own and state.id not in _NO_STATES:
            return Entry(f"{state.name}{rest}", "REGULATOR", f"{state.id}:{kind}")
    return None


def _states(name: str, lexicon: Lexicon) -> Iterator[tuple[Entry, str]]:
    """The states whose names a name begins with, the longest first, with what stands behind."""
    for end in range(min(_LONGEST_NAME_OF_STATE, len(name) - 1), 1, -1):
        for entry in lexicon.entries(name[:end]):
            if _is_state(entry):
                yield entry, name[end:]
    for entry in lexicon.entries_with_id(place_of_character(name[:1], ())):
        if _is_state(entry):
            yield entry, name[1:]


def _is_state(entry: Entry) -> bool:
    return entry.label == "LOCATION" and re.fullmatch("[A-Z]{2}", entry.id) is not None


@cache
def _endings() -> dict[str, str]:
    endings: dict[str, str] = lexicon_table("state_bodies.toml")["endings"]
    return endings
