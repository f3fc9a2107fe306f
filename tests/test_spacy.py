"""spaCy: documents as docs and back, and the pipeline component."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
from fake_tagger import ARTICLE, FakeTagger
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.cli.evaluate import evaluate
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from spacy.util import to_bytes
from spacy.vocab import Vocab

import tagger
from tagger.document import Argument, Document, Entity, Event, Quantity, Word
from tagger.model import WEIGHTS_FILE
from tagger.schema import MODALITIES, ROLES
from tagger.spacy import FinanceTagger, to_document, to_documents, to_spacy
from tagger.spacy.attributes import register_attributes
from tagger.spacy.settings import FILES, Settings
from tagger.spacy.tokens import cut_tokens, retokenize
from tagger.spacy.writing import annotate
from tagger.words import Segmenter


@cache
def blank(language: str) -> Language:
    return spacy.blank(language)


BEIJING = timezone(timedelta(hours=8))
ROOT = Path(__file__).parent.parent


class WordTagger(FakeTagger):
    """The tagger that knows a few names, and jieba's words."""

    segmenter = Segmenter()

    def __init__(self) -> None:
        self.batches: list[list[Document]] = []

    def pipe(
        self, texts_or_documents: Iterable[Document], batch_size: int = 64
    ) -> Iterator[Document]:
        documents = list(texts_or_documents)
        self.batches.append([replace(each) for each in documents])
        for document in super().pipe(documents, batch_size):
            document.segmenter = self.segmenter
            yield document


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> WordTagger:
    """The tagger that components load while the test runs."""
    loaded = WordTagger()
    monkeypatch.setattr("tagger.spacy.settings.load", lambda *_, **__: loaded)
    return loaded


@pytest.fixture
def nlp(fake: WordTagger) -> Language:
    pipeline = spacy.blank("zh")
    pipeline.add_pipe("finance_tagger")
    return pipeline


@pytest.fixture
def tagged() -> Document:
    return next(WordTagger().pipe([replace(ARTICLE)]))


def example() -> Document:
    """A document with something in every field."""
    return Document(
        text="昨日，星河矿业 以每股1.95美元减持5%至6%股份。\n\n公司并拟收购俄亥俄州的矿场 ",
        id="a.md",
        title="星河矿业减持",
        body_start=3,
        published=datetime(2022, 2, 18, 18, 38, 33, tzinfo=BEIJING),
        source="矿讯",
        metadata={"securities": [{"code": "XHKY", "text": "星河"}], "big": 2**70, "odd": "\ud800"},
        model="fake 1.0",
        entities=[
            Entity(3, 7, "星河矿业", "COMPANY", 0.98, "星河矿业集团", "NYSE:XHKY"),
            Entity(35, 39, "俄亥俄州", "LOCATION", 0.5),
        ],
        quantities=[
            Quantity(
                0, 2, "昨日", "DATE",
                start_time=datetime(2022, 2, 17, tzinfo=BEIJING), end_time=datetime(2022, 2, 18),
                grain="day",
            ),
            Quantity(11, 17, "1.95美元", "MONEY", Decimal("1.95"), "USD", "美元", "股"),
            Quantity(
                19, 24, "5%至6%", "PERCENT", low=Decimal(5), high=Decimal(6), low_inclusive=True,
                high_inclusive=False, approximate=True,
            ),
        ],
        events=[
            Event(17, 19, "减持", "divestment", 0.9, "asserted", 0, [
                Argument("date", 0, 2, "昨日", 0.9, None, 0),
                Argument("subject", 3, 7, "星河矿业", 0.95, 0),
                Argument("ratio", 19, 24, "5%至6%", 0.7, None, 2),
            ]),
            Event(33, 35, "收购", "acquisition", 0.8, "planned", 1, [
                Argument("subject", 29, 31, "公司", 0.6, 0),
                Argument("object", 40, 42, "矿场", 0.4),
            ]),
            Event(33, 35, "收购", "investment", 0.5, "planned", 2),
        ],
    )  # fmt: skip


def spans_of(doc: Doc) -> dict[str, list[tuple[str, str, str, str]]]:
    """Text, label, knowledge base id and span id of every span."""
    groups: dict[str, Iterable[Span]] = {"ents": doc.ents, **doc.spans}
    return {
        name: [(each.text, each.label_, each.kb_id_, each.id_) for each in group]
        for name, group in groups.items()
    }


def test_a_document_becomes_tokens_entities_and_span_groups() -> None:
    doc = example().to_spacy()
    assert doc.text == example().text
    assert [token.text_with_ws for token in doc] == [
        "昨日", "，", "星河", "矿业 ", "以", "每股", "1.95", "美元", "减持", "5%", "至", "6%",
        "股份", "。", "\n\n", "公司", "并拟", "收购", "俄亥俄州", "的", "矿场 ",
    ]  # fmt: skip
    assert spans_of(doc) == {
        "ents": [("星河矿业", "COMPANY", "NYSE:XHKY", ""), ("俄亥俄州", "LOCATION", "", "")],
        "quantities": [
            ("昨日", "DATE", "", ""), ("1.95美元", "MONEY", "", ""), ("5%至6%", "PERCENT", "", ""),
        ],
        "events": [
            ("减持", "divestment", "", "0"), ("收购", "acquisition", "", "1"),
            ("收购", "investment", "", "2"),
        ],
        "arguments": [
            ("昨日", "date", "", "0"), ("星河矿业", "subject", "NYSE:XHKY", "0"),
            ("5%至6%", "ratio", "", "0"), ("公司", "subject", "NYSE:XHKY", "1"),
            ("矿场", "object", "", "1"),
        ],
    }  # fmt: skip


