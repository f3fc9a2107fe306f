"""Annotated paragraphs, and what is said of those that are at fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

SHOWN = 20
"""How many faults are listed; the others are counted."""


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


class Fault(NamedTuple):
    """What is wrong at a place (``file:line``) of an annotated file, and what to do about it."""

    place: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}; {self.remedy}"


class LeftOut(NamedTuple):
    """An annotation that a sound record lost: its place, what it was, and why."""

    place: str
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}: {self.reason}"


class CorpusError(ValueError):
    """All faults of files of text: the first twenty one a line, the others counted."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults):,} faults"
        lines = [f"{count} in the data:", *map(str, faults[:SHOWN])]
        if len(faults) > SHOWN:
            lines.append(f"… and {len(faults) - SHOWN:,} more")
        super().__init__("\n".join(lines))
        self.faults = list(faults)


@dataclass
class Findings:
    """What comes to light while a record is read, with its place in ``source``.

    ``line`` and ``record`` count from 1. ``faults`` cost the record, ``left_out`` does not.
    """

    source: str
    line: int | None = None
    record: int | None = None
    faults: list[Fault] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def fault(self, reason: str, remedy: str, line: int | None = None) -> None:
        """Notes a fault, in another line than the record's first where ``line`` says so."""
        self.faults.append(Fault(self._place(line or self.line), reason, remedy))

    def leave_out(self, what: str, reason: str) -> None:
        """Notes an annotation that is left out; the same reason counts together."""
        self.left_out.append(LeftOut(self._place(self.line), what, reason))

    def _place(self, line: int | None) -> str:
        place = self.source if line is None else f"{self.source}:{line}"
        return place if self.record is None else f"{place}, record {self.record}"


def checked_span(
    text: str, start: Any, end: Any, label: Any, what: str, findings: Findings, written: Any = None
) -> Span | None:
    """A span of ``text``, or None with the fault noted; ``what`` names its kind.

    ``written`` is what the file says stands there, where it says so.
    """
    if not isinstance(label, str) or not label:
        findings.fault(f"{what} [{start}, {end}): its label is {label!r}", "name it in a string")
        return None
    # A bool is an int to isinstance.
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(text)):
        findings.fault(
            f"{what} {label} [{start}, {end}): outside the text of {len(text)} characters",
            "count code points from 0; the end is the place behind the last character",
        )
        return None
    if written is not None and written != text[start:end]:
        findings.fault(
            f"{what} {label} [{start}, {end}): holds {text[start:end]!r}, not {written!r}",
            "correct the offsets, or the text of the span",
        )
        return None
    return Span(start, end, label)


def check_overlaps(example: Example, findings: Findings) -> None:
    """Notes spans of one layer that overlap; two events on the same trigger are sound."""
    triggers = {(each.trigger.start, each.trigger.end) for each in example.events or ()}
    entities = [(span.start, span.end) for span in example.entities or ()]
    _check_apart(entities, example.text, "entities", findings)
    _check_apart(triggers, example.text, "triggers", findings)


def _check_apart(
    places: Iterable[tuple[int, int]], text: str, what: str, findings: Findings
) -> None:
    for (start, end), (next_start, next_end) in pairwise(sorted(places)):
        if next_start < end:
            findings.fault(
                f"{what} overlap: {text[start:end]!r} [{start}, {end}) and "
                f"{text[next_start:next_end]!r} [{next_start}, {next_end})",
                "keep one of them",
            )
