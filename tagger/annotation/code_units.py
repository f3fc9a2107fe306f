"""Offsets as JavaScript counts them: in UTF-16 code units, of which an emoji takes two."""

from __future__ import annotations

from bisect import bisect_left

_ASTRAL = 0x10000


class CodeUnits:
    """Moves offsets of one text between code points and UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self._astral = [index for index, each in enumerate(text) if ord(each) >= _ASTRAL]
        self._units = [index + order for order, index in enumerate(self._astral)]

    def from_points(self, offset: int) -> int:
        """An offset in code points, in code units."""
        return offset + bisect_left(self._astral, offset)

    def to_points(self, offset: int) -> int:
        """An offset in code units, in code points; one inside of a pair is that of its start."""
        return offset - bisect_left(self._units, offset)
