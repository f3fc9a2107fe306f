"""Annotated documents in, whatever tool wrote them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tagger.annotation.brat_reader import read_brat
from tagger.annotation.conll_reader import read_conll
from tagger.annotation.docbin import read_docbin
from tagger.annotation.doccano import read_doccano
from tagger.annotation.formats import AnnotationFormat
from tagger.annotation.guessing import guess_input_format
from tagger.annotation.jsonl import read_jsonl
from tagger.annotation.label_studio_reader import read_label_studio
from tagger.annotation.labels import Scheme
from tagger.document import Document
from tagger.readers.errors import ReadError

_READERS: dict[AnnotationFormat, Callable[[Path, Scheme], Iterator[Document | ReadError]]] = {
    AnnotationFormat.JSONL: read_jsonl,
    AnnotationFormat.DOCCANO: read_doccano,
    AnnotationFormat.DOCCANO_PLAIN: read_doccano,
    AnnotationFormat.LABEL_STUDIO: read_label_studio,
    AnnotationFormat.BRAT: read_brat,
    AnnotationFormat.CONLL: read_conll,
    AnnotationFormat.CONLL_BIOES: read_conll,
    AnnotationFormat.CONLL_2003: read_conll,
    AnnotationFormat.DOCBIN: read_docbin,
}


def read(
    path: str | Path, format: str | None = None, scheme: Scheme | None = None
) -> Iterator[Document | ReadError]:
    """Reads annotated documents as a stream.

    Args:
        path: a file, also gzipped, or the folder of a brat collection.
        format: one of :data:`tagger.annotation.FORMATS`; None finds it out.
        scheme: what is known of a file that other labels than the schema's are in, or not every
            layer.

    Spans of one layer never overlap in what comes out. A record that cannot be read, or whose
    annotation no document can hold, is yielded as a :class:`~tagger.readers.ReadError` in its
    place. Raises ValueError for an unknown format and for one that cannot be found out, and
    ModuleNotFoundError naming the extra to install where a format's library is missing.
    """
    path = Path(path)
    chosen = guess_input_format(path) if format is None else AnnotationFormat(format)
    return _READERS[chosen](path, scheme or Scheme())
