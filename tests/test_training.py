"""The retraining path, from annotated JSONL to a folder that the tagger loads."""

from __future__ import annotations

import json
import random
import shutil
import struct
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("torch")

import typer
from conftest import TINY_SETTINGS

from tagger.encoder import OnnxBackend, score_windows
from tagger.features import Featurizer
from tagger.model import ModelConfig
from tagger.recognition import Recognizer
from tagger.torch_backend import TorchBackend as TorchBackendOfTagger
from training import checkpoints
from training.batches import cut, lost_in_cuts, make_sample
from training.calibrate import calibration_error
from training.card import write_card
from training.corpora import (
    AnnotatedEvent,
    Example,
    Span,
    not_near,
    split,
    write_examples,
)
from training.encoder_import import read_encoder
from training.evaluate import bootstrap, compare, confusions, evaluate
from training.examples import CorpusError
from training.export import export
from training.loop import TrainingLoop
from training.origin import CHECKPOINT_FILE, begin
from training.prediction import TorchBackend
from training.prediction import evaluate as predicted_scores
from training.readers.reading import read_examples
from training.report import EpochResult, learning_curve
from training.rounding import RoundedLinear
from training.scoring import Score, score
from training.settings import Settings
from training.train import train

TEXT = "星河锂业拟减持蓝湾能源2%股份。"
EVENT = AnnotatedEvent(Span(5, 7, "divestment"), (Span(0, 4, "subject"), Span(11, 13, "ratio")))
EXAMPLE = Example("1", TEXT, (Span(0, 4, "COMPANY"), Span(7, 11, "COMPANY")), (EVENT,))


