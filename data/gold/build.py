"""Compiles the hand-written annotation files: ``part*.txt`` into ``gold.jsonl``, which measures,
and ``supplement*.txt`` into ``supplement.jsonl``, which trains.

    python data/gold/build.py

The format of the parts is described in the README beside this file.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tagger.document import Document
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, ROLES

FOLDER = Path(__file__).parent
# What is compiled, and from which files. What measures the shipped model never trains it.
COMPILED = {"gold.jsonl": "part*.txt", "supplement.jsonl": "supplement*.txt"}

Span = tuple[int, int]


class Line(NamedTuple):
    """One ``key: value`` line of a part, with the place it stands at."""

    path: Path
    number: int
    key: str
    value: str


class GoldError(ValueError):
    """The parts hold faults; ``faults`` lists each as ``file:line: reason``."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _LineError(Exception):
    """What is wrong with one line."""


def compile_parts(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The records of the parts in reading order, in the shape of a training file.

    Offsets count code points. Raises GoldError with every fault of every part at once.
    """
    records: list[dict[str, Any]] = []
    faults: list[str] = []
    seen: dict[str, Line] = {}
    for path in paths:
        for block in _blocks(path, faults):
            record = _record(block, faults)
            records.append(record)
            first = seen.setdefault(record["id"], block[0])
            if record["id"] and first is not block[0]:
                place = f"{first.path.name}:{first.number}"
                faults.append(_at(block[0], f"the id {record['id']!r} is taken by {place}"))
    if faults:
        raise GoldError(faults)
    return records


def main() -> int:
    """Writes the compiled files beside their sources; returns the exit code, 1 for faults."""
    try:
        compiled = {
            target: compile_parts(sorted(FOLDER.glob(sources)))
            for target, sources in COMPILED.items()
        }
    except GoldError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.faults)} faults; nothing is written", file=sys.stderr)
        return 1
    for target, records in compiled.items():
        (FOLDER / target).write_bytes(to_jsonl(records))
        entities = sum(len(record["entities"]) for record in records)
        events = sum(len(record["events"]) for record in records)
        print(f"{target}: {len(records)} paragraphs, {entities} entities, {events} events")
    return 0


def to_jsonl(records: Iterable[dict[str, Any]]) -> bytes:
    """The records as JSON lines in UTF-8."""
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


def _blocks(path: Path, faults: list[str]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        stripped = raw.strip()
        if stripped.startswith("#"):
            continue
        if not stripped:
            if block:
                yield block
            block = []
            continue
        key, colon, value = stripped.partition(":")
        line = Line(path, number, key.strip(), value.strip())
        if colon:
            block.append(line)
        else:
            faults.append(_at(line, f"{stripped!r} is not of the form 'key: value'"))
    if block:
        yield block


def _record(block: list[Line], faults: list[str]) -> dict[str, Any]:
    record: dict[str, Any] = {"id": "", "text": "", "entities": [], "events": []}
    try:
        record["id"] = _only(block, "id")
        record["text"] = _only(block, "text").replace("\\n", "\n")
    except _LineError as fault:
        faults.append(_at(block[0], str(fault)))
        return record
    names: list[tuple[Line, str, list[Span]]] = []
    for line in block:
        if line.key in ENTITY_LABELS:
            for name in _cells(line.value):
                try:
                    names.append((line, name, _marked(record["text"], name)))
                except _LineError as fault:
                    faults.append(_at(line, str(fault)))
        elif line.key not in ("id", "text", "event"):
            choices = ", ".join(("id", "text", "event", *ENTITY_LABELS))
            faults.append(_at(line, f"unknown key {line.key!r}; use one of {choices}"))
    record["entities"] = _entities(record["text"], names, faults)
    for line in block:
        if line.key == "event":
            try:
                record["events"].append(_event(line, record))
            except _LineError as fault:
                faults.append(_at(line, str(fault)))
    record["events"].sort(key=lambda event: (event["start"], event["end"], event["type"]))
    faults.extend(_at(block[0], reason) for reason in _disagreements(record))
    return record


def _only(block: list[Line], key: str) -> str:
    values = [line.value for line in block if line.key == key]
    if len(values) != 1 or not values[0]:
        raise _LineError(
            f"a record has exactly one {key!r} line that is not empty, not {len(values)}"
        )
    return values[0]


def _cells(value: str) -> list[str]:
    return [cell.strip() for cell in value.split("|") if cell.strip()]


def _entities(
    text: str, names: list[tuple[Line, str, list[Span]]], faults: list[str]
) -> list[dict[str, Any]]:
    wanted = [(start, end, line, name) for line, name, spans in names for start, end in spans]
    taken: dict[Span, tuple[Line, str]] = {}
    refused: set[tuple[Line, str]] = set()
    for start, end, line, name in sorted(wanted, key=lambda each: each[0] - each[1]):
        inside = [span for span in taken if span[0] < end and start < span[1]]
        if not inside:
            taken[start, end] = (line, name)
        elif inside == [(start, end)]:
            other = taken[start, end][0]
            refused.add((line, name))
            faults.append(_at(line, f"{name!r} is marked already in line {other.number}"))
    settled = refused.union(taken.values())
    for line, name, _ in names:
        if (line, name) not in settled:
            faults.append(_at(line, f"{name!r} occurs only inside longer names"))
    return [
        {"start": start, "end": end, "label": line.key, "text": text[start:end]}
        for (start, end), (line, _) in sorted(taken.items(), key=lambda item: item[0])
    ]


def _event(line: Line, record: dict[str, Any]) -> dict[str, Any]:
    text: str = record["text"]
    head, *cells = _cells(line.value) or [""]
    kind, _, trigger = head.partition(" ")
    if kind not in EVENT_TYPES:
        raise _LineError(f"unknown event type {kind!r}; use one of {', '.join(EVENT_TYPES)}")
    spans = _marked(text, trigger.strip())
    if "@" not in trigger:
        spans = [span for span in spans if not _touches(span, record["events"])]
    if not spans:
        raise _LineError(f"every {trigger!r} of the text is the trigger of an earlier event")
    start, end = spans[0]
    event: dict[str, Any] = {"type": kind, "start": start, "end": end, "text": text[start:end]}
    event["arguments"] = [_argument(cell, (start, end), record) for cell in cells]
    return event


def _argument(cell: str, trigger: Span, record: dict[str, Any]) -> dict[str, Any]:
    role, equals, name = (each.strip() for each in cell.partition("="))
    if not equals or role not in ROLES:
        raise _LineError(f"{cell!r} is not of the form role=text with a role of {', '.join(ROLES)}")
    spans = _marked(record["text"], name)
    # 上海 as a location should not point into 上海银行 as long as a 上海 of its own is there.
    whole = [span for span in spans if not _cuts(span, record["entities"])]
    start, end = min(whole or spans, key=lambda span: _gap(span, trigger))
    return {"role": role, "start": start, "end": end, "text": record["text"][start:end]}


def _marked(text: str, name: str) -> list[Span]:
    """The spans that ``name`` or ``name@n`` stands for; at least one."""
    match = re.fullmatch(r"(.+)@([1-9]\d*)", name)
    wanted = match[1] if match else name
    if not wanted:
        raise _LineError("an empty string marks nothing")
    spans = [found.span() for found in re.finditer(_whole(wanted), text)]
    if not spans:
        raise _LineError(f"{wanted!r} is not in the text")
    if match is None:
        return spans
    nth = int(match[2])
    if nth > len(spans):
        raise _LineError(f"{wanted!r} occurs {len(spans)} times, so there is no {name!r}")
    return [spans[nth - 1]]


def _whole(name: str) -> str:
    """A pattern that finds a name without parting a number or a Latin word: 5% not in 12.5%."""
    before, after = "", ""
    if re.match(r"[0-9]", name):
        before = r"(?<![0-9])(?<![0-9]\.)"
    elif re.match(r"[A-Za-z]", name):
        before = r"(?<![A-Za-z])"
    if re.match(r"[0-9]", name[-1]):
        after = r"(?![0-9])(?!\.[0-9])"
    elif re.match(r"[A-Za-z]", name[-1]):
        after = r"(?![A-Za-z])"
    return before + re.escape(name) + after


def _touches(span: Span, others: list[dict[str, Any]]) -> bool:
    return any(other["start"] < span[1] and span[0] < other["end"] for other in others)


def _cuts(span: Span, entities: list[dict[str, Any]]) -> bool:
    return any(each["start"] < edge < each["end"] for each in entities for edge in span)


def _gap(span: Span, trigger: Span) -> int:
    return max(span[0] - trigger[1], trigger[0] - span[1], 0)


def _disagreements(record: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a record as a whole, after each of its lines was read."""
    document = Document.from_dict(record)
    triggers = sorted({(each.start, each.end) for each in document.events})
    for (_, end), (start, _) in pairwise(triggers):
        if start < end:
            yield f"two triggers share the character {document.text[start]!r} at {start}"
    kinds = Counter((each.start, each.end, each.type) for each in document.events)
    for (start, _, kind), count in kinds.items():
        if count > 1:
            yield f"the trigger at {start} carries {kind} twice"
    labels: dict[str, str] = {}
    for entity in document.entities:
        if labels.setdefault(entity.text, entity.label) != entity.label:
            yield f"{entity.text!r} carries two labels, {labels[entity.text]} and {entity.label}"


def _at(line: Line, reason: str) -> str:
    return f"{line.path.name}:{line.number}: {reason}"


if __name__ == "__main__":
    sys.exit(main())
