"""Listed companies that the network cut short, or ran into the words beside their names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from tagger.document import Entity
from tagger.lexicon import MAINLAND, Entry, Lexicon, Match
from tagger.neighbours import name_ends, speaks_of_shares

# Two characters may be anything: 中金 in 其中金山办公.
_LEAST_LENGTH = 3
# Three behind which no word of a company stands may be a person's or a body's: 长白山管委会.
_SURE_LENGTH = 4
_WARNED = re.compile(r"S?\*?ST")
# What makes a company or a place of its own of a name and the words behind it.
_OTHER = re.compile(
    r"(?:公司|集团|企业|厂|中心|[分支总]行|院|[营业事]部|基金|期货|证券|保险|[系市县区省州镇])$"
)
_NO_HAN = re.compile(r"[^\u4e00-\u9fff]")
# Between two names: punctuation but for a bracket, or the mark of the second name.
_NO_WORD = re.compile(r"[^\w(（]*(?:S?\*?ST)?")
# Below this score a label may be as wrong as the span.
_UNSURE = 0.7
_NO_PLACE = frozenset({"ORGANIZATION", "PERSON"})

Span = tuple[int, int]


def is_mainland(entries: Sequence[Entry]) -> bool:
    """Whether a name stands for companies that mainland China's exchanges list, or have listed, and
    for no others."""
    listed = {entry.name for entry in entries if entry.id.startswith(MAINLAND)}
    return bool(listed) and all(
        entry.id.startswith(MAINLAND) or (not entry.id and entry.name in listed)
        for entry in entries
    )


class ListedNames:
    """The names of listed companies that a text surely holds; ``text`` is normalised."""

    def __init__(self, text: str, lexicon: Lexicon, matches: Sequence[Match]) -> None:
        self._text = text
        self._lexicon = lexicon
        self._names = [match for match in matches if self._is_sure(match)]

    def meant_by(self, entity: Entity) -> list[Span]:
        """Where the names stand that an entity should have been; empty if it may stay.

        云南白药大 in front of 股东 is 云南白药, 招商银 in front of 行 is 招商银行, 金地集团新城控股
        are two.
        """
        is_known = self._text[entity.start : entity.end] in self._lexicon
        if is_known and entity.label != "LOCATION":
            return []
        touching = list(self._touching(entity))
        around = [each for each in touching if _contains(each, entity)]
        if around:
            return [_span(around[0])] if self._may_be_longer(entity, around[0]) else []
        if touching and not is_known and self._are_all(entity, touching):
            head, tail = (entity.start, touching[0].start), (touching[-1].end, entity.end)
            return [*self._known(head), *map(_span, touching), *self._known(tail)]
        return []

    def _is_sure(self, match: Match) -> bool:
        return (
            match.end - match.start >= _LEAST_LENGTH
            and is_mainland(match.entries)
            and (not any(entry.ambiguous for entry in match.entries) or self._is_spoken_of(match))
            and not self._text[match.start : match.end].isascii()
        )

    def _is_spoken_of(self, match: Match) -> bool:
        """Whether an ordinary word is the one company's name that the words behind it speak of."""
        one = len({entry.id for entry in match.entries}) == 1
        return one and speaks_of_shares(self._text, match.end)

    def _touching(self, entity: Entity) -> Iterator[Match]:
        first = bisect_left(self._names, entity.start + 1, key=lambda match: match.end)
        for match in self._names[first:]:
            if match.start >= entity.end:
                break
            yield match

    def _may_be_longer(self, entity: Entity, name: Match) -> bool:
        if entity.label == "COMPANY":
            return True
        ends = speaks_of_shares if entity.label == "LOCATION" else name_ends
        return name.end - name.start >= _SURE_LENGTH and ends(self._text, name.end)

    def _are_all(self, entity: Entity, names: list[Match]) -> bool:
        """Whether an entity holds nothing but these names and words that belong to none."""
        ends = [*(name.start for name in names[1:]), max(entity.end, names[-1].end)]
        return (
            names[0].start >= entity.start
            and names[-1].start + _LEAST_LENGTH <= entity.end
            and self._is_no_head(entity, names[0])
            and all(
                self._is_no_part(entity, name, end) for name, end in zip(names, ends, strict=True)
            )
        )

    def _is_no_head(self, entity: Entity, name: Match) -> bool:
        head = self._text[entity.start : name.start]
        if not head or self._is_warned(name):
            return head not in ("*", "S", "S*")
        if not _may_be_company(entity):
            return False
        if self._lexicon.is_place(head):
            return False
        return self._text.count(self._text[entity.start : entity.end]) == 1

    def _is_no_part(self, entity: Entity, name: Match, end: int) -> bool:
        tail = self._text[name.end : end]
        if _NO_WORD.fullmatch(tail) or self._is_warned(name) or self._known((name.end, end)):
            return True
        if not _may_be_company(entity):
            return entity.label in _NO_PLACE and name_ends(self._text, name.end)
        if _OTHER.search(tail) or _NO_HAN.match(tail):
            return False
        return len(tail) == 1 or name_ends(self._text, name.end)

    def _is_warned(self, name: Match) -> bool:
        return _WARNED.match(self._text, name.start, name.end) is not None

    def _known(self, span: Span) -> list[Span]:
        """The span, if a company is called so."""
        entries = self._lexicon.entries(self._text[slice(*span)])
        return [span] if any(entry.label == "COMPANY" for entry in entries) else []


def _may_be_company(entity: Entity) -> bool:
    return entity.label == "COMPANY" or entity.score < _UNSURE


def _contains(outer: Entity | Match, inner: Entity | Match) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _span(match: Match) -> Span:
    return match.start, match.end
