"""Whom a happening is about where no mention of it says so: the company of the sentence, of the
headline, or the only one of the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tagger.document import Argument, Document, Entity, Event
from tagger.fillers import Filler, filler_of

# An act of a public body is no company's.
_OF_AUTHORITIES = frozenset({"policy_release", "regulatory_action", "judgment"})
# Characters of an article without a title that count as its headline.
_HEADLINE = 30


# Of 45 happenings without a subject, on held-out news and data/gold, 32 got the right company.
_SCORE = 0.7


def implied_subject(
    document: Document, events: Sequence[Event], sentence: tuple[int, int]
) -> Filler | None:
    """The company that a happening is about, with ``source`` saying where it was taken from.

    ``events`` are its mentions, none of which has a subject, and ``sentence`` is the span of the
    best one's sentence. Sources, the first that has one: ``sentence``, the subject of an event told
    before in it; ``headline``, its first company, if that does something in the article;
    ``article``, the only company there.
    """
    if events[0].type in _OF_AUTHORITIES:
        return None
    found = next(_candidates(document, events[0].start, sentence), None)
    if found is None:
        return None
    source, index = found
    entity = document.entities[index]
    argument = Argument("subject", entity.start, entity.end, entity.text, _SCORE, entity=index)
    return replace(filler_of(argument, document), source=source)


def _candidates(
    document: Document, first: int, sentence: tuple[int, int]
) -> Iterator[tuple[str, int]]:
    companies = [
        (index, each) for index, each in enumerate(document.entities) if each.label == "COMPANY"
    ]
    subjects = [
        (event.start, argument.entity)
        for event in document.events
        for argument in event.arguments
        if argument.role == "subject" and argument.entity is not None
    ]
    told_before = [
        index for place, index in subjects if sentence[0] <= place < min(first, sentence[1])
    ]
    for index in reversed(told_before):
        if document.entities[index].label == "COMPANY":
            yield "sentence", index
    # A company that does nothing in the article may be the source of its figures.
    acting = {_identity(document.entities[index]) for _place, index in subjects}
    headline = document.body_start or _HEADLINE
    for index, each in companies:
        if each.start < headline and _identity(each) in acting:
            yield "headline", index
            break
    if len({_identity(each) for _index, each in companies}) == 1:
        yield "article", companies[0][0]


def _identity(entity: Entity) -> str:
    return entity.id or entity.canonical or entity.text
