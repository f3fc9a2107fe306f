"""doccano's JSON lines: as doccano reads them, and as it writes them after annotators' work."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from annotation_documents import documents
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger import annotation
from tagger.annotation import PartlyAnnotated, Scheme
from tagger.annotation.labels import Layer
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.readers import ReadError

TEXT = "😀星河矿业拟转让俄亥俄州矿场"


def tagged() -> Document:
    return Document(
        TEXT,
        id="flash-1",
        title="快讯",
        entities=[
            Entity(1, 5, "星河矿业", "COMPANY", 0.9, "星河矿业", "NYSE:XHKY"),
            Entity(8, 12, "俄亥俄州", "LOCATION", 0.8),
        ],
        events=[
            Event(
                6,
                8,
                "转让",
                "equity_transfer",
                0.7,
                "planned",
                4,
                [
                    Argument("subject", 1, 5, "星河矿业", 0.6, entity=0),
                    Argument("object", 8, 14, "俄亥俄州矿场", 0.5),
                ],
            )
        ],
    )


def write(path: Path, *documents: Document, format: str = "doccano") -> list[dict[str, Any]]:
    assert annotation.write(documents, path, format) == []
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def read(path: Path, *records: object, scheme: Scheme | None = None) -> list[Document | ReadError]:
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return list(annotation.read(path, "doccano", scheme))


def test_roles_are_relations_and_offsets_are_code_points(tmp_path: Path) -> None:
    (record,) = write(tmp_path / "a.jsonl", tagged())
    del record["tagger"]
    assert record == {
        "text": TEXT,
        "entities": [
            {"id": 1, "label": "COMPANY", "start_offset": 1, "end_offset": 5},
            {"id": 2, "label": "LOCATION", "start_offset": 8, "end_offset": 12},
            {"id": 3, "label": "equity_transfer", "start_offset": 6, "end_offset": 8},
            {"id": 4, "label": "argument", "start_offset": 8, "end_offset": 14},
        ],
        "relations": [
            {"id": 5, "from_id": 3, "to_id": 1, "type": "subject"},
            {"id": 6, "from_id": 3, "to_id": 4, "type": "object"},
        ],
    }


def test_the_plain_form_has_spans_alone(tmp_path: Path) -> None:
    (record,) = write(tmp_path / "a.jsonl", tagged(), format="doccano-plain")
    del record["tagger"]
    assert record == {
        "text": TEXT,
        "label": [[1, 5, "COMPANY"], [8, 12, "LOCATION"], [6, 8, "equity_transfer"]],
    }


def test_no_two_spans_of_a_file_share_an_id(tmp_path: Path) -> None:
    records = write(tmp_path / "a.jsonl", tagged(), tagged())
    ids = [each["id"] for record in records for each in record["entities"] + record["relations"]]
    assert ids == list(range(1, 13))


def test_what_an_annotator_changed_loses_only_what_is_no_longer_true(tmp_path: Path) -> None:
    (record,) = write(tmp_path / "a.jsonl", tagged())
    entities, relations = record["entities"], record["relations"]
    entities[1]["end_offset"] = 14  # the place becomes the mine
    entities[1]["label"] = "ORGANIZATION"
    del entities[3]
    relations[1]["to_id"] = 2
    entities.append({"id": 99, "label": "divestment", "start_offset": 12, "end_offset": 14})
    record |= {"id": 31, "Comments": ["矿场?"], "annotator": "林一"}
    expected = tagged()
    expected.entities[1] = Entity(8, 14, "俄亥俄州矿场", "ORGANIZATION")
    expected.events[0].arguments[1].entity = 1
    expected.events.append(Event(12, 14, "矿场", "divestment", group=5))
    expected.metadata = {"Comments": ["矿场?"], "annotator": "林一"}
    assert read(tmp_path / "b.jsonl", record) == [expected]


def test_an_argument_whose_entity_was_taken_out_stays_an_argument(tmp_path: Path) -> None:
    (record,) = write(tmp_path / "a.jsonl", tagged())
    record["entities"][0]["label"] = "argument"
    expected = tagged()
    del expected.entities[0]
    expected.events[0].arguments[0].entity = None
    assert read(tmp_path / "b.jsonl", record) == [expected]


@settings(max_examples=30)
@given(documents(), st.randoms())
def test_the_order_in_which_spans_are_listed_says_nothing(
    document: Document, order: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        (record,) = write(path, document)
        for listed in (record["entities"], record["relations"]):
            order.shuffle(listed)
        assert read(path, record) == [document]


def test_a_file_of_another_project_is_annotated_with_what_it_holds(tmp_path: Path) -> None:
    records = [
        {"id": 7, "text": "青山资本获2亿元", "label": [[0, 4, "COMPANY"], [5, 8, "MONEY"]]},
        {"text": "无", "labels": [], "meta": {}, "source": "城市财经"},
    ]
    path = tmp_path / "a.jsonl"
    assert read(path, *records) == [
        PartlyAnnotated(
            "青山资本获2亿元",
            id="7",
            entities=[Entity(0, 4, "青山资本", "COMPANY")],
            quantities=[Quantity(5, 8, "2亿元", "MONEY")],
            layers=frozenset({Layer.ENTITIES, Layer.QUANTITIES}),
        ),
        PartlyAnnotated(
            "无",
            id=f"{path}#2",
            metadata={"source": "城市财经"},
            layers=frozenset({Layer.ENTITIES}),
        ),
    ]


def test_labels_of_ones_own_are_known_once_they_are_named(tmp_path: Path) -> None:
    record = {"id": 1, "text": "星辰手机发布", "label": [[0, 4, "PRODUCT"], [4, 6, "launch"]]}
    scheme = Scheme(["PRODUCT"], ["launch"], layers=["entities", "events", "quantities"])
    assert read(tmp_path / "a.jsonl", record, scheme=scheme) == [
        Document(
            "星辰手机发布",
            id="1",
            entities=[Entity(0, 4, "星辰手机", "PRODUCT")],
            events=[Event(4, 6, "发布", "launch")],
        )
    ]


GOOD = {"id": 1, "text": "甲公司", "entities": [], "relations": []}
SPAN = {"id": 1, "label": "COMPANY", "start_offset": 0, "end_offset": 2}
TRIGGER = {"id": 2, "label": "listing", "start_offset": 2, "end_offset": 3}


@pytest.mark.parametrize(
    ("change", "reason", "remedy"),
    [
        (
            {"entities": [SPAN | {"label": "PRODUCT"}]},
            "label 'PRODUCT' may be an entity's or an event's",
            "--entity-labels",
        ),
        (
            {"entities": [SPAN | {"end_offset": 4}]},
            "COMPANY [0, 4) is no span of a text of 3 characters",
            "mend its offsets",
        ),
        (
            {"entities": [SPAN | {"end_offset": "2"}]},
            "COMPANY [0, 2) is no span of a text of 3 characters",
            "mend its offsets",
        ),
        (
            {"entities": [SPAN, SPAN | {"id": 2, "start_offset": 1, "end_offset": 3}]},
            "entities overlap: '甲公' [0, 2) and '公司' [1, 3)",
            "shorten one of the two",
        ),
        (
            {"entities": [SPAN, TRIGGER], "relations": [{"from_id": 1, "to_id": 2, "type": "x"}]},
            "the role 'x' starts at '甲公' [0, 2), which is no event",
            "let it start at a trigger",
        ),
        (
            {"entities": [TRIGGER], "relations": [{"from_id": 2, "to_id": 9, "type": "subject"}]},
            "the relation 'subject' leads to span 9, which is not there",
            "take the relation out",
        ),
        (
            {"entities": [SPAN | {"label": "argument"}]},
            "'甲公' [0, 2) is marked as an argument and fills no role",
            "connect it with its event",
        ),
        ({"entities": [{"label": "COMPANY"}]}, "not a record of doccano (KeyError: 'id')", "JSONL"),
        ({"text": None}, "no text under 'text' or 'data'", "mend the record"),
        (
            {"tagger": {"id": "x", "entities": [{"start": 0, "end": 3, "text": "乙公司"}]}},
            "what is kept of the exported document does not fit its text",
            "take 'tagger' out",
        ),
        (
            {"tagger": {"events": [{"start": 0, "end": 3, "type": ["merger"]}]}},
            "what is kept of the exported document does not fit its text (not a document of "
            "this project (events: [0, 3): 'type' is list, not a string",
            "take 'tagger' out",
        ),
        (
            {"tagger": {"events": [{"start": 0, "end": 3, "type": "merger", "group": "a"}]}},
            "what is kept of the exported document does not fit its text (not a document of "
            "this project (events: [0, 3): 'group' is str, not a whole number",
            "take 'tagger' out",
        ),
        (
            {"entities": [SPAN, TRIGGER], "relations": [{"from_id": 2, "to_id": 1, "type": []}]},
            "[] is no name for a role",
            "name it",
        ),
        (
            {"tagger": {"quantities": [{"start": 0, "end": 3, "label": "MONEY", "unit": 1}]}},
            "what is kept of the exported document does not fit its text (not a document of "
            "this project (quantities: [0, 3): 'unit' is int, not a string",
            "take 'tagger' out",
        ),
    ],
)
def test_a_record_that_cannot_be_read_is_an_error_and_costs_itself(
    tmp_path: Path, change: dict[str, Any], reason: str, remedy: str
) -> None:
    path = tmp_path / "a.jsonl"
    error, document = read(path, GOOD | change, GOOD | {"id": "next"})
    assert isinstance(error, ReadError)
    assert (error.path, error.record, error.id) == (str(path), "line 1", "1")
    assert error.reason.startswith(reason)
    assert remedy in error.remedy
    assert isinstance(document, Document)
    assert document.id == "next"
