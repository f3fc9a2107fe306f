"""The server: answers, faults, back-pressure, limits, figures, pages and a clean end."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import fields, replace
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
import typer
from fake_tagger import ARTICLE, FakeTagger
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tagger import find_quantities
from tagger.commands.serve import serve
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.server.application import create_application
from tagger.server.examples import DOCUMENT, FAILURE, RECORD, TEXT
from tagger.server.settings import Settings
from tagger.server.shapes import (
    ArgumentShape,
    DocumentShape,
    EntityShape,
    EventShape,
    FailureShape,
    QuantitiesShape,
    QuantityShape,
)
from tagger.server.waiting import Job, Submission, WaitingQueue
from tagger.writers.html import HtmlWriter
from tagger.writers.jsonl import encode_line

NDJSON = {"Content-Type": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class HeldTagger(FakeTagger):
    """Keeps what it is given until it is released, and remembers what came together."""

    def __init__(self) -> None:
        self.units: list[list[str]] = []
        self.free = threading.Event()
        self.free.set()

    def pipe(
        self, texts_or_documents: Iterable[Document], batch_size: int = 64
    ) -> Iterator[Document]:
        documents = list(texts_or_documents)
        self.units.append([each.text for each in documents])
        assert self.free.wait(20)
        return super().pipe(documents, batch_size)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within it, nothing comes back."""
        self.units.clear()
        self.free.clear()
        try:
            yield
        finally:
            self.free.set()


