"""FewFC (Zhou et al. 2021), as first published, rearranged, and as CasEE (Sheng et al. 2021)
spreads it.

A record has ``id``, ``content`` and ``events``, each with its ``type`` and either one list of
``mentions`` (role, span, word; the trigger among them) or a ``trigger`` and ``args`` by role.
CasEE's files have a record a type, with ``triggers`` and ``args`` of its own. Spans are half-open;
``word`` is what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from training.examples import AnnotatedEvent, Example, Findings, Span, checked_span
from training.readers.overlaps import without_overlaps

_TRIGGER = "trigger"
_WRITE_SO = (
    'write {"content": …, "events": [{"type": …, "trigger": {"span": [start, end], "word": …}, '
    '"args": {role: [{"span": …, "word": …}]}}]}'
)


class _Mention(NamedTuple):
    role: str
    value: dict[str, Any]


def fewfc_example(record: Any, id: str, findings: Findings) -> Example | None:
    """The example in a record; one without ``events`` is not annotated."""
    if not isinstance(record, dict) or not isinstance(record.get("content"), str):
        findings.fault("not an object with a string 'content'", _WRITE_SO)
        return None
    text = record["content"]
    events: tuple[AnnotatedEvent, ...] | None = None
    try:
        described = [record] if "triggers" in record else record.get("events")
        if described is not None:
            events = tuple(event for each in described for event in _events(each, text, findings))
    except (AttributeError, KeyError, TypeError, ValueError):
        findings.fault("'events' are not as FewFC writes them", _WRITE_SO)
        return None
    own = record.get("id")
    example = Example(id if own is None else str(own), text, None, events)
    return without_overlaps(example, findings)


def _events(described: dict[str, Any], text: str, findings: Findings) -> Iterator[AnnotatedEvent]:
    type = described["type"]
    mentions = list(_mentions(described))
    arguments = [
        _span(each, each.role, "argument", text, findings)
        for each in mentions
        if each.role != _TRIGGER
    ]
    triggers = [each for each in mentions if each.role == _TRIGGER]
    if not triggers:
        findings.leave_out(f"event {type}", "it has no trigger")
    for each in triggers:
        trigger = _span(each, type, "event", text, findings)
        if trigger is not None:
            found = dict.fromkeys(span for span in arguments if span is not None)
            yield AnnotatedEvent(trigger, tuple(found))


def _mentions(described: dict[str, Any]) -> Iterator[_Mention]:
    for value in described.get("mentions") or ():
        yield _Mention(value["role"], value)
    trigger = described.get("trigger")
    for value in described.get("triggers") or ([trigger] if trigger else ()):
        yield _Mention(_TRIGGER, value)
    for role, values in (described.get("args") or {}).items():
        for value in values:
            yield _Mention(role, value)


def _span(mention: _Mention, label: str, what: str, text: str, findings: Findings) -> Span | None:
    start, end = mention.value["span"]
    return checked_span(text, start, end, label, what, findings, mention.value.get("word"))
