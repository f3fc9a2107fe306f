"""What the page shows of a record: the fillers of its roles, a user's own too, and its dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tagger.document import Argument, Document, Quantity
from tagger.fillers import Filler
from tagger.records import Record
from tagger.schema import ROLES

Interval = tuple[datetime, datetime]
RoleFiller = tuple[str, Filler | Argument]


def fillers_of(record: Record, *roles: str) -> list[RoleFiller]:
    """What fills these roles of the schema, each with its role, in the order of the roles."""
    return [(role, filler) for role in roles for filler in getattr(record, role)]


def other_fillers(document: Document, record: Record) -> list[RoleFiller]:
    """What fills roles that the schema does not know, each text once a role."""
    mentions = (document.events[index] for index in record.mentions)
    arguments = [each for event in mentions for each in event.arguments if each.role not in ROLES]
    return list({(each.role, each.text): (each.role, each) for each in arguments}.values())


def quantities_of(document: Document, fillers: Iterable[RoleFiller]) -> list[Quantity]:
    """The quantities among what fills some roles."""
    indexes = [filler.quantity for _, filler in fillers if filler.quantity is not None]
    return [document.quantities[index] for index in indexes]


def record_dates(document: Document, record: Record) -> list[tuple[Interval, Quantity]]:
    """When it happened: its date arguments with a resolved time, and that time, by start.

    Times are those of the clock, without a zone, because an article may mix moments with and
    without one. A time of which one end is known is a moment.
    """
    dates = []
    for quantity in quantities_of(document, fillers_of(record, "date")):
        start = quantity.start_time or quantity.end_time
        if start is not None:
            first = start.replace(tzinfo=None)
            last = (quantity.end_time or start).replace(tzinfo=None)
            dates.append(((first, max(first, last)), quantity))
    return sorted(dates, key=lambda pair: pair[0])
