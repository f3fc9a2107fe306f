"""spaCy's DocBin: docs that this project wrote and docs of others."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from tagger import annotation
from tagger.annotation import PartlyAnnotated, Scheme
from tagger.annotation.labels import Layer
from tagger.document import Document, Entity, Event
from tagger.readers import ReadError


def write(path: Path, *docs: Doc) -> Path:
    DocBin(docs=docs, store_user_data=True).to_disk(path)
    return path


def test_docs_of_others_are_annotated_with_what_they_hold(tmp_path: Path) -> None:
    words = ["青山", "资本", "获", "融资"]
    named = Doc(Vocab(), words=words, spaces=[False] * 4)
    named.ents = [Span(named, 0, 2, "ORG")]
    named.spans["events"] = [Span(named, 3, 4, "financing")]
    named.spans["sc"] = [Span(named, 2, 4, "PHRASE")]
    bare = Doc(Vocab(), words=words, spaces=[False] * 4)
    path = write(tmp_path / "a.spacy", named, bare)
    text = "青山资本获融资"
    assert list(annotation.read(path)) == [
        PartlyAnnotated(
            text,
            id=f"{path}#1",
            metadata={"spans": {"sc": [{"start": 4, "end": 7, "label": "PHRASE"}]}},
            entities=[Entity(0, 4, "青山资本", "ORG")],
            events=[Event(5, 7, "融资", "financing")],
            layers=frozenset({Layer.ENTITIES, Layer.EVENTS}),
        ),
        PartlyAnnotated(text, id=f"{path}#2", layers=frozenset()),
    ]
    (_, bare_document) = annotation.read(path, scheme=Scheme(layers=["entities"]))
    assert bare_document == PartlyAnnotated(
        text, id=f"{path}#2", layers=frozenset({Layer.ENTITIES})
    )


def test_what_spacy_changed_is_followed(tmp_path: Path) -> None:
    document = Document(
        "青山资本获融资",
        id="a",
        entities=[Entity(0, 4, "青山资本", "COMPANY", 0.9, "青山资本", "SSE:1")],
        events=[Event(5, 7, "融资", "financing", 0.8, "planned")],
    )
    path = tmp_path / "a.spacy"
    assert annotation.write([document], path) == []
    (doc,) = DocBin().from_disk(path).get_docs(Vocab())
    doc.spans["events"] = []
    document.events = []
    assert list(annotation.read(write(path, doc))) == [document]


def test_a_file_that_is_no_docbin_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.spacy"
    path.write_bytes(b"text")
    (error,) = annotation.read(path)
    assert isinstance(error, ReadError)
    assert error.reason.startswith("no DocBin")


def test_a_doc_that_holds_no_document_is_an_error_and_costs_itself(tmp_path: Path) -> None:
    spoilt, sound = (Doc(Vocab(), words=["甲"], spaces=[False]) for _ in range(2))
    spoilt.user_data["finance_tagger"] = {"published": "gestern"}
    error, document = annotation.read(write(tmp_path / "a.spacy", spoilt, sound))
    assert isinstance(error, ReadError)
    assert error.record == "doc 1"
    assert isinstance(document, Document)


def test_entities_that_overlap_are_refused_and_cost_their_document(tmp_path: Path) -> None:
    spoilt = Document(
        "甲乙", entities=[Entity(0, 2, "甲乙", "PERSON"), Entity(1, 2, "乙", "PERSON")]
    )
    (error,) = annotation.write([spoilt, Document("甲", id="b")], tmp_path / "a.spacy")
    assert "overlap" in error.reason
    assert list(annotation.read(tmp_path / "a.spacy")) == [Document("甲", id="b")]


def test_without_spacy_the_extra_to_install_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.startswith("tagger.spacy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ModuleNotFoundError, match=r"caijing-tagger\[spacy\]"):
        annotation.write([], tmp_path / "a.spacy")
    with pytest.raises(ModuleNotFoundError, match=r"caijing-tagger\[spacy\]"):
        annotation.read(tmp_path / "a.spacy")
    assert list(tmp_path.iterdir()) == []
