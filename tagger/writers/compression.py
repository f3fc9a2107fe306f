"""JSON lines packed for a file name: as they are, as gzip or as Zstandard.

Each call packs a whole member, and members one behind the other are a file of the format: so a
file can be added to, and the same records give the same bytes.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_GZIP_LEVEL = 6

# How the names of packed files end.
PACKED = (".gz", ".zst")

# How a file of it begins (RFC 8878, 3.1.1).
ZSTANDARD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True)
class Compression:
    """How bytes are packed and unpacked; ``name`` is ``none``, ``gzip`` or ``zstd``.

    ``open`` makes a stream that packs what is written to it into the stream given.
    """

    name: str
    pack: Callable[[bytes], bytes]
    unpack: Callable[[bytes], bytes]
    open: Callable[[BinaryIO], Any]


def compression_of(path: Path) -> Compression:
    """The compression that a file name asks for by ``.gz`` or ``.zst``.

    Raises ModuleNotFoundError naming the extra where Zstandard is not installed.
    """
    if path.suffix == ".gz":
        return GZIP
    if path.suffix == ".zst":
        return _zstandard()
    return NO_COMPRESSION


def _gzip(data: bytes) -> bytes:
    # Without a time in its header, the same records give the same bytes.
    return gzip.compress(data, _GZIP_LEVEL, mtime=0)


def _open_gzip(stream: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=stream, mtime=0)


def _zstandard() -> Compression:
    try:
        from backports import zstd
    except ModuleNotFoundError:
        try:
            from compression import zstd  # type: ignore[import-not-found,no-redef]
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "Zstandard needs the backport of Python 3.14's module; install it with: "
                "pip install 'caijing-tagger[zstd]'"
            ) from error
    return Compression(
        "zstd", zstd.compress, zstd.decompress, lambda stream: zstd.ZstdFile(stream, "w")
    )


NO_COMPRESSION = Compression("none", bytes, bytes, nullcontext)
GZIP = Compression("gzip", _gzip, gzip.decompress, _open_gzip)
