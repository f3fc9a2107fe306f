"""What happens around every request: limits of its body, headers and figures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tagger.server.metrics import Metrics
from tagger.server.problems import Problem

# What nginx logs where the client closed the connection before it got an answer.
_CLIENT_GONE = 499

SECURITY_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class SecurityHeaders:
    """Adds the headers that an answer does not bring along."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class RequestMetrics:
    """Counts every request by its route and its status."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = _CLIENT_GONE
        started = time.perf_counter()

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        except Exception:
            status = 500
            raise
        finally:
            # Paths that nobody serves are no labels: there is no end to them.
            route = getattr(scope.get("route"), "path", "unmatched")
            seconds = time.perf_counter() - started
            self._metrics.request_answered(scope["method"], route, status, seconds)


class BodyLimits:
    """Stops reading a body that is too long or too slow, whatever its header says."""

    def __init__(self, app: ASGIApp, max_bytes: int, seconds: float) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        size = 0
        ended = False
        deadline = asyncio.get_running_loop().time() + self._seconds

        async def receive_within_limits() -> Message:
            nonlocal size, ended
            if announced.isdecimal():
                self._check(int(announced))
            try:
                async with asyncio.timeout_at(None if ended else deadline):
                    message = await receive()
            except TimeoutError as error:
                raise Problem(
                    408, f"the body had not arrived after {self._seconds:g} s, the time limit"
                ) from error
            ended = not message.get("more_body", False)
            size += len(message.get("body", b""))
            self._check(size)
            return message

        await self._app(scope, receive_within_limits, send)

    def _check(self, size: int) -> None:
        if size > self._max_bytes:
            raise Problem(
                413, f"the body is longer than {self._max_bytes:,} bytes; send it in parts"
            )
