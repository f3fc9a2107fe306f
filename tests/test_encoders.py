"""A run may start from any encoder that reads Chinese, and says why where it cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

pytest.importorskip("torch")

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers

from tagger.features import collate
from training import checkpoints
from training.attention import use_plain_attention
from training.corpora import Example
from training.encoders import longest_window
from training.export import check_exportable, export
from training.graph import is_supported
from training.train import train

TEXT = "星河锂业拟减持蓝湾能源2%股份。"
EXAMPLES = [Example("1", TEXT * 2)]
LABELS = ("COMPANY",), ("divestment",), ("subject",)
SIZES = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2}

Publish = Callable[..., Path]


@pytest.fixture
def publish(tiny_encoder: Path, tmp_path: Path) -> Publish:
    """Writes a folder with a random encoder of a kind, and the tokenizer of ``tiny_encoder``."""

    def write(kind: str = "Bert", model: str = "Model", **sizes: Any) -> Path:
        torch.manual_seed(1)
        pieces = json.loads((tiny_encoder / "config.json").read_text("utf-8"))["vocab_size"]
        chosen = {"vocab_size": pieces, "intermediate_size": 64, "pad_token_id": 1} | SIZES | sizes
        settings = getattr(transformers, f"{kind}Config")(**chosen)
        folder = tmp_path / "encoder"
        getattr(transformers, kind + model)(settings).save_pretrained(folder)
        shutil.copy(tiny_encoder / "tokenizer.json", folder)
        return folder

    return write


def begin(encoder: Path, tmp_path: Path, labels: Any = LABELS) -> checkpoints.Start:
    output = tmp_path / "model"
    output.mkdir(exist_ok=True)
    return checkpoints.start_new(str(encoder), EXAMPLES, output, ("n", "1"), labels)


def inputs(start: checkpoints.Start, *texts: str, multiple: int = 32) -> dict[str, torch.Tensor]:
    config, _network, featurizer = start
    arrays = collate([featurizer(text) for text in texts], config.pad_piece, multiple)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


@pytest.mark.parametrize(("size", "heads"), [(50, 1), (128, 2), (192, 3), (256, 4), (320, 5)])
def test_the_character_layer_fits_an_encoder_of_any_size(
    publish: Publish, tmp_path: Path, size: int, heads: int
) -> None:
    start = begin(publish(hidden_size=size), tmp_path)
    config, network, _featurizer = start
    assert (config.character_heads, config.character_feed_forward) == (heads, 2 * size)
    assert network(**inputs(start, TEXT)).entities.shape[-1] == 5


@pytest.mark.parametrize("kind", ["Bert", "Roberta"])
@pytest.mark.parametrize(("positions", "pieces"), [(100, 96), (96, 96), (1024, 512)])
def test_a_window_is_no_longer_than_the_encoder_reads(
    publish: Publish, tmp_path: Path, kind: str, positions: int, pieces: int
) -> None:
    start = begin(publish(kind, max_position_embeddings=positions), tmp_path)
    # The positions of RoBERTa begin behind that of its padding.
    pieces = 64 if (kind, positions) == ("Roberta", 96) else pieces
    config, network, _featurizer = start
    assert (config.max_pieces, config.max_characters) == (pieces, min(320, pieces - 2))
    network(**inputs(start, TEXT * 30, TEXT))


def test_a_tokenizer_of_bytes_makes_windows_shorter() -> None:
    alphabet = {each: number for number, each in enumerate(pre_tokenizers.ByteLevel.alphabet())}
    tokenizer = Tokenizer(models.BPE(alphabet, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    assert longest_window(tokenizer, ["甲" * 100, "", " "], 512) == 170
    assert longest_window(tokenizer, [], 512) == 512


@pytest.mark.parametrize("width", [torch.float16, torch.bfloat16])
def test_an_encoder_published_in_16_bits_is_computed_in_32(
    publish: Publish, tmp_path: Path, width: torch.dtype
) -> None:
    encoder = publish()
    transformers.AutoModel.from_pretrained(encoder).to(width).save_pretrained(encoder)
    _config, network, _featurizer = begin(encoder, tmp_path)
    checkpoints.write_weights(network, tmp_path / "model")
    for each in (network, checkpoints.load(tmp_path / "model")[1]):
        assert {parameter.dtype for parameter in each.parameters()} == {torch.float32}


def no_tokenizer(encoder: Path) -> None:
    (encoder / "tokenizer.json").unlink()


def other_names(encoder: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = encoder / "model.safetensors"
    named = {f"tower.text.{name}": tensor for name, tensor in load_file(path).items()}
    save_file(named, path, {"format": "pt"})


def cut_short(encoder: Path) -> None:
    path = encoder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (no_tokenizer, r"its tokenizer knows 0% of the pieces of the text; give the folder"),
        (other_names, r"its files lack 37 of the 37 weights of a BertModel"),
        (cut_short, r"SafetensorError|incomplete|header|cut|metadata"),
        (lambda encoder: (encoder / "model.safetensors").unlink(), r"no file named"),
        (lambda encoder: (encoder / "tokenizer.json").write_text("{"), r"EOF while parsing"),
    ],
)
def test_an_encoder_that_lacks_a_part_is_refused(
    publish: Publish, tmp_path: Path, damage: Callable[[Path], object], reason: str
) -> None:
    encoder = publish()
    damage(encoder)
    with pytest.raises(ValueError, match=rf"--encoder {encoder} cannot be used: .*({reason})"):
        begin(encoder, tmp_path)


@pytest.mark.parametrize(
    ("kind", "sizes", "reason"),
    [
        ("Bert", {"vocab_size": 100}, r"its tokenizer has .* pieces, its weights 100"),
        ("Bert", {"max_position_embeddings": 20}, r"it reads 20 pieces at most"),
        ("T5", {"d_model": 48, "d_kv": 24, "d_ff": 64}, r"a T5Model reads no text by itself"),
    ],
)
def test_a_model_that_is_no_fitting_encoder_is_refused(
    publish: Publish, tmp_path: Path, kind: str, sizes: dict[str, Any], reason: str
) -> None:
    encoder = publish(kind, **sizes)
    with pytest.raises(ValueError, match=rf"--encoder {encoder} cannot be used: {reason}"):
        begin(encoder, tmp_path)


def test_a_model_for_another_task_gives_its_encoder(publish: Publish, tmp_path: Path) -> None:
    encoder = publish(model="ForTokenClassification", num_labels=7)
    own = transformers.AutoModel.from_pretrained(encoder).state_dict()
    _config, network, _featurizer = begin(encoder, tmp_path)
    state = network.encoder.state_dict()
    assert state and all(torch.equal(tensor, own[name]) for name, tensor in state.items())


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        ("Bert", {}),
        ("Bert", {"is_decoder": True}),
        ("GPT2", {"n_embd": 48, "n_layer": 2, "n_head": 2}),
        ("Qwen2", {"num_attention_heads": 4, "num_key_value_heads": 2}),
        ("ModernBert", {"local_attention": 8}),
    ],
)
def test_an_encoder_attends_in_training_as_it_does_afterwards(
    publish: Publish, tmp_path: Path, kind: str, sizes: dict[str, Any]
) -> None:
    start = begin(publish(kind, **sizes), tmp_path)
    network = start[1].eval()
    # With padding and without: a mask that hides nothing may be left out.
    for multiple in (32, 1):
        given = inputs(start, TEXT, multiple=multiple)
        seen = given["character_ids"] != 0
        with torch.no_grad():
            own = network(**given).entities[seen]
            use_plain_attention(network.encoder)
            plain = network(**given).entities[seen]
        network.encoder.set_attn_implementation("sdpa")
        assert (own - plain).abs().max() < 1e-5


def test_a_bert_that_reads_from_left_to_right_is_exported_as_such(
    publish: Publish, tmp_path: Path
) -> None:
    start = begin(publish(is_decoder=True), tmp_path)
    assert not is_supported(start[0])
    check_exportable(tmp_path, [TEXT], start)


@pytest.mark.parametrize("labels", [(("COMPANY",), (), ()), (("COMPANY",), ("divestment",), ())])
def test_a_network_without_events_or_roles_is_exported(
    publish: Publish, tmp_path: Path, labels: tuple[tuple[str, ...], ...]
) -> None:
    encoder = publish("DistilBert", dim=24, n_layers=2, n_heads=2, hidden_dim=48)
    _config, network, _featurizer = begin(encoder, tmp_path, labels)
    torch.nn.init.normal_(network.entity_head.bias, std=3)
    checkpoints.write_weights(network, tmp_path / "model")
    assert export(tmp_path / "model", [TEXT])["changed_tags"] == 0


def test_an_encoder_that_cannot_be_exported_is_refused_before_training(
    publish: Publish, tmp_path: Path
) -> None:
    sizes = {"attention_window": [16, 16], "max_position_embeddings": 514}
    start = begin(publish("Longformer", **sizes), tmp_path)
    with pytest.raises(ValueError, match="of the kind 'longformer' cannot be exported"):
        check_exportable(tmp_path, [TEXT, TEXT * 5], start)


def run(*arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(train)
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output + (result.stderr or "")


def test_settings_that_only_a_bert_knows_are_refused(
    publish: Publish, gold_parts: tuple[Path, Path], tmp_path: Path
) -> None:
    encoder = publish("DistilBert", dim=24, n_layers=2, n_heads=2, hidden_dim=48)
    start = begin(encoder, tmp_path)
    with pytest.raises(ValueError, match="frozen_layers = 1: DistilBertModel is not built as BERT"):
        checkpoints.freeze(start[1], 1)
    checkpoints.write_weights(start[1], tmp_path / "model")
    with pytest.raises(ValueError, match="layers = 1: an encoder of the kind 'distilbert' is not"):
        checkpoints.start_from(tmp_path / "model", tmp_path, ("n", "1"), LABELS, layers=1)
    settings = tmp_path / "s.toml"
    settings.write_text("quantization_aware = true\nthreads = 1\n", encoding="utf-8")
    data = "--train", gold_parts[0], "--dev", gold_parts[1], "--output", tmp_path / "new"
    code, said = run(*data, "--encoder", encoder, "--config", settings)
    assert (code, "this encoder is of the kind 'distilbert'; set it to false" in said) == (2, True)


def test_a_trained_model_is_no_encoder(tiny_model: Path, gold_parts: tuple[Path, Path]) -> None:
    data = "--train", gold_parts[0], "--dev", gold_parts[1], "--output", tiny_model.parent / "new"
    code, said = run(*data, "--encoder", tiny_model)
    assert (code, "start from it with --init" in said) == (2, True), said
