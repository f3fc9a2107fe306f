"""What a run has finished, kept in its output folder, so that the next one goes on from there."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from tagger.cluster.parts import PartRecord, errors_place
from tagger.cluster.plan import Shard
from tagger.cluster.storage import (
    Location,
    empty,
    files_below,
    kind_of,
    put,
    read_bytes,
    remove,
)
from tagger.counts import Counts
from tagger.journal import differences
from tagger.writers.jsonl import encode_line

RUN_FILE = "_run.json"
FINISHED_FOLDER = "_finished"
SUCCESS_FILE = "_SUCCESS"

# Parts finished since the last note are tagged again after a crash; a note is one small file.
_SECONDS_BETWEEN_NOTES = 10.0


class Journal:
    """Notes the finished parts of a run below its output folder.

    ``run`` is all that decides on the parts. A folder that says the same is gone on with, without
    the parts in which an article failed that nothing is wrong with; ``restart`` empties it. Raises
    ValueError for a folder of other settings, saying what differs, and FileExistsError for one
    that is no run's.

    As a context manager it notes what is still to be noted, whatever ends the run, and marks the
    folder with ``_SUCCESS`` when the block ends well.
    """

    def __init__(self, output: Location, run: Mapping[str, Any], *, restart: bool = False) -> None:
        self._output = output
        self._waiting: list[PartRecord] = []
        self._noted = time.monotonic()
        self._notes = 0
        self._shards: dict[int, dict[int, PartRecord]] = defaultdict(dict)
        if self._holds_earlier_run():
            if restart:
                empty(output)
            else:
                self._require_same(run)
                self._read()
        put(output / RUN_FILE, json.dumps(run, ensure_ascii=False, indent=1).encode())

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._write()
        if kind is None:
            put(self._output / SUCCESS_FILE, b"")

    @property
    def records(self) -> list[PartRecord]:
        """The finished parts."""
        return [record for parts in self._shards.values() for record in parts.values()]

    def add(self, record: PartRecord) -> list[PartRecord]:
        """Remembers a finished part; it is noted within some seconds. Gives the records of parts
        that stand no more since this one does."""
        self._waiting.append(record)
        if time.monotonic() - self._noted >= _SECONDS_BETWEEN_NOTES:
            self._write()
        return self._keep(record)

    def unfinished(self, shards: Iterable[Shard]) -> list[tuple[Shard, dict[int, str]]]:
        """The shards with parts still to be written, each with the keys of the finished ones by
        their numbers."""
        return [
            (shard, {number: record.key for number, record in parts.items()})
            for shard in shards
            if not _is_whole(parts := self._shards.get(shard.number, {}))
        ]

    def _keep(self, record: PartRecord) -> list[PartRecord]:
        parts = self._shards[record.shard]
        gone = [
            number
            for number in parts
            if number == record.part or (record.last and number > record.part)
        ]
        replaced = [parts.pop(number) for number in gone]
        parts[record.part] = record
        return replaced

    def _holds_earlier_run(self) -> bool:
        if kind_of(self._output / RUN_FILE) == "file":
            return True
        if kind_of(self._output) == "file" or next(files_below(self._output), None):
            raise FileExistsError(
                f"{self._output} is not the output of an earlier run; choose another name"
            )
        return False

    def _require_same(self, run: Mapping[str, Any]) -> None:
        place = self._output / RUN_FILE
        try:
            different = differences(json.loads(read_bytes(place)), run)
        except (ValueError, AttributeError) as error:
            raise _damaged(place, error) from error
        if different:
            raise ValueError(
                f"{self._output} is of a run with other settings ({different}); finish it with "
                "those, choose another folder, or start again with --restart"
            )

    def _read(self) -> None:
        for note, _ in files_below(self._output / FINISHED_FOLDER):
            self._notes += 1
            try:
                for line in read_bytes(note).splitlines():
                    self._keep(_record(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise _damaged(note, error) from error
        for each in self.records:
            if each.transient:
                remove(errors_place(self._output, each.shard, each.part))
                del self._shards[each.shard][each.part]

    def _write(self) -> None:
        if self._waiting:
            note = self._output / FINISHED_FOLDER / f"{self._notes:07d}.jsonl"
            put(note, b"".join(encode_line(asdict(record)) for record in self._waiting))
            self._notes += 1
            self._waiting.clear()
        self._noted = time.monotonic()


def _record(line: bytes) -> PartRecord:
    """The record of a line of a note."""
    values = json.loads(line)
    return PartRecord(**values | {"counts": Counts(**values["counts"])})


def _damaged(place: Location, error: Exception) -> ValueError:
    return ValueError(
        f"{place} is damaged or of another version ({type(error).__name__}: {error}); throw the "
        "run away and start again with --restart"
    )


def _is_whole(parts: Mapping[int, PartRecord]) -> bool:
    """Whether the parts of a shard follow on one another to its end, all cut from one reading."""
    before = ""
    for number in range(len(parts)):
        record = parts.get(number)
        if record is None or record.before != before:
            return False
        before = record.key
    return any(record.last for record in parts.values())
