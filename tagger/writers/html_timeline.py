"""The timeline of an article: its dated happenings in order, each on one shared time axis."""

from __future__ import annotations

from datetime import datetime

from tagger.document import Document, Quantity
from tagger.records import Record
from tagger.writers.html_axis import Tick, TimeAxis
from tagger.writers.html_markup import escaped, labelled, mentioned, row_count
from tagger.writers.html_records import Interval, fillers_of, record_dates
from tagger.writers.wording import chinese_name, period_text

# In pixels; the axis itself is a row more.
_ROW_HEIGHT = 14
_AXIS_HEIGHT = 30
_NAMED_OBJECTS = ("object", "quantity", "amount", "ratio")

_Dates = list[tuple[Interval, Quantity]]


def timeline_html(document: Document, records: list[Record], article: str) -> str:
    """The timeline as a section, or an empty text for an article without happenings.

    Happenings that have no resolved date stand apart, behind those that have one.
    """
    if not records:
        return ""
    every = [(record, record_dates(document, record)) for record in records]
    dated = sorted((each for each in every if each[1]), key=lambda each: each[1][0][0])
    undated = [record for record, dates in every if not dates]
    parts = [_chart(dated, document.published, article)] if dated else []
    if undated:
        items = "".join(_undated(each, article) for each in undated)
        parts.append(
            f"<h4>没有日期 <small>undated · {row_count(len(undated), '.undated li')}</small></h4>\n"
            f'<ul class="undated">\n{items}</ul>\n'
        )
    return (
        f'<section class="timeline" id="{article}-timeline">'
        f"<h3>时间线 <small>timeline · {row_count(len(dated), 'ol li')}</small></h3>\n"
        f"{''.join(parts)}</section>\n"
    )


def _chart(dated: list[tuple[Record, _Dates]], published: datetime | None, article: str) -> str:
    spans = [interval for _, dates in dated for interval, _ in dates]
    now = published.replace(tzinfo=None) if published else None
    axis = TimeAxis([*spans, (now, now)] if now else spans)
    rows = "".join(_row(record, dates, axis, article) for record, dates in dated)
    return f"{_axis(axis, now, article)}<ol>\n{rows}</ol>\n"


def _axis(axis: TimeAxis, now: datetime | None, article: str) -> str:
    """The labels of the axis and, as ``{article}-grid``, the lines that every row repeats."""
    ticks = axis.ticks()
    lines = [_upright("tick", tick.position) for tick in ticks]
    lines += [_upright("cut", place) for place in axis.cuts]
    labels = [_label(tick, 12) for tick in ticks]
    # Where a stretch is cut out, below the labels, which may reach over it.
    labels += [_label(Tick(place, "⋯"), 27) for place in axis.cuts]
    key = ""
    if now:
        lines.append(_upright("now", axis.position(now)))
        key = f'<p class="key">发布于 {now:%Y-%m-%d}</p>\n'
    return (
        f'{key}<svg class="axis" width="100%" height="{_AXIS_HEIGHT}" aria-hidden="true">'
        f'{"".join(labels)}<svg y="16" height="{_ROW_HEIGHT}">'
        f'<g id="{article}-grid">{"".join(lines)}</g></svg></svg>\n'
    )


def _label(tick: Tick, height: int) -> str:
    return (
        f'<text x="{tick.position}%" y="{height}" text-anchor="{tick.anchor}">{tick.label}</text>'
    )


def _upright(style: str, place: float) -> str:
    return f'<line class="{style}" x1="{place}%" x2="{place}%" y1="0" y2="100%"/>'


def _row(record: Record, dates: _Dates, axis: TimeAxis, article: str) -> str:
    middle = _ROW_HEIGHT // 2
    bars = "".join(
        f'<line class="bar {_bar_style(record)}" x1="{axis.position(start)}%" '
        f'x2="{axis.position(end)}%" y1="{middle}" y2="{middle}"/>'
        for (start, end), _ in dates
    )
    times = "、".join(dict.fromkeys(period_text(date) for _, date in dates))
    return (
        f'{_item_start(record)}<span class="when">{escaped(times)}</span> '
        f"{_summary(record, article)}"
        f'<svg width="100%" height="{_ROW_HEIGHT}" aria-hidden="true">'
        f'<use href="#{article}-grid"/>{bars}</svg></li>\n'
    )


def _undated(record: Record, article: str) -> str:
    said = "、".join(date.text for date in record.date)
    when = f'<span class="when">{escaped(said)}</span> ' if said else ""
    return f"{_item_start(record)}{when}{_summary(record, article)}</li>\n"


def _item_start(record: Record) -> str:
    return f"<li{labelled('t', record.type)}{mentioned(record.mentions)}>"


def _summary(record: Record, article: str) -> str:
    """Who did what, as a link to the trigger, then the type and what is not simply asserted."""
    subject = next((each.text for each in record.subject), "")
    target = next((each.text for _, each in fillers_of(record, *_NAMED_OBJECTS)), "")
    words = " ".join(part for part in (subject, record.text, target) if part)
    modality = record.modality
    state = f" · {chinese_name(modality)}" if modality != "asserted" else ""
    return (
        f'<a href="#{article}p{record.start}">{escaped(words)}</a> '
        f"<small>{escaped(chinese_name(record.type) + state)}</small>"
    )


def _bar_style(record: Record) -> str:
    return {"asserted": "done", "negated": "denied"}.get(record.modality, "open")
