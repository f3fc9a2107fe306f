"""Tags the articles of many requests together, in one thread, and refuses what is too much."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from math import ceil
from typing import Any, Protocol, TypeVar

from tagger.document import Document
from tagger.server.metrics import Metrics
from tagger.server.refusals import QueueFull, TooLarge, Unavailable
from tagger.server.settings import Settings
from tagger.server.speed import Speed
from tagger.server.waiting import Job, Submission, WaitingQueue, weight
from tagger.units import Item, Pipe, Unit, tag_unit

_LOGGER = logging.getLogger("tagger.server")

# Tagged before the server calls itself ready, so that nobody's first article pays for it.
_WARM_UP = "1月18日，星海矿业公告，减持300个比特币。"

_ENDING = "the server is shutting down"

Result = TypeVar("Result")


class ServedTagger(Pipe, Protocol):
    """What the server needs of a tagger."""

    def info(self) -> dict[str, Any]:
        """What the tagger is."""


class Batcher:
    """One tagger and the queue in front of it. Use it as an asynchronous context manager.

    ``load`` runs in the tagging thread after the start; until it is done, articles are refused.
    If it raises, ``failure`` says what, and ``failed`` is called.
    """

    def __init__(
        self,
        load: Callable[[], ServedTagger],
        settings: Settings,
        metrics: Metrics,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self.failure: Exception | None = None
        self.tagger: ServedTagger | None = None
        self._load = load
        self._failed = failed
        self._settings = settings
        self._metrics = metrics
        self._queue = WaitingQueue(settings.batch_articles, settings.batch_characters)
        self._under_way: list[Job] = []
        self._speed = Speed()
        self._ending = False
        self._arrived = asyncio.Event()
        self._filled = asyncio.Event()
        # One thread: the network takes all cores by itself, and articles keep their turns.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="tagging")
        self._running: Future[Any] | None = None
        metrics.watch(lambda: self.backlog, lambda: self.ready)

    async def __aenter__(self) -> Batcher:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *error: object) -> None:
        self.refuse_waiting()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._worker.shutdown(wait=False, cancel_futures=True)

    @property
    def ready(self) -> bool:
        """Whether articles are tagged."""
        return self.tagger is not None and not self._ending and not self._task.done()

    @property
    def backlog(self) -> int:
        """What waits and what is being tagged, in characters."""
        return self._queue.weight + weight([job.document for job in self._under_way])

    @property
    def busy(self) -> bool:
        """Whether the tagging thread is at work; nothing can interrupt it."""
        return self._running is not None and not self._running.done()

    @contextmanager
    def submit(self, documents: Sequence[Document]) -> Iterator[list[asyncio.Future[Item]]]:
        """Queues articles and gives what becomes of each; leaving takes out what still waits.

        An outcome raises Unavailable where the article was given up: all of a request if none of
        them was begun in time, and those that still wait when the server ends. Raises Unavailable,
        QueueFull or TooLarge where the articles are not taken in the first place.
        """
        self._admit(weight(documents))
        loop = asyncio.get_running_loop()
        jobs = [Job(document, loop.create_future()) for document in documents]
        submission = Submission(deque(jobs))
        if jobs:
            self._queue.add(submission)
            self._arrived.set()
            if self._queue.fills_a_unit:
                self._filled.set()
        expiry = loop.call_later(self._settings.timeout_seconds, self._expire, submission)
        try:
            yield [job.outcome for job in jobs]
        finally:
            expiry.cancel()
            self._queue.remove(submission)

    def refuse_waiting(self) -> None:
        """Takes no more articles and gives up those that wait; what is being tagged is finished."""
        self._ending = True
        for submission in self._queue.submissions():
            self._give_up(submission, Unavailable(_ENDING))

    def abandon(self) -> None:
        """Gives up all articles, those too that are being tagged."""
        self.refuse_waiting()
        _refuse(self._under_way, Unavailable(_ENDING))

    def _admit(self, size: int) -> None:
        settings = self._settings
        if self._ending:
            raise Unavailable(_ENDING)
        if not self.ready:
            raise Unavailable("the model is still being loaded; GET /readyz says when it is there")
        if size > settings.queue_characters:
            raise TooLarge(
                f"the articles of this request count for {size:,} characters, and no more than "
                f"{settings.queue_characters:,} are taken at a time; send fewer articles a request"
            )
        limit = min(settings.queue_characters, self._speed.characters_in(settings.timeout_seconds))
        excess = ceil(self.backlog + size - limit)
        if self.backlog and excess > 0:
            wait = self._speed.seconds_for(min(excess, self.backlog))
            raise QueueFull(
                f"{self.backlog:,} characters are waiting or being tagged, which leaves no room "
                f"for {size:,} more; try again in {wait} s",
                wait,
            )

    def _expire(self, submission: Submission) -> None:
        if not submission.begun:
            reason = (
                f"tagging had not begun after {self._settings.timeout_seconds:g} s, which is the "
                "time limit; try again, with fewer articles at a time"
            )
            self._give_up(submission, Unavailable(reason, self._speed.seconds_for(self.backlog)))

    def _give_up(self, submission: Submission, reason: Unavailable) -> None:
        _refuse(submission.waiting, reason)
        self._queue.remove(submission)

    async def _run(self) -> None:
        try:
            started = time.perf_counter()
            self.tagger = await self._in_worker(self._loaded)
            _LOGGER.info("Model loaded in %.1f s", time.perf_counter() - started)
        except Exception as error:  # whatever it is, the command says it and ends
            self.failure = error
            self._failed()
            return
        while True:
            await self._gather()
            if jobs := self._queue.take():
                await self._tag(self.tagger, jobs)

    async def _gather(self) -> None:
        """Waits for a first article, and then a moment for others that come with it."""
        if self._queue:  # it has waited long enough, while others were tagged
            return
        self._arrived.clear()
        self._filled.clear()
        await self._arrived.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.gather_seconds):
                await self._filled.wait()

    async def _tag(self, tagger: ServedTagger, jobs: list[Job]) -> None:
        self._under_way = jobs
        documents = [job.document for job in jobs]
        seconds, outcomes = await self._in_worker(lambda: _timed(tagger, documents))
        self._under_way = []
        self._speed.add(weight(documents), seconds)
        self._metrics.unit_tagged(outcomes, seconds)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if not job.outcome.done():
                job.outcome.set_result(outcome)

    async def _in_worker(self, work: Callable[[], Result]) -> Result:
        self._running = running = self._worker.submit(work)
        return await asyncio.wrap_future(running)

    def _loaded(self) -> ServedTagger:
        tagger = self._load()
        list(tagger.pipe([Document(_WARM_UP)], batch_size=1))
        return tagger


def _refuse(jobs: Iterable[Job], reason: Unavailable) -> None:
    for job in jobs:
        if not job.outcome.done():
            job.outcome.set_exception(reason)
            job.outcome.exception()  # fetched, or asyncio would log those that nobody awaits


def _timed(tagger: ServedTagger, documents: list[Document]) -> tuple[float, Unit]:
    started = time.perf_counter()
    outcomes = tag_unit(tagger, list(documents))
    return time.perf_counter() - started, outcomes
