"""Plain text files to articles."""

from __future__ import annotations

import re

from tagger.readers.article import Article
from tagger.readers.errors import Unreadable

_SENTENCE_END = re.compile(r"[。！？!?；;…，,、]\s*$")
_LONGEST_HEADLINE = 60
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 4096
_MOST_CONTROL = 0.02


def read_text(source: str) -> Article:
    """Takes the text as it is; a first line that is no sentence and heads others is its title."""
    first, _, rest = source.partition("\n")
    headline = first.strip()
    is_headline = (
        0 < len(headline) <= _LONGEST_HEADLINE
        and headline == first
        and not _SENTENCE_END.search(headline)
        and len(rest.strip()) > len(headline)
    )
    return Article(body=source, title=headline if is_headline else None)


def require_text(text: str) -> None:
    """Raises Unreadable for a file that is binary: more than 2% of it are control characters."""
    sample = text[:_SAMPLE]
    found = _CONTROL.findall(sample)
    if len(found) > _MOST_CONTROL * len(sample):
        first = text.index(found[0])
        raise Unreadable(
            f"a binary file (control character U+{ord(found[0]):04X} at character {first:,})",
            "leave it out with --exclude, or convert it to text",
        )
