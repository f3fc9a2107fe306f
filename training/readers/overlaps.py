"""Published corpora nest some spans; a layer of an example holds none that overlap."""

from __future__ import annotations

from dataclasses import replace

from training.examples import AnnotatedEvent, Example, Findings, Span

_REASON = "overlaps a longer one, which is kept"


def without_overlaps(example: Example, findings: Findings) -> Example:
    """The example with the longest of overlapping entities, and of overlapping triggers; what
    gives way is noted as left out. Two events on the same trigger both stay."""
    entities, events = example.entities, example.events
    if entities is not None:
        entities = tuple(dict.fromkeys(entities))
        kept_entities = _longest(entities)
        for span in entities:
            if span not in kept_entities:
                findings.leave_out(_said(example.text, span, "entity"), _REASON)
        entities = tuple(span for span in entities if span in kept_entities)
    if events is not None:
        places = {_place(event): event.trigger for event in events}
        kept = {(span.start, span.end) for span in _longest(tuple(places.values()))}
        for event in events:
            if _place(event) not in kept:
                findings.leave_out(_said(example.text, event.trigger, "event"), _REASON)
        events = tuple(event for event in events if _place(event) in kept)
    return replace(example, entities=entities, events=events)


def _longest(spans: tuple[Span, ...]) -> set[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start, span.label)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return set(kept)


def _place(event: AnnotatedEvent) -> tuple[int, int]:
    return event.trigger.start, event.trigger.end


def _said(text: str, span: Span, what: str) -> str:
    return f"{what} {span.label} {text[span.start : span.end]!r} [{span.start}, {span.end})"
