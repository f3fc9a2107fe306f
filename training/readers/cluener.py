"""CLUENER2020 (Xu et al. 2020): ``label`` holds label, name and its places, last character
included: ``{"text": …, "label": {"company": {"浙商银行": [[0, 3]]}}}``."""

from __future__ import annotations

from typing import Any

from training.examples import Example, Findings, Span, checked_span
from training.readers.overlaps import without_overlaps

_WRITE_SO = 'write {"text": …, "label": {label: {name: [[first, last], …]}}}'


def cluener_example(record: Any, id: str, findings: Findings) -> Example | None:
    """The example in a record; the test split, which has no ``label``, is not annotated."""
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        findings.fault("not an object with a string 'text'", _WRITE_SO)
        return None
    text = record["text"]
    entities = _entities(record["label"], text, findings) if "label" in record else None
    own = record.get("id")
    example = Example(id if own is None else f"{id}-{own}", text, entities)
    return without_overlaps(example, findings)


def _entities(labels: Any, text: str, findings: Findings) -> tuple[Span, ...]:
    found = []
    try:
        for label, names in labels.items():
            for name, places in names.items():
                for first, last in places:
                    end = last + 1
                    span = checked_span(text, first, end, label, "entity", findings, name)
                    if span is not None:
                        found.append(span)
    except (AttributeError, TypeError, ValueError):
        findings.fault("'label' does not hold labels, names and places", _WRITE_SO)
    return tuple(sorted(found, key=lambda span: span.start))