@asynccontextmanager
async def serving(application: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application, as soon as its model is loaded."""
    transport = httpx2.ASGITransport(application, raise_app_exceptions=False)
    async with (
        asyncio.timeout(20),
        application.router.lifespan_context(application),
        httpx2.AsyncClient(transport=transport, base_url="http://server") as client,
    ):
        while (await client.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.001)
        yield client


def application(tagger: FakeTagger | None = None, **settings: Any) -> FastAPI:
    return create_application(lambda: tagger or FakeTagger(), Settings(**settings))


def tagged(document: Document) -> dict[str, Any]:
    """What the fake tagger makes of a document, as JSON gives it back."""
    (found,) = FakeTagger().pipe([replace(document)])
    return json.loads(encode_line(found.to_dict()))


def problem(status: int, title: str, detail: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "status": status, "detail": detail, **more}


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.001)


@pytest.mark.anyio
async def test_a_text_comes_back_as_the_document_that_the_library_makes_of_it() -> None:
    head = {
        "text": ARTICLE.text,
        "id": ARTICLE.id,
        "title": ARTICLE.title,
        "body_start": ARTICLE.body_start,
        "published": "2022-01-18T20:30:00+08:00",
        "source": ARTICLE.source,
        "metadata": ARTICLE.metadata,
    }
    async with serving(application()) as client:
        answer = await client.post("/v1/tag", json=head)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (
        200,
        "application/json",
        encode_line(tagged(ARTICLE)),
    )


@pytest.mark.anyio
async def test_a_record_is_read_as_a_line_of_an_archive() -> None:
    record = {
        "标题": "星河矿业减持",
        "正文": "<p>青山资本</p>",
        "发布时间": "2022年1月18日 20:30",
        "栏目": "快讯",
    }
    expected = Document(
        "星河矿业减持\n青山资本",
        title="星河矿业减持",
        body_start=7,
        published=ARTICLE.published,
        metadata={"categories": ["快讯"]},
    )
    async with serving(application(timezone="Asia/Shanghai")) as client:
        answer = await client.post("/v1/tag", json={"document": record})
        again = await client.post("/v1/tag", json={"document": answer.json()})
    assert answer.json() == again.json() == tagged(expected)


NO_TEXT = 'give the article as {"text": …}, or a record of an archive as {"document": …}'
FAULTS = [
    (
        b"{",
        400,
        "the body is not JSON in UTF-8: Invalid JSON: EOF while parsing an object at line 1 "
        "column 1",
        None,
    ),
    (b"[]", 422, NO_TEXT, "#"),
    ('"公司停牌。"'.encode(), 422, NO_TEXT, "#"),
    (b'{"content": "x"}', 422, NO_TEXT, "#"),
    (b'{"text": 3}', 422, "text: Input should be a valid string", "#/text"),
    (b'{"text": "x", "a/b": 1}', 422, "a~1b: Extra inputs are not permitted", "#/a~1b"),
    (b'{"text": "x", "body_start": 2}', 422, "body_start: 2 lies outside the text", "#/body_start"),
    (
        '{"text": "x", "published": "昨日"}'.encode(),
        422,
        "published: '昨日' is no date or time such as 2022-02-18 or 2022-02-18T18:38:33+08:00",
        "#/published",
    ),
    (
        b'{"document": {"price": 3}}',
        422,
        "document: no column looks like the text; the columns are 'price'",
        "#/document",
    ),
    (
        b'{"text": "0123456789A"}',
        413,
        "the article has 11 characters, more than the limit of 10; split it",
        None,
    ),
    (
        '{"text": "异常"}'.encode(),
        500,
        "tagging failed with RuntimeError: the text holds 异常; leave the article out, and report "
        "it together with its text",
        None,
    ),
]
TITLES = {
    400: "Bad Request",
    413: "Content Too Large",
    422: "Unprocessable Content",
    500: "Internal Server Error",
}


@pytest.mark.anyio
@pytest.mark.parametrize(("body", "status", "detail", "pointer"), FAULTS)
async def test_a_fault_is_a_problem_that_names_its_place(
    body: bytes, status: int, detail: str, pointer: str | None
) -> None:
    async with serving(application(max_characters=10)) as client:
        answer = await client.post("/v1/tag", content=body, headers=JSON)
    errors = (
        [{"pointer": pointer, "detail": detail.removeprefix(pointer[2:] + ": ")}] if pointer else []
    )
    expected = problem(status, TITLES[status], detail, **({"errors": errors} if errors else {}))
    assert (answer.status_code, answer.headers["content-type"], answer.json()) == (
        status,
        "application/problem+json",
        expected,
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "detail"),
    [
        (
            "POST",
            "/v1/tag",
            {"Content-Type": "text/plain"},
            415,
            "send the body as Content-Type: application/json",
        ),
        (
            "POST",
            "/v1/tag/batch",
            NDJSON,
            422,
            "the body holds no record; send one JSON object a line",
        ),
        ("GET", "/v1/tag", {}, 405, "/v1/tag does not take GET; use POST"),
        ("GET", "/v2", {}, 404, "there is no /v2; /docs describes every request"),
    ],
)
async def test_a_wrong_request_is_a_problem(
    method: str, path: str, headers: dict[str, str], status: int, detail: str
) -> None:
    async with serving(application()) as client:
        answer = await client.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/tag", "application/json"),
        ("/v1/tag/batch", "application/x-ndjson"),
        ("/v1/quantities", "application/json"),
        ("/v1/html", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_packed_body_is_told_to_come_as_it_is(path: str, kind: str) -> None:
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
    body = gzip.compress(b'{"text": "x"}')
    async with serving(application()) as client:
        answer = await client.post(path, content=body, headers=headers)
    assert (answer.status_code, answer.headers.get("accept-encoding")) == (415, "identity")
    assert "send the body as it is, without Content-Encoding: gzip" in answer.text


@pytest.mark.anyio
async def test_a_body_that_is_said_to_be_as_it_is_is_read() -> None:
    async with serving(application()) as client:
        headers = JSON | {"Content-Encoding": "identity"}
        answer = await client.post("/v1/quantities", content=b'{"text": "x"}', headers=headers)
    assert answer.status_code == 200


@pytest.mark.anyio
async def test_a_failure_of_the_server_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    served = application()
    async with serving(served) as client:
        monkeypatch.setattr(served.state.batcher, "submit", None)
        answer = await client.post("/v1/tag", json={"text": "x"})
        requests = await figures(client, "tagger_requests_total")
    detail = "the server failed; its log says where"
    assert answer.json() == problem(500, TITLES[500], detail)
    assert requests['{method="POST",route="/v1/tag",status="500"}'] == 1


# What a batch holds, and what comes back in its place: a document or the status of a failure.
MIXED: list[tuple[Any, Document | tuple[str, int]]] = [
    ({"text": "星河矿业减持", "id": 7}, Document("星河矿业减持", id="7")),
    ({"text": "证监会异常", "id": "b"}, ("b", 500)),
    ({"id": "c"}, ("c", 422)),
    ({"document": {"id": "d", "price": 3}}, ("d", 422)),
    (None, ("", 422)),
    ({"document": {"id": "e", "content": "青山资本"}}, Document("青山资本", id="e")),
]


def in_place(record: dict[str, Any]) -> Any:
    return (record["id"], record["error"]["status"]) if "error" in record else record


def expected_in_place() -> list[Any]:
    return [tagged(each) if isinstance(each, Document) else each for _, each in MIXED]


@pytest.mark.anyio
async def test_a_batch_gives_every_article_or_its_failure_in_its_place() -> None:
    async with serving(application()) as client:
        answer = await client.post("/v1/tag/batch", json={"documents": [each for each, _ in MIXED]})
    assert answer.json()["failed"] == 4
    assert [in_place(each) for each in answer.json()["documents"]] == expected_in_place()


@pytest.mark.anyio
async def test_lines_give_every_record_or_its_failure_in_its_place() -> None:
    lines = [json.dumps(each).encode() for each, _ in MIXED]
    body = b"\xef\xbb\xbf" + b"\r\n".join([*lines, b'{"text": "\xff"}', b"", lines[0]])
    async with serving(application()) as client:
        answer = await client.post("/v1/tag/batch", content=body, headers=NDJSON)
    assert answer.headers["content-type"] == "application/x-ndjson"
    records = [in_place(json.loads(line)) for line in answer.content.splitlines()]
    assert records == [*expected_in_place(), ("", 400), expected_in_place()[0]]


@pytest.mark.anyio
async def test_the_rules_layer_answers_alone_and_without_waiting() -> None:
    tagger = HeldTagger()
    async with serving(application(tagger)) as client:
        with tagger.held():
            waiting = asyncio.create_task(client.post("/v1/tag", json={"text": "星河矿业"}))
            await until(lambda: tagger.units)
            answer = await client.post(
                "/v1/quantities", json={"text": "昨日回购300个比特币", "published": "2022/1/18"}
            )
        await waiting
    assert [
        (each["text"], each.get("value"), each.get("start_time"))
        for each in answer.json()["quantities"]
    ] == [
        ("昨日", None, "2022-01-17T00:00:00"),
        ("300个比特币", "300", None),
    ]


@pytest.mark.anyio
async def test_requests_that_wait_are_tagged_together_and_a_failure_is_its_own() -> None:
    tagger = HeldTagger()
    texts = ["星河矿业", "青山资本", "证监会异常", "XHKY"]
    async with serving(application(tagger, gather_seconds=0, batch_articles=3)) as client:
        with tagger.held():
            first = asyncio.create_task(client.post("/v1/tag", json={"text": "俄亥俄州"}))
            await until(lambda: tagger.units)
            others = [
                asyncio.create_task(client.post("/v1/tag", json={"text": text})) for text in texts
            ]
            await asyncio.sleep(0.05)
        answers = [await each for each in [first, *others]]
    assert tagger.units[:2] == [["俄亥俄州"], texts[:3]]
    assert tagger.units[-1] == texts[3:]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 500, 200]
    assert [answers[place].json() for place in (1, 2, 4)] == [
        tagged(Document(texts[place])) for place in (0, 1, 3)
    ]


@pytest.mark.anyio
async def test_an_idle_server_waits_a_moment_for_company() -> None:
    tagger = HeldTagger()
    async with serving(application(tagger, gather_seconds=5, batch_articles=2)) as client:
        tagger.units.clear()
        await asyncio.gather(*(client.post("/v1/tag", json={"text": text}) for text in "甲乙"))
    assert tagger.units == [["甲", "乙"]]


@pytest.mark.anyio
async def test_what_the_queue_cannot_hold_is_refused_and_may_come_again() -> None:
    tagger = HeldTagger()
    text = {"text": "星河矿业" * 25}
    async with serving(application(tagger, queue_characters=250, max_characters=200)) as client:
        with tagger.held():
            taken = [asyncio.create_task(client.post("/v1/tag", json=text)) for _ in range(2)]
            await asyncio.sleep(0.05)
            refused = await client.post("/v1/tag", json=text)
            many = await client.post("/v1/tag/batch", json={"documents": [text] * 3})
        assert [(await each).status_code for each in taken] == [200, 200]
        accepted = await client.post("/v1/tag", json=text)
    assert (refused.status_code, refused.headers["retry-after"], refused.json()) == (
        429,
        "1",
        problem(
            429,
            "Too Many Requests",
            "200 characters are waiting or being tagged, which leaves no room for 100 more; try "
            "again in 1 s",
        ),
    )
    assert (many.status_code, many.json()["detail"]) == (
        413,
        "the articles of this request count for 300 characters, and no more than 250 are taken at "
        "a time; send fewer articles a request",
    )
    assert accepted.status_code == 200


@pytest.mark.anyio
async def test_a_slow_model_takes_no_more_than_it_can_begin_in_time() -> None:
    tagger = HeldTagger()
    async with serving(application(tagger, timeout_seconds=0.5)) as client:
        with tagger.held():  # 100 characters in 0.2 seconds
            first = asyncio.create_task(client.post("/v1/tag", json={"text": "字" * 100}))
            await asyncio.sleep(0.2)
        await first
        with tagger.held():
            second = asyncio.create_task(client.post("/v1/tag", json={"text": "字" * 100}))
            await until(lambda: tagger.units)
            refused = await client.post("/v1/tag", json={"text": "字" * 10_000})
        await second
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= 1


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/v1/tag", "/v1/tag/batch"])
async def test_tagging_that_does_not_begin_in_time_is_given_up(path: str) -> None:
    tagger = HeldTagger()
    body = {"text": "青山资本"} if path == "/v1/tag" else {"documents": [{"text": "青山资本"}] * 2}
    async with serving(application(tagger, timeout_seconds=0.5)) as client:
        with tagger.held():
            first = asyncio.create_task(client.post("/v1/tag", json={"text": "星河矿业"}))
            await until(lambda: tagger.units)
            late = await client.post(path, json=body)
            waiting = await figures(client, "tagger_queue_characters")
        assert (await first).status_code == 200
    assert (late.status_code, "retry-after" in late.headers, late.json()["detail"]) == (
        503,
        True,
        "tagging had not begun after 0.5 s, which is the time limit; try again, with fewer "
        "articles at a time",
    )
    assert (waiting, tagger.units) == ({"": 64.0}, [["星河矿业"]])


async def figures(client: httpx2.AsyncClient, name: str) -> dict[str, float]:
    """The series of a metric, by their labels."""
    text = (await client.get("/metrics")).text
    return {
        labels: float(value) for labels, value in re.findall(rf"^{name}(\S*) (\S+)$", text, re.M)
    }


class Exchange:
    """A request message by message, as a server hands it to the application."""

    def __init__(
        self, application: FastAPI, headers: dict[str, str], path: str = "/v1/tag"
    ) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
        self.task = asyncio.create_task(application(scope, self.incoming.get, self._send))

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    def body(self, content: bytes, *, more: bool = False) -> None:
        self.incoming.put_nowait({"type": "http.request", "body": content, "more_body": more})

    def leave(self) -> None:
        self.incoming.put_nowait({"type": "http.disconnect"})

    async def answer(self) -> tuple[int, str | None, str]:
        """Status, the header Connection and the detail of the problem."""
        await self.task
        head, *parts = self.sent
        headers = {name.decode(): value.decode() for name, value in head["headers"]}
        body = json.loads(b"".join(part["body"] for part in parts))
        return head["status"], headers.get("connection"), body["detail"]


TOO_LONG = (413, "close", "the body is longer than 10 bytes; send it in parts")


@pytest.mark.anyio
async def test_a_body_that_says_it_is_too_long_is_not_read() -> None:
    served = application(max_body_bytes=10)
    async with serving(served):
        exchange = Exchange(served, JSON | {"Content-Length": "11"})
        assert await exchange.answer() == TOO_LONG


@pytest.mark.anyio
async def test_a_body_of_unknown_length_is_read_up_to_the_limit() -> None:
    served = application(max_body_bytes=10)
    async with serving(served):
        exchange = Exchange(served, JSON)
        for part in (b"12345", b"67890", b"1", b"never read"):
            exchange.body(part, more=True)
        assert await exchange.answer() == TOO_LONG
        assert exchange.incoming.qsize() == 1


@pytest.mark.anyio
async def test_a_body_that_does_not_arrive_is_given_up() -> None:
    served = application(body_seconds=0.05)
    async with serving(served):
        exchange = Exchange(served, JSON)
        exchange.body(b'{"te', more=True)
        detail = "the body had not arrived after 0.05 s, the time limit"
        assert await exchange.answer() == (408, "close", detail)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("headers", "path", "body"),
    [
        (JSON, "/v1/tag", '{"text": "证监会"}'),
        (JSON, "/v1/tag/batch", '{"documents": [{"text": "证监会"}]}'),
        (NDJSON, "/v1/tag/batch", '{"text": "证监会"}'),
    ],
)
async def test_a_client_that_leaves_takes_its_articles_out_of_the_queue(
    headers: dict[str, str], path: str, body: str
) -> None:
    tagger = HeldTagger()
    served = application(tagger)
    async with serving(served) as client:
        with tagger.held():
            first = asyncio.create_task(client.post("/v1/tag", json={"text": "星河矿业"}))
            await until(lambda: tagger.units)
            exchange = Exchange(served, headers, path)
            exchange.body(body.encode())
            await until(lambda: served.state.batcher.backlog == 128)
            exchange.leave()
            await exchange.task
            assert served.state.batcher.backlog == 64
        await first
        requests = await figures(client, "tagger_requests_total")
    assert (exchange.sent, tagger.units) == ([], [["星河矿业"]])
    assert requests[f'{{method="POST",route="{path}",status="499"}}'] == 1


@pytest.mark.anyio
async def test_a_client_that_leaves_amid_its_body_is_no_failure() -> None:
    served = application()
    async with serving(served) as client:
        exchange = Exchange(served, JSON)
        exchange.body(b'{"te', more=True)
        exchange.leave()
        await exchange.task
        requests = await figures(client, "tagger_requests_total")
    assert requests['{method="POST",route="/v1/tag",status="499"}'] == 1


@pytest.mark.anyio
async def test_at_the_end_what_waits_is_refused_and_what_is_tagged_is_finished() -> None:
    tagger = HeldTagger()
    served = application(tagger, gather_seconds=0, batch_articles=1)
    async with serving(served) as client:
        with tagger.held():
            lines = asyncio.create_task(
                client.post(
                    "/v1/tag/batch", content=b'{"text": "a"}\n{"text": "b"}', headers=NDJSON
                )
            )
            await until(lambda: tagger.units)
            single = asyncio.create_task(client.post("/v1/tag", json={"text": "c"}))
            await until(lambda: served.state.batcher.backlog == 3 * 64)
            served.state.batcher.refuse_waiting()
            assert (await single).status_code == 503
            assert (await client.post("/v1/tag", json={"text": "d"})).status_code == 503
            assert (await client.get("/readyz")).status_code == 503
        records = [json.loads(line) for line in (await lines).content.splitlines()]
    ending = problem(503, "Service Unavailable", "the server is shutting down")
    assert records == [tagged(Document("a")), {"id": "", "error": ending}]


@pytest.mark.anyio
async def test_until_the_model_is_loaded_the_server_is_alive_and_not_ready() -> None:
    loading = threading.Event()

    def load() -> FakeTagger:
        assert loading.wait(20)
        return FakeTagger()

    served = create_application(load)
    transport = httpx2.ASGITransport(served)
    async with (
        asyncio.timeout(20),
        served.router.lifespan_context(served),
        httpx2.AsyncClient(transport=transport, base_url="http://server") as client,
    ):
        paths = ("/healthz", "/readyz", "/v1/info")
        before = [(await client.get(path)).status_code for path in paths]
        refused = await client.post("/v1/tag", json={"text": "星河矿业"})
        loading.set()
        await until(lambda: served.state.batcher.ready)
        after = [(await client.get(path)).status_code for path in paths]
    assert (before, after) == ([200, 503, 503], [200, 200, 200])
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")


@pytest.mark.anyio
async def test_a_model_that_cannot_be_loaded_is_reported() -> None:
    def load() -> FakeTagger:
        raise ValueError("no model 'mine'")

    failed = asyncio.Event()
    served = create_application(load, failed=failed.set)
    async with asyncio.timeout(20), served.router.lifespan_context(served):
        await failed.wait()
    assert str(served.state.batcher.failure) == "no model 'mine'"


@pytest.mark.anyio
async def test_what_the_server_says_of_itself() -> None:
    async with serving(application(max_body_bytes=1000)) as client:
        described = (await client.get("/v1/info")).json()
    assert described["model"] == "fake"
    assert described["limits"]["max_body_bytes"] == 1000


@pytest.mark.anyio
async def test_figures_count_requests_units_and_characters() -> None:
    async with serving(application()) as client:
        await client.post("/v1/tag", json={"text": "星河矿业"})
        await client.post("/v1/tag/batch", json={"documents": [{"text": "异常"}, {"text": "青山"}]})
        await client.get("/nowhere/at/all")
        assert await figures(client, "tagger_articles_total") == {
            '{outcome="tagged"}': 2,
            '{outcome="failed"}': 1,
        }
        assert await figures(client, "tagger_characters_total") == {"": 6}
        assert await figures(client, "tagger_batch_articles_sum") == {"": 3}
        assert await figures(client, "tagger_queue_characters") == {"": 0}
        assert (await figures(client, "tagger_model_seconds_total"))[""] > 0
        requests = await figures(client, "tagger_requests_total")
        seconds = await figures(client, "tagger_request_duration_seconds_count")
    assert requests['{method="POST",route="/v1/tag",status="200"}'] == 1
    assert requests['{method="GET",route="unmatched",status="404"}'] == 1
    assert seconds['{route="/v1/tag/batch"}'] == 1


def page_of(document: Document) -> bytes:
    (found,) = FakeTagger().pipe([replace(document)])
    stream = BytesIO()
    writer = HtmlWriter(stream)
    writer.write(found)
    writer.close()
    return stream.getvalue()


@pytest.mark.anyio
async def test_the_html_view_is_the_writers_page_for_json_and_for_the_form() -> None:
    async with serving(application()) as client:
        json_answer = await client.post("/v1/html", json={"text": ARTICLE.text})
        form = {"text": ARTICLE.text.replace("\n", "\r\n"), "published": ""}
        form_answer = await client.post("/v1/html", data=form)
    page = page_of(Document(ARTICLE.text))
    assert [json_answer.content, form_answer.content] == [page, page]
    assert json_answer.headers["content-security-policy"] == "frame-ancestors 'self'"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("form", "headers", "status", "said"),
    [
        ({"text": "<b>异常"}, {}, 500, "RuntimeError"),
        ({"text": "x" * 11}, {}, 413, "more than the limit of 10"),
        ({"published": "2022-01-18"}, {}, 422, NO_TEXT),
        ({str(number): "" for number in range(9)}, {}, 400, "the form cannot be read"),
        ({"text": "x"}, {"Sec-Fetch-Site": "cross-site"}, 403, "own page only"),
    ],
)
async def test_a_faulty_form_is_answered_by_a_page(
    form: dict[str, str], headers: dict[str, str], status: int, said: str
) -> None:
    async with serving(application(max_characters=10)) as client:
        answer = await client.post("/v1/html", data=form, headers=headers)
    shown = unescape(answer.text)
    assert (answer.status_code, said in shown, "<b>" in answer.text) == (status, True, False)


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_pages_load_nothing_from_other_hosts_and_run_what_they_bring(path: str) -> None:
    async with serving(application()) as client:
        page = await client.get(path)
        assert not re.search(r"""(?:src|href|action|url)\s*[=:(]\s*["']?(?:\w+:)?//""", page.text)
        for address in re.findall(r'(?:src|href)="([^":]+)"', page.text):
            assert (await client.get(f"/{address}")).status_code == 200, address
    policy = page.headers["content-security-policy"]
    for element in ("style", "script"):
        for content in re.findall(rf"<{element}>(.*?)</{element}>", page.text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy


SECURE = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@pytest.mark.anyio
@pytest.mark.parametrize("origins", [(), ("https://news.example",)])
async def test_every_answer_is_secured_and_only_named_origins_may_read_it(
    origins: tuple[str, ...],
) -> None:
    async with serving(application(cors_origins=origins)) as client:
        origin = {"Origin": "https://news.example"}
        answers = [
            await client.get("/", headers=origin),
            await client.get("/nowhere", headers=origin),
            await client.get("/docs/assets/swagger-ui.css", headers=origin),
            await client.post("/v1/tag", json={"text": "x"}, headers=origin),
            await client.post("/v1/tag", content=b"", headers=origin),
        ]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in SECURE} == SECURE
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers.get("access-control-allow-origin") == (
            origins[0] if origins else None
        )


@pytest.mark.anyio
async def test_the_description_refers_only_to_what_it_holds() -> None:
    async with serving(application()) as client:
        described = (await client.get("/openapi.json")).json()
    references = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(described)))
    assert references == set(described["components"]["schemas"])
    assert set(described["paths"]) == {
        "/v1/tag",
        "/v1/tag/batch",
        "/v1/quantities",
        "/v1/html",
        "/v1/info",
        "/healthz",
        "/readyz",
        "/metrics",
    }


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (Entity, EntityShape),
        (Quantity, QuantityShape),
        (Event, EventShape),
        (Argument, ArgumentShape),
    ],
)
def test_the_described_shapes_have_the_fields_of_the_documents(kind: type, shape: Any) -> None:
    assert set(shape.model_fields) == {each.name for each in fields(kind)}


