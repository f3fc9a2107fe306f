"""What the page tells of a span when it is pointed at: a line for each span on the spot."""

from __future__ import annotations

from collections.abc import Iterable

from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.writers.html_markup import SEPARATOR, escaped, label_name, one_line
from tagger.writers.segments import Layered
from tagger.writers.wording import (
    argument_text,
    chinese_name,
    entity_link,
    quantity_value,
    role_name,
    role_place,
)

_Line = tuple[str, int | None]


def tip_attributes(document: Document, covers: Iterable[Layered]) -> str:
    """The attributes ``title``, the lines, and ``data-to``, the offsets they lead to.

    A line reads ``name · what is known``. ``data-to`` has a line for each, empty where a line
    leads nowhere, and is left out if none does.
    """
    lines = [line for layered in covers for line in _lines(document, layered)]
    title = escaped(SEPARATOR.join(one_line(text) for text, _ in lines))
    if all(target is None for _, target in lines):
        return f' title="{title}"'
    targets = SEPARATOR.join("" if target is None else str(target) for _, target in lines)
    return f' title="{title}" data-to="{targets}"'


def _lines(document: Document, layered: Layered) -> list[_Line]:
    span = layered.span
    if isinstance(span, Entity):
        return [(_joined(label_name(span.label), entity_link(span), f"{span.score:.0%}"), None)]
    if isinstance(span, Quantity):
        return [(_joined(label_name(span.label), quantity_value(span)), None)]
    if isinstance(span, Argument):
        event = document.events[layered.index]
        of = f"{event.text}（{chinese_name(event.type)}）"
        return [(_joined(role_name(span.role), f"{of}的{role_name(span.role)}"), event.start)]
    return _event_lines(document, span)


def _event_lines(document: Document, event: Event) -> list[_Line]:
    head = _joined(label_name(event.type), chinese_name(event.modality), f"{event.score:.0%}")
    return [
        (head, None),
        *(
            (_joined(role_name(each.role), argument_text(document, each)), each.start)
            for each in sorted(event.arguments, key=lambda each: role_place(each.role))
        ),
    ]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
