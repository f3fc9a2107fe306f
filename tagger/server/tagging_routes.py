"""``/v1``: articles in, documents out."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tagger.document import Document
from tagger.numerals import find_quantities
from tagger.server.batches import NDJSON_TYPE, Faulty, read_batch, read_lines
from tagger.server.descriptions import BATCH, QUANTITIES, TAG
from tagger.server.problems import Problem
from tagger.server.refusals import QueueFull, Unavailable
from tagger.server.service import (
    JSON_TYPE,
    Service,
    content_type,
    json_body,
    off_loop,
    plain_body,
    tagged,
)
from tagger.writers.jsonl import encode_line

# About a second's work of the rules layer.
_RULES_CHARACTERS = 1_000_000


class Record(NamedTuple):
    """An article's line of JSON, and whether it says what kept the article from being tagged."""

    line: bytes
    failed: bool = False


def tagging_router(service: Service) -> APIRouter:
    """The routes that tag."""
    router = APIRouter(prefix="/v1", tags=["tagging"])
    rules = _Rules()

    @router.post("/tag", **TAG)
    async def tag(request: Request) -> Response:
        body = await json_body(request)
        document = await service.tag(await off_loop(len(body), service.articles.parse, body))
        return _json(await off_loop(len(document.text), _line, document))

    @router.post("/tag/batch", **BATCH)
    async def tag_batch(request: Request) -> Response:
        if content_type(request) == NDJSON_TYPE:
            body = await plain_body(request)
            articles = await off_loop(len(body), read_lines, body, service.articles)
            records = _records(service, articles)
            return _Lines((await anext(records)).line, records)
        body = await json_body(request)
        articles = await off_loop(len(body), read_batch, body, service.articles)
        done = [record async for record in _records(service, articles)]
        documents = b",".join(record.line.rstrip() for record in done)
        failed = sum(record.failed for record in done)
        return _json(b'{"documents":[%b],"failed":%d}\n' % (documents, failed))

    @router.post("/quantities", **QUANTITIES)
    async def quantities(request: Request) -> Response:
        body = await json_body(request)
        document = await off_loop(len(body), service.articles.parse, body)
        return _json(await rules.find(document))

    return router


class _Lines(StreamingResponse):
    """Records as lines, sent as they are ready."""

    def __init__(self, first: bytes, records: AsyncGenerator[Record]) -> None:
        super().__init__(self._lines(first, records), media_type=NDJSON_TYPE)
        self._records = records

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._records):
            await super().__call__(scope, receive, send)

    @staticmethod
    async def _lines(first: bytes, records: AsyncGenerator[Record]) -> AsyncGenerator[bytes]:
        yield first
        async for record in records:
            yield record.line


class _Rules:
    """The rules layer, which needs no queue: only a bound on what is under way at a time."""

    def __init__(self) -> None:
        self._under_way = 0

    async def find(self, document: Document) -> bytes:
        size = len(document.text)
        if self._under_way and self._under_way + size > _RULES_CHARACTERS:
            raise QueueFull(f"{self._under_way:,} characters are under way; try again in 1 s")
        self._under_way += size
        try:
            return await off_loop(size, _quantities, document)
        finally:
            self._under_way -= size


async def _records(service: Service, articles: list[Document | Faulty]) -> AsyncGenerator[Record]:
    """The record of every article, in order. Raises what ``Batcher.submit`` raises."""
    documents = [article for article in articles if isinstance(article, Document)]
    with service.batcher.submit(documents) as outcomes:
        if outcomes:
            await outcomes[0]  # a refusal comes before any record, as the answer to the request
        following = iter(outcomes)
        for article in articles:
            if isinstance(article, Faulty):
                yield _failure(article.id, article.problem)
                continue
            try:
                document = tagged(await next(following))
            except Problem as problem:
                yield _failure(article.id, problem)
            except Unavailable as refusal:
                yield _failure(article.id, Problem.of_refusal(refusal))
            else:
                yield Record(await off_loop(len(document.text), _line, document))


def _failure(id: str, problem: Problem) -> Record:
    return Record(encode_line({"id": id, "error": problem.to_dict()}), failed=True)


def _quantities(document: Document) -> bytes:
    document.quantities = find_quantities(document.text, document.published)
    return encode_line({"quantities": document.to_dict()["quantities"]})


def _line(document: Document) -> bytes:
    return encode_line(document.to_dict())


def _json(body: bytes) -> Response:
    return Response(body, media_type=JSON_TYPE)