def test_documents_and_examples_have_the_described_shape() -> None:
    quantities = Document(
        "", quantities=find_quantities("每股1.95港元，不低于10%至20%，每周三上午")
    )
    for document in (tagged(ARTICLE), DOCUMENT):
        assert DocumentShape.model_validate(document).model_dump(exclude_unset=True) == document
    QuantitiesShape.model_validate({"quantities": quantities.to_dict()["quantities"]})
    FailureShape.model_validate(FAILURE)


@pytest.mark.anyio
async def test_the_examples_work() -> None:
    async with serving(application()) as client:
        for example in (TEXT, RECORD):
            assert (await client.post("/v1/tag", json=example)).status_code == 200
        failure = await client.post("/v1/tag/batch", json={"documents": [{"id": FAILURE["id"]}]})
    assert failure.json() == {"documents": [FAILURE], "failed": 1}


LENGTHS = st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=6), max_size=8)


def queue_of(requests: list[list[int]]) -> tuple[WaitingQueue, list[list[Job]]]:
    queue = WaitingQueue(4, 40)
    jobs = [
        [Job(Document("字" * length), None) for length in lengths]  # type: ignore[arg-type]
        for lengths in requests
    ]
    for each in jobs:
        queue.add(Submission(deque(each)))
    return queue, jobs


