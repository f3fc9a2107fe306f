"""Figures of a happening that the article tells it has changed later: a stake of 51%, 55% since."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from tagger.document import Argument, Document, Event
from tagger.fillers import Filler, filler_of, identity
from tagger.text import normalize

_TYPES = frozenset({"acquisition", "investment", "stake_increase", "expansion"})
_CHANGED_TO = re.compile(
    "(?:提高|提升|增加|增|上升|升|扩大|扩|降低|下降|减少|降|减|调整|变更|上调|下调)[至到为]$"
)
_LONGEST_CHANGE = 3
_LONGEST_CLAUSE = 40
_STAKE = re.compile("持股|股权|股比|股份|权益")
_CLAUSE_ENDS = re.compile("[，。；！？\n]")
# So many sentences from a mention on belong to it.
_SENTENCES = 3
# Too rare to be counted: in 117 paragraphs of news with words of change there are two, both right.
_SCORE = 0.7
_START = attrgetter("start")


def later_figures(
    document: Document,
    events: Sequence[Event],
    fillers: Mapping[str, Sequence[Filler]],
    sentences: Sequence[tuple[int, int]],
) -> Iterator[Filler]:
    """Ratios and quantities to which those of a happening have changed since.

    ``events`` are its mentions, ``fillers`` what is known of it by role, and ``sentences`` the
    spans of the article's. A figure counts if it follows 提高至 or another word of change, stands
    in the sentence of a mention or in the two after it, before another happening of this type, and
    is a stake where one is known, or of the unit of a known quantity, in a clause that names no
    other company. The fillers bear the source ``later``.
    """
    if events[0].type not in _TYPES:
        return
    known = [*fillers["ratio"], *fillers["quantity"]]
    units = {each.unit for each in known if each.unit and each.label != "PERCENT"}
    stakes = any(each.label == "PERCENT" for each in known)
    parties = {identity(each) for role in fillers.values() for each in role}
    values = {(each.unit, each.value) for each in known}
    for index in _quantities_after(document, events, sentences):
        quantity = document.quantities[index]
        role = "ratio" if quantity.label == "PERCENT" else "quantity"
        wanted = stakes if role == "ratio" else quantity.unit in units
        if not wanted or (quantity.unit, quantity.value) in values:
            continue
        clause = _clause_start(document.text, quantity.start), quantity.start
        if (
            not _tells_a_change(document.text, clause, role)
            or _companies(document, clause) - parties
        ):
            continue
        values.add((quantity.unit, quantity.value))
        argument = Argument(
            role, quantity.start, quantity.end, quantity.text, _SCORE, quantity=index
        )
        yield replace(filler_of(argument, document), source="later")


def _quantities_after(
    document: Document, events: Sequence[Event], sentences: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """The indexes of the quantities between each mention and where it is no longer spoken of."""
    first = events[0]
    seen = -1
    for event in events:
        place = bisect_right(sentences, event.start, key=lambda each: each[1])
        if place == len(sentences):
            continue
        end = sentences[min(place + _SENTENCES, len(sentences)) - 1][1]
        for following in range(
            bisect_left(document.events, event.end, key=_START),
            bisect_left(document.events, end, key=_START),
        ):
            other = document.events[following]
            if other.type == first.type and other.group != first.group:
                end = other.start
                break
        for index in range(
            bisect_left(document.quantities, event.end, key=_START),
            bisect_left(document.quantities, end, key=_START),
        ):
            if index > seen:
                seen = index
                yield index


def _tells_a_change(text: str, clause: tuple[int, int], role: str) -> bool:
    """Whether a clause, a span that ends where a figure begins, says that this is the new one."""
    before = normalize(text[slice(*clause)])
    if not _CHANGED_TO.search(before[-_LONGEST_CHANGE:]):
        return False
    return role != "ratio" or _STAKE.search(before) is not None


def _companies(document: Document, clause: tuple[int, int]) -> set[str]:
    """The companies that a clause names."""
    first, last = (bisect_left(document.entities, place, key=_START) for place in clause)
    return {identity(each) for each in document.entities[first:last] if each.label == "COMPANY"}


def _clause_start(text: str, place: int) -> int:
    first = max(0, place - _LONGEST_CLAUSE)
    return place - len(_CLAUSE_ENDS.split(text[first:place])[-1])
