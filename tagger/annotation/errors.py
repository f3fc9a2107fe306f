"""What is said about a document that a format cannot hold."""

from __future__ import annotations

from tagger.document import Document
from tagger.readers.errors import ReadError


class UnwritableError(ValueError):
    """A document that a format cannot hold; nothing of it was written."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy

    def at(self, path: str, document: Document) -> ReadError:
        """The error as the user gets it; ``path`` is where the document came from."""
        place = f"document {document.id!r}" if document.id else None
        return ReadError(path, place, document.id, self.reason, self.remedy)
