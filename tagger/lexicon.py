"""Known names and what they stand for: one automaton over all tables.

A table is tab-separated text with a header line; ``data/lexicon/README.md`` explains the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, AhoCorasick

from tagger.listings import other_listings
from tagger.resources import resource_path
from tagger.text import normalize, well_formed

COLUMNS = ("name", "label", "id", "aliases", "valid_from", "valid_to", "ambiguous")
MAINLAND = ("SSE:", "SZSE:", "BSE:")
_AMERICAN = ("NASDAQ:", "NYSE:")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for. ``id`` is empty where the thing has no code.

    ``valid_from`` and ``valid_to`` are the first and the last day on which its names were in use,
    None where unknown. ``ambiguous`` says that the name it was looked up by does not decide: it is
    an ordinary word, or others share it. ``line`` is the line of the caller's own table that it
    stands in, 0 for an entry of the shipped ones.
    """

    name: str
    label: str
    id: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    ambiguous: bool = False
    line: int = 0

    @property
    def own(self) -> bool:
        """Whether the entry comes from the caller's own table."""
        return self.line > 0

    def valid_on(self, day: date | None) -> bool:
        """Whether the names were in use that day; always true where no day is known."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A known name at ``text[start:end]`` (code points), with every entry that it may mean."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Lexicon:
    """Names and their entries. Build one with :meth:`load`; it does not change afterwards."""

    def __init__(self, entries_by_name: dict[str, tuple[Entry, ...]]) -> None:
        self._entries = entries_by_name

    @classmethod
    def load(cls, paths: Iterable[Path] | None = None, extra: Path | str | None = None) -> Lexicon:
        """Reads tables; ``None`` means the shipped ones.

        ``extra`` is a table of the caller's own: a name in it replaces what the other tables say
        about that name, and is known as it stands and normalised. Raises ValueError naming file,
        line, fault and remedy for a faulty line, FileNotFoundError for a table that does not exist.
        """
        if paths is None:
            paths = sorted(resource_path("lexicon").glob("*.tsv"))
        entries: dict[str, tuple[Entry, ...]] = {}
        for path in paths:
            for _, name, entry in _read_table(path):
                entries[name] = (*entries.get(name, ()), entry)
        own: dict[str, tuple[Entry, ...]] = {}
        if extra is not None:
            for line, name, entry in _read_table(Path(extra)):
                for form in dict.fromkeys((name, normalize(name))):
                    own[form] = (*own.get(form, ()), replace(entry, line=line))
        return cls(entries | own)

    def match(self, text: str) -> list[Match]:
        """The known names in a text, leftmost-longest, none overlapping, in order.

        A name that begins or ends with a Latin letter or digit is not found inside a longer Latin
        word. Case, width and script are compared as they are: pass normalised text.
        """
        entries = self._entries_by_index
        found = self._automaton.find_matches_as_indexes(well_formed(text))
        latin = self._latin
        return [
            Match(start, end, entries[index])
            for index, start, end in found
            if index not in latin or _stands_alone(text, start, end)
        ]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def entries(self, name: str) -> tuple[Entry, ...]:
        """Everything a name may stand for; empty for an unknown name."""
        return self._entries.get(name, ())

    def is_place(self, name: str) -> bool:
        """Whether a name may stand for a place."""
        return any(entry.label == "LOCATION" for entry in self.entries(name))

    def entries_ignoring_case(self, name: str) -> tuple[Entry, ...]:
        """What the known names that differ in nothing but case all stand for, if it is the same."""
        return self._by_lower_case.get(name.lower(), ())

    def entries_with_id(self, identifier: str) -> tuple[Entry, ...]:
        """The entries of one id, such as a company under its present and its former name."""
        return self._by_id.get(identifier, ())

    def ids_with_code(self, code: str) -> tuple[str, ...]:
        """The ids whose part after the colon is ``code``: ``BIDU`` → ``NASDAQ:BIDU``."""
        return self._by_code.get(code, ())

    def american_id(self, code: str) -> str | None:
        """The id of the one listing in New York with that code: ``BIDU`` → ``NASDAQ:BIDU``."""
        listed = [each for each in self.ids_with_code(code) if each.startswith(_AMERICAN)]
        return listed[0] if len(listed) == 1 else None

    def listed_names_with(self, characters: str) -> list[str]:
        """The short names on mainland China's exchanges that have the characters in their order."""
        pattern = ".*".join(map(re.escape, characters))
        return re.findall(rf"^.*{pattern}.*$", self._listed_names, re.MULTILINE)

    def own_entries(self) -> Iterator[Entry]:
        """The entries of the caller's own table, once for each of their names."""
        return (each for entries in self._entries.values() for each in entries if each.own)

    def names(self) -> Iterator[str]:
        """All names and aliases, each once."""
        return iter(self._entries)

    @cached_property
    def _entries_by_index(self) -> list[tuple[Entry, ...]]:
        return list(self._entries.values())

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._entries, matchkind=MATCHKIND_LEFTMOST_LONGEST)

    @cached_property
    def _listed_names(self) -> str:
        return "\n".join(
            name
            for name, entries in self._entries.items()
            if not name.endswith("公司") and any(each.id.startswith(MAINLAND) for each in entries)
        )

    @cached_property
    def _latin(self) -> frozenset[int]:
        return frozenset(
            index
            for index, name in enumerate(self._entries)
            if _is_latin(name[0]) or _is_latin(name[-1])
        )

    @cached_property
    def _by_lower_case(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, list[str]] = {}
        for name in self._entries:
            if name.isascii() and len(name) > 3:
                found.setdefault(name.lower(), []).append(name)
        alike = {
            low: {frozenset((each.id, each.name) for each in self._entries[name]) for name in names}
            for low, names in found.items()
        }
        return {low: self._entries[found[low][0]] for low in found if len(alike[low]) == 1}

    @cached_property
    def _by_id(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, dict[str, Entry]] = {}
        for entries in self._entries.values():
            for entry in entries:
                if entry.id:
                    found.setdefault(entry.id, {}).setdefault(entry.name, entry)
        return {identifier: tuple(named.values()) for identifier, named in found.items()}

    @cached_property
    def _by_code(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        listed = chain.from_iterable((each, *other_listings(each)) for each in self._by_id)
        for identifier in dict.fromkeys(listed):
            code = identifier.partition(":")[2]
            found[code] = (*found.get(code, ()), identifier)
        return found


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    after = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return not (before or after)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _read_table(path: Path) -> Iterator[tuple[int, str, Entry]]:
    """Each name of a table with its line and entry. Raises ValueError for the first faulty line."""
    try:
        header, *lines = path.read_text(encoding="utf-8-sig").splitlines() or [""]
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    columns = [_unquoted(each.strip()) for each in header.split("\t")]
    if not {"name", "label"} <= set(columns) <= set(COLUMNS):
        raise ValueError(
            f"{path}, line 1: the header is {header!r}; write a tab-separated line with name and "
            f"label and, as needed, {', '.join(COLUMNS[2:])}"
        )
    order = None if tuple(columns) == COLUMNS else [_position(columns, each) for each in COLUMNS]
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        cells = [_unquoted(each.strip()) for each in line.split("\t")]
        try:
            if len(cells) != len(columns):
                raise ValueError(
                    f"{len(cells)} cells where the header has {len(columns)}; "
                    "put one tab between cells, also between empty ones"
                )
            if order is not None:
                cells = ["" if index is None else cells[index] for index in order]
            for name, entry in _read_line(cells):
                yield number, name, entry
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error


def _unquoted(cell: str) -> str:
    """A cell without the quotes that spreadsheets put around one that holds commas or quotes."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"').strip()
    return cell


def _position(columns: list[str], column: str) -> int | None:
    return columns.index(column) if column in columns else None


def _read_line(cells: list[str]) -> Iterator[tuple[str, Entry]]:
    name, label, identifier, joined, first, last, flags = cells
    aliases = tuple(each.strip() for each in joined.split("|")) if joined else ()
    names = (name, *aliases)
    for each in names:
        if len(each) < 2:
            raise ValueError(f"the name {each!r} is shorter than two characters; leave it out")
    if len(set(names)) < len(names):
        raise ValueError(f"a name of {name!r} stands twice in its line; keep one")
    if not label:
        raise ValueError(f"{name!r} has no label; write one such as COMPANY")
    valid_from, valid_to = _day(first), _day(last)
    if valid_from and valid_to and valid_to < valid_from:
        raise ValueError(f"valid_to {last} lies before valid_from {first}; swap or correct them")
    entry = Entry(name, label, identifier, aliases, valid_from, valid_to)
    if not flags:
        for each in names:
            yield each, entry
        return
    flagged = names if flags == "1" else flags.split("|")
    unknown = set(flagged) - set(names)
    if unknown:
        raise ValueError(
            f"ambiguous lists {min(unknown)!r}, which is no name of this line; write 1 for all "
            "names, or some of them joined by |"
        )
    doubtful = replace(entry, ambiguous=True)
    for each in names:
        yield each, doubtful if each in flagged else entry


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no date; write it as 2022-02-18, or leave it out") from error
