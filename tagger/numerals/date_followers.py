"""Words that close a date and change its interval: 左右, 以来, 之前, 至今."""

from __future__ import annotations

from datetime import MAXYEAR, datetime, timedelta
from functools import lru_cache

from tagger.document import Quantity
from tagger.numerals.calendar import through
from tagger.numerals.date_words import date_contexts
from tagger.numerals.tables import Words, rows


def follow(text: str, quantity: Quantity, reference: datetime | None, yearless: bool) -> None:
    """Widens a date by the word after it and changes its interval as the word says.

    前 and 后 include the day itself, as deadlines do: 4月30日前 ends with that day. ``yearless``
    says that the text does not name the year.
    """
    found = _word_at(text, quantity.end)
    if found is None:
        return
    word, effect = found
    if effect == "since" and text.endswith(_since_before(), 0, quantity.start):
        return
    if quantity.label == "TIME" and effect != "around":
        return
    quantity.end += len(word)
    begins, ends = quantity.start_time, quantity.end_time
    if effect == "around":
        quantity.approximate = True
    elif begins is None or ends is None:
        return
    elif effect in ("since", "until_now", "after"):
        now = _now(reference, begins)
        if now is not None and begins < now:
            quantity.end_time = now
        elif effect == "after":
            quantity.end_time = None
        else:
            quantity.start_time = quantity.end_time = None
    elif effect == "before":
        _end_with(quantity, begins, ends, reference, yearless)
    else:
        quantity.start_time, quantity.grain = _week_before(ends), "week"


def has_begun(text: str, end: int, begins: datetime, reference: datetime | None) -> bool:
    """Whether the word at ``end`` says that what would begin after ``reference`` lasts until now.

    In February 9月以来 is no September ahead.
    """
    now = _now(reference, begins)
    if now is None or begins < now:
        return False
    found = _word_at(text, end)
    return found is not None and found[1] in ("since", "until_now")


def _word_at(text: str, end: int) -> tuple[str, str] | None:
    """The word that closes a date at ``end``, and its effect."""
    words = follower_words()
    found = words.at(text, end) if text[end : end + 1] in words.first_characters else None
    if found is None:
        return None
    word, (effect, stops) = found
    following = text[end + len(word) : end + len(word) + 1]
    return None if following and following in stops else (word, effect)


def _end_with(
    quantity: Quantity,
    begins: datetime,
    ends: datetime,
    reference: datetime | None,
    yearless: bool,
) -> None:
    """10月底前 is a deadline: from now on, and in February this year's October."""
    quantity.start_time = None
    now = _now(reference, begins)
    if reference is None or now is None:
        return
    if yearless and begins.year < now.year < MAXYEAR and begins.month > now.month:
        begins, ends = begins.replace(year=now.year, day=1), _year_later(ends)
        quantity.end_time = ends
    if now < begins:
        quantity.start_time = _like(reference, begins)


def _week_before(moment: datetime) -> datetime | None:
    try:
        return moment - timedelta(7)
    except OverflowError:
        return None


def _year_later(moment: datetime) -> datetime:
    # The 29th of February ends no month but by way of the 1st of March.
    day = min(moment.day, 28) if moment.month == 2 else moment.day
    return moment.replace(year=moment.year + 1, day=day)


def _now(reference: datetime | None, like: datetime) -> datetime | None:
    """Until when a period lasts that began at ``like`` and goes on."""
    if reference is None:
        return None
    try:
        now = through(reference)
    except OverflowError:
        return None
    return _like(now, like)


def _like(moment: datetime, other: datetime) -> datetime:
    """``moment`` with a zone where ``other`` has one, so that the two compare."""
    if moment.tzinfo is None and other.tzinfo is not None:
        return moment.replace(tzinfo=other.tzinfo)
    return moment


@lru_cache(maxsize=1)
def follower_words() -> Words[tuple[str, str]]:
    """What each of the words does to an interval, and its stops."""
    return Words((row["text"], (row["effect"], row["stops"])) for row in rows("date_followers.tsv"))


@lru_cache(maxsize=1)
def _since_before() -> tuple[str, ...]:
    return tuple(date_contexts()["since_before"])
