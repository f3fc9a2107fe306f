"""From inputs to documents: each file to its format's reader, each failure to one error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from tagger.document import Document
from tagger.readers.article import Article, to_document
from tagger.readers.charsets import decode, undecodable
from tagger.readers.csv_records import csv_rows
from tagger.readers.errors import ReadError, Unreadable
from tagger.readers.files import find_files, shown
from tagger.readers.formats import choose_format
from tagger.readers.json_records import json_rows
from tagger.readers.markdown import read_html_file, read_markdown
from tagger.readers.options import ReadOptions
from tagger.readers.parquet_records import parquet_rows
from tagger.readers.records import Row, own_id, record_document
from tagger.readers.streams import ByteStream, open_bytes, read_bounded
from tagger.readers.text import read_text, require_text

_ARTICLE_READERS: dict[str, Callable[[str], Article]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html_file,
}
_RECORD_READERS: dict[str, Callable[[ByteStream, ReadOptions], Iterator[Row]]] = {
    "jsonl": json_rows,
    "csv": csv_rows,
    "parquet": parquet_rows,
}


def read(
    inputs: str | Path | Iterable[str | Path], options: ReadOptions | None = None
) -> Iterator[Document | ReadError]:
    """Reads articles from files, folders, glob patterns and standard input (``-``), as a stream.

    ``inputs`` is one of them or any number. Documents come in the order of the inputs, those of a
    folder by name. A document's id is its record's own, else ``path#number`` of its line, row or
    item, else the path. Whatever cannot be read is yielded as a :class:`ReadError` in its place,
    and reading goes on.
    """
    options = options or ReadOptions()
    for found in find_files(inputs, options):
        if isinstance(found, ReadError):
            yield found
            continue
        for item in _read_file(found, options):
            if options.content_hash and isinstance(item, Document):
                item.content_hash = _content_hash(item.text)
            yield item


def _content_hash(text: str) -> str:
    # Lone surrogates, which UTF-8 cannot hold, count as themselves.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read_file(path: str, options: ReadOptions) -> Iterator[Document | ReadError]:
    name = shown(path)
    try:
        with open_bytes(path) as stream:
            if not stream.head:
                raise Unreadable("an empty file", "remove it, or check that it was saved whole")
            format = options.format or choose_format(path, stream.head)
            if format in _ARTICLE_READERS:
                yield _read_article(stream, format, name, options)
            else:
                yield from _read_records(stream, format, name, options)
    except Unreadable as failure:
        yield failure.at(name, None, name)
    except UnicodeError as error:
        yield undecodable(error).at(name, None, name)


def _read_article(stream: ByteStream, format: str, name: str, options: ReadOptions) -> Document:
    data = read_bounded(stream, options.max_characters)
    text = decode(data, options.encoding)
    require_text(text)
    return to_document(_ARTICLE_READERS[format](text), name, options)


def _read_records(
    stream: ByteStream, format: str, name: str, options: ReadOptions
) -> Iterator[Document | ReadError]:
    found_any = False
    for row in _RECORD_READERS[format](stream, options):
        found_any = True
        id = f"{name}#{row.number}"
        if isinstance(row.value, Unreadable):
            yield row.value.at(name, row.place, id)
            continue
        try:
            document = record_document(row.value, id, options)
        except Unreadable as failure:
            yield failure.at(name, row.place, own_id(row.value, options) or id)
        else:
            yield document
    if not found_any:
        raise Unreadable("the file holds no records", "remove it, or check that it was saved whole")
