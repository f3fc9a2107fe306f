"""Whom a happening is about where no mention says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tagger.document import Argument, Document, Entity, Event
from tagger.fillers import Filler

NAMES = ("星河矿业", "青山资本", "远帆电气")


def article(text: str, subject_of: dict[str, str], types: dict[str, str]) -> Document:
    """A text with its companies, and events at the words of ``types``; ``subject_of`` names the
    subject of some."""
    document = Document(text)
    for name in NAMES:
        if name in text:
            start = text.index(name)
            document.entities.append(
                Entity(start, start + 4, name, "COMPANY", canonical=name, id=f"SSE:{name}")
            )
    names = [each.text for each in document.entities]
    for number, (word, kind) in enumerate(types.items()):
        start = text.index(word)
        event = Event(start, start + len(word), word, kind, group=number)
        if word in subject_of:
            index = names.index(subject_of[word])
            who = document.entities[index]
            event.arguments = [Argument("subject", who.start, who.end, who.text, entity=index)]
        document.events.append(event)
    return document


@pytest.mark.parametrize(
    ("text", "subject_of", "types", "company", "source"),
    [
        (  # the subject of an event told before in the sentence
            "星河矿业称，青山资本减持股份，并终止合作。",
            {"减持": "青山资本"},
            {"减持": "divestment", "终止": "termination"},
            "青山资本",
            "sentence",
        ),
        (  # the company of the headline, which does something in the article
            "星河矿业：减持股份。青山资本未评论。此后计划已终止。",
            {"减持": "星河矿业"},
            {"减持": "divestment", "终止": "termination"},
            "星河矿业",
            "headline",
        ),
        (  # nor where another stands in the line of a digest
            "星河矿业：减持股份\n青山资本：产品热销；门店将关闭。",
            {"减持": "星河矿业"},
            {"减持": "divestment", "关闭": "termination"},
            None,
            None,
        ),
        (  # a headline's company that does nothing may be a source of figures
            "据远帆电气统计，今年关闭的门店达2000家，其中青山资本的最多。",
            {},
            {"关闭": "termination"},
            None,
            None,
        ),
        (  # what stands behind a mention is no headline of it
            "星河矿业公司转型，子公司青山资本减持股份。远帆电气未参与。",
            {"减持": "青山资本"},
            {"转型": "relocation", "减持": "divestment"},
            None,
            None,
        ),
        (  # the only company of the article need not be it
            "受疫情影响，门店将关闭，远帆电气称。",
            {},
            {"关闭": "termination"},
            None,
            None,
        ),
        (  # another party stands in the sentence of the mention
            "星河矿业：减持股份。青山资本的门店将关闭。",
            {"减持": "星河矿业"},
            {"减持": "divestment", "关闭": "termination"},
            None,
            None,
        ),
        ("远帆电气收到通知，处罚已作出。", {}, {"处罚": "regulatory_action"}, None, None),
        ("门店将关闭。", {}, {"关闭": "termination"}, None, None),
    ],
)
def test_a_record_without_a_subject_gets_the_company_that_it_is_about(
    text: str,
    subject_of: dict[str, str],
    types: dict[str, str],
    company: str | None,
    source: str | None,
) -> None:
    records = article(text, subject_of, types).records()
    record = next(each for each in records if each.text not in subject_of)
    found: Filler | None = record.subject[0] if record.subject else None
    assert (found.text if found else None, found.source if found else None) == (company, source)
    assert record.company_id == (f"SSE:{company}" if company else None)


def test_what_a_mention_says_is_not_replaced() -> None:
    document = article(
        "星河矿业公告，青山资本减持股份。", {"减持": "青山资本"}, {"减持": "divestment"}
    )
    assert [(each.text, each.source) for each in document.records()[0].subject] == [
        ("青山资本", None)
    ]


class Counted(list[Any]):
    """A list that knows how many times it was gone through."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        self.times += 1
        return super().__iter__()


def test_a_long_article_is_not_gone_through_for_every_happening() -> None:
    document = article(
        "星河矿业减持股份。" + "合作终止。" * 50, {"减持": "星河矿业"}, {"减持": "divestment"}
    )
    for number in range(50):
        start = 11 + 5 * number
        document.events.append(Event(start, start + 2, "终止", "termination", group=1 + number))
    document.entities, document.events = Counted(document.entities), Counted(document.events)
    records = document.records()
    assert [record.subject[0].source for record in records] == [None, *["headline"] * 50]
    assert (document.entities.times, document.events.times) < (10, 10)
