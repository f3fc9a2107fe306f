"""A tagged article in a terminal: the text in colour, its events and its quantities as tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tagger.document import Argument, Document
from tagger.schema import ENTITY_LABELS
from tagger.writers.wording import (
    argument_text,
    chinese_name,
    published_text,
    quantity_value,
    role_name,
)

# Longer lines of Chinese are hard to read.
WIDEST = 110

# The terminal's own palette, which its theme keeps readable on dark and on light.
_ENTITY_STYLES = {
    "COMPANY": "bold blue",
    "TICKER": "bold cyan",
    "REGULATOR": "bold red",
    "LOCATION": "bold green",
    "PERSON": "bold magenta",
    "ORGANIZATION": "bold yellow",
}
_OTHER_ENTITY = "bold"
_QUANTITY_STYLE = "underline"
_TRIGGER_STYLE = "bold reverse"

# Escape sequences and direction overrides in an article must not reach the terminal.
_UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# A word in Latin letters or a number stays whole, and closing marks stay with what they close.
_UNBROKEN = re.compile(r"(?:[!-~]{1,30}|.)[，。、；：？！％）》」』】”’]*", re.DOTALL)


class ArticleView:
    """Renders one tagged document with rich: ``console.print(ArticleView(document))``."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(options.max_width, WIDEST)
        yield from console.render(Group(*self._parts(width)), options.update_width(width))

    def _parts(self, width: int) -> Iterator[RenderableType]:
        document = self._document
        parts = (document.id, published_text(document), document.source)
        caption = [each for each in parts if each]
        yield Rule(Text(printable(" · ".join(caption))), style="dim", align="left")
        yield Padding(folded(styled_text(document), width), (1, 0))
        if document.events:
            yield _events(document)
        if document.quantities:
            yield _quantities(document)
        names: dict[str, str] = {}
        for each in document.entities:
            if each.id:
                names.setdefault(each.id, each.canonical or each.text)
        if names:
            named = (Text(printable(f"{name} {key}")) for key, name in names.items())
            yield _beside(named, " · ", width, "dim")


def legend(width: int) -> Text:
    """What the colours and styles mean, in lines of at most ``width`` cells."""
    parts = [
        Text(f"{chinese_name(label)} {label}", style=_ENTITY_STYLES.get(label, _OTHER_ENTITY))
        for label in ENTITY_LABELS
    ]
    parts.append(Text("数值 quantity", style=_QUANTITY_STYLE))
    parts.append(Text("事件 event", style=_TRIGGER_STYLE))
    return _beside(parts, "  ", width)


def styled_text(document: Document) -> Text:
    """The document's text with a style on each span; layers that overlap add up."""
    text = Text(printable(document.text))
    if document.body_start:
        text.stylize("bold", 0, document.body_start)
    for entity in document.entities:
        text.stylize(_ENTITY_STYLES.get(entity.label, _OTHER_ENTITY), entity.start, entity.end)
    for quantity in document.quantities:
        text.stylize(_QUANTITY_STYLE, quantity.start, quantity.end)
    for event in document.events:
        text.stylize(_TRIGGER_STYLE, event.start, event.end)
    return text


def printable(text: str) -> str:
    """The text as it may be sent to a terminal, character for character."""
    return _UNSAFE.sub(lambda match: " " if match[0] == "\t" else "\N{REPLACEMENT CHARACTER}", text)


def folded(text: Text, width: int) -> Text:
    """The text broken into lines of ``width`` cells, as Chinese is: between any two characters.

    Rich breaks at spaces, which in Chinese text leaves half-empty lines.
    """
    lines = Text("\n", end="")
    return lines.join(
        line
        for paragraph in text.split("\n", allow_blank=True)
        for line in paragraph.divide(_breaks(paragraph.plain, width))
    )


def _beside(parts: Iterable[Text], between: str, width: int, style: str = "") -> Text:
    """The parts side by side; one that does not fit begins the next line."""
    lines: list[Text] = []
    for part in parts:
        if lines and lines[-1].cell_len + cell_len(between) + part.cell_len <= width:
            lines[-1].append(between)
        else:
            lines.append(Text())
        lines[-1].append_text(part)
    return Text("\n", style=style).join(lines)


def _breaks(paragraph: str, width: int) -> Iterator[int]:
    used = 0
    for unbroken in _UNBROKEN.finditer(paragraph):
        cells = cell_len(unbroken[0])
        if used and used + cells > width:
            yield unbroken.start()
            used = 0
        used += cells


def _events(document: Document) -> Table:
    table = _table("事件 events", "类型", "触发词", "状态")
    table.add_column("论元", ratio=1)
    for event in document.events:
        table.add_row(
            Text(printable(f"{chinese_name(event.type)}\n{event.type}")),
            Text(printable(event.text), style=_TRIGGER_STYLE),
            Text(printable(chinese_name(event.modality))),
            Text(printable("\n".join(_filled_role(document, each) for each in event.arguments))),
        )
    return table


def _filled_role(document: Document, argument: Argument) -> str:
    return f"{role_name(argument.role)} {argument_text(document, argument)}"


def _quantities(document: Document) -> Table:
    table = _table("数值 quantities", "原文", "类型")
    table.add_column("值", ratio=1)
    for quantity in document.quantities:
        table.add_row(
            Text(printable(quantity.text)),
            Text(printable(chinese_name(quantity.label))),
            Text(printable(quantity_value(quantity))),
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, expand=True)
    for column in columns:
        table.add_column(column)
    return table
