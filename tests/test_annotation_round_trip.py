"""What is exported and imported again is the same document, in every format and from any to any."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from annotation_documents import partly_annotated
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger import annotation
from tagger.document import Document

_WHOLE = ["jsonl", "doccano", "doccano-plain", "label-studio", "brat", "docbin"]


def round_trip(documents: list[Document], format: str) -> list[object]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annotated"
        assert annotation.write(documents, path, format) == []
        return list(annotation.read(path, format))


@pytest.mark.parametrize("format", _WHOLE)
@settings(max_examples=30)
@given(documents=st.lists(partly_annotated(), min_size=1, max_size=2))
def test_documents_come_back_as_they_went(format: str, documents: list[Document]) -> None:
    assert round_trip(documents, format) == documents
