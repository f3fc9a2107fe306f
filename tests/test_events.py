"""Events from triggers and role spans: snapping, modality and grouping."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger import find_quantities
from tagger.decoding import RoleSpan, Trigger
from tagger.document import Argument, Document, Entity, Quantity
from tagger.events import build_events
from tagger.schema import ROLES

TEXT = "2月17日，海岳矿业(600000.SH)董事长王立宣布减持约512个比特币，占“极光矿池”的2.15%。"


def article(text: str = TEXT) -> Document:
    """The text with its names, and its figures by hand."""
    document = Document(text)
    for name, label in [
        ("海岳矿业", "COMPANY"),
        ("600000.SH", "TICKER"),
        ("王立", "PERSON"),
        ("极光矿池", "COMPANY"),
    ]:
        if name in text:
            start = text.index(name)
            document.entities.append(Entity(start, start + len(name), name, label))
    for figure, label in [("2月17日", "DATE"), ("约512个比特币", "MONEY"), ("2.15%", "PERCENT")]:
        if figure in text:
            start = text.index(figure)
            document.quantities.append(Quantity(start, start + len(figure), figure, label))
    return document


def role_span(text: str, role: str, part: str, score: float = 0.9) -> RoleSpan:
    start = text.index(part)
    return RoleSpan(role, start, start + len(part), score)


@pytest.mark.parametrize(
    ("role", "part", "snapped", "entity", "quantity"),
    [
        ("subject", "海岳矿业", "海岳矿业", 0, None),
        ("subject", "海岳", "海岳矿业", 0, None),
        ("subject", "海岳矿业(600000.SH)", "海岳矿业", 0, None),
        ("subject", "董事长王立", "王立", 2, None),
        ("subject", "海岳矿业(600000.SH)董事长", "海岳矿业(600000.SH)董事长", None, None),
        ("subject", "海岳矿业(600000.SH)董事长王立", "海岳矿业(600000.SH)董事长王立", None, None),
        ("object", "“极光矿池”", "极光矿池", 3, None),
        ("object", "占“极光矿池”", "占“极光矿池”", None, None),
        ("object", "约512个比特币，", "约512个比特币", None, 1),
        ("date", "17日", "2月17日", None, 0),
        ("quantity", "512个比特币", "约512个比特币", None, 1),
        ("amount", "减持约512个比特币", "约512个比特币", None, 1),
        ("ratio", "的2.15%", "2.15%", None, 2),
        ("ratio", "512个比特币", "512个比特币", None, None),
        ("location", "董事长", "董事长", None, None),
    ],
)
def test_a_role_span_is_moved_to_what_it_means(
    role: str, part: str, snapped: str, entity: int | None, quantity: int | None
) -> None:
    document = article()
    start = TEXT.index("减持")
    build_events(
        document,
        [Trigger(start, start + 2, (("divestment", 0.8),), (role_span(TEXT, role, part),))],
    )
    at = TEXT.index(snapped)
    assert document.events[0].arguments == [
        Argument(role, at, at + len(snapped), snapped, 0.9, entity, quantity)
    ]


def test_one_span_fills_a_role_once_with_its_best_score() -> None:
    document = article()
    spans = (role_span(TEXT, "subject", "海岳矿业", 0.6), role_span(TEXT, "subject", "海岳", 0.7))
    build_events(document, [Trigger(25, 27, (("divestment", 0.8),), spans)])
    assert [(each.text, each.score) for each in document.events[0].arguments] == [("海岳矿业", 0.7)]


@pytest.mark.parametrize(
    ("text", "role", "part", "expected"),
    [
        ("海岳矿业减持其位于德国青岛的矿场股权", "object", "矿场股权", "青岛"),
        ("海岳矿业减持了在青岛的矿场股权", "object", "矿场股权", "青岛"),
        ("海岳矿业减持位于青岛的矿场股权", "object", "青岛的矿场股权", None),
        ("海岳矿业在德国减持位于青岛的矿场股权", "location", "德国", "德国"),
        ("海岳矿业减持王立位于青岛的矿场股权", "object", "矿场股权", None),
    ],
)
def test_a_place_right_behind_the_trigger_is_where_it_happens(
    text: str, role: str, part: str, expected: str | None
) -> None:
    places = [(text.index(each), each) for each in ("德国", "青岛") if each in text]
    entities = [Entity(at, at + 2, place, "LOCATION") for at, place in places]
    document = Document(text, entities=entities)
    start = text.index("减持")
    trigger = Trigger(start, start + 2, (("divestment", 0.9),), (role_span(text, role, part),))
    build_events(document, [trigger])
    found = [each for each in document.events[0].arguments if each.role == "location"]
    assert [each.text for each in found] == ([] if expected is None else [expected])
    assert all(entities[each.entity or 0].text == each.text for each in found)


def test_no_party_does_it_to_itself() -> None:
    document = article()
    spans = (
        role_span(TEXT, "subject", "海岳矿业", 0.6),
        role_span(TEXT, "object", "海岳矿业", 0.7),
    )
    build_events(document, [Trigger(25, 27, (("divestment", 0.8),), spans)])
    assert [each.role for each in document.events[0].arguments] == ["object"]


def test_an_argument_lies_beside_its_trigger() -> None:
    document = article()
    spans = (role_span(TEXT, "subject", "王立宣布减持"), role_span(TEXT, "object", "极光矿池"))
    start = TEXT.index("减持")
    build_events(document, [Trigger(start, start + 2, (("divestment", 0.8),), spans)])
    assert [each.role for each in document.events[0].arguments] == ["object"]


@pytest.mark.parametrize(
    ("text", "place", "role"),
    [
        ("海岳矿业将矿机迁移至青岛", "青岛", "destination"),
        ("海岳矿业完成矿机向青岛和宁波的迁移", "宁波", "destination"),
        ("海岳矿业将矿机从青岛迁移", "青岛", "location"),
        ("海岳矿业将青岛和宁波的矿机迁移", "宁波", "location"),
    ],
)
def test_where_something_is_moved_to_is_its_destination(text: str, place: str, role: str) -> None:
    document = Document(text)
    spans = tuple(role_span(text, "location", each) for each in ("青岛", "宁波") if each in text)
    start = text.index("迁移")
    build_events(document, [Trigger(start, start + 2, (("relocation", 0.9),), spans)])
    roles = {each.text: each.role for each in document.events[0].arguments}
    assert roles[place] == role


@pytest.mark.parametrize(
    ("name", "marked", "expected"),
    [
        ("新希望", "新希望【回购】股份", "asserted"),
        ("未名医药", "未名医药【收购】甲厂", "asserted"),
        ("華友互聯網傳媒集團", "華友互聯網傳媒集團【收购】甲厂", "asserted"),
        ("沈若谷", "沈若谷【质押】股份", "asserted"),
        ("沈若谷", "沈若谷拟【质押】股份", "planned"),
        ("新华社", "新华社消息称，海岳矿业【收购】甲厂", "asserted"),
        ("希望教育收购基金", "希望教育【收购】基金公告", "asserted"),
    ],
)
def test_a_name_holds_no_cue(name: str, marked: str, expected: str) -> None:
    start, end = marked.index("【"), marked.index("】") - 1
    document = Document(marked.replace("【", "").replace("】", ""))
    document.entities.append(Entity(0, len(name), name, "COMPANY"))
    build_events(document, [Trigger(start, end, (("acquisition", 0.9),))])
    assert [(each.text, each.modality) for each in document.events] == [
        (document.text[start:end], expected)
    ]


def test_a_latin_name_between_spaces_ends_no_clause() -> None:
    document = Document("公司拟向 Hydra 收购甲厂", entities=[Entity(5, 10, "Hydra", "COMPANY")])
    build_events(document, [Trigger(11, 13, (("acquisition", 0.9),))])
    assert document.events[0].modality == "planned"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "公司拟以发行股份的方式【购买】宁州铜业集团有限公司100%股权，交易总价款为6.97亿元，"
            "并向三名投资者【发行】股份【募集】配套资金。",
            ["planned"] * 3,
        ),
        (
            "公司还将【关闭】位于海州经济技术开发区的第一、第二和第三化工厂以及仓库，并【暂停】扩建。",
            ["planned"] * 2,
        ),
        (
            "公司将【关闭】位于海州经济技术开发区的第一、第二和第三化工厂以及仓库，并正式【启动】了扩建。",
            ["planned", "asserted"],
        ),
        (
            "公司将【关闭】位于海州经济技术开发区的第一、第二和第三化工厂。公司乙，并【暂停】扩建。",
            ["planned", "asserted"],
        ),
        ("公司已【关闭】海州的工厂，并【暂停】扩建。", ["asserted"] * 2),
        (
            "公司还将【关闭】位于海州经济技术开发区的第一、第二和第三化工厂以及仓库，并宣布【暂停】扩建。",
            ["planned", "asserted"],
        ),
        ("法院裁定批准【重整】计划，并【终止】程序。", ["planned", "asserted"]),
    ],
)
def test_a_clause_goes_on_with_the_plan_before_it(marked: str, expected: list[str]) -> None:
    parts = re.split("[【】]", marked)
    starts = [0, *accumulate(map(len, parts))]
    document = Document("".join(parts))
    triggers = [
        Trigger(starts[index], starts[index + 1], (("termination", 0.9),))
        for index in range(1, len(parts), 2)
    ]
    build_events(document, triggers)
    assert [each.modality for each in document.events] == expected


@pytest.mark.parametrize(
    ("text", "event_type", "published", "expected"),
    [
        ("公司股票自11月21日起复牌", "trading_status", datetime(2021, 11, 20, 19), "planned"),
        ("公司股票自11月21日起复牌", "trading_status", datetime(2021, 11, 21, 8), "asserted"),
        ("公司股票自11月21日起复牌", "trading_status", None, "asserted"),
        ("公司股票已获准11月21日复牌", "trading_status", datetime(2021, 11, 20), "asserted"),
        ("公司股票自2021-11-21起复牌", "trading_status", datetime(2021, 11, 20), "planned"),
        # A month or weekday alone may be the last one.
        ("公司股票周日复牌", "trading_status", datetime(2021, 11, 20), "asserted"),
        ("公司股票12月复牌", "trading_status", datetime(2021, 11, 20), "asserted"),
        ("公司股票复牌", "trading_status", datetime(2021, 11, 20), "asserted"),
        # When it ends or takes force is no day for it.
        ("债券11月21日到期，复牌", "pledge", datetime(2021, 11, 20), "asserted"),
    ],
)
def test_what_is_announced_for_a_later_day_is_planned(
    text: str, event_type: str, published: datetime | None, expected: str
) -> None:
    document = Document(text, published=published)
    document.quantities = list(find_quantities(text, published))
    dates = tuple(RoleSpan("date", each.start, each.end, 0.9) for each in document.quantities)
    start = text.index("复牌")
    build_events(document, [Trigger(start, start + 2, ((event_type, 0.9),), dates)])
    assert document.events[0].modality == expected


def test_a_trigger_of_two_types_is_two_events_and_events_are_in_order() -> None:
    document = Document("公司拟收购后增资，昨日减持。")
    build_events(
        document,
        [
            Trigger(11, 13, (("divestment", 0.912345),)),
            Trigger(3, 5, (("acquisition", 0.9), ("investment", 0.6))),
        ],
    )
    assert [(each.text, each.type, each.score, each.modality) for each in document.events] == [
        ("收购", "acquisition", 0.9, "planned"),
        ("收购", "investment", 0.6, "planned"),
        ("减持", "divestment", 0.9123, "asserted"),
    ]


# Sentences of parts "text/role" and "text/event type"; a part may have neither.
@pytest.mark.parametrize(
    ("sentences", "groups"),
    [
        (["海岳矿业/subject 减持/divestment", "海岳矿业/subject 昨日 减持/divestment"], [0, 0]),
        (["海岳矿业/subject 减持/divestment", "盛江集团/subject 减持/divestment"], [0, 1]),
        (["海岳矿业/subject 减持/divestment", "海岳矿业/subject 增持/stake_increase"], [0, 1]),
        (["海岳矿业/subject 拟 减持/divestment", "海岳矿业/subject 已 减持/divestment"], [0, 1]),
        (["海岳矿业/subject 拟 减持/divestment", "海岳矿业/subject 可能 减持/divestment"], [0, 0]),
        (["海岳矿业/subject 未 减持/divestment", "海岳矿业/subject 减持/divestment"], [0, 1]),
        (["减持/divestment", "减持/divestment"], [0, 1]),
        (["停牌/trading_status", "海岳矿业/subject 停牌/trading_status"], [0, 0]),
        (["海岳矿业/subject 停牌/trading_status", "公司/subject 股票 停牌/trading_status"], [0, 0]),
        (
            [
                "海岳矿业/subject 停牌/trading_status",
                "盛江集团/subject 停牌/trading_status",
                "公司/subject 股票 停牌/trading_status",
            ],
            [0, 1, 2],
        ),
        (
            [
                "海岳矿业/subject 收购/acquisition 甲厂/object",
                "海岳矿业/subject 收购/acquisition 乙厂/object",
                "收购/acquisition 乙厂/object 完成",
            ],
            [0, 1, 1],
        ),
        (["海岳矿业/subject 拟 收购/acquisition 甲厂/object", "此次 收购/acquisition"], [0, 0]),
        (
            ["证监会/subject 立案/regulatory_action", "证监会/subject 立案 调查/regulatory_action"],
            [0, 0],
        ),
        (
            ["证监会/subject 立案/regulatory_action", "证监会/subject 调查/regulatory_action"],
            [0, 1],
        ),
        (["海岳矿业/subject 拟 定增/financing", "本次非公开 发行/financing 股份/object"], [0, 0]),
        (
            [
                "海岳矿业/subject 已 收购/acquisition 甲厂/object",
                "此次， 收购/acquisition 乙厂/object",
            ],
            [0, 1],
        ),
        (["海岳矿业/subject 净利润/earnings", "海岳矿业/subject 营收/earnings"], [0, 1]),
        (["海岳矿业/subject 停牌/trading_status", "海岳矿业/subject 复牌/trading_status"], [0, 1]),
        (["海岳矿业/subject 营收/earnings", "海岳矿业/subject 营收/earnings"], [0, 0]),
        (  # what a party ends is told apart by more than the party
            [
                "海岳矿业/subject 停用/termination 账户/object",
                "海岳矿业/subject 终止/termination 计划/object",
                "海岳矿业/subject 撤回/termination",
                "海岳矿业/subject 终止/termination",
                "终止/termination",
            ],
            [0, 1, 2, 1, 1],
        ),
        (  # told with a word that two happenings share
            [
                "海岳矿业/subject 终止/termination 计划/object",
                "盛江集团/subject 终止/termination 合同/object",
                "终止/termination",
            ],
            [0, 1, 2],
        ),
        (  # pointed at, in other words for the object
            ["海岳矿业/subject 收购/acquisition 甲厂/object", "此次 收购/acquisition 资产/object"],
            [0, 0],
        ),
        (
            [
                "海岳矿业/subject 收购/acquisition 甲厂/object",
                "盛江集团/subject 此次 收购/acquisition 资产/object",
            ],
            [0, 1],
        ),
        (  # nothing has been told that they could point at
            ["海岳矿业/subject 此次 发行/financing 债券/object", "此次 发行/financing 新股/object"],
            [0, 1],
        ),
        (  # a post is whoever holds it
            [
                "海岳矿业/object 财务总监/subject 辞职/executive_change",
                "何牧之/subject 辞职/executive_change 海岳矿业/object",
                "石一鸣/subject 辞职/executive_change 海岳矿业/object",
            ],
            [0, 0, 1],
        ),
        (["海岳矿业/subject 拟 收购/acquisition", "同意 收购/acquisition 后者/object"], [0, 0]),
    ],
)
def test_grouping(sentences: list[str], groups: list[int]) -> None:
    text, triggers = "", []
    for sentence in sentences:
        text, found = marked_up(sentence, text)
        text += "。"
        triggers += found
    document = Document(text)
    build_events(document, triggers)
    assert [event.group for event in document.events] == groups


def test_two_words_of_one_inquiry_are_one_happening() -> None:
    text = "公司未收到立案调查通知。证监会未对公司立案调查。"
    triggers = [
        Trigger(match.start(), match.end(), (("regulatory_action", 0.9),))
        for match in re.finditer("立案|调查", text)
    ]
    named = replace(triggers[-1], arguments=(RoleSpan("subject", 12, 15, 0.9),))
    document = Document(text)
    build_events(document, [*triggers[:-1], named])
    assert [event.group for event in document.events[:2]] == [0, 0]
    build_events(document, [*triggers[:2], named])
    assert [event.group for event in document.events] == [0, 0, 0]


def marked_up(sentence: str, before: str = "") -> tuple[str, list[Trigger]]:
    """The text with the sentence's parts behind it, and the sentence's triggers, each with the
    arguments around it."""
    text, spans, arguments = before, {}, []
    for part in sentence.split():
        words, _, name = part.partition("/")
        span = (len(text), len(text) + len(words))
        text += words
        if name in ROLES:
            arguments.append(RoleSpan(name, *span, 0.9))
        elif name:
            spans[name] = span
    triggers = [Trigger(*span, ((name, 0.9),), tuple(arguments)) for name, span in spans.items()]
    return text, triggers


@pytest.mark.parametrize(
    ("sentences", "groups", "modalities"),
    [
        (
            ["海岳矿业/subject 拟 搬迁/relocation", "搬迁/relocation 有利于公司发展"],
            [0, 0],
            ["planned", "planned"],
        ),
        (
            ["据传 海岳矿业/subject 减持/divestment", "海岳矿业/subject 称， 减持/divestment 正常"],
            [0, 0],
            ["possible", "possible"],
        ),
        (
            ["海岳矿业/subject 拟 搬迁/relocation", "此次 搬迁/relocation 有利于公司发展"],
            [0, 0],
            ["planned", "planned"],
        ),
        (  # the latest is meant
            [
                "海岳矿业/subject 曾 裁员/layoff 450人/quantity",
                "海岳矿业/subject 将 裁员/layoff 800人/quantity",
                "除 裁员/layoff 外，海岳矿业将关闭工厂",
            ],
            [0, 1, 1],
            ["asserted", "planned", "planned"],
        ),
        (
            [
                "海岳矿业/subject 将 裁员/layoff 800人/quantity",
                "海岳矿业/subject 已 裁员/layoff 450人/quantity",
                "裁员/layoff 引起关注",
            ],
            [0, 1, 1],
            ["planned", "asserted", "asserted"],
        ),
        (  # a figure or date, a word of doing, another word or party
            ["海岳矿业/subject 拟 减持/divestment", "海岳矿业/subject 减持/divestment 2%/ratio"],
            [0, 1],
            ["planned", "asserted"],
        ),
        (
            ["海岳矿业/subject 拟 减持/divestment", "海岳矿业/subject 减持/divestment 实施完毕"],
            [0, 1],
            ["planned", "asserted"],
        ),
        (
            ["海岳矿业/subject 拟 收购/acquisition", "海岳矿业/subject 完成 收购/acquisition"],
            [0, 1],
            ["planned", "asserted"],
        ),
        (
            ["海岳矿业/subject 拟 收购/acquisition", "海岳矿业/subject 购买/acquisition 甲厂"],
            [0, 1],
            ["planned", "asserted"],
        ),
        (
            ["海岳矿业/subject 拟 减持/divestment", "盛江集团/subject 减持/divestment"],
            [0, 1],
            ["planned", "asserted"],
        ),
        (  # of several a firm plans one and has made another
            [
                "海岳矿业/subject 拟 聘任/executive_change",
                "海岳矿业/subject 聘任/executive_change",
            ],
            [0, 1],
            ["planned", "asserted"],
        ),
    ],
)
def test_a_bare_mention_behind_a_plan_speaks_of_the_plan(
    sentences: list[str], groups: list[int], modalities: list[str]
) -> None:
    text, triggers = "", []
    for sentence in sentences:
        text, found = marked_up(sentence, text)
        text += "。"
        triggers += found
    document = Document(text)
    build_events(document, triggers)
    assert [event.group for event in document.events] == groups
    assert [event.modality for event in document.events] == modalities


# A headline and what follows it, marked up as above, with figures; and the groups and modalities.
@pytest.mark.parametrize(
    ("headline", "body", "groups", "modalities"),
    [
        (  # other words for the object, a rounded figure
            "海岳矿业/subject 中标/bid_win 2.3亿元/amount 环保项目/object",
            "海岳矿业/subject 公告，其子公司 中标/bid_win 青川县污水厂/object 价 2.301亿元/amount",
            [0, 0],
            ["asserted", "asserted"],
        ),
        (  # the subsidiary that it is
            "海岳矿业/subject 中标/bid_win 污水厂/object",
            "海岳铜业/subject 中标/bid_win 青川县污水厂/object",
            [0, 0],
            ["asserted", "asserted"],
        ),
        (  # the headline leaves out 将
            "海岳矿业/subject 裁员/layoff 1800人/quantity",
            "海岳矿业/subject 公告，将 裁员/layoff 约1800人/quantity",
            [0, 0],
            ["planned", "planned"],
        ),
        (  # what was done is no plan
            "海岳矿业/subject 减持/divestment 2%/ratio",
            "海岳矿业/subject 曾计划 减持/divestment 不超过3%/ratio 。|已 减持/divestment 2%/ratio",
            [0, 1, 0],
            ["asserted", "planned", "asserted"],
        ),
        (
            "海岳矿业/subject 净利/earnings 增长 30%/ratio",
            "海岳矿业/subject 净利润/earnings 4亿元/amount 增长 30.5%/ratio",
            [0, 0],
            ["asserted", "asserted"],
        ),
        (  # behind another result
            "海岳矿业/subject 净利/earnings 下滑 四成/ratio",
            "海岳矿业/subject 营收/earnings 9亿元/amount |海岳矿业/subject 净利润/earnings 1亿元",
            [0, 1, 0],
            ["asserted", "asserted", "asserted"],
        ),
        (  # other words for when, a date with its year
            "海岳矿业/subject 中期/date 亏损/earnings 约900万元/amount",
            "海岳矿业/subject 2021年上半年/date 亏损/earnings 896万元/amount",
            [0, 0],
            ["asserted", "asserted"],
        ),
        (  # a date with its year and another
            "海岳矿业/subject 2020年/date 亏损/earnings",
            "海岳矿业/subject 2021年/date 亏损/earnings",
            [0, 1],
            ["asserted", "asserted"],
        ),
        (  # whose shares they are, and shares
            "董事长/subject 减持/divestment 海岳矿业/object",
            "沈伯远/subject 减持/divestment 公司股份/object",
            [0, 0],
            ["asserted", "asserted"],
        ),
        (  # whose shares they are stands again behind the headline, nearer to its word
            "海岳矿业/object ： 董事长/subject 通过大宗交易 减持/divestment",
            "海岳矿业公告， 沈伯远/subject 减持/divestment 公司股份/object",
            [0, 0],
            ["asserted", "asserted"],
        ),
        (  # other words for the result, the same figure
            "海岳矿业/subject 预增/earnings 31%-55%/ratio",
            "海岳矿业/subject 预计 净利润/earnings 4亿元/amount 增长 30.8%-54.6%/ratio",
            [0, 0],
            ["planned", "planned"],
        ),
        (  # a loss is a negative profit
            "海岳矿业/subject 亏损/earnings 1.2亿元/amount",
            "海岳矿业/subject 营收/earnings 9亿元/amount |净利润/earnings -1.203亿元/amount",
            [0, 1, 0],
            ["asserted"] * 3,
        ),
        (  # another result
            "海岳矿业/subject 预增/earnings 30%/ratio",
            "海岳矿业/subject 营收/earnings 增长 30%/ratio",
            [0, 1],
            ["asserted", "asserted"],
        ),
        (  # another word, the same figure
            "海岳矿业/subject 出售/divestment 1.2亿元/amount 资产/object",
            "海岳铜业/subject 处置/divestment 设备/object 作价 1.2亿元/amount",
            [0, 0],
            ["asserted", "asserted"],
        ),
        (  # another word and no figure
            "海岳矿业/subject 出售/divestment 资产/object",
            "海岳铜业/subject 处置/divestment 设备/object",
            [0, 1],
            ["asserted", "asserted"],
        ),
        (  # another figure
            "海岳矿业/subject 中标/bid_win 2亿元/amount 项目/object",
            "海岳矿业/subject 中标/bid_win 3亿元/amount 污水厂/object",
            [0, 1],
            ["asserted", "asserted"],
        ),
        (  # other parties on both sides
            "海岳矿业/subject 收购/acquisition 甲厂/object",
            "盛江集团/subject 收购/acquisition 乙厂/object",
            [0, 1],
            ["asserted", "asserted"],
        ),
    ],
)
@pytest.mark.parametrize(
    ("before", "behind"), [("", "\n"), ("【", "】"), ("点击开户。\n原标题：", " 来源：财联社\n")]
)
def test_the_first_mention_behind_a_headline_is_that_of_the_headline(
    headline: str, body: str, groups: list[int], modalities: list[str], before: str, behind: str
) -> None:
    text, triggers = marked_up(headline, before)
    text += behind
    body_start = 0 if before else len(text)
    for sentence in body.split("|"):
        text, found = marked_up(sentence, text)
        triggers += found
    document = Document(text, body_start=body_start)
    document.quantities = list(find_quantities(text))
    build_events(document, triggers)
    assert [event.group for event in document.events] == groups
    assert [event.modality for event in document.events] == modalities


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"value": Decimal(512), "unit": "BTC"}, {"value": Decimal("512.0"), "unit": "BTC"}, True),
        ({"value": Decimal(512), "unit": "BTC"}, {"value": Decimal(450), "unit": "BTC"}, False),
        ({"value": Decimal(512), "unit": "BTC"}, {"value": Decimal(512), "unit": "ETH"}, False),
        (
            {"value": Decimal(500), "unit": "BTC", "approximate": True},
            {"value": Decimal(512), "unit": "BTC"},
            True,
        ),
        (
            {"low": Decimal(500), "high": Decimal(600), "unit": "BTC"},
            {"value": Decimal(512), "unit": "BTC"},
            True,
        ),
        # in fewer digits, rounded or cut, but for one digit and for a bound
        (
            {"value": Decimal(144000000), "unit": "股"},
            {"value": Decimal(143699358), "unit": "股"},
            True,
        ),
        ({"value": Decimal("0.68")}, {"value": Decimal("0.6897")}, True),
        ({"value": Decimal("0.67")}, {"value": Decimal("0.6897")}, False),
        ({"value": Decimal(3)}, {"value": Decimal("3.1")}, False),
        (
            {"value": Decimal("1.5"), "high": Decimal("1.5")},
            {"value": Decimal("1.53")},
            False,
        ),
        (
            {"start_time": datetime(2021, 10, 1), "end_time": datetime(2022, 1, 1)},
            {"start_time": datetime(2021, 12, 31), "end_time": datetime(2022, 1, 1)},
            True,
        ),
        (
            {"start_time": datetime(2021, 10, 1), "end_time": datetime(2022, 1, 1)},
            {"start_time": datetime(2022, 1, 1), "end_time": datetime(2022, 4, 1)},
            False,
        ),
        (
            {
                "start_time": datetime(2021, 10, 1, tzinfo=UTC),
                "end_time": datetime(2022, 1, 1, tzinfo=UTC),
            },
            {"start_time": datetime(2021, 10, 2), "end_time": datetime(2021, 10, 3)},
            True,
        ),
        ({}, {}, False),
    ],
)
def test_figures_tell_happenings_apart(
    first: dict[str, Any], second: dict[str, Any], same: bool
) -> None:
    text = "海岳矿业减持甲，海岳矿业减持乙"
    role, label = ("date", "DATE") if "start_time" in first else ("amount", "MONEY")
    document = Document(
        text,
        quantities=[Quantity(6, 7, "甲", label, **first), Quantity(14, 15, "乙", label, **second)],
    )
    build_events(
        document,
        [
            Trigger(
                start + 4,
                start + 6,
                (("divestment", 0.9),),
                (
                    RoleSpan("subject", start, start + 4, 0.9),
                    RoleSpan(role, start + 6, start + 7, 0.9),
                ),
            )
            for start in (0, 8)
        ],
    )
    assert (document.events[0].group == document.events[1].group) is same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2月17日", "2月17日晚间", True),
        ("２月17日", "今日", False),
        ("17日", "2月17日晚间", True),
        ("2月17日", "12月17日", False),
        ("7日", "2月17日", False),
        ("2月17日", "去年2月17日", False),
        ("2月", "2月17日", False),
        ("一月", "十一月", False),
        ("上周", "上周五", False),
        ("前天", "大前天", False),
    ],
)
def test_dates_of_an_unknown_year_are_compared_by_their_words(
    first: str, second: str, same: bool
) -> None:
    text = f"{first}海岳矿业减持。{second}海岳矿业减持"
    places = [0, len(first) + 7]
    dates = [
        Quantity(at, at + len(date), date, "DATE")
        for at, date in zip(places, (first, second), strict=True)
    ]
    document = Document(text, quantities=dates)
    build_events(
        document,
        [
            Trigger(
                each.end + 4,
                each.end + 6,
                (("divestment", 0.9),),
                (
                    RoleSpan("subject", each.end, each.end + 4, 0.9),
                    RoleSpan("date", each.start, each.end, 0.9),
                ),
            )
            for each in dates
        ],
    )
    assert (document.events[0].group == document.events[1].group) is same


def test_names_of_one_company_are_one_subject() -> None:
    text = "海岳矿业减持，HYM减持"
    document = Document(
        text,
        entities=[
            Entity(0, 4, "海岳矿业", "COMPANY", id="NYSE:HYM"),
            Entity(7, 10, "HYM", "COMPANY", id="NYSE:HYM"),
        ],
    )
    build_events(
        document,
        [
            Trigger(4, 6, (("divestment", 0.9),), (RoleSpan("subject", 0, 4, 0.9),)),
            Trigger(10, 12, (("divestment", 0.9),), (RoleSpan("subject", 7, 10, 0.9),)),
        ],
    )
    assert [event.group for event in document.events] == [0, 0]


SPANS = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 12)).map(
    lambda pair: (pair[0], min(len(TEXT), sum(pair)))
)
ROLE_SPANS = st.builds(
    lambda role, span, score: RoleSpan(role, span[0], span[1], score),
    st.sampled_from(sorted(ROLES)),
    SPANS,
    st.floats(0, 1),
)
TRIGGERS = st.builds(
    lambda span, types, arguments: Trigger(
        span[0], span[1], tuple((each, 0.5) for each in types), arguments
    ),
    SPANS,
    st.sets(st.sampled_from(["divestment", "earnings"]), min_size=1),
    st.lists(ROLE_SPANS, max_size=4).map(tuple),
)


@settings(max_examples=50)
@given(st.lists(TRIGGERS, max_size=6))
def test_events_are_in_order_and_their_arguments_are_what_they_name(
    triggers: list[Trigger],
) -> None:
    document = article()
    build_events(document, triggers)
    events = document.events
    assert [each.start for each in events] == sorted(each.start for each in events)
    assert list(dict.fromkeys(each.group for each in events)) == list(
        range(len({each.group for each in events}))
    )
    for argument in (each for event in events for each in event.arguments):
        assert argument.text == TEXT[argument.start : argument.end]
        named = document.entities[argument.entity] if argument.entity is not None else argument
        counted = (
            document.quantities[argument.quantity] if argument.quantity is not None else argument
        )
        assert named.text == counted.text == argument.text
