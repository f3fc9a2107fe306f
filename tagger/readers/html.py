"""HTML pages and fragments to articles."""

from __future__ import annotations

import re
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from tagger.document import Mark
from tagger.readers.article import Article, moved, require_no_surrogate
from tagger.readers.datelines import find_dateline
from tagger.readers.errors import Unreadable
from tagger.readers.layout import Layout, Line, lay_out
from tagger.readers.link_lines import drop_link_lines
from tagger.readers.main_content import main_content
from tagger.readers.page_facts import page_facts

_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"</?(?:p|br|div|span|strong|b|em|i|u|h[1-6]|table|tr|td|th|ul|ol|li|a|img|font|section|article|"
    r"center|blockquote)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_NESTING = re.compile(
    r"<(/?)(?!p\b|li\b|t[rdh]\b|d[td]\b|option\b|br\b|img\b|hr\b)[a-z][^<>]*>", re.IGNORECASE
)
# The parser's time grows with the square of the depth; browsers themselves stop at 512.
_DEEPEST = 5000


def looks_like_html(text: str) -> bool:
    """Whether a record's text is markup, and not text that happens to hold a ``<``."""
    return _FRAGMENT.search(text) is not None


def read_html(source: str) -> Article:
    """Reads a whole page (its main content and its facts) or a fragment (all of it).

    Raises Unreadable for tags nested more than 5,000 deep.
    """
    if not _PAGE.search(source):
        return read_fragment(source)
    page = _parse(source)
    facts = page_facts(page)
    layout = lay_out(main_content(page.body)) if page.body is not None else Layout()
    article = _article(layout)
    return Article(
        body=article.body,
        title=facts.title,
        published=facts.published or _published_under(facts.title, page),
        source=facts.source,
        marks=article.marks,
        metadata=article.metadata | facts.metadata,
        securities=article.securities,
    )


def _published_under(title: str | None, page: LexborHTMLParser) -> datetime | None:
    """The dateline under the title, which may stand outside the main content."""
    if title is None or page.body is None:
        return None
    lines = iter([line.text for line in lay_out(page.body).lines])
    return find_dateline(lines) if any(line == title for line in lines) else None


def read_fragment(source: str) -> Article:
    """Reads markup that is an article's body; a heading of the first rank at its head is its title.

    Raises Unreadable for tags nested more than 5,000 deep.
    """
    page = _parse(source)
    if page.body is None:
        return Article(body="")
    article = _article(lay_out(page.body))
    first = page.css_first("h1")
    title = " ".join(first.text(deep=True).split()) if first is not None else ""
    if title and article.body.startswith(title):
        article.title = title
    return article


def _parse(source: str) -> LexborHTMLParser:
    depth = deepest = 0
    for match in _NESTING.finditer(source):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise Unreadable(
            f"its HTML tags are nested {deepest:,} deep, more than {_DEEPEST:,}", "mend the markup"
        )
    require_no_surrogate("its HTML", source)  # which the parser would drop without a word
    return LexborHTMLParser(source)


def _article(layout: Layout) -> Article:
    lines, address = drop_link_lines(layout.lines)
    body, marks = _join(lines)
    return Article(
        body=body,
        marks=marks,
        metadata={"url": address} if address else {},
        securities=layout.securities,
    )


def _join(lines: list[Line]) -> tuple[str, list[Mark]]:
    marks: list[Mark] = []
    offset = 0
    for line in lines:
        if line.heading:
            marks.append(Mark(offset, offset + len(line.text), "heading"))
        marks += (moved(mark, offset) for mark in line.marks)
        offset += len(line.text) + 1
    return "\n".join(line.text for line in lines), marks
