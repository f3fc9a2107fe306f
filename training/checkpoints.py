"""Where a run starts from and what it leaves: new models, shipped models, checkpoints, weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from tagger.features import Featurizer, fold, read_characters
from tagger.known_names import kind_of
from tagger.lexicon import Lexicon
from tagger.model import (
    CHARACTERS_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    ModelConfig,
)
from tagger.network import CharacterTagger, build, read_weights
from training.corpora import Example
from training.encoders import copy_tokenizer, load_encoder, longest_window
from training.tasks import Labels

BEST_FILE = "best.pt"

_MINIMUM = 2
# What a head of the character layer holds, as in BERT.
_HEAD = 64
# Whose rows are labels; those of the boundaries of triggers mean the same for every label set.
_HEADS_OF_LABELS = ("entity_head.", "type_head.", "role_query.", "role_key.")

Start = tuple[ModelConfig, CharacterTagger, Featurizer]


def start_new(
    encoder: str,
    examples: list[Example],
    output: Path,
    identity: tuple[str, str],
    labels: Labels,
    known_names: bool = False,
    like: Path | None = None,
) -> Start:
    """A model with fresh heads on a Hugging Face encoder; its configuration goes to ``output``.

    With ``known_names`` it reads which names of the shipped lexicon stand in the text. It knows
    the characters that stand more than once in the examples, or those of the model ``like``.
    """
    texts = [example.text for example in examples]
    published = load_encoder(encoder)
    settings = published.settings
    tokenizer = copy_tokenizer(encoder, output, texts, getattr(settings, "vocab_size", None))
    if like is not None:
        (output / CHARACTERS_FILE).write_bytes((like / CHARACTERS_FILE).read_bytes())
    else:
        counts = Counter(each for text in texts for each in fold(text))
        often = (each for each, count in counts.items() if count >= _MINIMUM)
        characters = "".join(sorted(filter(str.isprintable, often)))
        (output / CHARACTERS_FILE).write_text(characters + "\n", encoding="utf-8")
    entity_labels, event_types, roles = labels
    config = ModelConfig(
        name=identity[0],
        version=identity[1],
        entity_labels=entity_labels,
        event_types=event_types,
        roles=roles,
        pad_piece=settings.pad_token_id or 0,
        max_characters=min(
            ModelConfig.max_characters, longest_window(tokenizer, texts, published.most_pieces)
        ),
        max_pieces=published.most_pieces,
        known_names=_kinds() if known_names else (),
        character_heads=_heads(published.size),
        character_feed_forward=2 * published.size,
        encoder=settings.to_diff_dict() | {"hidden_size": published.size},
    )
    config.save(output)
    network = CharacterTagger(config, published.network, len(read_characters(output)))
    return config, network, Featurizer.load(output, config)


def start_from(
    folder: Path,
    output: Path,
    identity: tuple[str, str],
    labels: Labels,
    layers: int = 0,
    known_names: bool = False,
    reach: int = 0,
    keep_labels: bool = True,
) -> Start:
    """A trained model with its heads fitted to other labels: rows of known labels are kept, or,
    without ``keep_labels``, the model knows ``labels`` alone and learns them from the beginning.

    With ``layers`` only so many layers of its encoder, with ``reach`` a character layer that reads
    so many neighbours in place of attending, and with ``known_names`` it reads the names of the
    lexicon if it did not before. Raises ValueError if it has not so many layers.
    """
    old_config = ModelConfig.load(folder)
    old_state = read_weights(folder)
    if layers:
        old_config, old_state = _shortened(old_config, old_state, layers)
    if not keep_labels:
        old_config = replace(old_config, entity_labels=(), event_types=(), roles=())
        old_state = {
            name: tensor
            for name, tensor in old_state.items()
            if not name.startswith(_HEADS_OF_LABELS)
        }
    config = replace(
        old_config,
        name=identity[0],
        version=identity[1],
        entity_labels=_union(old_config.entity_labels, labels[0]),
        event_types=_union(old_config.event_types, labels[1]),
        roles=_union(old_config.roles, labels[2]),
        character_reach=reach or old_config.character_reach,
        known_names=old_config.known_names or (_kinds() if known_names else ()),
        temperatures={},
    )
    for name in (TOKENIZER_FILE, CHARACTERS_FILE):
        (output / name).write_bytes((folder / name).read_bytes())
    config.save(output)
    model = build(config, output)
    state = model.state_dict()
    for name, tensor in old_state.items():
        if name not in state:
            continue  # the attention that a convolution replaces
        if state[name].shape == tensor.shape:
            state[name] = tensor
        else:
            _copy_rows(tensor, state[name], blocks=2 if name.startswith("role_") else 1)
    model.load_state_dict(state)
    return config, model, Featurizer.load(output, config)


def freeze(model: CharacterTagger, layers: int) -> None:
    """Keeps the encoder's embeddings and its lowest ``layers`` layers as they are; its last layer
    always learns, and for 0 all do. Raises ValueError if the encoder is not built as BERT is."""
    if layers <= 0:
        return
    try:
        embeddings = model.encoder.get_submodule("embeddings")
        stack = list(model.encoder.get_submodule("encoder.layer").children())
    except AttributeError as error:
        kind = type(model.encoder).__name__
        raise ValueError(
            f"frozen_layers = {layers}: {kind} is not built as BERT is; set it to 0 in the file of "
            "--config, or in a copy of training/retrain.toml where none is given"
        ) from error
    for part in (embeddings, *stack[:-1][:layers]):
        part.requires_grad_(False)


def start_again(folder: Path) -> Start:
    """The model of an interrupted run, as that run began it; its weights are in the checkpoint."""
    config = ModelConfig.load(folder)
    return config, build(config, folder), Featurizer.load(folder, config)


def check_alike(teachers: Sequence[Path], output: Path) -> None:
    """Raises ValueError if a teacher reads text as other pieces or characters than the model of
    ``output``, whose inputs it is to read, or fewer pieces at a time."""
    most = ModelConfig.load(output).max_pieces
    for folder in teachers:
        fewer = ModelConfig.load(folder).max_pieces
        if fewer < most:
            raise ValueError(
                f"--teacher {folder} reads {fewer} pieces at a time, and the model that is to "
                f"learn from it {most}; start from that teacher with --init, or from an encoder "
                "that reads no more"
            )
        for name in (TOKENIZER_FILE, CHARACTERS_FILE):
            if (folder / name).read_bytes() != (output / name).read_bytes():
                raise ValueError(
                    f"--teacher {folder} has another {name} than the model that is to learn from "
                    "it; start from that teacher with --init, or teach with models that began "
                    "from the same encoder and data"
                )


def load(folder: Path) -> tuple[ModelConfig, CharacterTagger]:
    """The network of a model folder with its weights, in float32, ready to evaluate."""
    config = ModelConfig.load(folder)
    model = build(config, folder)
    model.load_state_dict(read_weights(folder))
    return config, model.eval()


def write_weights(model: nn.Module, folder: Path) -> None:
    """Writes ``model.safetensors`` in float16."""
    from safetensors.torch import save_file

    state = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, str(folder / WEIGHTS_FILE))


def write(state: dict[str, Any], path: Path) -> None:
    """Writes a checkpoint of this run, whole or not at all. Raises OSError on a full disk."""
    part = path.with_suffix(".part")
    try:
        torch.save(state, part)
    # What torch raises where the disk is full.
    except (RuntimeError, OSError) as error:
        part.unlink(missing_ok=True)
        raise OSError(
            f"{path} cannot be written ({str(error).splitlines()[0]}); make room, then --resume "
            "goes on from the checkpoint before"
        ) from error
    part.replace(path)


def read(path: Path) -> dict[str, Any]:
    """Reads a checkpoint of this run; only tensors and plain values are accepted."""
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state


def _shortened(
    config: ModelConfig, state: dict[str, torch.Tensor], layers: int
) -> tuple[ModelConfig, dict[str, torch.Tensor]]:
    count = config.encoder.get("num_hidden_layers", 0)
    if f"encoder.encoder.layer.{count - 1}.output.dense.weight" not in state:
        raise ValueError(
            f"layers = {layers}: an encoder of the kind {config.encoder['model_type']!r} is not "
            "built as BERT is; set it to 0 in --config"
        )
    if layers > count:
        raise ValueError(f"layers = {layers}: the model that this run starts from has {count}")
    kept = {(place + 1) * count // layers - 1: place for place in range(layers)}
    shorter = {}
    for name, tensor in state.items():
        before, found, rest = name.partition(".layer.")
        if found:
            number, _dot, part = rest.partition(".")
            if int(number) not in kept:
                continue
            name = f"{before}.layer.{kept[int(number)]}.{part}"
        shorter[name] = tensor
    encoder = config.encoder | {"num_hidden_layers": layers}
    return replace(config, encoder=encoder), shorter


def _copy_rows(old: torch.Tensor, new: torch.Tensor, blocks: int) -> None:
    """Copies the rows of the old labels into a longer head; a role head is two blocks of rows,
    starts and ends, and its new roles come at the end of each."""
    rows = len(old) // blocks
    if not rows:
        return
    new.unflatten(0, (blocks, -1))[:, :rows] = old.unflatten(0, (blocks, -1))


def _heads(size: int) -> int:
    """How many heads of about ``_HEAD`` a layer of ``size`` is split into evenly."""
    return next(heads for heads in range(max(size // _HEAD, 1), 0, -1) if size % heads == 0)


def _kinds() -> tuple[str, ...]:
    """The kinds of the shipped lexicon's names."""
    lexicon = Lexicon.load()
    return tuple(sorted({kind_of(lexicon.entries(name)) for name in lexicon.names()}))


def _union(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return known + tuple(label for label in more if label not in known)