def run_cli(command: object, *arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(command)  # type: ignore[type-var]
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output + (result.stderr or "")


def test_examples_survive_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    unannotated = Example("2", "无标注。", None, None)
    write_examples([EXAMPLE, unannotated], path)
    assert read_examples(path) == [EXAMPLE, unannotated]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"text": "甲"', "not JSON"),
        ('{"texts": "甲"}', "not an object with a string 'text'"),
        (
            '{"text": "甲乙", "entities": [{"start": 0, "end": 5, "label": "X"}]}',
            "outside the text",
        ),
        ('{"text": "甲乙", "entities": [{"start": 0, "end": 1}]}', "no 'label'"),
        ('{"text": "甲乙", "entities": ["X"]}', "not an object"),
        (
            '{"text": "甲乙", "entities": [{"start": 0, "end": 1, "label": "X", "text": "乙"}]}',
            "holds '甲', not '乙'",
        ),
        (
            '{"text": "甲乙丙", "entities": [{"start": 0, "end": 2, "label": "X"},'
            ' {"start": 1, "end": 3, "label": "Y"}]}',
            "overlap: '甲乙' [0, 2) and '乙丙' [1, 3)",
        ),
        (
            '{"text": "甲乙", "events": [{"start": 0, "end": 1, "type": "x",'
            ' "arguments": [{"start": 1, "end": 1, "role": "r"}]}]}',
            "argument r [1, 1): outside",
        ),
    ],
)
def test_a_fault_names_its_file_line_and_reason(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "好。"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_examples(path)
    assert f"{path}:2: " in str(caught.value)
    assert fault in str(caught.value)


def test_a_split_keeps_near_duplicates_on_one_side() -> None:
    examples = []
    for number in range(40):
        base = "".join(chr(0x4E00 + number * 40 + index) for index in range(40))
        examples += [
            Example(f"{number}a", base, (), ()),
            Example(f"{number}b", "快讯：" + base + "。", (), ()),
        ]
    train_part, held_out = split(examples, 0.25, seed=3)
    sides = {each.id[:-1] for each in train_part} & {each.id[:-1] for each in held_out}
    assert (len(held_out), sides) == (20, set())
    assert split(examples, 0.25, seed=3) == (train_part, held_out)


def test_a_text_that_is_there_many_times_stays_on_one_side() -> None:
    examples = [
        Example(str(n), "".join(chr(0x4E00 + n % 4 * 40 + c) for c in range(40)))
        for n in range(120)
    ]
    train_part, held_out = split(examples, 0.3, seed=3)
    assert len(held_out) == 30
    assert not {each.text for each in train_part} & {each.text for each in held_out}


def test_boilerplate_makes_no_retelling() -> None:
    order = random.Random(1)
    characters = [chr(0x4E00 + place) for place in range(20_000)]
    boilerplate = "本文仅供参考，不构成任何投资建议，据此入市风险自担，转载请注明出处。"
    examples = [
        Example(str(n), "".join(order.choices(characters, k=30)) + boilerplate) for n in range(600)
    ]
    known, others = examples[:300], examples[300:]
    assert not_near([*others, known[7]], known) == others


def test_a_cut_moves_spans_and_leaves_out_what_it_breaks() -> None:
    across = Span(4, 8, "ACROSS")
    parts = cut(Example("1", "甲公司宣布。" * 2, (Span(6, 9, "C"), across), ()), 8)
    assert [(part.text, part.entities) for part in parts] == [
        ("甲公司宣布。", ()),
        ("甲公司宣布。", (Span(0, 3, "C"),)),
    ]


def test_what_cuts_lose_is_counted() -> None:
    far = Example("1", TEXT + "另有消息。" * 20, EXAMPLE.entities, EXAMPLE.events)
    price = Span(len(far.text) - 5, len(far.text) - 1, "price")
    parted = replace(far, events=(replace(EVENT, arguments=(*EVENT.arguments, price)),))
    assert [lost_in_cuts([each], 40) for each in (EXAMPLE, far, parted)] == [0, 0, 1]


def test_targets_follow_the_tag_grammar(tiny_model: Path) -> None:
    config = ModelConfig.load(tiny_model)
    sample = make_sample(EXAMPLE, Featurizer.load(tiny_model, config), config)
    assert sample.entities is not None and sample.boundaries is not None
    names = [config.entity_tags[tag] for tag in sample.entities]
    company = ["B-COMPANY", "I-COMPANY", "I-COMPANY", "E-COMPANY"]
    assert names == [*company, "O", "O", "O", *company, *["O"] * 5]
    assert sample.boundaries.tolist() == [0] * 5 + [1, 3] + [0] * 9
    assert sample.roles == ((5, EVENT.arguments),)


def test_unannotated_layers_have_no_targets(tiny_model: Path) -> None:
    config = ModelConfig.load(tiny_model)
    sample = make_sample(
        Example("1", TEXT, None, None), Featurizer.load(tiny_model, config), config
    )
    assert (sample.entities, sample.boundaries) == (None, None)


def test_scores_count_exact_spans_and_labels() -> None:
    found = Example("1", TEXT, (Span(0, 4, "COMPANY"), Span(7, 10, "COMPANY")), (EVENT,))
    assert score([(EXAMPLE, found)], "entities")["all"] == Score(right=1, wrong=1, missed=1)
    assert score([(EXAMPLE, found)], "arguments") == {
        "all": Score(2, 0, 0),
        "subject": Score(1, 0, 0),
        "ratio": Score(1, 0, 0),
    }
    assert confusions([(EXAMPLE, found)], "entities") == [
        "   1  COMPANY → COMPANY with other borders   e.g. 星河锂业拟减持【蓝湾能源】2%股份。"
    ]


def test_a_layer_that_is_not_annotated_is_measured_nowhere() -> None:
    plain = replace(EXAMPLE, events=None)
    pairs = [(EXAMPLE, EXAMPLE), (plain, EXAMPLE)]
    for layer in ("triggers", "arguments"):
        assert score(pairs, layer)["all"].f1 == 1
        assert bootstrap(pairs, layer, seed=1) == (1, 1)
        assert "1.0000 against 1.0000" in compare(pairs, pairs, layer, seed=1)
        assert confusions(pairs, layer) == []


def test_a_run_says_nothing_of_a_layer_that_is_not_annotated(tiny_model: Path) -> None:
    config = ModelConfig.load(tiny_model)
    featurizer = Featurizer.load(tiny_model, config)
    plain = [replace(EXAMPLE, events=None)]
    scores = predicted_scores(OnnxBackend(tiny_model), config, featurizer, plain)
    assert set(scores) == {"entities"}
    epoch = EpochResult(1, 0.5, {layer: each["all"].f1 for layer, each in scores.items()})
    assert "triggers" not in epoch.line()
    (axes,) = learning_curve([epoch]).axes
    assert [each.get_label() for each in axes.get_lines()] == ["entities"]


def test_labels_of_the_same_support_stand_by_name() -> None:
    labels = [*"BCADFE"]
    spans = tuple(Span(place, place + 1, label) for place, label in enumerate(labels))
    example = Example("1", TEXT, spans)
    assert list(score([(example, example)], "entities")) == ["all", *sorted(labels)]


def test_a_paired_test_tells_a_difference_from_chance() -> None:
    nothing = Example("1", TEXT, (), ())
    right, wrong = [(EXAMPLE, EXAMPLE)] * 30, [(EXAMPLE, nothing)] * 30
    assert compare(right, wrong, "entities", seed=1) == (
        "entities   1.0000 against 0.0000, +1.0000, p = 0.001"
    )
    assert compare(right, right, "entities", seed=1) == (
        "entities   1.0000 against 1.0000, +0.0000, p = 1.000"
    )
    assert bootstrap(right + wrong, "entities", seed=1)[0] < 2 / 3


def test_the_export_says_what_torch_says(tiny_model: Path) -> None:
    config, model = checkpoints.load(tiny_model)
    featurizer = Featurizer.load(tiny_model, config)
    features = [featurizer(text) for text in (TEXT, "你好", "乙" * 50)]
    ours, theirs = (
        dict(score_windows(features, backend, config.pad_piece, lambda *found: found))
        for backend in (OnnxBackend(tiny_model), TorchBackend(model))
    )
    assert sorted(ours) == sorted(theirs) == [0, 1, 2]
    for index, got in ours.items():
        expected = theirs[index]
        for name in got._fields:
            assert getattr(got, name).shape == getattr(expected, name).shape
            difference = np.abs(getattr(got, name) - getattr(expected, name)).max()
            assert difference < 0.5, name


def test_an_encoder_that_is_no_bert_is_traced(tiny_encoder: Path, tmp_path: Path) -> None:
    import onnx
    import torch
    from transformers import DistilBertConfig, DistilBertModel

    torch.manual_seed(1)
    encoder, folder = tmp_path / "encoder", tmp_path / "model"
    folder.mkdir()
    size = json.loads((tiny_encoder / "config.json").read_text(encoding="utf-8"))["vocab_size"]
    sizes = {"vocab_size": size, "dim": 24, "n_layers": 2, "n_heads": 2, "hidden_dim": 48}
    DistilBertModel(DistilBertConfig(**sizes, pad_token_id=1)).save_pretrained(encoder)
    shutil.copy(tiny_encoder / "tokenizer.json", encoder)
    # As many types as a state is wide: the products of attention are rounded none the less.
    types = tuple(f"type_{number}" for number in range(24))
    labels = ("COMPANY", "PERSON"), types, ("subject", "ratio")
    config, model, featurizer = checkpoints.start_new(
        str(encoder), [EXAMPLE], folder, ("traced", "0.1"), labels, known_names=True
    )
    # Tags as far apart as those of a trained model are, which rounding does not change.
    torch.nn.init.normal_(model.entity_head.bias, std=3)
    checkpoints.write_weights(model, folder)
    texts = [TEXT, "你好", "乙" * 50]
    measured = export(folder, texts)
    assert measured["logit_difference"] < 1e-4
    assert measured["changed_tags"] == 0

    rounded, whole = (
        dict(
            score_windows(
                [featurizer(text) for text in texts], backend, config.pad_piece, lambda *each: each
            )
        )
        for backend in (OnnxBackend(folder), TorchBackend(checkpoints.load(folder)[1]))
    )
    for index, scores in whole.items():
        for expected, got in zip(scores, rounded[index], strict=True):
            assert expected.shape == got.shape
            assert np.abs(expected - got).max() < 0.1
    stored = onnx.load(str(folder / "model.onnx")).graph.initializer
    narrow = {tuple(each.dims) for each in stored if each.data_type == onnx.TensorProto.FLOAT16}
    heads = {(24, width) for width in (9, 5, 24, 2 * 2 * 32)}
    # And the layers that read GELU: of the encoder and of the characters.
    assert narrow == {(48, 24), *heads}
    rounded = [tuple(each.dims) for each in stored if each.data_type == onnx.TensorProto.INT8]
    assert rounded.count((24, 24)) == 2 * 4 + 1


def test_torch_runs_behind_the_tagger_and_finds_what_onnx_runtime_finds(tiny_model: Path) -> None:
    config = ModelConfig.load(tiny_model)
    featurizer = Featurizer.load(tiny_model, config)
    found = [
        Recognizer(config, featurizer, backend)([TEXT, "你好"])
        for backend in (OnnxBackend(tiny_model), TorchBackendOfTagger(tiny_model, "cpu"))
    ]
    spans = [[(each.start, each.end, each.label) for each in one.entities] for one in found[0]]
    assert spans == [
        [(each.start, each.end, each.label) for each in one.entities] for one in found[1]
    ]


def test_a_device_that_is_not_there_is_named(tiny_model: Path) -> None:
    with pytest.raises(ValueError, match="device 'cuda:99' cannot be used here"):
        TorchBackendOfTagger(tiny_model, "cuda:99")


def test_a_run_leaves_scores_a_curve_and_a_card(tiny_model: Path) -> None:
    report = json.loads((tiny_model / "scores.json").read_text(encoding="utf-8"))
    assert [each["epoch"] for each in report["history"]] == [1, 2]
    assert report["history"][1]["loss"] < report["history"][0]["loss"]
    assert report["paragraphs"] == {"train": 24, "held_out": 8}
    assert (tiny_model / "learning_curve.png").stat().st_size > 1000
    card = (tiny_model / "README.md").read_text(encoding="utf-8")
    assert "| COMPANY |" in card
    assert tomllib.loads(card.split("```toml\n")[1].split("```")[0]) == report["settings"]
    assert not (tiny_model / CHECKPOINT_FILE).exists()


@pytest.mark.parametrize("epochs", [1, 2, 40])
def test_the_learning_curve_counts_whole_epochs(epochs: int) -> None:
    f1 = {"entities": 0.9, "triggers": 0.8, "arguments": 0.6}
    history = [EpochResult(epoch, 0.5, f1) for epoch in range(1, epochs + 1)]
    (axes,) = learning_curve(history).axes
    low, high = axes.get_xlim()
    shown = [each for each in axes.get_xticks() if low <= each <= high]
    assert shown and all(each == int(each) for each in shown)


@pytest.mark.parametrize("content", [b"[1]", b"{", b"\xff"])
def test_a_damaged_report_is_named(tmp_path: Path, tiny_model: Path, content: bytes) -> None:
    shutil.copy(tiny_model / "config.json", tmp_path)
    path = tmp_path / "scores.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"{path} is damaged"):
        write_card(tmp_path)


@pytest.mark.parametrize("quantization_aware", [False, True])
def test_an_interrupted_run_resumes_to_the_same_weights(
    tiny_encoder: Path,
    gold_parts: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    quantization_aware: bool,
) -> None:
    import torch

    settings_file = tmp_path / "s.toml"
    rounding = f"quantization_aware = {str(quantization_aware).lower()}\ncheckpoint_minutes = 0\n"
    settings_file.write_text(TINY_SETTINGS + rounding, encoding="utf-8")
    common = ["--train", gold_parts[0], "--dev", gold_parts[1], "--encoder", tiny_encoder]
    common += ["--config", settings_file]
    assert run_cli(train, *common, "--output", tmp_path / "whole")[0] == 0
    update = TrainingLoop._update
    rounded: list[bool] = []

    def update_or_die(loop: TrainingLoop, *batch: Any) -> float:
        layers = [each for each in loop._model.modules() if isinstance(each, RoundedLinear)]
        rounded.append(bool(layers) and all(each.range is not None for each in layers))
        if len(rounded) == 9:  # of the six steps of each of two epochs
            raise KeyboardInterrupt
        return update(loop, *batch)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingLoop, "_update", update_or_die)
        assert run_cli(train, *common, "--output", tmp_path / "cut")[0] != 0
    assert rounded == [quantization_aware] * 9
    assert run_cli(train, *common, "--output", tmp_path / "cut", "--resume")[0] == 0
    whole, resumed = checkpoints.load(tmp_path / "whole")[1], checkpoints.load(tmp_path / "cut")[1]
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


