"""Teaches an encoder and the character layer a domain from text without labels.

``python -m training.adapt --encoder DIR --corpus raw.jsonl --dev dev.jsonl --output DIR``

Whole words are hidden, and the network says which characters stood there (Cui et al. 2021, "whole
word masking"), read from the characters' states, so that everything below the heads learns. The
output is a model folder without labels, which ``training.train --init`` starts from.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import torch
import typer
from rich.console import Console
from torch import Tensor, nn

from tagger.features import (
    FIRST_CHARACTER,
    UNKNOWN_CHARACTER,
    Features,
    Featurizer,
    collate,
    fold,
)
from tagger.model import TOKENIZER_FILE
from tagger.network import CharacterTagger
from tagger.text import windows
from tagger.words import jieba_tokenizer
from training import checkpoints
from training.batches import LENGTH_MULTIPLE
from training.corpora import Example
from training.encoders import longest_window, read_tokenizer
from training.export import check_exportable
from training.loop import fast_on_cpu, learning_rate, with_progress
from training.memory import EVERY_STEPS, give_back
from training.origin import CHECKPOINT_FILE, begin, finish, origin_of, texts_said
from training.readers.content import read_texts
from training.refusing import faults_said
from training.settings import Settings

_HIDDEN_SHARE = 0.18
_IGNORED = -100
_DEV_WINDOWS = 200
_LEAST_CHARACTERS = 8

_console = Console(stderr=True)


class Masked(NamedTuple):
    """A batch with words hidden: the inputs of the network, and the character ids that stood at
    the hidden places, -100 elsewhere."""

    inputs: dict[str, Tensor]
    targets: Tensor


class Hider:
    """Hides words of windows. ``mask_piece`` is the id of the tokenizer's mask."""

    def __init__(self, mask_piece: int, pad_piece: int) -> None:
        self._words = jieba_tokenizer()
        self._mask_piece = mask_piece
        self._pad_piece = pad_piece

    def __call__(
        self, texts: Sequence[str], features: Sequence[Features], order: random.Random
    ) -> Masked:
        """One batch, other words hidden at each call."""
        pairs = [self._hide(text, each, order) for text, each in zip(texts, features, strict=True)]
        arrays = collate([hidden for hidden, _targets in pairs], self._pad_piece, LENGTH_MULTIPLE)
        targets = np.full(arrays["character_ids"].shape, _IGNORED, dtype=np.int64)
        for row, (_hidden, wanted) in enumerate(pairs):
            targets[row, : len(wanted)] = wanted
        inputs = {name: torch.from_numpy(array) for name, array in arrays.items()}
        return Masked(inputs, torch.from_numpy(targets))

    def _hide(
        self, text: str, features: Features, order: random.Random
    ) -> tuple[Features, np.ndarray]:
        hidden = np.zeros(len(text), dtype=bool)
        start = 0
        for word in self._words.cut(text, HMM=False):
            hidden[start : start + len(word)] = order.random() < _HIDDEN_SHARE
            start += len(word)
        # A piece is hidden whole: half a piece would tell the other half.
        pieces = np.unique(features.piece_of_character[hidden])
        hidden = np.isin(features.piece_of_character, pieces)
        piece_ids = features.piece_ids.copy()
        piece_ids[pieces] = self._mask_piece
        known = hidden & (features.character_ids >= FIRST_CHARACTER)
        targets = np.where(known, features.character_ids, _IGNORED)
        characters = np.where(hidden, UNKNOWN_CHARACTER, features.character_ids)
        covered = Features(
            piece_ids, characters, features.piece_of_character, features.place_in_piece
        )
        return covered, targets


class CharacterGuesser(nn.Module):
    """The network below the heads, and the guess which character stands at a place."""

    def __init__(self, model: CharacterTagger) -> None:
        super().__init__()
        self.model = model
        table = model.character_embedding.weight
        self.transform = nn.Linear(table.shape[1], table.shape[1])
        self.norm = nn.LayerNorm(table.shape[1])
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, batch: Masked) -> tuple[Tensor, Tensor]:
        """The mean loss at the hidden places and the share of characters guessed right."""
        places = batch.targets >= 0
        states = self.model.states(**batch.inputs)[places]
        states = self.norm(nn.functional.gelu(self.transform(states)))
        logits = nn.functional.linear(states, self.model.character_embedding.weight, self.bias)
        wanted = batch.targets[places]
        right = (logits.argmax(-1) == wanted).float().mean()
        return nn.functional.cross_entropy(logits.float(), wanted), right


