"""Parquet tables with a file for every day, of any number of days that come in any order.

A Parquet file cannot be added to once it is closed, and thousands of days are too many to be
open at once or to wait in memory. So it is an external sort: what memory holds is spooled as a
run, sorted by day, and at the end the runs are merged, a few days at a time.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    import pyarrow

# How the folder of a day begins.
DAY_PREFIX = "published_day="
# The folder that Hive, and with it every reader of its layout, takes for a missing value.
# https://cwiki.apache.org/confluence/display/Hive/Configuration+Properties
NO_DAY = "__HIVE_DEFAULT_PARTITION__"

_SPOOL = ".spool"

# What is read of a run at once. A run has few more batches than days are merged from it.
_BATCH_ROWS = 2_048

# What the days that are merged together may take, unless a single day takes more.
_MERGED_BYTES = 32_000_000
# A row group of a day that takes more.
_GROUP_BYTES = 16_000_000


@dataclass
class _Run:
    """Rows sorted by day: how many of each, the first of their batches, how many are merged."""

    days: dict[str, int]
    first_batch: int
    merged: int = 0


class DayFiles:
    """Writes ``{table}/published_day={day}/part-0.parquet`` below ``folder`` when it is closed."""

    def __init__(self, folder: Path, schemas: dict[str, pyarrow.Schema]) -> None:
        import pyarrow.ipc

        self._folder = folder
        self._spool = folder / _SPOOL
        self._spool.mkdir()
        packed = pyarrow.ipc.IpcWriteOptions(compression="lz4")
        self._streams = {
            table: pyarrow.ipc.new_file(self._spool / table, schema, options=packed)
            for table, schema in schemas.items()
        }
        self._runs: dict[str, list[_Run]] = {table: [] for table in schemas}
        self._batches = dict.fromkeys(schemas, 0)
        self._bytes = dict.fromkeys(schemas, 0)
        self._days: set[str] = set()

    def add(self, table: str, rows: pyarrow.Table, days: dict[str, int]) -> None:
        """Takes rows sorted by day, so many of each of ``days``, which may be none of a day."""
        self._days |= days.keys()
        self._runs[table].append(_Run(days, self._batches[table]))
        for batch in rows.to_batches(max_chunksize=_BATCH_ROWS):
            self._streams[table].write_batch(batch)
            self._batches[table] += 1
        self._bytes[table] += rows.nbytes

    def close(self) -> None:
        """Makes the files, of every table for every day, and removes the spool."""
        import pyarrow

        for stream in self._streams.values():
            stream.close()
        # Without a single file, a table could not even be seen to be empty.
        days = sorted(self._days) or [NO_DAY]
        for table in self._streams:
            with pyarrow.memory_map(str(self._spool / table)) as source:
                self._merge(table, days, pyarrow.ipc.open_file(source))
        shutil.rmtree(self._spool)

    def _merge(
        self, table: str, days: Sequence[str], spooled: pyarrow.ipc.RecordBatchFileReader
    ) -> None:
        runs = self._runs[table]
        total: Counter[str] = Counter()
        for run in runs:
            total.update(run.days)
        row_bytes = self._bytes[table] / max(1, total.total())
        for group in _groups(days, total, _MERGED_BYTES / row_bytes if row_bytes else 1):
            pieces = (piece for run in runs for piece in _pieces(run, group, spooled))
            if len(group) == 1:
                self._write(table, group[0], spooled.schema, _row_groups(pieces))
                continue
            rows = _sorted(pieces, runs, group, spooled.schema)
            start = 0
            for day in group:
                self._write(table, day, spooled.schema, [rows.slice(start, total[day])])
                start += total[day]

    def _write(
        self, table: str, day: str, schema: pyarrow.Schema, row_groups: Iterable[pyarrow.Table]
    ) -> None:
        import pyarrow.parquet

        path = self._folder / table / f"{DAY_PREFIX}{day}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as file:
            for rows in row_groups:
                file.write_table(rows)


def _groups(days: Sequence[str], rows: Counter[str], most: float) -> Iterator[list[str]]:
    """Runs of days that hold at most so many rows, or are single days."""
    group: list[str] = []
    held = 0
    for day in days:
        if group and held + rows[day] > most:
            yield group
            group, held = [], 0
        group.append(day)
        held += rows[day]
    yield group


def _pieces(
    run: _Run, days: Sequence[str], spooled: pyarrow.ipc.RecordBatchFileReader
) -> Iterator[pyarrow.RecordBatch]:
    """The next rows of a run, which are those of ``days``."""
    start = run.merged
    run.merged = end = start + sum(run.days.get(day, 0) for day in days)
    while start < end:
        number, skipped = divmod(start, _BATCH_ROWS)
        piece = spooled.get_batch(run.first_batch + number).slice(skipped, end - start)
        yield piece
        start += piece.num_rows


def _sorted(
    pieces: Iterable[pyarrow.RecordBatch],
    runs: Sequence[_Run],
    days: Sequence[str],
    schema: pyarrow.Schema,
) -> pyarrow.Table:
    import pyarrow

    rows = pyarrow.Table.from_batches(pieces, schema)
    counts = [run.days.get(day, 0) for run in runs for day in days]
    places = numpy.repeat(numpy.tile(numpy.arange(len(days)), len(runs)), counts)
    if (places[1:] >= places[:-1]).all():
        return rows
    return rows.combine_chunks().take(numpy.argsort(places, kind="stable"))


def _row_groups(pieces: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.Table]:
    import pyarrow

    waiting: list[pyarrow.RecordBatch] = []
    held = 0
    for piece in pieces:
        waiting.append(piece)
        held += piece.nbytes
        if held >= _GROUP_BYTES:
            yield pyarrow.Table.from_batches(waiting)
            waiting, held = [], 0
    if waiting:
        yield pyarrow.Table.from_batches(waiting)
