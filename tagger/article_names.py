"""What an article says about its own names: which mean the same, and which have a code."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from tagger.document import Document, Entity

_CUE = r"(?:以下|下)?(?:简称为?|称为?|统称)|又称|又名|即|原名|曾用名|英文名称?|证券简称"
_QUOTES = r"[\s:：]*[“\"「『‘]*\s*"
_IN_BRACKET = re.compile(rf"[”\"」』’]?\s*[（(\[]\s*(?P<cue>{_CUE})?{_QUOTES}")
_AFTER_COMMA = re.compile(rf"\s*[，,]\s*(?:以下|下)?简称为?{_QUOTES}")
_NAME_END = re.compile(r"[”\"」』’]|\s*[）)\]，,；;]")
# A bracket that goes on after the name names its exchange or its code: (BIT Mining, NYSE: BTCM).
_BRACKET_END = re.compile(
    r"[”\"」』’]*\s*(?:[）)\]]|[，,]\s*(?:[A-Za-z]{4,}|[^，,）)]{0,8}(?:交所|代码|纳斯达克)))"
)
_BRACKET_REACH = 60
# What may stand between a company and its code: 阿里健康，港股代码：00241.
_BESIDE = re.compile(
    r"(?:[\s,，、:;“”\"」』’]|[A-Za-z]{2,8}(?=[\s:])|[上深北沪港联纽证]{1,2}交所|香港|纳斯达克|[沪深]市"
    r"|[AHB港美]股|股票|证券|股份|代[码号])*"
)
# A price behind a listed name, or another code of it: 木林森(11.770,0.38,3.34%)(002745.SZ).
_QUOTE = re.compile(r"\([-+\d.,% ]{1,40}\)\s*\Z")
_QUOTE_REACH = 48
# Inside a name: 国金证券(9.540,0.05,0.53%)股份有限公司.
_PRICE = re.compile(r"\([-+\d.]{1,12},[-+\d.,% ]{1,28}\)")
_PAIRED_LABELS = frozenset({"COMPANY", "REGULATOR", "ORGANIZATION", "PERSON"})


class ArticleNames:
    """The names of one article: groups that mean the same, and the codes printed beside them.

    ``text`` is its normalised text, which has the offsets of the document's.
    ``known_as`` gives the ids (or names) that an entity's text surely stands for; two names that
    are known to differ are not made one by a bracket. ``choices`` gives those among which the text
    of an ambiguous entity does not decide: 中信, which may mean its group alone, is not taken for
    中信证券股份有限公司. ``is_place`` says whether a text names a place, such as one in front of a
    company's name.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        known_as: Callable[[Entity], set[str]],
        choices: Callable[[Entity], set[str]],
        is_place: Callable[[str], bool],
    ) -> None:
        entities = sorted(document.entities, key=lambda entity: entity.start)
        named = {(entity.label, entity.text): entity for entity in entities}
        self._parents = {key: key for key in named}
        self._members: dict[tuple[str, str], list[str]] = {}
        self._printed: dict[tuple[str, str], set[str]] = defaultdict(set)
        stated = list(_stated_pairs(text, entities))
        for full, short in stated:
            ids = known_as(full), known_as(short)
            if not all(ids) or ids[0] & ids[1]:
                self._unite((full.label, full.text), (short.label, short.text))
        codes = list(_printed_codes(text, entities, stated, known_as))
        unknown = [key for key, entity in named.items() if not known_as(entity)]

        def may_join(full: tuple[str, str], short: tuple[str, str]) -> bool:
            meanings = choices(named[short])
            return not meanings or bool(meanings & known_as(named[full]))

        self._adopt_full_names(unknown, may_join, is_place)
        for key in self._parents:
            self._members.setdefault(self._root(key), []).append(key[1])
        for company, identifiers in codes:
            self._printed[self._root((company.label, company.text))] |= identifiers

    def group(self, entity: Entity) -> list[str]:
        """The entity's own text first, then the other names that the article says are the same."""
        members = self._members[self._root((entity.label, entity.text))]
        return [entity.text, *(name for name in members if name != entity.text)]

    def full_name(self, entity: Entity) -> str:
        """The full name that the article gives for the entity, else the entity's text."""
        return self._root((entity.label, entity.text))[1]

    def printed_ids(self, entity: Entity) -> set[str]:
        """The ids of the codes printed beside any name of the entity's group."""
        return self._printed[self._root((entity.label, entity.text))]

    def _root(self, key: tuple[str, str]) -> tuple[str, str]:
        while self._parents[key] != key:
            key = self._parents[key]
        return key

    def _unite(self, full: tuple[str, str], short: tuple[str, str]) -> None:
        self._parents[self._root(short)] = self._root(full)

    def _adopt_full_names(
        self,
        shorts: list[tuple[str, str]],
        may_join: Callable[[tuple[str, str], tuple[str, str]], bool],
        is_place: Callable[[str], bool],
    ) -> None:
        """Joins each name to the one full name in the article that it shortens."""
        full_names = [key for key in self._parents if _is_full(*key)]
        for key in shorts:
            label, short = key
            fulls = {
                self._root((label, full))
                for same, full in full_names
                if same == label and _shortens(short, full, label, is_place)
            }
            if len(fulls) == 1 and self._root(key) == key:
                full_name = fulls.pop()
                if may_join(full_name, key):
                    self._unite(full_name, key)