SPAN_ATTRIBUTES = (
    "score", "canonical", "modality", "group", "value", "unit", "unit_text", "per", "low", "high",
    "low_inclusive", "high_inclusive", "approximate", "start_time", "end_time", "grain", "duration",
    "repeat",
)  # fmt: skip


def attributes_of(span: Span) -> dict[str, Any]:
    return {name: each for name in SPAN_ATTRIBUTES if (each := span._.get(name)) is not None}


def test_spans_say_under_their_attributes_what_was_found() -> None:
    doc = example().to_spacy()
    groups = {"ents": doc.ents, **doc.spans}
    yesterday: dict[str, Any] = {"start_time": datetime(2022, 2, 17, tzinfo=BEIJING)}
    yesterday |= {"end_time": datetime(2022, 2, 18), "grain": "day"}
    ratio: dict[str, Any] = {"low": Decimal(5), "high": Decimal(6)}
    ratio |= {"low_inclusive": True, "high_inclusive": False, "approximate": True}
    assert {name: list(map(attributes_of, group)) for name, group in groups.items()} == {
        "ents": [{"score": 0.98, "canonical": "星河矿业集团"}, {"score": 0.5}],
        "quantities": [
            yesterday,
            {"value": Decimal("1.95"), "unit": "USD", "unit_text": "美元", "per": "股"},
            ratio,
        ],
        "events": [
            {"score": 0.9, "modality": "asserted", "group": 0},
            {"score": 0.8, "modality": "planned", "group": 1},
            {"score": 0.5, "modality": "planned", "group": 2},
        ],
        "arguments": [
            {"score": 0.9, **yesterday},
            {"score": 0.95, "canonical": "星河矿业集团"},
            {"score": 0.7, **ratio},
            {"score": 0.6, "canonical": "星河矿业集团"},
            {"score": 0.4},
        ],
    }
    assert [[each.text for each in event._.arguments] for event in doc.spans["events"]] == [
        ["昨日", "星河矿业", "5%至6%"], ["公司", "矿场"], [],
    ]  # fmt: skip
    assert (doc.ents[0]._.arguments, attributes_of(doc[1:2])) == (None, {})
    assert doc._.published == example().published
    assert doc._.events == example().events
    assert doc._.records == example().records()


def test_a_doc_that_nothing_tagged_says_nothing() -> None:
    doc = spacy.blank("zh")("公司减持")
    assert (doc._.published, doc._.events, doc._.records) == (None, [], [])
    assert attributes_of(doc[:2]) == {}
    assert to_document(doc) == Document("公司减持")


def through_bytes(doc: Doc) -> Doc:
    copy: Doc = Doc(Vocab()).from_bytes(doc.to_bytes())
    return copy


def through_docbin(doc: Doc) -> Doc:
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (copy,) = DocBin().from_bytes(data).get_docs(Vocab())
    return copy


def through_pickle(doc: Doc) -> Doc:
    copy: Doc = pickle.loads(pickle.dumps(doc))
    return copy


