"""The words of dates, as the tables give them, ready to be looked up."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from tagger.numerals.tables import Words, rows, settings


class DateWord(NamedTuple):
    """A row of ``date_words.tsv``; ``a`` and ``b`` are None where the table leaves them empty."""

    role: str
    a: int | None
    b: int | None
    grain: str


class Daypart(NamedTuple):
    """Hours of a part of the day, what it adds to a clock hour, and whether it stands alone."""

    hours: tuple[int, int]
    shift: int
    alone: bool


class DateVocabulary(NamedTuple):
    """Words by where they may stand: opening an expression, after a year, after a month."""

    opening: Words[DateWord]
    after_year: Words[DateWord]
    after_month: Words[DateWord]
    dayparts: Words[Daypart]
    zones: Words[str]


@lru_cache(maxsize=1)
def calendar_openings() -> Words[str]:
    """What else may open a date, a repeated time or a five-year plan: ``date_openings.tsv``."""
    return Words((row["text"], row["what"]) for row in rows("date_openings.tsv"))


@lru_cache(maxsize=1)
def date_vocabulary() -> DateVocabulary:
    """The tables of date words, read once."""
    by_role: dict[str, list[tuple[str, DateWord]]] = {}
    for row in rows("date_words.tsv"):
        word = DateWord(row["role"], _integer(row["a"]), _integer(row["b"]), row["grain"])
        by_role.setdefault(word.role, []).append((row["text"], word))
    after_year = by_role.pop("year_part")
    after_month = by_role.pop("month_part")
    day_table = settings("dayparts.toml")
    alone = set(day_table["alone"])
    dayparts = [
        (word, Daypart((entry["hours"][0], entry["hours"][1]), entry["shift"], word in alone))
        for word, entry in day_table["dayparts"].items()
    ]
    return DateVocabulary(
        opening=Words(entry for entries in by_role.values() for entry in entries),
        after_year=Words(after_year),
        after_month=Words(after_month),
        dayparts=Words(dayparts),
        zones=Words(day_table["zones"].items()),
    )


def _integer(field: str) -> int | None:
    return int(field) if field else None
