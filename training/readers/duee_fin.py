"""DuEE-fin (Han et al. 2022): ``event_list`` names trigger, type and arguments, without offsets.

Each event goes to the place of its trigger word that its arguments stand nearest to, and each
argument to the place nearest to the trigger. What the text does not hold, such as the stage of a
listing, which is one of a list of names, is left out and said.
"""

from __future__ import annotations

from typing import Any

from training.examples import AnnotatedEvent, Example, Findings, Span
from training.readers.locating import Filler, arguments_near, best_trigger, occurrences

_WRITE_SO = (
    'write {"text": …, "event_list": [{"trigger": …, "event_type": …, "arguments": '
    '[{"role": …, "argument": …}]}]}'
)


def duee_fin_example(record: Any, id: str, findings: Findings) -> Example | None:
    """The example in a record; the test split, which has no ``event_list``, is not annotated."""
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        findings.fault("not an object with a string 'text'", _WRITE_SO)
        return None
    text = record["text"]
    events: list[AnnotatedEvent] | None = None
    if "event_list" in record:
        events = []
        try:
            for described in record["event_list"]:
                event = _event(described, text, events, findings)
                if event is not None:
                    events.append(event)
        except (AttributeError, KeyError, TypeError):
            findings.fault("'event_list' is not as DuEE-fin writes it", _WRITE_SO)
            return None
    own = record.get("id")
    return Example(
        id if own is None else str(own), text, None, None if events is None else tuple(events)
    )


def _event(
    described: dict[str, Any], text: str, known: list[AnnotatedEvent], findings: Findings
) -> AnnotatedEvent | None:
    type, word = described["event_type"], described["trigger"]
    fillers = []
    for each in described.get("arguments") or ():
        places = occurrences(text, each["argument"])
        if places:
            fillers.append(Filler(each["role"], places))
        else:
            findings.leave_out(
                f"argument {each['role']} {each['argument']!r} of {type}", "not in the text"
            )
    taken = [(event.trigger.start, event.trigger.end) for event in known]
    place = best_trigger(occurrences(text, word), fillers, taken)
    if place is None:
        reason = "overlaps another trigger" if word in text else "not in the text"
        findings.leave_out(f"event {type}, trigger {word!r}", reason)
        return None
    return AnnotatedEvent(Span(*place, type), arguments_near(place, fillers))
