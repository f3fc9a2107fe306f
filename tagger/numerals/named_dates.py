"""Words that count from the date that the text named last before: 当日, 次年, 当晚, 该季度."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.date_words import date_vocabulary
from tagger.numerals.dates import read_date
from tagger.numerals.same_period import SAME_PERIOD
from tagger.numerals.tables import Words

# How exactly a date must be named for a word to count from it.
_DAYS = frozenset(("second", "minute", "hour", "daypart", "day"))
_WEEKS = _DAYS | {"week"}
_MONTHS = _WEEKS | {"tenday", "month"}
_QUARTERS = _MONTHS | {"quarter"}
_YEARS = _QUARTERS | {"half", "year"}
_GRAINS = {"day": _DAYS, "week": _WEEKS, "month": _MONTHS, "quarter": _QUARTERS, "year": _YEARS}


def count_from_named(
    text: str, quantity: Quantity, before: Sequence[Quantity], reference: datetime | None
) -> None:
    """Resolves an open date by the nearest one ``before`` that is exact enough, in place.

    Where the text named none, the article's own date is meant.
    """
    found = _words().at(text, quantity.start)
    if found is None:
        return
    exact = _GRAINS[found[1]]
    named = next(
        (
            each.start_time
            for each in reversed(before)
            if each.start_time is not None
            and each.grain in exact
            and each.label == "DATE"
            # What a text compares with is not what it goes on to tell of.
            and not text.endswith(SAME_PERIOD, each.start, each.end)
        ),
        reference,
    )
    if named is None:
        return
    again = read_date(text, quantity.start, reference, named)
    if again is not None and again.end == quantity.end:
        quantity.start_time, quantity.end_time = again.start_time, again.end_time
        quantity.grain = again.grain


@lru_cache(maxsize=1)
def _words() -> Words[str]:
    """Each such word with its unit."""
    vocabulary = date_vocabulary()
    entries = [
        (text, word.role)
        for text, word in vocabulary.opening
        if word.role in _GRAINS and word.a is None and word.b is not None
    ]
    entries += [(text, "day") for text, part in vocabulary.dayparts if part.back]
    return Words(entries)
