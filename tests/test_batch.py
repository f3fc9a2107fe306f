"""Batches: order, fixed units, and articles that raise or bring a process down."""

from __future__ import annotations

import multiprocessing.resource_tracker
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import loaders
import pytest
from fake_tagger import FakeTagger, load_fake
from hypothesis import given
from hypothesis import strategies as st
from loaders import HEAVY, HeavyTagger
from process_tree import children, descendants, memory, wait_for_end

import tagger
from tagger import processes
from tagger.batch import open_batch
from tagger.document import Document
from tagger.readers import ReadError
from tagger.resources import resource_path
from tagger.units import UNIT_CHARACTERS, Item, cut_units, read_ahead
from tagger.writers.jsonl import encode_line

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, or forks")

# The processes that a test has started and that live.
Started = Callable[[], list[int]]

UNREADABLE = ReadError("a.jsonl", "line 3", "a.jsonl#3", "not JSON", "mend the line")


@pytest.fixture(params=["forked", "spawned"])
def several(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to have several processes: that of Linux, and that of other systems."""
    if request.param == "spawned":
        monkeypatch.setattr(processes, "FORKS", False)
        multiprocessing.resource_tracker.ensure_running()  # it stays for the next test


@pytest.fixture
def started() -> Iterator[Started]:
    """The processes that a test has started; it fails if it leaves one behind."""
    before = descendants(os.getpid())

    def living() -> list[int]:
        return [each for each in descendants(os.getpid()) if each not in before]

    yield living
    assert living() == []


def articles(*texts: str) -> list[Document]:
    return [Document(text, id=f"article-{place}") for place, text in enumerate(texts)]


def outline(outcomes: list[Item]) -> list[tuple[str, str]]:
    """What came out, as (id, the reason of the error or the first entity)."""
    return [
        (each.id, each.reason if isinstance(each, ReadError) else each.entities[0].text)
        for each in outcomes
    ]


@given(
    st.lists(st.integers(0, 2 * UNIT_CHARACTERS) | st.none(), max_size=40),
    st.integers(1, 64),
)
def test_units_tile_the_input_within_their_bounds(
    lengths: list[int | None], batch_size: int
) -> None:
    items = [UNREADABLE if length is None else Document("字" * length) for length in lengths]
    units = list(cut_units(items, batch_size))
    assert [item for unit in units for item in unit] == items
    for unit in units:
        characters = sum(len(item.text) for item in unit if isinstance(item, Document))
        assert 0 < len(unit) <= batch_size
        assert characters <= UNIT_CHARACTERS or len(unit) == 1


def test_units_grow_with_what_came_before_them() -> None:
    lengths = [len(unit) for unit in cut_units([Document("字")] * 500, 32)]
    assert lengths[:8] == [8] * 8
    before = 0
    for length, following in pairwise(lengths):
        assert length <= max(8, before // 8)
        assert length <= following or following == lengths[-1]
        before += length
    assert max(lengths) == 32


@pytest.mark.parametrize(
    ("lengths", "is_all"),
    [
        ([], True),
        ([1], True),
        ([2 * UNIT_CHARACTERS], True),  # one article is nothing to share among workers
        ([1] * 32, True),
        ([1] * 33, False),
        ([UNIT_CHARACTERS] * 2, False),
    ],
)
def test_what_fits_into_a_unit_needs_no_workers(lengths: list[int], is_all: bool) -> None:
    items: list[Item] = [Document("字" * length) for length in lengths]
    units = cut_units(items, 32)
    ahead, known = read_ahead(units, 32)
    assert known == is_all
    assert [item for unit in (*ahead, *units) for item in unit] == items


def test_an_article_that_raises_takes_no_other_with_it() -> None:
    items: list[Item] = [*articles("星河矿业减持", "青山资本异常", "证监会处罚"), UNREADABLE]
    with open_batch(load_fake) as batch:
        assert outline(list(batch(items))) == [
            ("article-0", "星河矿业"),
            ("article-1", "tagging failed with RuntimeError: the text holds 异常"),
            ("article-2", "证监会"),
            ("a.jsonl#3", "not JSON"),
        ]


def test_a_text_is_no_article_and_does_not_come_out_untagged() -> None:
    with (
        open_batch(load_fake) as batch,
        pytest.raises(TypeError, match=r"not str; of a text, tagger\.Document\(text\) makes one"),
    ):
        list(batch(["青禾种业分红。"]))  # type: ignore[list-item]


def test_the_articles_given_are_left_as_they_were() -> None:
    given_articles = articles("星河矿业减持", "青山资本异常")
    with open_batch(load_fake) as batch:
        list(batch(given_articles))
    assert given_articles == articles("星河矿业减持", "青山资本异常")


def test_two_processes_write_the_same_bytes_as_one(several: None) -> None:
    items: list[Item] = [
        *articles(*(f"第{place}条：星河矿业减持" for place in range(40))),
        UNREADABLE,
    ]
    written = []
    for jobs in (1, 2):
        with open_batch(load_fake, jobs=jobs, batch_size=3) as batch:
            outcomes = list(batch(items))
        assert outcomes[-1] == UNREADABLE
        tagged = [each for each in outcomes if isinstance(each, Document)]
        written.append(b"".join(encode_line(each.to_dict()) for each in tagged))
    assert written[0] == written[1]


def test_an_article_that_kills_its_process_becomes_an_error(several: None) -> None:
    died = "the process that tagged it died, more than once (out of memory?)"
    items = articles("星河矿业减持", "星河矿业崩溃", "证监会处罚", "青山资本", "XHKY", "异常")
    with open_batch(load_fake, jobs=2, batch_size=2) as batch:
        assert outline(list(batch(items))) == [
            ("article-0", "星河矿业"),
            ("article-1", died),
            ("article-2", "证监会"),
            ("article-3", "青山资本"),
            ("article-4", "XHKY"),
            ("article-5", "tagging failed with RuntimeError: the text holds 异常"),
        ]


@needs_linux
def test_deadly_articles_leave_no_more_workers_than_there_were(started: Started) -> None:
    texts = ["星河矿业崩溃", *["星河矿业"] * 8, "青山资本崩溃"]
    with open_batch(load_fake, jobs=2, batch_size=5) as batch:
        outcomes = list(batch(articles(*texts * 2)))
        assert [isinstance(each, ReadError) for each in outcomes].count(True) == 4
        assert len(started()) <= 3


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_loading_raises_reaches_the_caller(several: None, jobs: int) -> None:
    with (
        pytest.raises(ValueError, match="no model 'mine'"),
        open_batch(partial(loaders.fail, "mine"), jobs=jobs),
    ):
        pass


@pytest.mark.parametrize(
    ("load", "kind", "words"),
    [
        (loaders.fail_awkwardly, RuntimeError, "AwkwardError: the model is damaged"),
        (loaders.die, ChildProcessError, "ended with status 7 before it had loaded"),
    ],
)
def test_loading_that_cannot_say_what_is_wrong_does_not_hang(
    several: None, load: Callable[[], NoReturn], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words), open_batch(load, jobs=2):
        pass


@needs_linux
def test_leaving_early_ends_the_processes(several: None, started: Started) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        open_batch(load_fake, jobs=2, batch_size=1) as batch,
    ):
        next(batch(articles("星河矿业", *["等待"] * 20)))
        raise KeyboardInterrupt


def are_forked(processes: list[int]) -> bool:
    """Whether a batch's workers, two of its processes, come from the third."""
    return sorted(len(children(each)) for each in processes) == [0, 0, 2]


@needs_linux
def test_workers_share_the_memory_of_what_was_loaded_once(started: Started) -> None:
    with open_batch(HeavyTagger, jobs=2, batch_size=1) as batch:
        assert len(outline(list(batch(articles(*["稍等星河矿业"] * 8))))) == 8
        assert are_forked(started())
        for each in started():
            assert memory(each).inherited > HEAVY > 2 * memory(each).private


@needs_linux
@pytest.mark.parametrize("threads", [1, 2])
def test_a_session_that_holds_threads_is_not_forked(started: Started, threads: int) -> None:
    with open_batch(partial(HeavyTagger, threads), jobs=2, batch_size=1) as batch:
        assert len(outline(list(batch(articles(*["稍等星河矿业"] * 8))))) == 8
        assert are_forked(started()) == (threads == 1)


@needs_linux
def test_workers_of_the_shipped_model_share_it_and_write_what_one_process_does(
    started: Started,
) -> None:
    texts = ["星河矿业昨日终止收购青山资本。", "星河矿业减持300个比特币，套现约2460万美元。"]
    load = partial(tagger.load, "fast", threads=2)
    model = resource_path("models/fast") / "model.onnx"
    written = []
    for jobs in (1, 2):
        with open_batch(load, jobs=jobs, batch_size=1) as batch:
            tagged = [each for each in batch(articles(*texts * 4)) if isinstance(each, Document)]
            held = [memory(each).inherited for each in started()]
        assert all(each > model.stat().st_size for each in held)
        assert len(held) in {1: {0}, 2: {2, 3}}[jobs]
        written.append([each.to_dict() for each in tagged])
    assert len(written[0]) == 8
    assert written[0] == written[1]


@needs_linux
def test_processes_that_are_killed_cost_no_article(several: None, started: Started) -> None:
    expected = [(f"article-{place}", "星河矿业") for place in range(12)]
    with open_batch(load_fake, jobs=4, batch_size=1) as batch:
        for _killed_at_work_then_idle in range(2):
            outcomes = batch(articles(*["稍等星河矿业"] * 12))
            found = [next(outcomes)]
            for each in started():
                os.kill(each, signal.SIGKILL)
            assert outline([*found, *outcomes]) == expected
            for each in started():
                os.kill(each, signal.SIGKILL)


@needs_linux
def test_signals_to_all_processes_leave_the_workers_to_their_work(started: Started) -> None:
    with open_batch(load_fake, jobs=2, batch_size=1) as batch:
        outcomes = batch(articles(*["稍等星河矿业"] * 8))
        found = [next(outcomes)]
        before = started()
        for each in before:
            os.kill(each, signal.SIGINT)
            os.kill(each, signal.SIGTERM)
        assert len(outline([*found, *outcomes])) == 8
        assert set(before) <= set(started())


def test_two_batches_at_a_time_each_have_their_own_tagger() -> None:
    with (
        open_batch(load_fake, jobs=2, batch_size=1) as batch,
        open_batch(HeavyTagger, jobs=2, batch_size=1) as other,
    ):
        for one, two in zip(
            batch(articles(*["星河矿业"] * 6)), other(articles(*["青山资本"] * 6)), strict=True
        ):
            assert outline([one, two])[0][1] == "星河矿业"
            assert outline([one, two])[1][1] == "青山资本"


def run_script(folder: Path, code: str) -> subprocess.Popen[str]:
    """A program of its own, with the names of this file's first lines."""
    head = "from fake_tagger import FakeTagger, load_fake\n" + (
        "from tagger import processes\n"
        "from tagger.batch import open_batch\n"
        "from tagger.document import Document\n"
        "documents = [Document('星河矿业')] * 6\n"
    )
    script = folder / "script.py"
    script.write_text(head + code, encoding="utf-8")
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    return subprocess.Popen(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        text=True,
    )


@needs_linux
def test_a_script_without_a_guard_may_have_workers(tmp_path: Path) -> None:
    code = """
with open_batch(load_fake, jobs=2, batch_size=1) as batch:
    print(len(list(batch(documents))))
"""
    assert run_script(tmp_path, code).communicate(timeout=120) == ("6\n", None)


def test_a_script_may_load_its_own_tagger(tmp_path: Path) -> None:
    code = """
class Mine(FakeTagger):
    pass

if __name__ == "__main__":
    with open_batch(Mine, jobs=2, batch_size=1) as batch:
        print(len(list(batch(documents))))
"""
    assert run_script(tmp_path, code).communicate(timeout=120) == ("6\n", None)


@pytest.mark.parametrize("load", ["load_fake", "Mine"])
def test_a_batch_that_nobody_leaves_does_not_keep_the_program_from_ending(
    tmp_path: Path, load: str
) -> None:
    code = f"""
class Mine(FakeTagger):
    pass

if __name__ == "__main__":
    opened = open_batch({load}, jobs=2, batch_size=1)
    print(next(opened.__enter__()(documents)).entities[0].text)
"""
    script = run_script(tmp_path, code)
    assert script.communicate(timeout=120) == ("星河矿业\n", None)
    assert script.returncode == 0


@needs_linux
@pytest.mark.parametrize("forks", [True, False])
def test_no_process_outlives_one_that_is_killed(tmp_path: Path, forks: bool) -> None:
    code = f"""
if __name__ == "__main__":
    processes.FORKS = {forks}
    with open_batch(load_fake, jobs=2, batch_size=1) as batch:
        list(batch([Document("等待")] * 4))
"""
    with run_script(tmp_path, code) as script:
        deadline = time.monotonic() + 60
        while len(started := descendants(script.pid)) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        script.kill()
    assert len(started) == 3  # two workers, and who forks them or counts their semaphores
    assert wait_for_end(started, seconds=30) == []


class CountingInput:
    """Articles without end that remember how many were asked for."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> CountingInput:
        return self

    def __next__(self) -> Document:
        self.taken += 1
        return Document("星河矿业减持")


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_input_is_read_only_a_few_units_ahead(jobs: int) -> None:
    endless = CountingInput()
    with open_batch(load_fake, jobs=jobs, batch_size=5) as batch:
        outcomes = batch(endless)
        for _ in range(50):
            next(outcomes)
    assert endless.taken <= 50 + 5 * (2 * jobs + 1)


class ForgetfulTagger(FakeTagger):
    """Loses articles, as no tagger may."""

    def pipe(self, texts_or_documents, batch_size=64):  # type: ignore[no-untyped-def]
        return super().pipe(list(texts_or_documents)[1:], batch_size)


def test_a_lost_article_becomes_an_error() -> None:
    with open_batch(ForgetfulTagger) as batch:
        lost = list(batch(articles("甲", "乙")))
    assert [each.id for each in lost if isinstance(each, ReadError)] == ["article-0", "article-1"]
