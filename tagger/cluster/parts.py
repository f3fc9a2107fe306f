"""One part of the output: the records of a run of units, written where the next run finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tagger.cluster.storage import Location, files_below, put, remove
from tagger.counts import Counts
from tagger.document import Document
from tagger.units import Item
from tagger.writers import OutputFormat, guess_format, open_writer
from tagger.writers.compression import PACKED, compression_of
from tagger.writers.errors import ErrorList


@dataclass(frozen=True)
class PartFormat:
    """What the parts of a run are: JSON lines, packed or not, or Parquet tables.

    ``packed`` is ``gz`` or ``zst``; ``by_day`` cuts tables by the day of publication. Raises
    ValueError for what a cluster cannot write, and ModuleNotFoundError naming the extra for what
    is not installed.
    """

    output_format: OutputFormat
    packed: str | None = None
    by_day: bool = False

    def __post_init__(self) -> None:
        if self.output_format not in (OutputFormat.JSONL, OutputFormat.PARQUET):
            raise ValueError(
                f"a cluster writes jsonl or parquet, not {self.output_format}: parts of it would "
                "not make one output"
            )
        if self.packed is not None:
            if self.output_format is not OutputFormat.JSONL:
                raise ValueError("Parquet tables are compressed already; leave the packing out")
            if f".{self.packed}" not in PACKED:
                raise ValueError(f"JSON lines are packed as gz or zst, not as {self.packed!r}")
            compression_of(Path(f"part.{self.packed}"))
        if self.by_day and self.output_format is not OutputFormat.PARQUET:
            raise ValueError(
                f"only Parquet tables are cut by day, not {self.output_format}; leave --by-day out"
            )

    @property
    def suffix(self) -> str:
        """How the names of parts end."""
        return f".{self.output_format}.{self.packed}" if self.packed else f".{self.output_format}"


def named_format(output: Location) -> tuple[OutputFormat, str | None]:
    """The format and the packing that the name of an output folder asks for by its suffixes, as
    the name of a file does in a local run: ``news.jsonl.zst``. JSON lines where it has none."""
    name = PurePosixPath(output.path)
    packed = name.suffix[1:] if name.suffix in PACKED else None
    try:
        return guess_format(Path(name.stem if packed else name.name)), packed
    except ValueError:
        return OutputFormat.JSONL, packed


@dataclass(frozen=True)
class PartRecord:
    """What was written as one part. ``last`` marks the last part of its shard.

    ``transient`` counts the failed articles with which nothing is wrong as far as is known. ``key``
    stands for all articles of the shard up to the end of this part, and ``before`` for those before
    it.
    """

    shard: int
    part: int
    last: bool
    counts: Counts
    transient: int
    before: str = ""
    key: str = ""


def write_part(
    shard: int, part: int, last: bool, outcomes: Iterable[Item], output: Location, form: PartFormat
) -> PartRecord:
    """Writes the records to ``part-…`` and the errors to ``errors/part-…`` below ``output``.

    Parts sort by name in input order, so that JSON lines put together are a local run's; one
    without articles has no records, one without errors no errors. Of Parquet, each table is a
    folder of parts. Files appear whole; doing it again writes the same. Raises OSError.
    """
    name = part_name(shard, part)
    counts = Counts()
    transient = 0
    with TemporaryDirectory(prefix="tagger-") as folder:
        records = Path(folder) / f"{name}{form.suffix}"
        errors = Path(folder) / f"{name}.errors"
        with ExitStack() as stack:
            writer = stack.enter_context(
                open_writer(records, form.output_format, by_day=form.by_day)
            )
            error_list = stack.enter_context(ErrorList(errors, say=lambda message: None))
            for outcome in outcomes:
                counts += Counts.of(outcome)
                if isinstance(outcome, Document):
                    writer.write(outcome)
                else:
                    error_list.add(outcome)
                    transient += outcome.transient
        if counts.articles:
            for place, file in _placed(records, name):
                put(output / place, file.read_bytes())
        if counts.failed:
            put(errors_place(output, shard, part), errors.read_bytes())
    return PartRecord(shard, part, last, counts, transient)


def remove_parts(output: Location, shard: int, parts: Collection[int]) -> None:
    """Removes all files of parts, in whatever folders of days they are."""
    if not parts:
        return
    names = tuple(part_name(shard, part) for part in parts)
    for file, _ in files_below(output):
        if PurePosixPath(file.path).name.startswith(names):
            remove(file)


def part_name(shard: int, part: int) -> str:
    """What the files of a part are called, up to their suffix."""
    return f"part-{shard:07d}-{part:06d}"


def errors_place(output: Location, shard: int, part: int) -> Location:
    """Where the errors of a part are listed, if there are any."""
    return output / f"errors/{part_name(shard, part)}.jsonl"


def _placed(records: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Each file of the records with its place in the output: a table's in the table's folder."""
    if records.is_file():
        yield records.name, records
        return
    for file in sorted(each for each in records.rglob("*") if each.is_file()):
        folder = file.parent.relative_to(records)  # of a day, where tables are cut by day
        place = folder if folder.parts else Path(file.stem)
        yield f"{place.as_posix()}/{name}{file.suffix}", file
