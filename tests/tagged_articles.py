"""Articles of invented companies, tagged by hand: what a database of them is asked about."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tagger.document import Argument, Document, Entity, Event, Quantity

_ENTITIES = {
    "星河矿业": ("COMPANY", "星河矿业", "NYSE:XHKY"),
    "星河": ("COMPANY", "星河矿业", "NYSE:XHKY"),
    "青山资本": ("COMPANY", None, None),
    "云岭药业": ("COMPANY", "云岭药业", "SSE:609519"),
    "东湖银行": ("COMPANY", "东湖银行", "SZSE:309001"),
    "俄亥俄州": ("LOCATION", "俄亥俄州", "US-OH"),
    "哈萨克斯坦": ("LOCATION", "哈萨克斯坦", "KZ"),
    "上海市浦东新区": ("LOCATION", "上海市浦东新区", "CN-SH"),
}

_QUANTITIES = {
    "2460万美元": Quantity(
        0, 0, "", "MONEY", value=Decimal(24600000), unit="USD", unit_text="美元"
    ),
    "3亿元": Quantity(0, 0, "", "MONEY", value=Decimal(300000000), unit="CNY", unit_text="元"),
    "10亿元至12亿元": Quantity(
        0, 0, "", "MONEY", low=Decimal(10**9), high=Decimal(12 * 10**8), unit="CNY", unit_text="元"
    ),
    "2月17日": Quantity(
        0, 0, "", "DATE", start_time=datetime(2022, 2, 17), end_time=datetime(2022, 2, 18)
    ),
}  # fmt: skip


def article(
    id: str,
    text: str,
    *events: tuple[str, str, str, int, dict[str, str]],
    published: str | None = None,
    title: str | None = None,
) -> Document:
    """A document with the names and figures that the tables know and the events as they are given.

    An event is (trigger, type, modality, group, {role: its text}). The first place after the
    trigger before it where its words stand is meant.
    """
    document = Document(text, id, title)
    document.published = datetime.fromisoformat(published) if published else None
    for name, (label, canonical, identifier) in _ENTITIES.items():
        start = text.find(name)
        taken = any(each.start <= start < each.end for each in document.entities)
        if start >= 0 and not taken:
            end = start + len(name)
            document.entities.append(Entity(start, end, name, label, 0.9, canonical, identifier))
    for name, quantity in _QUANTITIES.items():
        start = text.find(name)
        if start >= 0:
            span = {"start": start, "end": start + len(name), "text": name}
            fields = {each: getattr(quantity, each) for each in quantity.__dataclass_fields__}
            document.quantities.append(Quantity(**fields | span))
    at = 0
    for trigger, kind, modality, group, roles in events:
        at = text.index(trigger, at)
        arguments = [_argument(document, role, filler) for role, filler in roles.items()]
        end = at + len(trigger)
        document.events.append(Event(at, end, trigger, kind, 0.8, modality, group, arguments))
        at = end
    return document


def _argument(document: Document, role: str, filler: str) -> Argument:
    start = document.text.index(filler)
    argument = Argument(role, start, start + len(filler), filler, 0.7)
    for index, entity in enumerate(document.entities):
        if (entity.start, entity.text) == (start, filler):
            argument.entity = index
    for index, quantity in enumerate(document.quantities):
        if (quantity.start, quantity.text) == (start, filler):
            argument.quantity = index
    return argument


ARTICLES = (
    article(
        "a-1",
        "星河矿业退出哈萨克斯坦\n2月17日，星河矿业公告，终止在哈萨克斯坦的扩建。"
        "公司此次终止不涉及赔偿。此前一日，公司减持了部分比特币，套现2460万美元。",
        ("退出", "termination", "asserted", 0, {"subject": "星河矿业", "location": "哈萨克斯坦"}),
        ("终止", "termination", "asserted", 0, {"subject": "公司", "date": "2月17日"}),
        ("减持", "divestment", "asserted", 1, {"subject": "星河矿业", "amount": "2460万美元"}),
        published="2022-02-18T00:30:00+08:00",
        title="星河矿业退出哈萨克斯坦",
    ),
    article(
        "a-2",
        "云岭药业与东湖银行终止合作。云岭药业拟以3亿元收购青山资本位于上海市浦东新区的工厂。",
        ("终止", "termination", "asserted", 0, {"subject": "云岭药业", "object": "东湖银行"}),
        ("收购", "acquisition", "planned", 1,
         {"subject": "云岭药业", "object": "青山资本", "amount": "3亿元",
          "location": "上海市浦东新区"}),
        published="2022-03-31T21:00:00",
    ),
    article(
        "a-3",
        "东湖银行否认终止任何业务。青山资本计划出资10亿元至12亿元收购星河。",
        ("终止", "termination", "negated", 0, {"subject": "东湖银行"}),
        ("收购", "acquisition", "planned", 1,
         {"subject": "青山资本", "object": "星河", "amount": "10亿元至12亿元"}),
        published="2022-05-06T09:00:00+08:00",
    ),
    article(
        "a-4",
        "青山资本终止了一切合作",
        ("终止", "termination", "asserted", 0, {"subject": "青山资本"}),
    ),
)  # fmt: skip
