"""Batches: order, fixed units, and articles that raise or bring a process down."""

from __future__ import annotations

import multiprocessing
from functools import partial
from typing import NoReturn

import pytest
from fake_tagger import FakeTagger, load_fake
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.batch import open_batch
from tagger.document import Document
from tagger.readers import ReadError
from tagger.units import UNIT_CHARACTERS, Item, cut_units
from tagger.writers.jsonl import encode_line

UNREADABLE = ReadError("a.jsonl", "line 3", "a.jsonl#3", "not JSON", "mend the line")


def articles(*texts: str) -> list[Document]:
    return [Document(text, id=f"article-{place}") for place, text in enumerate(texts)]


def outline(outcomes: list[Item]) -> list[tuple[str, str]]:
    """What came out, as (id, the reason of the error or the first entity)."""
    return [
        (each.id, each.reason if isinstance(each, ReadError) else each.entities[0].text)
        for each in outcomes
    ]


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 2 * UNIT_CHARACTERS) | st.none(), max_size=40),
    st.integers(1, 7),
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


def test_an_article_that_raises_takes_no_other_with_it() -> None:
    items: list[Item] = [*articles("星河矿业减持", "青山资本异常", "证监会处罚"), UNREADABLE]
    with open_batch(load_fake) as batch:
        assert outline(list(batch(items))) == [
            ("article-0", "星河矿业"),
            ("article-1", "tagging failed with RuntimeError: the text holds 异常"),
            ("article-2", "证监会"),
            ("a.jsonl#3", "not JSON"),
        ]


def test_the_articles_given_are_left_as_they_were() -> None:
    given_articles = articles("星河矿业减持", "青山资本异常")
    with open_batch(load_fake) as batch:
        list(batch(given_articles))
    assert given_articles == articles("星河矿业减持", "青山资本异常")


def test_two_processes_write_the_same_bytes_as_one() -> None:
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


def test_an_article_that_kills_its_process_becomes_an_error() -> None:
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


def fail_to_load(model: str) -> NoReturn:
    raise ValueError(f"no model {model!r}")


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_loading_raises_reaches_the_caller(jobs: int) -> None:
    with (
        pytest.raises(ValueError, match="no model 'mine'"),
        open_batch(partial(fail_to_load, "mine"), jobs=jobs),
    ):
        pass


def test_leaving_early_ends_the_processes() -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        open_batch(load_fake, jobs=2, batch_size=1) as batch,
    ):
        next(batch(articles(*["星河矿业减持"] * 20)))
        raise KeyboardInterrupt
    for process in multiprocessing.active_children():
        process.join(timeout=20)
    assert multiprocessing.active_children() == []


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
        assert all(isinstance(each, ReadError) for each in batch(articles("甲", "乙")))
