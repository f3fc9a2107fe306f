"""The two stages of the Ray Data job: shards to parts, in tasks, and parts to files, in actors.

What travels between them are Arrow tables of one pickled value. An error that ends the run is
such a value too, for Ray wraps what is raised beyond recognition.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from tagger.batch import same
from tagger.cluster.parts import PartFormat, PartRecord, remove_parts, write_part
from tagger.cluster.plan import Shard
from tagger.cluster.reading import read_parts
from tagger.cluster.storage import Location
from tagger.readers import ReadError, ReadOptions
from tagger.units import Loader, Unit, unit_key
from tagger.workers import Workers, results

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class Unfinished:
    """A shard of which parts of these numbers and keys are already in the output."""

    shard: Shard
    finished: Mapping[int, str]


@dataclass(frozen=True)
class Part:
    """A run of units of one shard; ``number`` counts from 0.

    ``before`` and ``key`` are those of its record, and ``stale`` the numbers of the parts that an
    earlier reading of the shard made and this one makes otherwise, or not at all.
    """

    shard: int
    number: int
    last: bool
    units: list[Unit]
    before: str
    key: str
    stale: tuple[int, ...] = ()


@dataclass(frozen=True)
class ShardReader:
    """Reads an :class:`Unfinished` shard; yields each missing :class:`Part`, or an OSError.

    A part that is there but of other articles is missing too: where a file could be read this time
    and not the last, or the other way round, all that follows it lies in other parts.
    """

    options: ReadOptions
    batch_size: int
    part_units: int

    def __call__(self, table: pyarrow.Table) -> Iterator[pyarrow.Table]:
        todo: Unfinished = unpacked(table)
        shard = todo.shard
        try:
            parts = read_parts(shard, self.options, self.batch_size, self.part_units)
            key = ""
            for number, (units, last) in enumerate(_with_last(parts)):
                before, key = key, _key(key, units, last)
                if todo.finished.get(number) != key:
                    stale = (
                        each for each in todo.finished if each == number or (last and each > number)
                    )
                    part = Part(shard.number, number, last, units, before, key, tuple(stale))
                    yield packed(part)
        except OSError as error:
            yield packed(error)


class PartTagger:
    """Tags a :class:`Part` and writes it; gives its :class:`PartRecord`, or an OSError.

    The tagger runs in a process of its own. An article that kills it, by its size or a fault of
    a library, is the article's error, as in a local run; where the actor itself dies, it is with
    its machine, no article is to blame, and Ray runs the part again elsewhere.
    """

    def __init__(self, load: Loader, output: Location, form: PartFormat) -> None:
        self._output = output
        self._form = form
        # The tagger's process would import what is main here, and with it the whole of Ray.
        vars(sys.modules["__main__"]).pop("__file__", None)
        self._open = ExitStack()
        self._workers = self._open.enter_context(Workers(load, 1, same))

    def close(self) -> None:
        """Ends the tagger's process; Ray ends it together with the actor."""
        self._open.close()

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        part: Part | OSError = unpacked(table)
        return packed(part if isinstance(part, OSError) else self._written(part))

    def _written(self, part: Part) -> PartRecord | OSError:
        outcomes = results(part.units, self._workers)
        try:
            remove_parts(self._output, part.shard, part.stale)
            record = write_part(
                part.shard, part.number, part.last, outcomes, self._output, self._form
            )
            return replace(record, before=part.before, key=part.key)
        except OSError as error:
            return error


def packed(value: Any) -> pyarrow.Table:
    """A table of one row that holds the value."""
    import pyarrow

    return pyarrow.table({"pickled": pyarrow.array([pickle.dumps(value)], pyarrow.large_binary())})


def unpacked(table: pyarrow.Table) -> Any:
    """The value that a table holds."""
    (pickled,) = table["pickled"].to_pylist()
    return pickle.loads(pickled)


def _key(before: str, units: Iterable[Unit], last: bool) -> str:
    """A name of all articles of a shard up to the end of these units."""
    digest = blake2b(f"{before} {last}".encode(), digest_size=16)
    for unit in units:
        # What a store says of a failure is new every time.
        named = [replace(each, reason="") if isinstance(each, ReadError) else each for each in unit]
        digest.update(unit_key(named).encode())
    return digest.hexdigest()


def _with_last(parts: Iterable[list[Unit]]) -> Iterator[tuple[list[Unit], bool]]:
    """Each part with whether it is the last."""
    waiting: list[Unit] | None = None
    for part in parts:
        if waiting is not None:
            yield waiting, False
        waiting = part
    if waiting is not None:
        yield waiting, True
