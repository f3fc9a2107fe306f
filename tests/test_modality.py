"""Asserted, planned, negated or possible: the rules against sentences with known answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.modality import modality
from tagger.schema import MODALITIES

TABLES = Path(__file__).parent


def read_cases(name: str) -> list[tuple[str, str]]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines if line[0] != "#"]


def judge(marked: str) -> str:
    start, end = marked.index("【"), marked.index("】") - 1
    return modality(marked.replace("【", "").replace("】", ""), start, end)


@pytest.mark.parametrize(
    ("table", "least"),
    [("modality.tsv", 0.95), ("modality_heldout.tsv", 0.9), ("modality_more.tsv", 0.9)],
)
def test_modality_of_sentences(table: str, least: float) -> None:
    cases = read_cases(table)
    wrong = [(expected, judge(marked), marked) for expected, marked in cases]
    wrong = [case for case in wrong if case[0] != case[1]]
    assert len(cases) >= 30
    assert 1 - len(wrong) / len(cases) >= least, wrong


@settings(deadline=None)
@given(st.text(alphabet="公司拟将未或可能否认，。计划减持,1\n", max_size=80), st.data())
def test_any_span_has_a_known_modality(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert modality(text, start, end) in MODALITIES
