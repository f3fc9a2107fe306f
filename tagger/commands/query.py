"""``tagger query``: the events of a database of tagged documents, with their sentences."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagger import completion
from tagger.commands.saying import output_errors, usage_errors

if TYPE_CHECKING:
    from rich.text import Text

    from tagger.query import FoundEvent

_DAY_WIDTH = 10
_TYPE_WIDTH = 17
_GAP = 2

_CSV_HEAD = (
    *("published", "document", "title", "type", "type_name", "trigger"),
    *("modality", "score", "sentence"),
)
_SEPARATOR = "；"

_WHICH = "Which events"
_SHOWN = "How they are shown"


class QueryFormat(StrEnum):
    """How the events are printed."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


def query(
    database: Annotated[
        Path,
        typer.Argument(
            help="A DuckDB database that tagger tag … -o NAME.duckdb wrote into.",
            metavar="DATABASE",
        ),
    ],
    company: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Only events with this company, by a name, 600519 or SSE:600519. Other names "
            "of the same company count too, where the articles give its code.",
            rich_help_panel=_WHICH,
        ),
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE",
            help="Only this type, such as divestment or 减持出售; tagger info lists all. May be "
            "repeated.",
            rich_help_panel=_WHICH,
            autocompletion=completion.complete_event,
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Published on this day or later.",
            rich_help_panel=_WHICH,
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Published on this day or before.",
            rich_help_panel=_WHICH,
        ),
    ] = None,
    location: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="Only events in, or bound for, a place whose name contains this.",
            rich_help_panel=_WHICH,
        ),
    ] = None,
    modality: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Only what is asserted (已发生), planned (计划), negated (否定) or possible "
            "(可能).",
            rich_help_panel=_WHICH,
            autocompletion=completion.complete_modality,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, help="At most so many, of the latest articles.", rich_help_panel=_SHOWN
        ),
    ] = None,
    output_format: Annotated[
        QueryFormat,
        typer.Option(
            "--format",
            help="table to read, jsonl or csv for other programs.",
            rich_help_panel=_SHOWN,
        ),
    ] = QueryFormat.TABLE,
) -> None:
    """Prints the events of a DuckDB database with their sentences, the latest article first.

    All conditions must hold. For other questions, ask the database in SQL; its tables and the view
    records are explained in docs/how-to/ask-duckdb.md.

    Exit status: 0, also where no event matches; 1 where the database is in use or cannot be read;
    2 a wrong option.
    """
    from tagger.query import EventQuery, find_events

    asked = EventQuery(
        company=company,
        types=tuple(event or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        place=location,
        modality=modality,
        # One more than is shown tells whether there are more.
        limit=limit + 1 if limit is not None else None,
    )
    with output_errors(partial(typer.echo, err=True)), usage_errors():
        events = find_events(database, asked)
        first = next(events, None)
        if first is None:
            typer.echo("no events match", err=True)
            return
        _PRINTERS[output_format](islice(chain([first], events), limit))
        if limit is not None and next(events, None) is not None:
            typer.echo(f"the first {limit} are shown; there are more", err=True)


def _print_json_lines(events: Iterable[FoundEvent]) -> None:
    from tagger.writers.jsonl import encode_line

    for each in events:
        sys.stdout.buffer.write(encode_line(each.to_dict()))
    sys.stdout.buffer.flush()


def _print_csv(events: Iterable[FoundEvent]) -> None:
    from tagger.schema import ROLES
    from tagger.writers.csv import CsvTable
    from tagger.writers.wording import chinese_name, role_name

    table = CsvTable(sys.stdout.buffer, (*_CSV_HEAD, *ROLES, "other"))
    for each in events:
        head = (
            *(each.published, each.document, each.title, each.type, chinese_name(each.type)),
            *(each.text, each.modality, each.score, each.sentence),
        )
        roles: dict[str, list[str]] = {role: [] for role in ROLES}
        other = []
        for role, text in _told_arguments(each):
            if role in roles:
                roles[role].append(text)
            else:
                other.append(f"{role_name(role)} {text}")
        table.write([(*head, *map(_SEPARATOR.join, [*roles.values(), other]))])
    sys.stdout.buffer.flush()


def _print_table(events: Iterable[FoundEvent]) -> None:
    from rich.console import Console
    from rich.table import Table

    from tagger.terminal import WIDEST

    console = Console(highlight=False)
    width = min(console.width, WIDEST)
    told = max(20, width - _DAY_WIDTH - _TYPE_WIDTH - 2 * _GAP)
    for each in events:
        row = Table.grid(padding=(0, _GAP, 0, 0))
        for column in (_DAY_WIDTH, _TYPE_WIDTH, told):
            row.add_column(width=column, overflow="fold")
        row.add_row((each.published or "")[:_DAY_WIDTH], _kind(each), _told(each, told))
        console.print(row)
        console.print()


_PRINTERS: dict[QueryFormat, Callable[[Iterable[FoundEvent]], None]] = {
    QueryFormat.TABLE: _print_table,
    QueryFormat.JSONL: _print_json_lines,
    QueryFormat.CSV: _print_csv,
}


def _kind(event: FoundEvent) -> Text:
    from rich.text import Text

    from tagger.terminal import printable
    from tagger.writers.wording import chinese_name

    kind = Text(printable(chinese_name(event.type)), style="bold")
    kind.append(printable(f"\n{event.type}"), style="not bold dim")
    if event.modality != "asserted":
        kind.append(printable(f"\n{chinese_name(event.modality)}"), style="not bold yellow")
    return kind


def _told(event: FoundEvent, width: int) -> Text:
    from rich.text import Text

    from tagger.terminal import folded, printable
    from tagger.writers.wording import role_name

    told = Text(printable(event.sentence.replace("\n", " ")))
    told.stylize("bold reverse", event.trigger_start, event.trigger_start + len(event.text))
    for role, text in _told_arguments(event):
        told.append(printable(f"\n{role_name(role)} "), style="dim")
        told.append(printable(text))
    source = " · ".join(each for each in (event.title, event.document) if each)
    told.append(printable(f"\n{source}"), style="dim")
    return folded(told, width)


def _told_arguments(event: FoundEvent) -> Iterable[tuple[str, str]]:
    """Role and text of each argument; one that headline and sentence both name is told once."""
    return dict.fromkeys((each["role"], _argument_text(each)) for each in event.arguments)


def _argument_text(argument: dict[str, Any]) -> str:
    """What fills the role, with the id or the value that it stands for."""
    from tagger.document import Document, Quantity
    from tagger.writers.wording import quantity_value, with_value

    text, known = argument["text"], argument.get("id", "")
    if not known and "label" in argument:
        row = {each.name: argument.get(each.name) for each in fields(Quantity)}
        row |= {"start": 0, "end": len(text)}
        document = Document.from_dict({"text": text, "quantities": [row]})
        known = quantity_value(document.quantities[0])
    return with_value(text, known)
