"""This project's own shape of annotated paragraphs, and splitting without leaks."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from training.examples import (
    AnnotatedEvent,
    Example,
    Findings,
    Span,
    check_overlaps,
    checked_span,
)

_SHINGLE = 8
# Two paragraphs that share a third of the shorter one's 8-character shingles are retellings of
# one piece of news; on the finance set lower thresholds join only stock phrases.
_SHARED = 0.33
# A shingle in more paragraphs than this is boilerplate and says nothing about a common origin.
_COMMON = 20


def example_of(record: Any, id: str, findings: Findings) -> Example | None:
    """The example in one record of this project's shape; ``id`` is taken where it has none."""
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        findings.fault("not an object with a string 'text'", 'write {"text": …, "entities": …}')
        return None
    text = record["text"]
    entities = events = None
    if record.get("entities") is not None:
        entities = _spans(record["entities"], "label", "entity", text, findings)
    if record.get("events") is not None:
        events = tuple(
            AnnotatedEvent(
                trigger, _spans(each.get("arguments") or [], "role", "argument", text, findings)
            )
            for each in _objects(record["events"], "event", findings)
            if (trigger := _span(each, "type", "event", text, findings)) is not None
        )
    own = record.get("id")
    example = Example(id if own is None else str(own), text, entities, events)
    check_overlaps(example, findings)
    return example


def split(examples: list[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Splits into (train, held out), near-duplicates on one side; the same for the same seed.

    ``share`` is the part to hold out, 0 to 1.
    """
    held_out_size = share * len(examples)
    groups = sorted(_near_duplicates(examples), key=lambda group: _rank(examples, group, seed))
    held_out: set[int] = set()
    for group in groups:
        if len(held_out) + len(group) <= held_out_size:
            held_out.update(group)
    return (
        [each for index, each in enumerate(examples) if index not in held_out],
        [each for index, each in enumerate(examples) if index in held_out],
    )


def not_near(candidates: Iterable[Example], known: Sequence[Example]) -> list[Example]:
    """The candidates that are no near-duplicate of a known text."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    sizes = []
    for index, each in enumerate(known):
        shingles = _shingles(each.text)
        sizes.append(len(shingles))
        for shingle in shingles:
            places[shingle].append(index)
    kept = []
    for candidate in candidates:
        shingles = _shingles(candidate.text)
        found = (places.get(each, ()) for each in shingles)
        shared = Counter(index for each in found if len(each) <= _COMMON for index in each)
        if all(
            count < _SHARED * min(len(shingles), sizes[index]) for index, count in shared.items()
        ):
            kept.append(candidate)
    return kept


def write_examples(examples: Iterable[Example], path: Path) -> None:
    """Writes a JSONL training file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            record: dict[str, Any] = {"id": example.id, "text": example.text}
            if example.entities is not None:
                record["entities"] = [_plain(span, "label") for span in example.entities]
            if example.events is not None:
                record["events"] = [
                    _plain(event.trigger, "type")
                    | {"arguments": [_plain(span, "role") for span in event.arguments]}
                    for event in example.events
                ]
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _spans(found: Any, key: str, what: str, text: str, findings: Findings) -> tuple[Span, ...]:
    return tuple(
        span
        for each in _objects(found, what, findings)
        if (span := _span(each, key, what, text, findings)) is not None
    )


def _objects(found: Any, what: str, findings: Findings) -> Iterator[dict[str, Any]]:
    if not isinstance(found, list):
        findings.fault(f"{what}: {found!r} is not a list", "write a list of objects")
        return
    for each in found:
        if isinstance(each, dict):
            yield each
        else:
            findings.fault(
                f"{what}: {each!r} is not an object",
                'write {"start": …, "end": …} with its label',
            )


def _span(each: dict[str, Any], key: str, what: str, text: str, findings: Findings) -> Span | None:
    start, end = each.get("start"), each.get("end")
    if key not in each:
        findings.fault(f"{what} [{start}, {end}): no {key!r}", f"add its {key!r}")
        return None
    return checked_span(text, start, end, each[key], what, findings, each.get("text"))


def _near_duplicates(examples: list[Example]) -> list[list[int]]:
    # The same text, however often it is there, is looked at once.
    firsts: dict[str, int] = {}
    parent = [firsts.setdefault(each.text, index) for index, each in enumerate(examples)]
    shingles = {index: _shingles(text) for text, index in firsts.items()}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, found in shingles.items():
        for shingle in found:
            places[shingle].append(index)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for indexes in places.values():
        if 1 < len(indexes) <= _COMMON:
            for position, first in enumerate(indexes):
                for second in indexes[position + 1 :]:
                    shared[first, second] += 1

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for (first, second), count in shared.items():
        if count >= _SHARED * min(len(shingles[first]), len(shingles[second])):
            parent[root(second)] = root(first)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for index in range(len(examples)):
        groups[root(index)].append(index)
    return list(groups.values())


def _shingles(text: str) -> set[str]:
    return {text[i : i + _SHINGLE] for i in range(max(1, len(text) - _SHINGLE + 1))}


def _rank(examples: list[Example], group: list[int], seed: int) -> str:
    return hashlib.sha256(f"{seed}:{examples[group[0]].id}".encode()).hexdigest()


def _plain(span: Span, key: str) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, key: span.label}
