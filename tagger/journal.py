"""What a run has tagged so far, on disk: a run that is killed at any moment goes on from here.

A journal is a folder. ``records`` holds the records of one unit of articles after the other,
``index.jsonl`` says of each where it lies, what it was made from and which of its articles failed,
and ``run.json`` which tagger made it. A line of the index is written when the records it speaks of
are safe on disk, so that whatever is torn off at the end was not yet promised.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from tagger.counts import Counts
from tagger.readers import ReadError
from tagger.units import Encoded, Outcome
from tagger.writers.compression import Compression
from tagger.writers.jsonl import encode_line
from tagger.writers.room import room_for

_RECORDS = "records"
_INDEX = "index.jsonl"
_RUN = "run.json"
# All that the folder of a journal ever holds.
JOURNAL_FILES = (_RECORDS, _INDEX, _RUN, f"{_RUN}.tmp")

# What a kill may cost is about this, and the disk is waited for no more often.
_SECONDS_BETWEEN_SYNCS = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that is done: what it was made from (``key``), where its records lie (in bytes), what
    was found, whether an article failed that is worth another try, and where its line of the index
    begins, which holds what is said of those that failed."""

    key: str
    offset: int
    length: int
    counts: Counts
    transient: bool
    line: int


class JournalInUseError(OSError):
    """Another run is writing the same journal."""


