"""The content of a corpus file: its text, and the JSON records in it with their lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tagger.readers.charsets import decode
from tagger.readers.errors import Unreadable
from tagger.readers.streams import open_bytes
from training.examples import CorpusError, Fault

_WHITESPACE = " \t\r\n"
_ONE_RECORD_A_LINE = "write one JSON record a line, or one array of records"


class JsonRecord(NamedTuple):
    """A record, where it stands in the file (its first line and its number, from 1), and what
    makes it unreadable, if anything does."""

    line: int
    number: int
    value: Any
    fault: str | None = None
    remedy: str = _ONE_RECORD_A_LINE


def read_text(path: Path) -> str:
    """The text of a file, also gzipped, in UTF-8, GB18030, Big5 or UTF-16; lines end in ``\\n``.

    Raises CorpusError for a file that cannot be read.
    """
    try:
        with open_bytes(str(path)) as stream:
            return decode(stream.buffered().read())
    except Unreadable as failure:
        raise CorpusError([Fault(str(path), failure.reason, failure.remedy)]) from failure


def read_texts(path: Path) -> list[str]:
    """The ``text`` of every record of a file of JSON records, annotated or not, less empty ones.

    Raises CorpusError naming the line of each record that has none.
    """
    texts: list[str] = []
    faults: list[Fault] = []
    for record in json_records(read_text(path)):
        text = record.value.get("text") if isinstance(record.value, dict) else None
        if isinstance(text, str):
            texts.append(text)
        else:
            faults.append(
                Fault(
                    f"{path}:{record.line}",
                    record.fault or "not an object with a string 'text'",
                    record.remedy if record.fault else 'write {"text": …}',
                )
            )
    if faults:
        raise CorpusError(faults)
    return [text for text in texts if text]


def json_records(text: str) -> Iterator[JsonRecord]:
    """The records of JSON lines or of one JSON array, in order."""
    if is_array(text):
        yield from _elements(text)
        return
    number = 0
    for line, content in enumerate(text.split("\n"), 1):
        if not content.strip():
            continue
        number += 1
        try:
            yield JsonRecord(line, number, orjson.loads(content))
        except orjson.JSONDecodeError as error:
            yield JsonRecord(line, number, None, f"not JSON at column {error.colno}: {error.msg}")


def is_array(text: str) -> bool:
    """Whether a JSON file is one array."""
    return text.lstrip(_WHITESPACE).startswith("[")


def _elements(text: str) -> Iterator[JsonRecord]:
    """The elements of an array; behind one that is broken nothing more can be read."""
    decoder = json.JSONDecoder()
    place = _behind_space(text, text.index("[") + 1)
    line, counted, number = 1, 0, 0
    while text[place : place + 1] != "]":
        number += 1
        line, counted = line + text.count("\n", counted, place), place
        try:
            value, end = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            reason = f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}"
            yield JsonRecord(line, number, None, reason, "mend the array; the rest is not read")
            return
        yield JsonRecord(line, number, value)
        place = _behind_space(text, end)
        if text[place : place + 1] == ",":
            place = _behind_space(text, place + 1)
        elif text[place : place + 1] != "]":
            reason = f"neither a comma nor the end of the array behind record {number}"
            yield JsonRecord(line, number, None, reason, "mend the array; the rest is not read")
            return


def _behind_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in _WHITESPACE:
        place += 1
    return place
