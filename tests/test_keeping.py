"""What a model knows is kept while it learns new labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from tagger.features import Featurizer
from tagger.model import ModelConfig
from training import checkpoints
from training.batches import Batch, make_batch, make_sample
from training.corpora import AnnotatedEvent, Example, Span
from training.distillation import forgotten, hold_heads, layers_in_use, rehearsal
from training.tasks import Labels
from training.teacher import Teacher

TEXT = "星河锂业拟减持蓝湾能源2%股份。"
NEW = Example("1", TEXT, (Span(0, 4, "BRAND"),), ())


def of_another(model: Path) -> tuple[ModelConfig, Featurizer]:
    """The labels of a model and one more, BRAND."""
    config = ModelConfig.load(model)
    wider = replace(config, entity_labels=(*config.entity_labels, "BRAND"))
    return wider, Featurizer.load(model, config)


def batch_of(example: Example, model: Path) -> Batch:
    config, featurizer = of_another(model)
    return make_batch([make_sample(example, featurizer, config)], config)


def added_loss(batch: Batch, model: Path, silent_on: list[str], shift_at: slice) -> float:
    """What the teacher finds worse in other entity logits at some characters than in its own."""
    config, _featurizer = of_another(model)
    _own, network = checkpoints.load(model)
    teacher = Teacher(model, config, silent_on)
    with torch.no_grad():
        states = network.states(**batch.inputs)
        outputs = network.read(states)
        own = outputs._replace(entities=torch.nn.functional.pad(outputs.entities, (0, 4)))
        entities = own.entities.clone()
        entities[:, shift_at, 1] += 5
        other = own._replace(entities=entities)
        return float(teacher.loss(states, other, batch) - teacher.loss(states, own, batch))


@pytest.mark.parametrize(
    ("example", "silent_on", "shift_at", "taught"),
    [
        (NEW, [], slice(6, 8), True),
        (NEW, [], slice(0, 4), False),  # where the new label stands the teacher is not asked
        (NEW, ["entities"], slice(6, 8), False),  # the file has the word
        (Example("1", TEXT, None, None), ["entities"], slice(6, 8), True),  # not annotated
    ],
)
def test_the_teacher_is_heard_where_the_file_says_nothing(
    tiny_model: Path, example: Example, silent_on: list[str], shift_at: slice, taught: bool
) -> None:
    batch = batch_of(example, tiny_model)
    assert (added_loss(batch, tiny_model, silent_on, shift_at) > 1e-4) == taught


def test_a_teacher_of_other_labels_is_refused(tiny_model: Path) -> None:
    config = ModelConfig.load(tiny_model)
    other = replace(config, entity_labels=("BRAND", *config.entity_labels))
    with pytest.raises(ValueError, match="has other entity_labels"):
        Teacher(tiny_model, other)


@pytest.mark.parametrize(
    ("labels", "is_forgotten", "in_use"),
    [
        ((("COMPANY", "TICKER"), ("divestment",), ()), False, ["entities", "events"]),
        ((("COMPANY",), ("divestment",), ()), True, ["entities", "events"]),
        ((("BRAND",), (), ()), True, []),
        ((("COMPANY", "TICKER", "BRAND"), (), ()), True, ["entities"]),
    ],
)
def test_a_file_may_use_some_of_the_labels(
    labels: Labels, is_forgotten: bool, in_use: list[str]
) -> None:
    config = ModelConfig("m", "1", ("COMPANY", "TICKER"), ("divestment",), ("subject",))
    assert (forgotten(config, labels), layers_in_use(config, labels)) == (is_forgotten, in_use)


def test_what_is_rehearsed_is_not_what_is_learned_or_held_out() -> None:
    known = rehearsal([])
    again = rehearsal(known[:3])
    assert len(known) > 100 and len(again) < len(known)
    assert {each.entities for each in known} == {each.events for each in known} == {None}
    assert not {each.text for each in known[:3]} & {each.text for each in again}


def test_an_event_of_a_new_type_is_not_the_teachers_business(tiny_model: Path) -> None:
    config, featurizer = of_another(tiny_model)
    wider = replace(config, event_types=(*config.event_types, "merger"))
    event = AnnotatedEvent(Span(5, 7, "merger"), ())
    batch = make_batch([make_sample(Example("1", TEXT, (), (event,)), featurizer, wider)], wider)
    _own, network = checkpoints.load(tiny_model)
    with torch.no_grad():
        states = network.states(**batch.inputs)
        outputs = network.read(states)
        own = outputs._replace(
            entities=torch.nn.functional.pad(outputs.entities, (0, 4)),
            types=torch.nn.functional.pad(outputs.types, (0, 1)),
        )
        boundaries = own.boundaries.clone()
        boundaries[:, 5:7, 1] += 5
        other = own._replace(boundaries=boundaries)
        teacher = Teacher(tiny_model, wider)
        assert teacher.loss(states, other, batch) == teacher.loss(states, own, batch)


@pytest.mark.parametrize(
    ("labels", "held"),
    [
        ((("BRAND",), (), ()), {"boundary_head", "type_head", "role_query", "role_key"}),
        (((), ("merger",), ()), {"entity_head"}),
        ((("BRAND",), ("merger",), ()), set()),
    ],
)
def test_heads_of_an_unused_layer_are_held(
    tiny_model: Path, labels: Labels, held: set[str]
) -> None:
    _config, network = checkpoints.load(tiny_model)
    hold_heads(network, labels)
    still = {
        name.split(".")[0] for name, each in network.named_parameters() if not each.requires_grad
    }
    assert still == held
