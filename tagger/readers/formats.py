"""Which format a file has: by its name, else by its first bytes."""

from __future__ import annotations

import re
from pathlib import Path

from tagger.readers.errors import Unreadable

STANDARD_INPUT = "-"

_SUFFIXES = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}

# The first bytes of what is no article, with its name (the formats' own specifications).
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
)
_FOREIGN_SUFFIXES = {".pdf": "a PDF", ".doc": "an Office document", ".docx": "an Office document"}

_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*<(?:!--|p|div|h[1-6]|article|section|table|span|br)\b", re.IGNORECASE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def format_by_name(path: str) -> str | None:
    """The format that a file's name says, with or without ``.gz``; None for an unknown suffix."""
    suffix = _suffix(path)
    # The last part of a name such as 快讯2022.02.18 is a date, not a suffix.
    return "text" if suffix[1:].isdigit() else _SUFFIXES.get(suffix)


def choose_format(path: str, head: bytes) -> str:
    """The format of a file by its name, or by ``head``, its first bytes after decompression.

    Raises Unreadable for what is plainly no text, such as a PDF.
    """
    foreign = next((name for magic, name in _FOREIGN if head.startswith(magic)), None)
    foreign = foreign or _FOREIGN_SUFFIXES.get(_suffix(path))
    if foreign == "a PDF":
        raise Unreadable(
            "a PDF, which is out of scope", "convert it to text first, for example with pdftotext"
        )
    if foreign:
        unpack = "unpack it, or " if "archive" in foreign else ""
        raise Unreadable(f"{foreign}, not an article", f"{unpack}convert it to text or HTML first")
    if head.startswith(b"PAR1"):
        return "parquet"
    named = None if path == STANDARD_INPUT else format_by_name(path)
    if named == "text" and _PAGE.match(head.removeprefix(_BYTE_ORDER_MARK)):
        return "html"
    if named and _suffix(path):
        return named
    return _format_by_content(head.removeprefix(_BYTE_ORDER_MARK))


def _suffix(path: str) -> str:
    name = Path(path)
    if name.suffix.lower() == ".gz":
        name = name.with_suffix("")
    return name.suffix.lower()


def _format_by_content(head: bytes) -> str:
    stripped = head.lstrip()
    if stripped.startswith((b'{"', b"[{")) or re.match(rb'[\[{]\s+["{]', stripped):
        return "jsonl"
    if _PAGE.match(head) or _MARKUP.match(head):
        return "html"
    if head.startswith((b"---\n", b"---\r\n", b"# ")):
        return "markdown"
    return "text"
