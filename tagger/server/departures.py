"""Ends the work for a client that no longer waits for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Departures:
    """Cancels what answers a request when its client has closed the connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        with suppress(ClientDisconnect):
            await self._answer(scope, exchange)

    async def _answer(self, scope: Scope, exchange: _Exchange) -> None:
        async def answering() -> None:
            await self._app(scope, exchange.receive, exchange.send)

        answer = asyncio.create_task(answering())
        departure = asyncio.create_task(exchange.departure())
        try:
            await asyncio.wait({answer, departure}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done() or exchange.answered:
                await answer
        finally:
            answer.cancel()
            departure.cancel()
            await asyncio.gather(answer, departure, return_exceptions=True)


class _Exchange:
    """One request and its answer; whoever answers still learns of the departure itself."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.answered = False
        self._receive = receive
        self._send = send
        self._read = asyncio.Event()
        self._gone = asyncio.Event()

    async def receive(self) -> Message:
        if self._read.is_set():
            await self._gone.wait()
            return {"type": "http.disconnect"}
        message = await self._receive()
        if not message.get("more_body", False):
            self._read.set()
        if message["type"] == "http.disconnect":
            self._gone.set()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.answered = True
        await self._send(message)

    async def departure(self) -> None:
        """Returns when the client has left after its body was read."""
        await self._read.wait()
        while not self._gone.is_set():
            if (await self._receive())["type"] == "http.disconnect":
                self._gone.set()
