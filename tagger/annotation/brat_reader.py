"""brat's standoff to documents; see :mod:`tagger.annotation.brat`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tagger.annotation.graph import Graph
from tagger.annotation.labels import Scheme
from tagger.annotation.originals import read_original
from tagger.annotation.restoring import document_of
from tagger.annotation.standoff import Standoff
from tagger.annotation.validity import require_valid
from tagger.document import Document
from tagger.readers.errors import ReadError, Unreadable
from tagger.readers.files import shown


def read_brat(path: Path, scheme: Scheme) -> Iterator[Document | ReadError]:
    """The documents of a folder and of those below it, by name; or that of one ``.ann`` file."""
    if path.is_file():
        yield from _read(path, path.with_suffix("").name, scheme)
        return
    if not path.is_dir():
        yield Unreadable("no such folder", "check the path").at(shown(str(path)), None, "")
        return
    annotated = sorted(path.rglob("*.ann"))
    for file in annotated:
        yield from _read(file, file.relative_to(path).with_suffix("").as_posix(), scheme)
    alone = [text for text in sorted(path.rglob("*.txt")) if not text.with_suffix(".ann").exists()]
    for text in alone:
        failure = Unreadable(
            "a text without an .ann file", "add an empty one if there is nothing to mark in it"
        )
        yield failure.at(shown(str(text)), None, text.stem)
    if not annotated and not alone:
        failure = Unreadable("the folder holds no .ann files", "check the path")
        yield failure.at(shown(str(path)), None, "")


def _read(file: Path, id: str, scheme: Scheme) -> Iterator[Document | ReadError]:
    name = shown(str(file))
    try:
        # Line ends must stay as they are: offsets count them.
        standoff = Standoff(_content(file.with_suffix(".txt")), scheme)
        try:
            standoff.read(_content(file))
            graph = standoff.graph()
        except Unreadable as failure:
            yield failure.at(name, f"line {standoff.line}", id)
            return
        document = _document(file, id, graph, scheme)
        for key, found in (("notes", standoff.notes), ("brat", standoff.others)):
            if found:
                document.metadata[key] = [*document.metadata.get(key, ()), *found]
        require_valid(document)
    except Unreadable as failure:
        yield failure.at(name, None, id)
    else:
        yield document


def _content(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise Unreadable(f"{file.name} is missing", "put it back beside the .ann file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file.name} cannot be read ({error})", "save it as UTF-8") from error


def _document(file: Path, id: str, graph: Graph, scheme: Scheme) -> Document:
    original = None
    kept = file.with_suffix(".json")
    if kept.exists():
        try:
            original = read_original(json.loads(_content(kept)), graph.text)
        except json.JSONDecodeError as error:
            raise Unreadable(
                f"{kept.name} is not JSON ({error})",
                "remove it to read the annotations alone",
            ) from error
    document = document_of(graph, original, scheme.layers)
    if original is None:
        document.id = id
    return document