def cut_run(
    monkeypatch: pytest.MonkeyPatch, arguments: list[object], steps: int
) -> tuple[int, str]:
    """A run that is interrupted in a step."""
    update, done = TrainingLoop._update, [0]

    def update_or_die(loop: TrainingLoop, *batch: Any) -> float:
        done[0] += 1
        if done[0] == steps:
            raise KeyboardInterrupt
        return update(loop, *batch)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingLoop, "_update", update_or_die)
        return run_cli(train, *arguments)


def test_a_resumed_run_goes_on_with_what_it_was_begun_with_alone(
    tiny_encoder: Path,
    tiny_model: Path,
    gold_parts: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = tmp_path / "s.toml"
    settings.write_text(TINY_SETTINGS + "checkpoint_minutes = 0\n", encoding="utf-8")
    fewer = tmp_path / "fewer.jsonl"
    lines = gold_parts[0].read_text(encoding="utf-8").splitlines()
    fewer.write_text("\n".join(lines[1:]), encoding="utf-8")
    begun: dict[str, object] = {
        "--train": gold_parts[0], "--dev": gold_parts[1], "--encoder": tiny_encoder,
        "--config": settings, "--output": tmp_path / "m",
    }  # fmt: skip

    def given(**changed: object) -> list[object]:
        options = begun | {f"--{name}": value for name, value in changed.items()}
        return [part for option in options.items() for part in option]

    code, said = cut_run(monkeypatch, given(), 3)
    assert (code, "the same command with --resume goes on" in said) == (130, True), said
    code, said = run_cli(train, *given())
    assert (code, "holds the checkpoint of an unfinished run" in said) == (2, True), said
    for changed, difference in (
        ({"train": fewer}, "train: 24 paragraphs ("),
        ({"name": "b"}, "name: custom then, b now"),
        ({"teacher": tiny_model}, "teacher: not given then, weights "),
        ({"auxiliary": fewer}, "auxiliary: not given then, ['23 paragraphs ("),
    ):
        code, said = run_cli(train, *given(**changed), "--resume")
        assert (code, difference in said) == (2, True), said
    # Other settings are said, but those that change no weight.
    fewer_epochs = TINY_SETTINGS.replace("epochs = 2", "epochs = 1")
    settings.write_text(fewer_epochs + "patience = 9\n", encoding="utf-8")
    code, said = run_cli(train, *given(), "--resume")
    assert (code, "resumed at epoch 1, step 2" in said) == (0, True), said
    assert "than the run was begun with:\nepochs: 2 then, 1 now\n" in said
    weights = (tmp_path / "m" / "model.safetensors").read_bytes()
    code, said = run_cli(train, *given(), "--resume")
    assert (code, f"{tmp_path / 'm'} is finished" in said) == (0, True), said
    assert (tmp_path / "m" / "model.safetensors").read_bytes() == weights
    settings.write_text(TINY_SETTINGS, encoding="utf-8")
    code, said = run_cli(train, *given(), "--resume")
    assert (code, "epochs: 1 then, 2 now" in said) == (2, True), said


def test_a_full_disk_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoints.write({"step": 1}, tmp_path / CHECKPOINT_FILE)

    def full(_state: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError("PytorchStreamWriter failed writing file data/0: file write failed")

    monkeypatch.setattr("torch.save", full)
    with pytest.raises(OSError, match="make room, then --resume goes on"):
        checkpoints.write({"step": 2}, tmp_path / CHECKPOINT_FILE)
    assert checkpoints.read(tmp_path / CHECKPOINT_FILE) == {"step": 1}
    assert [each.name for each in tmp_path.iterdir()] == [CHECKPOINT_FILE]


def go_on(model: Path, examples: list[Example], folder: Path, settings: str = "") -> Path:
    """The model after one epoch more, on the examples."""
    data, held_out, settings_file = (folder / each for each in ("t.jsonl", "d.jsonl", "s.toml"))
    write_examples(examples, data)
    write_examples([EXAMPLE], held_out)
    settings_file.write_text(f"epochs = 1\nthreads = 1\n{settings}", encoding="utf-8")
    code, output = run_cli(
        train, "--train", data, "--dev", held_out, "--init", model,
        "--output", folder / "m", "--config", settings_file,
    )  # fmt: skip
    assert code == 0, output
    return folder / "m"


def test_a_run_that_is_ended_while_it_notes_its_origin_keeps_the_note_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = {"train": "3 paragraphs (0)", "epochs": 2}
    begin(tmp_path, origin, resume=False)
    write_text = Path.write_text

    def end(path: Path, text: str, **more: Any) -> None:
        write_text(path, text[: len(text) // 2], **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(Path, "write_text", end)
        with pytest.raises(KeyboardInterrupt):
            begin(tmp_path, origin, resume=True)
    assert begin(tmp_path, origin, resume=True)


def test_training_goes_on_from_a_model_with_new_labels(tiny_model: Path, tmp_path: Path) -> None:
    examples = [Example(str(n), TEXT + str(n), (Span(0, 4, "BRAND"),), None) for n in range(8)]
    grown = go_on(tiny_model, examples, tmp_path)
    old, new = ModelConfig.load(tiny_model), ModelConfig.load(grown)
    assert new.entity_labels == (*old.entity_labels, "BRAND")
    assert new.event_types == old.event_types


@pytest.mark.parametrize("name", ["layers", "embeddings"])
def test_frozen_layers_keep_every_bit(tiny_model: Path, tmp_path: Path, name: str) -> None:
    import torch

    examples = [replace(EXAMPLE, id=str(n), text=TEXT + str(n)) for n in range(8)]
    trained = go_on(tiny_model, examples, tmp_path, "frozen_layers = 1\n")
    before, after = (checkpoints.load(each)[1].encoder for each in (tiny_model, trained))
    frozen = "layer.0." if name == "layers" else "embeddings."
    moved = dict(after.named_parameters())
    kept = {part: torch.equal(each, moved[part]) for part, each in before.named_parameters()}
    assert all(same for part, same in kept.items() if frozen in part)
    assert not any(same for part, same in kept.items() if "layer.1.output.dense" in part)


@pytest.mark.parametrize(("layers", "frozen"), [(0, set()), (1, {"0"}), (2, {"0"}), (9, {"0"})])
def test_the_last_layer_always_learns(tiny_model: Path, layers: int, frozen: set[str]) -> None:
    _config, network = checkpoints.load(tiny_model)
    checkpoints.freeze(network, layers)
    still = [name for name, each in network.named_parameters() if not each.requires_grad]
    numbers = {name.partition("encoder.layer.")[2].split(".")[0] for name in still} - {""}
    assert numbers == frozen
    assert any("word_embeddings" in name for name in still) == bool(frozen)


def test_new_roles_leave_the_known_ones_their_starts_and_ends(
    tiny_model: Path, tmp_path: Path
) -> None:
    import torch

    known = ModelConfig.load(tiny_model)
    labels = known.entity_labels, known.event_types, (*known.roles, "price", "reason")
    _config, grown, _featurizer = checkpoints.start_from(tiny_model, tmp_path, ("n", "1"), labels)
    state = torch.randn(len(known.roles), grown.role_key.in_features)
    before = checkpoints.load(tiny_model)[1].role_key(state).unflatten(1, (2, -1))
    after = grown.role_key(state).unflatten(1, (2, -1))
    assert torch.equal(before, after[..., : before.shape[-1]])


def test_a_run_may_learn_the_labels_of_its_file_alone(tiny_model: Path, tmp_path: Path) -> None:
    labels = ("BRAND",), ("takeover",), ("price",)
    _known, old = checkpoints.load(tiny_model)
    config, model, _featurizer = checkpoints.start_from(
        tiny_model, tmp_path, ("n", "1"), labels, keep_labels=False
    )
    assert (config.entity_labels, config.event_types, config.roles) == labels
    assert model.type_head.out_features == 1
    same = {
        name
        for name, tensor in model.state_dict().items()
        if name in (before := old.state_dict()) and before[name].equal(tensor)
    }
    changed = set(model.state_dict()) - same
    assert changed
    assert all(name.startswith(("entity_", "type_", "role_")) for name in changed), changed


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "--train and --output are both needed"),
        (["--encoder", "x", "--init", "y"], "give one of --encoder and --init"),
        (["--encoder", "x", "--drop-labels"], "--drop-labels drops those of --init"),
    ],
)
def test_usage_faults_are_said_before_training(
    gold_parts: tuple[Path, Path], tmp_path: Path, arguments: list[str], reason: str
) -> None:
    files = ["--train", gold_parts[0], "--dev", gold_parts[1], "--output", tmp_path]
    code, output = run_cli(train, *(files if arguments else []), *arguments)
    assert (code, reason in output) == (2, True), output


def test_development_text_that_training_saw_is_refused(
    gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    code, output = run_cli(
        train, "--train", gold_parts[0], "--dev", gold_parts[0], "--output", tmp_path,
        "--encoder", "x",
    )  # fmt: skip
    assert (code, "24 texts of --dev are in --train too" in output) == (2, True), output


def test_development_text_that_training_saw_retold_is_said(
    gold_parts: tuple[Path, Path], tiny_model: Path, tmp_path: Path
) -> None:
    first, *others = gold_parts[0].read_text(encoding="utf-8").splitlines()
    text = json.loads(first)["text"] + "另有消息。"
    (tmp_path / "train.jsonl").write_text("\n".join([first, *others[:3]]), encoding="utf-8")
    (tmp_path / "dev.jsonl").write_text(json.dumps({"text": text, "entities": []}), "utf-8")
    (tmp_path / "s.toml").write_text("epochs = 1", encoding="utf-8")
    code, output = run_cli(
        train, "--train", tmp_path / "train.jsonl", "--dev", tmp_path / "dev.jsonl",
        "--init", tiny_model, "--config", tmp_path / "s.toml", "--output", tmp_path / "model",
    )  # fmt: skip
    assert (code, "1 paragraphs of --train retell one of --dev" in output) == (0, True), output


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("epoch = 3", "unknown setting 'epoch'; known: epochs"),
        ("bits = 8", "bits = 8 must be 16 or 32"),
        ("epochs = 2.5", "epochs = 2.5 is not a whole number"),
        ("batch_size = 0", "batch_size = 0 must be at least 1"),
        ("warmup = 7", "warmup = 7 must be at least 0 and at most 1"),
        ("head_rate = -1e-3", "head_rate = -0.001 must be at least 0"),
        ("seed = nan", "seed = nan is not a whole number"),
    ],
)
def test_settings_name_what_they_do_not_know(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        Settings.load(path)


def test_settings_are_read_as_windows_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("epochs = 3\r\n", encoding="utf-8-sig")
    assert Settings.load(path).epochs == 3
    path.write_bytes("# 设置\nepochs = 3\n".encode("gb18030"))
    with pytest.raises(ValueError, match=r"s\.toml: .* can't decode"):
        Settings.load(path)


def test_evaluation_prints_a_table_a_layer(
    tiny_model: Path, gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    scores = tmp_path / "scores.json"
    code, output = run_cli(
        evaluate, "--model", tiny_model, "--data", gold_parts[1], "--output", scores
    )
    assert code == 0, output
    assert all(f"{layer}: F1" in output for layer in ("entities", "triggers", "arguments"))
    assert set(json.loads(scores.read_text())) == {"entities", "triggers", "arguments"}


def test_evaluation_compares_two_models_on_the_same_text(
    tiny_model: Path, gold_parts: tuple[Path, Path]
) -> None:
    code, output = run_cli(
        evaluate, "--model", tiny_model, "--data", gold_parts[1], "--against", tiny_model
    )
    assert code == 0, output
    assert output.count("p = 1.000") == 3


def test_layers_that_are_not_annotated_are_not_measured(tiny_model: Path, tmp_path: Path) -> None:
    write_examples([replace(EXAMPLE, events=None)], tmp_path / "d.jsonl")
    options = ("--against", tiny_model, "--errors", "--output", tmp_path / "scores.json")
    code, output = run_cli(
        evaluate, "--model", tiny_model, "--data", tmp_path / "d.jsonl", *options
    )
    assert code == 0, output
    assert "triggers: not annotated here, so not measured" in output
    assert output.count("F1") == 2 and output.count("p = ") == 1
    assert set(json.loads((tmp_path / "scores.json").read_text())) == {"entities"}


def test_labels_that_the_data_does_not_use_are_not_counted_and_said(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_examples([replace(EXAMPLE, entities=EXAMPLE.entities, events=())], tmp_path / "d.jsonl")
    found = replace(EXAMPLE, entities=(*(EXAMPLE.entities or ()), Span(11, 13, "PERSON")))
    monkeypatch.setattr("training.evaluate.predict", lambda *_arguments: [found])
    code, output = run_cli(evaluate, "--model", tiny_model, "--data", tmp_path / "d.jsonl")
    assert (code, "entities: F1 1.0000" in output) == (0, True), output
    assert "so not counted: PERSON (1), divestment (1)" in output


@pytest.mark.parametrize("name", ["missing/scores.json", "."])
def test_scores_that_cannot_be_written_are_said_before_measuring(
    tiny_model: Path, gold_parts: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    code, output = run_cli(
        evaluate, "--model", tiny_model, "--data", gold_parts[1], "--output", tmp_path / name
    )
    assert (code, str(tmp_path) in output, "F1" in output) == (2, True, False), output


def test_calibration_error_is_the_gap_between_score_and_share() -> None:
    assert calibration_error([(0.95, True)] * 8 + [(0.95, False)] * 2) == pytest.approx(0.15)


def test_four_bit_blocks_are_read_exactly() -> None:
    nibbles = bytes((index % 16) | ((15 - index % 16) << 4) for index in range(16))
    block = struct.pack("<e", 0.5) + nibbles
    name = b"emb.word"
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 0, 1, 1, 1, 1, 1, 1e-12, 32)
    head += struct.pack("<5iQ", 0, 0, 2, 1, 3, 0) + struct.pack("<I", 0)
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", 1)
    offset = len(head) + 2 + len(name) + 21
    entry = struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", 1, 32, offset, len(block))
    tensor = read_encoder(head + entry + block).tensors["emb.word"]
    low = [(index - 8) * 0.5 for index in range(16)]
    assert tensor.tolist() == [*low, *[(7 - index) * 0.5 for index in range(16)]]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"E5S1" + bytes(10)])
def test_a_file_that_is_no_encoder_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not an E5S1|cut short"):
        read_encoder(data)