WAYS: tuple[Callable[[Doc], Doc], ...] = (
    lambda doc: doc, Doc.copy, through_bytes, through_docbin, through_pickle,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_document_comes_back_from_its_doc_however_that_travelled(
    way: Callable[[Doc], Doc],
) -> None:
    doc = way(example().to_spacy())
    assert to_document(doc) == example()
    assert doc.text == example().text
    assert attributes_of(doc.spans["arguments"][3]) == {"score": 0.6, "canonical": "星河矿业集团"}


def words(document: Document) -> list[Word]:
    """Two characters a word."""
    return [
        Word(start, start + len(part), part)
        for start in range(0, len(document.text), 2)
        if not (part := document.text[start : start + 2]).isspace()
    ]


MIXED = st.sampled_from(" \n\t\u3000\x00甲乙a1%。👩\u0301")
TEXTS = st.text(MIXED, max_size=20) | st.text(max_size=20)
VALUES = st.recursive(st.text() | st.integers(), st.lists)
SCORES = st.floats(0, 1)
NAMES = st.none() | st.text(min_size=1, max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Documents of any text with any spans, except that entities do not overlap."""
    text = draw(TEXTS)
    places = st.integers(0, max(0, len(text) - 1)).flatmap(
        lambda start: st.tuples(st.just(start), st.integers(start + 1, max(start + 1, len(text))))
    )
    spans = st.lists(places, max_size=4) if text else st.just([])
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    document = Document(
        text,
        draw(st.text(max_size=3)),
        draw(NAMES),
        published=draw(st.none() | st.datetimes(timezones=st.none() | st.just(BEIJING))),
        source=draw(NAMES),
        metadata=draw(st.dictionaries(st.text(), VALUES, max_size=2)),
        entities=[
            Entity(start, end, text[start:end], draw(st.sampled_from(["COMPANY", "公司"])),
                   draw(SCORES), draw(NAMES), draw(NAMES))
            for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        ],
        quantities=[
            Quantity(start, end, text[start:end], "MONEY", draw(st.none() | st.fractions()))
            for start, end in draw(spans)
        ],
    )  # fmt: skip
    if document.title is None:
        document.body_start = 0
    links = [
        st.none() | st.integers(0, len(each) - 1) if each else st.none()
        for each in (document.entities, document.quantities)
    ]
    document.events = [
        Event(
            start, end, text[start:end], draw(st.sampled_from(["buyback", "收购"])), draw(SCORES),
            draw(st.sampled_from(list(MODALITIES))), draw(st.integers(0, 3)),
            [
                Argument(draw(st.sampled_from(list(ROLES))), first, last, text[first:last],
                         draw(SCORES), *map(draw, links))
                for first, last in draw(spans)
            ],
        )
        for start, end in draw(spans)
    ]  # fmt: skip
    return document


def normal(document: Document) -> Document:
    """The document as its JSON has it: 2/1 and 2 are one number."""
    return Document.from_dict(document.to_dict())


@settings(max_examples=50)
@given(documents(), st.sampled_from(WAYS), st.booleans())
def test_any_document_comes_back_from_its_doc(
    document: Document, way: Callable[[Doc], Doc], own_words: bool
) -> None:
    document.segmenter = words if own_words else None
    doc = way(to_spacy(document))
    assert doc.text == document.text
    assert to_document(doc) == normal(document)


@settings(max_examples=50)
@given(documents(), st.sampled_from(["zh", "en", "xx"]), st.booleans())
def test_any_document_comes_back_from_a_doc_of_any_tokenizer(
    document: Document, language: str, own_words: bool
) -> None:
    doc = blank(language)(document.text)
    document.segmenter = words if own_words else None
    annotate(doc, document, document.words if own_words else ())
    assert doc.text == document.text
    assert to_document(doc) == normal(document)
    assert to_document(through_docbin(doc)) == normal(document)


def test_lone_surrogates_become_question_marks() -> None:
    document = Document("甲\ud800乙", id="\udfff", entities=[Entity(0, 2, "甲\ud800", "COMPANY")])
    doc = through_bytes(document.to_spacy())
    assert doc.text == "甲?乙"
    assert to_document(doc) == Document("甲?乙", id="?", entities=[Entity(0, 2, "甲?", "COMPANY")])


def test_entities_that_overlap_are_refused_by_name() -> None:
    entities = [Entity(0, 2, "甲乙", "COMPANY"), Entity(1, 3, "乙丙", "COMPANY")]
    with pytest.raises(ValueError, match=r"'甲乙' at \[0, 2\) and '乙丙' at \[1, 3\) overlap"):
        Document("甲乙丙", entities=entities).to_spacy()


def test_a_doc_joins_the_vocabulary_it_is_given() -> None:
    vocab = Vocab()
    assert Document("甲").to_spacy(vocab).vocab is vocab
    assert Document("甲").to_spacy().vocab is Document("乙").to_spacy().vocab


# What a caller does to a doc, and what is different in the document that comes back.
def _take_out_a_company(doc: Doc) -> None:
    doc.ents = doc.ents[1:]


def _put_in_a_company(doc: Doc) -> None:
    doc.ents = [*doc.ents, Span(doc, 15, 16, "COMPANY", kb_id="X")]


def _rename_and_link(doc: Doc) -> None:
    first, second = doc.ents
    doc.ents = [
        Span(doc, first.start, first.end, "COMPANY", kb_id="SSE:609001"),
        Span(doc, second.start, second.end, "ORGANIZATION"),
    ]


def _take_out_figures(doc: Doc) -> None:
    doc.spans["quantities"] = [doc.spans["quantities"][2]]


def _take_out_an_event(doc: Doc) -> None:
    doc.spans["events"] = [each for each in doc.spans["events"] if each.label_ != "divestment"]


def _change_a_type_and_a_trigger(doc: Doc) -> None:
    first, second, third = doc.spans["events"]
    doc.spans["events"] = [
        first,
        Span(doc, second.start - 1, second.end, "merger", span_id=second.id_),
        third,
    ]


def _put_in_an_event(doc: Doc) -> None:
    doc.spans["events"].append(Span(doc, 5, 6, "buyback", span_id="new"))
    doc.spans["arguments"].append(Span(doc, 0, 1, "date", span_id="new"))
    doc.spans["arguments"].append(Span(doc, 2, 4, "subject", span_id="new"))
    doc.spans["events"].append(Span(doc, 0, 1, "layoff"))


def _change_arguments(doc: Doc) -> None:
    arguments = doc.spans["arguments"]
    doc.spans["arguments"] = [
        *(each for each in arguments if each.label_ not in ("ratio", "object")),
        Span(doc, 18, 19, "location", span_id="1"),
    ]


def _drop_all_groups(doc: Doc) -> None:
    doc.spans.clear()


def changed(**layers: Any) -> Document:
    return replace(example(), **layers)


def without(index: int, *arguments: int) -> Event:
    """An event of the example without some of its arguments."""
    event = example().events[index]
    kept = [each for at, each in enumerate(event.arguments) if at not in arguments]
    return replace(event, arguments=kept)


ENTITIES, QUANTITIES, EVENTS = example().entities, example().quantities, example().events


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            _take_out_a_company,
            changed(
                entities=ENTITIES[1:],
                events=[
                    replace(each, arguments=[replace(one, entity=None) for one in each.arguments])
                    for each in EVENTS
                ],
            ),
        ),
        (
            _put_in_a_company,
            changed(entities=[ENTITIES[0], Entity(29, 31, "公司", "COMPANY", id="X"), ENTITIES[1]]),
        ),
        (
            _rename_and_link,
            changed(
                entities=[
                    replace(ENTITIES[0], id="SSE:609001"),
                    Entity(35, 39, "俄亥俄州", "ORGANIZATION"),
                ]
            ),
        ),
        (
            _take_out_figures,
            changed(
                quantities=QUANTITIES[2:],
                events=[
                    replace(
                        EVENTS[0],
                        arguments=[
                            replace(EVENTS[0].arguments[0], quantity=None),
                            EVENTS[0].arguments[1],
                            replace(EVENTS[0].arguments[2], quantity=0),
                        ],
                    ),
                    *EVENTS[1:],
                ],
            ),
        ),
        (_take_out_an_event, changed(events=EVENTS[1:])),
        (
            _change_a_type_and_a_trigger,
            changed(
                events=[
                    EVENTS[0],
                    replace(EVENTS[1], start=31, text="并拟收购", type="merger"),
                    EVENTS[2],
                ]
            ),
        ),
        (
            _put_in_an_event,
            changed(
                events=[
                    Event(0, 2, "昨日", "layoff"),
                    Event(9, 11, "每股", "buyback", arguments=[
                        Argument("date", 0, 2, "昨日", quantity=0),
                        Argument("subject", 3, 7, "星河矿业", entity=0),
                    ]),
                    *EVENTS,
                ]
            ),
        ),
        (
            _change_arguments,
            changed(
                events=[
                    without(0, 2),
                    replace(
                        EVENTS[1],
                        arguments=[
                            EVENTS[1].arguments[0],
                            Argument("location", 35, 39, "俄亥俄州", entity=1),
                        ],
                    ),
                    EVENTS[2],
                ]
            ),
        ),
        (_drop_all_groups, changed(quantities=[], events=[])),
    ],
)  # fmt: skip
def test_what_is_changed_in_a_doc_is_changed_in_its_document(
    change: Callable[[Doc], None], expected: Document
) -> None:
    doc = example().to_spacy()
    change(doc)
    assert to_document(doc) == expected
    assert to_document(through_docbin(doc)) == expected


def test_annotations_alone_make_a_document_too() -> None:
    (doc,) = DocBin(docs=[example().to_spacy()]).get_docs(Vocab())
    document = to_document(doc)
    assert [(each.text, each.label, each.id) for each in document.entities] == [
        ("星河矿业", "COMPANY", "NYSE:XHKY"), ("俄亥俄州", "LOCATION", None),
    ]  # fmt: skip
    assert [(each.text, each.type, len(each.arguments)) for each in document.events] == [
        ("减持", "divestment", 3), ("收购", "acquisition", 2), ("收购", "investment", 0),
    ]  # fmt: skip
    assert (document.id, document.quantities[1].text) == ("", "1.95美元")


@pytest.mark.parametrize("damage", [{"published": "昨天"}, {"entities": [{"start": 0}]}, 3])
def test_damaged_user_data_is_refused(damage: object) -> None:
    doc = spacy.blank("zh")("公司")
    doc.user_data["finance_tagger"] = damage
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        to_document(doc)


@pytest.mark.parametrize(
    ("text", "edges", "tokens"),
    [
        ("", set(), []),
        ("甲乙", set(), ["甲乙"]),
        ("甲乙丙", {1}, ["甲", "乙丙"]),
        ("甲 乙", {1, 2}, ["甲 ", "乙"]),
        ("甲  乙", set(), ["甲 ", " ", "乙"]),
        ("  甲", set(), ["  ", "甲"]),
        ("甲\n 乙", set(), ["甲", "\n ", "乙"]),
        ("甲\n 乙", {2}, ["甲", "\n", " ", "乙"]),
        ("甲\r\n\u3000乙 ", set(), ["甲", "\r\n\u3000", "乙 "]),
        ("甲乙", {0, 2, 7}, ["甲乙"]),
    ],
)
def test_tokens_are_cut_at_edges_and_white_space(
    text: str, edges: set[int], tokens: list[str]
) -> None:
    doc = Doc(Vocab(), *cut_tokens(text, edges))
    assert [token.text_with_ws for token in doc] == tokens


@settings(max_examples=50)
@given(TEXTS, st.data(), st.sampled_from(["zh", "en", "xx"]), st.booleans())
def test_a_doc_is_retokenized_to_fit_any_edges(
    text: str, data: st.DataObject, language: str, merge: bool
) -> None:
    doc = blank(language)(text)
    edges = data.draw(st.sets(st.integers(0, len(text))))
    before = {end for token in doc for end in (token.idx, token.idx + len(token))}
    retokenize(doc, edges, merge=merge, groups=())
    assert doc.text == text
    if merge:
        cut = Doc(Vocab(), *cut_tokens(text, edges))
        assert [each.text_with_ws for each in doc if not each.text.isspace()] == [
            each.text_with_ws for each in cut if not each.text.isspace()
        ]
    else:
        solid = {
            each
            for each in edges - {0, len(text)}
            if not text[each - 1].isspace() and not text[each].isspace()
        }
        after = {end for token in doc for end in (token.idx, token.idx + len(token))}
        assert before | solid <= after


def test_the_component_tags_a_doc_in_place(nlp: Language) -> None:
    given = nlp.make_doc(ARTICLE.text)
    doc = nlp(given)
    assert doc is given
    assert doc.text == ARTICLE.text
    assert spans_of(doc) == {
        "ents": [
            ("星河矿业", "COMPANY", "NYSE:XHKY", ""), ("星河矿业", "COMPANY", "NYSE:XHKY", ""),
            ("XHKY", "TICKER", "NYSE:XHKY", ""), ("青山资本", "COMPANY", "", ""),
            ("俄亥俄州", "LOCATION", "", ""),
        ],
        "quantities": [
            ("300个比特币", "MONEY", "", ""), ("1月18日", "DATE", "", ""),
            ("约4.958亿美元", "MONEY", "", ""),
        ],
        "events": [("减持", "divestment", "", "0"), ("转让", "equity_transfer", "", "1")],
        "arguments": [
            ("星河矿业", "subject", "NYSE:XHKY", "0"), ("300个比特币", "quantity", "", "0"),
            ("星河矿业", "subject", "NYSE:XHKY", "1"),
        ],
    }  # fmt: skip
    assert [event._.modality for event in doc.spans["events"]] == ["asserted", "asserted"]
    assert [record.company_id for record in doc._.records] == ["NYSE:XHKY", "NYSE:XHKY"]


@pytest.mark.parametrize(
    "tokenizer", [{}, {"segmenter": "jieba"}], ids=["characters", "jieba's words"]
)
def test_tokens_become_words_cut_where_spans_begin_and_end(
    fake: WordTagger, tokenizer: dict[str, str]
) -> None:
    config = {"nlp": {"tokenizer": {"@tokenizers": "spacy.zh.ChineseTokenizer"} | tokenizer}}
    nlp = spacy.blank("zh", config=config)
    nlp.add_pipe("finance_tagger")
    doc = nlp("  星河矿业减持300个比特币 BTC\n\n青山资本  收盘")
    assert [token.text_with_ws for token in doc] == [
        "  ", "星河", "矿业", "减持", "300", "个", "比特", "币 ", "BTC", "\n\n", "青山", "资本 ",
        " ", "收盘",
    ]  # fmt: skip
    assert [token.text for token in doc if token.ent_type_] == ["星河", "矿业", "青山", "资本"]


@pytest.mark.parametrize(
    ("language", "tokens"),
    [
        ("zh", ["星", "河", "矿", "业", "减", "持", "3", "0", "0", "个", "比", "特", "币", "今"]),
        ("xx", ["星河矿业", "减持", "300个比特币", "今"]),
    ],
)
def test_without_words_tokens_are_only_split(
    monkeypatch: pytest.MonkeyPatch, language: str, tokens: list[str]
) -> None:
    monkeypatch.setattr("tagger.spacy.settings.load", lambda *_, **__: FakeTagger())
    nlp = spacy.blank(language)
    nlp.add_pipe("finance_tagger", config={"disable": ["words"]})
    assert [token.text for token in nlp("星河矿业减持300个比特币今")] == tokens


def test_a_doc_of_many_tokens_is_merged_in_blocks(nlp: Language) -> None:
    text = "星河矿业减持300个比特币。" * 300
    doc = nlp(text)
    assert doc.text == text
    assert [token.text for token in doc] == [
        "星河",
        "矿业",
        "减持",
        "300",
        "个",
        "比特",
        "币",
        "。",
    ] * 300
    assert len(doc.ents) == 300


def test_the_settings_reach_the_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def load(*model: str, **options: Any) -> FakeTagger:
        asked.append((*model, options))
        return FakeTagger()

    monkeypatch.setattr("tagger.spacy.settings.load", load)
    nlp = spacy.blank("zh")
    nlp.add_pipe("finance_tagger")
    config = {
        "model": "mine", "lexicon": "names.tsv", "labels": ["COMPANY"], "min_score": 0.5,
        "disable": ["words"], "threads": 1, "device": "cuda",
    }  # fmt: skip
    nlp.add_pipe("finance_tagger", name="mine", config=config)
    assert asked == []
    nlp("")
    nlp("")
    defaults = {
        "lexicon": None, "labels": None, "min_score": 0.0, "disable": (), "threads": None,
        "device": "cpu",
    }  # fmt: skip
    rest = {name: value for name, value in config.items() if name != "model"}
    rest |= {"labels": ("COMPANY",), "disable": ("words",)}
    assert asked == [("default", defaults), ("mine", rest)]


@pytest.mark.parametrize(
    "config", [{"min_score": "high"}, {"labels": "COMPANY"}, {"modle": "default"}]
)
def test_a_wrong_setting_is_refused_when_the_component_is_added(config: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(config))):
        spacy.blank("zh").add_pipe("finance_tagger", config=config)


PUBLISHED = datetime(2022, 2, 18, 18, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (None, Document("")),
        ("2022-02-18", Document("")),
        ({"row": 3}, Document("")),
        (date(2022, 2, 18), Document("", published=datetime(2022, 2, 18))),
        (PUBLISHED, Document("", published=PUBLISHED)),
        ({"published": "2022-02-18T18:00:00+08:00"}, Document("", published=PUBLISHED)),
        (
            {"published": PUBLISHED, "id": 7, "title": "快讯", "source": "矿讯"},
            Document("", "7", "快讯", published=PUBLISHED, source="矿讯"),
        ),
    ],
)
def test_the_context_of_a_stream_may_give_the_date(
    nlp: Language, fake: WordTagger, context: object, expected: Document
) -> None:
    ((doc, given),) = nlp.pipe([("", context)], as_tuples=True)
    assert given is context
    assert fake.batches == [[expected]]
    assert doc._.published == expected.published


@pytest.mark.parametrize("value", ["2022-02-18T18:00:00+08:00", PUBLISHED])
def test_a_date_that_was_set_before_is_the_one_to_read_against(
    nlp: Language, fake: WordTagger, value: str | datetime
) -> None:
    by_attribute, by_user_data = nlp.make_doc("甲"), nlp.make_doc("甲")
    by_attribute._.published = value
    by_user_data.user_data["finance_tagger"] = {"published": "2022-02-18T18:00:00+08:00", "id": "a"}
    list(nlp.pipe([(by_attribute, date(2000, 1, 1)), (by_user_data, None)], as_tuples=True))
    assert fake.batches == [
        [Document("甲", published=PUBLISHED), Document("甲", "a", published=PUBLISHED)]
    ]
    by_attribute._.published = None
    assert by_attribute._.published is None


def test_a_stream_is_tagged_in_batches_and_in_order(nlp: Language, fake: WordTagger) -> None:
    texts = [f"星河矿业减持{number}" for number in range(5)]
    docs = list(nlp.pipe(texts, batch_size=2))
    assert [doc.text for doc in docs] == texts
    assert [[each.text for each in batch] for batch in fake.batches] == [
        texts[:2], texts[2:4], texts[4:],
    ]  # fmt: skip


def test_a_stream_is_read_no_further_than_it_is_asked_for(nlp: Language) -> None:
    def texts() -> Iterator[str]:
        yield from "甲乙"
        raise AssertionError("read too far")

    assert next(nlp.pipe(texts(), batch_size=1)).text == "甲"


def test_a_doc_that_fails_goes_to_the_error_handler_alone(nlp: Language) -> None:
    failed: list[tuple[str, list[str], str]] = []
    nlp.set_error_handler(
        lambda name, _, docs, error: failed.append((name, [doc.text for doc in docs], str(error)))
    )
    undated = nlp.make_doc("无日期")
    undated.user_data["finance_tagger"] = {"published": "昨天"}
    docs = list(nlp.pipe(["星河矿业减持", "异常", undated, "青山资本"], batch_size=3))
    assert [(doc.text, len(doc.ents)) for doc in docs] == [("星河矿业减持", 1), ("青山资本", 1)]
    assert failed == [
        ("finance_tagger", ["异常"], "the text holds 异常"),
        (
            "finance_tagger",
            ["无日期"],
            "published='昨天' is no date or time such as 2022-02-18 or 2022-02-18T18:38:33+08:00",
        ),
    ]


def test_without_an_error_handler_the_error_is_raised(nlp: Language) -> None:
    stream = nlp.pipe(["星河矿业减持", "异常"])
    assert next(stream).text == "星河矿业减持"
    with pytest.raises(RuntimeError, match="the text holds 异常"):
        next(stream)
    with pytest.raises(RuntimeError, match="the text holds 异常"):
        nlp("异常")


class ProcessTagger(FakeTagger):
    """A tagger that says which process loaded it."""

    def __init__(self) -> None:
        self.process = os.getpid()

    def pipe(
        self, texts_or_documents: Iterable[Document], batch_size: int = 64
    ) -> Iterator[Document]:
        for document in texts_or_documents:
            document.source = str(self.process == os.getpid())
            yield document


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork")
def test_a_forked_process_loads_a_tagger_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagger.spacy.settings.load", lambda *_, **__: ProcessTagger())
    nlp = spacy.blank("zh")
    nlp.add_pipe("finance_tagger")
    nlp("甲")
    texts = [f"公司{number}" for number in range(6)]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=2))
    assert [(doc.text, to_document(doc).source) for doc in docs] == [
        (text, "True") for text in texts
    ]


def test_the_component_travels_between_processes_without_its_tagger(nlp: Language) -> None:
    component = nlp.get_pipe("finance_tagger")
    nlp("甲")
    copy = pickle.loads(pickle.dumps(component))
    assert (copy.name, copy.settings) == ("finance_tagger", component.settings)
    assert spans_of(copy(nlp.make_doc("星河矿业")))["ents"] == spans_of(nlp("星河矿业"))["ents"]


def test_entities_of_other_components_stay_where_there_is_room(nlp: Language) -> None:
    ruler = nlp.add_pipe("entity_ruler", first=True)
    ruler.add_patterns([
        {"label": "PRODUCT", "pattern": "矿机", "id": "m"},
        {"label": "PRODUCT", "pattern": "河矿"},
        {"label": "PRODUCT", "pattern": "青山资本"},
    ])  # fmt: skip
    spans = nlp.add_pipe("span_ruler", before="finance_tagger")
    spans.add_patterns([{"label": "PART", "pattern": "矿业减", "id": "p"}])
    doc = nlp("星河矿业减持矿机，青山资本")
    assert spans_of(doc)["ents"] == [
        ("星河矿业", "COMPANY", "NYSE:XHKY", ""), ("矿机", "PRODUCT", "", "m"),
        ("青山资本", "COMPANY", "", ""),
    ]  # fmt: skip
    assert spans_of(doc)["ruler"] == [("矿业减", "PART", "", "p")]
    assert [each.label for each in to_document(doc).entities] == ["COMPANY", "PRODUCT", "COMPANY"]


def test_tagging_again_replaces_what_was_found_before(nlp: Language, fake: WordTagger) -> None:
    doc = Document(
        "星河矿业减持",
        entities=[Entity(4, 6, "减持", "COMPANY")],
        quantities=[Quantity(0, 1, "星", "CARDINAL")],
        events=[Event(1, 2, "河", "layoff")],
    ).to_spacy(nlp.vocab)
    (expected,) = fake.pipe([Document("星河矿业减持")])
    assert to_document(nlp(doc)) == replace(expected, segmenter=None)


def test_tokens_that_others_have_annotated_are_never_changed(nlp: Language) -> None:
    doc = nlp.make_doc("星河矿业减持")
    doc[0].tag_ = "NN"
    with pytest.raises(ValueError, match="carry TAG and would have to change"):
        nlp(doc)
    fitting = Document("星河矿业减持").to_spacy(nlp.vocab)
    fitting[0].tag_ = "NN"
    assert (len(nlp(fitting).ents), fitting[0].tag_) == (1, "NN")


def own_files(folder: Path) -> dict[str, str]:
    """A model folder and a lexicon that only look like ones, as settings."""
    for name in FILES:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(name)
    return {"model": str(folder / "model"), "lexicon": str(folder / "lexicon.tsv")}


def contents(settings: Settings) -> dict[str, str]:
    return {name: path.read_text() for name, path in settings.files().items()}


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_saved_pipeline_takes_its_model_and_lexicon_along(
    fake: WordTagger, tmp_path: Path, device: str
) -> None:
    taken = {name: name for name in FILES if device != "cpu" or not name.endswith(WEIGHTS_FILE)}
    nlp = spacy.blank("zh")
    nlp.add_pipe("finance_tagger", config=own_files(tmp_path / "own") | {"device": device})
    nlp.to_disk(tmp_path / "saved")
    data = nlp.to_bytes()
    (tmp_path / "own").rename(tmp_path / "gone")
    loaded = spacy.load(tmp_path / "saved")
    settings = loaded.get_pipe("finance_tagger").settings
    assert settings.model == str(tmp_path / "saved" / "finance_tagger" / "model")
    assert (contents(settings), settings.device) == (taken, device)
    loaded.to_disk(tmp_path / "saved")
    assert contents(settings) == taken
    unpacked = spacy.blank("zh")
    unpacked.add_pipe("finance_tagger", config={"device": device})
    unpacked.from_bytes(data)
    assert contents(unpacked.get_pipe("finance_tagger").settings) == taken
    assert len(unpacked("星河矿业").ents) == 1


def test_a_saved_pipeline_names_a_shipped_model(fake: WordTagger, tmp_path: Path) -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("finance_tagger", config={"labels": ["COMPANY"]})
    nlp.to_disk(tmp_path)
    assert [path.name for path in (tmp_path / "finance_tagger").iterdir()] == ["files.json"]
    settings = Settings(labels=("COMPANY",))
    assert spacy.load(tmp_path).get_pipe("finance_tagger").settings == settings
    copy = spacy.blank("zh", config=nlp.config).from_bytes(nlp.to_bytes())
    assert copy.get_pipe("finance_tagger").settings == settings
    assert FinanceTagger().from_disk(tmp_path / "nowhere").settings == Settings()


def test_bytes_never_write_outside_their_folder(tmp_path: Path) -> None:
    component = FinanceTagger()
    component.from_bytes(to_bytes({str(tmp_path / "x"): lambda: b"x", "../x": lambda: b"x"}, ()))
    assert (list(tmp_path.iterdir()), component.settings) == ([], Settings())


def gold() -> Document:
    """What the tagger would say of this text, but for one entity, event and argument."""
    (document,) = FakeTagger().pipe([Document("星河矿业减持300个比特币，青山资本转让矿场")])
    document.entities[1] = replace(document.entities[1], label="ORGANIZATION")
    document.events[1] = replace(document.events[1], type="acquisition")
    del document.events[0].arguments[1]
    return document


SCORE = {
    "ents_f": 0.5, "ents_p": 0.5, "ents_r": 0.5, "spans_quantities_f": 1.0,
    "spans_quantities_p": 1.0, "spans_quantities_r": 1.0, "spans_events_f": 0.5,
    "spans_events_p": 0.5, "spans_events_r": 0.5, "spans_arguments_p": 0.5,
    "spans_arguments_r": 1.0, "spans_arguments_f": 2 / 3,
}  # fmt: skip


def test_the_pipeline_is_scored_against_gold_documents(nlp: Language) -> None:
    reference = gold().to_spacy(nlp.vocab)
    scores = nlp.evaluate([Example(nlp.make_doc(reference.text), reference)])
    assert {name: scores[name] for name in SCORE} == pytest.approx(SCORE)
    assert set(scores["ents_per_type"]) == {"COMPANY", "ORGANIZATION"}
    assert set(scores["spans_events_per_type"]) == {"divestment", "acquisition", "equity_transfer"}


def test_layers_that_the_reference_lacks_are_not_scored(nlp: Language) -> None:
    reference = nlp.make_doc(gold().text)
    scores = nlp.evaluate([Example(nlp.make_doc(reference.text), reference)])
    assert {name: scores[name] for name in SCORE} == dict.fromkeys(SCORE)


def test_spacy_evaluate_reads_a_saved_pipeline(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    DocBin(store_user_data=True, docs=[gold().to_spacy()]).to_disk(tmp_path / "gold.spacy")
    scores = evaluate(str(tmp_path / "pipeline"), tmp_path / "gold.spacy", silent=True)
    assert {name: scores[name] for name in SCORE} == pytest.approx(SCORE)


def test_displacy_draws_entities_and_spans(nlp: Language) -> None:
    doc = nlp(ARTICLE.text)
    page = displacy.render(doc, style="ent", jupyter=False)
    assert page.count("COMPANY") == 3
    for group in ("quantities", "events", "arguments"):
        page = displacy.render(doc, style="span", options={"spans_key": group}, jupyter=False)
        assert doc.spans[group] and all(each.label_ in page for each in doc.spans[group])


def test_docs_become_documents_to_tag() -> None:
    nlp = tagger.load(disable=["entities", "events", "words"])
    docs = [example().to_spacy(), spacy.blank("zh")("昨日减持300枚比特币")]
    docs[1]._.published = "2022-02-18"
    expected = [
        nlp(replace(example(), entities=[], quantities=[], events=[])),
        nlp("昨日减持300枚比特币", published="2022-02-18"),
    ]
    assert [each.text for each in expected[1].quantities] == ["昨日", "300枚比特币"]
    assert list(nlp.from_docs(docs)) == expected
    assert list(nlp.from_docs(DocBin(store_user_data=True, docs=docs), batch_size=1)) == expected
    assert list(to_documents([docs[0]])) == [example()]


def test_an_attribute_of_another_library_is_not_replaced_in_silence() -> None:
    Span.set_extension("grain", default=None, force=True)
    with pytest.warns(UserWarning, match=r"Span\._\.grain of another library gives way"):
        register_attributes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        register_attributes()
    assert attributes_of(example().to_spacy()[:1])["grain"] == "day"


def test_without_spacy_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['spacy'] = None\n"
        "from tagger import Document\n"
        "try: Document('').to_spacy()\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "tagger.spacy needs spacy; install it with: pip install 'caijing-tagger[spacy]'\n"
    )


def test_an_installed_component_is_found_by_its_name() -> None:
    code = "import spacy\nprint(type(spacy.blank('zh').add_pipe('finance_tagger')).__module__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "tagger.spacy.component\n"


def test_the_shipped_model_in_a_pipeline() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("finance_tagger", config={"threads": 1})
    text = (
        "2月17日晚间，星海矿业（NYSE：XHAI）公告，2021年第四季度减持512枚比特币，\n\n"
        "并终止在哈萨克斯坦  建设数据中心的计划。"
    )
    ((doc, _),) = nlp.pipe([(text, {"published": "2022-02-18", "id": "a"})], as_tuples=True)
    direct = tagger.load(threads=1)(Document(text, "a"), published="2022-02-18")
    assert doc.text == text
    assert to_document(doc) == direct
    assert doc._.records == direct.records()
    assert ("星海矿业", "COMPANY") in [(each.text, each.label_) for each in doc.ents]
    assert "divestment" in [each.label_ for each in doc.spans["events"]]
    (bitcoins,) = (each for each in doc.spans["quantities"] if each.text == "512枚比特币")
    assert (bitcoins._.value, bitcoins._.unit) == (Decimal(512), "BTC")
    edges = {edge for each in direct.words for edge in (each.start, each.end)}
    starts = {token.idx for token in doc} | {token.idx + len(token) for token in doc}
    assert edges <= starts
