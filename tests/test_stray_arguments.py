"""Arguments that belong to another happening than that of their trigger."""

from __future__ import annotations

import pytest

from tagger import find_quantities
from tagger.decoding import RoleSpan, Trigger
from tagger.document import Document
from tagger.events import build_events


def parties(text: str, word: str, event_type: str, spans: list[tuple[str, str, float]]) -> set[str]:
    """The arguments of the last ``word`` of a text for which a network found these role spans."""
    document = Document(text)
    document.quantities = list(find_quantities(text))
    found = tuple(
        RoleSpan(role, text.index(part), text.index(part) + len(part), score)
        for role, part, score in spans
    )
    start = text.rindex(word)
    build_events(document, [Trigger(start, start + len(word), ((event_type, 0.9),), found)])
    return {each.text for each in document.events[0].arguments}


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        (
            "证监会立案。甘肃证监局处以罚款。",
            [("subject", "证监会", 0.9), ("subject", "甘肃证监局", 0.6)],
            {"甘肃证监局"},
        ),
        (
            "证监会与深交所会商。随后处以罚款。",
            [("subject", "证监会", 0.9), ("subject", "深交所", 0.6)],
            {"证监会"},
        ),
        (
            "证监会、甘肃证监局处以罚款。",
            [("subject", "证监会", 0.9), ("subject", "甘肃证监局", 0.6)],
            {"证监会", "甘肃证监局"},
        ),
        ("证监会立案。随后处以罚款。", [("subject", "证监会", 0.9)], {"证监会"}),
        (
            "证监会立案。甘肃证监局处以600万元罚款。",
            [("subject", "证监会", 0.9), ("amount", "600万元", 0.9)],
            {"证监会", "600万元"},
        ),
    ],
)
def test_of_several_parties_those_of_other_sentences_are_strays(
    text: str, spans: list[tuple[str, str, float]], expected: set[str]
) -> None:
    assert parties(text, "罚款", "regulatory_action", spans) == expected


@pytest.mark.parametrize(
    ("text", "first", "second", "expected"),
    [
        ("2022年亏损，今年2月收购清源科技", "2022年", "今年2月", {"今年2月"}),
        ("今年2月、3月收购清源科技", "今年2月", "3月", {"今年2月", "3月"}),
    ],
)
def test_of_several_dates_the_surest_and_those_listed_with_it_stay(
    text: str, first: str, second: str, expected: set[str]
) -> None:
    spans = [("date", first, 0.6), ("date", second, 0.9)]
    assert parties(text, "收购", "acquisition", spans) == expected


@pytest.mark.parametrize(
    ("text", "word", "event_type", "date", "expected"),
    [
        ("证监会对孙磊采取5年市场禁入措施", "禁入", "regulatory_action", "5年", set()),
        ("法院判处韩啸有期徒刑三年", "判处", "judgment", "三年", set()),
        ("证监会5月采取禁入措施", "禁入", "regulatory_action", "5月", {"5月"}),
        ("工厂停产三个月", "停产", "termination", "三个月", {"三个月"}),
    ],
)
def test_how_long_a_penalty_lasts_is_not_when_it_was_imposed(
    text: str, word: str, event_type: str, date: str, expected: set[str]
) -> None:
    assert parties(text, word, event_type, [("date", date, 0.9)]) == expected
