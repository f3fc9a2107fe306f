"""Local public bodies by the pattern of their names: 上海证监局, 北京市第四中级人民法院."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tagger.lexicon import Entry
from tagger.resources import lexicon_table

# A branch's own ending where its parent's name stands first: 银保监会甘肃监管局.
_BRANCH = (
    r"(?:监管局|监管分局|证监局|银保监局|省分行|市分行|分行|中心支行|支行|省分局|市分局|分局|税务局"
    r"|办事处|总部)"
)
_ORDINALS = "一二三四五六七八九十"


def local_body(name: str, division: Callable[[str], Entry | None]) -> Entry | None:
    """The body that a name stands for: the id is its division's code and its kind's, such as
    ``CN:310000-CSRC``. None for a name that fits no pattern or whose place is not one division.

    ``division`` gives the one Chinese division that a text names.
    """
    pattern, bodies = _patterns()
    match = pattern.fullmatch(name)
    if match is None:
        return None
    place = division(match["before"] or match["after"])
    if place is None:
        return None
    body = bodies[match["ending"] or match["parent"]]
    ordinal = match["ordinal"]
    number = f"-{_ORDINALS.index(ordinal) + 1}" if ordinal else ""
    short = place.aliases[-1] if place.aliases else place.name
    canonical = body.name.format(
        place=place.name, short=short, ordinal=f"第{ordinal}" if ordinal else ""
    )
    return Entry(canonical, "REGULATOR", f"{place.id}-{body.id}{number}")


@dataclass(frozen=True)
class _Body:
    id: str
    name: str


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, _Body]]:
    bodies: dict[str, _Body] = {}
    endings: list[str] = []
    parents: list[str] = []
    for row in lexicon_table("local_bodies.toml")["bodies"]:
        endings += row["endings"]
        parents += row.get("parents", [])
        for each in (*row["endings"], *row.get("parents", [])):
            bodies[each] = _Body(row["id"], row["name"])
    ending, parent = (
        "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        for names in (endings, parents)
    )
    pattern = re.compile(
        rf"(?P<parent>{parent})(?P<after>.{{2,12}}?){_BRANCH}"
        rf"|(?:中共)?(?P<before>.{{2,12}}?)(?:第?[{_ORDINALS}]{{1,3}}届)?"
        rf"(?:第?(?P<ordinal>[{_ORDINALS}]))?(?P<ending>{ending})"
    )
    return pattern, bodies
