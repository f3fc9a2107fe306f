"""Why articles are not taken, or not kept, for tagging."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - an answer of the server, not a failure of it
    """Raised where articles are not taken, or not kept; ``retry_after`` is in seconds."""

    def __init__(self, reason: str, retry_after: int = 1) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class QueueFull(Refused):
    """There is more to do than can be begun in time."""


class Unavailable(Refused):
    """The model is not there yet, the server is about to end, or the time is up."""


class TooLarge(Exception):  # noqa: N818 - as above
    """Raised for a request that the queue could never hold."""
