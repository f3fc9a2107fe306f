"""When something happened where no mention of it says so: the date told before it in its
sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from operator import attrgetter

from tagger.document import Argument, Document, Event
from tagger.fillers import Filler, filler_of
from tagger.text import normalize

# A date before these is that of the report, not of what is reported.
_REPORTING = re.compile("公告|表示|披露|消息|报道|讯|电，|获悉|显示|称")
# In 1,300 paragraphs of held-out news there are four such dates, of which two are the event's.
_SCORE = 0.5
_START = attrgetter("start")


def implied_date(document: Document, event: Event, sentence: tuple[int, int]) -> Filler | None:
    """The last date before an event in its ``sentence``, a span, as a filler with that source.

    It must have a comma behind it, as a date that frames what follows has, and say when, not only
    how long (期限3年: of 900 articles 5 have such, none of which dates the event); None too where
    another event or a word of reporting stands between the two.
    """
    quantities = document.quantities
    first = bisect_left(quantities, sentence[0], key=_START)
    behind = bisect_left(quantities, event.start, key=_START)
    dates = (each for each in range(behind - 1, first - 1, -1) if quantities[each].label == "DATE")
    index = next(dates, None)
    if index is None:
        return None
    date = quantities[index]
    if date.duration is not None and date.start_time is None:
        return None
    after = bisect_left(document.events, date.end, key=_START)
    told_between = after < len(document.events) and document.events[after].start < event.start
    if told_between or date.end > event.start:
        return None
    if document.text[date.end : date.end + 1] not in ("，", ","):
        return None
    if _REPORTING.search(normalize(document.text[date.end : event.start])):
        return None
    argument = Argument("date", date.start, date.end, date.text, _SCORE, quantity=index)
    return replace(filler_of(argument, document), source="sentence")
