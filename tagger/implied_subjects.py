"""Whom a happening is about where no mention of it says so: the company of the sentence or of the
headline."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from tagger.document import Argument, Document, Event
from tagger.fillers import Filler, filler_of, identity

# An act of a public body is no company's.
_OF_AUTHORITIES = frozenset({"policy_release", "regulatory_action", "judgment"})
# What may do something in the place of the headline's company.
_PARTIES = frozenset({"COMPANY", "ORGANIZATION", "REGULATOR"})
# Characters of an article without a title that count as its headline.
_HEADLINE = 30
_SCORE = 0.7


class ImpliedSubjects:
    """Whom the happenings of one article may be about; what holds for all is looked up once."""

    def __init__(self, document: Document) -> None:
        entities = document.entities
        companies = [index for index, each in enumerate(entities) if each.label == "COMPANY"]
        subjects = [
            (event.start, argument.entity)
            for event in document.events
            for argument in event.arguments
            if argument.role == "subject" and argument.entity is not None
        ]
        # A company that does nothing in the article may be the source of its figures.
        acting = {identity(entities[index]) for _place, index in subjects}
        headline = document.body_start or _HEADLINE
        self._headline = [
            index
            for index in companies
            if entities[index].start < headline and identity(entities[index]) in acting
        ]
        self._parties = sorted(
            (each.start, identity(each)) for each in entities if each.label in _PARTIES
        )
        self._places: dict[str, list[int]] = {}
        for start, name in self._parties:
            self._places.setdefault(name, []).append(start)
        self._document = document
        self._told = sorted(
            (each for each in subjects if entities[each[1]].label == "COMPANY"), key=_place
        )

    def of(self, events: Sequence[Event], sentence: tuple[int, int]) -> Filler | None:
        """The company that a happening is about, with ``source`` saying where it was taken from.

        ``events`` are its mentions, none of which has a subject, and ``sentence`` is the span of
        the best one's sentence. Sources, the first that has one: ``sentence``, the subject of an
        event told before in it; ``headline``, its first company that does something in the article,
        if it stands before the mention, no other party does so in the mention's sentence, and not
        only others do so in its line, as in a digest.
        """
        if events[0].type in _OF_AUTHORITIES:
            return None
        candidates = (
            ("sentence", self._told_before(events[0].start, sentence)),
            ("headline", self._named_before(events[0].start, sentence[0])),
        )
        for source, index in candidates:
            if index is not None:
                each = self._document.entities[index]
                argument = Argument(
                    "subject", each.start, each.end, each.text, _SCORE, entity=index
                )
                return replace(filler_of(argument, self._document), source=source)
        return None

    def _named_before(self, place: int, sentence: int) -> int | None:
        entities = self._document.entities
        index = next((each for each in self._headline if entities[each].start < place), None)
        if index is None:
            return None
        own = identity(entities[index])
        line = self._document.text.rfind("\n", 0, place) + 1
        first, last, first_of_line = (
            bisect_left(self._parties, (each,)) for each in (sentence, place, line)
        )
        if {name for _start, name in self._parties[first:last]} - {own}:
            return None
        places = self._places[own]
        is_in_line = bisect_left(places, line) < bisect_left(places, place)
        return index if is_in_line or first_of_line == last else None

    def _told_before(self, place: int, sentence: tuple[int, int]) -> int | None:
        last = bisect_left(self._told, min(place, sentence[1]), key=_place) - 1
        if last < 0 or self._told[last][0] < sentence[0]:
            return None
        return self._told[last][1]


def _place(told: tuple[int, int]) -> int:
    return told[0]
