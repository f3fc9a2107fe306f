"""The document model and its JSON shape."""

from __future__ import annotations

import pickle
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pandas
import pytest

from tagger import Argument, Document, Entity, Event, Quantity, Word
from tagger.document import format_number, parse_number, parse_published

TEXT = "2月17日，星河矿业减持512枚比特币。"
BEIJING = timezone(timedelta(hours=8))


def example() -> Document:
    return Document(
        text=TEXT,
        id="a.md",
        title="2月17日",
        body_start=6,
        published=datetime(2022, 2, 18, 18, 38, 33, tzinfo=BEIJING),
        source="矿讯",
        metadata={"securities": [{"code": "XHKY"}]},
        model="default 1.0",
        entities=[Entity(6, 10, "星河矿业", "COMPANY", 0.98, "星河矿业", "NYSE:XHKY")],
        quantities=[
            Quantity(
                0, 5, "2月17日", "DATE",
                start_time=datetime(2022, 2, 17), end_time=datetime(2022, 2, 18), grain="day",
            ),
            Quantity(12, 19, "512枚比特币", "MONEY", value=Decimal(512), unit="BTC"),
        ],
        events=[
            Event(
                10, 12, "减持", "divestment", 0.9,
                arguments=[
                    Argument("subject", 6, 10, "星河矿业", 0.95, entity=0),
                    Argument("quantity", 12, 19, "512枚比特币", 0.9, quantity=1),
                ],
            )
        ],
    )  # fmt: skip


def test_a_document_has_the_published_json_shape() -> None:
    assert example().to_dict() == {
        "schema_version": 1,
        "model": "default 1.0",
        "id": "a.md",
        "title": "2月17日",
        "body_start": 6,
        "text": TEXT,
        "published": "2022-02-18T18:38:33+08:00",
        "source": "矿讯",
        "metadata": {"securities": [{"code": "XHKY"}]},
        "entities": [
            {
                "start": 6, "end": 10, "text": "星河矿业", "label": "COMPANY", "score": 0.98,
                "canonical": "星河矿业", "id": "NYSE:XHKY",
            }
        ],
        "quantities": [
            {
                "start": 0, "end": 5, "text": "2月17日", "label": "DATE", "grain": "day",
                "start_time": "2022-02-17T00:00:00", "end_time": "2022-02-18T00:00:00",
            },
            {
                "start": 12, "end": 19, "text": "512枚比特币", "label": "MONEY", "value": "512",
                "unit": "BTC",
            },
        ],
        "events": [
            {
                "start": 10, "end": 12, "text": "减持", "type": "divestment", "score": 0.9,
                "modality": "asserted", "group": 0,
                "arguments": [
                    {
                        "role": "subject", "start": 6, "end": 10, "text": "星河矿业",
                        "score": 0.95, "entity": 0,
                    },
                    {
                        "role": "quantity", "start": 12, "end": 19, "text": "512枚比特币",
                        "score": 0.9, "quantity": 1,
                    },
                ],
            }
        ],
    }  # fmt: skip


def test_a_document_survives_its_json() -> None:
    assert Document.from_dict(example().to_dict()) == example()


