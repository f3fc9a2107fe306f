"""Arguments that a trigger has from the cells beside it."""

from __future__ import annotations

import re

import pytest

from tagger import find_quantities
from tagger.decoding import RoleSpan, Trigger
from tagger.document import Document, Entity
from tagger.events import build_events

NAMES = ("海岳矿业", "青岚科技")


def arguments(
    text: str, event_type: str = "divestment", found: tuple[RoleSpan, ...] = ()
) -> set[tuple[str, str]]:
    """What the first 减持 of a text has, where a network found only ``found``."""
    document = Document(text)
    document.quantities = list(find_quantities(text))
    document.entities = [
        Entity(match.start(), match.end(), match.group(), "COMPANY")
        for match in re.finditer("|".join(NAMES), text)
    ]
    triggers = [
        Trigger(match.start(), match.end(), ((event_type, 0.9),), found)
        for match in re.finditer("减持|回购", text)
    ]
    build_events(document, triggers)
    for each in document.events[0].arguments:
        assert text[each.start : each.end] == each.text
        assert (each.entity is None) != (each.quantity is None)
    return {(each.role, each.text) for each in document.events[0].arguments}


@pytest.mark.parametrize(
    "row",
    [
        "海岳矿业\t减持\t2,000万元",
        "海岳矿业        减持          2,000万元   ",
        "| 海岳矿业 | 减持 | 2,000万元 |",
        "海岳矿业 | 拟减持股份 | 2,000万元",
        "海岳矿业\u3000减持\u3000\u30002,000万元",
        "海岳矿业\xa0\xa0减持\xa0\xa02,000万元",
    ],
)
def test_a_row_names_a_company_and_an_amount(row: str) -> None:
    table = f"公司\t事件\t金额\n{row}\n青岚科技\t回购\t3亿元"
    assert arguments(table) == {("subject", "海岳矿业"), ("amount", "2,000万元")}


def test_every_kind_of_figure_and_the_date_are_told_once() -> None:
    row = "2021-06-21\t海岳矿业\t减持\t500万股\t2,000万元\t1.5%"
    assert arguments(row) == {
        ("date", "2021-06-21"),
        ("subject", "海岳矿业"),
        ("quantity", "500万股"),
        ("amount", "2,000万元"),
        ("ratio", "1.5%"),
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # Which amount, and who, is not told.
        ("海岳矿业\t减持\t2,000万元\t3亿元", {("subject", "海岳矿业")}),
        ("海岳矿业\t减持\t青岚科技\t3亿元", {("amount", "3亿元")}),
        # A figure beside other words is no cell.
        ("海岳矿业\t减持\t市值3亿元", {("subject", "海岳矿业")}),
        # The price of a share and its move, and what stands before the word for it.
        ("海岳矿业\t减持\t12.30元\t-1.5%", {("subject", "海岳矿业")}),
        ("海岳矿业\t3亿元\t1.5%\t减持", {("subject", "海岳矿业")}),
        ("3月1日\t海岳矿业\t减持", {("date", "3月1日"), ("subject", "海岳矿业")}),
        # Two triggers, two cells, or a sentence.
        ("海岳矿业\t减持\t回购\t3亿元", set()),
        ("减持\t3亿元", set()),
        ("海岳矿业 减持 3亿元", set()),
        ("快讯\t海岳矿业\t减持股份。\t3亿元", set()),
        ("减持\n3亿元\t海岳矿业\t快讯", set()),
        ("快讯\t减持\t" + "x" * 300 + "\t3亿元", set()),
    ],
)
def test_what_a_row_does_not_tell(row: str, expected: set[tuple[str, str]]) -> None:
    assert arguments(row) == expected


def test_what_the_network_found_stays() -> None:
    row = "海岳矿业\t减持\t2,000万元\t1.5%"
    found = (RoleSpan("object", 0, 4, 0.9), RoleSpan("ratio", 16, 20, 0.9))
    assert arguments(row, found=found) == {
        ("object", "海岳矿业"),
        ("amount", "2,000万元"),
        ("ratio", "1.5%"),
    }


def test_a_company_that_is_acted_on_is_no_subject() -> None:
    row = "海岳矿业\t减持\t2,000万元"
    assert arguments(row, "regulatory_action") == {("amount", "2,000万元")}


def test_a_long_line_of_cells_is_read_once() -> None:
    assert arguments("减持\t" + "a\t" * 32_000) == set()
