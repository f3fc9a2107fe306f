"""What training learns from beside its own file: other corpora, other names, its own opinion."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
import typer
from conftest import GOLD, TINY_SETTINGS
from tokenizers import Tokenizer
from torch import nn
from torch.optim.swa_utils import AveragedModel

from tagger.features import UNKNOWN_CHARACTER, Featurizer
from tagger.model import ModelConfig
from training import checkpoints
from training.adapt import Hider, adapt
from training.attention import attend
from training.augment import NameReplacer
from training.corpora import (
    AnnotatedEvent,
    Example,
    Span,
)
from training.distillation import with_opinion
from training.dropout import PooledDropout, use_pooled_dropout
from training.loop import moving_average
from training.readers.reading import read_examples
from training.running import Start, run
from training.settings import Settings
from training.tasks import labels_of

TEXT = "星河锂业拟减持蓝湾能源2%股份，星河锂业已公告。"
EVENT = AnnotatedEvent(Span(5, 7, "divestment"), (Span(0, 4, "subject"), Span(7, 13, "object")))
NAMES = (Span(0, 4, "COMPANY"), Span(7, 11, "COMPANY"), Span(16, 20, "COMPANY"))
EXAMPLE = Example("1", TEXT, NAMES, (EVENT,))


def spans_of(example: Example) -> list[str]:
    spans = [*(example.entities or ())]
    for event in example.events or ():
        spans += [event.trigger, *event.arguments]
    return [f"{span.label} {example.text[span.start : span.end]}" for span in spans]


def test_replaced_names_are_the_same_wherever_a_name_stood() -> None:
    replaced = NameReplacer({"COMPANY": ["北屿数科股份"]}, share=1.0)(EXAMPLE, random.Random(1))
    assert replaced.text == "北屿数科股份拟减持北屿数科股份2%股份，北屿数科股份已公告。"
    assert spans_of(replaced) == [
        *["COMPANY 北屿数科股份"] * 3,
        "divestment 减持",
        "subject 北屿数科股份",
        "object 北屿数科股份2%",
    ]


def test_an_example_stays_whole_where_a_span_ends_inside_a_name() -> None:
    event = AnnotatedEvent(Span(5, 7, "divestment"), (Span(0, 2, "subject"),))
    example = Example("1", TEXT, NAMES, (event,))
    assert NameReplacer({"COMPANY": ["甲"]}, share=1.0)(example, random.Random(1)) is example


def test_names_are_replaced_in_the_share_of_examples_that_was_asked_for() -> None:
    replacer = NameReplacer.of([EXAMPLE], ["COMPANY"], share=0.25)
    order = random.Random(3)
    changed = sum(replacer(EXAMPLE, order) is not EXAMPLE for _ in range(400))
    assert 70 < changed < 130


def test_pooled_dropout_keeps_the_mean_and_follows_the_seed() -> None:
    model = nn.Sequential(nn.Dropout(0.25), nn.Dropout(0.0))
    use_pooled_dropout(model)
    assert isinstance(model[0], PooledDropout)
    values = torch.ones(200, 300)
    torch.manual_seed(5)
    first, second = model(values), model(values)
    torch.manual_seed(5)
    assert torch.equal(model(values), first)
    assert not torch.equal(first, second)
    assert first.unique().tolist() == [0.0, pytest.approx(4 / 3)]
    assert float(first.mean()) == pytest.approx(1, abs=0.02)
    assert torch.equal(model.eval()(values), values)


def test_an_auxiliary_corpus_leaves_the_labels_of_the_model_alone(
    tiny_encoder: Path, gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    settings_file = tmp_path / "s.toml"
    settings_file.write_text(TINY_SETTINGS + "auxiliary_epochs = 1\n", encoding="utf-8")
    train, dev = (read_examples(path)[:8] for path in gold_parts)
    other = [Example("a", "买了一部手机。", (Span(4, 6, "product"),), None)] * 4
    output = tmp_path / "m"
    run(
        Settings.load(settings_file),
        Start(str(tiny_encoder), None, "t", "1"),
        train,
        dev,
        output,
        [other],
    )
    config = ModelConfig.load(output)
    assert (config.entity_labels, config.event_types, config.roles) == labels_of(train)
    names = set(checkpoints.load(output)[1].state_dict())
    assert not [name for name in names if "auxiliary" in name]


def test_a_model_adds_its_opinion_of_labels_that_a_file_does_not_use(tiny_model: Path) -> None:
    text = json.loads(GOLD.read_text(encoding="utf-8").splitlines()[0])["text"]
    brand = Example("1", text, (Span(0, 2, "BRAND"),), None)
    (kept,) = with_opinion([brand], tiny_model)
    assert kept.entities is not None and kept.events is None
    labels = {span.label for span in kept.entities}
    assert Span(0, 2, "BRAND") in kept.entities
    assert labels - {"BRAND"} <= set(ModelConfig.load(tiny_model).entity_labels)
    ordered = sorted(kept.entities, key=lambda span: span.start)
    assert all(a.end <= b.start for a, b in pairwise(ordered))


def test_a_file_with_every_label_is_left_as_it_is(tiny_model: Path) -> None:
    examples = read_examples(GOLD)
    assert with_opinion(examples, tiny_model) == examples


def test_an_adapted_model_has_no_labels_and_can_be_trained_on(
    tiny_encoder: Path, gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    settings_file = tmp_path / "s.toml"
    settings_file.write_text("epochs = 2\nbatch_size = 4\nthreads = 1\n", encoding="utf-8")
    train, dev = gold_parts
    adapted, trained = tmp_path / "adapted", tmp_path / "trained"
    adapt(str(tiny_encoder), [train], dev, adapted, settings_file, resume=False)
    config, model = checkpoints.load(adapted)
    assert (config.entity_labels, config.event_types, config.roles) == ((), (), ())
    (tmp_path / "t.toml").write_text(TINY_SETTINGS, encoding="utf-8")
    settings = Settings.load(tmp_path / "t.toml")
    examples = read_examples(train)
    run(settings, Start(None, adapted, "t", "1"), examples, read_examples(dev), trained)
    assert ModelConfig.load(trained).entity_labels == labels_of(examples)[0]
    tables = (
        each.place_embedding.weight.detach() for each in (model, checkpoints.load(trained)[1])
    )
    assert float(torch.dist(*tables)) < float(model.place_embedding.weight.detach().norm()) / 2


def test_adapting_needs_text_to_learn_from_and_to_measure_on(
    gold_parts: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = tmp_path / "short.jsonl"
    short.write_text('{"text": "甲乙。"}\n', encoding="utf-8")
    for corpus, dev in ((gold_parts[0], short), (gold_parts[0], gold_parts[0])):
        with pytest.raises(typer.Exit):
            adapt("x", [corpus], dev, tmp_path / "m")
        assert "neither may be empty" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_hidden_words_are_hidden_whole_and_wanted_back(tiny_encoder: Path) -> None:

    tokenizer = Tokenizer.from_file(str(tiny_encoder / "tokenizer.json"))
    characters = "".join(sorted(set(TEXT)))
    featurizer = Featurizer(tokenizer, characters, 512)
    features = featurizer(TEXT)
    masked = Hider(mask_piece=4, pad_piece=1)([TEXT], [features], random.Random(2))
    hidden = masked.targets[0] >= 0
    assert 0 < int(hidden.sum()) < len(TEXT)
    length = len(TEXT)
    ids = torch.from_numpy(features.character_ids)
    shown = masked.inputs["character_ids"][0, :length]
    assert torch.equal(masked.targets[0, :length][hidden[:length]], ids[hidden[:length]])
    assert set(shown[hidden[:length]].tolist()) == {UNKNOWN_CHARACTER}
    assert torch.equal(shown[~hidden[:length]], ids[~hidden[:length]])
    assert int((masked.inputs["piece_ids"][0] == 4).sum()) > 0


def test_plain_attention_says_what_torch_says() -> None:
    torch.manual_seed(1)
    query, key, value = torch.randn(3, 2, 4, 7, 8).unbind(0)
    seen = torch.arange(7) < torch.tensor([7, 3])[:, None]
    expected = nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=seen[:, None, None, :]
    )
    assert torch.allclose(attend(query, key, value, seen[:, None, None, :]), expected, atol=1e-5)


def test_the_average_of_a_short_run_forgets_where_it_began() -> None:
    model = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(model.weight)
    averaged = AveragedModel(model, multi_avg_fn=moving_average(0.99))
    nn.init.ones_(model.weight)
    for _ in range(24):
        averaged.update_parameters(model)
    assert float(averaged.module.weight.detach()) > 0.95
