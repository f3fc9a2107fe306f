"""What a web page says about its article: title, time, source, author, address, tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from tagger.published import find_published
from tagger.readers.credits import find_source
from tagger.readers.datelines import find_dateline

_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publish_time",
    "weibo: article:create_at",
    "date",
)
# ContentSource and PubDate are those of the state's own sites (国办发〔2017〕47号).
_SOURCE = ("source", "contentsource", "mediaid", "article:source", "og:article:source")
_AUTHOR = ("author", "article:author", "og:article:author")
_TIME_PLACES = (
    "time, [itemprop=datePublished], [class*=time], [id*=time], [class*=date], [id*=date], "
    "[class*=info], [class*=pub]"
)
_SOURCE_PLACES = "[class*=source], [id*=source], [class*=info], [class*=from], [class*=laiyuan]"
# Where the class alone says that a name is the source's: <span class="source">财联社</span>.
# js_name is the account of a WeChat page.
_NAMED_SOURCE = "[class~=source], [id=source], [class$=_source], [id$=_source], [id=js_name]"
_SOURCE_NAME = re.compile(r"(?!.*(?:[来來]源|原文))[^\W\d_]{2,20}")
_AUTHOR_PLACES = _SOURCE_PLACES + ", [class*=author]"
# Such facts stand near the head of a page.
_PLACES = 50
# A WeChat page has its time, in seconds, in a script alone.
_SCRIPTED_TIME = re.compile(r"\bvar (?:ct|create_time) ?= ?[\"'](\d{10})[\"']")
_AUTHOR_LABEL = re.compile(r"(?:文章)?作者\s*[：:]\s*([^\s|｜，,；;]{2,20})")
# Long elements of these classes are the article itself.
_LONGEST_PLACE = 200
_SITE_SEPARATOR = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|[-–—]{2,}|-(?=[^-]*$)")


@dataclass
class PageFacts:
    """The facts that were found; None and empty where the page says nothing."""

    title: str | None = None
    published: Any = None
    source: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def page_facts(page: LexborHTMLParser) -> PageFacts:
    """Reads a page's meta elements, its JSON-LD and the places where sites print such facts."""
    metas = _metas(page)
    linked = _linked_data(page)
    published = _first(metas, _PUBLISHED) or linked.get("datePublished")
    canonical = page.css_first('link[rel="canonical"]')
    address = (canonical.attributes.get("href") if canonical else None) or metas.get("og:url")
    keywords = metas.get("keywords") or metas.get("article:tag") or ""
    metadata = {
        "author": _first(metas, _AUTHOR) or _name(linked.get("author")) or _printed_author(page),
        "url": address,
        "categories": [each for each in (metas.get("article:section"),) if each],
        "tags": [each for each in re.split(r"[\s,，;；、|]+", keywords) if each],
    }
    return PageFacts(
        title=_title(page, metas) or _text(linked.get("headline")),
        published=published or _printed_time(page) or _scripted_time(page),
        source=_first(metas, _SOURCE) or _printed_source(page) or _name(linked.get("publisher")),
        metadata={name: value for name, value in metadata.items() if value},
    )


def _metas(page: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in page.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = (attributes.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _linked_data(page: LexborHTMLParser) -> dict[str, Any]:
    """The first JSON-LD object with a headline (schema.org NewsArticle)."""
    for node in page.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text(deep=True))
        except (ValueError, RecursionError):
            continue
        for each in _objects(data):
            if "headline" in each:
                return each
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD block: one, a list of them, or those of its ``@graph``."""
    for each in data if isinstance(data, list) else [data]:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            for one in graph if isinstance(graph, list) else []:
                if isinstance(one, dict):
                    yield one


def _title(page: LexborHTMLParser, metas: dict[str, str]) -> str | None:
    """The h1 that the page's own title repeats, else og:title, else any h1, else the title."""
    node = page.css_first("title")
    whole = " ".join(node.text(deep=True).split()) if node else ""
    named = " ".join(metas.get("og:title", "").split())
    headings = [" ".join(each.text(deep=True).split()) for each in page.css("h1")]
    headings = [each for each in headings if each]
    for heading in headings:
        if heading in whole or heading in named:
            return heading
    if named:
        return named
    if headings:
        return max(headings, key=len)
    return max(_SITE_SEPARATOR.split(whole), key=len).strip() or None


def _printed_time(page: LexborHTMLParser) -> Any:
    for node in page.css(_TIME_PLACES)[:_PLACES]:
        written = node.attributes.get("datetime") if node.tag == "time" else None
        if written:
            return written
        text = " ".join(node.text(deep=True).split())
        if len(text) <= _LONGEST_PLACE and (found := find_published(text) or find_dateline([text])):
            return found
    return None


def _scripted_time(page: LexborHTMLParser) -> str | None:
    found = (_SCRIPTED_TIME.search(node.text(deep=True)) for node in page.css("script:not([src])"))
    return next((match[1] for match in found if match), None)


def _printed_source(page: LexborHTMLParser) -> str | None:
    for node in page.css(_SOURCE_PLACES)[:_PLACES]:
        text = " ".join(node.text(deep=True).split())
        if len(text) <= _LONGEST_PLACE and (found := find_source(text)):
            return found
    for node in page.css(_NAMED_SOURCE)[:_PLACES]:
        text = " ".join(node.text(deep=True).split())
        if _SOURCE_NAME.fullmatch(text):
            return text
    return None


def _printed_author(page: LexborHTMLParser) -> str | None:
    for node in page.css(_AUTHOR_PLACES)[:_PLACES]:
        text = node.text(deep=True)
        match = _AUTHOR_LABEL.search(text) if len(text) <= _LONGEST_PLACE else None
        if match:
            return match[1]
    return None


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _name(value: Any) -> str | None:
    """Who is meant in JSON-LD: an object with a name, a list of them, or a plain string."""
    people = value if isinstance(value, list) else [value]
    names = (_text(each.get("name") if isinstance(each, dict) else each) for each in people)
    return "、".join(filter(None, names)) or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
