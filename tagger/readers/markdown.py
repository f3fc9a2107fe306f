"""Markdown and Jekyll posts to articles, by way of HTML."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from tagger.readers.article import Article
from tagger.readers.front_matter import split_front_matter
from tagger.readers.html import read_fragment, read_html

_FIELDS = {
    "title": ("title", "标题"),
    "published": ("date", "published", "pubdate", "发布时间"),
    "source": ("source", "来源"),
    "author": ("author", "authors", "作者"),
    "url": ("url", "link", "original_url", "canonical_url"),
    "categories": ("categories", "category", "分类"),
    "tags": ("tags", "tag", "标签"),
}
_BULLET = re.compile(r"^[-*+][ \t]+(?=\S)", re.MULTILINE)
_LISTS = ("categories", "tags")
# Jekyll's own switches, which say nothing of the article.
_SWITCHES = frozenset(("layout", "permalink", "comments", "toc", "mathjax", "excerpt_separator"))


def read_markdown(source: str) -> Article:
    """Reads a Markdown file with or without front matter; the body may be HTML.

    Raises Unreadable for malformed front matter.
    """
    fields, body = split_front_matter(source)
    return _with_fields(read_fragment(_parser().render(body)), fields)


def read_html_file(source: str) -> Article:
    """Reads an HTML page or fragment, which may have front matter as Jekyll's pages do."""
    fields, body = split_front_matter(source)
    return _with_fields(read_html(body), fields)


def _with_fields(article: Article, fields: dict[str, str | list[str]]) -> Article:
    known = {field: _take(fields, names) for field, names in _FIELDS.items()}
    article.title = _join(known["title"]) or article.title
    article.published = _join(known["published"]) or article.published
    article.source = _join(known["source"]) or article.source
    for name in ("author", "url"):
        if known[name]:
            article.metadata[name] = _join(known[name])
    for name in _LISTS:
        if value := known[name]:
            # Jekyll parts a string of tags at its spaces.
            article.metadata[name] = value.split() if isinstance(value, str) else value
    spoken_for = _SWITCHES.union(*_FIELDS.values())
    article.metadata |= {key: value for key, value in fields.items() if key not in spoken_for}
    return article


def _take(fields: dict[str, str | list[str]], names: tuple[str, ...]) -> str | list[str] | None:
    return next((fields[name] for name in names if name in fields), None)


def _join(value: str | list[str] | None) -> str | None:
    return "、".join(value) if isinstance(value, list) else value


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; every line of the source stays a line.

    Indented blocks are not code, since Chinese paragraphs are indented. The numbers of lists stay
    in the text, since ``1.`` belongs to what an article says; bullets go.
    """
    parser = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable("table")
    parser.disable(["code", "list"])
    parser.core.ruler.before("inline", "bullets", _drop_bullets)
    parser.inline.ruler.before("emphasis", "special_treatment", _keep_special_treatment)
    return parser


def _drop_bullets(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.content = _BULLET.sub("", token.content)


def _keep_special_treatment(state: StateInline, silent: bool) -> bool:
    """The asterisk of ``*ST国恒`` is part of the stock's name, not emphasis."""
    at, source = state.pos, state.src
    if not source.startswith("*ST", at) or (at and source[at - 1] == "*"):
        return False
    if not silent:
        state.pending += "*"
    state.pos += 1
    return True
