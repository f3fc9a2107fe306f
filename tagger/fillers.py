"""What fills a role of a happening, put together from its mentions, each thing once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagger.document import Argument, Document, Entity, Event, Number
from tagger.figures import digits, is_one_date, is_shortened, same_figure
from tagger.grouping import PRONOUNS
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


def role_fillers(document: Document, events: Iterable[Event], role: str) -> list[Filler]:
    """What fills a role in any of these mentions of one happening, in order of first mention.

    Two fillers are one if they have the same id, else the same canonical name, or are the same
    value or text, or one is the other's figure rounded, in fewer digits or as a bound, or its date
    without the year. Kept is the linked spelling before the unlinked, the exact figure before the
    rounded one, the bound before its number, then the surest, then the longest. 公司 and other
    words that name nobody are left out beside a name.
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
    return [each for each in best if _names_somebody(each)] or best


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
    """Whether one is the other's figure rounded (500多个, 512个), in fewer digits (2.3亿, 2.301亿)
    or as a bound (不超过2%, 2%)."""
    if (one.label, one.unit, one.per) != (other.label, other.unit, other.per):
        return False
    if one.value is None or other.value is None:
        return False
    if one.approximate or other.approximate:
        return same_figure(one, other)
    if one.value == other.value:
        return True
    return is_shortened(one.value, other.value)


def _value(filler: Filler) -> tuple[Any, ...] | None:
    known = (filler.value, filler.low, filler.high, filler.start_time, filler.end_time)
    if all(each is None for each in known):
        return None
    return (filler.label, filler.unit, filler.per, *known)


def _spellings(filler: Filler) -> set[str]:
    names = (filler.text, filler.canonical or filler.text)
    return {normalize(each).strip().casefold() for each in names}


def _names_somebody(filler: Filler) -> bool:
    return filler.text not in PRONOUNS or filler.entity is not None


def _links(filler: Filler) -> tuple[bool, bool, bool]:
    return filler.id is not None, filler.canonical is not None, _value(filler) is not None


def _rank(filler: Filler) -> tuple[bool, tuple[bool, bool, bool], int, bool, float, int]:
    told = 0 if filler.value is None or filler.approximate else digits(filler.value)
    is_bound = filler.low is not None or filler.high is not None
    named = filler.text not in PRONOUNS
    return named, _links(filler), told, is_bound, filler.score, len(filler.text)
