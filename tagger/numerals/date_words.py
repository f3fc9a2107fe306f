"""The words of dates, as the tables give them, ready to be looked up."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from tagger.numerals.tables import Words, rows, settings

# What is said of news, beside the name of a paper: 1月5日晚报道, 北京晚报.
_REPORTS = ("报道", "报告", "报称")


class DateWord(NamedTuple):
    """A row of ``date_words.tsv``; ``a`` and ``b`` are None where the table leaves them empty."""

    role: str
    a: int | None
    b: int | None
    grain: str
    stops: str
    only: str
    before: str

    def begins(self, text: str, start: int) -> bool:
        """Whether the word that begins at ``start`` does not continue another (光明日报)."""
        return not start or text[start - 1] not in self.before

    def stands(self, text: str, end: int) -> bool:
        """Whether the word that ends at ``end`` is not part of a longer one."""
        following = text[end : end + 1]
        if not following or following in self.only:
            return True
        return following not in self.stops and not (self.only and following.isalpha())


class Daypart(NamedTuple):
    """Hours of a part of the day, what it adds to a clock hour, and whether it stands alone.

    ``back`` says that it counts from the day that the text named last before (当晚), ``stops`` are
    characters after it that make it part of another word.
    """

    hours: tuple[int, int]
    shift: int
    alone: bool
    back: bool
    stops: str

    def stands(self, text: str, end: int) -> bool:
        """Whether the word that ends at ``end`` is not part of a longer one: 晚报, but 晚报道."""
        following = text[end : end + 1]
        return not following or following not in self.stops or text.startswith(_REPORTS, end)


class DateVocabulary(NamedTuple):
    """Words by where they may stand: opening an expression, after a year, after a month."""

    opening: Words[DateWord]
    after_year: Words[DateWord]
    after_month: Words[DateWord]
    decade_parts: Words[DateWord]
    century_parts: Words[DateWord]
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
        word = DateWord(
            row["role"],
            _integer(row["a"]),
            _integer(row["b"]),
            row["grain"],
            row["stops"],
            row["only"],
            row["before"],
        )
        by_role.setdefault(word.role, []).append((row["text"], word))
    after_year = by_role.pop("year_part")
    after_month = by_role.pop("month_part")
    decade_parts = by_role.pop("decade_part")
    century_parts = by_role.pop("century_part")
    day_table = settings("dayparts.toml")
    alone, back = set(day_table["alone"]), set(day_table["following"])
    dayparts = [
        (
            word,
            Daypart(
                (entry["hours"][0], entry["hours"][1]),
                entry["shift"],
                word in alone,
                word in back,
                entry.get("stops", ""),
            ),
        )
        for word, entry in day_table["dayparts"].items()
    ]
    return DateVocabulary(
        opening=Words(entry for entries in by_role.values() for entry in entries),
        after_year=Words(after_year),
        after_month=Words(after_month),
        decade_parts=Words(decade_parts),
        century_parts=Words(century_parts),
        dayparts=Words(dayparts),
        zones=Words(day_table["zones"].items()),
    )


@lru_cache(maxsize=1)
def date_contexts() -> dict[str, Any]:
    """Characters around a date that decide how it is read: ``date_contexts.toml``."""
    return settings("date_contexts.toml")


def _integer(field: str) -> int | None:
    return int(field) if field else None