@given(LENGTHS)
def test_the_queue_gives_every_article_once_in_the_order_of_its_request(
    requests: list[list[int]],
) -> None:
    queue, jobs = queue_of(requests)
    units = []
    while unit := queue.take():
        units.append(unit)
    taken = [job for unit in units for job in unit]
    assert [[job for job in taken if job in own] for own in jobs] == jobs
    assert (len(taken), len(queue), queue.weight) == (sum(map(len, jobs)), 0, 0)
    for unit in units:
        characters = sum(len(job.document.text) for job in unit)
        assert len(unit) <= 4
        assert characters <= 40 or len(unit) == 1


def test_requests_take_turns() -> None:
    queue, (many, single) = queue_of([[1] * 6, [1]])
    assert queue.take() == [many[0], single[0], many[1], many[2]]
    assert queue.take() == many[3:]


@given(LENGTHS.filter(bool), st.data())
def test_a_request_that_is_removed_leaves_nothing_behind(
    requests: list[list[int]], data: st.DataObject
) -> None:
    queue, jobs = queue_of(requests)
    queue.take()
    for submission in queue.submissions():
        if data.draw(st.booleans()):
            queue.remove(submission)
            queue.remove(submission)
    rest = []
    while unit := queue.take():
        rest += unit
    assert (len(queue), queue.weight) == (0, 0)
    assert len(rest) <= sum(map(len, jobs))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_articles": 0}, "batch_articles=0 must be at least 1"),
        ({"timeout_seconds": -1}, "timeout_seconds=-1 must not be negative"),
        ({"queue_characters": 10}, "max_characters=100000 is more than queue_characters=10"),
        ({"cors_origins": ("news",)}, "'news' is no origin such as https://news.example.com"),
        ({"timezone": "Beijing"}, "timezone='Beijing' is unknown"),
    ],
)
def test_a_bad_setting_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Settings(**settings)


