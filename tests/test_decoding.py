"""Tag scores to spans."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tagger.decoding import (
    Scores,
    Trigger,
    _best_path,
    _grammar,
    _viterbi,
    decode_entities,
    decode_roles,
    decode_triggers,
)
from tagger.model import ModelConfig

CONFIG = ModelConfig("test", "1", ("A", "B"), ("x", "y"), ("subject", "date"))
TAGS = CONFIG.entity_tags


def logits(*tags: str, strength: float = 8.0) -> np.ndarray:
    scores = np.zeros((len(tags), len(TAGS)), dtype=np.float32)
    for position, tag in enumerate(tags):
        scores[position, TAGS.index(tag)] = strength
    return scores


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["O", "O"], []),
        (["S-A", "B-B", "E-B"], [(0, 1, "A"), (1, 3, "B")]),
        (["B-A", "I-A", "E-A", "O"], [(0, 3, "A")]),
        (["B-A", "E-A", "B-A", "E-A"], [(0, 2, "A"), (2, 4, "A")]),
    ],
)
def test_legal_tags_are_read_as_they_stand(
    tags: list[str], expected: list[tuple[int, int, str]]
) -> None:
    spans = decode_entities(logits(*tags), CONFIG)
    assert [(span.start, span.end, span.label) for span in spans] == expected
    assert all(span.score > 0.99 for span in spans)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["E-A", "I-B", "B-A"], [(0, 3, "B")]),
        (["B-B", "I-B", "I-B"], [(0, 3, "B")]),
        (["I-B", "E-B"], [(0, 2, "B")]),
        (["I-A", "O", "O"], []),
    ],
)
def test_illegal_tags_give_the_best_whole_spans(
    tags: list[str], expected: list[tuple[int, int, str]]
) -> None:
    spans = decode_entities(logits(*tags, strength=1.0), CONFIG)
    assert [(span.start, span.end, span.label) for span in spans] == expected


def test_a_weak_wrong_tag_is_outvoted_by_the_grammar() -> None:
    scores = logits("B-A", "I-A", "O", "E-A", strength=5.0)
    scores[2, TAGS.index("I-A")] = 4.0
    assert [(span.start, span.end) for span in decode_entities(scores, CONFIG)] == [(0, 4)]


@given(st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_any_scores_give_ordered_spans_that_do_not_overlap(length: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(length, len(TAGS))).astype(np.float32)
    spans = decode_entities(scores, CONFIG)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(span.start < span.end <= length and 0 < span.score <= 1 for span in spans)


def test_a_temperature_moves_scores_and_leaves_spans() -> None:
    cool = ModelConfig(**{**CONFIG.__dict__, "temperatures": {"entities": 3.0}})
    scores = logits("B-A", "E-A", strength=4.0)
    plain, calibrated = decode_entities(scores, CONFIG)[0], decode_entities(scores, cool)[0]
    assert (plain.start, plain.end, plain.label) == (calibrated.start, calibrated.end, "A")
    assert calibrated.score < plain.score


def window(types: list[float]) -> Scores:
    boundaries = np.zeros((6, 5), dtype=np.float32)
    boundaries[:, 0] = 8
    boundaries[2], boundaries[3] = [0, 8, 0, 0, 0], [0, 0, 0, 8, 0]
    queries = np.zeros((6, 4, 8), dtype=np.float32)
    keys = np.full((6, 4, 8), -1.0, dtype=np.float32)
    queries[2] = 2.0
    for role, character in ((0, 0), (2, 1), (1, 4), (3, 5)):
        keys[character, role] = 1.0
    kinds = np.tile(np.array(types, dtype=np.float32), (6, 1))
    return Scores(np.zeros((6, len(TAGS)), dtype=np.float32), boundaries, kinds, queries, keys)


@pytest.mark.parametrize(
    ("types", "expected"),
    [([5, -0.5], ["x"]), ([5, -0.3], ["x", "y"]), ([5, 5.5], ["y", "x"]), ([-3, -2], ["y"])],
)
def test_a_trigger_has_every_likely_type_and_at_least_one(
    types: list[float], expected: list[str]
) -> None:
    (trigger,) = decode_triggers(window(types), CONFIG)
    assert (trigger.start, trigger.end) == (2, 4)
    assert [kind for kind, _score in trigger.types] == expected


def test_arguments_run_from_a_likely_start_to_the_next_likely_end() -> None:
    roles = decode_roles(window([5, -5]), 2, CONFIG)
    assert [(span.role, span.start, span.end) for span in roles] == [
        ("subject", 0, 2),
        ("date", 4, 6),
    ]


def test_a_model_without_events_gives_no_triggers() -> None:
    config = ModelConfig("test", "1", ("A",), (), ())
    empty = np.zeros((3, 0), dtype=np.float32)
    scores = Scores(empty, np.ones((3, 5), dtype=np.float32), empty, empty, empty)
    assert decode_triggers(scores, config) == list[Trigger]()


@given(
    st.integers(1, 40).flatmap(
        lambda length: arrays(np.float32, (length, 9), elements=st.integers(-8, 8).map(float))
    ),
    st.integers(0, 12),
)
def test_mending_the_broken_stretches_is_as_good_as_decoding_the_whole(
    scores: np.ndarray, outside: int
) -> None:
    scores[:, 0] += outside
    _assert_mended_is_best(scores, 2)


def test_stretches_that_meet_are_mended_together() -> None:
    rows = (
        "10330 32300 13232 40132 23021 31300 43320 21313 41333 "
        "10320 21330 41002 22311 22331 10113 30303 12322"
    )
    scores = np.array([[float(each) for each in row] for row in rows.split()], dtype=np.float32)
    _assert_mended_is_best(scores, 1)


def _assert_mended_is_best(scores: np.ndarray, labels: int) -> None:
    grammar = _grammar(labels)

    def total(path: list[int]) -> float:
        return float(scores[np.arange(len(path)), path].sum())

    mended = _best_path(scores, grammar.first, grammar.step, grammar.last)
    whole = _viterbi(scores, grammar.first, grammar.step, grammar.last)
    assert total(mended) == total(whole)
    assert grammar.first[mended[0]] == grammar.last[mended[-1]] == 0
    assert not grammar.step[mended[:-1], mended[1:]].any()
