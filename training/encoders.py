"""A published encoder as a run starts from it: its weights, its tokenizer, and what it can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import nn

from tagger.features import fold
from tagger.model import TOKENIZER_FILE
from tagger.network import without_pooler
from tagger.text import windows
from training.batches import LENGTH_MULTIPLE

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# More pieces than a window of the default length has, with their specials.
_MOST_PIECES = 512
_UNKNOWN_PIECES = ("[UNK]", "<unk>")
# A tokenizer that knows less of the text is of another language, or was never found.
_LEAST_KNOWN = 0.5
# Windows that are counted, and the share of them whose pieces must all be read.
_COUNTED = 500
_READ_WHOLE = 0.99


class Encoder(NamedTuple):
    """An encoder in float32 without its pooler, its Hugging Face configuration, the size of its
    states, and the most pieces that it reads, padding included."""

    network: nn.Module
    settings: Any
    size: int
    most_pieces: int


def load_encoder(name: str) -> Encoder:
    """Reads a Hugging Face encoder, by folder or hub name. Raises ValueError if it cannot be read,
    if its weights are not there, or if it is no encoder of text."""
    from transformers import AutoConfig, AutoModel

    with _cannot_be_used(name):
        # A model folder holds no code, so an encoder of its own code could not be built again.
        settings = AutoConfig.from_pretrained(name, trust_remote_code=False)
        loaded, report = AutoModel.from_pretrained(name, output_loading_info=True)
        network = without_pooler(loaded).float().eval()
        names = set(network.state_dict())
        missing = names & set(report["missing_keys"])
        if 2 * len(missing) > len(names):
            raise ValueError(
                f"its files lack {len(missing)} of the {len(names)} weights of a "
                f"{type(network).__name__}"
            )
        size, most_pieces = _reach(network, settings)
    return Encoder(network, settings, size, most_pieces)


def copy_tokenizer(name: str, output: Path, texts: Sequence[str], pieces: int | None) -> Tokenizer:
    """Writes the tokenizer of an encoder that knows ``pieces`` pieces. Raises ValueError if it does
    not fit the encoder or knows little of the texts."""
    target = output / TOKENIZER_FILE
    with _cannot_be_used(name):
        shipped = Path(name) / TOKENIZER_FILE
        if shipped.is_file():
            target.write_bytes(shipped.read_bytes())
        else:
            from transformers import AutoTokenizer

            AutoTokenizer.from_pretrained(name, use_fast=True).backend_tokenizer.save(str(target))
        tokenizer = read_tokenizer(output)
        known = tokenizer.get_vocab_size(with_added_tokens=False)
        if pieces is not None and known > pieces:
            raise ValueError(f"its tokenizer has {known:,} pieces, its weights {pieces:,}")
        share = _known_share(tokenizer, texts)
        if share < _LEAST_KNOWN:
            raise ValueError(f"its tokenizer knows {share:.0%} of the pieces of the text")
    return tokenizer


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a model folder, which cuts nothing off."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def longest_window(tokenizer: Tokenizer, texts: Sequence[str], most_pieces: int) -> int:
    """How many characters a window may have for an encoder of so many pieces to read all of it, in
    all but one of a hundred windows such as those of the texts."""
    specials = tokenizer.num_special_tokens_to_add(False)
    pieces_of_character = [
        len(tokenizer.encode(window, add_special_tokens=False).ids) / len(window)
        for window in _windows(texts)
    ]
    if not any(pieces_of_character):
        return most_pieces
    return max(1, int((most_pieces - specials) / np.quantile(pieces_of_character, _READ_WHOLE)))


def _reach(network: nn.Module, settings: Any) -> tuple[int, int]:
    """The size of the states of an encoder and the most pieces that it reads, found by reading:
    the positions that a configuration names are not always all for pieces."""
    positions = getattr(settings, "max_position_embeddings", None) or 0
    most = min(_MOST_PIECES, positions) if positions > 0 else _MOST_PIECES
    piece = 0 if getattr(settings, "pad_token_id", None) else 1
    fault: Exception | None = None
    # Batches are padded to multiples of this.
    for length in range(most - most % LENGTH_MULTIPLE, 0, -LENGTH_MULTIPLE):
        ids = torch.full((1, length), piece)
        try:
            with torch.no_grad():
                read = network(input_ids=ids, attention_mask=torch.ones_like(ids))
        except (IndexError, RuntimeError) as error:
            fault = error
            continue
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(
                f"a {type(network).__name__} reads no text by itself ({error})"
            ) from error
        states = read.last_hidden_state
        if states.shape[:2] != ids.shape:
            raise ValueError(f"it makes {tuple(states.shape)} states of {length} pieces")
        return states.shape[-1], length
    raise ValueError(f"it reads {positions} pieces at most ({fault})")


def _known_share(tokenizer: Tokenizer, texts: Sequence[str]) -> float:
    unknown = {tokenizer.token_to_id(each) for each in _UNKNOWN_PIECES}
    found = [
        piece in unknown
        for window in _windows(texts)
        for piece in tokenizer.encode(window, add_special_tokens=False).ids
    ]
    return 1 - sum(found) / len(found) if found else 1.0


def _windows(texts: Sequence[str]) -> Iterator[str]:
    chosen = texts[:: max(1, len(texts) // _COUNTED)]
    return (fold(text[start:end]) for text in chosen for start, end in windows(text))


@contextmanager
def _cannot_be_used(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # transformers raises what its parts and the files' readers raise
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise ValueError(
            f"--encoder {name} cannot be used: {reason}; give the folder or the hub name of an "
            "encoder that reads Chinese, such as a BERT, with its config.json, weights and "
            "tokenizer.json"
        ) from error
