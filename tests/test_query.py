"""Questions to a database: which events match, and how the command prints them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import typer
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from tagged_articles import ARTICLES
from typer.testing import CliRunner

from tagger.commands.query import query
from tagger.document import Argument, Document, Event
from tagger.query import EventQuery, find_events
from tagger.schema import EVENT_TYPES
from tagger.writers.duckdb import DuckDbWriter

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "news.duckdb"
    with DuckDbWriter(path) as writer:
        for document in ARTICLES:
            writer.write(document)
    return path


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(query)
    monkeypatch.setenv("COLUMNS", "60")
    return lambda *arguments: CliRunner().invoke(app, [str(database), *arguments])


ALL = [
    *[("a-3", 0), ("a-3", 1), ("a-2", 0), ("a-2", 1)],
    *[("a-1", 0), ("a-1", 1), ("a-1", 2), ("a-4", 0)],
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (EventQuery(), ALL),
        (EventQuery(limit=2), ALL[:2]),
        (EventQuery(company="NYSE:XHKY"), [("a-3", 1), ("a-1", 0), ("a-1", 2)]),
        (EventQuery(company="xhky "), [("a-3", 1), ("a-1", 0), ("a-1", 2)]),
        (EventQuery(company="星河"), [("a-3", 1), ("a-1", 0), ("a-1", 2)]),
        (EventQuery(company="609519"), [("a-2", 0), ("a-2", 1)]),
        (EventQuery(company="雲嶺藥業"), [("a-2", 0), ("a-2", 1)]),
        (EventQuery(company="青山资本"), [("a-3", 1), ("a-2", 1), ("a-4", 0)]),
        (EventQuery(company="星"), []),
        (EventQuery(company="' OR true --"), []),
        (EventQuery(types=("收购", "divestment")), [("a-3", 1), ("a-2", 1), ("a-1", 2)]),
        (EventQuery(modality="negated"), [("a-3", 0)]),
        (EventQuery(modality="计划"), [("a-3", 1), ("a-2", 1)]),
        (EventQuery(since=date(2022, 3, 31)), ALL[:4]),
        (EventQuery(until=date(2022, 3, 31)), ALL[2:7]),
        (EventQuery(until=date.max), ALL[:7]),
        (EventQuery(since=date(2022, 2, 18), until=date(2022, 2, 18)), ALL[4:7]),
        (EventQuery(place="浦东"), [("a-2", 1)]),
        (EventQuery(place="kz"), [("a-1", 0)]),
        (EventQuery(place="浦東"), [("a-2", 1)]),
        (EventQuery(company="星河矿业", types=("termination",), place="哈萨克斯坦"), [("a-1", 0)]),
    ],
)
def test_events_match_all_that_is_asked(
    database: Path, asked: EventQuery, found: list[tuple[str, int]]
) -> None:
    assert [(each.document, each.index) for each in find_events(database, asked)] == found


@settings(max_examples=15)
@given(
    st.text(st.sampled_from("'\"\\;%_-星河"), min_size=1),
    st.text(st.sampled_from("'\"\\;%_-浦东"), min_size=1),
)
def test_what_is_asked_is_never_sql_and_never_a_pattern(
    database: Path, company: str, place: str
) -> None:
    by_company = find_events(database, EventQuery(company=company))
    by_place = find_events(database, EventQuery(place=place))
    assert [len(list(by_company)), len(list(by_place))] == [
        3 if company == "星河" else 0,
        1 if place in "上海市浦东新区" else 0,
    ]


def test_an_event_comes_with_its_sentence_and_arguments(database: Path) -> None:
    (found,) = find_events(database, EventQuery(types=("acquisition",), company="云岭药业"))
    text = ARTICLES[1].text
    assert found.to_dict() == {
        "document": "a-2",
        "published": "2022-03-31T21:00:00",
        "index": 1,
        "type": "acquisition",
        "start": text.index("收购"),
        "end": text.index("收购") + 2,
        "text": "收购",
        "modality": "planned",
        "score": 0.8,
        "group": 1,
        "sentence": "云岭药业拟以3亿元收购青山资本位于上海市浦东新区的工厂。",
        "trigger_start": 9,
        "arguments": [
            {"role": "subject", "start": 0, "end": 4, "text": "云岭药业", "score": 0.7}
            | {"label": "COMPANY", "canonical": "云岭药业", "id": "SSE:609519"},
            {"role": "object", "start": 25, "end": 29, "text": "青山资本", "score": 0.7}
            | {"label": "COMPANY"},
            {"role": "amount", "start": 20, "end": 23, "text": "3亿元", "score": 0.7}
            | {"label": "MONEY", "value": "300000000", "unit": "CNY", "unit_text": "元"},
            {"role": "location", "start": 31, "end": 38, "text": "上海市浦东新区", "score": 0.7}
            | {"label": "LOCATION", "canonical": "上海市浦东新区", "id": "CN-SH"},
        ],
    }


def test_json_lines_are_the_events(database: Path, run: Run) -> None:
    result = run("--format", "jsonl", "--company", "星河")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        each.to_dict() for each in find_events(database, EventQuery(company="星河"))
    ]


def test_csv_has_a_column_a_role(run: Run) -> None:
    result = run("--format", "csv", "--event", "收购", "--since", "2022-05-06")
    assert list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff")))) == [
        dict.fromkeys(
            ("title", "location", "destination", "date", "quantity", "ratio", "other"), ""
        )
        | {
            "published": "2022-05-06T09:00:00+08:00",
            "document": "a-3",
            "type": "acquisition",
            "type_name": "收购",
            "trigger": "收购",
            "modality": "planned",
            "score": "0.8",
            "sentence": "青山资本计划出资10亿元至12亿元收购星河。",
            "subject": "青山资本",
            "object": "星河 (NYSE:XHKY)",
            "amount": "10亿元至12亿元 (1,000,000,000 – 1,200,000,000 CNY)",
        }
    ]


def test_the_table_breaks_lines_as_chinese_does(run: Run) -> None:
    shown = run("--event", "acquisition", "--company", "云岭药业").stdout
    assert [line.rstrip() for line in shown.splitlines()] == [
        "2022-03-31  收购               云岭药业拟以3亿元收购青山资本",
        "            acquisition        位于上海市浦东新区的工厂。",
        "            计划               主体 云岭药业 (SSE:609519)",
        "                               客体 青山资本",
        "                               金额 3亿元 (300,000,000 CNY)",
        "                               地点 上海市浦东新区 (CN-SH)",
        "                               a-2",
        "",
    ]
    assert max(map(cell_len, shown.splitlines())) <= 60


def test_no_match_is_no_error(run: Run) -> None:
    result = run("--company", "无此公司")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no events match\n")


@pytest.mark.parametrize(
    ("limit", "said"), [("8", ""), ("7", "the first 7 are shown; there are more\n")]
)
def test_a_limit_says_that_there_is_more(run: Run, limit: str, said: str) -> None:
    result = run("--format", "jsonl", "--limit", limit)
    assert (len(result.stdout.splitlines()), result.stderr) == (int(limit), said)


def test_an_unknown_type_is_answered_with_those_that_are_known(run: Run) -> None:
    result = run("--event", "出售")
    known = ", ".join(f"{name} {chinese}" for name, chinese in EVENT_TYPES.items())
    assert (result.exit_code, result.stderr) == (
        2,
        f"Error: unknown event type '出售'; known are {known}\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--modality", "maybe"], "unknown modality 'maybe'; known are asserted 已发生"),
        (["--since", "2022-02"], "2022-02"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(
    run: Run, arguments: list[str], message: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_party_of_headline_and_sentence_is_told_once(tmp_path: Path) -> None:
    text = "央行罚款甲银行\n央行公布。"
    fillers = [Argument("subject", 0, 2, "央行"), Argument("subject", 8, 10, "央行")]
    with DuckDbWriter(tmp_path / "news.duckdb") as writer:
        event = Event(2, 4, "罚款", "regulatory_action", arguments=fillers)
        writer.write(Document(text, id="a", events=[event]))
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(query)
    asked = [str(tmp_path / "news.duckdb"), "--format"]
    told = CliRunner().invoke(app, [*asked, "csv"]).stdout.removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(told))
    table = CliRunner().invoke(app, [*asked, "table"]).stdout
    assert (row["subject"], table.count("主体")) == ("央行", 1)


def test_types_and_roles_of_a_model_of_ones_own_can_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    event = Event(0, 2, "路演", "roadshow", arguments=[Argument("host", 2, 4, "甲方")])
    with DuckDbWriter(path) as writer:
        writer.write(Document("路演甲方", "own", events=[event]))
    (found,) = find_events(path, EventQuery(types=("roadshow",)))
    assert found.arguments == [{"role": "host", "start": 2, "end": 4, "text": "甲方", "score": 1.0}]


def test_a_database_without_tagged_documents_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "news.duckdb"
    with pytest.raises(FileNotFoundError, match=r"tagger tag … -o .*news\.duckdb"):
        list(find_events(path, EventQuery()))
    duckdb.connect(path).close()
    with pytest.raises(ValueError, match="has no tagged documents; add some with"):
        list(find_events(path, EventQuery()))


def test_of_a_file_that_is_no_database_nobody_is_told_to_remove_it(tmp_path: Path) -> None:
    path = tmp_path / "tagged.jsonl"
    path.write_text('{"text": "星河公告。"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="not a DuckDB database; make one with: tagger tag"):
        list(find_events(path, EventQuery()))


def test_asking_changes_nothing(database: Path) -> None:
    before = database.read_bytes()
    assert list(find_events(database, EventQuery(company="星河")))
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]
