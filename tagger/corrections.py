"""Entities set right where the text or the lexicon is surer than the network.

Each rule here raised F1 on held-out news, but for the names of the caller's own table, which are
theirs to decide; ``data/lexicon/README.md`` has the figures.
"""

from __future__ import annotations

from bisect import bisect_left

from tagger.document import Document, Entity
from tagger.lexicon import Entry, Lexicon
from tagger.printed_codes import is_one_code, is_rating, listed_symbols, printed_codes
from tagger.text import normalize

_INSTITUTIONS = frozenset({"COMPANY", "REGULATOR", "ORGANIZATION"})
# Chinese names of companies abroad may be common words: 信息服务, 美国能源.
_MAINLAND = ("SSE:", "SZSE:", "BSE:")
# Names of the shipped tables that are found where the network sees nothing: shorter ones stand
# inside of other words (推广达成, 中国药品).
_LEAST_LENGTH = 4
# What follows makes another word of the name: 生态环境部门, 纳斯达克100指数.
_GOES_ON = ("门", "指", *"0123456789")
_CARRIED = frozenset({"COMPANY", "PERSON"})
_CARRIED_LENGTH = 4
_SURE = 0.9


def correct(document: Document, lexicon: Lexicon, labels: frozenset[str]) -> None:
    """Sets the entities of a document right, in place; ``labels`` are those that may come out.

    Security codes are found whole; a name of the lexicon has the label that it has there; a name
    found once is found in all its places; names of the caller's own table are always found.
    """
    correction = _Correction(document, lexicon, labels)
    correction.codes()
    correction.own_names()
    correction.labels()
    correction.company_endings()
    correction.known_names()
    correction.repeated_names()
    document.entities = correction.entities()


class _Correction:
    """The entities of one document while they change, in order and without overlaps."""

    def __init__(self, document: Document, lexicon: Lexicon, labels: frozenset[str]) -> None:
        self._text = document.text
        self._plain = normalize(document.text)
        self._lexicon = lexicon
        self._wanted = labels
        self._entities = sorted(document.entities, key=lambda entity: entity.start)
        self._matches = lexicon.match(self._plain)

    def entities(self) -> list[Entity]:
        """The entities as they are now."""
        return self._entities

    def codes(self) -> None:
        """Sure security codes, whole; ratings are none."""
        if "TICKER" not in self._wanted:
            return
        self._entities = [
            entity
            for entity in self._entities
            if entity.label != "TICKER" or not is_rating(self._text, entity.start, entity.end)
        ]
        symbols = set(listed_symbols(self._text, self._lexicon))
        for start, end in printed_codes(self._text):
            touching = self._touching(start, end)
            if not any(
                each.label == "TICKER"
                and each.start <= start
                and end <= each.end
                and is_one_code(each.text)
                for each in touching
            ):
                self._put(start, end, "TICKER", touching)
        for entity in self._entities:
            if (entity.start, entity.end) in symbols and entity.label in _INSTITUTIONS:
                entity.label = "TICKER"

    def own_names(self) -> None:
        """The names of the caller's own table, wherever they stand."""
        for match in self._matches:
            if self._lexicon.is_own(self._plain[match.start : match.end]):
                label = _one_label(match.entries)
                if label in self._wanted:
                    touching = self._touching(match.start, match.end)
                    longer = [e for e in touching if e.end - e.start > match.end - match.start]
                    if not longer:
                        self._put(match.start, match.end, label, touching)

    def labels(self) -> None:
        """A name that means one kind of thing in the lexicon has that label."""
        for entity in self._entities:
            entries = self._lexicon.entries(self._plain[entity.start : entity.end])
            label = _one_label(entries)
            if (
                label in self._wanted
                and label != entity.label
                and entity.label in _INSTITUTIONS | {"LOCATION"}
            ):
                entity.label = label

    def company_endings(self) -> None:
        """圆通公司 is 圆通: the generic word is no part of a known short name."""
        for entity in self._entities:
            name = self._plain[entity.start : entity.end]
            if (
                entity.label == "COMPANY"
                and name.endswith("公司")
                and not self._lexicon.entries(name)
            ):
                entries = self._lexicon.entries(name[:-2])
                if entries and _is_mainland(entries):
                    entity.end -= 2
                    entity.text = self._text[entity.start : entity.end]

    def known_names(self) -> None:
        """Long unambiguous names where nothing was found."""
        for match in self._matches:
            label = _one_label(match.entries)
            if label not in _INSTITUTIONS or label not in self._wanted:
                continue
            if label == "COMPANY" and not _is_mainland(match.entries):
                continue
            if self._plain[match.start : match.end].isascii():
                continue
            if match.end - match.start < _LEAST_LENGTH or self._plain.startswith(
                _GOES_ON, match.end
            ):
                continue
            if not self._touching(match.start, match.end):
                self._put(match.start, match.end, label, [])

    def repeated_names(self) -> None:
        """A name found once, in all its places."""
        names: dict[str, Entity] = {}
        for entity in self._entities:
            carried = entity.label in _CARRIED and entity.score >= _SURE
            if carried and len(entity.text) < _CARRIED_LENGTH and not entity.text.isascii():
                names.setdefault(entity.text, entity)
        for name, entity in names.items():
            start = self._text.find(name)
            while start >= 0:
                end = start + len(name)
                if not self._touching(start, end):
                    self._put(start, end, entity.label, [])
                start = self._text.find(name, end)

    def _touching(self, start: int, end: int) -> list[Entity]:
        first = bisect_left(self._entities, start + 1, key=lambda entity: entity.end)
        found = []
        for entity in self._entities[first:]:
            if entity.start >= end:
                break
            found.append(entity)
        return found

    def _put(self, start: int, end: int, label: str, instead_of: list[Entity]) -> None:
        gone = set(map(id, instead_of))
        kept = [entity for entity in self._entities if id(entity) not in gone]
        entity = Entity(start, end, self._text[start:end], label)
        kept.insert(bisect_left(kept, start, key=lambda each: each.start), entity)
        self._entities = kept


def _is_mainland(entries: tuple[Entry, ...]) -> bool:
    return all(entry.id.startswith(_MAINLAND) for entry in entries)


def _one_label(entries: tuple[Entry, ...]) -> str:
    """The label that all of the entries have, empty if they differ or one is ambiguous."""
    labels = {entry.label for entry in entries}
    if len(labels) != 1 or any(entry.ambiguous for entry in entries):
        return ""
    return labels.pop()
