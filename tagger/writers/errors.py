"""The list of the articles that could not be tagged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from tagger.readers import ReadError
from tagger.writers.jsonl import encode_line
from tagger.writers.staging import staged

_SAID_AT_MOST = 5


def errors_path(output: Path) -> Path:
    """Where the errors of an output are listed: ``OUT.errors.jsonl`` beside it."""
    if not output.name:  # . and the like
        output = output.resolve()
    return output.with_name(f"{output.name}.errors.jsonl")


class FirstErrors:
    """Tells ``say`` of the first errors, and once that the others are in the list ``listed`` alone.

    Of all errors where there is no list.
    """

    def __init__(
        self, say: Callable[[str], None], listed: Path | None, at_most: int = _SAID_AT_MOST
    ) -> None:
        self._say = say
        self._listed = listed
        self._at_most = at_most
        self._count = 0

    def add(self, error: ReadError) -> None:
        """Says an error, if it is one of the first."""
        self._count += 1
        if self._listed is None or self._count <= self._at_most:
            self._say(str(error))
        elif self._at_most and self._count == self._at_most + 1:
            self._say(f"more errors go to {self._listed} only")


class ErrorList:
    """Writes errors as JSON lines to ``path``, and tells ``say`` of the first few.

    As a context manager it puts the file in place when the block ends without an exception. The
    file exists only if there are errors: the list of an earlier run is removed. Where ``path`` is
    None every error is only said.
    """

    def __init__(
        self, path: Path | None, say: Callable[[str], None], said_at_most: int = _SAID_AT_MOST
    ) -> None:
        self._path = path
        self._said = FirstErrors(say, path, said_at_most)
        self._files = ExitStack()
        self._stream: BinaryIO | None = None
        self.count = 0

    def __enter__(self) -> ErrorList:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._files.__exit__(kind, error, traceback)
        if kind is None and self._path is not None and self.count == 0:
            self._path.unlink(missing_ok=True)

    def add(self, error: ReadError) -> None:
        """Adds one error."""
        self.count += 1
        self._said.add(error)
        if self._path is None:
            return
        if self._stream is None:
            temporary = self._files.enter_context(staged(self._path))
            self._stream = self._files.enter_context(temporary.open("wb"))
        record = asdict(error)
        if not error.transient:
            del record["transient"]
        if error.content_hash is None:
            del record["content_hash"]
        self._stream.write(encode_line(record))
