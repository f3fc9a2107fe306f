"""Units of work in several processes, in order, whatever becomes of a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from types import TracebackType

from tagger.units import Item, Loader, Pipe, Unit, failure, tag_unit


class Workers:
    """``jobs`` processes that each load the tagger once.

    ``load`` must be picklable. Use it as a context manager: what ``load`` raises is raised on
    entering, and leaving with an exception ends the processes at once. They also end when this
    process does, however it ends.
    """

    def __init__(self, load: Loader, jobs: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._load = load
        self._jobs = jobs
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

    def tag(self, units: Iterable[Unit]) -> Iterator[Unit]:
        """Yields the units tagged, in their order; no more than two a process are under way.

        Where a process dies, the units that were under way are tagged again, each in a process
        of its own. A unit that ends that process too is tagged article by article, and an article
        that ends yet another one comes out as a :class:`~tagger.readers.ReadError`.
        """
        under_way: deque[tuple[Unit, Future[Unit]]] = deque()
        for unit in units:
            under_way.append((unit, self._submit(unit)))
            if len(under_way) >= 2 * self._jobs:
                yield self._finished(*under_way.popleft())
        while under_way:
            yield self._finished(*under_way.popleft())

    def _submit(self, unit: Unit) -> Future[Unit]:
        try:
            return self._pool.submit(_tag, unit)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False)
            self._pool = self._new_pool(self._jobs)
            return self._pool.submit(_tag, unit)

    def _finished(self, unit: Unit, result: Future[Unit]) -> Unit:
        try:
            return result.result()
        except BrokenProcessPool:
            return self._in_own_process(unit)

    def _in_own_process(self, unit: Unit) -> Unit:
        pool = self._new_pool(1)
        try:
            return pool.submit(_tag, unit).result()
        except BrokenProcessPool:
            return self._one_by_one(unit)
        finally:
            pool.shutdown(wait=False)

    def _one_by_one(self, unit: Unit) -> Unit:
        tagged: Unit = []
        pool = self._new_pool(1)
        try:
            for item in unit:
                try:
                    tagged += pool.submit(_tag, [item]).result()
                except BrokenProcessPool:
                    tagged.append(_deadly(item))
                    pool.shutdown(wait=False)
                    pool = self._new_pool(1)
        finally:
            pool.shutdown(wait=False)
        return tagged

    def _new_pool(self, jobs: int) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            jobs, self._context, initializer=_start, initargs=(self._load, self._far_end)
        )
        self._pools.append(pool)
        return pool

    def _end(self) -> None:
        self._lifeline.close()
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)  # no long wait: its processes have just ended
        self._far_end.close()


_load: Loader | None = None
_tagger: Pipe | None = None


def _start(load: Loader, far_end: Connection) -> None:
    # Ctrl-C reaches every process of the terminal; the first one decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(far_end,), daemon=True).start()
    global _load
    _load = load


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


def _tag(unit: Unit) -> Unit:
    _loaded()
    assert _tagger is not None
    return tag_unit(_tagger, unit)


def _deadly(item: Item) -> Item:
    return failure(item, "the process that tagged it died, more than once (out of memory?)")
