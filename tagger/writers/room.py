"""A disk without room, told with the name of what could not be written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_REMEDIES = {
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "make room there",
    errno.EFBIG: "write to a disk that takes larger files, or raise the limit (ulimit -f)",
}


@contextmanager
def room_for(place: Path | str) -> Iterator[None]:
    """Raises OSError that names ``place`` and the remedy where there is no room for what the block
    writes; all else goes through."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.errno not in _REMEDIES:
            raise
        said = os.strerror(error.errno)
        raise OSError(f"{place}: {said}; {_REMEDIES[error.errno]}") from error


def remedy_in(message: str) -> str:
    """What to do about a library's message that has the system's words of a full disk, with what
    parts it from the message; else nothing."""
    remedies = (each for code, each in _REMEDIES.items() if os.strerror(code) in message)
    return f"; {remedy}" if (remedy := next(remedies, "")) else ""
