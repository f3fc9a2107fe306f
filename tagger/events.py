"""Triggers and the spans that fill their roles, made into events of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tagger.decoding import Trigger
from tagger.document import Argument, Document, Event
from tagger.grouping import group_events
from tagger.modality import BEGINNING, cued_modality, joined_clause, without_names
from tagger.occurrences import Occurrences
from tagger.snapping import Snapper
from tagger.stray_arguments import StrayArguments
from tagger.table_rows import TableRows

# What stands before the place that something goes to, and between two of them.
_TOWARDS = ("向", "至", "到", "往")
_LISTED = ("和", "与", "及", "以及", "、")
# What lies between a plan and the clause that goes on with it.
_LONGEST_PLAN = 120
_PARTIES = ("subject", "object")
# What is announced for a day: 公司股票自11月21日起复牌.
_SCHEDULED = frozenset({"trading_status", "listing", "dividend"})
_CALENDAR_DAY = re.compile(r"(?<![周期拜])[日号]|\d[-/.]\d")
# What stands between a trigger and where its object lies: 收购位于俄亥俄州的矿场.
_PLACED = re.compile("(?:了|其|旗下|公司|该公司|一家|一座|一个|一处){0,3}(?:在|位于|坐落于|地处)")
_OF_THINGS = frozenset(
    {"acquisition", "divestment", "equity_transfer", "investment", "termination", "bid_win"}
)
# Of 28 such places in annotated news 25 are locations; of five that the network missed, two.
_PLACE_SCORE = 0.5


def build_events(
    document: Document, triggers: Sequence[Trigger], *, with_arguments: bool = True
) -> None:
    """Fills ``document.events``, sorted by place, with one event for each type of a trigger.

    The document's entities and quantities must be final: arguments refer to them by index.
    Triggers and their arguments are in offsets of the document's text.
    """
    arguments_of = _Arguments(document, triggers) if with_arguments else None
    unnamed = without_names(document.text, document.entities)
    events: list[Event] = []
    uncued: set[int] = set()
    for trigger in sorted(triggers, key=lambda each: (each.start, each.end)):
        arguments = arguments_of(trigger) if arguments_of is not None else []
        told = cued_modality(document.text, trigger.start, trigger.end, unnamed)
        if told is None and _goes_on_with_plan(document.text, trigger, events):
            told = "planned"
        if told is None and _is_still_to_come(document, trigger, arguments):
            told = "planned"
        for event_type, score in trigger.types:
            if told is None:
                uncued.add(len(events))
            event = Event(
                trigger.start,
                trigger.end,
                document.text[trigger.start : trigger.end],
                event_type,
                score=round(score, 4),
                modality=told or "asserted",
                arguments=list(arguments),
            )
            events.append(event)
    group_events(document, events, uncued)
    document.events = events


def _goes_on_with_plan(text: str, trigger: Trigger, events: Sequence[Event]) -> bool:
    """Whether a trigger stands in a clause that begins with 并 or 以及, and the last of ``events``
    before that clause is planned and stands in its sentence."""
    start = joined_clause(text, trigger.start, trigger.end)
    if start is None:
        return False
    last = next((each for each in reversed(events) if each.end <= start), None)
    if last is None or last.modality != "planned" or start - last.end > _LONGEST_PLAN:
        return False
    return BEGINNING.search(text, last.end, start) is None


def _is_still_to_come(document: Document, trigger: Trigger, arguments: Sequence[Argument]) -> bool:
    """Whether a trigger's dates, if that is what is announced for a day, are days behind that of
    publication. Of a month or weekday alone (9月停牌至今, 周五上市) it may be the last one."""
    if document.published is None or not all(each in _SCHEDULED for each, _score in trigger.types):
        return False
    today = document.published.date()
    dates = [
        document.quantities[each.quantity]
        for each in arguments
        if each.role == "date" and each.quantity is not None
    ]
    return bool(dates) and all(
        each.start_time is not None
        and each.start_time.date() > today
        and _CALENDAR_DAY.search(each.text)
        for each in dates
    )


class _Arguments:
    """What fills the roles of the triggers of a document."""

    def __init__(self, document: Document, triggers: Sequence[Trigger]) -> None:
        self._text = document.text
        self._snapper = Snapper(document)
        self._occurrences = Occurrences(document)
        self._places = _Places(document)
        self._strays = StrayArguments(document)
        self._rows = TableRows(document, triggers)

    def __call__(self, trigger: Trigger) -> list[Argument]:
        found = (
            self._occurrences.nearest(self._snapper(span), trigger.start, trigger.end)
            for span in trigger.arguments
        )
        # None of 37,936 arguments of annotated news holds or cuts its trigger.
        arguments = [
            each for each in found if each.end <= trigger.start or trigger.end <= each.start
        ]
        if any(event_type == "relocation" for event_type, _score in trigger.types):
            arguments = _with_destinations(arguments, self._text)
        arguments = _distinct([*arguments, *self._places.behind(trigger, arguments)])
        arguments = self._strays.removed(trigger, arguments)
        return _distinct([*arguments, *self._rows.beside(trigger, arguments)])


class _Places:
    """The places of a document, by where they begin."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._entities = document.entities
        self._starting = {
            each.start: index
            for index, each in enumerate(document.entities)
            if each.label == "LOCATION"
        }

    def behind(self, trigger: Trigger, known: Sequence[Argument]) -> Iterator[Argument]:
        """The place right behind a trigger that acts on a thing there, the last of a chain
        (美国|俄亥俄州), if none of its ``known`` arguments tells of a place or holds it."""
        placed = _PLACED.match(self._text, trigger.end)
        end = placed.end() if placed else -1
        index = None
        while end in self._starting:
            index = self._starting[end]
            end = self._entities[index].end
        acts = any(event_type in _OF_THINGS for event_type, _score in trigger.types)
        if index is None or not acts or any(each.role == "location" for each in known):
            return
        start = self._entities[index].start
        if not any(each.start < end and start < each.end for each in known):
            text = self._text[start:end]
            yield Argument("location", start, end, text, _PLACE_SCORE, entity=index)


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
    """The arguments by place; of those of one role on one span the surest, and of a subject and an
    object the surer: in 13,138 events of annotated news no span is both.
    """
    surest: dict[tuple[int, int, str], Argument] = {}
    for argument in arguments:
        role = "party" if argument.role in _PARTIES else argument.role
        key = argument.start, argument.end, role
        if key not in surest or argument.score > surest[key].score:
            surest[key] = argument
    return sorted(surest.values(), key=lambda each: (each.start, each.end, each.role))
