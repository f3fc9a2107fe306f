"""What a caller may say about how articles are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

FORMATS = ("text", "markdown", "html", "jsonl", "csv", "parquet")
FIELDS = ("text", "title", "id", "published", "source", "author", "url", "categories", "tags")


@dataclass(frozen=True)
class ReadOptions:
    """How articles are found and read. Raises ValueError, naming the value, for a bad one.

    ``include`` and ``exclude`` are glob patterns over paths below a given folder (``*.md``,
    ``drafts/*``); ``exclude`` also holds for files given by name. ``own`` are real paths of files
    and folders that are left out wherever a folder or a pattern finds them, and the absolute paths
    of links to them. ``columns`` maps a field (text, title, id, published, source, author, url,
    categories, tags) to the column that holds it; fields not named are guessed. ``encoding`` is a
    Python codec name and switches detection off. ``max_characters`` bounds one article, in code
    points. ``timezone`` is an IANA name given to times that are written without a zone. ``format``
    forces one of ``FORMATS``. With ``content_hash`` each document gets the hash of its text.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    max_characters: int = 5_000_000
    timezone: str | None = None
    format: str | None = None
    content_hash: bool = False
    own: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.format is not None and self.format not in FORMATS:
            raise ValueError(f"format={self.format!r} is none of {', '.join(FORMATS)}")
        for name in ("include", "exclude"):
            # Letter by letter, *.md would match everything.
            if isinstance(pattern := getattr(self, name), str):
                raise ValueError(f"{name}={pattern!r} is one pattern; give a tuple: ({pattern!r},)")
        for name in self.columns:
            if name not in FIELDS:
                raise ValueError(f"columns: {name!r} is none of {', '.join(FIELDS)}")
        if self.max_characters < 1:
            raise ValueError(f"max_characters={self.max_characters} must be at least 1")
        if self.encoding is not None:
            _require_text_encoding(self.encoding)
        if self.timezone is not None:
            _require_timezone(self.timezone)


def _require_text_encoding(name: str) -> None:
    try:
        "a".encode(name).decode(name)
    except (LookupError, ValueError) as error:
        raise ValueError(
            f"encoding={name!r} is unknown; use a name such as utf-8, gb18030, big5 or utf-16"
        ) from error


def _require_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(
            f"timezone={name!r} is unknown; use an IANA name such as Asia/Shanghai"
        ) from error