def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(serve)
    return app


def test_wrong_usage_is_said_with_status_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = CliRunner().invoke(command(), ["--port", port])
    zone = CliRunner().invoke(command(), ["--host", "0.0.0.0", "--port", "0", "--timezone", "X"])
    assert (busy.exit_code, busy.stderr) == (
        2,
        f"Error: cannot listen at 127.0.0.1, port {port}: Address already in use (while "
        "attempting to bind on address ('127.0.0.1', " + port + ")); choose others with --host "
        "and --port\n",
    )
    assert (zone.exit_code, zone.stderr.startswith("Error: timezone='X'")) == (2, True)


def test_an_address_that_others_reach_is_warned_of() -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(command(), ["--host", "0.0.0.0", "--port", port])
    assert result.stderr.startswith("Warning: 0.0.0.0 can be reached from other machines")


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "tagger.server")
    with pytest.raises(ModuleNotFoundError, match=r"caijing-tagger\[serve\]"):
        importlib.import_module("tagger.server")


SERVER = """
import sys
import typer
from fake_tagger import FakeTagger
from tagger import cli_options
from tagger.commands.serve import serve
from tagger.server import running


class WaitingTagger(FakeTagger):
    def pipe(self, documents, batch_size=64):
        documents = list(documents)
        if "稍候" in documents[0].text:
            sys.stdin.readline()
        return super().pipe(documents, batch_size)


running._LAST_SECONDS = 1
cli_options.tagger_loader = lambda *_: WaitingTagger
typer.run(serve)
"""


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    """A server process and its client; it goes on with a text of 稍候 when it is sent a line."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, "--port", "0", "--batch-articles", "1", *options],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent), "PYTHONUTF8": "1"},
    ) as running:
        try:
            assert running.stderr is not None
            log = iter(running.stderr)
            found = next(match for line in log if (match := re.search(r"http://[\d.:]+", line)))
            next(line for line in log if "Model loaded" in line)
            # Nothing is encrypted here, and reading the certificates takes longer than the test.
            with httpx2.Client(base_url=found[0], verify=False, timeout=60) as client:
                yield running, client
        finally:
            running.kill()


def ask_all(client: httpx2.Client, texts: list[str]) -> list[Future[httpx2.Response]]:
    """The answers to come, once all texts have been taken."""
    pool = ThreadPoolExecutor(len(texts))
    answers = [pool.submit(client.post, "/v1/tag", json={"text": text}) for text in texts]
    pool.shutdown(wait=False)
    taken = f"tagger_queue_characters {64.0 * len(texts)}\n"
    while taken not in client.get("/metrics").text:
        time.sleep(0.01)
    return answers


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_answers_what_it_took_before_it_ends_well(number: signal.Signals) -> None:
    texts = ["星河矿业稍候", "青山资本稍候"]
    with process() as (running, client):
        answers = ask_all(client, texts)
        running.send_signal(number)
        with pytest.raises(httpx2.TransportError):
            while True:
                client.get("/healthz")
        print("\n" * len(texts), file=running.stdin, flush=True)
        found = [answer.result().json() for answer in answers]
        assert running.wait(60) == 0
    assert found == [tagged(Document(text)) for text in texts]


def test_after_the_time_of_grace_a_process_ends_whatever_it_does() -> None:
    with process("--grace", "0.1") as (running, client):
        answers = ask_all(client, ["星河矿业稍候", "青山资本稍候"])
        running.terminate()
        assert [answer.result().status_code for answer in answers] == [503, 503]
        assert running.wait(60) == 0
