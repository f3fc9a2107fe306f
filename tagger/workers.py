"""Units of work in this process or in several, whatever becomes of a process."""

from __future__ import annotations

import atexit
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from tagger.processes import DiedError, Process, Worker
from tagger.units import Item, Loader, Pipe, Unit, failure, tag_unit

R = TypeVar("R")

# What is made of every article once it is tagged, in the process that tagged it.
Finish = Callable[[Item], R]


class Pending(Protocol[R]):
    """A unit under way."""

    def result(self) -> list[R]:
        """Waits for the unit; what became of its articles, in their order."""


class Runner(Protocol[R]):
    """Where units are tagged. ``capacity`` is how many may usefully be under way at a time."""

    capacity: int

    def submit(self, unit: Unit) -> Pending[R]:
        """Begins with a unit, or puts it down for later."""


def results(units: Iterable[Unit], runner: Runner[R]) -> Iterator[R]:
    """What became of the articles of all units, in order; as many units as the runner has room for
    are under way."""
    under_way: deque[Pending[R]] = deque()
    for unit in units:
        under_way.append(runner.submit(unit))
        if len(under_way) >= runner.capacity:
            yield from under_way.popleft().result()
    while under_way:
        yield from under_way.popleft().result()


class InProcess(Generic[R]):
    """Tags a unit in this process when its result is asked for."""

    capacity = 1

    def __init__(self, tagger: Pipe, finish: Finish[R]) -> None:
        self._tagger = tagger
        self._finish = finish

    def submit(self, unit: Unit) -> Pending[R]:
        """See :class:`Runner`."""
        return _Waiting(lambda: [self._finish(item) for item in tag_unit(self._tagger, unit)])


class Workers(Generic[R]):
    """``jobs`` processes that tag.

    On Linux they are forked from one more, which loads the tagger once for them all, unless it
    finds that what it loaded holds threads, which a fork would lose. Where they are not forked, and
    if there is but one, each loads the tagger itself.

    ``load`` and ``finish`` must be picklable. Use it as a context manager: what ``load`` raises is
    raised on entering, and leaving with an exception ends the processes at once. They also end when
    this process does, however it ends.

    Where a process dies, its unit is tagged again in a new one. A unit that ends that one too is
    tagged article by article, and an article that ends yet another process comes out as a
    :class:`~tagger.readers.ReadError`.
    """

    def __init__(self, load: Loader, jobs: int, finish: Finish[R]) -> None:
        self._load = load
        self._finish = finish
        self._share = jobs > 1
        self.capacity = 2 * jobs
        # Nothing is ever sent: the workers end when this process no longer holds its end.
        self._far_end, self._lifeline = multiprocessing.Pipe(duplex=False)
        self._threads = ThreadPoolExecutor(jobs)  # each waits for a worker
        self._idle: list[Worker] = []
        self._processes: set[Process] = set()  # those that were not forked
        self._server: Process | None = None  # where workers are forked
        self._forking = threading.Lock()
        self._is_over = False

    def __enter__(self) -> Workers[R]:
        atexit.register(self._end)
        try:
            self._idle.append(self._first_worker())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._threads.shutdown()
                self._end_idle()
        finally:
            self._end()

    def submit(self, unit: Unit) -> Pending[R]:
        """See :class:`Runner`."""
        return self._threads.submit(self._tag, unit)

    def _tag(self, unit: Unit) -> list[R]:
        tagged = self._attempt(unit)
        if tagged is None:
            tagged = self._attempt(unit, anew=True)
        return tagged if tagged is not None else self._one_by_one(unit)

    def _one_by_one(self, unit: Unit) -> list[R]:
        tagged: list[R] = []
        died = True
        for item in unit:
            alone = self._attempt([item], anew=died)
            died = alone is None
            tagged += [self._finish(_deadly(item))] if alone is None else alone
        return tagged

    def _attempt(self, unit: Unit, *, anew: bool = False) -> list[R] | None:
        """What became of the unit's articles; None if the process died over them.

        ``anew`` asks for a new process in the place of one that died: those that are idle may have
        been killed together with it.
        """
        try:
            worker = self._worker(anew)
        except DiedError:
            return None
        try:
            tagged = worker.tag(unit)
        except DiedError:
            self._bury(worker)
            return None
        except BaseException:
            self._idle.append(worker)
            raise
        self._idle.append(worker)
        return tagged

    def _worker(self, anew: bool) -> Worker:
        """One that is idle, or a new one."""
        if self._is_over:
            raise CancelledError
        with suppress(IndexError):
            if not anew:
                return self._idle.pop()
        with self._forking:
            if self._server is not None:
                try:
                    return self._server.fork()
                except DiedError:
                    self._bury(self._server)
                    return self._first_worker()
        return self._start()

    def _first_worker(self) -> Worker:
        process = self._start()
        self._server = process if process.forks else None
        return process.fork() if process.forks else process

    def _start(self) -> Process:
        process = Process(self._load, self._finish, self._far_end, share=self._share)
        self._processes.add(process)
        if self._is_over:  # which then may not have seen this process
            process.stop_loading()
        process.wait_until_loaded()
        return process

    def _bury(self, dead: Worker) -> None:
        dead.end()
        self._processes.discard(dead)

    def _end_idle(self) -> None:
        while self._idle:
            self._bury(self._idle.pop())

    def _end(self) -> None:
        atexit.unregister(self._end)
        self._is_over = True
        self._lifeline.close()
        for process in list(self._processes):
            process.stop_loading()
        self._threads.shutdown(cancel_futures=True)  # no long wait: the processes have just ended
        self._end_idle()
        for process in list(self._processes):
            self._bury(process)
        self._far_end.close()


class _Waiting(Generic[R]):
    """A unit whose result is had by a call."""

    def __init__(self, result: Callable[[], list[R]]) -> None:
        self.result = result


def _deadly(item: Item) -> Item:
    reason = "the process that tagged it died, more than once (out of memory?)"
    return failure(item, reason, transient=True)
