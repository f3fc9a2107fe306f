"""Which thing a named entity stands for: its canonical name and, where it is known, its id.

The caller's own table comes first, then what the article itself says (a code in brackets, a full
name with its short form), then the shipped tables, and a name that could mean several things gets
an id only where something supports it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import takewhile

from tagger.article_names import ArticleNames, without_price
from tagger.document import Document, Entity
from tagger.industries import company_meant
from tagger.lexicon import Entry, Lexicon, Match
from tagger.listed_names import is_mainland
from tagger.listings import (
    listing_meant,
    markets_beside,
    markets_spoken_of,
    other_listings,
    without_mark,
)
from tagger.local_bodies import local_body
from tagger.neighbours import is_set_off
from tagger.one_character_places import place_of_character
from tagger.other_states import body_of_one_state, is_of_another_state
from tagger.state_bodies import state_body
from tagger.text import normalize, split_sentences
from tagger.tickers import listing_of_company, ticker_id

_INSTITUTIONS = frozenset({"COMPANY", "REGULATOR", "ORGANIZATION"})
_BEFORE = 16
# Legal forms behind English names: BioNTech SE, Lucid Group, Viatris Inc.
_ENGLISH_FORM = re.compile(
    r"(?i),?\s+(?:inc|corp|corporation|co|company|ltd|limited|llc|plc|se|sa|ag|nv|n\.v|group|holdings?"
    r"|platforms|international)\.?$"
)
# Two characters of a full name may be any word of it.
_SHORT_NAME_LENGTH = 3
_BETWEEN_CODES = re.compile(r"[\s,，;；、|]+")
_ABROAD = ("HKEX:", "NASDAQ:", "NYSE:")
# 杜邦集团 is 杜邦, but 格力集团 and 华虹集团 are the owners of those listed so at home.
_AMERICAN = ("NASDAQ:", "NYSE:")
_LINE_BREAK = re.compile(r"[^\S\n]{0,99}\n\s{0,99}")
_BETWEEN_LATIN = re.compile(rf"(?<=[!-~]){_LINE_BREAK.pattern}(?=[!-~])")
_LISTING_PREFIX = re.compile(r"(?:S?\*?ST|XD|XR|DR|[NC](?=[^\x00-\x7f]))")


def link(document: Document, lexicon: Lexicon) -> None:
    """Sets ``canonical`` and, where it is sure, ``id`` of every entity, in place.

    Names are read as of ``document.published``. What supports an ambiguous name: a code in the
    text, ``metadata["securities"]`` (dicts with ``code`` or ``id``, or codes and ids as text), a
    mark of kind ``security``, an unambiguous name of the same thing elsewhere in the text.
    ``canonical`` is the lexicon's name, else the full name that the article gives, else the
    entity's own text, in one line and without a price that a page put into it; of a TICKER it is
    the code.
    """
    name_before = {entity.end: entity for entity in document.entities if entity.label == "COMPANY"}
    for entity in document.entities:
        if entity.label == "TICKER":
            before = document.text[max(0, entity.start - _BEFORE) : entity.start]
            entity.id = ticker_id(entity.text, lexicon, before)
            name = name_before.get(entity.start - 1)
            if entity.id is None and name is not None and before.endswith(("(", "（")):
                entity.id = listing_of_company(entity.text, name.text, lexicon)
            entity.canonical = entity.id.partition(":")[2] if entity.id else entity.text
    read = _in_one_line(document)
    linker = _Linker(read, lexicon)
    settled: dict[tuple[str, str, frozenset[str]], tuple[str, str | None]] = {}
    for entity, name in zip(document.entities, read.entities, strict=True):
        if entity.label != "TICKER":
            markets = linker.markets_of(name)
            key = (name.label, name.text, markets)
            if key not in settled:
                settled[key] = linker.resolve(name, markets)
            entity.canonical, entity.id = settled[key]


def _in_one_line(document: Document) -> Document:
    """The document, with the names in one line that go on in the next."""
    if not any("\n" in entity.text for entity in document.entities):
        return document
    entities = [
        replace(entity, text=_LINE_BREAK.sub("", _BETWEEN_LATIN.sub(" ", entity.text)))
        for entity in document.entities
    ]
    return replace(document, entities=entities)


class _Linker:
    """The evidence of one article, and the choice among a name's entries by it."""

    def __init__(self, document: Document, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._day = document.published.date() if document.published else None
        self._looked_up: dict[tuple[str, str], tuple[Entry, ...]] = {}
        plain = normalize(document.text)
        self._names = ArticleNames(document, plain, self._known_as, self._choices, self._is_place)
        self._security_ids, self._security_codes = _securities(document, lexicon)
        self._markets = markets_spoken_of(plain)
        self._document, self._plain = document, plain
        self._markets_named: dict[str, frozenset[str]] = {}
        for entity in document.entities:
            known = self._markets_named.get(entity.text, frozenset())
            self._markets_named[entity.text] = known | self._markets_beside(entity)
        self._spoken_of = _spoken_of(document, plain)
        self._matches = lexicon.match(plain)
        self._mentioned = _mentioned(self._matches, self._day)
        self._mentioned_ids = {identifier for identifier, _ in self._mentioned}

    def resolve(self, entity: Entity, markets: frozenset[str]) -> tuple[str, str | None]:
        """The canonical name and the id of an entity that is no TICKER; of a company listed in
        several places the listing on ``markets``."""
        plain = normalize(entity.text)
        names = self._names.group(entity)
        printed = self._names.printed_ids(entity)
        full_name = self._names.full_name(entity)
        entries = self._entries(names, entity.label)
        own = self._choose([each for each in entries if each.own], printed)
        if own is not None and own.id:
            return own.name, own.id
        entry = self._choose([each for each in entries if each.id in printed] or entries, printed)
        if printed and (entry is None or entry.id not in printed):
            return self._as_printed(printed, entry, full_name)
        if entry is None and entity.text in self._spoken_of:
            entry = self._only_listed(entity, entries)
        if entry is None and "american" in self._markets:
            entry = _only_american(entries)
        if entry is None and entity.label == "COMPANY":
            entry = self._by_short_name(without_price(plain))
        if entry is None and entity.label == "COMPANY" and full_name == entity.text:
            entry = self._by_trade(entity.text) or self._by_beginning(plain)
        if entry is None and entity.label == "LOCATION":
            entry = self._place_in_place(plain) if len(plain) > 1 else self._place_of(plain)
        if entry is None and entity.label in ("REGULATOR", "ORGANIZATION"):
            entry = local_body(plain, self._one_division) or state_body(plain, self._lexicon)
        if entry is not None and entry.label == "COMPANY" and entry.id not in printed:
            listed = entry.valid_on(self._day)
            meant = listing_meant(entry.id, entity.text, markets, self._day, is_listed=listed)
            return entry.name, meant or None
        if entry is not None and self._is_foreign(entity, entry):
            entry = body_of_one_state(plain, entity.start, self._plain, self._matches)
        if entry is not None:
            return entry.name, entry.id or None
        return without_price(full_name), None

    def markets_of(self, entity: Entity) -> frozenset[str]:
        """The markets that a mention of a name speaks of: that of the word right beside it
        (港股中芯国际), else those beside other mentions of the name, else the article's."""
        named = self._markets_named.get(entity.text)
        return self._markets_beside(entity) or named or self._markets

    def _markets_beside(self, entity: Entity) -> frozenset[str]:
        return markets_beside(self._plain, entity.start, entity.end)

    def _is_foreign(self, entity: Entity, entry: Entry) -> bool:
        """Whether the name of a Chinese body stands for another state's here."""
        name = normalize(entity.text)
        return entry.id.startswith("CN:") and is_of_another_state(
            name, entity.start, self._plain, self._matches
        )

    def _known_as(self, entity: Entity) -> set[str]:
        entries = self._entries([entity.text], entity.label)
        return _identities(entry for entry in entries if not entry.ambiguous)

    def _choices(self, entity: Entity) -> set[str]:
        entries = self._entries([entity.text], entity.label)
        return _identities(entries) if any(entry.ambiguous for entry in entries) else set()

    def _is_place(self, text: str) -> bool:
        return self._lexicon.is_place(normalize(text))

    def _entries(self, names: Iterable[str], label: str) -> list[Entry]:
        """The valid entries of the names: of the label, else of another kind of institution."""
        found: dict[tuple[str, str, bool, bool], Entry] = {}
        for name in names:
            for entry in _valid_on(self._look_up(name, label), self._day):
                key = entry.id, entry.name, entry.ambiguous, entry.own
                found.setdefault(key, entry)
        same = [entry for entry in found.values() if entry.label == label]
        if same or label not in _INSTITUTIONS:
            return same
        others = [entry for entry in found.values() if entry.label in _INSTITUTIONS]
        sure = len(_identities(others)) == 1 and not any(entry.ambiguous for entry in others)
        return others if sure else []

    def _look_up(self, name: str, label: str) -> tuple[Entry, ...]:
        key = name, label
        if key not in self._looked_up:
            self._looked_up[key] = self._find(name, label)
        return self._looked_up[key]

    def _find(self, name: str, label: str) -> tuple[Entry, ...]:
        for form in _forms(name, label):
            entries = self._lexicon.entries(form)
            if entries:
                return entries
        if name.isascii():
            return self._lexicon.entries_ignoring_case(name)
        if label == "LOCATION" and name.endswith("市"):
            # Every city of China stands in the lexicon with its 市.
            entries = self._lexicon.entries(normalize(name).removesuffix("市"))
            return tuple(entry for entry in entries if not entry.id.startswith("CN"))
        if label == "COMPANY":
            entries = self._lexicon.entries(_without_form(name))
            if entries and all(entry.id.startswith(_ABROAD) for entry in entries):
                return entries
            entries = self._lexicon.entries(name.removesuffix("集团"))
            if entries and all(entry.id.startswith(_AMERICAN) for entry in entries):
                return entries
        prefix = _LISTING_PREFIX.match(name)
        if label != "COMPANY" or prefix is None:
            return ()
        return self._listed_under(name[prefix.end() :])

    def _listed_under(self, shortened: str) -> tuple[Entry, ...]:
        """The one company that has or had a short name with these characters in this order:
        exchanges cut names to fit ST in, and 上海三毛 becomes *ST三毛."""
        if len(shortened) < 2:
            return ()
        entries = [
            entry
            for name in self._lexicon.listed_names_with(shortened)
            for entry in self._lexicon.entries(name)
            if entry.id.startswith(("SSE:6", "SZSE:0", "SZSE:3"))
        ]
        valid = tuple(_valid_on(entries, self._day))
        return valid[:1] if len(_identities(entries)) == 1 else ()

    def _choose(self, entries: list[Entry], printed: set[str]) -> Entry | None:
        if self._day is None:
            # The same company before and after its listing.
            listed = {entry.name for entry in entries if entry.id}
            entries = [entry for entry in entries if entry.id or entry.name not in listed]
        supported = [entry for entry in entries if self._is_supported(entry, printed)]
        sure = [entry for entry in entries if not entry.ambiguous]
        nearby = _outermost([entry for entry in entries if self._lies_in_mentioned_place(entry)])
        for candidates in (supported, sure, nearby):
            if len(_identities(candidates)) == 1:
                return candidates[0]
        return None

    def _only_listed(self, entity: Entity, entries: list[Entry]) -> Entry | None:
        """The one company that an ordinary word is the listed name of (机器人), not one of a group
        that the word is short for (平安)."""
        named = {entry.name for entry in entries} == {normalize(entity.text)}
        abroad = self._markets and "mainland" not in self._markets
        one = len(_identities(entries)) == 1 and is_mainland(entries)
        return entries[0] if named and one and not abroad else None

    @cached_property
    def _company_names(self) -> frozenset[str]:
        """What the article calls companies, normalised."""
        return frozenset(
            normalize(each.text) for each in self._document.entities if each.label == "COMPANY"
        )

    def _by_short_name(self, full_name: str) -> Entry | None:
        """The listed company of the article whose full name this is, where the lexicon has none of
        it: 广联航空, 广联航空工业股份有限公司."""
        if not full_name.endswith("股份有限公司"):
            return None
        names = [
            full_name[match.start : match.end]
            for match in self._lexicon.match(full_name)
            if match.end - match.start >= _SHORT_NAME_LENGTH
            and (match.start == 0 or self._is_place(full_name[: match.start]))
        ]
        entries = [
            entry
            for entry in self._entries(self._company_names.intersection(names), "COMPANY")
            if entry.valid_to is None and not any(each.endswith("公司") for each in entry.aliases)
        ]
        one = len(_identities(entries)) == 1 and is_mainland(entries)
        return entries[0] if one else None

    def _by_beginning(self, name: str) -> Entry | None:
        """The company with whose name alone a name begins that is unknown itself: 荣联, 荣联科技.

        Of 22 such in news all are right.
        """
        if self._look_up(name, "COMPANY") or self._is_place(name):
            return None
        names, beginning = self._sorted_company_names, f"{name} " if name.isascii() else name
        first = bisect_right(names, beginning)
        longer = takewhile(lambda each: each.startswith(beginning), names[first:])
        found = [self._choose(self._entries([each], "COMPANY"), set()) for each in longer]
        known = [entry for entry in found if entry is not None]
        return known[0] if len(known) == len(found) and len(_identities(known)) == 1 else None

    @cached_property
    def _sorted_company_names(self) -> list[str]:
        return sorted(self._company_names)

    def _by_trade(self, name: str) -> Entry | None:
        """The company that a shared name means in the sentences in which it stands."""
        full_name = company_meant(normalize(name), self._sentences_with(name))
        entries = self._entries([full_name], "COMPANY") if full_name else []
        return entries[0] if len(_identities(entries)) == 1 else None

    def _sentences_with(self, name: str) -> Iterator[str]:
        """The normalised sentences in which an entity is called so, without any entity."""
        entities = sorted(self._document.entities, key=lambda each: each.start)
        for start, end in split_sentences(self._plain):
            inside = [each for each in entities if start <= each.start < end]
            if any(each.text == name for each in inside):
                edges = [start, *(edge for each in inside for edge in (each.start, each.end)), end]
                yield " ".join(
                    self._plain[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)
                )

    def _is_supported(self, entry: Entry, printed: set[str]) -> bool:
        code = entry.id.partition(":")[2]
        return (
            entry.id in printed
            or entry.id in self._security_ids
            or (entry.label == "COMPANY" and code in self._security_codes)
            or (entry.id, entry.name) in self._mentioned
        )

    def _lies_in_mentioned_place(self, entry: Entry) -> bool:
        """Whether the article names the city or province of a division, or a county or district
        beside it: 海淀、朝阳."""
        code = _division(entry)
        return code is not None and (
            not self._mentioned_ids.isdisjoint((f"CN:{code[:4]}00", f"CN:{code[:2]}0000"))
            or (code[:4] in self._counties_mentioned and not code.endswith("00"))
        )

    @cached_property
    def _counties_mentioned(self) -> frozenset[str]:
        """The first four digits of the counties and districts that the article names."""
        codes = (re.fullmatch(r"CN:(\d{4})(?!00)\d\d", each) for each in self._mentioned_ids)
        return frozenset(code[1] for code in codes if code)

    def _as_printed(
        self, printed: set[str], entry: Entry | None, full_name: str
    ) -> tuple[str, str | None]:
        """What the codes beside a name say where the lexicon says nothing or otherwise.

        The name stays the article's: the lexicon's name of that code may be a later one.
        """
        known = entry.id if entry else None
        identifier = next(iter(printed)) if len(printed) == 1 else known or None
        return entry.name if entry else full_name, identifier

    def _place_of(self, character: str) -> Entry | None:
        """The place that news call by one character: 访华, 俄乌."""
        entries = self._lexicon.entries_with_id(place_of_character(character, self._places_named))
        return next((entry for entry in entries if entry.label == "LOCATION"), None)

    @cached_property
    def _places_named(self) -> frozenset[str]:
        """The ids of the places that the article names, alone or in the name of a public body."""
        return frozenset(
            part
            for each in self._mentioned_ids
            for part in (each, each.partition("-")[0], each.partition(":")[0])
        )

    def _one_division(self, text: str) -> Entry | None:
        """The Chinese division of a name, alone or as a chain: 北京市西城区."""
        places = self._entries([text], "LOCATION")
        entry = self._choose(places, set()) if places else self._place_in_place(text)
        return entry if entry is not None and _division(entry) else None

    def _place_in_place(self, text: str) -> Entry | None:
        """河南郑州, 北京市西城区: names of divisions that tile the normalised text, each in the
        one before."""
        text = text.removeprefix("中国")
        position, inside = 0, ""
        last: Entry | None = None
        for match in self._lexicon.match(text):
            within = [entry for entry in match.entries if _is_within(entry, inside)]
            within = [entry for entry in within if not entry.ambiguous] or within
            if match.start != position or len(_identities(within)) != 1:
                return None
            last, position = within[0], match.end
            inside = (_division(last) or "").removesuffix("00").removesuffix("00")
        return last if position == len(text) else None


def _securities(document: Document, lexicon: Lexicon) -> tuple[set[str], set[str]]:
    """Ids and bare codes that the text's tickers, the metadata and the marks name."""
    ids = {entity.id for entity in document.entities if entity.label == "TICKER" and entity.id}
    codes = {mark.value for mark in document.marks if mark.kind == "security" and mark.value}
    for name in _names_of_securities(document.metadata.get("securities")):
        identifier = None if name.isalnum() or ":" in name else ticker_id(name, lexicon)
        codes.add(identifier or name)
    ids |= {code for code in codes if ":" in code}
    return ids, codes - ids


def _names_of_securities(given: object) -> Iterator[str]:
    """The ids and codes in what callers and tables hold as securities: dicts with ``id`` or
    ``code``, codes or several of them in one text, lists of these."""
    if isinstance(given, str):
        yield from filter(None, _BETWEEN_CODES.split(given))
    elif isinstance(given, Mapping):
        yield from _names_of_securities(given.get("id") or given.get("code"))
    elif isinstance(given, Iterable):
        for each in given:
            yield from _names_of_securities(each)
    elif given is not None:
        yield str(given)


def _spoken_of(document: Document, plain: str) -> set[str]:
    """The companies behind which a word of the normalised text speaks of what companies do:
    向日葵：股东减持, 机器人中标."""
    return {
        entity.text
        for entity in document.entities
        if entity.label == "COMPANY" and is_set_off(plain, entity.end)
    }


def _mentioned(matches: Iterable[Match], day: date | None) -> set[tuple[str, str]]:
    """Id and name of what the text names beyond doubt."""
    found = set()
    for match in matches:
        valid = [each for each in _valid_on(match.entries, day) if not each.ambiguous]
        if len(_identities(valid)) == 1:
            found.add((valid[0].id, valid[0].name))
    return found


def _valid_on(entries: Iterable[Entry], day: date | None) -> list[Entry]:
    """The entries that a name meant that day; if none, those that had another listing before the
    one that is their id: 中国移动 was long listed in Hong Kong."""
    entries = list(entries)
    valid = [entry for entry in entries if entry.valid_on(day)]
    return valid or [
        entry
        for entry in entries
        if day and entry.valid_from and day < entry.valid_from and other_listings(entry.id, day)
    ]


def _only_american(entries: list[Entry]) -> Entry | None:
    """The one company in New York that an ordinary word stands for where an article speaks of that
    market: 美股普涨，贝壳涨5%."""
    one = len(_identities(entries)) == 1 and entries[0].id.startswith(_AMERICAN)
    return entries[0] if one else None


def _identities(entries: Iterable[Entry]) -> set[str]:
    return {entry.id or entry.name for entry in entries}


def _forms(name: str, label: str) -> Iterator[str]:
    """The forms under which a printed name may stand in the lexicon, the surest first."""
    yield name
    plain = without_price(unicodedata.normalize("NFKC", name))
    if not plain.isascii():
        plain = re.sub(r"\s+", "", plain)
    yield plain
    simplified = normalize(plain)
    yield simplified
    yield re.sub(r"\((.*?)\)", r"（\1）", simplified)
    yield without_mark(simplified)
    if simplified.isascii():
        yield _ENGLISH_FORM.sub("", simplified)
    if label == "LOCATION":
        yield simplified.removesuffix("地区")
    if label == "COMPANY" and plain.endswith("股份有限公司"):
        yield plain.removesuffix("股份有限公司")
    elif label == "COMPANY" and not plain.endswith(("有限公司", "子公司", "分公司")):
        yield plain.removesuffix("公司")


def _without_form(name: str) -> str:
    """奥园健康集团有限公司 → 奥园健康, as companies of Hong Kong are called for short."""
    short = re.sub(r"(?:（.{2,4}）|\(.{2,4}\))?(?:控股|集团)*(?:股份)?有限公司$", "", name)
    return short if len(short) > 3 else ""


def _division(entry: Entry) -> str | None:
    """The six digits of GB/T 2260 for a Chinese division."""
    code = entry.id.removeprefix("CN:")
    return code if entry.label == "LOCATION" and re.fullmatch(r"\d{6}", code) else None


def _outermost(divisions: list[Entry]) -> list[Entry]:
    """Without the counties of a city that is among the divisions: 朝阳市, not its 朝阳县."""
    cities = {entry.id[:-2] for entry in divisions if entry.id.endswith("00")}
    return [entry for entry in divisions if entry.id.endswith("00") or entry.id[:-2] not in cities]


def _is_within(entry: Entry, inside: str) -> bool:
    code = _division(entry)
    return code is not None and code.startswith(inside) and (bool(inside) or not entry.ambiguous)
