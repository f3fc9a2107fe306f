"""Bodies that hold several articles, a fault in one of which is no fault of the others."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tagger.document import Document
from tagger.server.articles import Articles, Batch
from tagger.server.problems import Problem

NDJSON_TYPE = "application/x-ndjson"

_VALUE: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True)
class Faulty:
    """An article that could not be read; ``id`` is its own, empty where it has none."""

    id: str
    problem: Problem


def read_batch(body: bytes, articles: Articles) -> list[Document | Faulty]:
    """The articles of a JSON body. Raises Problem where the body itself is at fault."""
    try:
        batch = Batch.model_validate_json(body)
    except ValidationError as error:
        raise Problem.of_validation(error) from error
    return [_read(article, articles) for article in batch.documents]


def read_lines(body: bytes, articles: Articles) -> list[Document | Faulty]:
    """The articles of a body of JSON lines, blank lines aside. Raises Problem if there is none."""
    lines = body.removeprefix(codecs.BOM_UTF8).split(b"\n")
    read = [_read_line(line, articles) for line in lines if line.strip()]
    if not read:
        raise Problem(422, "the body holds no record; send one JSON object a line")
    return read


def _read_line(line: bytes, articles: Articles) -> Document | Faulty:
    try:
        value = _VALUE.validate_json(line)
    except ValidationError as error:
        return Faulty("", Problem.of_validation(error))
    return _read(value, articles)


def _read(value: Any, articles: Articles) -> Document | Faulty:
    try:
        return articles.read(value)
    except Problem as problem:
        return Faulty(_own_id(value), problem)


def _own_id(value: Any) -> str:
    article = value.get("document", value) if isinstance(value, dict) else None
    id = article.get("id") if isinstance(article, dict) else None
    return str(id) if isinstance(id, str | int) else ""
