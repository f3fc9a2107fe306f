"""What a format's reader found of an article, and the document that is made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tagger.document import Document, Mark
from tagger.published import read_published
from tagger.readers.credits import find_source
from tagger.readers.datelines import find_dateline
from tagger.readers.errors import Unreadable
from tagger.readers.options import ReadOptions
from tagger.readers.securities import Security, describe_securities, tagged_securities

# Of a body these first lines may hold its dateline.
_HEAD = 8
_CLOSING_PUNCTUATION = "。！？!?：:"
_AFTER_TITLE = re.compile(rf"[{_CLOSING_PUNCTUATION}]*[^\S\n]*\n?")


@dataclass
class Article:
    """Body and fields as a format gives them; marks are offsets into ``body``."""

    body: str
    title: str | None = None
    published: Any = None
    source: str | None = None
    marks: list[Mark] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    securities: list[Security] = field(default_factory=list)


def to_document(article: Article, id: str, options: ReadOptions) -> Document:
    """Puts the title first and normalises the fields.

    Raises Unreadable for an article without text, over ``max_characters``, or with a lone
    surrogate anywhere. Null characters are kept as they are.
    """
    title = " ".join((article.title or "").split())
    body, marks = _without_title(article.body, article.marks, title)
    if not title and not body.strip():
        raise Unreadable("it holds no text", "remove it, or check that it was saved whole")
    offset = len(title) + 1 if title else 0
    text = f"{title}\n{body}" if title else body
    require_length(text, options)
    tagged = list(tagged_securities(text))
    securities = describe_securities([*article.securities, *(each for _, each in tagged)])
    printed = article.published in (None, "")
    written = find_dateline(body.split("\n", _HEAD)[:_HEAD]) if printed else article.published
    published = read_published(written, options.timezone)
    document = Document(
        text=text,
        id=id,
        title=title or None,
        body_start=offset,
        published=published,
        source=article.source or find_source(body),
        metadata=_metadata(article, published, securities),
        marks=_merged(
            [moved(mark, offset) for mark in marks],
            [mark for mark, _ in tagged],
        ),
    )
    require_encodable(document)
    return document


def moved(mark: Mark, by: int) -> Mark:
    """The mark so many characters farther on."""
    return replace(mark, start=mark.start + by, end=mark.end + by)


def require_length(text: str, options: ReadOptions) -> None:
    """Raises Unreadable for a text over ``max_characters``."""
    if len(text) > options.max_characters:
        raise Unreadable(
            f"{len(text):,} characters, more than the limit of {options.max_characters:,}",
            "split the article, or raise --max-characters",
        )


def require_encodable(document: Document) -> None:
    """Raises Unreadable, with the offset, for a string that cannot be written as UTF-8."""
    fields = {
        "text": document.text,
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "metadata": document.metadata,
    }
    for name, value in fields.items():
        _require_encodable(name, value)


def require_no_surrogate(name: str, text: str) -> None:
    """Raises Unreadable, with the offset, for a text that cannot be written as UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        code = f"U+{ord(text[error.start]):04X}"
        raise Unreadable(
            f"{name} holds the lone surrogate {code} at character {error.start:,}, which is no "
            "text",
            "mend it where it was written, or name the file's encoding with --encoding",
        ) from error


def _require_encodable(name: str, value: Any) -> None:
    if isinstance(value, str):
        require_no_surrogate(name, value)
    elif isinstance(value, dict):
        for key, each in value.items():
            _require_encodable(name, key)
            _require_encodable(f"{name}.{key}", each)
    elif isinstance(value, list):
        for each in value:
            _require_encodable(name, each)


def _without_title(body: str, marks: list[Mark], title: str) -> tuple[str, list[Mark]]:
    """The body without a first line, or a bracketed head, that only repeats the title."""
    cut = _repeated_title(body, title) if title else 0
    return body[cut:], [moved(mark, -cut) for mark in marks if mark.start >= cut]


def _repeated_title(body: str, title: str) -> int:
    """How many characters at the head of the body repeat the title."""
    start = len(body) - len(body.lstrip())
    # The body may space the title differently.
    words = r"\s+".join(re.escape(word) for word in title.split(" "))
    match = re.compile(rf"【\s*{words}\s*】|{words}").match(body, start)
    if match is None:
        return 0
    end = match.end()
    bracketed = body[start] == "【" and not title.startswith("【")
    if not bracketed and body[end : end + 1] not in ("", "\n", *_CLOSING_PUNCTUATION):
        return 0
    tail = _AFTER_TITLE.match(body, end)
    return tail.end() if tail else end


def _metadata(
    article: Article, published: datetime | None, securities: list[dict[str, str]]
) -> dict[str, Any]:
    metadata = {
        name: value for name, value in article.metadata.items() if value not in ("", [], None)
    }
    if published is None and article.published not in (None, ""):
        metadata["published_text"] = str(article.published)
    if securities:
        metadata["securities"] = securities
    return metadata


def _merged(marks: list[Mark], tagged: list[Mark]) -> list[Mark]:
    """All marks in order; a name that is both linked and tagged is marked once."""
    taken = {(mark.start, mark.end) for mark in marks if mark.kind == "security"}
    new = [mark for mark in tagged if (mark.start, mark.end) not in taken]
    return sorted([*marks, *new], key=lambda mark: (mark.start, mark.end, mark.kind))
