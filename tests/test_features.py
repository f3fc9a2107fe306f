"""Pieces and characters of a window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from tagger.encoder import BATCH_CHARACTERS, score_windows
from tagger.features import UNKNOWN_CHARACTER, Features, Featurizer, Integers, collate
from tagger.model import ModelConfig
from tagger.resources import resource_path


@pytest.fixture(scope="module")
def featurizer() -> Featurizer:
    folder = Path(resource_path("models/default"))
    return Featurizer.load(folder, ModelConfig.load(folder))


def test_every_character_knows_its_piece_and_its_place_in_it(featurizer: Featurizer) -> None:
    features = featurizer("比特币，ETH")
    starts = np.flatnonzero(features.place_in_piece == 0)
    assert starts[0] == 0
    steps = np.diff(features.piece_of_character)
    assert ((steps > 0) == (features.place_in_piece[1:] == 0)).all()
    assert features.piece_of_character.max() < len(features.piece_ids) - 1


def test_a_window_without_pieces_is_one_piece() -> None:
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    features = Featurizer(tokenizer, "", 512)("  ")
    assert features.piece_ids.tolist() == [0]
    assert features.piece_of_character.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("written", "same_as"),
    [
        ("收购，１００％", "收购,100%"),
        ("第一行\n第二行", "第一行 第二行"),
        ("減持股份", "减持股份"),
    ],
)
def test_width_lines_and_script_make_no_difference(
    featurizer: Featurizer, written: str, same_as: str
) -> None:
    ours, theirs = featurizer(written), featurizer(same_as)
    assert ours.character_ids.tolist() == theirs.character_ids.tolist()
    assert ours.piece_ids.tolist() == theirs.piece_ids.tolist()


def test_a_character_nobody_has_seen_is_unknown(featurizer: Featurizer) -> None:
    assert featurizer("\U00020001").character_ids.tolist() == [UNKNOWN_CHARACTER]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=80))
def test_any_text_has_one_row_a_character(featurizer: Featurizer, text: str) -> None:
    features = featurizer(text)
    rows = (features.character_ids, features.piece_of_character, features.place_in_piece)
    assert [len(each) for each in rows] == [len(text)] * 3
    assert (features.piece_of_character < len(features.piece_ids)).all()
    assert (features.piece_of_character >= 0).all()


def test_padding_says_where_nothing_stands(featurizer: Featurizer) -> None:
    batch = collate([featurizer("公司"), featurizer("上海证券交易所问询")], pad_piece=1)
    assert (batch["character_ids"] > 0).sum(axis=1).tolist() == [2, 9]
    assert (batch["piece_ids"][0][batch["piece_mask"][0] == 0] == 1).all()


class _Echo:
    """A backend whose scores are the characters it is given."""

    threads = 2
    batch_characters = BATCH_CHARACTERS

    def __init__(self, batches: bool) -> None:
        self.batches = batches
        self.sizes: list[int] = []

    def __call__(self, inputs: dict[str, Integers]) -> list[np.ndarray]:
        self.sizes.append(len(inputs["character_ids"]))
        return [inputs["character_ids"].astype(np.float32)[..., None]] * 5


def test_every_window_comes_back_with_its_index_whatever_its_length() -> None:
    lengths = [7, 2, 900, 1, 4000, 30, 30]
    features = [
        Features(*(np.full(length, length, dtype=np.int64) for _ in range(4))) for length in lengths
    ]
    for batches in (True, False):
        backend = _Echo(batches)
        scores = dict(score_windows(features, backend, 0, lambda *found: found))
        assert [scores[index].entities.shape for index in range(7)] == [
            (length, 1) for length in lengths
        ]
        assert all((each.entities == len(each.entities)).all() for each in scores.values())
        assert sorted(backend.sizes) == ([1, 1, 2, 3] if batches else [1] * 7)
