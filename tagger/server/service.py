"""What the routes share: the tagger with its queue, the limits and the figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from fastapi import Request

from tagger.document import Document
from tagger.server.articles import Articles
from tagger.server.batching import Batcher
from tagger.server.metrics import Metrics
from tagger.server.problems import Problem
from tagger.server.settings import Settings
from tagger.units import Item

JSON_TYPE = "application/json"

# Reading or writing more than this takes milliseconds, in which nobody else would be answered.
_QUICK = 20_000

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Service:
    """One tagger behind one application."""

    settings: Settings
    articles: Articles
    batcher: Batcher
    metrics: Metrics

    async def tag(self, document: Document) -> Document:
        """The document tagged. Raises Problem, or what ``Batcher.submit`` raises."""
        with self.batcher.submit([document]) as outcomes:
            return tagged(await outcomes[0])


def tagged(outcome: Item) -> Document:
    """The document that came out of tagging. Raises Problem where it is a failure."""
    if isinstance(outcome, Document):
        return outcome
    raise Problem.of_failure(outcome)


def content_type(request: Request) -> str:
    """The media type of the body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def json_body(request: Request) -> bytes:
    """The body of a request that must be JSON. Raises Problem 415 for any other."""
    if content_type(request) != JSON_TYPE:
        raise Problem(415, f"send the body as Content-Type: {JSON_TYPE}")
    return await plain_body(request)


async def plain_body(request: Request) -> bytes:
    """The body of a request that must not be packed. Raises Problem 415 for one that is."""
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity"):
        raise Problem(
            415,
            f"send the body as it is, without Content-Encoding: {coding}",
            headers={"Accept-Encoding": "identity"},
        )
    return await request.body()


async def off_loop(
    size: int,
    work: Callable[Arguments, Result],
    *arguments: Arguments.args,
    **names: Arguments.kwargs,
) -> Result:
    """What ``work`` returns; in a thread if its input is large."""
    if size <= _QUICK:
        return work(*arguments, **names)
    return await asyncio.to_thread(work, *arguments, **names)
