"""Standard error as a console, for what is said while a command works."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, Any, cast

from rich.console import Console


class ErrorConsole(Console):
    """Prints to standard error. That nobody reads it any more, or that its terminal is gone, is no
    error: a night's work must not end of it."""

    def __init__(self) -> None:
        super().__init__(stderr=True, highlight=False)

    @property
    def file(self) -> IO[str]:
        """The stream, which leaves out what cannot be written."""
        return cast(IO[str], _Unfailing(super().file))

    @file.setter
    def file(self, stream: IO[str]) -> None:
        self._file = stream


class _Unfailing:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
