"""The project's own annotated paragraphs, and the compiler that makes them."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tagger.document import Document
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, ROLES

GOLD = Path(__file__).parent.parent / "data" / "gold"
ENTITY_KEYS = ("start", "end", "label", "text")
EVENT_KEYS = ("start", "end", "type", "text")


def _load_compiler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_build", GOLD / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = _load_compiler()


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for name in build.COMPILED
        for line in (GOLD / name).read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.parametrize(("target", "sources"), build.COMPILED.items())
def test_a_compiled_file_is_what_its_sources_say(target: str, sources: str) -> None:
    rebuilt = build.to_jsonl(build.compile_parts(sorted(GOLD.glob(sources))))
    assert (GOLD / target).read_bytes() == rebuilt, "run python data/gold/build.py"


def test_every_record_survives_the_document_unchanged(records: list[dict[str, Any]]) -> None:
    for record in records:
        document = Document.from_dict(record)
        spans = [(each.start, each.end, each.label, each.text) for each in document.entities]
        triggers = [(each.start, each.end, each.type, each.text) for each in document.events]
        assert (spans, triggers) == (
            [tuple(each[key] for key in ENTITY_KEYS) for each in record["entities"]],
            [tuple(each[key] for key in EVENT_KEYS) for each in record["events"]],
        )


def test_entities_are_in_order_and_share_no_character(records: list[dict[str, Any]]) -> None:
    for record in records:
        edges = [edge for each in record["entities"] for edge in (each["start"], each["end"])]
        assert edges == sorted(edges), record["id"]


def test_only_labels_of_the_schema_are_used(records: list[dict[str, Any]]) -> None:
    events = [event for record in records for event in record["events"]]
    used = (
        {entity["label"] for record in records for entity in record["entities"]},
        {event["type"] for event in events},
        {argument["role"] for event in events for argument in event["arguments"]},
    )
    assert used == (set(ENTITY_LABELS), set(EVENT_TYPES), set(ROLES))


def test_every_event_type_has_at_least_fifteen_examples(records: list[dict[str, Any]]) -> None:
    counts = Counter(event["type"] for record in records for event in record["events"])
    assert [kind for kind in EVENT_TYPES if counts[kind] < 15] == []


def test_ids_and_texts_are_unique(records: list[dict[str, Any]]) -> None:
    counts = Counter(record[key] for record in records for key in ("id", "text"))
    assert [value for value, count in counts.items() if count > 1] == []


def _compile(folder: Path, part: str) -> list[dict[str, Any]]:
    path = folder / "part.txt"
    path.write_text(part, encoding="utf-8")
    records: list[dict[str, Any]] = build.compile_parts([path])
    return records


def test_longest_name_wins_and_arguments_are_the_nearest(tmp_path: Path) -> None:
    part = """
# a comment
id: a
text: 上海银行在上海回购12.5%，又回购5%股份。
COMPANY: 上海银行
LOCATION: 上海
event: buyback 回购 | subject=上海银行 | location=上海 | ratio=12.5%
event: buyback 回购 | ratio=5%
"""
    assert _compile(tmp_path, part) == [
        {
            "id": "a",
            "text": "上海银行在上海回购12.5%，又回购5%股份。",
            "entities": [
                {"start": 0, "end": 4, "label": "COMPANY", "text": "上海银行"},
                {"start": 5, "end": 7, "label": "LOCATION", "text": "上海"},
            ],
            "events": [
                {
                    "type": "buyback",
                    "start": 7,
                    "end": 9,
                    "text": "回购",
                    "arguments": [
                        {"role": "subject", "start": 0, "end": 4, "text": "上海银行"},
                        {"role": "location", "start": 5, "end": 7, "text": "上海"},
                        {"role": "ratio", "start": 9, "end": 14, "text": "12.5%"},
                    ],
                },
                {
                    "type": "buyback",
                    "start": 16,
                    "end": 18,
                    "text": "回购",
                    "arguments": [{"role": "ratio", "start": 18, "end": 20, "text": "5%"}],
                },
            ],
        }
    ]


def test_a_place_can_be_named_by_its_count(tmp_path: Path) -> None:
    part = r"""
