"""One row a happening: the mentions of each group of an article, joined."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tagger.document import Document, Event, Number, format_number
from tagger.fillers import Filler, role_fillers
from tagger.follow_ups import later_figures
from tagger.grouping import PRONOUNS, refers_back
from tagger.implied_dates import implied_date
from tagger.implied_subjects import ImpliedSubjects
from tagger.schema import ROLES
from tagger.text import split_sentences

# What the article says has happened stands, whatever it says elsewhere; a denial beats the plan
# and the rumour that it denies; who has announced a plan no longer only considers it.
_STRONGEST_FIRST = ("asserted", "negated", "planned", "possible")
_COMPANY_LABELS = frozenset({"COMPANY", "TICKER"})
WHOLE_SENTENCE = r"""[。！？!?；;][”’」』）)"']*$"""
# A text without a full stop is one sentence; to each side of a trigger so much of it is kept.
_SENTENCE_REACH = 250


@dataclass(frozen=True, slots=True)
class Record:
    """A happening and all that its mentions say of it.

    ``start``, ``end``, ``text`` and ``score`` are those of the best trigger: of the mentions that
    are told in the record's ``modality`` one in a whole sentence rather than in a headline, then
    one with the most roles, then the surest. ``sentence`` is the sentence around it, cut where it
    runs on for more than 250 characters to either side. ``mentions`` are indexes into
    ``document.events``, in order.

    ``modality`` is asserted if any mention is, else negated, else planned, else possible. A mention
    that only refers back (此次收购, 收购完成后) counts for that only where there is no other:
    beside 拟收购 it seems asserted for want of a cue of its own.

    Each role holds every filler once (:func:`tagger.fillers.role_fillers`). A happening without a
    subject gets the company that it seems to be about, one without a date the date that frames its
    sentence, and stakes and quantities are followed by what they have changed to since, marked by
    their ``source``. A role that the schema does not know has no field; ``document.events`` has it.

    ``company_id`` is the id of the surest subject that is a company and has one. ``start_time`` and
    ``end_time`` bound the dates together, half open: those that are resolved at both ends, or where
    there is none the others. A bound that one of these leaves open is None.
    """

    type: str
    group: int
    modality: str
    start: int
    end: int
    text: str
    score: float
    sentence: str
    sentence_start: int
    sentence_end: int
    mentions: tuple[int, ...]
    subject: tuple[Filler, ...] = ()
    object: tuple[Filler, ...] = ()
    location: tuple[Filler, ...] = ()
    destination: tuple[Filler, ...] = ()
    date: tuple[Filler, ...] = ()
    amount: tuple[Filler, ...] = ()
    quantity: tuple[Filler, ...] = ()
    ratio: tuple[Filler, ...] = ()
    company_id: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """Only str, int, float, bool, list and dict; exact numbers are text, times ISO 8601.

        Keys that say nothing are left out.
        """
        return _plain_fields(self)


def document_records(document: Document, implied: bool = True) -> list[Record]:
    """The happenings of a tagged document, in order of first mention; ``implied`` as in
    :meth:`tagger.Document.records`.

    Mentions are one happening if they share their type and their ``group``.
    """
    mentions: dict[tuple[str, int], list[int]] = {}
    for index, event in enumerate(document.events):
        mentions.setdefault((event.type, event.group), []).append(index)
    sentences = split_sentences(document.text) if mentions else []
    subjects = ImpliedSubjects(document) if implied else None
    return [_record(document, indexes, sentences, subjects) for indexes in mentions.values()]


def _record(
    document: Document,
    mentions: Sequence[int],
    sentences: Sequence[tuple[int, int]],
    implied: ImpliedSubjects | None,
) -> Record:
    events = [document.events[index] for index in mentions]
    own = _telling_themselves(events, document.text)
    modality = _modality(own)
    told = [(each, _sentence(each, sentences)) for each in own if each.modality == modality]
    best, (start, end) = max(
        told, key=lambda each: _telling(each[0], document.text[slice(*each[1])])
    )
    fillers = {role: tuple(role_fillers(document, events, role)) for role in ROLES}
    if implied is not None:
        if not fillers["subject"]:
            fillers["subject"] = _at_most_one(implied.of(events, (start, end)))
        if not fillers["date"]:
            fillers["date"] = _at_most_one(implied_date(document, best, (start, end)))
        for each in list(later_figures(document, events, fillers, sentences)):
            fillers["ratio" if each.label == "PERCENT" else "quantity"] += (each,)
    start_time, end_time = _interval(fillers["date"])
    return Record(
        type=best.type,
        group=best.group,
        modality=modality,
        start=best.start,
        end=best.end,
        text=best.text,
        score=best.score,
        sentence=document.text[start:end],
        sentence_start=start,
        sentence_end=end,
        mentions=tuple(mentions),
        company_id=_company_id(fillers["subject"]),
        start_time=start_time,
        end_time=end_time,
        **fillers,
    )


def _at_most_one(filler: Filler | None) -> tuple[Filler, ...]:
    return () if filler is None else (filler,)


def _telling(event: Event, sentence: str) -> tuple[bool, int, float]:
    """How well a mention tells of its happening: in a whole sentence rather than a headline, then
    with how many roles, then how surely."""
    roles = {each.role for each in event.arguments if each.text not in PRONOUNS}
    return re.search(WHOLE_SENTENCE, sentence) is not None, len(roles), event.score


def _telling_themselves(events: Sequence[Event], text: str) -> Sequence[Event]:
    """The mentions that do not only refer back (此次收购); all, where there is no other."""
    return [each for each in events if not refers_back(each, text)] or events


def _modality(events: Sequence[Event]) -> str:
    told = [each.modality for each in events]
    return next((each for each in _STRONGEST_FIRST if each in told), told[0])


def _sentence(event: Event, sentences: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The span of the trigger's sentence, or of several where the trigger crosses their ends."""
    first = bisect_right(sentences, event.start, key=lambda each: each[1])
    last = bisect_left(sentences, event.end, key=lambda each: each[0])
    around = sentences[first:last] or [(event.start, event.end)]
    start = max(around[0][0], event.start - _SENTENCE_REACH)
    end = min(around[-1][1], event.end + _SENTENCE_REACH)
    return min(event.start, start), max(event.end, end)


def _company_id(subjects: Iterable[Filler]) -> str | None:
    companies = [each for each in subjects if each.id and each.label in _COMPANY_LABELS]
    return max(companies, key=lambda each: each.score).id if companies else None


def _interval(dates: Iterable[Filler]) -> tuple[datetime | None, datetime | None]:
    known = [each for each in dates if each.start_time or each.end_time]
    known = [each for each in known if each.start_time and each.end_time] or known
    starts, ends = [each.start_time for each in known], [each.end_time for each in known]
    return _outermost(min, starts), _outermost(max, ends)


def _outermost(
    choose: Callable[..., datetime], times: Sequence[datetime | None]
) -> datetime | None:
    known = [each for each in times if each is not None]
    if not known or len(known) < len(times):
        return None
    if all(each.tzinfo for each in known):
        return choose(known)
    # 北京时间14时 has a zone even in an article that has none: both are read off the clock.
    return choose(known, key=lambda each: each.replace(tzinfo=None))


def _plain_fields(each: Record | Filler) -> dict[str, Any]:
    pairs = ((name, getattr(each, name)) for name in each.__dataclass_fields__)
    return {name: _plain(value) for name, value in pairs if value is not None and value != ()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Filler):
        return _plain_fields(value)
    if isinstance(value, Number):
        return format_number(value)
    return value.isoformat() if isinstance(value, datetime) else value
