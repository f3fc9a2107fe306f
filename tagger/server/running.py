"""The process: uvicorn around the application, from the first request to a clean end."""

from __future__ import annotations

import asyncio
import copy
import ipaddress
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from tagger.server.application import create_application
from tagger.server.batching import Batcher, ServedTagger
from tagger.server.settings import Settings

_LOGGER = logging.getLogger("tagger.server")

# Longer than proxies and pools of connections keep one that nothing is sent over, or they would
# send a request into one that is just being closed.
_IDLE_SECONDS = 75

# After the time of grace, for what is being tagged.
_LAST_SECONDS = 5

# After that, for the last answers to reach their clients.
_PARTING_SECONDS = 2


def run(
    load: Callable[[], ServedTagger],
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    access_log: bool = False,
) -> None:
    """Serves until SIGTERM or SIGINT, and returns when what was queued has been answered.

    What has not begun when the time of grace is over is refused, and what is still being tagged
    some seconds later is given up. Raises what ``load`` raises, and ValueError where the address
    cannot be had.
    """
    listener = _listen(host, port)
    application = create_application(load, settings, failed=lambda: _end(server))
    batcher: Batcher = application.state.batcher
    config = uvicorn.Config(
        application,
        access_log=access_log,
        log_config=_logging(),
        server_header=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=ceil(settings.grace_seconds + _LAST_SECONDS + _PARTING_SECONDS),
    )
    server = _Server(config, batcher, settings.grace_seconds)
    _LOGGER.info("Listening at http://%s:%d", *_written_address(listener))
    with listener, _ended_by_signals(server):
        server.run(sockets=[listener])
    if batcher.failure is not None:
        raise batcher.failure
    if batcher.busy:
        # The network cannot be interrupted, and an interpreter that ends waits for its threads.
        os._exit(0)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens at ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Server(uvicorn.Server):
    """Answers what is queued before it ends, but for no longer than the time of grace."""

    def __init__(self, config: uvicorn.Config, batcher: Batcher, grace_seconds: float) -> None:
        super().__init__(config)
        self._batcher = batcher
        self._grace_seconds = grace_seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(self._grace_seconds, self._batcher.refuse_waiting)
        loop.call_later(self._grace_seconds + _LAST_SECONDS, self._batcher.abandon)
        await super().shutdown(sockets)


def _end(server: _Server) -> None:
    server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ValueError(
            f"cannot listen at {host}, port {port}: {error.strerror}; choose others with --host "
            "and --port"
        ) from error


def _written_address(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return f"[{host}]" if ":" in host else host, port


def _logging() -> dict[str, Any]:
    """Uvicorn's own, with all of it on standard error."""
    config = copy.deepcopy(LOGGING_CONFIG)
    config["handlers"]["access"]["stream"] = "ext://sys.stderr"
    config["loggers"][_LOGGER.name] = config["loggers"]["uvicorn"]
    return config


@contextmanager
def _ended_by_signals(server: _Server) -> Iterator[None]:
    """Has signals end the server also before and after uvicorn sees to them.

    It raises those that ended it once more when it is done, which would end the process with
    their status.
    """
    before = {
        number: signal.signal(number, lambda *_: _end(server))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
