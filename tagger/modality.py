"""Whether an event is asserted, planned, negated or only possible, by cues around its trigger.

The cues are the table ``tables/modality.toml``, which says what each of its keys means.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tagger.text import normalize

_TABLE = Path(__file__).parent / "tables" / "modality.toml"
# The longest reach of the table, the comma before it and the cue itself.
_SCOPE = 60
_BOUNDARY = re.compile(r"[。！？!?；;\n]")
# Headlines part their clauses by a space.
_COMMA = re.compile(r"，|,(?!\d)|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff]|$)")
# A clause that begins so shares the cues of the one before: 拟收购甲公司，并投资乙公司.
_CONTINUATION = re.compile(r"[，,](?=并(?!未|非|无|不)|以及|同时)")


def modality(text: str, start: int, end: int) -> str:
    """How the event whose trigger is ``text[start:end]`` is told.

    One of ``asserted``, ``planned``, ``negated``, ``possible``. Only the trigger's sentence is
    read, at most 60 characters to each side.
    """
    before = normalize(text[max(0, start - _SCOPE) : start])
    after = normalize(text[end : end + _SCOPE])
    trigger = normalize(text[start:end])
    scope = _Scope(
        _CONTINUATION.sub("", _BOUNDARY.split(before)[-1]), trigger, _BOUNDARY.split(after)[0]
    )
    found = [*_votes("before", scope, scope.before), *_votes("after", scope, scope.after)]
    return max(found)[2] if found else "asserted"


@dataclass(frozen=True)
class _Cue:
    modality: str
    side: str
    reach: int
    rank: int
    comma: bool = False
    between: Sequence[str] = ()
    unless: Sequence[str] = ()
    not_of: Sequence[str] = ()

    def holds(self, gap: str, scope: _Scope) -> bool:
        """Whether the cue speaks of the trigger, from which ``gap`` parts it."""
        return not (
            len(gap) > self.reach
            or (not self.comma and _COMMA.search(gap))
            or scope.trigger in self.not_of
            or any(word in gap for word in self.between)
            or any(word in scope.clause for word in self.unless)
        )


@dataclass(frozen=True)
class _Scope:
    """The sentence of a trigger: what stands before it, the trigger, and what stands after."""

    before: str
    trigger: str
    after: str

    @property
    def clause(self) -> str:
        return _COMMA.split(self.before)[-1] + self.trigger + _COMMA.split(self.after)[0]


@dataclass(frozen=True)
class _Table:
    cues: dict[str, list[_Cue]]
    pattern: re.Pattern[str]


# What a cue says for a trigger: rank, nearness (the gap's length, negative), modality.
_Vote = tuple[int, int, str]


def _votes(side: str, scope: _Scope, searched: str) -> Iterator[_Vote]:
    table = _table(side)
    for match in table.pattern.finditer(searched):
        gap = searched[match.end() :] if side == "before" else searched[: match.start()]
        for cue in table.cues.get(match.group(), ()):
            if cue.holds(gap, scope):
                yield cue.rank, -len(gap), cue.modality


@cache
def _table(side: str) -> _Table:
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    cues: dict[str, list[_Cue]] = {}
    for entry in data["cue"]:
        words = entry.pop("words")
        cue = _Cue(**entry)
        if cue.side == side:
            for word in words:
                cues.setdefault(word, []).append(cue)
    words = sorted([*cues, *data["no_cues"]], key=len, reverse=True)
    return _Table(cues, re.compile("|".join(map(re.escape, words))))
