"""How fast the tagger has been of late, from which waiting times are estimated."""

from __future__ import annotations

from math import ceil, inf

# A unit counts half after some six others, which is seconds on two cores.
_KEPT = 0.9


class Speed:
    """Characters a second over the last units of work, older ones counting less and less."""

    def __init__(self) -> None:
        self._characters = 0.0
        self._seconds = 0.0

    def add(self, characters: int, seconds: float) -> None:
        """Counts a unit of work."""
        self._characters = _KEPT * self._characters + characters
        self._seconds = _KEPT * self._seconds + seconds

    def characters_in(self, seconds: float) -> float:
        """How much will be tagged in so many seconds; infinite before the first unit."""
        return self._characters / self._seconds * seconds if self._seconds else inf

    def seconds_for(self, characters: int) -> int:
        """How long so much will take, in whole seconds and at least one."""
        return max(1, ceil(characters / self.characters_in(1)))
