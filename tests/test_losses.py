"""Which characters the training loss counts, and what it says of right and wrong answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("torch")

import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from tagger.features import Featurizer
from tagger.model import BOUNDARIES, ModelConfig
from tagger.network import Outputs
from training.batches import Batch, make_batch, make_sample
from training.corpora import AnnotatedEvent, Example, Span
from training.losses import loss
from training.settings import Settings

CONFIG = ModelConfig("m", "1", ("COMPANY",), ("divestment", "buyback"), ("subject", "ratio"))
SETTINGS = Settings()

COMPANY = Span(0, 4, "COMPANY")
DIVESTMENT = AnnotatedEvent(
    Span(5, 7, "divestment"), (Span(0, 4, "subject"), Span(11, 13, "ratio"))
)
BUYBACK = AnnotatedEvent(Span(4, 6, "buyback"), (Span(0, 4, "subject"),))
BOTH = Example("1", "星河锂业拟减持蓝湾能源2%股份。", (COMPANY,), (DIVESTMENT,))
NAMES_ALONE = Example("2", "蓝湾能源发布年报。", (COMPANY,), None)
EVENTS_ALONE = Example("3", "青山资本回购。", None, (BUYBACK,))
NOTHING = Example("4", "无标注。" * 12)


def batch_of(*examples: Example) -> Batch:
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    featurizer = Featurizer(tokenizer, "", CONFIG.max_pieces)
    return make_batch([make_sample(each, featurizer, CONFIG) for each in examples], CONFIG)


def random_outputs(batch: Batch) -> Outputs:
    """Logits that a gradient flows back to, at padding as everywhere."""
    torch.manual_seed(1)
    roles = (2 * len(CONFIG.roles), CONFIG.role_size)
    widths = ((len(CONFIG.entity_tags),), (len(BOUNDARIES),), (len(CONFIG.event_types),))
    sizes = [(*batch.entities.shape, *width) for width in (*widths, roles, roles)]
    return Outputs(*(torch.randn(size, requires_grad=True) for size in sizes))


def counted(batch: Batch) -> dict[str, list[tuple[int, int]]]:
    """By head the characters, as (window, place), whose logits the loss depends on."""
    outputs = random_outputs(batch)
    loss(outputs, batch, SETTINGS).backward()
    found = {}
    for head, logits in outputs._asdict().items():
        moving = torch.zeros_like(logits) if logits.grad is None else logits.grad
        found[head] = [tuple(each) for each in moving.flatten(2).any(-1).nonzero().tolist()]
    return found


def places(window: int, example: Example) -> list[tuple[int, int]]:
    return [(window, place) for place in range(len(example.text))]


def test_annotated_characters_count_and_neither_padding_nor_what_is_not_annotated() -> None:
    assert counted(batch_of(BOTH, NAMES_ALONE, EVENTS_ALONE, NOTHING)) == {
        "entities": [*places(0, BOTH), *places(1, NAMES_ALONE)],
        "boundaries": [*places(0, BOTH), *places(2, EVENTS_ALONE)],
        "types": [(0, 5), (0, 6), (2, 4), (2, 5)],
        "role_queries": [(0, 5), (2, 4)],
        "role_keys": [*places(0, BOTH), *places(2, EVENTS_ALONE)],
    }


def test_a_batch_without_annotation_teaches_nothing() -> None:
    batch = batch_of(NOTHING)
    assert loss(random_outputs(batch), batch, SETTINGS) == 0
    assert not any(counted(batch).values())


def test_a_loss_does_not_depend_on_what_stands_beside_its_window() -> None:
    alone, beside = batch_of(BOTH), batch_of(BOTH, NOTHING)
    outputs = random_outputs(beside)
    length = alone.entities.shape[1]
    assert length < beside.entities.shape[1]
    cut = Outputs(*(each[:1, :length] for each in outputs))
    torch.testing.assert_close(loss(cut, alone, SETTINGS), loss(outputs, beside, SETTINGS))


def right_outputs(batch: Batch) -> Outputs:
    """What a network says that is sure and right."""
    tags, boundaries = (
        torch.nn.functional.one_hot(each.clamp_min(0), count).float()
        for each, count in (
            (batch.entities, len(CONFIG.entity_tags)),
            (batch.boundaries, len(BOUNDARIES)),
        )
    )
    keys = torch.zeros(*batch.entities.shape, 2 * len(CONFIG.roles), 1)
    for row, target in zip(batch.trigger_rows, batch.role_targets, strict=True):
        keys[row] = 2 * target.T.unsqueeze(-1) - 1
    queries = torch.ones_like(keys)
    return Outputs(*(20 * each for each in (tags, boundaries, 2 * batch.types - 1, queries, keys)))


def test_who_is_sure_and_right_has_no_loss() -> None:
    batch = batch_of(BOTH, EVENTS_ALONE)
    assert loss(right_outputs(batch), batch, SETTINGS) < 1e-4


@pytest.mark.parametrize("head", ["entities", "boundaries", "types", "role_keys"])
@pytest.mark.parametrize("place", [(0, 5), (1, 4)])
def test_who_is_sure_and_wrong_has_a_loss_in_every_head(head: str, place: tuple[int, int]) -> None:
    batch = batch_of(BOTH, replace(EVENTS_ALONE, entities=(COMPANY,)))
    outputs = right_outputs(batch)
    getattr(outputs, head)[place] *= -1
    assert loss(outputs, batch, SETTINGS) > 0.1
