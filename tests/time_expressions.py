"""Time expressions in one line each, for the tests of the rules layer.

A line says all of one: label, text, [start, end), grain, ISO 8601 duration, repeat, the ends of a
range with their unit, and ~ where it is approximate. Midnight is left out.
"""

from __future__ import annotations

from datetime import date, datetime

from tagger.document import Quantity, format_number
from tagger.numerals import find_quantities

# A Friday.
REFERENCE = date(2022, 2, 18)


def said(quantity: Quantity) -> str:
    """A time expression in one line."""
    parts = [quantity.label, quantity.text]
    if quantity.start_time or quantity.end_time:
        parts.append(f"[{_plain(quantity.start_time)}, {_plain(quantity.end_time)})")
    parts += [part for part in (quantity.grain, quantity.duration, quantity.repeat) if part]
    if quantity.low is not None and quantity.high is not None:
        ends = f"{format_number(quantity.low)}..{format_number(quantity.high)}"
        parts.append(f"{ends} {quantity.unit_text}")
    return " ".join(parts) + (" ~" if quantity.approximate else "")


def _plain(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat().removesuffix("T00:00:00")


def times(text: str, reference: date | datetime | None = REFERENCE) -> list[str]:
    """Every date and time found in a text, each in one line."""
    found = find_quantities(text, reference)
    return [said(each) for each in found if each.label in ("DATE", "TIME")]
