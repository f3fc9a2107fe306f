"""Which encoding bytes are in, and their text: UTF-8, GB18030, Big5 and UTF-16."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from tagger.readers.errors import Unreadable
from tagger.readers.plausibility import plausibility

# Names of subsets and dialects that pages declare, and the superset that reads them all.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In this order where two readings are equally plausible: the commoner encoding first.
_CANDIDATES = ("gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be")
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""")
_DECLARATION_WITHIN = 4096
# Chinese text scores above 0.6, the same bytes in a wrong encoding below 0.3.
_LEAST_PLAUSIBLE = 0.35
# A declaration decides between two readings that both look like Chinese.
_DECLARATION_BONUS = 0.1
_REMEDY = "name its encoding with --encoding, or convert the file to UTF-8"


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a whole file, without its byte order mark; line ends become ``\\n``.

    ``encoding`` is used as it is when given. Raises Unreadable, with the byte offset, for bytes
    that are not in the encoding or, when it is to be found, in none of those known.
    """
    name = encoding or detect(data)
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        raise undecodable(error) from error
    except UnicodeError as error:
        raise Unreadable(f"not {name} ({error})", _REMEDY) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def undecodable(error: UnicodeDecodeError) -> Unreadable:
    """Says which byte could not be decoded, and where."""
    return Unreadable(f"{_byte(error)} is not {error.encoding}", _REMEDY)


def _byte(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02x} at offset {error.start:,}"


def detect(data: bytes, *, complete: bool = True) -> str:
    """The codec name of the bytes, which may be only the head of a file (``complete`` False).

    Looks at the byte order mark, then whether the bytes are UTF-8, and else takes the reading
    that is most plausible as Chinese; a charset that the markup declares counts in its favour.
    Raises Unreadable where none is.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    utf8 = _attempt(data, "utf-8", complete=complete)
    if isinstance(utf8, str) and "\0" not in utf8:
        declared = _declared(data)
        # Some seven-bit encodings (HZ, ISO-2022) look like ASCII; a page then says so.
        return declared if declared in ("hz", "iso2022_kr") and utf8.isascii() else "utf-8"
    best = _most_plausible(data, complete=complete)
    if best is not None and best.score >= _LEAST_PLAUSIBLE:
        return best.encoding
    if isinstance(utf8, str):
        return "utf-8"
    furthest = _furthest(data, utf8)
    raise Unreadable(
        f"{_byte(furthest)} is not {furthest.encoding}, and the file does not read as Chinese in "
        "UTF-8, GB18030, Big5 or UTF-16",
        _REMEDY,
    )


@dataclass(frozen=True)
class _Reading:
    encoding: str
    score: float


def _most_plausible(data: bytes, *, complete: bool) -> _Reading | None:
    declared = _declared(data)
    names = dict.fromkeys((declared, *_CANDIDATES) if declared else _CANDIDATES)
    best: _Reading | None = None
    for name in names:
        text = _attempt(data, name, complete=complete)
        if isinstance(text, str):
            score = plausibility(text) + (_DECLARATION_BONUS if name == declared else 0)
            if best is None or score > best.score:
                best = _Reading(name, score)
    return best


def _furthest(data: bytes, utf8: UnicodeDecodeError) -> UnicodeDecodeError:
    """The fault to report: that of UTF-8 if any Chinese before it is UTF-8, else the last one."""
    if not data[: utf8.start].isascii():
        return utf8
    attempts = (_attempt(data, name, complete=True) for name in ("gb18030", "big5hkscs"))
    faults = [utf8, *(each for each in attempts if isinstance(each, UnicodeDecodeError))]
    return max(faults, key=lambda fault: fault.start)


def _attempt(data: bytes, name: str, *, complete: bool) -> str | UnicodeDecodeError:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        return decoder.decode(data, complete)
    except UnicodeDecodeError as error:
        return error


def _declared(data: bytes) -> str | None:
    """The charset that a page's or XML file's head names, if Python knows it."""
    match = _DECLARED.search(data, 0, _DECLARATION_WITHIN)
    if match is None:
        return None
    try:
        found = codecs.lookup(match[1].decode("ascii"))
    except LookupError:
        return None
    # Bytes that hold an ASCII declaration are not in a wide encoding, whatever it says; and codecs
    # such as base64 are none of text.
    if not found._is_text_encoding or found.name.startswith(("utf-16", "utf-32", "utf-7")):
        return None
    return _SUPERSETS.get(found.name, found.name)
