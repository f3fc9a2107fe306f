"""Argument errors: every missed and every wrong argument is of one kind, and shown in its text."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

pytest.importorskip("torch")

from training import argument_errors as kinds
from training.argument_errors import (
    ArgumentError,
    argument_errors,
    example_lines,
    kind_table,
    scores_by_type,
    type_table,
)
from training.evaluate import evaluate
from training.examples import AnnotatedEvent, Example, Span
from training.scoring import Score, score

TEXT = "星河锂业拟减持蓝湾能源2%股份。星河锂业称，上月已收购青山资本旗下远帆电气。"

Events = dict[str, list[str]]


def example(events: Events, text: str = TEXT) -> Example:
    """``{"减持 divestment": ["subject 星河锂业"]}``; ``星河锂业@1`` is its second occurrence."""
    return Example(
        "1",
        text,
        events=tuple(
            AnnotatedEvent(
                span(*trigger.split(), text),
                tuple(span(*reversed(each.split()), text) for each in arguments),
            )
            for trigger, arguments in events.items()
        ),
    )


def span(words: str, label: str, text: str) -> Span:
    words, _, number = words.partition("@")
    start = -1
    for _ in range(int(number or 0) + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words), label)


def said(error: ArgumentError) -> str:
    return f"{'missed' if error.missed else 'wrong'}: {error.kind}: {error.detail}"


SOLD, BOUGHT = "减持 divestment", "收购 acquisition"
CASES: dict[str, tuple[Events, Events, list[str]]] = {
    "right": ({SOLD: ["subject 星河锂业"]}, {SOLD: ["subject 星河锂业"]}, []),
    kinds.TRIGGER_MISSED: (
        {SOLD: ["subject 星河锂业", "ratio 2%"]},
        {BOUGHT: []},
        ["missed: trigger missed: divestment"] * 2,
    ),
    kinds.TRIGGER_SPURIOUS: (
        {},
        {SOLD: ["subject 星河锂业"]},
        ["wrong: trigger spurious: divestment"],
    ),
    kinds.TRIGGER_BORDERS: (
        {SOLD: ["subject 星河锂业"]},
        {"拟减持 divestment": ["subject 星河锂业"]},
        [
            "missed: trigger with other borders: divestment",
            "wrong: trigger with other borders: divestment",
        ],
    ),
    kinds.EVENT_TYPE: (
        {SOLD: ["subject 星河锂业"]},
        {"减持 equity_transfer": []},
        ["missed: event type: divestment → equity_transfer"],
    ),
    "event type, a second one": (
        {SOLD: ["subject 星河锂业"]},
        {SOLD: ["subject 星河锂业"], "减持 equity_transfer": ["subject 星河锂业"]},
        ["wrong: event type: divestment → equity_transfer"],
    ),
    kinds.ROLE: (
        {SOLD: ["object 蓝湾能源"]},
        {SOLD: ["subject 蓝湾能源"]},
        ["missed: role: object → subject", "wrong: role: object → subject"],
    ),
    kinds.OCCURRENCE: (
        {SOLD: ["subject 星河锂业"]},
        {SOLD: ["subject 星河锂业@1"]},
        ["missed: other occurrence: subject", "wrong: other occurrence: subject"],
    ),
    kinds.TOO_LONG: (
        {SOLD: ["object 蓝湾能源"]},
        {SOLD: ["object 蓝湾能源2%股份"]},
        ["missed: too long: object", "wrong: too long: object"],
    ),
    kinds.TOO_SHORT: (
        {BOUGHT: ["object 青山资本旗下远帆电气"]},
        {BOUGHT: ["object 青山资本", "object 远帆电气"]},
        ["missed: too short: object", "wrong: too short: object", "wrong: too short: object"],
    ),
    kinds.OVERLAPPING: (
        {BOUGHT: ["object 青山资本旗下"]},
        {BOUGHT: ["object 旗下远帆电气"]},
        ["missed: overlapping otherwise: object", "wrong: overlapping otherwise: object"],
    ),
    kinds.OTHER_EVENT: (
        {SOLD: [], BOUGHT: ["date 上月"]},
        {SOLD: ["date 上月"], BOUGHT: []},
        ["wrong: another event's: date", "missed: another event's: date"],
    ),
    "another event's, which has it rightly": (
        {SOLD: ["subject 星河锂业"], BOUGHT: ["subject 星河锂业"]},
        {SOLD: ["subject 星河锂业"], BOUGHT: []},
        ["missed: another event's: subject"],
    ),
    kinds.MISSED: (
        {SOLD: ["subject 星河锂业", "ratio 2%"]},
        {SOLD: ["subject 星河锂业"]},
        ["missed: argument missed: ratio"],
    ),
    kinds.SPURIOUS: (
        {SOLD: ["subject 星河锂业"]},
        {SOLD: ["subject 星河锂业", "date 上月"]},
        ["wrong: argument spurious: date"],
    ),
    "the wrong role goes before the borders": (
        {BOUGHT: ["object 青山资本", "subject 青山资本旗下远帆电气"]},
        {BOUGHT: ["subject 青山资本"]},
        [
            "missed: role: object → subject",
            "wrong: role: object → subject",
            "missed: too short: subject",
        ],
    ),
}
PAIRS = [(example(gold), example(found)) for gold, found, _expected in CASES.values()]


@pytest.mark.parametrize(("gold", "found", "expected"), CASES.values(), ids=CASES)
def test_an_error_is_of_the_first_kind_that_holds(
    gold: Events, found: Events, expected: list[str]
) -> None:
    errors = argument_errors([(example(gold), example(found))])
    assert sorted(map(said, errors)) == sorted(expected)


_TRIGGERS = [Span(5, 7, "divestment"), Span(5, 7, "equity_transfer"), Span(22, 24, "acquisition")]
_SPANS = st.builds(
    lambda place, role: Span(*place, role),
    st.sampled_from([(0, 4), (7, 11), (7, 13), (9, 15), (16, 20), (26, 30)]),
    st.sampled_from(["subject", "object"]),
)
_EVENTS = st.dictionaries(st.sampled_from(_TRIGGERS), st.frozensets(_SPANS, max_size=4)).map(
    lambda events: Example(
        "1", TEXT, events=tuple(AnnotatedEvent(each, tuple(events[each])) for each in events)
    )
)
_SEEN_FROM_THE_OTHER_SIDE = {
    kinds.TRIGGER_MISSED: kinds.TRIGGER_SPURIOUS,
    kinds.TOO_LONG: kinds.TOO_SHORT,
    kinds.MISSED: kinds.SPURIOUS,
}


@given(gold=_EVENTS, found=_EVENTS)
def test_every_missed_and_every_wrong_argument_is_one_error(gold: Example, found: Example) -> None:
    errors = list(argument_errors([(gold, found)]))
    counted = score([(gold, found)], "arguments")["all"]
    assert Counter(each.missed for each in errors) == Counter(
        {True: counted.missed, False: counted.wrong}
    )
    assert len({(each.missed, each.argument) for each in errors}) == len(errors)


@given(gold=_EVENTS, found=_EVENTS)
def test_the_annotation_seen_from_the_answers_has_the_same_errors(
    gold: Example, found: Example
) -> None:
    mirrored = _SEEN_FROM_THE_OTHER_SIDE | {b: a for a, b in _SEEN_FROM_THE_OTHER_SIDE.items()}
    there = {(each.argument, each.missed, each.kind) for each in argument_errors([(gold, found)])}
    back = {
        (each.argument, not each.missed, mirrored.get(each.kind, each.kind))
        for each in argument_errors([(found, gold)])
    }
    assert there == back


def test_paragraphs_without_annotated_events_are_left_out() -> None:
    pairs = [(Example("1", TEXT, events=None), example({SOLD: ["subject 星河锂业"]}))]
    assert list(argument_errors(pairs)) == []
    assert scores_by_type(pairs) == {}


def test_scores_by_type_add_up_to_the_scores_by_role() -> None:
    by_type, by_role = scores_by_type(PAIRS), score(PAIRS, "arguments")
    assert by_type.pop("all") == by_role
    assert by_type["acquisition"]["subject"] == Score(right=0, wrong=1, missed=2)
    for role, expected in by_role.items():
        assert sum((row.get(role, Score()) for row in by_type.values()), Score()) == expected


def test_an_example_shows_both_answers_and_the_argument_in_its_text() -> None:
    lines = [
        str(error)
        for name in (kinds.TOO_LONG, kinds.EVENT_TYPE, kinds.OTHER_EVENT)
        for error in argument_errors([(example(CASES[name][0]), example(CASES[name][1]))])
    ]
    assert lines == [
        "divestment 减持, object 蓝湾能源 → divestment 减持, object 蓝湾能源2%股份   "
        "星河锂业拟〔减持〕【蓝湾能源】2%股份。星河锂业称，上",
        "divestment 减持, object 蓝湾能源 → divestment 减持, object 蓝湾能源2%股份   "
        "星河锂业拟〔减持〕【蓝湾能源2%股份】。星河锂业称，上月已收购",
        "divestment 减持, subject 星河锂业 → equity_transfer 减持   "
        "【星河锂业】拟〔减持〕蓝湾能源2%股份。星河锂",
        "acquisition 收购, date 上月 → divestment 减持, date 上月   "
        "星河锂业拟〔减持〕蓝湾能源2%股份。星河锂业称，【上月】已收购青山资本旗下远帆电",
        "acquisition 收购, date 上月 → divestment 减持, date 上月   "
        "源2%股份。星河锂业称，【上月】已〔收购〕青山资本旗下远帆电气。",
    ]


def test_what_is_far_from_trigger_and_argument_is_left_out() -> None:
    text = "星河锂业" + "甲" * 40 + "减持。"
    (error,) = argument_errors([(example({SOLD: ["subject 星河锂业"]}, text), example({}, text))])
    assert str(error).endswith(f"   【星河锂业】{'甲' * 12}…{'甲' * 12}〔减持〕。")


def test_the_tables_say_how_many_of_which_kind_with_two_examples_each() -> None:
    pairs = [
        (replace(example(gold), text=text), replace(example(found), text=text))
        for kind, text in [(kinds.ROLE, TEXT + end) for end in "甲乙丙"] + [(kinds.MISSED, TEXT)]
        for gold, found, _expected in [CASES[kind]]
    ]
    errors = list(argument_errors(pairs))
    printed = StringIO()
    Console(width=100, file=printed).print(type_table(scores_by_type(pairs)), kind_table(errors))
    lines = printed.getvalue().replace("│", "").splitlines()
    shown = [" ".join(line.split()) for line in lines]
    assert "divestment 0.22 5 0.00 3 0.00 1 0.40 1" in shown
    assert "role 3 3 85.7% object → subject 6" in shown
    assert "argument missed 1 0 14.3% ratio 1" in shown
    assert [line.split("→")[0] for line in example_lines(errors)] == [
        "role:",
        "    divestment 减持, object 蓝湾能源 ",
        "    divestment 减持, object 蓝湾能源 ",
        "argument missed:",
        "    divestment 减持, ratio 2% ",
    ]


@pytest.mark.parametrize("options", [(), ("--whole-tagger",)])
def test_evaluation_shows_argument_errors_and_writes_their_counts_alone(
    tiny_model: Path, gold_parts: tuple[Path, Path], tmp_path: Path, options: tuple[str, ...]
) -> None:
    output = tmp_path / "scores.json"
    app = typer.Typer()
    app.command()(evaluate)
    arguments = ["--model", tiny_model, "--data", gold_parts[1], "--output", output, "--errors"]
    done = CliRunner().invoke(app, [*map(str, arguments), *options])
    assert done.exit_code == 0, done.output
    assert "argument errors" in done.output
    written = json.loads(output.read_text(encoding="utf-8"))
    overall = written["arguments_by_type"]["all"]["all"]
    assert overall == written["arguments"]["all"]
    assert sum(each.get("missed", 0) for each in written["argument_errors"].values()) == round(
        overall["support"] * (1 - overall["recall"])
    )
    assert not any("\u4e00" <= each <= "\u9fff" for each in output.read_text(encoding="utf-8"))
