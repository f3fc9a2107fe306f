"""Records: the mentions of one happening joined into one row."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.decoding import RoleSpan, Trigger
from tagger.document import Argument, Document, Entity, Event, Quantity
from tagger.events import build_events
from tagger.numerals import find_quantities
from tagger.records import Record
from tagger.schema import MODALITIES, ROLES

BEIJING = timezone(timedelta(hours=8))
NEW_YORK = timezone(timedelta(hours=-5))

_NAMES: dict[str, tuple[str, str | None, str | None]] = {
    "星河矿业有限公司": ("COMPANY", "星河矿业", "NYSE:XHKY"),
    "星河矿业": ("COMPANY", "星河矿业", "NYSE:XHKY"),
    "XHKY": ("TICKER", "星河矿业", "NYSE:XHKY"),
    "青山资本有限公司": ("COMPANY", "青山资本", None),
    "青山资本": ("COMPANY", "青山资本", None),
    "长岭重工": ("COMPANY", None, "SSE:609001"),
    "远帆电气": ("COMPANY", None, None),
    "林一": ("PERSON", None, None),
    "俄亥俄州": ("LOCATION", "俄亥俄州", "US-OH"),
    "证监会": ("REGULATOR", "中国证监会", "CSRC"),
}


def article(*sentences: str, published: datetime | None = datetime(2022, 2, 18)) -> Document:
    """An article of sentences of parts ``text/role/score`` and ``text/event type/score``.

    Names, figures and dates are linked, and modalities and groups made, as in the tagger.
    """
    text, triggers = "", []
    for sentence in sentences:
        spans: list[tuple[int, int, str, float]] = []
        roles: list[RoleSpan] = []
        for part in sentence.split(" "):
            words, name, score = (*part.split("/"), "", "")[:3]
            start, text = len(text), text + words
            if name in ROLES:
                roles.append(RoleSpan(name, start, len(text), float(score or 0.9)))
            elif name:
                spans.append((start, len(text), name, float(score or 0.9)))
        triggers += [Trigger(a, b, ((kind, sure),), tuple(roles)) for a, b, kind, sure in spans]
        text += "。"
    names = re.finditer("|".join(sorted(_NAMES, key=len, reverse=True)), text)
    document = Document(text, id="a", published=published)
    for match in names:
        label, canonical, identifier = _NAMES[match.group()]
        document.entities.append(
            Entity(*match.span(), match.group(), label, 1.0, canonical, identifier)
        )
    document.quantities = find_quantities(text, published)
    build_events(document, triggers)
    return document


def said(record: Record) -> str:
    """A record in one line: modality, type, mentions, trigger, and what fills each role."""
    mentions = "+".join(map(str, record.mentions))
    fillers = (
        f"{role}={'、'.join(each.text for each in getattr(record, role))}"
        for role in ROLES
        if getattr(record, role)
    )
    return " ".join([record.modality, record.type, mentions, record.text, *fillers])


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        pytest.param(
            ["星河矿业/subject 减持/divestment"],
            ["asserted divestment 0 减持 subject=星河矿业"],
            id="one mention is one record",
        ),
        pytest.param(
            [
                "星河矿业/subject 减持/divestment 300枚比特币/quantity",
                "星河矿业/subject 昨日/date 减持/divestment 300枚比特币/quantity ，套现 "
                "1200万美元/amount",
            ],
            [
                "asserted divestment 0+1 减持 subject=星河矿业 date=昨日 amount=1200万美元 "
                "quantity=300枚比特币"
            ],
            id="a second mention adds what the first left out",
        ),
        pytest.param(
            ["星河矿业/subject 减持/divestment", "青山资本/subject 减持/divestment"],
            [
                "asserted divestment 0 减持 subject=星河矿业",
                "asserted divestment 1 减持 subject=青山资本",
            ],
            id="two sellers are two happenings",
        ),
        pytest.param(
            ["星河矿业有限公司/subject 减持/divestment", "XHKY/subject/0.8 减持/divestment"],
            ["asserted divestment 0+1 减持 subject=星河矿业有限公司"],
            id="names of one id are one filler",
        ),
        pytest.param(
            ["青山资本/subject 减持/divestment", "青山资本有限公司/subject 减持/divestment"],
            ["asserted divestment 0+1 减持 subject=青山资本有限公司"],
            id="of equally sure spellings of one canonical name the longest stays",
        ),
        pytest.param(
            ["青山资本/subject 减持/divestment", "青山资本有限公司/subject/0.6 减持/divestment"],
            ["asserted divestment 0+1 减持 subject=青山资本"],
            id="the surest spelling stays",
        ),
        pytest.param(
            ["远帆电气/subject 拟 设立/establishment", "远帆电气/subject 将 设立/establishment"],
            ["planned establishment 0+1 设立 subject=远帆电气"],
            id="an unlinked name repeated is one filler",
        ),
        pytest.param(
            ["星河矿业/subject 停牌/trading_status", "公司/subject 股票 停牌/trading_status"],
            ["asserted trading_status 0+1 停牌 subject=星河矿业"],
            id="公司 says nothing beside a name",
        ),
        pytest.param(
            ["公司/subject 股票 停牌/trading_status"],
            ["asserted trading_status 0 停牌 subject=公司"],
            id="公司 stays where nothing else is known",
        ),
        pytest.param(
            [
                "星河矿业/subject 回购/buyback 2000万股/quantity",
                "星河矿业/subject 回购/buyback 20000000股/quantity",
            ],
            ["asserted buyback 0+1 回购 subject=星河矿业 quantity=20000000股"],
            id="the same figure written twice is one filler",
        ),
        pytest.param(
            [
                "星河矿业/subject 回购/buyback 约500万股/quantity",
                "星河矿业/subject 回购/buyback 512万股/quantity",
            ],
            ["asserted buyback 0+1 回购 subject=星河矿业 quantity=512万股"],
            id="a rounded figure gives way to the exact one",
        ),
        pytest.param(
            [
                "星河矿业/subject 2月17日/date 减持/divestment 5%/ratio",
                "星河矿业/subject 昨日/date 减持/divestment 5%/ratio",
            ],
            ["asserted divestment 0+1 减持 subject=星河矿业 date=2月17日 ratio=5%"],
            id="two words for one day are one filler",
        ),
        pytest.param(
            [
                "星河矿业/subject 矿机 迁往/relocation 俄亥俄州/destination",
                "星河矿业/subject 矿机 迁往/relocation 美国/destination 俄亥俄州/destination",
            ],
            ["asserted relocation 0+1 迁往 subject=星河矿业 destination=俄亥俄州、美国"],
            id="fillers are in order of first mention",
        ),
        pytest.param(
            ["长岭重工/subject 任命/executive_change 林一/object 为总裁"],
            ["asserted executive_change 0 任命 subject=长岭重工 object=林一"],
            id="people fill roles",
        ),
        pytest.param(
            ["星河矿业/subject 拟 收购/acquisition 甲厂/object", "此次 收购/acquisition 构成重组"],
            ["planned acquisition 0+1 收购 subject=星河矿业 object=甲厂"],
            id="referring back to a plan does not make it done",
        ),
        pytest.param(
            [
                "星河矿业/subject 已 收购/acquisition 甲厂/object",
                "收购/acquisition 完成后将扩产",
            ],
            ["asserted acquisition 0+1 收购 subject=星河矿业 object=甲厂"],
            id="what follows a happening does not make it a plan",
        ),
        pytest.param(
            ["星河矿业/subject 拟 上市/listing", "上市/listing 完成后仍为子公司"],
            ["planned listing 0+1 上市 subject=星河矿业"],
            id="what follows a plan does not make it done",
        ),
        pytest.param(
            ["星河矿业/subject 或将 收购/acquisition 甲厂/object", "拟 收购/acquisition 甲厂"],
            ["planned acquisition 0+1 收购 subject=星河矿业 object=甲厂"],
            id="a plan beats a rumour",
        ),
        pytest.param(
            ["星河矿业/subject 拟 减持/divestment", "星河矿业/subject 已 减持/divestment"],
            [
                "planned divestment 0 减持 subject=星河矿业",
                "asserted divestment 1 减持 subject=星河矿业",
            ],
            id="a plan and its completion are two happenings",
        ),
        pytest.param(
            [
                "长岭重工/subject 分红/dividend 每股5元/amount",
                "长岭重工/subject 分红/dividend 30亿元/amount",
                "长岭重工/subject 分红/dividend 每10股5元/amount",
            ],
            [
                "asserted dividend 0+1 分红 subject=长岭重工 amount=5元、30亿元",
                "asserted dividend 2 分红 subject=长岭重工 amount=5元",
            ],
            id="so much a share does not contradict a total, and so much for ten shares does not",
        ),
        pytest.param(
            [
                "长岭重工/subject 起诉/lawsuit 远帆电气/object",
                "长岭重工/subject 、 远帆电气/subject 上诉/lawsuit",
            ],
            [
                "asserted lawsuit 0 起诉 subject=长岭重工 object=远帆电气",
                "asserted lawsuit 1 上诉 subject=长岭重工、远帆电气",
            ],
            id="an appeal is no suit",
        ),
        pytest.param(
            [
                "长岭重工/subject 与 星河矿业/object 签署/cooperation 协议/object",
                "长岭重工/subject 又与 青山资本/object 签署/cooperation 协议/object",
                "长岭重工/subject 与 XHKY/object 签署/cooperation 协议/object",
            ],
            [
                "asserted cooperation 0+2 签署 subject=长岭重工 object=星河矿业、协议",
                "asserted cooperation 1 签署 subject=长岭重工 object=青山资本、协议",
            ],
            id="of agreements with two the word for one is no tie",
        ),
        pytest.param(
            [
                "长岭重工/subject 签署/cooperation 协议/object",
                "长岭重工/subject 与 青山资本/object 签署/cooperation 协议/object",
            ],
            ["asserted cooperation 0+1 签署 subject=长岭重工 object=协议、青山资本"],
            id="an agreement with nobody named is with the one that is",
        ),
        pytest.param(
            [
                "长岭重工/subject 转让/equity_transfer 青山资本/object",
                "长岭重工/subject 向 星河矿业/object 转让/equity_transfer 青山资本20%股权/object",
            ],
            [
                "asserted equity_transfer 0+1 转让 subject=长岭重工 "
                "object=青山资本、星河矿业、青山资本20%股权"
            ],
            id="a name in a longer filler is a tie",
        ),
        pytest.param(
            [
                "控股股东/subject 质押/pledge 2000万股/quantity",
                "青山资本/subject 质押/pledge 20000000股/quantity",
                "远帆电气/subject 质押/pledge 300万股/quantity",
            ],
            [
                "asserted pledge 0+1 质押 subject=青山资本 quantity=20000000股",
                "asserted pledge 2 质押 subject=远帆电气 quantity=300万股",
            ],
            id="a shareholder may be the one that another mention names",
        ),
        pytest.param(
            [
                "2021年/date 长岭重工/subject 营收/earnings 9亿元/amount",
                "报告期内/date 长岭重工/subject 营收/earnings 下降",
                "2020年/date 长岭重工/subject 营收/earnings 增长",
            ],
            [
                "asserted earnings 0+1 营收 subject=长岭重工 date=2021年 amount=9亿元",
                "asserted earnings 2 营收 subject=长岭重工 date=2020年",
            ],
            id="the period of a report is the one told before",
        ),
        pytest.param(
            [
                "控股股东/subject 与 青山资本/subject 减持/divestment 2000万股/quantity",
                "控股股东/subject 减持/divestment 20000000股/quantity",
            ],
            [
                "asserted divestment 0+1 减持 subject=控股股东、青山资本 quantity=20000000股",
            ],
            id="a shareholder that stands beside a name is another",
        ),
        pytest.param(
            ["控股股东/subject 减持/divestment", "青山资本/subject 减持/divestment"],
            [
                "asserted divestment 0 减持 subject=控股股东",
                "asserted divestment 1 减持 subject=青山资本",
            ],
            id="nothing says that the shareholder is the one named",
        ),
    ],
)  # fmt: skip
def test_mentions_of_one_happening_are_one_record(
    sentences: list[str], expected: list[str]
) -> None:
    assert [said(each) for each in article(*sentences).records()] == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("9月1日", "2020年9月1日", ["2020年9月1日"]),
        ("２月29日", "2020年2月29日", ["2020年2月29日"]),
        ("2020年12月", "12月", ["2020年12月"]),
        ("9月底", "2020年9月30日", ["9月底", "2020年9月30日"]),
        ("9月1日", "2020年9月2日", None),
        ("2月29日", "2021年2月28日", None),
        ("今日", "2020年9月1日", None),
        ("报告期内", "2020年上半年", ["2020年上半年"]),
        ("2020年上半年", "报告期", ["2020年上半年"]),
        ("报告期内", "本期", ["报告期内", "本期"]),
    ],
)
def test_a_date_without_its_year_is_read_in_that_of_the_other(
    first: str, second: str, expected: list[str] | None
) -> None:
    told = [f"星河矿业/subject {each}/date 回购/buyback" for each in (first, second)]
    records = article(*told, published=None).records()
    dates = [[each.text for each in record.date] for record in records]
    assert dates == ([[first], [second]] if expected is None else [expected])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("asserted", "asserted"),
        ("planned asserted", "asserted"),
        ("possible asserted", "asserted"),
        ("negated asserted", "asserted"),
        ("planned negated", "negated"),
        ("negated possible", "negated"),
        ("possible planned", "planned"),
        ("possible possible", "possible"),
        # A hyphen stands for 此次 before the trigger.
        ("planned -asserted", "planned"),
        ("possible -asserted", "possible"),
        ("negated -asserted", "negated"),
        ("asserted -planned", "asserted"),
        ("planned -asserted asserted", "asserted"),
        ("-asserted -planned", "asserted"),
        ("rumoured", "rumoured"),
    ],
)
def test_modalities_of_mentions_combine(told: str, expected: str) -> None:
    text, events = "", []
    for each in told.split():
        text += "此次" if each.startswith("-") else "公司"
        events.append(
            Event(len(text), len(text) + 2, "收购", "acquisition", modality=each.strip("-"))
        )
        text += "收购。"
    assert [each.modality for each in Document(text, events=events).records()] == [expected]


@pytest.mark.parametrize(
    ("mentions", "best"),
    [
        ([("planned", 0.9), ("planned", 0.95)], 1),
        ([("planned", 0.9), ("planned", 0.9)], 0),
        ([("planned", 0.99), ("asserted", 0.6), ("asserted", 0.7)], 2),
    ],
)
def test_the_trigger_is_the_surest_mention_that_is_told_so(
    mentions: list[tuple[str, float]], best: int
) -> None:
    events = [
        Event(4 * index, 4 * index + 2, "收购", "acquisition", score, modality)
        for index, (modality, score) in enumerate(mentions)
    ]
    (record,) = Document("收购甲。" * len(mentions), events=events).records()
    assert (record.start, record.score, record.sentence_start) == (
        4 * best,
        mentions[best][1],
        4 * best,
    )


def test_types_that_share_a_group_number_are_apart() -> None:
    events = [
        Event(0, 2, "收购", "acquisition"),
        Event(0, 2, "收购", "investment"),
        Event(3, 5, "收购", "acquisition"),
    ]
    records = Document("收购，收购", events=events).records()
    assert [(each.type, each.mentions) for each in records] == [
        ("acquisition", (0, 2)),
        ("investment", (1,)),
    ]


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["星河矿业/subject 减持/divestment"], "NYSE:XHKY"),
        (["XHKY/subject 减持/divestment"], "NYSE:XHKY"),
        (["远帆电气/subject 减持/divestment"], None),
        (["证监会/subject 立案/regulatory_action 星河矿业/object"], None),
        (["林一/subject 辞职/executive_change 星河矿业/object"], None),
        (["林一/subject 与 长岭重工/subject 增资/investment"], "SSE:609001"),
        (["远帆电气/subject/0.9 与 长岭重工/subject/0.6 增资/investment"], "SSE:609001"),
        (["星河矿业/subject/0.7 与 长岭重工/subject/0.8 合作/cooperation"], "SSE:609001"),
        (["减持/divestment"], None),
    ],
)
def test_the_company_id_is_that_of_the_surest_company_that_does_it(
    sentences: list[str], expected: str | None
) -> None:
    assert [each.company_id for each in article(*sentences).records()] == [expected]


def dated(*dates: tuple[datetime | None, datetime | None]) -> Document:
    """An article of one divestment with these dates."""
    quantities = [
        Quantity(index, index + 1, "日", "DATE", start_time=start, end_time=end)
        for index, (start, end) in enumerate(dates)
    ]
    arguments = [
        Argument("date", each.start, each.end, each.text, quantity=index)
        for index, each in enumerate(quantities)
    ]
    at = len(dates)
    event = Event(at, at + 2, "减持", "divestment", arguments=arguments)
    return Document("日" * at + "减持", quantities=quantities, events=[event])


JANUARY, FEBRUARY, MARCH, APRIL = (datetime(2022, month, 1) for month in (1, 2, 3, 4))
# An evening in New York that is an hour after the next morning in Beijing.
NEW_YORK_EVENING = datetime(2022, 1, 1, 20, tzinfo=NEW_YORK)
BEIJING_MORNING = datetime(2022, 1, 2, 8, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([], (None, None)),
        ([(None, None)], (None, None)),
        ([(JANUARY, FEBRUARY)], (JANUARY, FEBRUARY)),
        ([(MARCH, APRIL), (JANUARY, FEBRUARY)], (JANUARY, APRIL)),
        ([(None, None), (JANUARY, FEBRUARY)], (JANUARY, FEBRUARY)),
        ([(None, FEBRUARY)], (None, FEBRUARY)),
        ([(None, JANUARY), (FEBRUARY, None)], (None, None)),
        ([(MARCH, None), (FEBRUARY, None)], (FEBRUARY, None)),
        ([(None, MARCH), (JANUARY, FEBRUARY)], (JANUARY, FEBRUARY)),
        (
            [
                (NEW_YORK_EVENING, NEW_YORK_EVENING + timedelta(hours=1)),
                (BEIJING_MORNING, BEIJING_MORNING + timedelta(hours=1)),
            ],
            (BEIJING_MORNING, NEW_YORK_EVENING + timedelta(hours=1)),
        ),
        (
            [(JANUARY.replace(tzinfo=BEIJING), FEBRUARY.replace(tzinfo=BEIJING)), (MARCH, APRIL)],
            (JANUARY.replace(tzinfo=BEIJING), APRIL),
        ),
    ],
)  # fmt: skip
def test_the_interval_spans_the_dates(
    dates: list[tuple[datetime | None, datetime | None]],
    expected: tuple[datetime | None, datetime | None],
) -> None:
    (record,) = dated(*dates).records()
    assert (record.start_time, record.end_time) == expected


def filled(first: dict[str, Any], second: dict[str, Any]) -> Document:
    """An article of one buyback told twice, each time with a figure."""
    quantities = [Quantity(0, 1, "甲", **first), Quantity(3, 4, "乙", **second)]
    events = [
        Event(start + 1, start + 3, "回购", "buyback", arguments=[
            Argument("amount", start, start + 1, quantities[index].text, quantity=index)
        ])
        for index, start in enumerate((0, 3))
    ]  # fmt: skip
    return Document("甲回购乙回购", quantities=quantities, events=events)


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ({"value": Decimal(512)}, {"value": Decimal("512.0")}, 1),
        ({"value": Fraction(1, 2)}, {"value": Decimal("0.5")}, 1),
        ({"value": Decimal(512)}, {"value": Decimal(512), "approximate": True}, 1),
        ({"value": Decimal(512)}, {"value": Decimal(513)}, 2),
        ({"value": Decimal(512), "unit": "USD"}, {"value": Decimal(512), "unit": "CNY"}, 2),
        ({"value": Decimal(2), "per": "股"}, {"value": Decimal(2)}, 2),
        ({"value": Decimal(2)}, {"value": Decimal(2), "low": Decimal(2)}, 1),
        ({"value": Decimal("2.3E8")}, {"value": Decimal("2.301E8")}, 1),
        ({"value": Decimal("2.6E8")}, {"value": Decimal("2.58E8")}, 1),
        ({"value": Decimal("2.5E8")}, {"value": Decimal("2.58E8")}, 1),
        ({"value": Decimal("2.4E8")}, {"value": Decimal("2.58E8")}, 2),
        ({"value": Decimal("2.3E8"), "unit": "USD"}, {"value": Decimal("2.301E8")}, 2),
        ({"value": Decimal(98)}, {"value": Decimal(100)}, 2),
        ({"value": Fraction(1, 3)}, {"value": Decimal("0.33")}, 2),
        ({"low": Decimal(1), "high": Decimal(2)}, {"low": Decimal(1), "high": Decimal(2)}, 1),
        ({"low": Decimal(1), "high": Decimal(2)}, {"low": Decimal(1), "high": Decimal(3)}, 2),
        (
            {"low": Decimal(155), "high": Decimal(279)},
            {"low": Decimal("155.2"), "high": Decimal("278.9")},
            1,
        ),
        (
            {"low": Decimal(155), "high": Decimal(279)},
            {"low": Decimal("155.2"), "high": Decimal("269.9")},
            2,
        ),
        ({"low": Decimal(155), "high": Decimal(279)}, {"value": Decimal(155)}, 2),
        # a loss
        ({"value": Decimal("1.2E8")}, {"value": Decimal("-1.203E8")}, 1),
        ({"value": Decimal("1.2E8")}, {"value": Decimal("-1.2E8"), "approximate": True}, 1),
        ({"low": Decimal(11), "high": Decimal(15)}, {"low": Decimal(-15), "high": Decimal(-11)}, 1),
        ({"label": "PERCENT", "value": Decimal(5)}, {"label": "CARDINAL", "value": Decimal(5)}, 2),
        ({}, {}, 2),
        (
            {"start_time": datetime(2022, 1, 1, tzinfo=UTC)},
            {"start_time": datetime(2022, 1, 1, 8, tzinfo=BEIJING)},
            1,
        ),
        ({"start_time": datetime(2022, 1, 1, tzinfo=UTC)}, {"start_time": JANUARY}, 2),
    ],
)
def test_figures_of_the_same_value_count_once(
    first: dict[str, Any], second: dict[str, Any], count: int
) -> None:
    (record,) = filled({"label": "MONEY"} | first, {"label": "MONEY"} | second).records()
    assert len(record.amount) == count


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({"value": Decimal("2.3E8")}, {"value": Decimal("2.301E8")}, "乙"),
        ({"value": Decimal("2.301E8")}, {"value": Decimal("2.3E8")}, "甲"),
        (
            {"low": Decimal(155), "high": Decimal(279)},
            {"low": Decimal("155.2"), "high": Decimal("278.9")},
            "乙",
        ),
        ({"value": Decimal(2), "high": Decimal(2)}, {"value": Decimal(2)}, "甲"),
        ({"value": Decimal(2)}, {"value": Decimal(2), "high": Decimal(2)}, "乙"),
    ],
)
def test_the_fuller_figure_and_the_bound_are_kept(
    first: dict[str, Any], second: dict[str, Any], kept: str
) -> None:
    (record,) = filled({"label": "MONEY"} | first, {"label": "MONEY"} | second).records()
    assert [each.text for each in record.amount] == [kept]


# A name is "text", "text=canonical", "text#id" or "text=canonical#id".
@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("甲 甲", "甲"),
        ("甲 乙#X", "甲 乙#X"),
        ("甲#X 乙#X", "甲#X"),
        ("甲#X 甲#Y", "甲#X 甲#Y"),
        ("甲=丙#X 乙=丙", "甲=丙#X"),
        ("乙=丙 甲=丙#X", "甲=丙#X"),
        ("甲=丙#X 甲=丙#Y", "甲=丙#X 甲=丙#Y"),
        ("甲=丙 甲=丁", "甲=丙 甲=丁"),
        ("甲=乙 乙", "甲=乙"),
        ("Ａ a", "Ａ"),
        ("甲 甲#X 甲#Y", "甲#X 甲#Y"),
        ("甲 乙#X 甲#X", "乙#X"),
        ("丁 甲 乙#X", "丁 甲 乙#X"),
    ],
)
def test_names_are_one_by_id_then_by_canonical_name_then_by_text(names: str, kept: str) -> None:
    document = Document("")
    parts = re.findall(r"(\S)(?:=(\S))?(?:#(\S))?", names)
    for index, (text, canonical, identifier) in enumerate(parts):
        start = len(document.text)
        document.text += f"{text}回购"
        document.entities.append(
            Entity(start, start + 1, text, "COMPANY", 0.9, canonical or None, identifier or None)
        )
        subject = Argument("subject", start, start + 1, text, 0.9, index)
        document.events.append(Event(start + 1, start + 3, "回购", "buyback", arguments=[subject]))
    (record,) = document.records()
    assert " ".join(
        each.text
        + (f"={each.canonical}" if each.canonical else "")
        + (f"#{each.id}" if each.id else "")
        for each in record.subject
    ) == kept  # fmt: skip


def test_a_pronoun_that_is_linked_gives_way_to_the_name_it_stands_for() -> None:
    entities = [Entity(0, 2, "星河", "COMPANY", 1.0, None, "NYSE:XHKY")]
    events = [
        Event(2, 4, "回购", "buyback", arguments=[Argument("subject", 0, 2, "星河", 0.6, 0)]),
        Event(7, 9, "回购", "buyback", arguments=[Argument("subject", 5, 7, "公司", 0.9, 0)]),
    ]
    (record,) = Document("星河回购。公司回购", entities=entities, events=events).records()
    assert [(each.text, each.id) for each in record.subject] == [("星河", "NYSE:XHKY")]


@pytest.mark.parametrize(
    ("text", "trigger", "sentence"),
    [
        ("昨日收涨。公司回购股份。另讯", "回购", "公司回购股份。"),
        ("公司回购股份\n公司公告", "回购", "公司回购股份"),
        ("公司回购", "回购", "公司回购"),
        ("公司回。购股份。", "回。购", "公司回。购股份。"),
        ("\n \n", " ", " "),
        ("长" * 400 + "回购" + "尾" * 400, "回购", "长" * 250 + "回购" + "尾" * 250),
    ],
)
def test_a_record_carries_the_sentence_of_its_trigger(
    text: str, trigger: str, sentence: str
) -> None:
    start = text.index(trigger)
    event = Event(start, start + len(trigger), trigger, "buyback")
    (record,) = Document(text, events=[event]).records()
    assert record.sentence == text[record.sentence_start : record.sentence_end] == sentence


def test_a_record_has_a_plain_json_shape() -> None:
    document = article(
        "公告称， 星河矿业/subject/0.95 昨日/date 以 约2400万美元/amount 减持/divestment/0.97 "
        "300枚比特币/quantity 占 5%至6%/ratio",
        "星河矿业/subject 减持/divestment/0.8",
    )
    assert [each.to_dict() for each in document.records()] == [
        {
            "type": "divestment", "group": 0, "modality": "asserted",
            "start": 19, "end": 21, "text": "减持", "score": 0.97,
            "sentence": document.text[:35], "sentence_start": 0, "sentence_end": 35,
            "mentions": [0, 1],
            "subject": [
                {
                    "start": 4, "end": 8, "text": "星河矿业", "score": 0.95, "label": "COMPANY",
                    "canonical": "星河矿业", "id": "NYSE:XHKY", "entity": 0,
                }
            ],
            "date": [
                {
                    "start": 8, "end": 10, "text": "昨日", "score": 0.9, "label": "DATE",
                    "start_time": "2022-02-17T00:00:00", "end_time": "2022-02-18T00:00:00",
                    "quantity": 0,
                }
            ],
            "amount": [
                {
                    "start": 11, "end": 19, "text": "约2400万美元", "score": 0.9, "label": "MONEY",
                    "value": "24000000", "unit": "USD", "approximate": True, "quantity": 1,
                }
            ],
            "quantity": [
                {
                    "start": 21, "end": 28, "text": "300枚比特币", "score": 0.9, "label": "MONEY",
                    "value": "300", "unit": "BTC", "quantity": 2,
                }
            ],
            "ratio": [
                {
                    "start": 29, "end": 34, "text": "5%至6%", "score": 0.9, "label": "PERCENT",
                    "unit": "%", "low": "5", "high": "6", "quantity": 3,
                }
            ],
            "company_id": "NYSE:XHKY",
            "start_time": "2022-02-17T00:00:00", "end_time": "2022-02-18T00:00:00",
        }
    ]  # fmt: skip


def test_an_article_without_events_has_no_records() -> None:
    assert Document("上证指数收涨。").records() == []


TEXT = "此次公司收购甲厂。乙厂减持\n"
SPANS = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 4)).map(
    lambda pair: (pair[0], min(len(TEXT), sum(pair)))
)

ANY_ROLE = st.sampled_from([*ROLES, "buyer"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Documents whose events, arguments and links are any."""
    document = Document(TEXT)
    for start, end in draw(st.lists(SPANS, max_size=3)):
        identifier = draw(st.none() | st.sampled_from("XY"))
        document.entities.append(
            Entity(start, end, TEXT[start:end], "COMPANY", 0.9, None, identifier)
        )
    times = st.none() | st.datetimes(timezones=st.none() | st.just(UTC))
    for start, end in draw(st.lists(SPANS, max_size=3)):
        document.quantities.append(
            Quantity(
                start, end, TEXT[start:end], "DATE", start_time=draw(times), end_time=draw(times)
            )
        )
    links = [
        st.none() | st.integers(0, len(spans) - 1) if spans else st.none()
        for spans in (document.entities, document.quantities)
    ]
    for start, end in draw(st.lists(SPANS, max_size=4)):
        arguments = [
            Argument(draw(ANY_ROLE), a, b, TEXT[a:b], draw(st.floats(0, 1)), *map(draw, links))
            for a, b in draw(st.lists(SPANS, max_size=4))
        ]  # fmt: skip
        document.events.append(
            Event(start, end, TEXT[start:end], draw(st.sampled_from("甲乙")), draw(st.floats(0, 1)),
                  draw(st.sampled_from(list(MODALITIES))), draw(st.integers(0, 2)), arguments)
        )  # fmt: skip
    return document


