"""HTML: one page that stands by itself, with the spans in colour, filters and tables.

The page loads nothing and runs only its own script: a content security policy names the hashes
of its style and its script and forbids all else.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

from tagger.document import Document
from tagger.schema import ENTITY_LABELS, EVENT_TYPES, QUANTITY_LABELS
from tagger.writers.article_html import article_heading, article_html, escaped, swatch_class
from tagger.writers.wording import chinese_name

_SPOOLED_BYTES = 8_000_000


@dataclass(slots=True)
class _Entry:
    """What the list of articles says of one of them."""

    heading: str
    published: str
    entities: int
    quantities: int
    events: int


class HtmlWriter:
    """Writes the page to a binary stream when it is closed; articles wait in a temporary file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._articles: IO[bytes] = SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 - see close
        self._entries: list[_Entry] = []
        self._labels: dict[str, Counter[str]] = {"e": Counter(), "q": Counter(), "t": Counter()}

    def write(self, document: Document) -> None:
        """Adds one article to the page."""
        number = len(self._entries)
        self._articles.write(article_html(document, number).encode("utf-8"))
        self._labels["e"].update(entity.label for entity in document.entities)
        self._labels["q"].update(quantity.label for quantity in document.quantities)
        self._labels["t"].update(event.type for event in document.events)
        self._entries.append(
            _Entry(
                heading=article_heading(document),
                published=f"{document.published:%Y-%m-%d %H:%M} · " if document.published else "",
                entities=len(document.entities),
                quantities=len(document.quantities),
                events=len(document.events),
            )
        )

    def close(self) -> None:
        """Writes the page: its head, the list of articles, the filters and the articles."""
        self._stream.write(self._opening().encode("utf-8"))
        self._articles.seek(0)
        shutil.copyfileobj(self._articles, self._stream)
        self._articles.close()
        self._stream.write(f"</main>\n<script>{_part('page.js')}</script>\n".encode())
        self._stream.write(b"</body>\n</html>\n")

    def _opening(self) -> str:
        style, script = _part("page.css"), _part("page.js")
        policy = (
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        )
        return (
            '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{escaped(self._title())}</title>\n<style>{style}</style>\n</head>\n<body>\n"
            f"{self._index()}{self._filters()}<main>\n"
        )

    def _title(self) -> str:
        if len(self._entries) == 1:
            return self._entries[0].heading
        return f"标注结果：{len(self._entries)} 篇"

    def _index(self) -> str:
        if len(self._entries) < 2:
            return ""
        items = "".join(
            f'<li><a href="#a{number}"><bdi>{escaped(entry.heading)}</bdi></a>'
            f"<small>{entry.published}实体 {entry.entities} · 数值 {entry.quantities} · "
            f"事件 {entry.events}</small></li>\n"
            for number, entry in enumerate(self._entries)
        )
        return (
            f'<nav class="index"><h1>标注结果 <small>{len(self._entries)} 篇 articles</small></h1>'
            f"<ol>\n{items}</ol></nav>\n"
        )

    def _filters(self) -> str:
        groups = (
            ("e", "实体 entities", tuple(ENTITY_LABELS)),
            ("q", "数值 quantities", tuple(QUANTITY_LABELS)),
            ("t", "事件 events", tuple(EVENT_TYPES)),
        )
        return (
            '<form class="filters" aria-label="筛选 filters">\n'
            + "".join(
                _filter_group(layer, name, _ordered(self._labels[layer], known))
                for layer, name, known in groups
                if self._labels[layer]
            )
            + "</form>\n"
        )


def _filter_group(layer: str, name: str, counts: list[tuple[str, int]]) -> str:
    chips = "".join(
        f'<label class="chip {swatch_class(layer, label)}" title="{escaped(label)}">'
        f'<input type="checkbox" checked autocomplete="off" data-layer="{layer}" '
        f'data-label="{escaped(label)}"><span class="name">{escaped(chinese_name(label))}</span>'
        f"<small>{count}</small></label>\n"
        for label, count in counts
    )
    return (
        f'<fieldset data-layer="{layer}"><button type="button" title="全选或全不选 all or none">'
        f"{name}</button>\n{chips}</fieldset>\n"
    )


def _ordered(counts: Counter[str], known: tuple[str, ...]) -> list[tuple[str, int]]:
    order = {label: place for place, label in enumerate(known)}
    return sorted(counts.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0]))


def _part(name: str) -> str:
    return (files("tagger.writers") / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
