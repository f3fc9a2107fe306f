"""How labels and values read to a person: shared by the HTML page and the terminal view."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from tagger.document import Argument, Document, Entity, Number, Quantity, format_number
from tagger.fillers import Filler
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, MODALITIES, QUANTITY_LABELS, ROLES

_CHINESE = {**ENTITY_LABELS, **QUANTITY_LABELS, **EVENT_TYPES, **MODALITIES}

_ROLE_PLACES = {role: place for place, role in enumerate(ROLES)}


def chinese_name(label: str) -> str:
    """The Chinese name of a label, an event type or a modality; a label unknown here itself."""
    return _CHINESE.get(label, label)


def published_text(document: Document) -> str:
    """When an article was published, to the minute and without its zone; empty if unknown.

    Of midnight the day alone: that is how a day without a time is kept.
    """
    return _moment(document.published) if document.published else ""


def role_name(role: str) -> str:
    """The Chinese name of a role, several of which share their names with labels."""
    return ROLES.get(role, role)


def role_place(role: str) -> int:
    """Where a role stands in the schema's order; those unknown here stand last."""
    return _ROLE_PLACES.get(role, len(_ROLE_PLACES))


def entity_link(entity: Entity) -> str:
    """Canonical name and id of an entity, or an empty text where neither is known."""
    return " ".join(part for part in (entity.canonical, entity.id) if part)


def quantity_value(quantity: Quantity) -> str:
    """The value of a quantity on one line, such as ``≈ 495,800,000 USD`` or ``10 – 20 %``.

    Periods read with their last day included. Empty where nothing beyond the text is known.
    """
    parts = [_numbers(quantity), period_text(quantity)]
    parts += [each for each in (quantity.duration, quantity.repeat) if each]
    return " ".join(part for part in parts if part)


def period_text(quantity: Quantity) -> str:
    """The resolved time of a quantity, a period with its last day included; else empty."""
    start, end = quantity.start_time, quantity.end_time
    if start is None or end is None:
        known = start or end
        return _moment(known) if known else ""
    if _is_midnight(start) and _is_midnight(end) and end > start:
        last = end - timedelta(days=1)
        return f"{start.date()}" if last == start else f"{start.date()} – {last.date()}"
    if end - start <= timedelta(minutes=1):
        return _moment(start)
    return f"{_moment(start)} – {_moment(end)}"


def argument_text(document: Document, argument: Argument | Filler) -> str:
    """What fills a role, with the id or the value it stands for where that says more."""
    return with_value(argument.text, argument_value(document, argument))


def argument_value(document: Document, argument: Argument | Filler) -> str:
    """The id or the value that an argument stands for; empty where that says no more than it."""
    known = ""
    if argument.entity is not None:
        known = document.entities[argument.entity].id or ""
    elif argument.quantity is not None:
        known = quantity_value(document.quantities[argument.quantity])
    return known if _says_more(known, argument.text) else ""


def with_value(text: str, known: str) -> str:
    """A text with the id or the value that it stands for, where that says more."""
    return f"{text} ({known})" if known and _says_more(known, text) else text


def _says_more(known: str, text: str) -> bool:
    return known.replace(" ", "") != text.replace(" ", "")


def _numbers(quantity: Quantity) -> str:
    if quantity.value is not None:
        number = _bound(quantity) + _grouped(quantity.value)
    elif quantity.low is not None and quantity.high is not None:
        number = f"{_grouped(quantity.low)} – {_grouped(quantity.high)}"
    else:
        return ""
    if quantity.approximate:
        number = f"≈ {number}"
    unit = quantity.unit or quantity.unit_text or ""
    per = f"/ {quantity.per}" if quantity.per else ""
    return " ".join(part for part in (number, unit, per) if part)


def _bound(quantity: Quantity) -> str:
    if quantity.low is not None and quantity.high is None:
        return "> " if quantity.low_inclusive is False else "≥ "
    if quantity.high is not None and quantity.low is None:
        return "< " if quantity.high_inclusive is False else "≤ "
    return ""


def _grouped(number: Number) -> str:
    return f"{number:,f}" if isinstance(number, Decimal) else format_number(number)


def _moment(moment: datetime) -> str:
    return f"{moment.date()}" if _is_midnight(moment) else f"{moment:%Y-%m-%d %H:%M}"


def _is_midnight(moment: datetime) -> bool:
    return moment.time() == time()
