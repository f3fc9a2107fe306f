"""Figures of a happening that have changed since."""

from __future__ import annotations

import pytest

from tagger.document import Argument, Document, Entity, Event
from tagger.numerals import find_quantities

BOUGHT = "海岳矿业收购极光矿场51%股权，容量为85MW。"


def article(text: str) -> Document:
    """A text that begins with a purchase of 51% and 85MW."""
    document = Document(text, quantities=find_quantities(text, None))
    for name in ("海岳矿业", "极光矿场", "远帆资本"):
        if name in text:
            start = text.index(name)
            document.entities.append(Entity(start, start + len(name), name, "COMPANY"))
    document.entities.sort(key=lambda each: each.start)
    start = text.index("收购")
    event = Event(start, start + 2, "收购", "acquisition")
    subject = document.entities[0]
    event.arguments = [Argument("subject", subject.start, subject.end, subject.text, entity=0)]
    for index, (role, figure) in enumerate([("ratio", "51%"), ("quantity", "85MW")]):
        at = text.index(figure)
        event.arguments.append(Argument(role, at, at + len(figure), figure, quantity=index))
    document.events.append(event)
    return document


@pytest.mark.parametrize(
    ("rest", "later"),
    [
        ("10月，公司将容量从85MW提高至150MW，持股比例提高至55%。", {"150MW", "55%"}),
        ("持股比例後來擴大至55%。", {"55%"}),
        ("容量已由85MW降至60MW。", {"60MW"}),
        ("其毛利率提高至55%。", set()),  # no stake
        ("其人数增至150人。", set()),  # no unit of the purchase
        ("其容量为150MW。", set()),  # no word of change
        ("远帆资本的持股比例下降至49%。", set()),  # another company's
        ("海岳矿业的持股比例上升至55%。", {"55%"}),
        ("交易已完成。款项已付。股份已交割。持股比例提高至55%。", set()),  # too far
    ],
)
def test_a_change_of_a_figure_is_told_with_it(rest: str, later: set[str]) -> None:
    document = article(BOUGHT + rest)
    (record,) = document.records()
    found = [each for each in record.ratio + record.quantity if each.source == "later"]
    assert {each.text for each in found} == later
    assert [each.text for each in record.ratio if each.source is None] == ["51%"]
    (bare,) = document.records(implied=False)
    assert [each.text for each in bare.ratio + bare.quantity] == ["51%", "85MW"]


def test_another_purchase_ends_it() -> None:
    text = BOUGHT + "海岳矿业又购买一座矿场，持股比例提高至55%。"
    document = article(text)
    start = text.index("购买")
    document.events.append(Event(start, start + 2, "购买", "acquisition", group=1))
    assert [each.text for each in document.records()[0].ratio] == ["51%"]
