"""A DuckDB database: replaced by article, all or nothing, and what can be asked of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tagged_articles import ARTICLES, article

from tagger.document import Document, Entity
from tagger.records import document_records
from tagger.writers import duckdb as duckdb_writer
from tagger.writers.database import database_errors, open_database
from tagger.writers.duckdb import DuckDbWriter, check_database
from tagger.writers.rows import table_rows
from tagger.writers.tables import TABLES


def write(path: Path, documents: Iterable[Document]) -> Path:
    with DuckDbWriter(path) as writer:
        for document in documents:
            writer.write(document)
    return path


def ask(path: Path, question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(question).fetchall()


def tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {table: ask(path, f"FROM {table}") for table in TABLES}


def rows(documents: Iterable[Document]) -> dict[str, list[tuple[Any, ...]]]:
    by_table = [table_rows(document) for document in documents]
    return {table: [row for each in by_table for row in each[table]] for table in TABLES}


def ordered(by_table: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    return {table: sorted(rows, key=repr) for table, rows in by_table.items()}


def test_a_database_has_every_row_with_its_type(tmp_path: Path) -> None:
    path = write(tmp_path / "new" / "news.duckdb", ARTICLES)
    assert tables(path) == rows(ARTICLES)
    kinds = ask(
        path,
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'documents' "
        "OR column_name IN ('value', 'value_number', 'approximate', 'index') "
        "AND table_name = 'quantities' ORDER BY table_name, column_index",
    )
    assert kinds == [
        ("id", "VARCHAR"),
        ("title", "VARCHAR"),
        ("body_start", "BIGINT"),
        ("text", "VARCHAR"),
        ("published", "VARCHAR"),
        ("published_at", "TIMESTAMP"),
        ("source", "VARCHAR"),
        ("metadata", "VARCHAR"),
        ("model", "VARCHAR"),
        ("content_hash", "VARCHAR"),
        ("index", "BIGINT"),
        ("value", "VARCHAR"),
        ("value_number", "DOUBLE"),
        ("approximate", "BOOLEAN"),
    ]


def test_the_id_of_a_document_is_its_key(tmp_path: Path) -> None:
    path = write(tmp_path / "news.duckdb", ARTICLES)
    with (
        duckdb.connect(path) as connection,
        pytest.raises(duckdb.ConstraintException, match="a-1"),
    ):
        connection.execute("INSERT INTO documents (id) VALUES ('a-1')")


def test_a_second_run_replaces_what_it_has_and_keeps_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path / "news.duckdb", ARTICLES)
    shorter = Document("星河矿业", "a-1", entities=[Entity(0, 4, "星河矿业", "COMPANY")])
    added = Document("新文章", "b-1")
    write(path, [shorter, added])
    assert ordered(tables(path)) == ordered(rows([*ARTICLES[1:], shorter, added]))


def test_ids_that_articles_of_one_run_share_are_known(tmp_path: Path) -> None:
    with DuckDbWriter(tmp_path / "news.duckdb") as writer:
        for identifier in ("c", "a", "b", "a", "c", "a"):
            writer.write(Document("星河矿业", identifier))
    assert writer.shared_ids == ["a", "c"]


def test_ids_whose_articles_got_another_text_are_known(tmp_path: Path) -> None:
    path = write(tmp_path / "news.duckdb", [Document(f"第{id}条", id) for id in "dcba"])
    with DuckDbWriter(path) as writer:
        for id, text in (("a", "第a条"), ("b", "新"), ("c", "新"), ("c", "第c条"), ("d", "新")):
            writer.write(Document(text, id))
        writer.write(Document("新", "e"))
    assert writer.replaced_ids == ["b", "d"]


_IDS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=8)


@settings(max_examples=8)
@given(_IDS, _IDS, st.integers(1, 5))
def test_the_last_document_of_an_id_wins_and_nothing_is_left_of_the_others(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[tuple[str, int]],
    second: list[tuple[str, int]],
    rows_in_memory: int,
) -> None:
    runs = [
        [
            Document(f"{place}", id, entities=[Entity(i, i + 1, "甲", "PERSON") for i in range(n)])
            for place, (id, n) in enumerate(run)
        ]
        for run in (first, second)
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("run") / "news.duckdb"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duckdb_writer, "ROWS_IN_MEMORY", rows_in_memory)
        for run in runs:
            write(path, run)
    last = {document.id: document for run in runs for document in run}
    assert ordered(tables(path)) == ordered(rows(last.values()))


def test_odd_characters_and_dates_survive(tmp_path: Path) -> None:
    odd = Document("空\0值\ud800", "a'; DROP TABLE documents; --", metadata={"年": [1, None]})
    odd.published = datetime(1, 1, 1)
    path = write(tmp_path / "news.duckdb", [odd])
    assert ask(path, "SELECT id, text, published_at, metadata FROM documents") == [
        (odd.id, "空\0值?", datetime(1, 1, 1), '{"年":[1,null]}')
    ]


def test_an_exception_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path / "news.duckdb", ARTICLES)
    before = tables(path)
    with pytest.raises(RuntimeError), DuckDbWriter(path) as writer:
        writer.write(replace(ARTICLES[0], text="退出"))
        raise RuntimeError
    assert tables(path) == before


def test_an_exception_leaves_no_new_database(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), DuckDbWriter(tmp_path / "news.duckdb") as writer:
        writer.write(ARTICLES[0])
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_failure_at_the_very_end_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "news.duckdb", ARTICLES[:2])
    before = tables(path)

    def fail(connection: duckdb.DuckDBPyConnection) -> None:
        raise duckdb.IOException("no space left on device")

    monkeypatch.setattr(duckdb_writer, "create_view", fail)
    with pytest.raises(OSError, match=r"news\.duckdb: no space left on device"):
        write(path, ARTICLES[1:])
    assert tables(path) == before


def test_ctrl_c_ends_a_long_statement_as_ctrl_c(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    # A process that was started in the background ignores the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(partial(signal.signal, signal.SIGINT, before))
    # With several threads DuckDB may look for signals no earlier than at the statement's end.
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    with (
        duckdb.connect(config={"threads": 1}) as connection,
        pytest.raises(KeyboardInterrupt),
        database_errors(tmp_path),
    ):
        timer.start()
        connection.execute("SELECT count(*) FROM range(1_000_000) a, range(1_000_000) b").fetchall()


def test_a_full_disk_is_told_with_its_remedy(tmp_path: Path) -> None:
    full = duckdb.IOException('Could not write file "news.duckdb": No space left on device')
    with (
        pytest.raises(OSError, match=r"out\.duckdb: .* on device; make room there$"),
        database_errors(tmp_path / "out.duckdb"),
    ):
        raise full


_KILLED = """
import os, signal, sys
from pathlib import Path
from dataclasses import replace
from tagged_articles import ARTICLES
from tagger.writers import duckdb

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

