"""Label Studio's JSON: tasks as it imports them, and its export after annotators' work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from annotation_documents import texts
from hypothesis import given
from hypothesis import strategies as st

from tagger import annotation
from tagger.annotation import PartlyAnnotated, Scheme
from tagger.annotation.code_units import CodeUnits
from tagger.annotation.labels import Layer
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.readers import ReadError

TEXT = "😀星河矿业拟转让😀矿场"


def tagged() -> Document:
    return Document(
        TEXT,
        id="flash-1",
        model="default 1.1",
        entities=[Entity(1, 5, "星河矿业", "COMPANY", 0.9, "星河矿业", "NYSE:XHKY")],
        events=[
            Event(
                6,
                8,
                "转让",
                "equity_transfer",
                0.7,
                "planned",
                arguments=[
                    Argument("subject", 1, 5, "星河矿业", 0.6, entity=0),
                    Argument("object", 8, 11, "😀矿场", 0.5),
                ],
            )
        ],
    )


def write(path: Path, *documents: Document) -> list[dict[str, Any]]:
    assert annotation.write(documents, path, "label-studio") == []
    tasks: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return tasks


def read(path: Path, *tasks: object, scheme: Scheme | None = None) -> list[Document | ReadError]:
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return list(annotation.read(path, "label-studio", scheme))


def region(id: str, control: str, start: int, end: int, text: str, label: str) -> dict[str, Any]:
    return {
        "id": id,
        "to_name": "text",
        "value": {"start": start, "end": end, "text": text, "labels": [label]},
        "from_name": control,
        "type": "labels",
    }


def test_a_document_is_a_task_with_a_prediction_in_utf_16_code_units(tmp_path: Path) -> None:
    (task,) = write(tmp_path / "tasks.json", tagged())
    trigger = {"start": 7, "end": 9, "text": "转让"}
    assert task.pop("predictions") == [
        {
            "model_version": "default 1.1",
            "score": 0.7,
            "result": [
                region("span-0", "entities", 2, 6, "星河矿业", "COMPANY") | {"score": 0.9},
                region("span-1", "events", 7, 9, "转让", "equity_transfer") | {"score": 0.7},
                {
                    "id": "span-1",
                    "to_name": "text",
                    "value": trigger | {"choices": ["planned"]},
                    "from_name": "modality",
                    "type": "choices",
                },
                region("span-2", "arguments", 9, 13, "😀矿场", "argument"),
                {
                    "type": "relation",
                    "from_id": "span-1",
                    "to_id": "span-0",
                    "direction": "right",
                    "labels": ["subject"],
                },
                {
                    "type": "relation",
                    "from_id": "span-1",
                    "to_id": "span-2",
                    "direction": "right",
                    "labels": ["object"],
                },
            ],
        }
    ]
    assert task["data"]["text"] == TEXT


def test_a_file_of_no_documents_is_an_empty_array(tmp_path: Path) -> None:
    assert write(tmp_path / "tasks.json") == []


def test_the_labelling_interface_offers_the_schema_and_what_the_documents_hold(
    tmp_path: Path,
) -> None:
    document = tagged()
    document.entities[0].label = "PRODUCT"
    document.events[0].arguments[0].role = "buyer"
    write(tmp_path / "tasks.json", document)
    view = ElementTree.parse(tmp_path / "tasks.xml").getroot()

    def names(path: str) -> list[str | None]:
        return [each.get("value") for each in view.iterfind(path)]

    assert names("Text") == ["$text"]
    assert names("Labels[@name='entities']/Label")[-3:] == ["PERSON", "ORGANIZATION", "PRODUCT"]
    assert names("Labels[@name='events']/Label")[0] == "divestment"
    assert names("Labels[@name='arguments']/Label") == ["argument"]
    assert names("Relations/Relation")[-2:] == ["ratio", "buyer"]
    assert names("Choices[@name='modality']/Choice") == [
        "asserted",
        "planned",
        "negated",
        "possible",
    ]


def annotated(task: dict[str, Any], *changes: Any) -> dict[str, Any]:
    """The task as Label Studio exports it, annotated by taking over the prediction."""
    result = [*task["predictions"][0]["result"], *changes]
    return {
        "id": 12,
        "annotations": [{"id": 5, "was_cancelled": False, "result": result}],
        "data": task["data"],
        "predictions": [],
    }


def test_the_annotation_is_read_and_not_the_prediction(tmp_path: Path) -> None:
    (task,) = write(tmp_path / "tasks.json", tagged())
    task = annotated(task, region("new", "entities", 9, 13, "😀矿场", "LOCATION"))
    result = task["annotations"][0]["result"]
    result[2]["value"]["choices"] = ["negated"]
    result[-2]["to_id"] = "new"
    del result[3]
    expected = tagged()
    expected.entities.append(Entity(8, 11, "😀矿场", "LOCATION"))
    expected.events[0].modality = "negated"
    expected.events[0].arguments[1].entity = 1
    assert read(tmp_path / "export.json", task) == [expected]


def test_offsets_in_code_points_are_known_by_the_text_of_the_region(tmp_path: Path) -> None:
    (task,) = write(tmp_path / "tasks.json", tagged())
    task = annotated(task)
    for each in task["annotations"][0]["result"]:
        if "value" in each:
            each["value"]["start"] -= 1
            each["value"]["end"] -= 2 if "😀" in each["value"]["text"] else 1
    assert read(tmp_path / "export.json", task) == [tagged()]


def test_a_region_over_lines_may_write_its_line_ends_in_any_way(tmp_path: Path) -> None:
    task = {
        "id": 1,
        "data": {"text": "上海\r\n浦东"},
        "annotations": [{"result": [region("a", "entities", 0, 6, "上海\\n浦东", "LOCATION")]}],
    }
    document = PartlyAnnotated(
        "上海\r\n浦东",
        id="1",
        entities=[Entity(0, 6, "上海\r\n浦东", "LOCATION")],
        layers=frozenset({Layer.ENTITIES}),
    )
    assert read(tmp_path / "export.json", task) == [document]


def test_a_project_with_controls_of_its_own_is_read_by_its_labels(tmp_path: Path) -> None:
    text = "青山资本获2亿元融资"
    choice = {
        "id": "c",
        "from_name": "quality",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["好"]},
    }
    relation = {"type": "relation", "from_id": "a", "to_id": "e", "direction": "left"}
    result = [
        region("a", "label", 0, 4, "青山资本", "COMPANY"),
        region("q", "label", 5, 8, "2亿元", "MONEY"),
        region("e", "label", 8, 10, "融资", "financing"),
        choice,
        relation | {"labels": ["subject"]},
    ]
    task = {"id": 3, "data": {"text": text, "url": "u"}, "annotations": [{"result": result}]}
    assert read(tmp_path / "export.json", task) == [
        Document(
            text,
            id="3",
            metadata={"url": "u", "label_studio": [choice]},
            entities=[Entity(0, 4, "青山资本", "COMPANY")],
            quantities=[Quantity(5, 8, "2亿元", "MONEY")],
            events=[
                Event(
                    8,
                    10,
                    "融资",
                    "financing",
                    arguments=[Argument("subject", 0, 4, "青山资本", entity=0)],
                )
            ],
        )
    ]


def test_annotations_that_agree_are_one_whatever_their_ids(tmp_path: Path) -> None:
    (task,) = write(tmp_path / "tasks.json", tagged())
    task = annotated(task)
    second = json.loads(json.dumps(task["annotations"][0]).replace("span-", "x"))
    task["annotations"].append(second)
    assert read(tmp_path / "export.json", task) == [tagged()]


def test_the_ground_truth_decides_between_annotations(tmp_path: Path) -> None:
    (task,) = write(tmp_path / "tasks.json", tagged())
    task = annotated(task)
    task["annotations"].insert(0, {"result": []})
    task["annotations"][1]["ground_truth"] = True
    assert read(tmp_path / "export.json", task) == [tagged()]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"annotations": [{"result": [], "was_cancelled": True}]}, "every annotator skipped"),
        ({"annotations": []}, "nobody has annotated the task yet"),
        (
            {
                "annotations": [
                    {"result": []},
                    {"result": [region("a", "entities", 0, 3, "甲公司", "COMPANY")]},
                ]
            },
            "2 annotations that differ",
        ),
        (
            {
                "annotations": [
                    {"result": [region("a", "entities", 0, 2, "乙公", "COMPANY")]},
                ]
            },
            "the region [0, 2) holds '甲公', not '乙公'",
        ),
        (
            {"annotations": [{"result": [{"type": "relation", "from_id": "a", "to_id": "b"}]}]},
            "a relation leads to region a, which is not there",
        ),
        (
            {
                "annotations": [
                    {
                        "result": [
                            region("a", "events", 0, 1, "甲", "listing"),
                            {"type": "relation", "from_id": "a", "to_id": "a", "labels": []},
                        ]
                    }
                ]
            },
            "a relation of '甲' has no role",
        ),
        ({"annotations": [{"result": [{"type": "labels"}]}]}, "no annotation of Label Studio"),
        ({"data": None}, "no task of Label Studio"),
    ],
)
def test_a_task_that_cannot_be_read_is_an_error_and_costs_itself(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    good = {"data": {"text": "甲公司"}, "annotations": [{"result": []}]}
    error, document = read(tmp_path / "export.json", good | change, good)
    assert isinstance(error, ReadError)
    assert error.record == "item 1"
    assert error.reason.startswith(reason)
    assert isinstance(document, Document)


@given(texts, st.data())
def test_code_units_are_those_of_utf_16(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    units = len(text[:offset].encode("utf-16-le")) // 2
    converter = CodeUnits(text)
    assert (converter.from_points(offset), converter.to_points(units)) == (units, offset)
