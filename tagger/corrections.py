"""Entities set right where the text or the lexicon is surer than the network.

Each rule here raised F1 on held-out news, but for the names of the caller's own table, which are
theirs to decide, and the cells of tables, which those news do not have; ``data/lexicon/README.md``
has the figures.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort_left
from dataclasses import replace

from tagger.countries import country_before
from tagger.document import Document, Entity
from tagger.lexicon import Entry, Lexicon, Match
from tagger.listed_names import ListedNames, is_mainland
from tagger.neighbours import is_set_off, speaks_of_shares
from tagger.printed_codes import is_one_code, is_rating, listed_symbols, printed_codes
from tagger.text import normalize
from tagger.words import stands_alone

_INSTITUTIONS = frozenset({"COMPANY", "REGULATOR", "ORGANIZATION"})
# Names of the shipped tables that are found where the network sees nothing: shorter ones stand
# inside of other words (推广达成, 创新和成果) unless what follows speaks of a company.
_LEAST_LENGTH = 4
_SPOKEN_OF_LENGTH = 3
# What follows makes another word of the name: 生态环境部门, 纳斯达克100指数.
_GOES_ON = ("门", "指", *"0123456789")
# 我国新能源 names no company.
_NO_STATE = re.compile(r"(?<=[我全各本该外他两多])国")
# 公司债 and the like begin with it and are words of their own.
_COMPANY = re.compile(r"公司(?![债法章治])")
_CELL = re.compile(r"[^\s](?:[^\t]*\S)?")
# What stands in a place and is no part of its name: 重庆|基地, 上海|工厂, but 上海超级工厂.
_IN_A_PLACE = re.compile(
    r"(?:(?:生产|研发)?基地|(?<!超级)工厂|(?<!工)厂区?|总部|分公司|矿场|项目)\Z"
)
_CARRIED = frozenset({"COMPANY", "PERSON"})
_CARRIED_LENGTH = 4
_SURE = 0.9


def correct(document: Document, lexicon: Lexicon, labels: frozenset[str]) -> None:
    """Sets the entities of a document right, in place; ``labels`` are those that may come out.

    A name ends with its cell of a table. Security codes are found whole; a name of the lexicon has
    the label that it has there; a name found once is found in all its places, but not inside other
    words; names of the caller's own table are always found; a country and a place in it are two
    names, and a place is named without the plant that stands in it.
    """
    correction = _Correction(document, lexicon, labels)
    correction.cells()
    correction.codes()
    correction.own_names()
    correction.labels()
    correction.listed_names()
    correction.company_endings()
    correction.known_names()
    correction.repeated_names()
    correction.countries()
    correction.places()
    correction.title_marks()
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

    def cells(self) -> None:
        """Names in two cells of a table, which a tab parts, are two: 北京 | 青禾种业."""
        entities: list[Entity] = []
        for entity in self._entities:
            if "\t" not in entity.text:
                entities.append(entity)
                continue
            for cell in _CELL.finditer(self._text, entity.start, entity.end):
                part = replace(entity)
                self._set(part, *cell.span())
                entities.append(part)
        self._entities = entities

    def codes(self) -> None:
        """Sure security codes, whole; ratings are none."""
        if "TICKER" not in self._wanted:
            return
        self._entities = [
            entity
            for entity in self._entities
            if entity.label != "TICKER" or not is_rating(self._plain, entity.start, entity.end)
        ]
        symbols = set(listed_symbols(self._plain, self._lexicon))
        for start, end in printed_codes(self._plain):
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
            if any(entry.own for entry in match.entries):
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
            label = _one_label(entries) or self._spoken_of(entity, entries)
            # Few people are called as a listed company is: 雅戈尔, 康达尔.
            listed = len(entity.text) >= _SPOKEN_OF_LENGTH and is_mainland(entries)
            relabelled = _INSTITUTIONS | {"LOCATION"} | ({"PERSON"} if listed else set())
            if label in self._wanted and label != entity.label and entity.label in relabelled:
                entity.label = label

    def company_endings(self) -> None:
        """圆通公司 is 圆通, for the generic word is no part of a listed company's short name; but
        苹果公司 is 苹果公司."""
        entries = self._lexicon.entries
        for entity in self._entities:
            if entity.label != "COMPANY":
                continue
            name = self._plain[entity.start : entity.end]
            if name.endswith("公司"):
                if not entries(name) and is_mainland(entries(name[:-2])):
                    self._set(entity, entity.start, entity.end - 2)
            elif _COMPANY.match(self._plain, entity.end) and not is_mainland(entries(name)):
                end = entity.end + 2
                if not any(each is not entity for each in self._touching(entity.start, end)):
                    self._set(entity, entity.start, end)

    def _set(self, entity: Entity, start: int, end: int) -> None:
        entity.start, entity.end, entity.text = start, end, self._text[start:end]

    def title_marks(self) -> None:
        """The marks around a title are no part of a paper's name."""
        for entity in self._entities:
            if entity.text[0] == "《" and entity.text[-1] == "》" and len(entity.text) > 2:
                self._set(entity, entity.start + 1, entity.end - 1)

    def listed_names(self) -> None:
        """Listed names that were cut short, or ran into the words beside them, as they are."""
        if "COMPANY" not in self._wanted:
            return
        names = ListedNames(self._plain, self._lexicon, self._matches)
        for entity in [each for each in self._entities if each.label != "TICKER"]:
            meant = names.meant_by(entity)
            touched = [each for start, end in meant for each in self._touching(start, end)]
            if all(each is entity for each in touched):
                for start, end in meant:
                    self._put(start, end, "COMPANY", [entity])

    def known_names(self) -> None:
        """Names where nothing was found: the long unambiguous ones, and listed companies of which
        the words beside them speak."""
        for match in self._matches:
            label = self._known_label(match)
            if label in self._wanted and not self._touching(match.start, match.end):
                self._put(match.start, match.end, label, [])

    def _known_label(self, match: Match) -> str:
        """The label of a match that is sure to be a name of its own, empty if it is not."""
        goes_on = self._plain.startswith(_GOES_ON, match.end)
        if goes_on or _NO_STATE.match(self._plain, match.start):
            return ""
        label = _one_label(match.entries)
        if match.end - match.start < _LEAST_LENGTH or not label:
            label = self._spoken_of(match, match.entries) or self._stands_out(match)
        if label == "COMPANY" and not is_mainland(_companies(match.entries)):
            return ""
        is_latin = self._plain[match.start : match.end].isascii()
        return label if label in _INSTITUTIONS and not is_latin else ""

    def _spoken_of(self, name: Entity | Match, entries: tuple[Entry, ...]) -> str:
        """COMPANY for the one listed company of a short name or an ordinary word where the word
        behind it speaks of shares; empty for any other."""
        companies = _companies(entries)
        one = len({entry.id for entry in companies}) == 1 and is_mainland(companies)
        long_enough = name.end - name.start >= _SPOKEN_OF_LENGTH
        sure = one and long_enough and speaks_of_shares(self._plain, name.end)
        return "COMPANY" if sure else ""

    def _stands_out(self, match: Match) -> str:
        """COMPANY for a listed name of three characters that what stands beside it sets apart."""
        if match.end - match.start < _SPOKEN_OF_LENGTH or not is_mainland(match.entries):
            return ""
        begins = match.start == 0 or not self._plain[match.start - 1].isalnum()
        is_name = begins or is_set_off(self._plain, match.end)
        return _one_label(match.entries) if is_name else ""

    def repeated_names(self) -> None:
        """A name found once, in all its places but those where it is part of other words."""
        names: dict[str, Entity] = {}
        for entity in self._entities:
            carried = entity.label in _CARRIED and entity.score >= _SURE
            if carried and len(entity.text) < _CARRIED_LENGTH and not entity.text.isascii():
                names.setdefault(entity.text, entity)
        for name, entity in names.items():
            start = self._text.find(name)
            while start >= 0:
                end = start + len(name)
                if not self._touching(start, end) and stands_alone(self._plain, start, end):
                    self._put(start, end, entity.label, [])
                start = self._text.find(name, end)

    def countries(self) -> None:
        """A country and a place in it are two names."""
        entities: list[Entity] = []
        for entity in self._entities:
            name = self._plain[entity.start : entity.end]
            length = country_before(name, self._lexicon) if entity.label == "LOCATION" else 0
            if length:
                country, middle = replace(entity), entity.start + length
                self._set(country, entity.start, middle)
                self._set(entity, middle, entity.end)
                entities.append(country)
            entities.append(entity)
        self._entities = entities

    def places(self) -> None:
        """The plant in a known place is no part of its name."""
        for entity in self._entities:
            if entity.label != "LOCATION":
                continue
            name = self._plain[entity.start : entity.end]
            works = _IN_A_PLACE.search(name)
            if works and self._lexicon.is_place(name[: works.start()]):
                self._set(entity, entity.start, entity.start + works.start())

    def _touching(self, start: int, end: int) -> list[Entity]:
        first = bisect_left(self._entities, start + 1, key=lambda entity: entity.end)
        behind = bisect_left(self._entities, end, lo=first, key=lambda entity: entity.start)
        return self._entities[first:behind]

    def _put(self, start: int, end: int, label: str, instead_of: list[Entity]) -> None:
        if instead_of:
            gone = set(map(id, instead_of))
            self._entities = [entity for entity in self._entities if id(entity) not in gone]
        entity = Entity(start, end, self._text[start:end], label)
        insort_left(self._entities, entity, key=lambda each: each.start)


def _companies(entries: tuple[Entry, ...]) -> list[Entry]:
    return [entry for entry in entries if entry.label == "COMPANY"]


def _one_label(entries: tuple[Entry, ...]) -> str:
    """The label that all of the entries have, empty if they differ or one is ambiguous."""
    labels = {entry.label for entry in entries}
    if len(labels) != 1 or any(entry.ambiguous for entry in entries):
        return ""
    return labels.pop()
