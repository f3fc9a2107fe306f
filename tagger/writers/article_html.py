"""One article as HTML: its text in coloured segments, then what was found in it."""

from __future__ import annotations

import json
from collections import Counter

from tagger.document import Document, Entity, Event, Quantity
from tagger.records import Record
from tagger.text import is_traditional
from tagger.writers.html_markup import (
    SEPARATOR,
    escaped,
    labelled,
    one_line,
    plain_label,
    swatch_class,
)
from tagger.writers.html_record_table import record_table
from tagger.writers.html_tables import entity_table, quantity_table
from tagger.writers.html_timeline import timeline_html
from tagger.writers.html_tips import tip_attributes
from tagger.writers.segments import Segment, blocks_with_spans, cut_block
from tagger.writers.wording import chinese_name, published_text, role_name

_HEADING_CHARACTERS = 60
_GOES_ON = ' class="on"'
_READING = "正文，用方向键逐个查看标注"


def article_heading(document: Document) -> str:
    """The title, or else the beginning of the text, on one line."""
    words = " ".join((document.title or document.text[: 2 * _HEADING_CHARACTERS]).split())
    if len(words) > _HEADING_CHARACTERS and not document.title:
        return words[:_HEADING_CHARACTERS] + "…"
    return words or document.id or "（空）"


def article_html(document: Document, records: list[Record], number: int) -> str:
    """The article as an ``<article>`` with the anchor ``a{number}``.

    Where a span begins at offset 7, the text has the anchor ``a{number}p7``.
    """
    article = f"a{number}"
    timeline = timeline_html(document, records, article)
    language = ' lang="zh-Hant"' if is_traditional(document.text) else ""
    tables = entity_table(document, article) + quantity_table(document, article)
    return (
        f'<article id="{article}" data-counts="{escaped(_counts(document, records))}">\n'
        f'<div class="reading{" dated" if timeline else ""}">\n'
        f'<div class="text"{language} role="group" aria-label="{_READING}">\n'
        f"{_caption(document)}{_parts(document, records, article)}{_title(document)}"
        f"{_blocks(document, article)}"
        f"</div>\n{timeline}</div>\n{record_table(document, records, article)}{tables}</article>\n"
    )


def _counts(document: Document, records: list[Record]) -> str:
    """How many of each label the article holds, for its filters."""
    return json.dumps(
        {
            "e": Counter(plain_label(each.label) for each in document.entities),
            "q": Counter(plain_label(each.label) for each in document.quantities),
            "t": Counter(plain_label(each.type) for each in records),
        }
    )


def _title(document: Document) -> str:
    """The title, unless it is the beginning of the text."""
    apart = document.title and not document.body_start
    return f"<h2>{escaped(document.title or '')}</h2>\n" if apart else ""


def _caption(document: Document) -> str:
    parts = [each for each in (published_text(document), document.source, document.id) if each]
    return f'<p class="caption">{escaped(" · ".join(parts))}</p>\n' if parts else ""


def _parts(document: Document, records: list[Record], article: str) -> str:
    """Links to what stands below the text."""
    counts = (
        ("records", "记录", len(records)),
        ("entities", "实体", len(document.entities)),
        ("quantities", "数值", len(document.quantities)),
    )
    links = "".join(
        f'<a href="#{article}-{part}">{name} <small>{count}</small></a> '
        for part, name, count in counts
        if count
    )
    return f'<nav class="parts" aria-label="本文各部分">{links}</nav>\n' if links else ""


def _blocks(document: Document, article: str) -> str:
    blocks = []
    for start, end, spans in blocks_with_spans(document):
        inner = "".join(
            _segment(document, article, segment) for segment in cut_block(start, end, spans)
        )
        if not inner:
            continue
        tag = "h2" if start < document.body_start else "p"
        goes_on = start > 0 and document.text[start - 1] != "\n"
        blocks.append(f"<{tag}{_GOES_ON if goes_on else ''}>{inner}</{tag}>\n")
    return "".join(blocks) or '<p class="nothing">（空）</p>\n'


def _segment(document: Document, article: str, segment: Segment) -> str:
    text = escaped(document.text[segment.start : segment.end])
    if not segment.covers:
        return text
    classes, links, types, labels = ["s"], [], [], ""
    begins = any(each.span.start == segment.start for each in segment.covers)
    for layered in segment.covers:
        span = layered.span
        if isinstance(span, Entity):
            classes.append(swatch_class("e", span.label))
            labels += labelled("e", span.label)
        elif isinstance(span, Quantity):
            classes.append(swatch_class("q", span.label))
            labels += labelled("q", span.label)
        elif isinstance(span, Event):
            types.append(span)
            links.append(f"{layered.index}")
        elif span.start == segment.start:
            links.append(f"{layered.index}={one_line(role_name(span.role))}")
        else:
            links.append(f"{layered.index}")
    if types:
        classes.append("t")
        labels += labelled("t", *(each.type for each in types))
        names = [chinese_name(each.type) for each in types if each.start == segment.start]
        labels += f' data-name="{escaped("·".join(dict.fromkeys(names)))}"' if names else ""
    if links:
        labels += f' data-v="{escaped(SEPARATOR.join(dict.fromkeys(links)))}"'
    anchor = f' id="{article}p{segment.start}"' if begins else ""
    styles = " ".join(dict.fromkeys(" ".join(classes).split()))
    tip = tip_attributes(document, segment.covers)
    return f'<span class="{styles}"{anchor}{labels}{tip}>{text}</span>'
