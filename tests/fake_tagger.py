"""A tagger that knows a few names by heart: small, exact and picklable, for writers and batches."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from tagger.document import Argument, Document, Entity, Event, Quantity

ARTICLE = Document(
    text=(
        "星河矿业减持300个比特币\n"
        "1月18日，星河矿业(NYSE:XHKY)公告称，拟向青山资本转让位于俄亥俄州的矿场，"
        "作价约4.958亿美元。"
    ),
    id="flash-1",
    title="星河矿业减持300个比特币",
    body_start=13,
    published=datetime.fromisoformat("2022-01-18T20:30:00+08:00"),
    source="城市财经",
    metadata={"author": "林一"},
)

_ENTITIES = {
    "星河矿业": ("COMPANY", "NYSE:XHKY"),
    "青山资本": ("COMPANY", None),
    "XHKY": ("TICKER", "NYSE:XHKY"),
    "俄亥俄州": ("LOCATION", None),
    "证监会": ("REGULATOR", None),
}
_QUANTITIES = {
    "300个比特币": {"label": "MONEY", "value": Decimal(300), "unit": "BTC", "unit_text": "比特币"},
    "约4.958亿美元": {
        "label": "MONEY",
        "value": Decimal(495800000),
        "unit": "USD",
        "unit_text": "美元",
        "approximate": True,
    },
    "1月18日": {
        "label": "DATE",
        "start_time": datetime.fromisoformat("2022-01-18T00:00:00+08:00"),
        "end_time": datetime.fromisoformat("2022-01-19T00:00:00+08:00"),
        "grain": "day",
    },
}
_EVENTS = {"减持": "divestment", "转让": "equity_transfer"}


class FakeTagger:
    """Tags what its tables name.

    A text with 异常 raises, one with 崩溃 kills the process, one with 等待 takes a minute and one
    with 稍等 some hundredths of a second.
    """

    def __call__(self, text: str, published: str | None = None) -> Document:
        return next(self.pipe([Document(text)]))

    def pipe(
        self, texts_or_documents: Iterable[Document], batch_size: int = 64
    ) -> Iterator[Document]:
        for document in texts_or_documents:
            if "崩溃" in document.text:
                os._exit(3)
            if "异常" in document.text:
                raise RuntimeError("the text holds 异常")
            if "等待" in document.text:
                time.sleep(60)
            if "稍等" in document.text:
                time.sleep(0.08)
            yield _tagged(document)

    def info(self) -> dict[str, Any]:
        return {
            "model": "fake",
            "version": "1.0",
            "entity_labels": ["COMPANY", "TICKER"],
            "event_types": ["divestment", "equity_transfer"],
            "roles": ["subject", "quantity"],
        }


def load_fake() -> FakeTagger:
    """What the tests hand to a batch in the place of ``tagger.load``."""
    return FakeTagger()


def _tagged(document: Document) -> Document:
    document.model = "fake 1.0"
    document.entities = [
        Entity(start, end, name, label, 0.98, name, identifier)
        for start, end, name, (label, identifier) in _found(document.text, _ENTITIES)
    ]
    document.quantities = [
        Quantity(start, end, text, **fields)
        for start, end, text, fields in _found(document.text, _QUANTITIES)
    ]
    document.events = [
        Event(start, end, text, kind, 0.97, group=group, arguments=_arguments(document, end))
        for group, (start, end, text, kind) in enumerate(_found(document.text, _EVENTS))
    ]
    return document


def _found(text: str, table: dict[str, Any]) -> Iterator[tuple[int, int, str, Any]]:
    if table:
        for match in re.finditer("|".join(map(re.escape, table)), text):
            yield match.start(), match.end(), match.group(), table[match.group()]


def _arguments(document: Document, end: int) -> list[Argument]:
    arguments = []
    if document.entities:
        subject = document.entities[0]
        arguments.append(
            Argument("subject", subject.start, subject.end, subject.text, 0.95, entity=0)
        )
    for index, quantity in enumerate(document.quantities):
        if quantity.start == end:
            arguments.append(
                Argument("quantity", quantity.start, quantity.end, quantity.text, 0.9, None, index)
            )
    return arguments


def run_command_line() -> None:
    """Runs ``tagger`` with this tagger in the place of the shipped one."""
    from tagger import cli, cli_options

    cli_options.tagger_loader = lambda *_: load_fake  # type: ignore[assignment]
    cli.main()
