"""HTML: one page that stands by itself, with the spans in colour, filters, records and a timeline.

The page loads nothing and runs only its own script: a content security policy names the hashes
of its style and its script and forbids all else.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
from importlib.resources import files
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

from tagger.document import Document
from tagger.writers.article_html import article_heading, article_html
from tagger.writers.html_filters import LabelFilters
from tagger.writers.html_index import ArticleIndex
from tagger.writers.html_markup import escaped

_HEAD = (
    '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="'
)
# How a page begins.
START = _HEAD.encode()

_SPOOLED_BYTES = 8_000_000
_STYLES = ("page.css", "page_text.css", "page_parts.css", "page_index.css")
# The router stands last: when it shows the first article, all others listen.
_SCRIPTS = ("page_filters.js", "page_tips.js", "page_tables.js", "page_index.js", "page.js")

# A browser that runs the script keeps what is in here as text, and the script makes an article of
# it when it is opened; a browser that does not shows all of them.
_BEFORE, _BETWEEN, _BEHIND = b"<noscript>", b"</noscript>\n<noscript>", b"</noscript>\n"


class HtmlWriter:
    """Writes the page to a binary stream when it is closed; articles wait in a temporary file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._articles: IO[bytes] = SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 - see close
        self._index = ArticleIndex()
        self._filters = LabelFilters()

    def write(self, document: Document) -> None:
        """Adds one article to the page."""
        records = document.records()
        article = article_html(document, records, len(self._index))
        if len(self._index):
            self._articles.write(_BETWEEN)
        self._articles.write(article.encode("utf-8"))
        self._filters.add(document, records)
        self._index.add(document, records, article_heading(document))

    def close(self) -> None:
        """Writes the page: its head, the list of articles, the filters and the articles."""
        script = _parts(_SCRIPTS)
        several = len(self._index) > 1
        self._stream.write(self._opening(script).encode("utf-8"))
        self._stream.write(_BEFORE if several else b"")
        self._articles.seek(0)
        shutil.copyfileobj(self._articles, self._stream)
        self._articles.close()
        self._stream.write(_BEHIND if several else b"")
        self._stream.write(f"</main>\n<script>{script}</script>\n</body>\n</html>\n".encode())

    def _opening(self, script: str) -> str:
        style = _parts(_STYLES)
        policy = (
            f"default-src 'none'; style-src {policy_source(style)}; "
            f"script-src {policy_source(script)}; base-uri 'none'; form-action 'none'"
        )
        return (
            f'{_HEAD}{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{escaped(self._index.title())}</title>\n<style>{style}</style>\n</head>\n"
            f'<body>\n{self._index.html()}<div class="top">{self._index.pager()}'
            f"{self._filters.html()}</div>\n<main>\n"
        )


def _parts(names: tuple[str, ...]) -> str:
    return "".join((files("tagger.writers") / name).read_text(encoding="utf-8") for name in names)


def policy_source(content: str) -> str:
    """The source of a content security policy that allows just this style or script."""
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
