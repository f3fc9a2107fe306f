"""Finds the place of an event whose trigger and arguments are given as strings alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from training.examples import Span

Places = Sequence[tuple[int, int]]


class Filler(NamedTuple):
    """A role and the places in the text where its filler stands."""

    role: str
    places: Places


def occurrences(text: str, phrase: str) -> list[tuple[int, int]]:
    """The half-open places of a phrase that cut no number and no Latin word in two: 5% does not
    stand in 15%, nor in 1.5%."""
    if not phrase:
        return []
    pattern = re.escape(phrase)
    if re.match("[A-Za-z0-9]", phrase):
        pattern = r"(?<![A-Za-z0-9])" + (r"(?<!\d[.,])" if phrase[0].isdigit() else "") + pattern
    if re.search("[A-Za-z0-9]$", phrase):
        pattern += r"(?![A-Za-z0-9])" + (r"(?![.,]\d)" if phrase[-1].isdigit() else "")
    return [found.span() for found in re.finditer(pattern, text)]


def nearest(place: tuple[int, int], places: Places) -> tuple[int, int]:
    """The one of the places that stands nearest, the first of equals."""
    return min(places, key=lambda other: _distance(place, other))


def best_trigger(
    triggers: Places, fillers: Sequence[Filler], taken: Places
) -> tuple[int, int] | None:
    """The trigger that all fillers together stand nearest to; None if none is free.

    ``taken`` are the triggers of other events: the same place may be taken twice, but none that
    overlaps another in part.
    """
    free = [
        place
        for place in triggers
        if all(place == other or place[1] <= other[0] or other[1] <= place[0] for other in taken)
    ]
    if not free:
        return None

    def cost(place: tuple[int, int]) -> int:
        return sum(_distance(place, nearest(place, filler.places)) for filler in fillers)

    return min(free, key=cost)


def arguments_near(trigger: tuple[int, int], fillers: Sequence[Filler]) -> tuple[Span, ...]:
    """Each filler where it stands nearest to the trigger."""
    spans = (Span(*nearest(trigger, filler.places), filler.role) for filler in fillers)
    return tuple(dict.fromkeys(spans))


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)
