"""When something happened where no mention says so."""

from __future__ import annotations

import pytest

from tagger.document import Argument, Document, Event
from tagger.numerals import find_quantities


def article(text: str, types: dict[str, str]) -> Document:
    """A text with its quantities, and an event of a type at each word."""
    document = Document(text, quantities=find_quantities(text, None))
    for number, (word, kind) in enumerate(types.items()):
        start = text.index(word)
        document.events.append(Event(start, start + len(word), word, kind, group=number))
    return document


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021年6月21日，星河矿业宣布两个矿场已停止营运。", "2021年6月21日"),
        ("2020年盈利2亿元，而在2021年6月，星河矿业停止营运。", "2021年6月"),  # the nearer
        ("星河矿业2021年6月的产量为3万吨，占10%，此后停止营运。", None),  # frames nothing
        ("2021年6月21日，远帆电气讯，星河矿业停止营运。", None),  # the date of the report
        ("6月21日，公司公告称，星河矿业停止营运。", None),
        ("6月21日，據報道，星河矿业停止营运。", None),
        ("星河矿业于6月21日成立。两个矿场停止营运。", None),  # another sentence's
        ("6月21日，青山资本增持股份，星河矿业停止营运。", None),  # another event's
        ("星河矿业停止营运，此前2021年6月亏损。", None),
        ("借款期限3年，星河矿业停止营运。", None),  # how long
        ("星河矿业停止营运。", None),
    ],
)
def test_a_happening_without_a_date_takes_that_of_its_sentence(text: str, date: str | None) -> None:
    document = article(text, {"增持": "stake_increase"} if "增持" in text else {})
    start = text.index("停止")
    document.events.append(Event(start, start + 2, "停止", "termination", group=9))
    (record,) = [each for each in document.records() if each.type == "termination"]
    assert [each.text for each in record.date] == ([date] if date else [])
    for each in record.date:
        assert each.source == "sentence"
        assert record.start_time == document.quantities[each.quantity or 0].start_time
    (bare,) = [each for each in document.records(implied=False) if each.type == "termination"]
    assert bare.date == ()


def test_a_date_that_a_mention_has_is_kept() -> None:
    text = "2021年6月21日，星河矿业宣布7月停止营运。"
    document = article(text, {"停止": "termination"})
    start = text.index("7月")
    document.events[0].arguments = [Argument("date", start, start + 2, "7月")]
    (record,) = document.records()
    assert [(each.text, each.source) for each in record.date] == [("7月", None)]
