"""CoNLL files: a line a character, in this project's columns and in those of others."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from annotation_documents import documents, partly_annotated
from hypothesis import assume, given, settings
from spacy.training.converters import conll_ner_to_docs

from tagger import annotation
from tagger.annotation import PartlyAnnotated, annotated_layers
from tagger.annotation.labels import Layer
from tagger.annotation.partial import with_layers
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.readers import ReadError

ENTITIES = frozenset({Layer.ENTITIES})
BOTH = frozenset({Layer.ENTITIES, Layer.EVENTS})


def read(path: Path, content: str) -> list[Document | ReadError]:
    path.write_bytes(content.encode())
    return list(annotation.read(path, "conll"))


def test_each_character_has_a_line_and_each_sentence_a_block(tmp_path: Path) -> None:
    document = Document(
        "星河转让。\n　甲",
        id="flash 1",
        entities=[Entity(0, 2, "星河", "COMPANY"), Entity(7, 8, "甲", "PRODUCT")],
        events=[
            Event(2, 4, "转让", "equity_transfer", arguments=[Argument("subject", 0, 2, "星河")]),
            Event(2, 4, "转让", "divestment"),
        ],
    )
    path = tmp_path / "a.conll"
    assert annotation.write([document, Document("", id="空")], path) == []
    assert path.read_text(encoding="utf-8").split("\n") == [
        r"-DOCSTART- O O id=flash\u00201",
        "",
        "星 B-COMPANY O",
        "河 I-COMPANY O",
        "转 O B-equity_transfer|divestment",
        "让 O I-equity_transfer|divestment",
        "。 O O",
        r"\u000a O O",
        r"\u3000 O O",
        "",
        "甲 B-PRODUCT O",
        "",
        "-DOCSTART- O O id=空",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize("format", ["conll", "conll-bioes"])
@settings(max_examples=40)
@given(document=partly_annotated())
def test_text_entities_triggers_and_id_come_back(format: str, document: Document) -> None:
    types = {(each.start, each.end, each.type): each for each in document.events}
    expected = with_layers(
        Document(
            document.text,
            id=document.id,
            entities=[
                Entity(each.start, each.end, each.text, each.label) for each in document.entities
            ],
            events=[
                Event(each.start, each.end, each.text, each.type, group=group)
                for group, each in enumerate(types.values())
            ],
        ),
        annotated_layers(document) - {Layer.QUANTITIES},
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.conll"
        assert annotation.write([document], path, format) == []
        assert list(annotation.read(path)) == [expected]


@settings(max_examples=40)
@given(document=documents())
def test_text_and_entities_come_back_from_the_columns_of_conll_2003(document: Document) -> None:
    assume(document.text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.conll"
        assert annotation.write([document], path, "conll-2003") == []
        assert list(annotation.read(path)) == [
            PartlyAnnotated(
                document.text,
                id=f"{path}#1",
                entities=[
                    Entity(each.start, each.end, each.text, each.label)
                    for each in document.entities
                ],
                layers=ENTITIES,
            )
        ]


def test_spacy_converts_the_columns_of_conll_2003(tmp_path: Path) -> None:
    document = Document(
        "星河转让。甲", entities=[Entity(0, 2, "星河", "ORG"), Entity(5, 6, "甲", "ORG")]
    )
    path = tmp_path / "a.conll"
    assert annotation.write([document, document], path, "conll-2003") == []
    assert path.read_text(encoding="utf-8").splitlines()[:3] == [
        "-DOCSTART- -X- O O", "", "星 -X- -X- B-ORG",
    ]  # fmt: skip
    docs = list(conll_ner_to_docs(path.read_text(encoding="utf-8"), no_print=True))
    assert [[each.text for each in doc] for doc in docs] == [[*"星河转让。甲"]] * 2
    assert [[each.start for each in doc.ents] for doc in docs] == [[0, 5]] * 2


def test_a_text_whose_entities_nobody_annotated_is_no_conll_2003(tmp_path: Path) -> None:
    bare = PartlyAnnotated("甲", id="a", layers=frozenset())
    errors = annotation.write([bare, Document("")], tmp_path / "a.conll", "conll-2003")
    assert [each.remedy for each in errors] == ["leave it out, or take the format conll"] * 2


def test_what_is_left_out_is_counted() -> None:
    document = Document(
        "甲减持2元",
        title="甲",
        entities=[Entity(0, 1, "甲", "COMPANY", 0.5, id="SSE:1")],
        quantities=[Quantity(3, 5, "2元", "MONEY")],
        events=[
            Event(
                1,
                3,
                "减持",
                "divestment",
                modality="planned",
                arguments=[Argument("subject", 0, 1, "甲"), Argument("amount", 3, 5, "2元")],
            )
        ],
    )
    assert annotation.left_out(document, "conll") == Counter(
        {"arguments": 2, "quantities": 1, "entity ids and names": 1}
        | {"scores": 1, "modalities": 1, "titles": 1}
    )
    assert annotation.left_out(document, "conll-2003") == Counter(
        {"quantities": 1, "entity ids and names": 1, "scores": 1, "titles": 1, "events": 1}
    )
    assert annotation.left_out(document, "brat") == Counter()


@pytest.mark.parametrize(
    "tags",
    [
        "O B-A I-A B-A B-B I-B I-B O",
        "O I-A I-A B-A I-B I-B I-B O",
        "O B-A E-A S-A B-B I-B E-B O",
        "O B-A E-A S-A B-B M-B E-B O",
        "O B-A L-A U-A B-B I-B L-B O",
        "O I-A E-A E-A I-B M-B M-B O",
    ],
    ids=["IOB2", "IOB1", "BIOES", "BMES", "BILOU", "broken"],
)
def test_every_way_of_writing_tags_is_read(tmp_path: Path, tags: str) -> None:
    rows = zip("字甲乙丙丁戊己字", tags.split(), strict=True)
    (document,) = read(tmp_path / "a.bio", "\r\n".join(f"{each}\t{tag}" for each, tag in rows))
    assert document == PartlyAnnotated(
        "字甲乙丙丁戊己字",
        id=f"{tmp_path / 'a.bio'}#1",
        entities=[
            Entity(1, 3, "甲乙", "A"),
            Entity(3, 4, "丙", "A"),
            Entity(4, 7, "丁戊己", "B"),
        ],
        layers=ENTITIES,
    )


def test_without_a_line_that_starts_documents_every_block_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    assert read(path, "\n甲 B-ORG\n\n\n乙 O\n丙 O\n") == [
        PartlyAnnotated(
            "甲", id=f"{path}#1", entities=[Entity(0, 1, "甲", "ORG")], layers=ENTITIES
        ),
        PartlyAnnotated("乙丙", id=f"{path}#2", layers=ENTITIES),
    ]


def test_conll_2003_has_its_names_in_the_last_of_four_columns(tmp_path: Path) -> None:
    path = tmp_path / "eng.conll"
    content = "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n. . O O\n"
    assert read(path, content) == [
        PartlyAnnotated(
            "EUrejects.", id=f"{path}#1", entities=[Entity(0, 2, "EU", "ORG")], layers=ENTITIES
        )
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("乙", "1 columns after lines of 3"),
        ("乙 O O O", "4 columns after lines of 3"),
        ("乙 COMPANY O", "'COMPANY' is no tag such as O, B-COMPANY or I-COMPANY"),
        ("乙 O X-listing", "'X-listing' is no tag such as O, B-COMPANY or I-COMPANY"),
    ],
)
def test_a_line_that_cannot_be_read_costs_its_document(
    tmp_path: Path, line: str, reason: str
) -> None:
    path = tmp_path / "a.conll"
    content = f"-DOCSTART- O O id=a\n\n甲 O O\n{line}\n\n-DOCSTART- O O id=b\n\n丙 O O\n"
    error, document = read(path, content)
    assert isinstance(error, ReadError)
    assert (error.path, error.record, error.id) == (str(path), "line 4", "a")
    assert error.reason == reason
    assert document == PartlyAnnotated("丙", id="b", layers=BOTH)


def test_a_file_may_be_packed_and_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.conll.gz"
    lines = [f"{each} O" for each in "公司与银行签订合同，投资两亿元。"]
    path.write_bytes(gzip.compress("\n".join(lines).encode("gb18030")))
    (document,) = annotation.read(path)
    assert isinstance(document, Document)
    assert document.text == "公司与银行签订合同，投资两亿元。"


def test_entities_that_overlap_are_refused_and_cost_their_document(tmp_path: Path) -> None:
    document = Document(
        "甲公司", id="a", entities=[Entity(0, 2, "甲公", "COMPANY"), Entity(1, 3, "公司", "PERSON")]
    )
    (error,) = annotation.write([document, Document("", id="b")], tmp_path / "a.conll")
    assert error.reason == "PERSON [1, 3) overlaps another span of its layer"
    assert read(tmp_path / "b.conll", (tmp_path / "a.conll").read_text(encoding="utf-8")) == [
        PartlyAnnotated("", id="b", layers=BOTH)
    ]
