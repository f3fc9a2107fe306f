"""How the files of a run are divided into shards.

The division asks for nothing but the listing, so that every later run of the same input arrives
at the same one. Records do not depend on it: a window of text is read the same whatever is beside
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tagger.cluster.listing import Entry, SourceFile

# What a reader that was lost reads again: a minute's work, or some hours' of one tagging process.
SHARD_FILES = 256
SHARD_BYTES = 64 << 20


@dataclass(frozen=True)
class Shard:
    """What one reading task reads: successive files of the listing. ``number`` counts from 0."""

    number: int
    entries: tuple[Entry, ...]


def cut_shards(entries: Iterable[Entry]) -> Iterator[Shard]:
    """Divides a listing into runs of at most :data:`SHARD_FILES` and :data:`SHARD_BYTES`.

    A larger file is a shard of its own; errors of listing count as files without size.
    """
    shard: list[Entry] = []
    size = number = 0
    for entry in entries:
        entry_size = entry.size if isinstance(entry, SourceFile) else 0
        if shard and (len(shard) == SHARD_FILES or size + entry_size > SHARD_BYTES):
            yield Shard(number, tuple(shard))
            number += 1
            shard, size = [], 0
        shard.append(entry)
        size += entry_size
    if shard:
        yield Shard(number, tuple(shard))
