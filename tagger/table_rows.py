"""What the cells of a table say of a trigger in their row: figures, dates and names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter

from tagger.decoding import Trigger
from tagger.document import Argument, Document, Entity, Quantity

# Tabs, bars and gaps of two spaces part cells.
_CELL = re.compile(r"[^\t|｜│\u3000 ]+(?: [^\t|｜│\u3000 ]+)*")
_FEWEST_CELLS = 3
# A longer line is no row, nor is one that holds a sentence.
_LONGEST_ROW = 300
_OF_SENTENCES = re.compile("[。；！？]")
_ROLES = {
    "MONEY": "amount",
    "PERCENT": "ratio",
    "QUANTITY": "quantity",
    "DATE": "date",
    "COMPANY": "subject",
}
# A company in the row of one of these may be its object.
_DONE_TO_COMPANIES = frozenset(
    {"policy_release", "regulatory_action", "judgment", "lawsuit", "executive_change"}
)
# How a share moved, and an amount that is rather its price.
_MOVE = re.compile("[-+−－＋]")
_LEAST_AMOUNT = 1000
# Too rare to be counted: annotated news has no such rows.
_SCORE = 0.5
_START = attrgetter("start")


class TableRows:
    """Finds the arguments that the rows of one document's tables tell of."""

    def __init__(self, document: Document, triggers: Sequence[Trigger]) -> None:
        self._text = document.text
        self._entities, self._quantities = document.entities, document.quantities
        self._triggers = sorted(triggers, key=_START)

    def beside(self, trigger: Trigger, known: Sequence[Argument]) -> Iterator[Argument]:
        """The only amount, ratio and quantity behind the trigger in its row and the only date and
        company there, each if it fills a cell and none of the ``known`` arguments of the trigger
        has its role or its place.

        A row is a line of three cells or more. Of one with triggers in two cells nothing is told,
        and nothing by the price of a share (12.30元) or its move (-1.5%).
        """
        cells = _cells(self._text, trigger)
        if len(cells) < _FEWEST_CELLS or self._is_shared(cells):
            return
        is_done_to = any(each in _DONE_TO_COMPANIES for each, _score in trigger.types)
        roles = {each.role for each in known} | ({"subject"} if is_done_to else set())
        places = {(each.start, each.end) for each in known}
        for each in self._filling(cells, trigger.end):
            if each.role not in roles and (each.start, each.end) not in places:
                yield each

    def _filling(self, cells: Sequence[tuple[int, int]], behind: int) -> Iterator[Argument]:
        row = cells[0][0], cells[-1][1]
        found: list[tuple[Entity | Quantity, dict[str, int]]] = [
            *((self._entities[each], {"entity": each}) for each in _within(self._entities, row)),
            *(
                (self._quantities[each], {"quantity": each})
                for each in _within(self._quantities, row)
            ),
        ]
        counts = Counter(each.label for each, _index in found)
        for each, index in found:
            role, place = _ROLES.get(each.label), (each.start, each.end)
            if role is None or counts[each.label] > 1 or place not in cells:
                continue
            if role in ("subject", "date") or (place[0] >= behind and not _is_of_market(each)):
                yield Argument(role, *place, each.text, _SCORE, **index)

    def _is_shared(self, cells: Sequence[tuple[int, int]]) -> bool:
        """Whether triggers stand in several of a row's cells."""
        triggers = _within(self._triggers, (cells[0][0], cells[-1][1]))
        starts = [start for start, _end in cells]
        return len({bisect_right(starts, self._triggers[each].start) for each in triggers}) > 1


def _is_of_market(figure: Entity | Quantity) -> bool:
    if _MOVE.match(figure.text):
        return True
    value = figure.value if isinstance(figure, Quantity) and figure.label == "MONEY" else None
    return value is not None and value < _LEAST_AMOUNT


def _cells(text: str, trigger: Trigger) -> list[tuple[int, int]]:
    """The spans of the cells of a trigger's line; none where the line is no row."""
    start = text.rfind("\n", max(0, trigger.start - _LONGEST_ROW), trigger.start) + 1
    end = text.find("\n", trigger.end, trigger.end + _LONGEST_ROW)
    end = len(text) if end < 0 else end
    if end - start > _LONGEST_ROW or _OF_SENTENCES.search(text, start, end):
        return []
    row = text[start:end].replace("\xa0", " ")
    return [(start + cell.start(), start + cell.end()) for cell in _CELL.finditer(row)]


def _within(
    spans: Sequence[Entity] | Sequence[Quantity] | Sequence[Trigger], row: tuple[int, int]
) -> range:
    """The indexes of the spans, which are in order of place, that begin in a row."""
    return range(*(bisect_left(spans, place, key=_START) for place in row))
