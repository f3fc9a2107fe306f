"""JSON objects in an array, or one after the other, read from a stream as they come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from tagger.readers.errors import Unreadable

JSON_REMEDY = "mend the JSON; every record is one object in braces"

_CHUNK = 1 << 20
# Between two values; brackets belong to it, since an array of records is only a list of them.
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
# A fault this near to the end of what was read may be only a value cut in two.
_MARGIN = 16
_STOPPED = ", and nothing after it was read"


def json_values(source: TextIO, limit: int) -> Iterator[Any]:
    """Yields the values of a stream, each of at most ``limit`` characters.

    Raises Unreadable for a malformed value, since nothing says where the next one begins, and for
    an array that is never closed. Decoding errors pass through.
    """
    decoder = json.JSONDecoder()
    buffer, at, open_arrays, wanted = "", 0, 0, _CHUNK
    finished = False
    while True:
        between = _BETWEEN.match(buffer, at)
        if between is not None:
            open_arrays += between[0].count("[") - between[0].count("]")
            at = between.end()
        if at < len(buffer):
            found = _decode(decoder, buffer, at, finished=finished)
            if found is not None:
                value, at = found
                yield value
                wanted = _CHUNK
                continue
            if len(buffer) - at > limit:
                raise Unreadable(
                    f"a JSON value of more than {limit:,} characters{_STOPPED}",
                    "split it, or raise --max-characters",
                )
        if finished:
            break
        more = source.read(wanted)
        # Twice as much each time, so that a long value is not parsed again and again.
        wanted *= 2
        finished = not more
        buffer, at = buffer[at:] + more, 0
    if open_arrays > 0:
        raise Unreadable("the JSON array is never closed: the file is cut off", "fetch it again")


def json_fault(error: json.JSONDecodeError, at: int = 0) -> str:
    """What the parser has found, and how many characters behind ``at``."""
    return f"{error.msg.removesuffix(' at')} at character {error.pos - at:,}"


def _decode(
    decoder: json.JSONDecoder, buffer: str, at: int, *, finished: bool
) -> tuple[Any, int] | None:
    """The value at ``at`` and its end; None where more of the stream may complete it."""
    try:
        value, end = decoder.raw_decode(buffer, at)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(buffer) - _MARGIN or error.msg.startswith("Unterminated")
        if cut and not finished:
            return None
        raise Unreadable(
            f"malformed JSON ({json_fault(error, at)} of the record){_STOPPED}", JSON_REMEDY
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"JSON that cannot be read ({error}){_STOPPED}", JSON_REMEDY) from error
    # A number that ends where the buffer ends may go on.
    return (value, end) if end < len(buffer) or finished else None
