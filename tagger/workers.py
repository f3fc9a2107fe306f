"""Units of work in this process or in several, whatever becomes of a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

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
    """``jobs`` processes that each load the tagger once.

    ``load`` and ``finish`` must be picklable. Use it as a context manager: what ``load`` raises is
    raised on entering, and leaving with an exception ends the processes at once. They also end when
    this process does, however it ends.

    Where a process dies, the units that were under way are tagged again, each in a process of its
    own. A unit that ends that process too is tagged article by article, and an article that ends
    yet another one comes out as a :class:`~tagger.readers.ReadError`.
    """

    def __init__(self, load: Loader, jobs: int, finish: Finish[R]) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._load = load
        self._finish = finish
        self._jobs = jobs
        self.capacity = 2 * jobs
        # Nothing is ever sent: the workers end when this process no longer holds its end.
        self._far_end, self._lifeline = self._context.Pipe(duplex=False)
        self._pools: list[ProcessPoolExecutor] = []
        self._pool = self._new_pool(jobs)

    def __enter__(self) -> Workers:
        try:
            self._pool.submit(_loaded).result()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._pool.shutdown()
        self._end()

    def submit(self, unit: Unit) -> Pending[R]:
        """See :class:`Runner`."""
        try:
            future = self._pool.submit(_tag, unit)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = self._new_pool(self._jobs)
            future = self._pool.submit(_tag, unit)
        return _Waiting(lambda: self._result(unit, future))

    def _result(self, unit: Unit, future: Future[list[Any]]) -> list[R]:
        try:
            return future.result()
        except BrokenProcessPool:
            return self._in_own_process(unit)

    def _in_own_process(self, unit: Unit) -> list[R]:
        pool = self._new_pool(1)
        try:
            tagged: list[R] = pool.submit(_tag, unit).result()
            return tagged
        except BrokenProcessPool:
            return self._one_by_one(unit)
        finally:
            pool.shutdown(wait=False)

    def _one_by_one(self, unit: Unit) -> list[R]:
        tagged: list[R] = []
        pool = self._new_pool(1)
        try:
            for item in unit:
                try:
                    tagged += pool.submit(_tag, [item]).result()
                except BrokenProcessPool:
                    tagged.append(self._finish(_deadly(item)))
                    pool.shutdown(wait=False)
                    pool = self._new_pool(1)
        finally:
            pool.shutdown(wait=False)
        return tagged

    def _new_pool(self, jobs: int) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            jobs,
            self._context,
            initializer=_start,
            initargs=(self._load, self._finish, self._far_end),
        )
        self._pools.append(pool)
        return pool

    def _end(self) -> None:
        self._lifeline.close()
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)  # no long wait: its processes have just ended
        self._far_end.close()


class _Waiting(Generic[R]):
    """A unit whose result is had by a call."""

    def __init__(self, result: Callable[[], list[R]]) -> None:
        self.result = result


_load: Loader | None = None
_finish: Finish[Any] | None = None
_tagger: Pipe | None = None


def _start(load: Loader, finish: Finish[Any], far_end: Connection) -> None:
    # Signals reach every process of a terminal or a service; the first process decides what
    # becomes of the others.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(far_end,), daemon=True).start()
    global _load, _finish
    _load, _finish = load, finish


def _end_with_parent(far_end: Connection) -> None:
    try:
        far_end.recv()
    except (EOFError, OSError):
        os._exit(1)


def _loaded() -> None:
    """Loads the tagger where that is still to be done; what goes wrong reaches the parent."""
    global _tagger
    if _tagger is None and _load is not None:
        _tagger = _load()


def _tag(unit: Unit) -> list[Any]:
    _loaded()
    assert _tagger is not None and _finish is not None
    return [_finish(item) for item in tag_unit(_tagger, unit)]


def _deadly(item: Item) -> Item:
    reason = "the process that tagged it died, more than once (out of memory?)"
    return failure(item, reason, transient=True)