def without_price(name: str) -> str:
    """A normalised name without the price that a page put into it behind the listed one."""
    return _PRICE.sub("", name)


def _stated_pairs(text: str, entities: list[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Full and short name of: X（以下简称“Y”）, X(Y), X，简称“Y”."""
    for full, short in pairwise(entities):
        if full.label != short.label or full.label not in _PAIRED_LABELS:
            continue
        between = full.end, max(full.end, short.start)
        opening = _IN_BRACKET.fullmatch(text, *between)
        if opening is not None:
            end = _NAME_END if opening["cue"] else _BRACKET_END
        elif _AFTER_COMMA.fullmatch(text, *between):
            end = _NAME_END
        else:
            continue
        if end.match(text, short.end):
            yield full, short


def _printed_codes(
    text: str,
    entities: list[Entity],
    stated: list[tuple[Entity, Entity]],
    known_as: Callable[[Entity], set[str]],
) -> Iterator[tuple[Entity, set[str]]]:
    """Companies with the ids of the codes in the bracket that follows them, or in which they stand
    themselves: X（旗下Y，600519）.

    Several codes of one exchange in a bracket belong to a list of companies, not to the last.
    """
    companies = {entity.end: entity for entity in entities if entity.label == "COMPANY"}
    pairs = {(full.end, short.start) for full, short in stated}
    printed: dict[int, set[str]] = defaultdict(set)
    for index, ticker in enumerate(entities):
        opening = _opening_bracket(text, ticker.start) if ticker.label == "TICKER" else None
        if opening is None or not ticker.id:
            continue
        name_end = _name_end(text, opening)
        first = bisect_left(entities, opening, hi=index, key=lambda entity: entity.start)
        inside = [each for each in entities[first:index] if each.label == "COMPANY"]
        if inside and (name_end, inside[-1].start) not in pairs:
            last = inside[-1]
            apposed = _IN_BRACKET.fullmatch(text, name_end, last.start) is not None
            if not apposed or ticker.id in known_as(last):
                if not _BESIDE.fullmatch(text, last.end, ticker.start):
                    continue
                name_end = last.end
        printed[name_end].add(ticker.id)
    for name_end, identifiers in printed.items():
        exchanges = {identifier.partition(":")[0] for identifier in identifiers}
        if name_end in companies and len(exchanges) == len(identifiers):
            yield companies[name_end], identifiers


def _name_end(text: str, opening: int) -> int:
    """Where the name ends behind which a bracket opens."""
    quote = _QUOTE.search(text[max(0, opening - _QUOTE_REACH) : opening])
    if quote is not None:
        opening -= len(quote[0])
    return len(text[:opening].rstrip(' ”"’'))


def _opening_bracket(text: str, position: int) -> int | None:
    """Where the bracket around ``position`` in a normalised text opens."""
    for index in range(position - 1, max(-1, position - _BRACKET_REACH), -1):
        if text[index] in ")]】。!?\n":
            return None
        if text[index] in "([【":
            return index
    return None


def _is_full(label: str, name: str) -> bool:
    """Whether a name has the form of a full one."""
    if label == "PERSON":
        return "·" in name
    return label == "COMPANY" and name.endswith(("公司", "（有限合伙）", "(有限合伙)"))


def _shortens(short: str, full: str, label: str, is_place: Callable[[str], bool]) -> bool:
    """Whether a name is a full one cut: 和柚技术, 天津和柚技术有限公司."""
    if len(short) < 2 or len(full) <= len(short):
        return False
    if label == "PERSON":
        return full.endswith(f"·{short}")
    before, found, _ = full.partition(short)
    return bool(found) and (not before or is_place(before))
