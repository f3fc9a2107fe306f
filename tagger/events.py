"""Triggers and the spans that fill their roles, made into events of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tagger.decoding import Trigger
from tagger.document import Argument, Document, Event
from tagger.grouping import group_events
from tagger.modality import modality, without_names
from tagger.occurrences import Occurrences
from tagger.snapping import Snapper

# What stands before the place that something goes to, and between two of them.
_TOWARDS = ("向", "至", "到", "往")
_LISTED = ("和", "与", "及", "以及", "、")


def build_events(document: Document, triggers: Sequence[Trigger]) -> None:
    """Fills ``document.events``, sorted by place, with one event for each type of a trigger.

    The document's entities and quantities must be final: arguments refer to them by index.
    Triggers and their arguments are in offsets of the document's text.
    """
    snapper, occurrences = Snapper(document), Occurrences(document)
    unnamed = without_names(document.text, document.entities)
    events = []
    for trigger in sorted(triggers, key=lambda each: (each.start, each.end)):
        arguments = [
            occurrences.nearest(snapper(span), trigger.start, trigger.end)
            for span in trigger.arguments
        ]
        if any(event_type == "relocation" for event_type, _score in trigger.types):
            arguments = _with_destinations(arguments, document.text)
        told = modality(document.text, trigger.start, trigger.end, unnamed)
        for event_type, score in trigger.types:
            event = Event(
                trigger.start,
                trigger.end,
                document.text[trigger.start : trigger.end],
                event_type,
                score=round(score, 4),
                modality=told,
                arguments=_distinct(arguments),
            )
            events.append(event)
    group_events(document, events)
    document.events = events


def _with_destinations(arguments: list[Argument], text: str) -> list[Argument]:
    """The arguments of a relocation, where the places that it goes to are its destinations.

    Of 130 places in annotated news none that follows 向, 至, 到 or 往 is where it comes from.
    """
    found: list[Argument] = []
    end = -1  # of the last destination
    for each in sorted(arguments, key=lambda argument: argument.start):
        listed = end >= 0 and text[end : each.start] in _LISTED
        led_to = text.endswith(_TOWARDS, 0, each.start)
        if each.role == "location" and (led_to or listed):
            each = replace(each, role="destination")
        if each.role == "destination":
            end = each.end
        found.append(each)
    return found


def _distinct(arguments: list[Argument]) -> list[Argument]:
    """The arguments by place; of those of one role on one span the surest."""
    surest: dict[tuple[int, int, str], Argument] = {}
    for argument in arguments:
        key = argument.start, argument.end, argument.role
        if key not in surest or argument.score > surest[key].score:
            surest[key] = argument
    return [surest[key] for key in sorted(surest)]