@settings(max_examples=100)
@given(documents())
def test_every_mention_is_in_one_record_and_every_filler_is_one_of_its_arguments(
    document: Document,
) -> None:
    records = document.records()
    assert sorted(index for each in records for index in each.mentions) == list(
        range(len(document.events))
    )
    for record in records:
        mentions = [document.events[index] for index in record.mentions]
        assert {(each.type, each.group) for each in mentions} == {(record.type, record.group)}
        assert record.modality in {each.modality for each in mentions}
        assert record.text == TEXT[record.start : record.end] in record.sentence
        for role in ROLES:
            told = {
                (each.start, each.end, each.score, each.entity, each.quantity)
                for event in mentions
                for each in event.arguments
                if each.role == role
            }
            kept = [
                (each.start, each.end, each.score, each.entity, each.quantity)
                for each in getattr(record, role)
                if each.source is None
            ]
            assert set(kept) <= told
            assert bool(kept) == bool(told)
            identifiers = [each.id for each in getattr(record, role) if each.id]
            assert len(identifiers) == len(set(identifiers))
        json.dumps(record.to_dict())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("星河矿业终止扩建\n因电力不足，公司终止了计划。", "因电力不足，公司终止了计划。"),
        ("因电力不足，公司终止了计划。\n星河矿业终止扩建", "因电力不足，公司终止了计划。"),
        ("星河矿业终止扩建\n星河矿业终止计划", "星河矿业终止扩建"),  # two headlines: the surer
    ],
)
def test_a_whole_sentence_tells_better_than_a_headline(text: str, sentence: str) -> None:
    places = [match.start() for match in re.finditer("终止", text)]
    document = Document(
        text,
        events=[
            Event(place, place + 2, "终止", "termination", score=0.9 - place / 100)
            for place in places
        ],
    )
    (record,) = document.records()
    assert record.sentence == sentence