def adapt(
    encoder: Annotated[str, typer.Option(help="a Hugging Face encoder, by folder or hub name")],
    corpus: Annotated[list[Path], typer.Option(help="JSONL files with a text field")],
    dev: Annotated[Path, typer.Option(help="JSONL whose texts only measure")],
    output: Annotated[Path, typer.Option(help="the model folder to write")],
    config: Annotated[Path | None, typer.Option(help="TOML file with settings")] = None,
    resume: Annotated[bool, typer.Option(help="go on from the last checkpoint")] = False,
) -> None:
    """Learn from unlabelled text and write a model folder without labels."""
    with faults_said():
        settings = Settings.load(config)
        # Keys of dictionaries keep their order, so that every run measures on the same windows.
        held_out = dict.fromkeys(read_texts(dev))
        texts = list(
            dict.fromkeys(t for path in corpus for t in read_texts(path) if t not in held_out)
        )
        units = _windows(texts, settings.max_characters)
        measured = _windows(list(held_out), settings.max_characters)[:_DEV_WINDOWS]
        if not units or not measured:
            raise ValueError(
                f"--corpus has {len(units):,} windows that are not in --dev, and --dev has "
                f"{len(measured):,}; neither may be empty, and a window has at least "
                f"{_LEAST_CHARACTERS} characters"
            )
        origin = origin_of(
            settings, corpus=texts_said(texts), dev=texts_said(list(held_out)), encoder=encoder
        )
        if not begin(output, origin, resume):
            _console.print(f"{output} is finished: nothing is left to do", soft_wrap=True)
            return
        torch.manual_seed(settings.seed)
        torch.set_num_threads(settings.threads)
        examples = [Example(str(number), text, None, None) for number, text in enumerate(texts)]
        model_config, model, featurizer = checkpoints.start_new(
            encoder, examples, output, ("adapted", "1.0"), ((), (), ())
        )
        check_exportable(output, texts, (model_config, model, featurizer))
        longest = longest_window(read_tokenizer(output), texts, model_config.max_pieces)
        if longest < settings.max_characters:
            units = _windows(texts, longest)
            measured = _windows(list(held_out), longest)[:_DEV_WINDOWS]
        hide = Hider(_mask_piece(output), model_config.pad_piece)
        _console.print(f"{len(units):,} windows, {sum(map(len, units)):,} characters")
        guesser = CharacterGuesser(model)
        checkpoint = output / CHECKPOINT_FILE
        _learn(guesser, units, measured, featurizer, hide, settings, checkpoint, resume)
        checkpoints.write_weights(model, output)
        checkpoint.unlink(missing_ok=True)
        finish(output, origin)


def _learn(
    guesser: CharacterGuesser,
    units: list[str],
    dev: list[str],
    featurizer: Featurizer,
    hide: Hider,
    settings: Settings,
    checkpoint: Path,
    resume: bool,
) -> None:
    batches = _batches(units, settings)
    optimizer = torch.optim.AdamW(
        guesser.parameters(),
        lr=settings.encoder_rate,
        weight_decay=settings.weight_decay,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: learning_rate(step, len(batches), settings.warmup)
    )
    parts = {"model": guesser, "optimizer": optimizer, "schedule": schedule}
    done = 0
    if resume and not checkpoint.exists():
        _console.print(f"no checkpoint in {checkpoint.parent}: starting from the beginning")
    elif resume:
        saved = checkpoints.read(checkpoint)
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        torch.set_rng_state(saved["random"])
        done = saved["step"]
    last_save = time.monotonic()
    losses: list[float] = []
    with fast_on_cpu(guesser.model, settings) as autocast:
        guesser.train()
        numbered = list(enumerate(batches))
        for number, batch in with_progress(numbered, done, "adapting", _console):
            order = random.Random(f"{settings.seed}:{number}")
            masked = hide(batch, [featurizer(text) for text in batch], order)
            with autocast():
                loss, _right = guesser(masked)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(guesser.parameters(), settings.gradient_norm)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.item()))
            if number % EVERY_STEPS == 0:
                give_back()
            if (number + 1) % 100 == 0 or number + 1 == len(batches):
                loss_on_dev, right = _measure(guesser, dev, featurizer, hide)
                _console.print(
                    f"step {number + 1}/{len(batches)}  loss {np.mean(losses[-100:]):.3f}  "
                    f"held out: loss {loss_on_dev:.3f}, guessed right {right:.3f}"
                )
            if time.monotonic() - last_save > 60 * settings.checkpoint_minutes:
                state = {name: part.state_dict() for name, part in parts.items()}
                state |= {"random": torch.get_rng_state(), "step": number + 1}
                checkpoints.write(state, checkpoint)
                last_save = time.monotonic()


def _measure(
    guesser: CharacterGuesser, dev: list[str], featurizer: Featurizer, hide: Hider
) -> tuple[float, float]:
    guesser.eval()
    with torch.inference_mode():
        results = [
            guesser(hide(part, [featurizer(text) for text in part], random.Random(1)))
            for part in (dev[start : start + 16] for start in range(0, len(dev), 16))
        ]
    guesser.train()
    loss, right = (float(torch.stack(each).mean()) for each in zip(*results, strict=True))
    return loss, right


def _batches(units: list[str], settings: Settings) -> list[list[str]]:
    """All epochs' batches, windows of like length together, in a random order."""
    found: list[list[str]] = []
    for epoch in range(settings.epochs):
        order = random.Random(f"{settings.seed}:{epoch}")
        ranked = sorted(units, key=lambda text: (len(text) // 16, order.random()))
        size = settings.batch_size
        epoch_batches = [ranked[start : start + size] for start in range(0, len(ranked), size)]
        order.shuffle(epoch_batches)
        found += epoch_batches
    return found


def _windows(texts: Sequence[str], max_characters: int) -> list[str]:
    def cut(text: str) -> Iterator[str]:
        for start, end in windows(text, max_characters):
            yield fold(text[start:end])

    return [part for text in texts for part in cut(text) if len(part) >= _LEAST_CHARACTERS]


def _mask_piece(folder: Path) -> int:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    for name in ("<mask>", "[MASK]"):
        piece = tokenizer.token_to_id(name)
        if piece is not None:
            return int(piece)
    raise ValueError(f"{folder / TOKENIZER_FILE} has no <mask> and no [MASK]: it cannot hide words")


if __name__ == "__main__":
    typer.run(adapt)
