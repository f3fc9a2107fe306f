"""Which encoding bytes are in, and their text: UTF-8, GB18030, Big5 and UTF-16."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from tagger.readers.errors import Unreadable
from tagger.readers.plausibility import plausibility

# The charsets that a declaration may name (by Python's names), and the superset that reads each.
# Latin-1 and its kin are not among them: every file decodes in these, so they would prove nothing.
_DECLARABLE = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "cp950",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
}
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
    except UnicodeError as error:
        raise undecodable(error) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def undecodable(error: UnicodeError) -> Unreadable:
    """Says which byte could not be decoded, and where."""
    if isinstance(error, UnicodeDecodeError):
        return Unreadable(f"{_byte(error)} is not {error.encoding}", _REMEDY)
    return Unreadable(f"it cannot be decoded ({error})", _REMEDY)


def _byte(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02x} at offset {error.start:,}"


def detect_lines(head: bytes) -> str:
    """The codec name of a file of lines, of which a few may be spoilt, from its head."""
    try:
        return detect(head, complete=False)
    except Unreadable:
        votes = Counter(name for line in head.splitlines() if (name := _vote(line)))
        return votes.most_common(1)[0][0] if votes else "utf-8"


def _vote(line: bytes) -> str | None:
    if line.isascii():
        return None
    try:
        return detect(line)
    except Unreadable:
        return None


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
    declared = _declared(data)
    if isinstance(utf8, str) and "\0" not in utf8:
        # HZ is written in seven bits and looks like ASCII; a page then says so.
        return "hz" if declared == "hz" and utf8.isascii() else "utf-8"
    best = _most_plausible(data, declared, complete=complete)
    if best is not None and best.score >= _LEAST_PLAUSIBLE:
        return best.encoding
    if declared and isinstance(_attempt(data, declared, complete=complete), str):
        return declared
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


def _most_plausible(data: bytes, declared: str | None, *, complete: bool) -> _Reading | None:
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
    """The charset that a page's or XML file's head names, if it is one that can be believed."""
    match = _DECLARED.search(data, 0, _DECLARATION_WITHIN)
    if match is None:
        return None
    try:
        return _DECLARABLE.get(codecs.lookup(match[1].decode("ascii")).name)
    except LookupError:
        return None
