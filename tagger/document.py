"""What every stage speaks: a document and the spans found in it.

Offsets count Unicode code points, half open: ``text[start:end]`` is the span's text.
Spans of one layer never overlap, except that two event types may share one trigger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tagger.published import NO_DATE, read_published

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from tagger.records import Record

SCHEMA_VERSION = 1

Number = Decimal | Fraction


def format_number(value: Number) -> str:
    """Writes a number exactly and without an exponent: ``495800000``, ``7.290``, ``1/3``."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def parse_number(text: str) -> Number:
    """Reads what :func:`format_number` wrote. Raises ValueError on anything else."""
    try:
        number = Fraction(text) if "/" in text else Decimal(text)
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"not a number: {text!r}") from error
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError(f"not a number: {text!r}")
    return number


@dataclass(slots=True)
class Mark:
    """Something the article's own markup says about a stretch of its text.

    ``kind`` is ``heading``, ``security`` or ``link``; ``value`` is the code or the address.
    """

    start: int
    end: int
    kind: str
    value: str = ""


@dataclass(slots=True)
class Entity:
    """A named entity. ``score`` is a probability; ``id`` reads like ``SSE:600519``."""

    start: int
    end: int
    text: str
    label: str
    score: float = 1.0
    canonical: str | None = None
    id: str | None = None


@dataclass(slots=True)
class Quantity:
    """A numeric or temporal expression with its exact value.

    ``value`` is in whole units (of the currency, of ``unit``; percent for PERCENT). A range has
    ``low`` and ``high`` and no ``value``; a bound has ``value`` and one of the two. Times are the
    half-open interval [``start_time``, ``end_time``); ``duration`` and ``repeat`` are ISO 8601.
    """

    start: int
    end: int
    text: str
    label: str
    value: Number | None = None
    unit: str | None = None
    unit_text: str | None = None
    per: str | None = None
    low: Number | None = None
    high: Number | None = None
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None
    approximate: bool | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    grain: str | None = None
    duration: str | None = None
    repeat: str | None = None


@dataclass(slots=True)
class Argument:
    """What fills a role of an event; ``entity`` or ``quantity`` is an index into the document."""

    role: str
    start: int
    end: int
    text: str
    score: float = 1.0
    entity: int | None = None
    quantity: int | None = None


@dataclass(slots=True)
class Event:
    """An event mention, anchored at its trigger; mentions of one happening share ``group``."""

    start: int
    end: int
    text: str
    type: str
    score: float = 1.0
    modality: str = "asserted"
    group: int = 0
    arguments: list[Argument] = field(default_factory=list)


@dataclass(slots=True)
class Word:
    """A word of the text; words tile every entity exactly."""

    start: int
    end: int
    text: str


