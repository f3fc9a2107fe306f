"""ChFinAnn (Zheng et al. 2019, "Doc2EDAG"): documents as pairs of an id and what is in them.

``sentences`` are joined by line breaks. ``ann_mspan2dranges`` says where each marked string stands
(sentence, start, end), and ``ann_mspan2guess_field`` which role it fills, which is its label as an
entity. ``recguid_eventname_eventdict_list`` holds the events, without triggers: a word of
``tables/chfinann_triggers.toml`` stands for each.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from training.examples import AnnotatedEvent, Example, Findings, Span, checked_span
from training.readers.locating import Filler, Places, arguments_near, best_trigger
from training.readers.overlaps import without_overlaps

_TRIGGERS = Path(__file__).parent / "tables" / "chfinann_triggers.toml"
_WRITE_SO = (
    'write [id, {"sentences": …, "ann_valid_mspans": …, "ann_mspan2dranges": …, '
    '"ann_mspan2guess_field": …, "recguid_eventname_eventdict_list": …}]'
)


def chfinann_example(record: Any, id: str, findings: Findings) -> Example | None:
    """The example in a record, one a document."""
    try:
        own, document = record
        sentences = document["sentences"]
        text = "\n".join(sentences)
        begins = [0, *accumulate(len(sentence) + 1 for sentence in sentences)]
        places: dict[str, Places] = {
            phrase: [(begins[row] + start, begins[row] + end) for row, start, end in ranges]
            for phrase, ranges in document["ann_mspan2dranges"].items()
        }
        entities = _entities(document, text, places, findings)
        if findings.faults:
            return None
        events: list[AnnotatedEvent] = []
        for _number, type, roles in document["recguid_eventname_eventdict_list"]:
            event = _event(type, roles, text, places, events, findings)
            if event is not None:
                events.append(event)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        findings.fault("not a document as ChFinAnn writes it", _WRITE_SO)
        return None
    return without_overlaps(Example(str(own), text, entities, tuple(events)), findings)


@cache
def _trigger_words() -> dict[str, list[str]]:
    return tomllib.loads(_TRIGGERS.read_text(encoding="utf-8"))


def _entities(
    document: dict[str, Any], text: str, places: dict[str, Places], findings: Findings
) -> tuple[Span, ...]:
    labels = document["ann_mspan2guess_field"]
    spans = [
        checked_span(text, start, end, labels[phrase], "entity", findings, phrase)
        for phrase in document["ann_valid_mspans"]
        for start, end in places[phrase]
    ]
    return tuple(sorted((span for span in spans if span), key=lambda span: span.start))


def _event(
    type: str,
    roles: dict[str, str | None],
    text: str,
    places: dict[str, Places],
    known: list[AnnotatedEvent],
    findings: Findings,
) -> AnnotatedEvent | None:
    fillers = []
    for role, phrase in roles.items():
        if phrase is None:
            continue
        if places.get(phrase):
            fillers.append(Filler(role, places[phrase]))
        else:
            findings.leave_out(f"argument {role} {phrase!r} of {type}", "not in the text")
    words = _trigger_words().get(type, [])
    # Of alternatives the first is taken: the table has the longer words before those inside them.
    pattern = "|".join(map(re.escape, words))
    triggers = [found.span() for found in re.finditer(pattern, text)] if words else []
    taken = [(event.trigger.start, event.trigger.end) for event in known]
    place = best_trigger(triggers, fillers, taken)
    if place is None:
        findings.leave_out(f"event {type}", f"no word of {_TRIGGERS.name} names it in the text")
        return None
    return AnnotatedEvent(Span(*place, type), arguments_near(place, fillers))
