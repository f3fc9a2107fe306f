"""What a run counts: the one list of it."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from operator import add, sub

from tagger.document import Document
from tagger.readers import ReadError


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles were tagged, how many others failed, and what is in those tagged."""

    articles: int = 0
    failed: int = 0
    characters: int = 0
    entities: int = 0
    quantities: int = 0
    events: int = 0

    @classmethod
    def of(cls, item: Document | ReadError) -> Counts:
        """The counts of one article."""
        if isinstance(item, ReadError):
            return cls(failed=1)
        return cls(
            articles=1,
            characters=len(item.text),
            entities=len(item.entities),
            quantities=len(item.quantities),
            events=len(item.events),
        )

    def __add__(self, other: Counts) -> Counts:
        return Counts(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: Counts) -> Counts:
        return Counts(*map(sub, astuple(self), astuple(other)))