@dataclass
class Document:
    """One article and everything found in it.

    ``body_start`` is where the body begins in ``text`` when a reader put the title first.
    ``published`` keeps its zone where the source gave one. ``content_hash`` is the SHA-256 of the
    text in hexadecimal, where a reader was asked for it. ``marks`` and ``words`` serve the
    stages and the Python caller; they are not part of the JSON shape.
    """

    text: str
    id: str = ""
    title: str | None = None
    body_start: int = 0
    published: datetime | None = None
    source: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    model: str | None = None
    content_hash: str | None = None
    entities: list[Entity] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list, compare=False)
    segmenter: Callable[[Document], list[Word]] | None = field(
        default=None, compare=False, repr=False
    )
    _words: list[Word] | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def words(self) -> list[Word]:
        """The words of the text, none of which crosses an entity boundary; made when first read.

        Raises ValueError for a document that no tagger of this process has seen: words that were
        read go along to another process, what makes them does not.
        """
        if self._words is None:
            if self.segmenter is None:
                raise ValueError(
                    "this document has no word segmenter; pass it through a Tagger first, in the "
                    "process that reads its words"
                )
            self._words = self.segmenter(self)
        return self._words

    def records(self, implied: bool = True) -> list[Record]:
        """One row a happening: the mentions of each group joined, in order of first mention.

        With ``implied`` a happening without a subject gets the company that it seems to be about,
        one without a date the date that frames its sentence, and stakes and quantities are followed
        by what they have changed to since; each with its ``source``.
        """
        from tagger.records import document_records

        return document_records(self, implied)

    def to_spacy(self, vocab: Vocab | None = None) -> Doc:
        """The document as a spaCy ``Doc``, from which ``tagger.spacy.to_document`` reads it back.

        See :func:`tagger.spacy.to_spacy`. Raises ModuleNotFoundError without spaCy, naming the
        extra to install.
        """
        from tagger.spacy import to_spacy

        return to_spacy(self, vocab)

    def __getstate__(self) -> dict[str, Any]:
        # A segmenter holds a dictionary of a million words; it does not travel between processes.
        return self.__dict__ | {"segmenter": None}

    def to_dict(self) -> dict[str, Any]:
        """The JSON shape (schema version 1): only str, int, float, bool, list and dict.

        Keys that say nothing are left out.
        """
        head: dict[str, Any] = {"schema_version": SCHEMA_VERSION}
        if self.model:
            head["model"] = self.model
        head["id"] = self.id
        if self.content_hash is not None:
            head["content_hash"] = self.content_hash
        if self.title is not None:
            head["title"] = self.title
            head["body_start"] = self.body_start
        head["text"] = self.text
        if self.published is not None:
            head["published"] = self.published.isoformat()
        if self.source is not None:
            head["source"] = self.source
        if self.metadata:
            head["metadata"] = self.metadata
        return head | {
            "entities": [_filled(entity) for entity in self.entities],
            "quantities": [_filled(quantity) for quantity in self.quantities],
            "events": [
                _filled(event) | {"arguments": [_filled(each) for each in event.arguments]}
                for event in self.events
            ],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Document:
        """Reads what :meth:`to_dict` wrote; spans may leave out their ``text``.

        Raises ValueError naming the key for a missing text, a value of another type than its
        field's, spans that are no list, a span outside the text, a span whose text disagrees with
        its offsets, a key that is missing or unknown, a number, an index or a time that is none.
        None counts as left out.
        """
        if not isinstance(data.get("text"), str):
            raise ValueError("'text' is missing or not a string")
        text: str = data["text"]
        head = {name: data[name] for name in _HEAD_TYPES if data.get(name) is not None}
        for name, value in head.items():
            if fault := _type_fault(name, type(value), _HEAD_TYPES):
                raise ValueError(fault)
        document = cls(text=text, published=parse_published(data.get("published") or None), **head)
        document.id = str(document.id)
        if not 0 <= document.body_start <= len(text):
            raise ValueError(f"body_start={document.body_start} lies outside the text")
        document.entities = [
            Entity(**_span(each, text, "entities")) for each in _listed(data, "entities")
        ]
        document.quantities = [_quantity(each, text) for each in _listed(data, "quantities")]
        document.events = [
            Event(
                **_span(each, text, "events", leave_out="arguments"),
                arguments=[
                    Argument(**_span(argument, text, "arguments"))
                    for argument in _listed(each, "arguments")
                ],
            )
            for each in _listed(data, "events")
        ]
        for event in document.events:
            for argument in event.arguments:
                _check_index("entity", argument.entity, document.entities)
                _check_index("quantity", argument.quantity, document.quantities)
        return document


def parse_published(
    value: str | date | datetime | None, name: str = "published"
) -> datetime | None:
    """A publication time from what a caller may hold: text, a date or a datetime.

    Text is read as :func:`~tagger.published.read_published` reads the fields of articles;
    NaT, NaN and NA, as pandas has them, are None. Raises ValueError for anything else, which the
    message calls ``name``.
    """
    try:
        if value is None or value != value:  # NaT is a datetime, but not equal to itself.
            return None
    except TypeError:  # NA says neither that it equals itself nor that it does not.
        return None
    found = read_published(value) if isinstance(value, (str, date)) else None
    if found is None:
        raise ValueError(f"{name}={value!r} {NO_DATE}")
    return found


def _filled(span: Entity | Quantity | Argument | Event) -> dict[str, Any]:
    pairs = ((name, getattr(span, name)) for name in span.__dataclass_fields__)
    return {name: _plain(value) for name, value in pairs if value is not None}


def _plain(value: Any) -> Any:
    # First, because it holds for most and asking for a Fraction takes ten times as long.
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (Decimal, Fraction)):
        return format_number(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


_KINDS = {"entities": Entity, "quantities": Quantity, "events": Event, "arguments": Argument}

# What the values of a field may be, and what this is called.
_Types = tuple[tuple[type, ...], str]

_STRING: _Types = (str,), "a string"
_WHOLE: _Types = (int,), "a whole number"
_HEAD_TYPES: dict[str, _Types] = {
    "id": ((str, int, float), "a string or a number"),
    "title": _STRING,
    "body_start": _WHOLE,
    "source": _STRING,
    "metadata": ((dict,), "an object"),
    "model": _STRING,
    "content_hash": _STRING,
}
# Those of spans by their annotation, as they stand in the JSON shape.
_TYPES: dict[str, _Types] = {
    "str": _STRING,
    "int": _WHOLE,
    "float": ((float, int), "a number"),
    "bool": ((bool,), "true or false"),
    "Number": ((str, int, float, Decimal, Fraction), "a number"),
    "datetime": ((str,), "a time in ISO 8601"),
    "list[Argument]": ((list, tuple), "a list"),
}


def _type_fault(name: str, given: type, types: dict[str, _Types]) -> str | None:
    allowed, wanted = types[name]
    if given in allowed or (given is not bool and issubclass(given, allowed)):
        return None
    return f"{name!r} is {given.__name__}, not {wanted}"


def _listed(data: dict[str, Any], key: str) -> list[Any] | tuple[Any, ...]:
    found = data.get(key)
    if found is None:
        return ()
    if not isinstance(found, (list, tuple)):
        raise ValueError(f"{key}: {found!r} is no list")
    return found


def _span(data: Any, text: str, key: str, leave_out: str = "") -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{key}: {data!r} is no object with a start and an end")
    given = {name: value for name, value in data.items() if value is not None and name != leave_out}
    if fault := _fault(key, tuple(given), tuple(map(type, given.values()))):
        raise ValueError(f"{key}: [{given.get('start')}, {given.get('end')}){fault}")
    start, end = given["start"], given["end"]
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{key}: [{start}, {end}) is no span of a text of {len(text)} characters")
    found = text[start:end]
    if given.setdefault("text", found) != found:
        raise ValueError(f"{key}: [{start}, {end}) holds {found!r}, not {given['text']!r}")
    return given


@lru_cache(maxsize=256)  # spans of an archive differ in little else than their values
def _fault(key: str, names: tuple[str, ...], given: tuple[type, ...]) -> str | None:
    """What is wrong with the keys of a span or with the types of their values."""
    known = fields(_KINDS[key])
    types = {each.name: _TYPES[str(each.type).removesuffix(" | None")] for each in known}
    needed = {
        each.name for each in known if each.default is MISSING and each.default_factory is MISSING
    }
    if missing := needed.difference(names, ["text"]):
        return f" has no {min(missing)!r}"
    if unknown := set(names) - types.keys():
        return f" has the unknown key {min(unknown, key=str)!r}"
    faults = (_type_fault(*each, types) for each in zip(names, given, strict=True))
    return next((f": {each}" for each in faults if each), None)


def _check_index(name: str, index: int | None, pointed_to: list[Any]) -> None:
    if index is not None and not 0 <= index < len(pointed_to):
        raise ValueError(f"arguments: {name}={index!r} is no index into {len(pointed_to)} spans")


def _quantity(data: Any, text: str) -> Quantity:
    given = _span(data, text, "quantities")
    for name in ("value", "low", "high"):
        if name in given:
            given[name] = parse_number(str(given[name]))
    for name in ("start_time", "end_time"):
        if name in given:
            try:
                given[name] = datetime.fromisoformat(given[name])
            except ValueError as error:
                raise ValueError(f"quantities: {name}={given[name]!r} is no time") from error
    return Quantity(**given)
