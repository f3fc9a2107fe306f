"""JSON Lines, JSON arrays and single JSON objects to records, as a stream."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from tagger.readers.charsets import detect_lines, undecodable
from tagger.readers.errors import Unreadable
from tagger.readers.json_values import JSON_REMEDY, json_fault, json_values
from tagger.readers.options import ReadOptions
from tagger.readers.records import Row
from tagger.readers.streams import HEAD_BYTES, ByteStream, byte_limit

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 20


_OPENS_ARRAY = re.compile(rb"\[\s*(?:\{|\]?$)")
_LONG_NUMBER = re.compile(r"[0-9]{20}|-[0-9]{19}")


def json_rows(stream: ByteStream, options: ReadOptions) -> Iterator[Row]:
    """Yields one row a line, or one an object where objects run over lines or fill an array.

    A malformed line costs that line; a malformed object inside an array ends the file, since
    nothing says where the next one begins. Raises Unreadable for undecodable bytes.
    """
    encoding = options.encoding or detect_lines(stream.head)
    limit = byte_limit(options.max_characters)
    if _is_wide(encoding) or not _holds_lines(stream.head, encoding):
        yield from _values(stream, encoding, limit)
    elif _ends_in_returns(stream.head):
        yield from _lines(io.BufferedReader(_Newlines(stream), _CHUNK), encoding, limit)
    else:
        yield from _lines(stream.buffered(), encoding, limit)


def _holds_lines(head: bytes, encoding: str) -> bool:
    """Whether each line is a value of its own, told by the first lines that are not blank."""
    lines = head.removeprefix(codecs.BOM_UTF8).splitlines()
    first, *others = [line.strip() for line in lines if line.strip()][:4] or [b""]
    if _OPENS_ARRAY.match(first):
        return False
    is_cut = not others and len(head) == HEAD_BYTES and not head.endswith((b"\n", b"\r"))
    if is_cut or not first.endswith((b"{", b",")):
        return True
    # Whole objects follow a line that is torn, but not the first line of a longer object.
    return (
        not _is_object(first.removesuffix(b","), encoding)
        and bool(others)
        and _is_object(others[0], encoding)
        and all(each.startswith(b"{") for each in others)
    )


def _is_object(line: bytes, encoding: str) -> bool:
    try:
        return isinstance(orjson.loads(line.decode(encoding, "replace")), dict)
    except orjson.JSONDecodeError:
        return False


def _ends_in_returns(head: bytes) -> bool:
    """Whether lines end as on an old Macintosh; the last byte may be half of a line end."""
    return b"\n" not in head and b"\r" in head[:-1]


class _Newlines(io.RawIOBase):
    """A stream with a newline for each carriage return."""

    def __init__(self, source: ByteStream) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        size = self._source.readinto(view)
        view[:size] = bytes(view[:size]).replace(b"\r", b"\n")
        return size


def _is_wide(encoding: str) -> bool:
    return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))


def _lines(source: io.BufferedReader, encoding: str, limit: int) -> Iterator[Row]:
    number = 0
    while line := source.readline(limit):
        number += 1
        place = f"line {number}"
        if not line.endswith(b"\n") and len(line) == limit:
            while (rest := source.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            reason = f"the line is longer than {limit:,} bytes"
            yield Row(number, place, Unreadable(reason, "split it, or raise --max-characters"))
        elif line.strip():
            yield Row(number, place, _parse_line(line, encoding))


def _parse_line(line: bytes, encoding: str) -> Mapping[str, Any] | Unreadable:
    try:
        text = line.decode(encoding).removeprefix("\ufeff").strip()
    except UnicodeDecodeError as error:
        return undecodable(error)
    return _parse(text)


def _parse(text: str) -> Mapping[str, Any] | Unreadable:
    try:
        # The faster parser makes floats of whole numbers that 64 bits do not hold.
        value = json.loads(text) if _LONG_NUMBER.search(text) else orjson.loads(text)
    except (ValueError, RecursionError):
        # The slower parser also takes NaN and lone surrogates, which get an error of their own.
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            return Unreadable(f"malformed JSON ({json_fault(error)})", JSON_REMEDY)
        except (ValueError, RecursionError) as error:
            return Unreadable(f"JSON that cannot be read ({error})", JSON_REMEDY)
    return _require_object(value)


def _require_object(value: Any) -> Mapping[str, Any] | Unreadable:
    if isinstance(value, dict):
        return value
    name = {list: "an array", str: "a string", type(None): "null"}.get(type(value), "a number")
    return Unreadable(f"a JSON record that is {name}, not an object", JSON_REMEDY)


def _values(stream: ByteStream, encoding: str, limit: int) -> Iterator[Row]:
    source = io.TextIOWrapper(stream.buffered(), encoding=encoding)
    number = 0
    try:
        for value in json_values(source, limit):
            number += 1
            yield Row(number, f"item {number}", _require_object(value))
    except UnicodeDecodeError as error:
        raise undecodable(error) from error
    except Unreadable as failure:
        yield Row(number + 1, f"item {number + 1}", failure)
