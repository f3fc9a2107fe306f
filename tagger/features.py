"""Texts to the tensors of the model: sub-word pieces, characters, and which is in which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tagger.known_names import KnownNames
from tagger.lexicon import Lexicon
from tagger.model import CHARACTERS_FILE, TOKENIZER_FILE, ModelConfig
from tagger.text import normalize, well_formed

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PAD_CHARACTER = 0
UNKNOWN_CHARACTER = 1
FIRST_CHARACTER = 2
MAX_PLACE = 7

Integers = NDArray[np.int64]


# To the network a comma is a comma and a line break a space; to the rules they are not.
_FOLDED = {ord("，"): ",", ord("\n"): " "}


def fold(text: str) -> str:
    """The text as the network reads it: same length, character by character."""
    return normalize(text).translate(_FOLDED)


@dataclass(frozen=True)
class Features:
    """The model's view of one window: [pieces] piece ids; [characters] each of the others.

    ``known_names`` is None for a model that reads none.
    """

    piece_ids: Integers
    character_ids: Integers
    piece_of_character: Integers
    place_in_piece: Integers
    known_names: Integers | None = None


class Featurizer:
    """Cuts a window into pieces and says for every character which piece holds it."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        characters: str,
        max_pieces: int,
        known_names: KnownNames | None = None,
    ) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._max_pieces = max_pieces
        self._character_ids = _character_table(characters)
        self._known_names = known_names

    @classmethod
    def load(cls, folder: Path, config: ModelConfig, lexicon: Lexicon | None = None) -> Featurizer:
        """Reads the tokenizer and the characters of a model folder. ``lexicon`` holds the names
        that a model reads beside the text; None means the shipped ones."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        known_names = None
        if config.known_names:
            known_names = KnownNames(lexicon or Lexicon.load(), config.known_names)
        return cls(tokenizer, read_characters(folder), config.max_pieces, known_names)

    def __call__(self, text: str) -> Features:
        """Features of a window of at least one character."""
        return self.of_folded(fold(text))

    def of_folded(self, text: str) -> Features:
        """Features of a window that :func:`fold` has gone over."""
        normal = well_formed(text)
        encoding = self._tokenizer.encode(normal)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        pieces = np.flatnonzero(offsets[:, 1] > offsets[:, 0])
        characters = np.arange(len(normal))
        if len(pieces):
            starts = offsets[pieces, 0]
            nearest = np.maximum(np.searchsorted(starts, characters, side="right") - 1, 0)
            place = np.clip(characters - starts[nearest], 0, MAX_PLACE)
            piece_of_character = pieces[nearest]
        else:
            place = piece_of_character = np.zeros(len(normal), dtype=np.int64)
        # Of a window of control characters a tokenizer without specials leaves nothing.
        ids = np.array(encoding.ids[: self._max_pieces] or [0], dtype=np.int64)
        codes = np.frombuffer(normal.encode("utf-32-le"), dtype=np.uint32)
        return Features(
            piece_ids=ids,
            character_ids=self._character_ids[codes].astype(np.int64),
            piece_of_character=np.minimum(piece_of_character, len(ids) - 1),
            place_in_piece=place,
            known_names=self._known_names(normal) if self._known_names is not None else None,
        )


def read_characters(folder: Path) -> str:
    """The characters that a model folder knows, in the order of their ids."""
    return (folder / CHARACTERS_FILE).read_text(encoding="utf-8").rstrip("\n")


def collate(batch: Sequence[Features], pad_piece: int, multiple: int = 1) -> dict[str, Integers]:
    """Pads windows into arrays named as the model's inputs.

    piece_ids and piece_mask are [batch, pieces], the others [batch, characters]; the numbers of
    pieces and of characters are multiples of ``multiple``.
    """
    pieces = [each.piece_ids for each in batch]
    arrays = {
        "piece_ids": _pad(pieces, pad_piece, multiple),
        "piece_mask": _pad([np.ones_like(each) for each in pieces], 0, multiple),
        "character_ids": _pad([each.character_ids for each in batch], PAD_CHARACTER, multiple),
        "piece_of_character": _pad([each.piece_of_character for each in batch], 0, multiple),
        "place_in_piece": _pad([each.place_in_piece for each in batch], 0, multiple),
    }
    known = [each.known_names for each in batch if each.known_names is not None]
    if known:
        arrays["known_names"] = _pad(known, 0, multiple)
    return arrays


def rounded_up(length: int, multiple: int) -> int:
    """The least multiple that is no less than ``length``."""
    return -(-length // multiple) * multiple


def _character_table(characters: str) -> NDArray[np.int32]:
    table = np.full(0x110000, UNKNOWN_CHARACTER, dtype=np.int32)
    table[[ord(each) for each in characters]] = np.arange(len(characters)) + FIRST_CHARACTER
    return table


def _pad(rows: Sequence[Integers], value: int, multiple: int) -> Integers:
    length = rounded_up(max(map(len, rows)), multiple)
    padded = np.full((len(rows), length), value, dtype=np.int64)
    for index, row in enumerate(rows):
        padded[index, : len(row)] = row
    return padded
