"""Signals that ask a run to end: the first lets it finish what is in hand, a second does not."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Any


class Interruption:
    """While entered, notes SIGINT and SIGTERM in ``signal`` and says so; the second one raises
    KeyboardInterrupt."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interruption:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self.signal is not None:
            raise KeyboardInterrupt
        self.signal = number
        # A handler may come between any two steps of a print, so it does not print.
        start = "\n" if sys.stderr.isatty() else ""
        message = f"{start}finishing the articles in hand; once more to end at once\n"
        # Whoever read standard error may have ended of the same signal.
        with suppress(AttributeError, OSError, ValueError):
            os.write(sys.stderr.fileno(), message.encode())
