"""Annotated documents out, for any of the tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tagger import writers
from tagger.annotation import conll
from tagger.annotation.brat import CONFIG_FILE, BratWriter
from tagger.annotation.conll import Conll2003Writer, ConllWriter
from tagger.annotation.docbin import DocBinWriter
from tagger.annotation.doccano import DoccanoWriter
from tagger.annotation.errors import UnwritableError
from tagger.annotation.formats import AnnotationFormat
from tagger.annotation.guessing import guess_output_format
from tagger.annotation.label_studio import LabelStudioWriter
from tagger.document import Document
from tagger.readers.errors import ReadError
from tagger.writers import OutputFormat, Writer
from tagger.writers.compression import PACKED
from tagger.writers.staging import holds_only, staged


def write(
    documents: Iterable[Document], path: str | Path, format: str | None = None
) -> list[ReadError]:
    """Writes documents to a file, for brat to a folder, and returns those it cannot hold.

    ``format`` is one of :data:`tagger.annotation.FORMATS`; None takes what the suffix says. What
    is raised is what :func:`open_writer` raises.
    """
    path = Path(path)
    errors = []
    with open_writer(path, guess_output_format(path) if format is None else format) as writer:
        for document in documents:
            try:
                writer.write(document)
            except UnwritableError as failure:
                errors.append(failure.at(str(path), document))
    return errors


@contextmanager
def open_writer(path: Path, format: str) -> Iterator[Writer]:
    """A writer of one of :data:`tagger.annotation.FORMATS`.

    Its ``write`` raises :class:`~tagger.annotation.UnwritableError` for a document that the format
    cannot hold, and goes on with the next. What is written appears under its name when the block
    ends without an exception. A Label Studio file gets its labelling interface beside it, in
    ``.xml``. Raises ValueError for an unknown format or a compressed file of a tool that reads
    none, FileExistsError for a folder that is in the way, and ModuleNotFoundError naming the extra
    to install where a format's library is missing.
    """
    chosen = AnnotationFormat(format)
    if chosen is AnnotationFormat.JSONL:
        with writers.open_writer(path, OutputFormat.JSONL) as lines:
            yield lines
        return
    if path.suffix.lower() in PACKED:
        raise ValueError(f"{path.name}: {chosen} is not read compressed; leave {path.suffix} out")
    if chosen is AnnotationFormat.BRAT:
        # A folder that holds more than the list of labels may be an annotator's work.
        with staged(path, holds_only(CONFIG_FILE)) as folder:
            collection = BratWriter(folder)
            yield collection
            collection.close()
        return
    with staged(path) as temporary:
        with temporary.open("wb") as stream:
            writer = _stream_writer(chosen, stream)
            yield writer
            writer.close()
        if isinstance(writer, LabelStudioWriter):
            with staged(labelling_config_path(path)) as beside:
                beside.write_text(writer.labelling_config(), encoding="utf-8")


def labelling_config_path(path: Path) -> Path:
    """Where the labelling interface of a Label Studio file is written."""
    return path.with_suffix(".xml")


def left_out(document: Document, format: str) -> Counter[str]:
    """What a format cannot hold of a document: the number of each kind of thing."""
    match format:
        case AnnotationFormat.CONLL | AnnotationFormat.CONLL_BIOES:
            return Counter(conll.left_out(document))
        case AnnotationFormat.CONLL_2003:
            return Counter(conll.left_out_of_2003(document))
        case _:
            return Counter()


def _stream_writer(format: AnnotationFormat, stream: BinaryIO) -> Writer:
    match format:
        case AnnotationFormat.DOCCANO | AnnotationFormat.DOCCANO_PLAIN:
            return DoccanoWriter(stream, relations=format is AnnotationFormat.DOCCANO)
        case AnnotationFormat.CONLL | AnnotationFormat.CONLL_BIOES:
            return ConllWriter(stream, bioes=format is AnnotationFormat.CONLL_BIOES)
        case AnnotationFormat.CONLL_2003:
            return Conll2003Writer(stream)
        case AnnotationFormat.LABEL_STUDIO:
            return LabelStudioWriter(stream)
        case _:
            return DocBinWriter(stream)
