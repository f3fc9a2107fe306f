"""Bytes from files and standard input, decompressed on the way and never held whole."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from tagger.readers.errors import Unreadable
from tagger.readers.formats import STANDARD_INPUT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Markup and escapes may take many bytes a character; a picture may be written into a page.
_BYTES_PER_CHARACTER = 16
_ROOM_FOR_MARKUP = 64 << 20
HEAD_BYTES = 1 << 16
_PIECE = 1 << 22
_GZIP = b"\x1f\x8b"
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


class ByteStream(io.RawIOBase):
    """A stream whose first bytes, ``head`` (at most 64 KiB), can be looked at before reading.

    ``source`` is the stream below it, of which the head has been read. What lies before the damage
    of an archive is read, and the error raised after it.
    """

    def __init__(self, source: io.BufferedIOBase | BinaryIO) -> None:
        super().__init__()
        self.source = source
        # What ``read`` has when it meets the damage is lost.
        self._read: Callable[[int], bytes] = getattr(source, "read1", source.read)
        self._damage: Exception | None = None
        self.head = self._first(HEAD_BYTES)
        self._start = io.BytesIO(self.head)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._start.read(len(view))
        if not data:
            if self._damage is not None:
                raise self._damage
            data = self._read(len(view))
        view[: len(data)] = data
        return len(data)

    def _first(self, size: int) -> bytes:
        data = bytearray()
        try:
            while len(data) < size and (more := self._read(size - len(data))):
                data += more
        except _DAMAGE as error:
            if not data:
                raise
            self._damage = error
        return bytes(data)

    def buffered(self) -> io.BufferedReader:
        """The whole stream, head included; to be called once."""
        return io.BufferedReader(self, buffer_size=HEAD_BYTES)


@contextmanager
def open_bytes(path: str) -> Iterator[ByteStream]:
    """Opens a file or standard input (``-``); gzip is known by its first bytes.

    Raises Unreadable, also for what goes wrong while the caller reads: a file that is missing,
    forbidden or a folder, a damaged or truncated archive.
    """
    try:
        with _open(path) as raw:
            stream = ByteStream(raw)
            if stream.head.startswith(_GZIP):
                with gzip.GzipFile(fileobj=stream.buffered()) as unpacked:
                    yield ByteStream(unpacked)
            else:
                yield stream
    except _DAMAGE as error:
        raise Unreadable(
            f"the gzip file is truncated or damaged ({error})", "fetch or compress it again"
        ) from error
    except IsADirectoryError as error:
        raise Unreadable("a folder, where a file was expected", "check the path") from error
    except FileNotFoundError as error:
        raise Unreadable("no such file", "check the path", transient=True) from error
    except PermissionError as error:
        raise Unreadable(
            "no permission to read it", "change its rights, or exclude it", transient=True
        ) from error
    except OSError as error:
        raise Unreadable(
            f"cannot be read ({error})", "check the file and its disk", transient=True
        ) from error


def _open(path: str) -> nullcontext[BinaryIO] | BinaryIO:
    if path == STANDARD_INPUT:
        if sys.stdin is None or sys.stdin.closed:
            raise Unreadable(
                "standard input is closed", "pipe the article into it, or name its file instead"
            )
        return nullcontext(cast(BinaryIO, sys.stdin.buffer))
    return Path(path).open("rb")


def read_bounded(stream: ByteStream, max_characters: int) -> bytes:
    """Reads an article's file whole; raises Unreadable if it cannot fit ``max_characters``."""
    limit = byte_limit(max_characters)
    source, data = stream.buffered(), bytearray()
    # A reader makes room for all that it is asked for.
    while len(data) <= limit and (more := source.read(min(limit + 1 - len(data), _PIECE))):
        data += more
    if len(data) > limit:
        raise Unreadable(
            f"larger than {limit:,} bytes, too large for an article of {max_characters:,} "
            "characters",
            "split the file, or raise --max-characters",
        )
    return bytes(data)


def byte_limit(max_characters: int) -> int:
    """How many bytes of a file one article of ``max_characters`` may take at most."""
    # More than sys.maxsize no function of the interpreter takes as a length.
    return min(max_characters * _BYTES_PER_CHARACTER + _ROOM_FOR_MARKUP, sys.maxsize - 1)
