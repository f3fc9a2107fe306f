"""A tiny encoder made in milliseconds, and a tiny model trained on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

GOLD = Path(__file__).parent.parent / "data" / "gold" / "gold.jsonl"

TINY_SETTINGS = """\
epochs = 2
batch_size = 4
encoder_rate = 1e-3
head_rate = 3e-3
averaging = 0.5
threads = 1
"""


@pytest.fixture(scope="session")
def gold_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Twenty-four gold paragraphs to train on and eight to hold out."""
    folder = tmp_path_factory.mktemp("gold")
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    train, dev = folder / "train.jsonl", folder / "dev.jsonl"
    train.write_text("\n".join(lines[:24]) + "\n", encoding="utf-8")
    dev.write_text("\n".join(lines[24:32]) + "\n", encoding="utf-8")
    return train, dev


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Hugging Face folder: a BERT of two layers of 24 and a tokenizer of single characters."""
    torch = pytest.importorskip("torch")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("encoder")
    texts = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    characters = sorted({each for text in texts for each in text if not each.isspace()})
    pieces = ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]", *characters]
    tokenizer = Tokenizer(
        models.WordLevel({piece: index for index, piece in enumerate(pieces)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("", "isolated")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        pad_token_id=1,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model(
    tiny_encoder: Path, gold_parts: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A model folder that ``training.train`` wrote."""
    from training.readers.reading import read_examples
    from training.running import Start, run
    from training.settings import Settings

    folder = tmp_path_factory.mktemp("model")
    settings_file = folder / "settings.toml"
    settings_file.write_text(TINY_SETTINGS, encoding="utf-8")
    train, dev = gold_parts
    run(
        Settings.load(settings_file),
        Start(str(tiny_encoder), None, "tiny", "0.1"),
        read_examples(train),
        read_examples(dev),
        folder,
    )
    return folder
