"""CoNLL files to documents; see :mod:`tagger.annotation.conll`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path

from tagger.annotation.conll import (
    DOCUMENT_START,
    ID,
    TYPES_ARE_PARTED_BY,
    UNANNOTATED,
    unescaped,
)
from tagger.annotation.graph import Graph, Node
from tagger.annotation.labels import Layer, Scheme
from tagger.annotation.restoring import document_of
from tagger.annotation.tag_sequences import parse_tag, spans_of
from tagger.annotation.validity import require_valid
from tagger.document import Document
from tagger.readers.charsets import detect_lines, undecodable
from tagger.readers.errors import ReadError, Unreadable
from tagger.readers.files import shown
from tagger.readers.streams import open_bytes

_SEPARATORS = re.compile(r"[ \t]+")
_AROUND = " \t\r\n"
_CONLL_2003_COLUMNS = 4
_WRITE_LINES_SO = "write a line as: character, entity tag, trigger tag"

Line = tuple[int, list[str]]
"""A line's number and its columns, of which a blank line has none."""


def read_conll(path: Path, scheme: Scheme) -> Iterator[Document | ReadError]:
    """The documents of a file, also gzipped; a line that is no line costs its document only."""
    name = shown(str(path))
    try:
        with open_bytes(str(path)) as stream:
            encoding = detect_lines(stream.head)
            lines = io.TextIOWrapper(stream.buffered(), encoding=encoding, newline="\n")
            number = 0
            for number, block in enumerate(_documents(_columns(lines)), 1):
                yield _read(block, name, f"{name}#{number}", scheme)
            if not number:
                raise Unreadable(
                    "the file holds no lines", "remove it, or check that it was saved whole"
                )
    except UnicodeDecodeError as error:
        yield undecodable(error).at(name, None, name)
    except Unreadable as failure:
        yield failure.at(name, None, name)


def _columns(lines: Iterable[str]) -> Iterator[Line]:
    for number, line in enumerate(lines, 1):
        # Only at the beginning of a file is it a byte order mark.
        content = (line.removeprefix("\ufeff") if number == 1 else line).strip(_AROUND)
        yield number, _SEPARATORS.split(content) if content else []


def _documents(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines of each document, that of its start included."""
    collected: list[Line] = []
    marked = None
    for number, columns in lines:
        starts = columns[:1] == [DOCUMENT_START]
        if marked is None and columns:
            marked = starts
        if collected and (starts if marked else not columns):
            yield collected
            collected = []
        if columns:
            collected.append((number, columns))
    if collected:
        yield collected


def _read(lines: list[Line], name: str, id: str, scheme: Scheme) -> Document | ReadError:
    head: list[str] = []
    if lines[0][1][0] == DOCUMENT_START:
        head = lines.pop(0)[1]
    own = bool(head) and head[-1].startswith(ID)
    if own:
        id = unescaped(head[-1].removeprefix(ID))
    line: int | None = None
    try:
        # Where a text is empty, the line of its start says what is annotated.
        columns_of = _columns_of(lines[0][1] if lines else head[:-1] if own else [])
        for number, columns in lines:
            line = number
            if len(columns) != len(lines[0][1]):
                raise Unreadable(
                    f"{len(columns)} columns after lines of {len(lines[0][1])}", _WRITE_LINES_SO
                )
            for column in columns_of.values():
                parse_tag(columns[column])
        line = None
        layers = [*columns_of] if scheme.layers is None else scheme.layers
        document = document_of(_graph(lines, columns_of), layers=layers)
        document.id = id
        require_valid(document)
    except Unreadable as failure:
        return failure.at(name, f"line {line}" if line else None, id)
    return document


def _columns_of(first: list[str]) -> dict[Layer, int]:
    """The column of each layer's tags, told by the first line of a document."""
    if len(first) >= _CONLL_2003_COLUMNS:
        found = {Layer.ENTITIES: len(first) - 1}
    elif len(first) > 1:
        found = dict(zip((Layer.ENTITIES, Layer.EVENTS), range(1, len(first)), strict=False))
    elif first:
        raise Unreadable("a line of one column", _WRITE_LINES_SO)
    else:
        found = {}
    return {layer: column for layer, column in found.items() if first[column] != UNANNOTATED}


def _graph(lines: list[Line], columns_of: dict[Layer, int]) -> Graph:
    tokens = [unescaped(columns[0]) for _, columns in lines]
    places = [0, *accumulate(map(len, tokens))]
    graph = Graph("".join(tokens), edges=None)
    for layer, column in columns_of.items():
        for start, end, name in spans_of([columns[column] for _, columns in lines]):
            types = name.split(TYPES_ARE_PARTED_BY) if layer == Layer.EVENTS else [name]
            graph.nodes += [
                Node(places[start], places[end], layer, unescaped(each)) for each in types
            ]
    return graph