def test_an_empty_document_says_nothing_more_than_it_knows() -> None:
    assert Document("文").to_dict() == {
        "schema_version": 1, "id": "", "text": "文", "entities": [], "quantities": [], "events": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "'text' is missing"),
        ({"text": 3}, "'text' is missing or not a string"),
        ({"text": "甲", "entities": [{"start": 0, "end": 2, "label": "X"}]}, "is no span"),
        ({"text": "甲", "entities": [{"start": 1, "end": 1, "label": "X"}]}, "is no span"),
        (
            {"text": "甲乙", "entities": [{"start": 0, "end": 1, "label": "X", "text": "乙"}]},
            "holds '甲', not '乙'",
        ),
        (
            {"text": "甲", "quantities": [{"start": 0, "end": 1, "label": "X", "value": "one"}]},
            "not a number: 'one'",
        ),
        ({"text": "甲", "published": 20220218}, "published=20220218 is no date or time"),
        *(
            (
                {"text": "甲", "quantities": [{"start": 0, "end": 1, "label": "X", "low": low}]},
                f"not a number: '{low}'",
            )
            for low in (float("nan"), "NaN", "-Infinity", "1/0")
        ),
        ({"text": "甲", "entities": 1}, "entities: 1 is no list"),
        ({"text": "甲", "quantities": {"start": 0}}, "quantities: {'start': 0} is no list"),
        ({"text": "甲", "events": "甲"}, "events: '甲' is no list"),
        (
            {"text": "甲", "events": [{"start": 0, "end": 1, "type": "X", "arguments": 1}]},
            "arguments: 1 is no list",
        ),
        ({"text": "甲", "entities": ["甲"]}, "entities: '甲' is no object"),
        ({"text": "甲", "entities": [{"start": 0, "end": 1}]}, "entities: [0, 1) has no 'label'"),
        (
            {"text": "甲", "entities": [{"start": 0, "end": 1, "label": "X", "kind": "Y"}]},
            "unknown key 'kind'",
        ),
        (
            {
                "text": "甲",
                "quantities": [{"start": 0, "end": 1, "label": "DATE", "start_time": 2022}],
            },
            "quantities: [0, 1): 'start_time' is int, not a time in ISO 8601",
        ),
        (
            {
                "text": "甲",
                "quantities": [{"start": 0, "end": 1, "label": "DATE", "start_time": "one"}],
            },
            "start_time='one' is no time",
        ),
        *(
            (
                {"text": "甲", "entities": [{"start": 0, "end": 1, "label": "X"} | value]},
                f"entities: [{value.get('start', 0)}, 1): {fault}",
            )
            for value, fault in (
                ({"start": "0"}, "'start' is str, not a whole number"),
                ({"start": False}, "'start' is bool, not a whole number"),
                ({"label": 3}, "'label' is int, not a string"),
                ({"score": "0.9"}, "'score' is str, not a number"),
                ({"canonical": ["甲"]}, "'canonical' is list, not a string"),
            )
        ),
        (
            {
                "text": "甲",
                "quantities": [{"start": 0, "end": 1, "label": "X", "approximate": "no"}],
            },
            "quantities: [0, 1): 'approximate' is str, not true or false",
        ),
        ({"text": "甲", "entities": {}}, "entities: {} is no list"),
        ({"text": "甲", "title": 7}, "'title' is int, not a string"),
        ({"text": "甲", "id": True}, "'id' is bool, not a string or a number"),
        ({"text": "甲", "body_start": "0"}, "'body_start' is str, not a whole number"),
        ({"text": "甲", "body_start": 2}, "body_start=2 lies outside the text"),
        ({"text": "甲", "metadata": [1]}, "'metadata' is list, not an object"),
        *(
            (
                {
                    "text": "甲",
                    "entities": [{"start": 0, "end": 1, "label": "X"}],
                    "events": [
                        {
                            "start": 0,
                            "end": 1,
                            "type": "X",
                            "arguments": [{"start": 0, "end": 1, "role": "X", **index}],
                        }
                    ],
                },
                "is no index into",
            )
            for index in ({"entity": 99}, {"entity": -1}, {"quantity": 0})
        ),
    ],
)
def test_a_damaged_record_is_refused_with_its_place(data: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        Document.from_dict(data)


def test_none_counts_as_left_out() -> None:
    span = {"start": 0, "end": 1, "label": "X", "score": None, "id": None, "text": None}
    data = {"text": "甲", "id": None, "title": None, "body_start": None, "entities": [span]}
    assert Document.from_dict(data | {"events": None}) == Document(
        "甲", entities=[Entity(0, 1, "甲", "X")]
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("495800000"), "495800000"),
        (Decimal("4.958E+8"), "495800000"),
        (Decimal("7.290"), "7.290"),
        (Decimal("-0.05"), "-0.05"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_numbers_are_written_exactly(number: Decimal | Fraction, text: str) -> None:
    assert (format_number(number), parse_number(text)) == (text, number)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (float("nan"), None),
        (pandas.NaT, None),
        (pandas.NA, None),
        (date(2022, 2, 18), datetime(2022, 2, 18)),
        ("2022-02-18", datetime(2022, 2, 18)),
        ("2022-02-18T18:38:33+08:00", datetime(2022, 2, 18, 18, 38, 33, tzinfo=BEIJING)),
        ("2022-W07-5", datetime(2022, 2, 18)),
        ("20220218T183833+0800", datetime(2022, 2, 18, 18, 38, 33, tzinfo=BEIJING)),
        ("2022/2/18", datetime(2022, 2, 18)),
        ("2022年2月18日 18:38", datetime(2022, 2, 18, 18, 38)),
    ],
)
def test_published_takes_what_callers_hold(given: object, expected: datetime | None) -> None:
    assert parse_published(given) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["昨天", 20220218])
def test_published_that_is_no_date_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match=f"published={given!r} is no date or time"):
        parse_published(given)  # type: ignore[arg-type]


def test_words_need_a_tagger() -> None:
    with pytest.raises(ValueError, match="pass it through a Tagger first, in the process"):
        _ = Document("文").words


def test_a_document_travels_between_processes_without_its_segmenter() -> None:
    document = example()
    document.segmenter = lambda each: [Word(0, 1, each.text[:1])]
    assert document.words == [Word(0, 1, "2")]
    copy = pickle.loads(pickle.dumps(document))
    assert (copy, copy.segmenter, copy.words) == (document, None, document.words)
