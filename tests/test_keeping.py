"""What a model knows is kept while it learns new labels."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from tagger.features import Featurizer
from tagger.model import CHARACTERS_FILE, TOKENIZER_FILE, ModelConfig
from tagger.network import Outputs, build
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
    teacher = Teacher([model], config, silent_on)
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


@pytest.mark.parametrize(
    ("silent_on", "of_names", "of_events"),
    [
        ([], (0, 1), (0, 1)),
        (["entities"], (1,), (0, 1)),
        (["events"], (0, 1), (1,)),
        (["entities", "events"], (1,), (1,)),
    ],
)
def test_the_teacher_is_heard_of_characters_alone_and_not_where_it_is_silent(
    tiny_model: Path, silent_on: list[str], of_names: tuple[int, ...], of_events: tuple[int, ...]
) -> None:
    config, network = checkpoints.load(tiny_model)
    featurizer = Featurizer.load(tiny_model, config)
    texts = [TEXT, "青山资本回购。"]  # of which the second is not annotated
    examples = [Example("1", texts[0], (), ()), Example("2", texts[1])]
    batch = make_batch([make_sample(each, featurizer, config) for each in examples], config)
    with torch.no_grad():
        states = network.states(**batch.inputs)
        answers = {"states": states, **network.read(states)._asdict()}
    torch.manual_seed(1)
    asked = {
        name: (each + torch.randn_like(each)).requires_grad_() for name, each in answers.items()
    }
    outputs = Outputs(*(asked[name] for name in Outputs._fields))
    Teacher([tiny_model], config, silent_on).loss(asked["states"], outputs, batch).backward()

    def places(*windows: int) -> list[list[int]]:
        return [[window, place] for window in windows for place in range(len(texts[window]))]

    heard = {name: each.grad.flatten(2).any(-1).nonzero().tolist() for name, each in asked.items()}
    assert heard == {
        "states": places(*sorted({*of_names} & {*of_events})),
        "entities": places(*of_names),
        **dict.fromkeys(("boundaries", "types", "role_queries", "role_keys"), places(*of_events)),
    }


def test_a_teacher_of_other_labels_is_refused(tiny_model: Path) -> None:
    config = ModelConfig.load(tiny_model)
    other = replace(config, entity_labels=("BRAND", *config.entity_labels))
    with pytest.raises(ValueError, match="has other entity_labels"):
        Teacher([tiny_model], other)


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
        teacher = Teacher([tiny_model], wider)
        assert teacher.loss(states, other, batch) == teacher.loss(states, own, batch)


def test_the_teacher_says_what_fills_the_roles_of_a_trigger_that_it_sees(tiny_model: Path) -> None:
    config, _featurizer = of_another(tiny_model)
    wider = replace(config, roles=(*config.roles, "witness"))
    batch = batch_of(Example("1", TEXT), tiny_model)
    _own, network = checkpoints.load(tiny_model)

    def of_wider(queries: torch.Tensor) -> torch.Tensor:
        """The starts and the ends of one role more."""
        halves = queries.chunk(2, dim=2)
        return torch.cat([torch.nn.functional.pad(each, (0, 0, 0, 1)) for each in halves], 2)

    with torch.no_grad():
        states = network.states(**batch.inputs)
        outputs = network.read(states)
        own = outputs._replace(
            entities=torch.nn.functional.pad(outputs.entities, (0, 4)),
            role_queries=of_wider(outputs.role_queries),
            role_keys=of_wider(outputs.role_keys),
        )
        other = own._replace(role_queries=own.role_queries * 3)
        worse = []
        for place in (0, 1):  # the teacher sees no trigger; it sees one everywhere
            teacher = Teacher([tiny_model], wider)
            teacher._models[0].boundary_head.bias[place] += 100
            own_loss = teacher.loss(states, own, batch)
            worse.append(float(teacher.loss(states, other, batch) - own_loss))
            unknown = own.role_queries.clone()
            unknown[:, :, [len(config.roles), -1]] += 5
            beside = own._replace(role_queries=unknown)
            assert teacher.loss(states, beside, batch) == own_loss
    assert worse[1] > worse[0] + 1e-4


def test_a_teacher_without_events_teaches_names_alone(tiny_model: Path, tmp_path: Path) -> None:
    config, _featurizer = of_another(tiny_model)
    for name in (TOKENIZER_FILE, CHARACTERS_FILE):
        shutil.copy(tiny_model / name, tmp_path)
    names_alone = replace(ModelConfig.load(tiny_model), event_types=(), roles=())
    names_alone.save(tmp_path)
    checkpoints.write_weights(build(names_alone, tmp_path), tmp_path)
    batch = batch_of(NEW, tiny_model)
    _own, network = checkpoints.load(tiny_model)
    with torch.no_grad():
        states = network.states(**batch.inputs)
        outputs = network.read(states)
        own = outputs._replace(entities=torch.nn.functional.pad(outputs.entities, (0, 4)))
        other = own._replace(boundaries=own.boundaries + torch.arange(5.0))
        teacher = Teacher([tmp_path], config)
        loss = teacher.loss(states, own, batch)
        assert loss.isfinite() and loss > 0
        assert teacher.loss(states, other, batch) == loss


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
