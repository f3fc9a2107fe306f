"""``tagger tag --engine ray``: shards of the input through a pool of tagging actors."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagger import __version__
from tagger.cluster.journal import Journal
from tagger.cluster.listing import SourceFile, find_inputs
from tagger.cluster.parts import PartFormat, PartRecord, errors_place
from tagger.cluster.plan import Shard, cut_shards
from tagger.cluster.session import LOCAL_OBJECT_STORE, ClusterError, connected
from tagger.cluster.stages import PartTagger, ShardReader, Unfinished, packed, unpacked
from tagger.cluster.storage import Location, read_bytes
from tagger.extras import needing
from tagger.readers import ReadError, ReadOptions
from tagger.summary import Summary
from tagger.tagging import StoppedAtError
from tagger.units import UNIT_ARTICLES, Loader
from tagger.writers import OutputFormat

# 512 articles: some minutes of one core, and files of some megabytes.
PART_UNITS = 16

# Reading takes a thousandth of the work, but a store of small files answers slowly.
_ACTORS_A_READER = 16


@dataclass
class ClusterSummary(Summary):
    """Counts of all that stands in the output, in ``parts`` parts."""

    parts: int = 0

    def add_part(self, record: PartRecord, new: bool) -> None:
        """Counts a finished part, which an earlier run wrote if it is not ``new``."""
        self.parts += 1
        self.add(record.counts, new)

    def take_back(self, record: PartRecord) -> None:
        """Counts no more a part of an earlier run that stands no more."""
        self.parts -= 1
        self.counts -= record.counts
        self.kept -= record.counts


def run(
    inputs: str | Path | Iterable[str | Path],
    output: str | Path,
    load: Loader,
    options: ReadOptions | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    output_format: OutputFormat = OutputFormat.JSONL,
    packed: str | None = None,
    by_day: bool = False,
    batch_size: int = UNIT_ARTICLES,
    part_units: int = PART_UNITS,
    address: str | None = None,
    actors: int | None = None,
    cpus_per_actor: int = 1,
    gpus_per_actor: float = 0,
    object_store_memory: int = LOCAL_OBJECT_STORE,
    restart: bool = False,
    stop_at_error: bool = False,
    after_each: Callable[[ClusterSummary], None] = lambda summary: None,
) -> ClusterSummary:
    """Tags the articles of many files on a Ray cluster, or on this machine's cores.

    Args:
        inputs: files, folders and glob patterns, or one of them, as paths that every machine
            reaches or as URLs.
        output: the folder of the parts, as such a path or URL. One that a run with the same
            inputs and settings began is gone on with.
        load: makes the tagger in each actor; picklable, and with ``cpus_per_actor`` threads.
        options: how articles are found and read.
        settings: what else shapes the records, such as the model's digest; JSON. A run goes on
            with what was made with equal ones.
        output_format: JSON lines or Parquet tables.
        packed: ``gz`` or ``zst`` for packed JSON lines.
        by_day: cuts Parquet tables by the day of publication.
        batch_size: articles that are tagged together.
        part_units: batches that make one part: what one actor tags and one file holds.
        address: the cluster; see :func:`~tagger.cluster.session.connected`.
        actors: tagging processes, at most; None for as many as there is room for now. On a
            cluster that grows, more actors than there is room for make it grow.
        cpus_per_actor: cores that each of them takes.
        gpus_per_actor: graphics processors, or a share of one, that each of them takes.
        object_store_memory: bytes for parts under way, where Ray is started here.
        restart: empties an output folder of an earlier run instead of going on with it.
        stop_at_error: ends the run at the first part that holds an article that failed, be it of
            an earlier run.
        after_each: called with the counts so far whenever a part is finished; what it raises
            ends the run, as an interruption does, without loss of a finished part.

    Raises:
        ValueError: for standard input, a format that has no parts, or an output folder of other
            inputs or settings.
        FileExistsError: for an output folder that no run made.
        ModuleNotFoundError: naming the extra, where Ray is not installed.
        ClusterError: where Ray does not start or answer, or gives up.
        OSError: naming the place, where the input cannot be listed or the output written.
        StoppedAtError: saying the first error of a part, if ``stop_at_error``.

    What ``load`` raises is raised too. An article that cannot be read or tagged raises nothing.
    """
    with needing("ray", "the cluster engine"):
        import pyarrow.fs  # noqa: F401  every storage is opened by it
    options = options or ReadOptions()
    target = Location.of(output)
    form = PartFormat(output_format, packed, by_day)
    shards = list(cut_shards(find_inputs(inputs, options, target)))
    all_settings = {
        "version": __version__,
        **(settings or {}),
        "inputs": _digest(shards),
        "options": repr(options),
        "format": form.suffix,
        "by_day": by_day,
        "batch_size": batch_size,
        "part_units": part_units,
    }
    summary = ClusterSummary()
    with Journal(target, all_settings, restart=restart) as journal:
        for record in journal.records:
            summary.add_part(record, new=False)
            if stop_at_error and record.counts.failed:
                raise StoppedAtError(_first_error(target, record))
        unfinished = [Unfinished(*each) for each in journal.unfinished(shards)]
        if not unfinished:
            return summary
        cpus = actors * cpus_per_actor if actors else None
        with connected(address, cpus=cpus, object_store_memory=object_store_memory):
            resources = _Resources(cpus_per_actor, gpus_per_actor)
            _require_loading(load, resources)
            for record in _tagged_parts(
                unfinished,
                ShardReader(options, batch_size, part_units),
                (load, target, form),
                actors,
                resources,
            ):
                for each in journal.add(record):
                    summary.take_back(each)
                summary.add_part(record, new=True)
                after_each(summary)
                if stop_at_error and record.counts.failed:
                    raise StoppedAtError(_first_error(target, record))
        if torn := journal.unfinished(shards):
            raise ClusterError(
                f"{len(torn)} of {len(shards)} shards were read twice with different results, "
                "since a file of theirs could not be read one of the times"
            )
    return summary


def _first_error(output: Location, record: PartRecord) -> str:
    lines = read_bytes(errors_place(output, record.shard, record.part)).splitlines()
    return str(ReadError(**json.loads(lines[0])))


@dataclass(frozen=True)
class _Resources:
    """What an actor takes of a machine."""

    cpus: int
    gpus: float

    def room(self) -> int:
        """How many actors the cluster holds now; one, at least, which waits for a machine."""
        import ray

        there = ray.cluster_resources()
        room = int(there.get("CPU", 0) // self.cpus)
        if self.gpus:
            room = min(room, int(there.get("GPU", 0) / self.gpus))
        return max(1, room)


def _require_loading(load: Loader, resources: _Resources) -> None:
    """Loads the tagger once on the cluster, for what an actor raises at its birth reads badly."""
    import ray
    from ray.exceptions import RayTaskError

    # The process ends with the call, and with it the model's memory is free.
    task = ray.remote(num_cpus=resources.cpus, num_gpus=resources.gpus, max_calls=1)(_loads)
    try:
        ray.get(task.remote(load))
    except RayTaskError as error:
        raise error.cause from error


def _loads(load: Loader) -> None:
    load()


def _tagged_parts(
    unfinished: list[Unfinished],
    reader: ShardReader,
    tagger: tuple[Loader, Location, PartFormat],
    actors: int | None,
    resources: _Resources,
) -> Iterator[PartRecord]:
    """The job itself; yields what was written, in the order in which it was finished."""
    from ray.data import ActorPoolStrategy, DataContext, TaskPoolStrategy, from_arrow

    room = resources.room()
    actors = actors or room
    readers = min(2 + actors // _ACTORS_A_READER, len(unfinished))
    context = _data_context()
    with DataContext.current(context):
        outcomes = (
            from_arrow([packed(each) for each in unfinished])
            .map_batches(
                reader,
                batch_size=1,
                batch_format="pyarrow",
                # Without a core of its own, so that a reader never waits for a tagger to end.
                num_cpus=0,
                compute=TaskPoolStrategy(size=readers),
            )
            .map_batches(
                PartTagger,
                fn_constructor_args=tagger,
                batch_size=1,
                batch_format="pyarrow",
                num_cpus=resources.cpus,
                num_gpus=resources.gpus,
                compute=ActorPoolStrategy(
                    min_size=1,
                    max_size=actors,
                    initial_size=min(actors, room),
                    # One part is tagged while the next is fetched.
                    max_tasks_in_flight_per_actor=2,
                ),
            )
        )
    for table in outcomes.iter_batches(batch_size=None, batch_format="pyarrow"):
        outcome = unpacked(table)
        if isinstance(outcome, OSError):
            raise outcome
        yield outcome


def _data_context() -> Any:
    from ray.data import DataContext

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Ray's, of settings of its own
        context = DataContext.get_current().copy()
    context.enable_progress_bars = False
    # One part a block: what an actor takes is what a file holds.
    context.target_max_block_size = 1
    # A part may take long, and machines that were taken away may be long in coming back.
    context.execution_no_progress_timeout_s = -1
    return context


def _digest(shards: Iterable[Shard]) -> str:
    """A fingerprint of the listing: names and sizes, and how they were divided."""
    digest = hashlib.sha256()
    for shard in shards:
        for each in shard.entries:
            file = (each.name, each.size) if isinstance(each, SourceFile) else each
            digest.update(repr((shard.number, file)).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:16]
