"""What a process of the batch engine does: it loads the tagger, then tags, or forks those that tag.

A forked worker shares all memory with the process that loaded, page by page, until one of them
writes there. It starts at once, for it has nothing to load.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Any

from tagger.document import Document
from tagger.units import Item, Pipe, tag_unit

# Signals reach every process of a terminal or a service; the first process decides what becomes of
# the others.
IGNORED_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# Lets an idle worker go.
NO_MORE_UNITS = pickle.dumps(None)

# What is loaded only at a first article is shared too if that article comes before the first fork.
_FIRST_ARTICLE = "1月18日，星河矿业公告称，拟以约4.958亿美元向青山资本转让位于俄亥俄州的矿场。"

# Seconds that threads have to end once they were told to.
_THREADS_END = 1.0

Serve = Callable[[Connection], None]


def run(control: Connection, lifeline: Connection, request: bytes) -> None:
    """Works for the process at the other end of ``control``, until that is closed.

    ``request`` is a pickled ``(load, finish, may_fork)``. The first answer is whether workers are
    forked here, or what ``load`` raised. If so, a worker is forked for each connection that is
    sent, and serves its other end; if not, this process serves ``control``.

    To serve is to answer a pickled unit with ``finish`` of its tagged articles, or with what went
    wrong. Whoever serves also ends, whatever it is doing, when nobody holds the other end of
    ``lifeline``.
    """
    for number in IGNORED_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, IGNORED_SIGNALS)
    with suppress(EOFError, ConnectionError):  # nobody is left to work for
        try:
            load, finish, may_fork = pickle.loads(request)
            tagger = load()
            forks = may_fork and _can_fork(tagger)
        except BaseException as error:
            control.send_bytes(_packed(error))
            return
        control.send_bytes(pickle.dumps(forks))

        def serve(connection: Connection) -> None:
            threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
            while (unit := connection.recv_bytes()) != NO_MORE_UNITS:
                connection.send_bytes(_answer(tagger, finish, unit))

        if forks:
            _fork_workers(control, serve)
        else:
            serve(control)


def _can_fork(tagger: Pipe) -> bool:
    """Whether a fork of this process lacks nothing: it has no thread but the one that forks.

    Libraries that are made for forks end their threads before one (OpenBLAS does), so those that a
    first fork leaves here would be missing in every worker: the pool of a session, a graphics card.
    """
    with suppress(Exception):  # an article that fails is nothing that keeps a process from forking
        list(tagger.pipe([Document(_FIRST_ARTICLE)]))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # says what is looked for here
            trial = os.fork()
        if trial == 0:
            os._exit(0)
        os.waitpid(trial, 0)
        deadline = time.monotonic() + _THREADS_END
        while sum(1 for _thread in Path("/proc/self/task").iterdir()) > 1:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
    except OSError:  # no memory for a fork, no /proc
        return False
    return True


def _fork_workers(control: Connection, serve: Serve) -> None:
    """Forks a worker for every connection that comes. Raises EOFError when no more can come."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # leaves it to the system to bury the dead
    _flush()
    gc.collect()
    gc.freeze()  # or the collector would write to the pages of everything it looks at
    while True:
        with Connection(recv_handle(control)) as connection:
            try:
                if os.fork() == 0:
                    _work(control, connection, serve)
            except OSError as error:
                connection.send_bytes(_packed(error))


def _work(control: Connection, connection: Connection, serve: Serve) -> None:
    """Is a forked worker, and never returns: what ends with the other process is not its own."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        connection.send_bytes(pickle.dumps(None))
        serve(connection)
    except (EOFError, ConnectionError):
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            _flush()
        finally:
            os._exit(0)


def _answer(tagger: Pipe, finish: Callable[[Item], Any], unit: bytes) -> bytes:
    try:
        return pickle.dumps([finish(item) for item in tag_unit(tagger, pickle.loads(unit))])
    except BaseException as error:
        return _packed(error)


def _packed(error: BaseException) -> bytes:
    """The pickled error with its traceback as a note; its words alone if it cannot be unpickled."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:
        packed = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return packed


def _end_with(lifeline: Connection) -> None:
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


def _flush() -> None:
    """Writes what was printed, so that no fork prints it again and none ends without it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # there is none, or it is closed
            stream.flush()
