"""The commonest dates, read at once: 2021年12月31日, 9月24日, 12月, 2021年.

Most dates of news have one of these shapes and nothing that belongs to them behind. They are read
by one regular expression and resolved once for each reference; whatever may go on is left to
``read_date``, which reads every one of these in the same way.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.calendar import Interval, resolve
from tagger.numerals.date_followers import follower_words
from tagger.numerals.date_words import date_contexts, date_vocabulary
from tagger.numerals.holidays import holiday_names
from tagger.numerals.when import When


def read_plain_date(text: str, start: int, reference: datetime | None) -> Quantity | None:
    """The date in figures at ``start`` where nothing behind or before it can belong to it."""
    match = _pattern().match(text, start)
    # A zone before it, 北京时间 or UTC, ends in one of these.
    if match is None or (start and text[start - 1] in "间TC"):
        return None
    start_time, end_time, grain = _interval(*match.groups(), reference)
    return Quantity(
        start, match.end(), "", "DATE", start_time=start_time, end_time=end_time, grain=grain
    )


@lru_cache(maxsize=4096)
def _interval(
    year: str | None,
    month: str | None,
    day: str | None,
    only_year: str | None,
    reference: datetime | None,
) -> Interval:
    if only_year:
        return resolve(When(year=int(only_year)), reference)
    when = When(year=int(year) if year else None, month=int(month or 0))
    when.day = int(day) if day else None
    return resolve(when, reference)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    vocabulary = date_vocabulary()
    tables = (vocabulary.after_year, vocabulary.after_month, vocabulary.dayparts, vocabulary.zones)
    more = {word[0] for table in tables for word, _ in table}
    more |= {word[0] for word, _ in holiday_names()} | {word[0] for word, _ in follower_words()}
    more |= {word[0] for word, part in vocabulary.opening if part.role in ("day", "weekday")}
    more |= set(date_contexts()["after_plain_date"])
    end = f"(?![{re.escape(''.join(sorted(more)))}])"
    return re.compile(
        rf"(?:(?:([12]\d{{3}})年)?(1[0-2]|0?[1-9])月(?:(3[01]|[12]\d|0?[1-9])日)?|([12]\d{{3}})年){end}"
    )
