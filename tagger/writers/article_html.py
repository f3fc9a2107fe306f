"""One article as HTML: its text in coloured segments and the tables of what was found in it."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.schema import ENTITY_LABELS, QUANTITY_LABELS
from tagger.text import well_formed
from tagger.writers.segments import Layered, Segment, cut_line, lines_with_spans
from tagger.writers.wording import (
    argument_text,
    chinese_name,
    entity_link,
    quantity_value,
    role_name,
)

_HEADING_CHARACTERS = 60

# HTML has no place for these; what a browser makes of them differs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

# Between the types of two events on one trigger; a user's own type may hold a space.
_SEPARATOR = "\n"

_SWATCHES = {
    "e": {label: place for place, label in enumerate(ENTITY_LABELS)},
    "q": {label: place for place, label in enumerate(QUANTITY_LABELS)},
}
_SPARE_SWATCHES = 2


def escaped(text: str) -> str:
    """The text as it may stand in HTML, inside quoted attributes too."""
    return escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", well_formed(text)))


def swatch_class(layer: str, label: str) -> str:
    """The style of a label: ``e`` for entities, ``q`` for quantities, ``t`` for triggers.

    A label that the schema does not know takes one of the spare styles, always the same one.
    """
    if layer == "t":
        return "t"
    known = _SWATCHES[layer]
    return f"{layer} {layer}{known.get(label, len(known) + sum(map(ord, label)) % _SPARE_SWATCHES)}"


def article_heading(document: Document) -> str:
    """The title, or else the beginning of the text, on one line."""
    words = " ".join((document.title or document.text[: 2 * _HEADING_CHARACTERS]).split())
    if len(words) > _HEADING_CHARACTERS and not document.title:
        return words[:_HEADING_CHARACTERS] + "…"
    return words or document.id or "（空）"


def article_html(document: Document, number: int) -> str:
    """The article as an ``<article>`` with the anchor ``a{number}``."""
    article = f"a{number}"
    lines = []
    for start, end, spans in lines_with_spans(document):
        inner = "".join(
            _segment(document, article, segment) for segment in cut_line(start, end, spans)
        )
        if inner:
            tag = "h2" if start < document.body_start else "p"
            lines.append(f"<{tag}>{inner}</{tag}>\n")
    return (
        f'<article id="{article}">\n<div class="text">\n{_caption(document)}{"".join(lines)}</div>'
        f"\n{_events(document, article)}{_entities(document)}{_quantities(document)}</article>\n"
    )


def _caption(document: Document) -> str:
    published = f"{document.published:%Y-%m-%d %H:%M}" if document.published else ""
    parts = [each for each in (published, document.source, document.id) if each]
    return f'<p class="caption"><bdi>{escaped(" · ".join(parts))}</bdi></p>\n' if parts else ""


def _segment(document: Document, article: str, segment: Segment) -> str:
    text = escaped(document.text[segment.start : segment.end])
    if not segment.covers:
        return text
    classes, anchors, types, events, tips = ["s"], "", [], [], []
    attributes = ""
    for layered in segment.covers:
        span = layered.span
        tips.append(_tip(document, layered))
        if isinstance(span, Entity):
            classes.append(swatch_class("e", span.label))
            attributes += f' data-e="{escaped(span.label)}"'
        elif isinstance(span, Quantity):
            classes.append(swatch_class("q", span.label))
            attributes += f' data-q="{escaped(span.label)}"'
        else:
            events.append(f"{article}v{layered.index}")
        if isinstance(span, Event):
            classes.append("t")
            types.append(span.type)
            if span.end == segment.end:
                attributes += f' data-name="{escaped(chinese_name(span.type))}"'
            if span.start == segment.start:
                anchors += f'<a id="{article}v{layered.index}"></a>'
    if types:
        attributes += f' data-t="{escaped(_SEPARATOR.join(types))}"'
    if events:
        attributes += f' data-v="{" ".join(dict.fromkeys(events))}"'
    names = " ".join(dict.fromkeys(" ".join(classes).split()))
    title = escaped(_SEPARATOR.join(tips))
    return f'{anchors}<span class="{names}"{attributes} title="{title}">{text}</span>'


def _tip(document: Document, layered: Layered) -> str:
    span = layered.span
    if isinstance(span, Entity):
        return _joined(_named(span.label), entity_link(span), f"{span.score:.0%}")
    if isinstance(span, Quantity):
        return _joined(_named(span.label), quantity_value(span))
    if isinstance(span, Argument):
        event = document.events[layered.index]
        return _joined(
            f"{role_name(span.role)} {span.role}", f"{event.text}（{chinese_name(event.type)}）"
        )
    head = _joined(_named(span.type), chinese_name(span.modality), f"{span.score:.0%}")
    return "\n".join(
        [
            head,
            *(
                f"{role_name(each.role)} · {argument_text(document, each)}"
                for each in span.arguments
            ),
        ]
    )


def _named(label: str) -> str:
    chinese = chinese_name(label)
    return label if chinese == label else f"{chinese} {label}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _events(document: Document, article: str) -> str:
    if not document.events:
        return ""
    rows = "".join(
        f'<tr data-t="{escaped(event.type)}" data-v="{article}v{index}">'
        f"<td>{escaped(chinese_name(event.type))} <small>{escaped(event.type)}</small></td>"
        f'<td><a href="#{article}v{index}"><bdi>{escaped(event.text)}</bdi></a></td>'
        f'<td class="{"" if event.modality == "asserted" else "open"}">'
        f"{escaped(chinese_name(event.modality))}</td>"
        f"<td>{''.join(_chip(document, argument) for argument in event.arguments)}</td></tr>\n"
        for index, event in enumerate(document.events)
    )
    return _table("事件", "events", ("类型", "触发词", "状态", "论元"), rows, len(document.events))


def _chip(document: Document, argument: Argument) -> str:
    return (
        f'<span class="role" title="{escaped(argument.role)}"><small>'
        f"{escaped(role_name(argument.role))}</small> "
        f"<bdi>{escaped(argument_text(document, argument))}</bdi></span> "
    )


def _entities(document: Document) -> str:
    mentions = Counter(
        (each.label, each.canonical or each.text, each.id or "") for each in document.entities
    )
    rows = "".join(
        f'<tr data-e="{escaped(label)}"><td><bdi>{escaped(name)}</bdi></td>'
        f"<td>{escaped(chinese_name(label))} <small>{escaped(label)}</small></td>"
        f"<td>{escaped(identifier)}</td><td>{count}</td></tr>\n"
        for (label, name, identifier), count in mentions.most_common()
    )
    return _table("实体", "entities", ("名称", "类型", "编号", "次数"), rows, len(mentions))


def _quantities(document: Document) -> str:
    rows = "".join(
        f'<tr data-q="{escaped(each.label)}"><td><bdi>{escaped(each.text)}</bdi></td>'
        f"<td>{escaped(chinese_name(each.label))} <small>{escaped(each.label)}</small></td>"
        f"<td><bdi>{escaped(quantity_value(each))}</bdi></td></tr>\n"
        for each in document.quantities
    )
    return _table("数值", "quantities", ("原文", "类型", "值"), rows, len(document.quantities))


def _table(name: str, english: str, columns: tuple[str, ...], rows: str, count: int) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{column}</th>" for column in columns)
    return (
        f'<details class="{english}"{" open" if english == "events" else ""}>'
        f"<summary>{name} <small>{english} · {count}</small></summary>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></details>\n"
    )
