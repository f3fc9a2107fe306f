"""Whether an event is asserted, planned, negated or only possible, by cues around its trigger.

The cues are the table ``tables/modality.toml``, which says what each of its keys means.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tagger.document import Entity
from tagger.text import normalize

_TABLE = Path(__file__).parent / "tables" / "modality.toml"
# The longest reach of the table, the comma before it and the cue itself.
_SCOPE = 60
_ENDS = r"。！？!?；;\n"
_BOUNDARY = re.compile(f"[{_ENDS}]")
# A headline in 【】 ends as a sentence does for what stands behind it; what stands behind a denial
# of it (该消息不属实) does not.
BEGINNING = re.compile(f"[{_ENDS}】]")
# Headlines part their clauses by a space.
_COMMA = re.compile(r"，|,(?!\d)|(?:\A|(?<=[\u4e00-\u9fff])) +(?=[\u4e00-\u9fff]|$)")
_CLAUSE_END = re.compile(rf"$|[】」”）)]|{_COMMA.pattern}")
# A clause with 并 that begins so tells of what is done: 拟收购甲公司，并宣布派息.
_TELLS_DONE = "宣布|于今[日天]|于昨[日天]|于近日"
# A clause that begins so shares the cues of the one before: 拟收购甲公司，并投资乙公司. It does not
# share those of a plan that was only named: 未披露减持计划，合计减持. 其中 begins what is a part.
_CONTINUATION = re.compile(
    rf"(?<!计划)[，,](?=并(?!未|非|无|不|{_TELLS_DONE})|以及|同时|合计|共计|总计"
    r"|其中(?![^，]{0,20}已))"
)
# A clause that goes on with the plan before it. Of 10 events in annotated news that a cue does not
# reach from there all are planned.
_JOINED = re.compile(
    rf"(?<!计划|方案|预案|议案|草案)[，,](?:并|以及)(?![未非无不且购网]|{_TELLS_DONE})[^，,{_ENDS}】]*\Z"
)
# It parts a phrase of time or manner from its verb: 拟自下月起，以集中竞价方式减持. Right behind a
# cue, which is a noun then, it ends the clause: 按减持计划，以集中竞价方式减持.
_PARTS_ADVERBIAL = re.compile(r"(?!\A)[，,](?=以|通过|采取|采用|按)|(?<=内|起|式|格)[，,]")

# The 社 of a news agency is read: 新华社消息称 is no rumour.
_NAMING = re.compile(r"(?!社\Z)[\u4e00-\u9fff]")

# What may stand between a denial and the ending that it denies: 否认公司已终止收购.
_STILL_DENIED = re.compile("(?:公司|其|因此|曾|过|会|要|已|将|拟|计划|打算)*")


def cued_modality(text: str, start: int, end: int, unnamed: str) -> str | None:
    """How the event whose trigger is ``text[start:end]`` is told by the cues around it.

    One of ``asserted``, ``planned``, ``negated``, ``possible``; None for an event without a cue of
    its own. Only the trigger's sentence is read, at most 60 characters to each side, in
    ``unnamed``, which :func:`without_names` makes of the text.
    """
    before = normalize(unnamed[max(0, start - _SCOPE) : start])
    after = normalize(unnamed[end : end + _SCOPE])
    trigger = normalize(text[start:end])
    scope = _Scope(
        _CONTINUATION.sub("", BEGINNING.split(before)[-1]), trigger, _BOUNDARY.split(after)[0]
    )
    found = [*_votes("before", scope), *_votes("after", scope)]
    return max(found)[2] if found else None


def joined_clause(text: str, start: int, end: int) -> int | None:
    """Where the clause of a trigger begins, if it goes on with what the one before it tells:
    拟收购甲公司100%股权，并募集资金. None for what is done: 并启动了建设, 并签署协议."""
    if text.startswith("了", end) or text.startswith("签", start):
        return None
    first = max(0, start - _SCOPE)
    joined = _JOINED.search(text[first:start])
    return first + joined.start() if joined else None


def without_names(text: str, names: Iterable[Entity]) -> str:
    """The text at its length, with 某 for the Chinese characters of names: 新希望 holds no cue."""
    parts = list(text)
    for name in names:
        parts[name.start : name.end] = _NAMING.sub("某", text[name.start : name.end])
    return "".join(parts)


@dataclass(frozen=True)
class _Cue:
    modality: str
    side: str
    reach: int
    rank: int
    comma: bool = False
    between: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_of: tuple[str, ...] = ()
    only_of: tuple[str, ...] = ("",)
    led_by: tuple[str, ...] = ("",)
    behind: tuple[str, ...] = ("",)
    adverbials: bool = False
    first: bool = False
    linked: bool = False
    final: bool = False
    undone: bool = False

    def holds(self, match: re.Match[str], scope: _Scope) -> bool:
        """Whether the cue, found as ``match`` on its side, speaks of the trigger."""
        gap, trigger = scope.gap(self.side, match), scope.trigger
        clauses = scope.clauses(self.side, match)
        if self.linked:
            gap = gap.removesuffix("的")
        return not (
            len(gap) > self.reach
            or (not self.comma and _COMMA.search(self._joined(gap)))
            or (self.first and match.string[: match.start()].strip('【"“'))
            or trigger.startswith(self.not_of)
            or not trigger.startswith(self.only_of)
            or not gap.startswith(self.led_by)
            or not match.string.endswith(self.behind, 0, match.start())
            or any(word in gap for word in self.between)
            or any(word in clauses for word in self.unless)
            or (self.final and not _CLAUSE_END.match(match.string, match.end()))
        )

    def _joined(self, gap: str) -> str:
        return _PARTS_ADVERBIAL.sub("", gap) if self.adverbials else gap


@dataclass(frozen=True)
class _Scope:
    """The sentence of a trigger: what stands before it, the trigger, and what stands after."""

    before: str
    trigger: str
    after: str

    def gap(self, side: str, match: re.Match[str]) -> str:
        """The text between a cue and the trigger."""
        return self.before[match.end() :] if side == "before" else self.after[: match.start()]

    def clauses(self, side: str, match: re.Match[str]) -> str:
        """The text from the clause of a cue to that of the trigger."""
        start = match.start() if side == "before" else len(self.before)
        end = match.end() if side == "after" else 0
        start -= len(_COMMA.split(self.before[:start])[-1])
        end += len(_COMMA.split(self.after[end:])[0])
        return self.before[start:] + self.trigger + self.after[:end]


@dataclass(frozen=True)
class _Table:
    cues: dict[str, list[_Cue]]
    pattern: re.Pattern[str]

    def denies(self, match: re.Match[str]) -> bool:
        return any(cue.modality == "negated" for cue in self.cues.get(match.group(), ()))

    def undone(self, match: re.Match[str]) -> bool:
        return any(cue.undone for cue in self.cues.get(match.group(), ()))


# What a cue says for a trigger: rank, nearness (the gap's length, negative), modality.
_Vote = tuple[int, int, str]


def _votes(side: str, scope: _Scope) -> Iterator[_Vote]:
    table = _table(side)
    searched = scope.before if side == "before" else scope.after
    for match in _standing(table, searched):
        nearness = -len(scope.gap(side, match))
        for cue in table.cues.get(match.group(), ()):
            if cue.holds(match, scope):
                yield cue.rank, nearness, cue.modality


def _standing(table: _Table, searched: str) -> list[re.Match[str]]:
    """The cues of a text, less each ending with the denial before it: 并未终止, 否认停止."""
    standing: list[re.Match[str]] = []
    for match in table.pattern.finditer(searched):
        denial = _denial(table, standing, match) if table.undone(match) else None
        if denial is None:
            standing.append(match)
        else:
            del standing[denial:]
    return standing


def _denial(table: _Table, before: list[re.Match[str]], ending: re.Match[str]) -> int | None:
    """The place of the last denial before an ending, if it is the ending that it denies."""
    for place in reversed(range(len(before))):
        if table.denies(before[place]):
            gap = ending.string[before[place].end() : ending.start()]
            return place if _STILL_DENIED.fullmatch(gap) else None
    return None


@cache
def _table(side: str) -> _Table:
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    cues: dict[str, list[_Cue]] = {}
    for entry in data["cue"]:
        keys: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        words = keys.pop("words")
        cue = _Cue(**keys)
        if cue.side == side:
            for word in words:
                cues.setdefault(word, []).append(cue)
    words = sorted([*cues, *data["no_cues"]], key=len, reverse=True)
    return _Table(cues, re.compile("|".join(map(re.escape, words))))
