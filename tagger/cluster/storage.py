"""Files that every machine of a cluster reaches: by path on a shared disk, by URL elsewhere."""

from __future__ import annotations

import os
import posixpath
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from shutil import copyfileobj
from typing import Any, TypeVar
from uuid import uuid4

_URL = re.compile(
    r"(?P<prefix>[a-zA-Z][a-zA-Z0-9+.-]+://[^/?]*)(?P<path>/[^?]*)?(?P<settings>\?.*)?"
)

# An object appears in these stores only when its upload is complete.
_OBJECT_STORES = frozenset({"s3", "gcs", "abfs"})

# Storage that is shared by thousands of processes says "slow down" now and then.
_PAUSES = (1.0, 4.0, 16.0)

# Waiting mends none of these.
_LASTING = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Location:
    """A file or folder. Picklable; the filesystem is opened where it is used.

    ``prefix`` is a URL up to its path (``s3://bucket``), empty for this machine's own paths, and
    ``settings`` what follows a ``?`` (``?region=eu-west-1``), as in :mod:`pyarrow.fs`.
    """

    prefix: str
    path: str
    settings: str = ""

    @classmethod
    def of(cls, given: str | Path) -> Location:
        """The location that a path or a URL names; a relative path becomes an absolute one."""
        url = _URL.fullmatch(str(given)) if isinstance(given, str) else None
        if url is None:
            return cls("", os.path.abspath(given))  # noqa: PTH100 - links stay as they are
        return cls(url["prefix"], (url["path"] or "/").rstrip("/") or "/", url["settings"] or "")

    def __str__(self) -> str:
        return self.prefix + self.path

    def __truediv__(self, name: str) -> Location:
        return replace(self, path=posixpath.join(self.path, name))

    def holds(self, other: Location) -> bool:
        """Whether the other one lies below this folder."""
        below = other.path.startswith(f"{self.path.rstrip('/')}/")
        return other.prefix == self.prefix and below


def is_url(given: str | Path) -> bool:
    """Whether the input names a filesystem other than this machine's own."""
    return isinstance(given, str) and _URL.fullmatch(given) is not None


def kind_of(location: Location) -> str | None:
    """``file``, ``folder``, or None where there is nothing."""
    from pyarrow.fs import FileType

    filesystem, path = _opened(location)
    info = _patiently(location, lambda: filesystem.get_file_info(path))
    return {FileType.File: "file", FileType.Directory: "folder"}.get(info.type)


def files_below(folder: Location) -> Iterator[tuple[Location, int]]:
    """Every file below a folder with its size in bytes, in the order of their names."""
    from pyarrow.fs import FileSelector, FileType

    filesystem, path = _opened(folder)
    selector = FileSelector(path, recursive=True, allow_not_found=True)
    found = _patiently(folder, lambda: filesystem.get_file_info(selector))
    files = [
        (posixpath.relpath(each.path, path).split("/"), each.size or 0)
        for each in found
        if each.type is FileType.File
    ]
    for names, size in sorted(files):
        yield folder / "/".join(names), size


def size_of(location: Location) -> int:
    """The size of a file in bytes; 0 for what is none."""
    filesystem, path = _opened(location)
    return _patiently(location, lambda: filesystem.get_file_info(path)).size or 0


def read_bytes(location: Location) -> bytes:
    """The content of a file. Raises OSError."""
    filesystem, path = _opened(location)

    def attempt() -> bytes:
        with filesystem.open_input_stream(path, compression=None) as stream:
            return stream.read()

    return _patiently(location, attempt)


def fetch(location: Location, copy: Path) -> None:
    """Copies a file to this machine's disk. Raises OSError."""
    filesystem, path = _opened(location)

    def attempt() -> None:
        with (
            filesystem.open_input_stream(path, compression=None) as stream,
            copy.open("wb") as target,
        ):
            copyfileobj(stream, target, 1 << 20)

    _patiently(location, attempt)


def put(location: Location, data: bytes) -> None:
    """Writes a file that appears whole or not at all, and replaces an older one.

    Raises OSError.
    """
    filesystem, path = _opened(location)
    folder, name = posixpath.split(path)

    def attempt() -> None:
        if filesystem.type_name in _OBJECT_STORES:
            with filesystem.open_output_stream(path, compression=None) as stream:
                stream.write(data)
            return
        filesystem.create_dir(folder, recursive=True)
        temporary = posixpath.join(folder, f".{name}.{uuid4().hex}.tmp")
        try:
            with filesystem.open_output_stream(temporary, compression=None) as stream:
                stream.write(data)
            # HDFS, for one, does not rename onto a file.
            if filesystem.type_name != "local" and filesystem.get_file_info(path).is_file:
                filesystem.delete_file(path)
            filesystem.move(temporary, path)
        except BaseException:
            if filesystem.get_file_info(temporary).is_file:
                filesystem.delete_file(temporary)
            raise

    _patiently(location, attempt)


def remove(location: Location) -> None:
    """Removes a file, if there is one."""
    if kind_of(location) == "file":
        filesystem, path = _opened(location)
        _patiently(location, lambda: filesystem.delete_file(path))


def empty(folder: Location) -> None:
    """Removes everything below a folder that exists."""
    filesystem, path = _opened(folder)
    _patiently(folder, lambda: filesystem.delete_dir_contents(path, missing_dir_ok=True))


def _opened(location: Location) -> tuple[Any, str]:
    filesystem, base = _filesystem(location.prefix, location.settings)
    return filesystem, (base.rstrip("/") + location.path) if location.prefix else location.path


@cache
def _filesystem(prefix: str, settings: str) -> tuple[Any, str]:
    """The filesystem of a URL, and the path on it of the URL's root."""
    from pyarrow import ArrowInvalid, fs

    if not prefix:
        return fs.LocalFileSystem(), ""
    try:
        return fs.FileSystem.from_uri(f"{prefix}/{settings}")
    except ArrowInvalid as error:
        if "Unrecognized filesystem type" not in str(error):
            raise ValueError(f"{prefix}/{settings} is no URL of a filesystem ({error})") from error
    return _fsspec_filesystem(prefix)


def _fsspec_filesystem(prefix: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs
    from pyarrow import fs

    try:
        filesystem, base = url_to_fs(f"{prefix}/")
    except (ImportError, ValueError) as error:
        raise ValueError(f"{prefix} cannot be opened: {error}") from error
    return fs.PyFileSystem(fs.FSSpecHandler(filesystem)), base


def _patiently(location: Location, attempt: Callable[[], Result]) -> Result:
    """Tries again where waiting may help; what is raised in the end is an OSError that names the
    location."""
    for pause in (*_PAUSES, None):
        try:
            return attempt()
        except _LASTING as error:
            raise _naming(location, error) from None
        except OSError as error:
            if pause is None:
                raise _naming(location, error) from None
            time.sleep(pause)
        except Exception as error:  # storage's libraries have classes of their own
            raise OSError(f"{location}: {type(error).__name__}: {error}") from error
    raise AssertionError  # the last attempt returns or raises


def _naming(location: Location, error: OSError) -> OSError:
    if location.path in str(error):
        return error
    said = f"{location}: {error.strerror or error}"
    if error.errno:
        return OSError(error.errno, said)
    return next((kind for kind in _LASTING if isinstance(error, kind)), OSError)(said)
