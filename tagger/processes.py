"""The near ends of the processes that tag: starting, asking and ending them.

A process is started afresh, as ``multiprocessing`` spawns it, or on Linux by a bare interpreter,
which does not import the program's main module: a notebook or a script without a guard may have
workers. On Linux the first process forks the others, see :mod:`tagger.worker_process`.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import send_handle
from multiprocessing.spawn import get_executable
from typing import Any

from tagger.units import Loader, Unit
from tagger.worker_process import IGNORED_SIGNALS, NO_MORE_UNITS, run

# Elsewhere forks are missing or, as on macOS, unsafe in what the system's own libraries do.
FORKS = sys.platform == "linux"


class DiedError(ChildProcessError):
    """A process has ended that was to answer."""


class Worker:
    """The near end of a process that tags one unit at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tag(self, unit: Unit) -> list[Any]:
        """What became of the unit's articles. Raises DiedError, or what finishing them raises."""
        request = pickle.dumps(unit)
        try:
            self._connection.send_bytes(request)
        except OSError as error:
            raise DiedError("a process that tags articles died") from error
        tagged: list[Any] = self._received()
        return tagged

    def end(self) -> None:
        """Lets the process go, which must be idle, and waits until it is gone."""
        with suppress(EOFError, OSError):
            self._connection.send_bytes(NO_MORE_UNITS)
            self._connection.recv_bytes()
        self._connection.close()

    def _received(self) -> Any:
        try:
            answer = pickle.loads(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise DiedError("a process that tags articles died") from error
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Process(Worker):
    """A process of its own that loads the tagger.

    With ``share`` it does not tag but :meth:`fork` workers, if the system and what it loaded allow
    it. ``forks`` says whether they do; None as long as it loads.
    """

    def __init__(self, load: Loader, finish: Any, lifeline: Connection, *, share: bool) -> None:
        request = pickle.dumps((load, finish, share and FORKS))
        near, far = Pipe()
        super().__init__(near)
        self.forks: bool | None = None
        self._process: subprocess.Popen[bytes] | SpawnProcess
        with far:
            if _needs_main(request):
                context = multiprocessing.get_context("spawn")
                self._process = context.Process(target=run, args=(far, lifeline, request))
                self._process.start()
                return
            self._process = _run_interpreter(far, lifeline)
        with suppress(OSError):  # it is dead: so says its answer
            near.send_bytes(request)

    def wait_until_loaded(self) -> None:
        """Raises what ``load`` raises, and DiedError if the process ends before it has loaded."""
        try:
            if isinstance(self._process, SpawnProcess):
                # On Windows the far end only closes with a process that has come to open it.
                wait([self._connection, self._process.sentinel])
                if not self._connection.poll():
                    raise DiedError
            self.forks = self._received()
        except DiedError as error:
            raise DiedError(
                f"the process that loads the tagger ended with status {self._status()} before it "
                "had loaded; its own messages say why, and -9 is mostly a lack of memory"
            ) from error

    def fork(self) -> Worker:
        """Forks a worker. Raises DiedError, and OSError if the system has no room for one."""
        near, far = Pipe()
        worker = Worker(near)
        with far:
            try:
                send_handle(self._connection, far.fileno(), self._process.pid)
            except OSError as error:
                near.close()
                raise DiedError("the process that forks others died") from error
        worker._received()
        return worker

    def stop_loading(self) -> None:
        """Ends the process at once if it is still loading."""
        if self.forks is None:
            self._process.kill()

    def end(self) -> None:
        """See :meth:`Worker.end`; a process that forks or loads need not be idle."""
        if self.forks is not False:
            self._process.kill()
        super().end()
        self._status()

    def _status(self) -> int | None:
        """Waits for the end; the exit status, or the signal that ended it, negative."""
        if isinstance(self._process, SpawnProcess):
            self._process.join()
            return self._process.exitcode
        return self._process.wait()


def _needs_main(request: bytes) -> bool:
    """Whether a process must be started as ``multiprocessing`` does it: to find what is defined in
    the main module, where it has no executable to run code with, and elsewhere than on Linux."""
    return not FORKS or b"__main__" in request or bool(getattr(sys, "frozen", False))


def _run_interpreter(control: Connection, lifeline: Connection) -> subprocess.Popen[bytes]:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from multiprocessing.connection import Connection\n"
        "from tagger.worker_process import run\n"
        f"control = Connection({control.fileno()})\n"
        f"lifeline = Connection({lifeline.fileno()}, writable=False)\n"
        "run(control, lifeline, control.recv_bytes())\n"
    )
    flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    # Or a signal that comes before the process ignores it would end it.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, IGNORED_SIGNALS)
    try:
        return subprocess.Popen(
            [get_executable(), *flags, "-c", code],
            stdin=subprocess.DEVNULL,
            pass_fds=(control.fileno(), lifeline.fileno()),
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
