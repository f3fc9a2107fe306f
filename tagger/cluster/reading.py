"""What a reading task does: the files of a shard to parts, each a run of units of work."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tagger.cluster.listing import Entry, SourceFile
from tagger.cluster.plan import Shard
from tagger.cluster.storage import fetch
from tagger.document import Document
from tagger.readers import ReadError, ReadOptions, read
from tagger.readers.files import shown
from tagger.units import Item, Unit, cut_units


def read_parts(
    shard: Shard, options: ReadOptions, batch_size: int, part_units: int
) -> Iterator[list[Unit]]:
    """Yields the units of a shard, of at most ``batch_size`` articles, ``part_units`` at a time.

    No more than one part is in memory. What cannot be read is an item of its unit. Raises OSError
    for a full disk.
    """
    reading = replace(options, include=(), exclude=())  # they were asked when files were listed
    items = (item for entry in shard.entries for item in _read(entry, reading))
    units = cut_units(items, batch_size)
    while part := list(islice(units, part_units)):
        yield part


def _read(entry: Entry, options: ReadOptions) -> Iterator[Item]:
    if isinstance(entry, ReadError):
        yield entry
        return
    try:
        with _on_this_machine(entry) as path:
            for item in read([path], options):
                yield _called(item, shown(str(path)), entry.name)
    except FileNotFoundError:
        yield _failed(entry.name, "no such file", "check the path")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise  # this machine's fault, not the file's
        yield _failed(entry.name, f"cannot be read ({error})", "check the file and its rights")


def _failed(name: str, reason: str, remedy: str) -> ReadError:
    return ReadError(name, None, name, reason, remedy, transient=True)


@contextmanager
def _on_this_machine(file: SourceFile) -> Iterator[Path]:
    """A path under which the readers find the file.

    A file of another filesystem is copied to this machine's disk first: tagging is so much slower
    than reading that a connection would stay open for hours, and be cut.
    """
    if not file.location.prefix:
        yield Path(file.location.path)
        return
    with TemporaryDirectory(prefix="tagger-") as folder:
        copy = Path(folder) / posixpath.basename(file.location.path)
        fetch(file.location, copy)
        yield copy


def _called(item: Item, path: str, name: str) -> Item:
    """The item as if ``name`` were what its file is called."""
    if path == name:
        return item
    id = item.id
    if id == path or id.startswith(f"{path}#"):
        id = name + id[len(path) :]
    if isinstance(item, Document):
        item.id = id
        return item
    return replace(item, path=name, id=id)
