"""spaCy's DocBin: docs as :func:`tagger.spacy.to_spacy` makes them, in one ``.spacy`` file.

Names are ``doc.ents``, quantities, events and arguments span groups of these names, and an argument
has the span id of its event. Everything comes back: what spaCy has no field for stands in
``doc.user_data``, also which layers are annotated. Of a doc that did not come from this project,
``doc.ents`` and the groups of these names count, each layer as annotated that is there; span groups
of other names go to ``metadata`` under ``spans``.

spaCy reads and writes a DocBin whole, so that all its docs are in memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tagger.annotation.errors import UnwritableError
from tagger.annotation.labels import LAYERS, Layer, Scheme
from tagger.annotation.partial import with_layers
from tagger.annotation.validity import require_valid
from tagger.document import Document
from tagger.readers.errors import ReadError, Unreadable
from tagger.readers.files import shown
from tagger.readers.streams import open_bytes

if TYPE_CHECKING:
    from spacy.tokens import Doc


class DocBinWriter:
    """Collects docs and writes them to a binary stream at the end."""

    def __init__(self, stream: BinaryIO) -> None:
        # Before spaCy itself, since it says what to install where that is missing.
        from tagger.spacy import to_spacy

        self._to_spacy = to_spacy
        from spacy.tokens import DocBin

        self._stream = stream
        self._docs = DocBin(store_user_data=True)

    def write(self, document: Document) -> None:
        """Adds one document. Raises UnwritableError where spans overlap or a text is none."""
        try:
            require_valid(document)
        except Unreadable as failure:
            raise UnwritableError(failure.reason, failure.remedy) from failure
        self._docs.add(self._to_spacy(document))

    def close(self) -> None:
        """Writes the file."""
        self._stream.write(self._docs.to_bytes())


def read_docbin(path: Path, scheme: Scheme) -> Iterator[Document | ReadError]:
    """The documents of a file, one a doc."""
    import tagger.spacy  # noqa: F401 - says what to install where spaCy is missing

    return _documents(path, scheme)


def _documents(path: Path, scheme: Scheme) -> Iterator[Document | ReadError]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    name = shown(str(path))
    try:
        with open_bytes(str(path)) as stream:
            data = stream.buffered().read()
        try:
            docs = DocBin().from_bytes(data)
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            raise Unreadable(
                f"no DocBin ({error})", "write it with DocBin.to_disk, and name its format"
            ) from error
    except Unreadable as failure:
        yield failure.at(name, None, name)
        return
    for number, doc in enumerate(docs.get_docs(Vocab()), 1):
        id = f"{name}#{number}"
        try:
            document = _document(doc, id, scheme)
            require_valid(document)
        except Unreadable as failure:
            yield failure.at(name, f"doc {number}", id)
        else:
            yield document


def _document(doc: Doc, id: str, scheme: Scheme) -> Document:
    from tagger.spacy import to_document
    from tagger.spacy.reading import USER_DATA, stored_data

    try:
        document = to_document(doc)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(
            f"doc.user_data[{USER_DATA!r}] holds no document of this project ({error})",
            "take it out to read the annotations alone",
        ) from error
    stored = stored_data(doc)
    if not stored:
        document.id = id
        layers = [layer for layer in LAYERS if layer in doc.spans]
        if doc.has_annotation("ENT_IOB"):
            layers.append(Layer.ENTITIES)
    else:
        layers = [layer for layer in LAYERS if layer in stored]
    others = {
        name: [
            {"start": each.start_char, "end": each.end_char, "label": each.label_} for each in group
        ]
        for name, group in doc.spans.items()
        if name not in tuple(Layer)
    }
    if others:
        document.metadata["spans"] = others
    return with_layers(document, layers if scheme.layers is None else scheme.layers)
