"""Arguments at the occurrence nearest to their trigger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.document import Argument, Document, Entity, Quantity
from tagger.occurrences import Occurrences

TEXT = "上海公告：上海银行减持甲公司5%股份，甲公司称资产未变，5%股份属资产。"


def document() -> Document:
    found = Document(TEXT)
    for name, label in [("上海银行", "COMPANY"), ("甲公司", "COMPANY")]:
        start = TEXT.find(name)
        while start >= 0:
            found.entities.append(Entity(start, start + len(name), name, label))
            start = TEXT.find(name, start + 1)
    for start in (TEXT.index("5%"), TEXT.rindex("5%")):
        found.quantities.append(Quantity(start, start + 2, "5%", "PERCENT"))
    return found


@pytest.mark.parametrize(
    ("words", "at", "trigger", "moved_to", "entity", "quantity"),
    [
        ("甲公司", 1, "减持", 0, 1, None),  # a name to the same name
        ("甲公司", 0, "未变", 1, 2, None),
        ("5%", 1, "减持", 0, None, 0),  # a figure to the same figure
        ("资产", 1, "减持", 0, None, None),  # other words to where they stand
        ("资产", 0, "属", 1, None, None),
        ("上海", 0, "减持", 0, None, None),  # but not into a longer name
    ],
)
def test_an_argument_stands_where_its_words_are_nearest(
    words: str, at: int, trigger: str, moved_to: int, entity: int | None, quantity: int | None
) -> None:
    places = [place for place in range(len(TEXT)) if TEXT.startswith(words, place)]
    found = document()
    names = [each.start for each in found.entities if each.text == words]
    figures = [each.start for each in found.quantities if each.text == words]
    argument = Argument(
        "object",
        places[at],
        places[at] + len(words),
        words,
        entity=[each.start for each in found.entities].index(places[at]) if names else None,
        quantity=[each.start for each in found.quantities].index(places[at]) if figures else None,
    )
    start = TEXT.index(trigger)
    moved = Occurrences(found).nearest(argument, start, start + len(trigger))
    assert (moved.start, moved.end, moved.text, moved.entity, moved.quantity) == (
        places[moved_to],
        places[moved_to] + len(words),
        words,
        entity,
        quantity,
    )


@given(st.text("甲乙", min_size=1, max_size=30), st.data())
def test_no_occurrence_is_nearer(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    words = text[at : at + data.draw(st.integers(1, 3))]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    argument = Argument("object", at, at + len(words), words)

    def distance(place: int) -> int:
        return max(start - place - len(words), place - end, 0)

    moved = Occurrences(Document(text)).nearest(argument, start, end)
    outside = [
        place
        for place in range(len(text))
        if text.startswith(words, place) and (place + len(words) <= start or place >= end)
    ]
    assert text.startswith(words, moved.start) and moved.end == moved.start + len(words)
    assert distance(moved.start) <= min(map(distance, [at, *outside]))
