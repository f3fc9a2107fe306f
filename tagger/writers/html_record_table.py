"""The table of an article's records: one row a happening, with all that is said of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tagger.document import Argument, Document
from tagger.fillers import Filler
from tagger.records import Record
from tagger.schema import MODALITIES
from tagger.writers.html_markup import escaped, labelled, mentioned, row_count
from tagger.writers.html_records import (
    Interval,
    RoleFiller,
    fillers_of,
    other_fillers,
    quantities_of,
    record_dates,
)
from tagger.writers.html_table import Column, figure_key, sortable_table
from tagger.writers.wording import argument_value, chinese_name, role_name

_FIGURES = ("amount", "quantity", "ratio")
_PLACES = ("location", "destination")

# So much of its sentence is shown before and behind a trigger.
_CHARACTERS_BEFORE = 60
_CHARACTERS_BEHIND = 90

# Where a filler that no mention has was taken from.
_SOURCES = {"sentence": "本句", "headline": "标题", "later": "后文"}


def record_table(document: Document, records: list[Record], article: str) -> str:
    """The records as a section with a sortable table, or a line that says that there are none."""
    if not records:
        return '<p class="nothing">没有找到事件 <small>no events found</small></p>\n'
    rows = [labelled("t", each.type) + mentioned(each.mentions) for each in records]
    sentences = [_sentence(document, record) for record in records]
    table = sortable_table(_columns(document, records, article), rows, sentences, "cards")
    return (
        f'<section class="records" id="{article}-records">'
        f"<h3>记录 <small>records · {row_count(len(records), 'tbody')}</small></h3>\n"
        f"{table}</section>\n"
    )


def _columns(document: Document, records: list[Record], article: str) -> list[Column]:
    def column(
        name: str, style: str, cell: Callable[[Record], str], key: Callable[[Record], Any | None]
    ) -> Column:
        return Column(name, style, list(map(cell, records)), list(map(key, records)))

    def fillers(
        name: str,
        filling: Callable[[Record], list[RoleFiller]],
        key: Callable[[Record], Any | None] | None = None,
    ) -> Column:
        return column(
            name,
            "fillers",
            lambda record: "".join(_filler(document, *each, article) for each in filling(record)),
            key or (lambda record: _first_name(document, filling(record))),
        )

    repeated = any(len(record.mentions) > 1 for record in records)
    modalities = list(MODALITIES)
    return [
        column(
            "事件",
            "event",
            lambda record: _event(record, article),
            lambda record: (chinese_name(record.type), record.text),
        ),
        fillers(role_name("subject"), lambda record: fillers_of(record, "subject")),
        fillers(role_name("object"), lambda record: fillers_of(record, "object")),
        fillers(
            role_name("date"),
            lambda record: fillers_of(record, "date"),
            lambda record: _first_time(document, record),
        ),
        fillers(
            "数额",
            lambda record: fillers_of(record, *_FIGURES),
            lambda record: _first_figure(document, record),
        ),
        fillers(role_name("location"), lambda record: fillers_of(record, *_PLACES)),
        fillers("其他", lambda record: other_fillers(document, record)),
        column(
            "状态",
            "state",
            lambda record: _state(record.modality),
            lambda record: (
                modalities.index(record.modality) if record.modality in modalities else None
            ),
        ),
        column(
            "提及",
            "number",
            lambda record: f"{len(record.mentions)}" if repeated else "",
            lambda record: len(record.mentions),
        ),
        column("分数", "number", lambda record: f"{record.score:.0%}", lambda record: record.score),
    ]


def _event(record: Record, article: str) -> str:
    return (
        f'<a href="#{article}p{record.start}">{escaped(record.text)}</a>'
        f'<span class="type" title="{escaped(record.type)}">{escaped(chinese_name(record.type))}'
        "</span>"
    )


def _filler(document: Document, role: str, filler: Filler | Argument, article: str) -> str:
    value = argument_value(document, filler)
    known = f" <small>{escaped(value)}</small>" if value else ""
    towards = "→ " if role == "destination" else ""
    source = filler.source if isinstance(filler, Filler) else None
    implied = f" · 推断自{_SOURCES[source]}" if source else ""
    tip = escaped(f"{role_name(role)} {role} · {filler.score:.0%}{implied}")
    return (
        f'<span class="filler">{towards}<a href="#{article}p{filler.start}" title="{tip}">'
        f"{escaped(filler.text)}</a>{known}</span> "
    )


def _state(modality: str) -> str:
    style = "" if modality == "asserted" else ' class="open"'
    return f"<span{style}>{escaped(chinese_name(modality))}</span>"


def _sentence(document: Document, record: Record) -> str:
    start = max(record.sentence_start, record.start - _CHARACTERS_BEFORE)
    end = min(record.sentence_end, record.end + _CHARACTERS_BEHIND)
    before = ("…" if start > record.sentence_start else "") + document.text[start : record.start]
    behind = document.text[record.end : end] + ("…" if end < record.sentence_end else "")
    return f"{escaped(before)}<b>{escaped(record.text)}</b>{escaped(behind)}"


def _first_name(document: Document, fillers: list[RoleFiller]) -> str | None:
    for _, filler in fillers[:1]:
        entity = document.entities[filler.entity] if filler.entity is not None else None
        return (entity.canonical if entity else None) or filler.text
    return None


def _first_time(document: Document, record: Record) -> Interval | None:
    return next((time for time, _ in record_dates(document, record)), None)


def _first_figure(document: Document, record: Record) -> tuple[str, Fraction] | None:
    for quantity in quantities_of(document, fillers_of(record, *_FIGURES)):
        key = figure_key(quantity)
        if key is not None:
            return key
    return None
