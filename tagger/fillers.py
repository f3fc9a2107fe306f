"""What fills a role of a happening, put together from its mentions, each thing once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagger.document import Argument, Document, Entity, Event, Number
from tagger.figures import digits, is_one_date, is_shortened, same_figure, says_when
from tagger.grouping import PRONOUNS, is_kind_of_party
from tagger.text import normalize

_QUANTITY_FIELDS = (
    ("label", "value", "unit", "per", "low", "high", "approximate", "start_time", "end_time")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filler:
    """What fills a role of a happening: the best of the spellings that the article has for it.

    ``text`` stands at [``start``, ``end``) of the article and ``score`` is the probability of
    this argument. A name brings ``label``, ``canonical`` and ``id`` of its entity, a figure or
    date ``label`` and value of its quantity, in the units of :class:`tagger.Quantity`; ``entity``
    and ``quantity`` are their indexes in the document. ``source`` is None for what a mention says,
    else where it was taken from, see :mod:`tagger.implied_subjects`, :mod:`tagger.implied_dates`
    and :mod:`tagger.follow_ups`.
    """

    start: int
    end: int
    text: str
    score: float
    label: str | None = None
    canonical: str | None = None
    id: str | None = None
    value: Number | None = None
    unit: str | None = None
    per: str | None = None
    low: Number | None = None
    high: Number | None = None
    approximate: bool | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    entity: int | None = None
    quantity: int | None = None
    source: str | None = None


def role_fillers(document: Document, events: Sequence[Event], role: str) -> list[Filler]:
    """What fills a role in any of these mentions of one happening, in order of first mention.

    Two fillers are one if they have the same id, else the same canonical name, or are the same
    value or text, or one is the other's figure rounded, in fewer digits or as a bound, or its date
    without the year. Kept is the linked spelling before the unlinked, the exact figure before the
    rounded one, the bound before its number, then the surest, then the longest. 公司 and other
    words that name nobody are left out beside a name, 控股股东 and the like beside the name that
    another mention has for the subject, and 近日 and the like beside a date that says when.
    """
    told = [
        filler_of(argument, document)
        for event in events
        for argument in event.arguments
        if argument.role == role
    ]
    spellings: list[list[int]] = []
    # What has an id comes first, so that a bare name never joins two of them.
    for index in sorted(range(len(told)), key=lambda each: _links(told[each]), reverse=True):
        for known in spellings:
            if any(_same(told[each], told[index]) for each in known):
                known.append(index)
                break
        else:
            spellings.append([index])
    groups = [[told[index] for index in sorted(each)] for each in sorted(spellings, key=min)]
    best = [max(each, key=_rank) for each in groups]
    named = [each for each in best if _names_somebody(each)] or best
    if role == "date":
        return [each for each in named if says_when(each.text, each)] or named
    kinds = _only_kinds(events) if role == "subject" else frozenset()
    return [each for each in named if each.text not in kinds] or named


def identity(each: Entity | Filler) -> str:
    """What tells a name from others: its id, else its canonical name, else its words."""
    return each.id or each.canonical or each.text


def filler_of(argument: Argument, document: Document) -> Filler:
    """What fills a role by this argument of one of the document's events."""
    known: dict[str, Any] = {}
    if argument.quantity is not None:
        quantity = document.quantities[argument.quantity]
        known = {name: getattr(quantity, name) for name in _QUANTITY_FIELDS}
    if argument.entity is not None:
        entity = document.entities[argument.entity]
        known |= {"label": entity.label, "canonical": entity.canonical, "id": entity.id}
    return Filler(
        argument.start,
        argument.end,
        argument.text,
        argument.score,
        entity=argument.entity,
        quantity=argument.quantity,
        **known,
    )


def _same(one: Filler, other: Filler) -> bool:
    if one.id and other.id:
        return one.id == other.id
    if one.canonical and other.canonical:
        return one.canonical == other.canonical
    first, second = _value(one), _value(other)
    if first and second:
        return first == second or _is_one_number(one, other)
    return bool(_spellings(one) & _spellings(other)) or is_one_date(one, other)


def _is_one_number(one: Filler, other: Filler) -> bool:
    """Whether one is the other's figure rounded (500多个, 512个), in fewer digits (2.3亿, 2.301亿;
    155%-279%, 155.18%-278.9%), as a bound (不超过2%, 2%) or as a loss (亏损1.2亿, 净利润-1.2亿)."""
    if (one.label, one.unit, one.per) != (other.label, other.unit, other.per):
        return False
    first, second = _magnitudes(one), _magnitudes(other)
    if not first or len(first) != len(second):
        return False
    if one.approximate or other.approximate:
        return same_figure(one, other, rounded=True)
    return all(
        short == full or is_shortened(short, full)
        for short, full in zip(first, second, strict=True)
    )


def _magnitudes(filler: Filler) -> list[Number]:
    """The number of a filler, or the ends of its range, without their signs."""
    ends = (filler.low, filler.high) if filler.value is None else (filler.value,)
    known = [-each if each < 0 else each for each in ends if each is not None]
    return sorted(known) if len(known) == len(ends) else []


def _value(filler: Filler) -> tuple[Any, ...] | None:
    known = (filler.value, filler.low, filler.high, filler.start_time, filler.end_time)
    if all(each is None for each in known):
        return None
    return (filler.label, filler.unit, filler.per, *known)


def _spellings(filler: Filler) -> set[str]:
    names = (filler.text, filler.canonical or filler.text)
    return {normalize(each).strip().casefold() for each in names}


def _only_kinds(events: Iterable[Event]) -> set[str]:
    """Subjects that say what a party is and not who, and stand beside no other in a mention. Of 61
    such in annotated news beside which another mention has a name 59 are whom that names."""
    alone: set[str] = set()
    listed: set[str] = set()
    for event in events:
        subjects = {each.text for each in event.arguments if each.role == "subject"}
        (alone if all(map(is_kind_of_party, subjects)) else listed).update(subjects)
    return {each for each in alone - listed if is_kind_of_party(each)}


def _names_somebody(filler: Filler) -> bool:
    return filler.text not in PRONOUNS or filler.entity is not None


def _links(filler: Filler) -> tuple[bool, bool, bool]:
    return filler.id is not None, filler.canonical is not None, _value(filler) is not None


def _rank(filler: Filler) -> tuple[bool, tuple[bool, bool, bool], int, bool, float, int]:
    told = 0 if filler.approximate else sum(map(digits, _magnitudes(filler)))
    is_bound = filler.low is not None or filler.high is not None
    named = filler.text not in PRONOUNS
    return named, _links(filler), told, is_bound, filler.score, len(filler.text)
