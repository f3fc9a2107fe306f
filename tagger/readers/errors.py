"""What is said about an article that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadError:
    """One file or record that gave no document.

    ``record`` is its place within the file (``line 12``), None for a whole file; ``id`` is the id
    that the document would have had; ``remedy`` says what the user can do. ``transient`` says that
    nothing is wrong with the article as far as is known: a disk or a process failed.
    ``content_hash`` is the document's, where one was read.
    """

    path: str
    record: str | None
    id: str
    reason: str
    remedy: str
    transient: bool = False
    content_hash: str | None = None

    def __str__(self) -> str:
        place = f"{self.path}, {self.record}" if self.record else self.path
        return f"{place}: {self.reason}; {self.remedy}"


class Unreadable(Exception):  # noqa: N818 - it never reaches the user as an exception
    """Raised inside the readers where an article cannot be read; becomes a :class:`ReadError`."""

    def __init__(self, reason: str, remedy: str, transient: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.transient = transient

    def at(self, path: str, record: str | None, id: str) -> ReadError:
        """The error as the user gets it, with its place."""
        return ReadError(path, record, id, self.reason, self.remedy, self.transient)