id: a
text: 青岛起火\n青岛起火
LOCATION: 青岛@2
event: incident 起火@2 | location=青岛@1
"""
    (record,) = _compile(tmp_path, part)
    assert (
        record["text"],
        [each["start"] for each in record["entities"]],
        [(each["start"], each["arguments"][0]["start"]) for each in record["events"]],
    ) == ("青岛起火\n青岛起火", [5], [(7, 0)])


FAULTS = [
    ("id: a\ntext: 甲公告。\nCOMPANY: 乙", "part.txt:3: '乙' is not in the text"),
    ("id: a\ntext: 甲公告。\nFIRM: 甲", "part.txt:3: unknown key 'FIRM'"),
    ("id: a\ntext: 甲公告。\n甲", "part.txt:3: '甲' is not of the form 'key: value'"),
    ("id: a\ntext: 甲公告。\nCOMPANY: 甲@2", "part.txt:3: '甲' occurs 1 times"),
    ("id: a\ntext: 甲公告。\nCOMPANY: 甲\nPERSON: 甲", "part.txt:4: '甲' is marked already"),
    ("id: a\ntext: 甲乙。\nCOMPANY: 甲乙 | 甲", "part.txt:3: '甲' occurs only inside longer"),
    ("id: a\ntext: 甲裁员。\nevent: firing 裁员", "part.txt:3: unknown event type 'firing'"),
    ("id: a\ntext: 甲裁员。\nevent: layoff", "part.txt:3: an empty string marks nothing"),
    ("id: a\ntext: 甲裁员。\nevent: layoff 裁员 | who=甲", "part.txt:3: 'who=甲' is not of the"),
    ("id: a\ntext: 甲裁15%。\nevent: layoff 裁 | ratio=5%", "part.txt:3: '5%' is not in the"),
    ("id: a\ntext: 甲裁员。\nevent: layoff 裁员\nevent: layoff 裁员", "part.txt:4: every '裁员'"),
    (
        "id: a\ntext: 甲裁员。\nevent: layoff 裁员@1\nevent: layoff 裁员@1",
        "part.txt:1: the trigger at 1 carries layoff twice",
    ),
    (
        "id: a\ntext: 甲裁员。\nevent: layoff 裁员@1\nevent: layoff 裁@1",
        "part.txt:1: two triggers share the character '裁' at 1",
    ),
    (
        "id: a\ntext: 甲对甲。\nCOMPANY: 甲@1\nPERSON: 甲@2",
        "part.txt:1: '甲' carries two labels, COMPANY and PERSON",
    ),
    ("id: a\nCOMPANY: 甲", "part.txt:1: a record has exactly one 'text' line"),
    ("id: a\ntext: 甲。\n\nid: a\ntext: 乙。", "part.txt:4: the id 'a' is taken by part.txt:1"),
]


@pytest.mark.parametrize(("part", "fault"), FAULTS)
def test_a_fault_is_reported_with_its_line(tmp_path: Path, part: str, fault: str) -> None:
    with pytest.raises(build.GoldError, match="^" + re.escape(fault)) as caught:
        _compile(tmp_path, part)
    assert len(caught.value.faults) == 1


def test_all_faults_of_a_part_are_reported_at_once(tmp_path: Path) -> None:
    part = "id: a\ntext: 甲。\nCOMPANY: 乙\n\nid: b\ntext: 丙。\nevent: layoff 裁员"
    with pytest.raises(build.GoldError) as caught:
        _compile(tmp_path, part)
    assert caught.value.faults == [
        "part.txt:3: '乙' is not in the text",
        "part.txt:7: '裁员' is not in the text",
    ]
