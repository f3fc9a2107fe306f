"""The tagger as a caller meets it, with the shipped model."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tagger
from tagger import Document
from tagger.model import ModelConfig
from tagger.pipeline import STAGES, Tagger
from tagger.readers import read

TEXT = (
    "星海矿业（NYSE：XHAI）2月17日晚间公告，2021年第四季度减持512枚比特币，"
    "并终止在哈萨克斯坦建设数据中心的计划，矿机将迁往美国。"
)


@pytest.fixture(scope="module")
def nlp() -> Tagger:
    return tagger.load(threads=1)


def test_one_text_gives_entities_quantities_and_events(nlp: Tagger) -> None:
    doc = nlp(TEXT, published="2022-02-18")
    entities = {(each.text, each.label) for each in doc.entities}
    quantities = {each.text: each for each in doc.quantities}
    assert {("星海矿业", "COMPANY"), ("哈萨克斯坦", "LOCATION"), ("美国", "LOCATION")} <= entities
    assert {"divestment", "termination"} <= {event.type for event in doc.events}
    assert str(quantities["512枚比特币"].value) == "512"
    assert str(quantities["2021年第四季度"].start_time) == "2021-10-01 00:00:00"
    assert (doc.text, doc.model) == (TEXT, "default 3.1")


def test_spans_hold_their_text_and_arguments_name_what_they_point_to(nlp: Tagger) -> None:
    doc = nlp(TEXT, published=date(2022, 2, 18))
    spans = [*doc.entities, *doc.quantities, *doc.events, *doc.words]
    spans += [argument for event in doc.events for argument in event.arguments]
    assert all(doc.text[span.start : span.end] == span.text for span in spans)
    for event in doc.events:
        for argument in event.arguments:
            if argument.entity is not None:
                assert doc.entities[argument.entity].text == argument.text
            if argument.quantity is not None:
                assert doc.quantities[argument.quantity].text == argument.text


def test_no_span_takes_up_the_gap_behind_it(nlp: Tagger) -> None:
    rows = [
        ("公司", "事件", "金额"),
        ("海岳矿业", "减持", "2,000万元"),
        ("星澜股份", "中标", "3亿元"),
    ]
    document = nlp("\n".join("  ".join(f"{cell:<10}" for cell in row) for row in rows))
    arguments = [each for event in document.events for each in event.arguments]
    assert document.entities
    assert arguments
    for each in (*document.entities, *arguments):
        assert each.text == each.text.strip() == document.text[each.start : each.end]


def test_a_stream_keeps_its_order_and_says_what_single_calls_say(nlp: Tagger) -> None:
    texts = [TEXT, "", "上证指数收涨0.3%。", "  \n", TEXT[:30]]
    piped = list(nlp.pipe(texts, batch_size=2))
    assert [doc.text for doc in piped] == texts
    for doc, text in zip(piped, texts, strict=True):
        single = nlp(text)
        assert [(e.start, e.end, e.label) for e in doc.entities] == [
            (e.start, e.end, e.label) for e in single.entities
        ]
        assert doc.quantities == single.quantities


@pytest.mark.parametrize("one", [TEXT, Document(TEXT)])
def test_one_text_is_no_stream_of_letters(nlp: Tagger, one: str | Document) -> None:
    with pytest.raises(TypeError, match="this is one: call the tagger itself"):
        next(nlp.pipe(one))  # type: ignore[arg-type]


def test_documents_keep_what_their_reader_knew(nlp: Tagger) -> None:
    given = Document(TEXT, id="a", title="t", body_start=3, metadata={"k": [1]})
    got = nlp(given)
    assert (got.id, got.title, got.body_start, got.metadata) == ("a", "t", 3, {"k": [1]})


@pytest.mark.parametrize("published", [date(2022, 2, 18), "2022-02-18"])
def test_documents_hold_their_date_as_callers_do(nlp: Tagger, published: date | str) -> None:
    expected = nlp(TEXT, published="2022-02-18")
    given = Document(TEXT, published=published)  # type: ignore[arg-type]
    assert nlp(given) == expected
    given = Document(TEXT, published=published)  # type: ignore[arg-type]
    assert list(nlp.pipe([given])) == [expected]


def test_words_never_cross_an_entity(nlp: Tagger) -> None:
    doc = nlp(TEXT)
    edges = {word.start for word in doc.words} | {word.end for word in doc.words}
    assert doc.entities
    assert all({entity.start, entity.end} <= edges for entity in doc.entities)


@pytest.mark.parametrize("stage", STAGES)
def test_a_disabled_stage_says_nothing(stage: str) -> None:
    doc = tagger.load(disable=[stage], threads=1)(TEXT)
    assert stage != "entities" or doc.entities == []
    assert stage != "quantities" or doc.quantities == []
    assert stage != "events" or doc.events == []
    assert stage != "arguments" or all(event.arguments == [] for event in doc.events)
    assert stage != "linking" or all(entity.id is None for entity in doc.entities)
    assert stage != "words" or doc.segmenter is None
    assert doc.entities or doc.events


def test_labels_and_score_narrow_what_comes_out() -> None:
    doc = tagger.load(labels=["COMPANY", "divestment", "DATE"], min_score=0.5, threads=1)(TEXT)
    assert {entity.label for entity in doc.entities} == {"COMPANY"}
    assert {event.type for event in doc.events} == {"divestment"}
    assert {quantity.label for quantity in doc.quantities} == {"DATE"}
    for event in doc.events:
        for argument in event.arguments:
            if argument.entity is not None:
                assert doc.entities[argument.entity].text == argument.text


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"model": "enormous"}, "'enormous' is neither a shipped model"),
        ({"disable": ["entity"]}, "unknown stage 'entity'; the stages are words, entities"),
        ({"disable": "events"}, r"disable='events' is one name; give a list: \['events'\]"),
        ({"labels": "COMPANY"}, "labels='COMPANY' is one name; give a list"),
        ({"labels": ["FIRM"]}, "unknown label 'FIRM'; the labels are COMPANY"),
        ({"min_score": 2}, "min_score=2 is no probability"),
    ],
)
def test_wrong_options_are_named_with_the_right_ones(
    options: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        tagger.load(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (b"[1]", "is damaged (it holds no JSON object); install or train"),
        (b"{", "is damaged (Expecting"),
        (b"\xff", "is damaged ('utf-8'"),
        (b'{"model_type": "bert"}', "is no model's: it has no 'entity_labels'; give the name"),
    ],
)
def test_a_folder_whose_config_is_no_models_is_refused(
    tmp_path: Path, config: bytes, said: str
) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(config)
    with pytest.raises(ValueError, match=re.escape(f"{path} {said}")):
        ModelConfig.load(tmp_path)


def test_a_lexicon_label_that_cannot_come_out_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    lines = ["name\tlabel", "海湾股份\tCOMPANY", "", "蓝鲸材料\tcompany", ""]
    table.write_text("\n".join(lines), encoding="utf-8")
    said = f"{table}, line 4: '蓝鲸材料' has the label 'company'; a name may have COMPANY"
    with pytest.raises(ValueError, match=re.escape(said)):
        tagger.load(lexicon=table)


def test_only_texts_are_tagged(nlp: Tagger) -> None:
    with pytest.raises(TypeError, match=r"a text is a str or a tagger\.Document, not bytes"):
        nlp(b"abc")  # type: ignore[arg-type]


def test_what_could_not_be_read_is_told_with_its_place(nlp: Tagger, tmp_path: Path) -> None:
    (tmp_path / "damaged.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(TypeError, match=re.escape(f"{tmp_path}/damaged.jsonl, item 1: ")):
        list(nlp.pipe(read(tmp_path)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\x00",
        "\ud800",
        "👩‍👩‍👧🇨🇳",
        "\u202e减持\u202c",
        "ﷺ" * 40,
        "字" * 3000,
        "1" * 3000,
        "（" * 999,
    ],
)
def test_hostile_text_is_tagged_without_complaint(nlp: Tagger, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_any_text_gives_spans_in_order(nlp: Tagger, text: str) -> None:
    doc = nlp(text)
    for layer in (doc.entities, doc.quantities):
        edges = [edge for span in layer for edge in (span.start, span.end)]
        assert edges == sorted(edges)


def test_threads_share_a_tagger(nlp: Tagger) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(nlp, [TEXT] * 8))
    assert all(doc.to_dict() == results[0].to_dict() for doc in results)


def test_a_tagger_says_why_it_is_not_sent_to_another_process(nlp: Tagger) -> None:
    with pytest.raises(TypeError, match=r"load one there, or let tagger\.batch"):
        pickle.dumps(nlp)


def test_importing_the_package_brings_in_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys, tagger, tagger.pipeline, tagger.cli;"
        "print([m for m in ('torch', 'transformers', 'datasets', 'spacy', 'pyarrow', 'jieba')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_model_that_was_retrained_is_loaded_by_its_folder(tiny_model: Path) -> None:
    nlp = tagger.load(tiny_model, threads=1)
    assert nlp.info()["model"] == "tiny 0.1"
    assert nlp(TEXT).model == "tiny 0.1"