class Journal:
    """The units of a run by their keys; a context manager that closes its files.

    ``run`` describes all that shapes the records. An older journal in ``folder`` that says the
    same, or holds nothing yet, is gone on with; any other is emptied if ``restart``, and else
    raises ValueError that says what differs. Raises :class:`JournalInUseError` while another run
    holds it.
    """

    def __init__(
        self, folder: Path, run: dict[str, Any], compression: Compression, *, restart: bool = False
    ) -> None:
        self._folder = folder
        self._compression = compression
        folder.mkdir(parents=True, exist_ok=True)
        self._index = (folder / _INDEX).open("a+b")
        try:
            _lock(self._index, folder)
            self._records = (folder / _RECORDS).open("a+b")
        except BaseException:
            self._index.close()
            raise
        try:
            self._index_end = 0
            self.entries = {} if restart else self._read(run)
            with room_for(folder):
                self._begin(run)
        except BaseException:
            self.close()
            raise
        # The lines of the index that are still to be written, by their place in it.
        self._waiting: dict[int, bytes] = {}
        self._synced = time.monotonic()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self.sync()
        except OSError:
            if kind is None:
                raise
        finally:
            self.close()

    def get(self, key: str) -> Entry | None:
        """The unit of this key if it is done, and nothing that failed is worth another try."""
        entry = self.entries.get(key)
        return None if entry is None or entry.transient else entry

    def add(self, key: str, outcomes: Sequence[Outcome]) -> Entry:
        """Keeps what became of a unit's articles."""
        encoded = [each for each in outcomes if isinstance(each, Encoded)]
        packed = self._compression.pack(b"".join(each.line for each in encoded)) if encoded else b""
        errors = [each for each in outcomes if isinstance(each, ReadError)]
        entry = Entry(
            key=key,
            offset=self._end,
            length=len(packed),
            counts=sum((each.counts for each in encoded), Counts(failed=len(errors))),
            transient=any(each.transient for each in errors),
            line=self._index_end,
        )
        line = encode_line(asdict(entry) | {"errors": [asdict(each) for each in errors]})
        self._waiting[entry.line] = line
        self._index_end += len(line)
        with room_for(self._folder):
            self._records.write(packed)
        self._end += len(packed)
        self.entries[key] = entry
        if time.monotonic() - self._synced > _SECONDS_BETWEEN_SYNCS:
            self.sync()
        return entry

    def sync(self) -> None:
        """Makes all that was added safe against whatever happens to this process."""
        if self._waiting:
            with room_for(self._folder):
                _flush(self._records)
                self._index.write(b"".join(self._waiting.values()))
                _flush(self._index)
            self._waiting.clear()
        self._synced = time.monotonic()

    def errors(self, entry: Entry) -> list[ReadError]:
        """The articles of a unit that failed."""
        if not entry.counts.failed:
            return []
        line = self._waiting.get(entry.line)
        if line is None:
            self._index.seek(entry.line)
            line = self._index.readline()
        return [ReadError(**each) for each in json.loads(line)["errors"]]

    def is_exactly(self, entries: Iterable[Entry]) -> bool:
        """Whether the records are those of the entries in their order and nothing else."""
        end = 0
        for entry in entries:
            if entry.offset != end:
                return False
            end += entry.length
        return end == self._end

    def packed(self, entries: Iterable[Entry]) -> Iterator[bytes]:
        """The records of the entries as they lie, packed."""
        self._records.flush()
        for entry in entries:
            self._records.seek(entry.offset)
            yield self._records.read(entry.length)

    def records(self, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
        """The records of the entries."""
        for packed in self.packed(entries):
            for line in self._compression.unpack(packed).splitlines() if packed else ():
                yield orjson.loads(line)

    def give(self, target: Path) -> None:
        """Moves the records to ``target`` as they are."""
        self.sync()
        (self._folder / _RECORDS).replace(target)

    def remove(self) -> None:
        """Ends the journal, whose records are no longer needed."""
        self.close()
        # First of all: what has no records any more is no journal, wherever a kill leaves it.
        (self._folder / _RECORDS).unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """Closes the files; other runs may open the journal then."""
        with room_for(self._folder):
            self._index.close()
            self._records.close()

    def _read(self, run: dict[str, Any]) -> dict[str, Entry]:
        path = self._folder / _RUN
        if not path.exists() or not os.fstat(self._index.fileno()).st_size:
            return {}
        try:
            earlier = json.loads(path.read_bytes())
            different = differences(earlier, run)
        except (ValueError, AttributeError) as error:
            raise ValueError(
                f"{path} is damaged ({error}); throw the run away and start again with --restart"
            ) from error
        if different:
            raise ValueError(
                f"{self._folder} is of a run with other settings ({different}); finish it with "
                "those, or throw it away and start again with --restart"
            )
        size = os.fstat(self._records.fileno()).st_size
        entries: dict[str, Entry] = {}
        self._index.seek(0)
        for line in self._index:
            try:
                entry = _entry(line, self._index_end)
            except (ValueError, KeyError, TypeError, AttributeError):
                break  # it is torn
            if entry.offset + entry.length > size:
                break
            entries[entry.key] = entry
            self._index_end += len(line)
        return entries

    def _begin(self, run: dict[str, Any]) -> None:
        """Cuts off what was torn, so that all that follows is added to sound files."""
        self._end = max((each.offset + each.length for each in self.entries.values()), default=0)
        self._index.truncate(self._index_end)
        self._records.truncate(self._end)
        temporary = self._folder / f"{_RUN}.tmp"
        with temporary.open("wb") as stream:
            stream.write(json.dumps(run, ensure_ascii=False, indent=1).encode())
            _flush(stream)
        temporary.replace(self._folder / _RUN)


def differences(earlier: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    """In what a run differs from an earlier one, in words; empty where in nothing."""
    return ", ".join(
        f"{name} {earlier.get(name)} then and {value} now"
        for name, value in run.items()
        if earlier.get(name) != value
    )


def is_journal(folder: Path) -> bool:
    """Whether a folder is a journal whose records are still needed."""
    return (folder / _RECORDS).exists()


def _entry(line: bytes, place: int) -> Entry:
    """The entry of a line of the index, which begins at ``place``."""
    values = json.loads(line)  # which, unlike orjson, reads every line of encode_line
    del values["errors"]
    return Entry(**values | {"counts": Counts(**values["counts"]), "line": place})


def _flush(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _lock(stream: BinaryIO, folder: Path) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows: two runs of one output are the user's to avoid
        return
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise JournalInUseError(
            f"{folder} is being written by another run; wait for it, or choose another output"
        ) from error
