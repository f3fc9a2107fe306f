"""The queue: articles of many requests, taken in turns and cut into units of work."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tagger.document import Document
from tagger.units import Item

# What an article costs beside its characters, so that a million empty ones do not count as none.
_LEAST_CHARACTERS = 64


@dataclass(eq=False, slots=True)
class Job:
    """An article that waits, and what will become of it."""

    document: Document
    outcome: asyncio.Future[Item]


@dataclass(eq=False, slots=True)
class Submission:
    """The articles of one request that still wait, first things first."""

    waiting: deque[Job]
    begun: bool = field(default=False, init=False)


def weight(documents: Sequence[Document]) -> int:
    """What articles count for in the queue, in characters."""
    return sum(max(len(document.text), _LEAST_CHARACTERS) for document in documents)


class WaitingQueue:
    """Hands out units of at most ``articles`` articles and ``characters`` characters.

    Requests take turns, an article each, so that a single one does not wait behind a large batch;
    the articles of one request keep their order.
    """

    def __init__(self, articles: int, characters: int) -> None:
        self._articles = articles
        self._characters = characters
        # A dictionary keeps the order and gives up a request at once, wherever it stands.
        self._submissions: dict[Submission, None] = {}
        self._jobs = 0
        self.weight = 0

    def __len__(self) -> int:
        return self._jobs

    @property
    def fills_a_unit(self) -> bool:
        """Whether nothing is gained by waiting for more."""
        return self._jobs >= self._articles or self.weight >= self._characters

    def add(self, submission: Submission) -> None:
        """Puts a request with at least one article behind the others."""
        self._submissions[submission] = None
        self._count(submission.waiting, 1)

    def remove(self, submission: Submission) -> None:
        """Forgets what of a request still waits."""
        if submission in self._submissions:
            del self._submissions[submission]
            self._count(submission.waiting, -1)
            submission.waiting.clear()

    def submissions(self) -> list[Submission]:
        """The requests that wait, in the order of their turns."""
        return list(self._submissions)

    def take(self) -> list[Job]:
        """The next unit of work; empty if nothing waits. A longer article is a unit of its own."""
        unit: list[Job] = []
        characters = 0
        while self._submissions and len(unit) < self._articles:
            submission = next(iter(self._submissions))
            characters += len(submission.waiting[0].document.text)
            if unit and characters > self._characters:
                break
            unit.append(submission.waiting.popleft())
            submission.begun = True
            del self._submissions[submission]
            if submission.waiting:
                self._submissions[submission] = None
        self._count(unit, -1)
        return unit

    def _count(self, jobs: Sequence[Job], sign: int) -> None:
        self._jobs += sign * len(jobs)
        self.weight += sign * weight([job.document for job in jobs])
