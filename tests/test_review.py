"""``tagger review``: the least certain sentences, each once, with what was found in them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import typer
from annotation_documents import documents
from hypothesis import given
from typer.testing import CliRunner, Result

from tagger import annotation
from tagger.annotation.least_certain import least_certain
from tagger.annotation.near_duplicates import NearDuplicates, shingles_of
from tagger.annotation.sentences import cut_sentences
from tagger.annotation.uncertainty import uncertainty
from tagger.commands.review import review
from tagger.document import Argument, Document, Entity, Event, Quantity

app = typer.Typer()
app.command()(review)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def named(text: str, score: float, label: str = "COMPANY", id: str = "a") -> Document:
    """A text whose first two characters are an entity."""
    return Document(text, id=id, entities=[Entity(0, 2, text[:2], label, score)])


def told(text: str, score: float, kind: str, id: str = "a") -> Document:
    """A text whose last two characters are a trigger."""
    event = Event(len(text) - 2, len(text), text[-2:], kind, score)
    return Document(text, id=id, events=[event])


ARTICLE = Document(
    "星河公告。昨日，星河转让矿场。",
    id="flash-1",
    title="星河",
    source="城市财经",
    model="default 1.1",
    entities=[Entity(0, 2, "星河", "COMPANY", 0.9), Entity(8, 10, "星河", "COMPANY", 0.8)],
    quantities=[Quantity(5, 7, "昨日", "DATE")],
    events=[
        Event(
            10,
            12,
            "转让",
            "equity_transfer",
            0.5,
            group=3,
            arguments=[
                Argument("subject", 8, 10, "星河", 0.5, entity=1),
                Argument("date", 5, 7, "昨日", 1.0, quantity=0),
                Argument("subject", 0, 2, "星河", 0.4, entity=0),
            ],
        )
    ],
)


def test_a_sentence_keeps_what_is_in_it_and_where_it_comes_from() -> None:
    assert list(cut_sentences(ARTICLE)) == [
        Document(
            "星河公告。",
            id="flash-1#0",
            source="城市财经",
            metadata={"document": "flash-1", "start": 0},
            model="default 1.1",
            entities=[Entity(0, 2, "星河", "COMPANY", 0.9)],
        ),
        Document(
            "昨日，星河转让矿场。",
            id="flash-1#5",
            source="城市财经",
            metadata={"document": "flash-1", "start": 5, "arguments_outside": 1},
            model="default 1.1",
            entities=[Entity(3, 5, "星河", "COMPANY", 0.8)],
            quantities=[Quantity(0, 2, "昨日", "DATE")],
            events=[
                Event(
                    5,
                    7,
                    "转让",
                    "equity_transfer",
                    0.5,
                    group=3,
                    arguments=[
                        Argument("subject", 3, 5, "星河", 0.5, entity=0),
                        Argument("date", 0, 2, "昨日", 1.0, quantity=0),
                    ],
                )
            ],
        ),
    ]


def test_sentences_that_a_span_crosses_stay_together() -> None:
    document = Document("甲公司。乙公司。丙。", entities=[Entity(2, 6, "司。乙公", "COMPANY")])
    assert [each.text for each in cut_sentences(document)] == ["甲公司。乙公司。", "丙。"]


@given(documents())
def test_every_span_is_in_one_sentence_and_stands_where_its_text_is(document: Document) -> None:
    sentences = list(cut_sentences(document))
    moved = [
        (span.start + sentence.metadata["start"], span.text)
        for sentence in sentences
        for span in (*sentence.entities, *sentence.quantities, *sentence.events)
        if sentence.text[span.start : span.end] == span.text
    ]
    spans = [*document.entities, *document.quantities, *document.events]
    assert sorted(moved) == sorted((span.start, span.text) for span in spans)
    arguments = sum(len(each.arguments) for sentence in sentences for each in sentence.events)
    outside = sum(sentence.metadata.get("arguments_outside", 0) for sentence in sentences)
    assert arguments + outside == sum(len(each.arguments) for each in document.events)


def test_uncertainty_is_the_expected_number_of_wrong_spans_over_the_root_of_their_number() -> None:
    (_, sentence) = cut_sentences(ARTICLE)
    # The company, the trigger, the subject and the date of an event that is half certain.
    assert uncertainty(sentence) == pytest.approx((0.2 + 0.5 + 0.75 + 0.5) / 2)
    assert uncertainty(sentence, ["COMPANY"]) == pytest.approx(0.2)
    assert uncertainty(sentence, ["PERSON"]) == 0


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("截至收盘，沪指涨0.52%，报3021.9点", "截至收盘，沪指涨1.3%，报2998点", True),
        ("星河矿业拟转让矿场。", "星河礦業擬轉讓礦場", True),
        (
            "星河矿业公告称拟向青山资本转让位于俄亥俄州的矿场，作价待定",
            "星河矿业公告称拟向蓝湾能源转让位于俄亥俄州的矿场，作价待定",
            True,
        ),
        ("星河矿业拟转让矿场。", "证监会约谈星河矿业。", False),
        ("甲", "乙", False),
    ],
)
def test_near_duplicates_are_those_that_teach_nothing_new(
    one: str, other: str, alike: bool
) -> None:
    held = NearDuplicates()
    held.add(1, shingles_of(one))
    assert held.like(shingles_of(other)) == ({1} if alike else set())
    held.remove(1)
    assert held.like(shingles_of(one)) == set()


def chosen(*arguments: object, **options: object) -> list[tuple[str, float]]:
    found = least_certain(*arguments, **options)  # type: ignore[arg-type]
    return [(each.text, each.metadata["uncertainty"]) for each in found]


FLASHES = [
    named("甲行公告称终止合作", 0.9),
    named("乙行昨日任命新行长", 0.6),
    named("丙行上市首日破发", 1.0),
    named("丁行获批发行债券", 0.6),
    Document("没有名字的一句话"),
]


def test_the_least_certain_come_first_and_the_first_of_equals() -> None:
    expected = [("乙行昨日任命新行长", 0.4), ("丁行获批发行债券", 0.4), ("甲行公告称终止合作", 0.1)]
    assert chosen(FLASHES, 5) == expected
    assert chosen(FLASHES, 2) == expected[:2]


def test_of_near_duplicates_the_least_certain_stands_for_all() -> None:
    flashes = [
        named("乙行昨日任命新行长。", 0.7),
        named("甲行公告称终止合作", 0.9),
        named("乙行昨日，任命新行长", 0.5),
        named("乙行昨日任命新行长！", 0.6),
    ]
    assert chosen(flashes, 5) == [("乙行昨日，任命新行长", 0.5), ("甲行公告称终止合作", 0.1)]


def test_labels_say_what_counts() -> None:
    flashes = [named("甲行公告", 0.2), named("张三辞去董事职务", 0.6, "PERSON")]
    assert chosen(flashes, 5, ["PERSON"]) == [("张三辞去董事职务", 0.4)]


def test_per_label_no_label_is_crowded_out() -> None:
    common = [named(f"{name}行{name * 6}公告", 0.1) for name in "甲乙丙丁戊己庚辛"]
    rare = [named("张三辞去董事职务", 0.7, "PERSON"), told("公司昨日遭到起诉", 0.8, "lawsuit")]
    plain = [text for text, _ in chosen(common + rare, 4)]
    balanced = [text for text, _ in chosen(common + rare, 4, per_label=True)]
    assert plain == [each.text for each in common[:4]]
    assert balanced == [each.text for each in (*common[:2], *rare)]


def test_per_label_a_sentence_of_two_labels_is_taken_once() -> None:
    both = named("甲行遭到起诉", 0.5)
    both.events = told("甲行遭到起诉", 0.5, "lawsuit").events
    assert len(chosen([both, named("乙行昨日任命新行长", 0.9)], 5, per_label=True)) == 2


def test_the_choice_from_a_stream_is_that_from_all_of_it() -> None:
    order = random.Random(7)
    characters = [chr(each) for each in range(0x4E00, 0x5E00)]
    flashes = [
        named("".join(order.sample(characters, 20)), order.randint(0, 100) / 100)
        for _ in range(400)
    ]
    ranked = sorted(flashes, key=lambda each: each.entities[0].score)[:30]
    assert [text for text, _ in chosen(iter(flashes), 30)] == [each.text for each in ranked]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "tagged.jsonl.gz"
    annotation.write([ARTICLE, *FLASHES], path)
    return path


@pytest.mark.parametrize(
    "format", ["jsonl", "doccano", "label-studio", "brat", "docbin", "doccano-plain"]
)
def test_sentences_go_to_a_tool_and_come_back(tmp_path: Path, archive: Path, format: str) -> None:
    output = tmp_path / "review"
    result = invoke(archive, "-n", 3, "-o", output, "--format", format)
    assert (result.exit_code, result.stdout) == (0, "")
    assert list(annotation.read(output, format)) == least_certain([ARTICLE, *FLASHES], 3)


@pytest.mark.parametrize("format", ["conll", "conll-bioes", "conll-2003"])
def test_in_a_format_without_scores_the_least_certain_come_first_too(
    tmp_path: Path, archive: Path, format: str
) -> None:
    output = tmp_path / "review.conll"
    result = invoke(archive, "-n", 3, "-o", output, "--format", format)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"left out, since {format} cannot hold it" in result.stderr
    expected = least_certain([ARTICLE, *FLASHES], 3)
    assert [each.text for each in annotation.read(output)] == [each.text for each in expected]


def test_a_label_that_is_nowhere_is_named(tmp_path: Path, archive: Path) -> None:
    output = tmp_path / "review.jsonl"
    result = invoke(archive, "-o", output, "--labels", "guarante,COMPANY,MONEY")
    assert result.exit_code == 0
    assert "no entity or event of the inputs has the label MONEY, guarante\n" in result.stderr


def test_articles_that_nobody_tagged_are_no_sign_of_certainty(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    annotation.write([Document("星河公告。", id="flash-1")], path)
    output = tmp_path / "review.jsonl"
    result = invoke(path, "-o", output)
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            f"{output}: 0 documents as jsonl",
            "the inputs hold no entity and no event; give what tagger tag wrote as .jsonl",
        ],
    )


def test_a_line_that_cannot_be_read_is_listed_and_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "tagged.jsonl"
    annotation.write(FLASHES, path)
    with path.open("a", encoding="utf-8") as file:
        file.write("{malformed\n")
    output = tmp_path / "review.jsonl"
    result = invoke(path, "-o", output)
    (listed,) = Path(f"{output}.errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert (result.exit_code, json.loads(listed)["record"]) == (1, "line 6")
    assert result.stderr.splitlines()[1:] == [
        f"{output}: 3 documents as jsonl",
        "3 of 200: of the others the model is sure, or they are near-duplicates of these",
        f"1 failed: {output}.errors.jsonl",
    ]
