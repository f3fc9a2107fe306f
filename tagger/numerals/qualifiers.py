"""Words that qualify a number: 约, 不超过, 以上. They widen its span or only its meaning."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tagger.document import Number, Quantity
from tagger.numerals.tables import Words, rows


class Qualifier(NamedTuple):
    """Whether the word lies inside the span, its effect, what must follow it (``only``), and what
    before it makes its last character the word that counts (``unless``)."""

    inside: bool
    effect: str
    only: str = ""
    unless: str = ""


class Qualifiers(NamedTuple):
    """The words that qualify a number from before it, and those that do so from after it."""

    before: Words[Qualifier]
    after: Words[Qualifier]


def qualifier_before(text: str, end: int) -> tuple[str, Qualifier] | None:
    """The qualifier that ends at ``end``; None too where a longer word only looks like one."""
    words = qualifiers().before
    found = words.before(text, end)
    if found is None:
        return None
    word, qualifier = found
    if qualifier.unless and text.endswith(tuple(qualifier.unless), 0, end - len(word)):
        # 持续|约3小时
        found = words.at(word[-1], 0)
    if found is None or found[1].effect == "none":
        return None
    if found[1].only and text[end : end + 1] not in found[1].only:
        return None
    return found


def qualifier_after(text: str, start: int) -> tuple[str, Qualifier] | None:
    """The qualifier that begins at ``start``."""
    return qualifiers().after.at(text, start)


def apply_effects(quantity: Quantity, effects: Iterable[str]) -> None:
    """Writes bounds and vagueness into a quantity that has its value or its range.

    The nearest word comes first and says on which side the bound lies: 最高超1万亿 is above.
    """
    for effect in effects:
        if effect == "approximate":
            quantity.approximate = True
        elif quantity.value is None:
            continue
        elif effect.startswith("low_") and quantity.high is None:
            _bound_low(quantity, quantity.value, effect == "low_inclusive")
        elif effect.startswith("high_") and quantity.low is None:
            _bound_high(quantity, quantity.value, effect == "high_inclusive")


def _bound_low(quantity: Quantity, value: Number, inclusive: bool) -> None:
    quantity.low, quantity.low_inclusive = value, inclusive


def _bound_high(quantity: Quantity, value: Number, inclusive: bool) -> None:
    quantity.high, quantity.high_inclusive = value, inclusive


@lru_cache(maxsize=1)
def qualifiers() -> Qualifiers:
    """``qualifiers.tsv`` by the side on which a word stands."""
    before: list[tuple[str, Qualifier]] = []
    after: list[tuple[str, Qualifier]] = []
    for row in rows("qualifiers.tsv"):
        entry = (
            row["text"],
            Qualifier(row["span"] == "inside", row["effect"], row["only"], row["unless"]),
        )
        (before if row["side"] == "before" else after).append(entry)
    return Qualifiers(Words(before), Words(after))