duckdb.ROWS_IN_MEMORY = 2
if sys.argv[2] == "while closing":
    duckdb.create_view = die
writer = duckdb.DuckDbWriter(Path(sys.argv[1]))
for document in ARTICLES:
    writer.write(replace(document, text=document.text + "！", title="新"))
if sys.argv[2] == "while writing":
    die()
writer.close()
"""


@pytest.mark.parametrize("moment", ["while writing", "while closing"])
def test_a_killed_run_leaves_the_old_state_and_the_next_one_works(
    tmp_path: Path, moment: str
) -> None:
    path = write(tmp_path / "news.duckdb", ARTICLES[:2])
    before = tables(path)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path), moment], env=_environment())
    assert killed.returncode == -signal.SIGKILL
    assert tables(path) == before
    write(path, ARTICLES)
    assert ordered(tables(path)) == ordered(rows(ARTICLES))


def _environment() -> dict[str, str]:
    here = Path(__file__).parent
    return os.environ | {"PYTHONPATH": f"{here.parent}{os.pathsep}{here}"}


def test_a_database_in_use_is_said_to_be(tmp_path: Path) -> None:
    path = write(tmp_path / "news.duckdb", [])
    holding = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(OSError, match="in use by another program; close it there"):
            DuckDbWriter(path)
        holder.communicate(b"\n")
    with duckdb.connect(path), pytest.raises(OSError, match="close that connection first"):
        DuckDbWriter(path)


def test_a_database_that_cannot_be_opened_is_not_said_to_be_in_use(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    with pytest.raises(OSError, match=r"cannot be opened: .*Not a directory"):
        open_database(tmp_path / "lock" / "news.duckdb")


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "news.duckdb"
    path.write_text("三年的工作" * 1000)
    with pytest.raises(ValueError, match="not a DuckDB database; name another file"):
        DuckDbWriter(path)
    with pytest.raises(ValueError, match="is a folder"):
        DuckDbWriter(tmp_path)
    assert path.read_text() == "三年的工作" * 1000


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("ALTER TABLE events DROP COLUMN sentence", "'sentence' of 'events' is missing"),
        ("ALTER TABLE entities ADD COLUMN note VARCHAR", "'entities' has a column 'note'"),
        ("ALTER TABLE events ALTER score TYPE VARCHAR", "'score' of 'events' is VARCHAR, not DO"),
        ("DROP TABLE arguments", "the table 'arguments' is missing"),
        ("UPDATE caijing_tagger SET tables_version = 99", "tables of version 99.* tag into a new"),
        ("DELETE FROM caijing_tagger", "tables of version None"),
        ("DROP TABLE caijing_tagger", "a table 'arguments' that is not of caijing-tagger"),
    ],
)
def test_other_tables_are_refused_and_named(tmp_path: Path, statement: str, message: str) -> None:
    path = write(tmp_path / "news.duckdb", ARTICLES)
    with duckdb.connect(path) as connection:
        connection.execute(statement)
    for refuse in (DuckDbWriter, check_database):
        with pytest.raises(ValueError, match=message):
            refuse(path)


def test_a_database_is_checked_without_a_trace(tmp_path: Path) -> None:
    check_database(tmp_path / "new.duckdb")
    assert list(tmp_path.iterdir()) == []
    path = write(tmp_path / "news.duckdb", ARTICLES)
    before = path.read_bytes()
    check_database(path)
    assert path.read_bytes() == before


def test_the_tables_live_beside_those_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "news.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE prices AS SELECT 'NYSE:XHKY' AS id, 3 AS price")
    write(path, ARTICLES)
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE records_of_mine AS FROM records")
    write(path, ARTICLES)
    assert ask(
        path, "SELECT DISTINCT subject, price FROM records JOIN prices ON company_id = id"
    ) == [("星河矿业", 3)]


def test_a_database_is_a_file_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "md:news"):
        write(Path(name), ARTICLES)
        assert Path(name).stat().st_size > 0


def test_a_document_without_an_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"without an id.*set its id: '星河矿业公告'"):
        write(tmp_path / "news.duckdb", [Document("星河矿业公告")])


@pytest.mark.parametrize("library", ["duckdb", "pyarrow"])
def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'caijing-tagger\[duckdb\]'"):
        DuckDbWriter(tmp_path / "news.duckdb")


def test_the_view_joins_mentions_as_the_records_of_a_document_do(tmp_path: Path) -> None:
    told_again = article(
        "a-5",
        "青山资本拟收购甲厂。本次收购作价3亿元。收购完成后持股51%。公司后续收购乙厂，收购后续事项。",
        ("收购", "acquisition", "planned", 0, {"subject": "青山资本"}),
        ("收购", "acquisition", "asserted", 0, {"amount": "3亿元"}),
        ("收购", "acquisition", "asserted", 0, {"ratio": "51%"}),
        ("收购", "acquisition", "planned", 1, {"object": "乙厂"}),
        ("收购", "acquisition", "asserted", 1, {}),
    )
    articles = [*ARTICLES, told_again]
    path = write(tmp_path / "news.duckdb", articles)
    expected = [
        (
            *(document.id, record.group, record.type, record.modality, record.text),
            *(record.sentence, len(record.mentions), record.company_id),
            *(record.start_time, record.end_time),
        )
        for document in articles
        for record in document_records(document, implied=False)
    ]
    assert [each[3] for each in expected[-2:]] == ["planned", "asserted"]
    question = (
        'SELECT document, "group", type, modality, trigger, sentence, mentions, company_id, '
        'start_at, end_at FROM records ORDER BY document, "group"'
    )
    assert ask(path, question) == expected


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            """
            SELECT DISTINCT unnest(subjects) AS company, location, published_day
            FROM records
            WHERE type = 'termination' AND modality = 'asserted'
              AND published_day BETWEEN '2022-01-01' AND '2022-03-31'
            ORDER BY published_day
            """,
            [
                ("星河矿业", "哈萨克斯坦", date(2022, 2, 18)),
                ("云岭药业", None, date(2022, 3, 31)),
            ],
        ),
        (
            """
            SELECT object, subject, amount_text, amount
            FROM records
            WHERE type = 'acquisition' AND modality = 'planned' AND currency = 'CNY'
            ORDER BY amount DESC
            """,
            [
                ("星河矿业", "青山资本", "10亿元至12亿元", 1e9),
                ("青山资本", "云岭药业", "3亿元", 3e8),
            ],
        ),
        (
            """
            SELECT a.role, e.type, e.sentence
            FROM records r
            JOIN events e ON e.document = r.document AND e."group" = r."group"
            JOIN arguments a ON a.document = e.document AND a.event = e."index"
            WHERE a.id = 'NYSE:XHKY' AND published_day >= '2022-04-01'
            """,
            [("object", "acquisition", "青山资本计划出资10亿元至12亿元收购星河。")],
        ),
    ],
    ids=["who ended what and where", "the largest planned takeovers", "what befell a company"],
)  # fmt: skip
def test_questions_in_sql(tmp_path: Path, question: str, answer: list[tuple[Any, ...]]) -> None:
    assert ask(write(tmp_path / "news.duckdb", ARTICLES), question) == answer
