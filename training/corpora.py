"""Annotated and plain corpora: reading, checking, and splitting without leaks."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

_SHINGLE = 8
# Two paragraphs that share a third of the shorter one's 8-character shingles are retellings of
# one piece of news; on the finance set lower thresholds join only stock phrases.
_SHARED = 0.33
# A shingle in more paragraphs than this is boilerplate and says nothing about a common origin.
_COMMON = 20


@dataclass(frozen=True)
class Span:
    """A labelled half-open span in code points."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class AnnotatedEvent:
    """A trigger, its type (``trigger.label``) and its arguments (``label`` is the role)."""

    trigger: Span
    arguments: tuple[Span, ...]


@dataclass(frozen=True)
class Example:
    """One annotated paragraph; None where a layer is not annotated, empty where it has nothing."""

    id: str
    text: str
    entities: tuple[Span, ...] | None = None
    events: tuple[AnnotatedEvent, ...] | None = None


class CorpusError(ValueError):
    """Faults of an annotated file, one a line: ``file:line: reason``."""

    def __init__(self, faults: list[str]) -> None:
        shown = "\n".join(faults[:50])
        more = f"\n… and {len(faults) - 50} more" if len(faults) > 50 else ""
        super().__init__(
            f"{len(faults)} faults in the training data; mend them first:\n{shown}{more}"
        )
        self.faults = faults


def read_examples(path: Path) -> list[Example]:
    """Reads a JSONL training file whole. Raises CorpusError with every fault and its line."""
    examples, faults = read_sound_examples(path)
    if faults:
        raise CorpusError(faults)
    return examples


def read_sound_examples(path: Path) -> tuple[list[Example], list[str]]:
    """The records of a JSONL training file that have no fault, and the faults of the others.

    Raises CorpusError if no record is left.
    """
    examples: list[Example] = []
    faults: list[str] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            found: list[str] = []
            example = _example(line, f"{path.stem}-{number}", found)
            faults += [f"{path}:{number}: {fault}" for fault in found]
            if example is not None and not found:
                examples.append(example)
    if not examples:
        raise CorpusError(faults or [f"{path}:1: no annotated record in this file"])
    return examples, faults


def read_texts(path: Path) -> Iterator[str]:
    """The ``text`` of every record of a JSONL file, annotated or not."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)["text"]


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
        shared = Counter(index for each in shingles for index in places.get(each, ()))
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


def _example(line: str, fallback_id: str, faults: list[str]) -> Example | None:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        faults.append(f"not JSON at column {error.colno}: {error.msg}")
        return None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        faults.append("not an object with a string 'text'")
        return None
    text = record["text"]
    entities = events = None
    if record.get("entities") is not None:
        entities = tuple(
            span
            for each in record["entities"]
            if (span := _span(each, "label", "entity", text, faults)) is not None
        )
        _check_overlaps(entities, text, "entities", faults)
    if record.get("events") is not None:
        events = tuple(
            AnnotatedEvent(trigger, _arguments(each, text, faults))
            for each in record["events"]
            if (trigger := _span(each, "type", "event", text, faults)) is not None
        )
        _check_overlaps(sorted({_place(event) for event in events}), text, "triggers", faults)
    return Example(str(record.get("id", fallback_id)), text, entities, events)


def _arguments(event: dict[str, Any], text: str, faults: list[str]) -> tuple[Span, ...]:
    return tuple(
        span
        for each in event.get("arguments") or ()
        if (span := _span(each, "role", "argument", text, faults)) is not None
    )


def _span(each: Any, key: str, what: str, text: str, faults: list[str]) -> Span | None:
    if not isinstance(each, dict):
        faults.append(f"{what}: {each!r} is not an object")
        return None
    start, end, label = each.get("start"), each.get("end"), each.get(key)
    if not isinstance(label, str) or not label:
        faults.append(f"{what} [{start}, {end}): no {key!r}")
        return None
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        faults.append(
            f"{what} {label} [{start}, {end}): outside the text of {len(text)} characters"
        )
        return None
    written = each.get("text", text[start:end])
    if written != text[start:end]:
        faults.append(
            f"{what} {label} [{start}, {end}): holds {text[start:end]!r}, not {written!r}"
        )
        return None
    return Span(start, end, label)


def _place(event: AnnotatedEvent) -> tuple[int, int]:
    return event.trigger.start, event.trigger.end


def _check_overlaps(
    spans: Iterable[Span | tuple[int, int]], text: str, what: str, faults: list[str]
) -> None:
    places = sorted(span if isinstance(span, tuple) else (span.start, span.end) for span in spans)
    for (start, end), (next_start, next_end) in pairwise(places):
        if next_start < end:
            faults.append(
                f"{what} overlap: {text[start:end]!r} [{start}, {end}) and "
                f"{text[next_start:next_end]!r} [{next_start}, {next_end})"
            )


def _near_duplicates(examples: list[Example]) -> list[list[int]]:
    shingles = [_shingles(each.text) for each in examples]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, found in enumerate(shingles):
        for shingle in found:
            places[shingle].append(index)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for indexes in places.values():
        if 1 < len(indexes) <= _COMMON:
            for position, first in enumerate(indexes):
                for second in indexes[position + 1 :]:
                    shared[first, second] += 1
    parent = list(range(len(examples)))

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
