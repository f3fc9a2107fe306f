"""The network in torch: a sub-word encoder, one character layer, and the heads that read it.

A character's state is its piece's state plus embeddings of the character, of its place in the piece
and of the known name that it stands in; one transformer layer lets characters see one another. One
pass gives entity tags, trigger boundaries, trigger types, and queries and keys whose products score
the arguments of a trigger.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from tagger.features import FIRST_CHARACTER, MAX_PLACE, PAD_CHARACTER, read_characters
from tagger.known_names import table_size
from tagger.model import BOUNDARIES, WEIGHTS_FILE, ModelConfig

# What Hugging Face calls the width of an encoder's numbers, of late and before.
_WIDTHS = ("dtype", "torch_dtype")
# In training the lexicon is silent for so many windows, or names that it lacks would go unseen.
_SILENT = 0.15


class Outputs(NamedTuple):
    """Logits per character; ``role_queries`` and ``role_keys`` are [batch, characters, 2 x roles,
    size]: the start scores of the roles, then their end scores."""

    entities: Tensor
    boundaries: Tensor
    types: Tensor
    role_queries: Tensor
    role_keys: Tensor


class Heads(nn.Module):
    """What reads the states of characters: one linear layer a head."""

    def __init__(self, config: ModelConfig, size: int) -> None:
        super().__init__()
        self.config = config
        self.entity_head = _linear(size, len(config.entity_tags))
        self.boundary_head = _linear(size, len(BOUNDARIES))
        self.type_head = _linear(size, len(config.event_types))
        width = 2 * len(config.roles) * config.role_size
        self.role_query = _linear(size, width)
        self.role_key = _linear(size, width)

    def read(self, states: Tensor) -> Outputs:
        """The scores over states [batch, characters, size]."""
        batch, length, _ = states.shape
        # Of labels that there are none of, nothing is computed: torch dies of exporting that.
        return Outputs(
            self.entity_head(states),
            self.boundary_head(states),
            self.type_head(states)
            if self.config.event_types
            else states.new_zeros((batch, length, 0)),
            self._roles(self.role_query, states),
            self._roles(self.role_key, states),
        )

    def _roles(self, head: nn.Linear, states: Tensor) -> Tensor:
        batch, length, _ = states.shape
        shape = (batch, length, 2 * len(self.config.roles), self.config.role_size)
        if not self.config.roles:
            return states.new_zeros(shape)
        return _rotate(head(states).reshape(shape))


def _linear(inputs: int, outputs: int) -> nn.Linear:
    """A linear layer; of no outputs in a model that has no such labels."""
    with warnings.catch_warnings():
        # torch warns that an empty table cannot be initialised.
        warnings.simplefilter("ignore", UserWarning)
        return nn.Linear(inputs, outputs)


class CharacterTagger(Heads):
    """Entity tags, triggers and role scores for every character of a window."""

    def __init__(self, config: ModelConfig, encoder: nn.Module, characters: int) -> None:
        size = int(config.encoder["hidden_size"])
        super().__init__(config, size)
        self.encoder = encoder
        self.character_embedding = nn.Embedding(
            characters + FIRST_CHARACTER, size, padding_idx=PAD_CHARACTER
        )
        self.place_embedding = nn.Embedding(MAX_PLACE + 1, size)
        self.name_embedding = (
            nn.Embedding(table_size(config.known_names), size, padding_idx=0)
            if config.known_names
            else None
        )
        self.norm = nn.LayerNorm(size)
        self.dropout = nn.Dropout(0.1)
        self.character_layer = CharacterLayer(
            size, config.character_heads, config.character_feed_forward, config.character_reach
        )
        for table in (self.character_embedding, self.place_embedding):
            nn.init.normal_(table.weight, std=0.02)
        if self.name_embedding is not None:
            nn.init.zeros_(self.name_embedding.weight)

    def forward(
        self,
        piece_ids: Tensor,
        piece_mask: Tensor,
        character_ids: Tensor,
        piece_of_character: Tensor,
        place_in_piece: Tensor,
        known_names: Tensor | None = None,
    ) -> Outputs:
        """Shapes as :func:`tagger.features.collate` makes them."""
        return self.read(
            self.states(
                piece_ids,
                piece_mask,
                character_ids,
                piece_of_character,
                place_in_piece,
                known_names,
            )
        )

    def states(
        self,
        piece_ids: Tensor,
        piece_mask: Tensor,
        character_ids: Tensor,
        piece_of_character: Tensor,
        place_in_piece: Tensor,
        known_names: Tensor | None = None,
    ) -> Tensor:
        """What every head reads: [batch, characters, size]."""
        pieces = self.encoder(input_ids=piece_ids, attention_mask=piece_mask).last_hidden_state
        index = piece_of_character.unsqueeze(-1).expand(-1, -1, pieces.shape[-1])
        states = (
            torch.gather(pieces, 1, index)
            + self.character_embedding(character_ids)
            + self.place_embedding(place_in_piece)
        )
        if self.name_embedding is not None and known_names is not None:
            if self.training:
                heard = torch.rand(len(known_names), 1, device=known_names.device) >= _SILENT
                known_names = known_names * heard
            states = states + self.name_embedding(known_names)
        states = self.dropout(self.norm(states))
        layered: Tensor = self.character_layer(states, character_ids != PAD_CHARACTER)
        return layered


class CharacterLayer(nn.Module):
    """A post-norm transformer layer (Vaswani et al. 2017) over [batch, characters, size].

    With a ``reach`` a convolution over so many characters to each side stands in the place of
    attention: the pieces have seen the whole window already, and attention over characters costs
    as much as two layers over pieces.
    """

    def __init__(self, size: int, heads: int, feed_forward: int, reach: int = 0) -> None:
        super().__init__()
        self.heads = heads
        self.reach = reach
        if reach:
            self.mix = nn.Linear((2 * reach + 1) * size, size)
        else:
            self.attention_input = nn.Linear(size, 3 * size)
            self.attention_output = nn.Linear(size, size)
        self.attention_norm = nn.LayerNorm(size)
        self.expand = nn.Linear(size, feed_forward)
        self.contract = nn.Linear(feed_forward, size)
        self.output_norm = nn.LayerNorm(size)
        self.dropout = nn.Dropout(0.1)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """``mask`` is [batch, characters], True where a character stands."""
        seen = self._convolve(states, mask) if self.reach else self._attend(states, mask)
        states = self.attention_norm(states + self.dropout(seen))
        inner = self.contract(functional.gelu(self.expand(states)))
        return self.output_norm(states + self.dropout(inner))

    def _convolve(self, states: Tensor, mask: Tensor) -> Tensor:
        length = states.shape[1]
        padded = functional.pad(states * mask.unsqueeze(-1), (0, 0, self.reach, self.reach))
        shifted = [padded[:, place : place + length] for place in range(2 * self.reach + 1)]
        mixed: Tensor = self.mix(torch.cat(shifted, -1))
        return mixed

    def _attend(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, length, size = states.shape
        query, key, value = (
            self.attention_input(states)
            .reshape(batch, length, 3, self.heads, size // self.heads)
            .permute(2, 0, 3, 1, 4)
            .unbind(0)
        )
        seen = attend(query, key, value, mask[:, None, None, :])
        attended: Tensor = self.attention_output(seen.transpose(1, 2).reshape(batch, length, size))
        return attended


def build(config: ModelConfig, folder: Path) -> CharacterTagger:
    """The network of a model folder, without its weights."""
    from transformers import AutoConfig, AutoModel

    # Encoders are published in 16 bits too; here all is computed in 32.
    settings = {name: each for name, each in config.encoder.items() if name not in _WIDTHS}
    encoder = without_pooler(
        AutoModel.from_config(AutoConfig.for_model(settings.pop("model_type"), **settings))
    )
    return CharacterTagger(config, encoder, len(read_characters(folder)))


def read_weights(folder: Path) -> dict[str, Tensor]:
    """The weights of a model folder, in float32. Raises FileNotFoundError if it has none."""
    from safetensors.torch import load_file

    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise FileNotFoundError(
            f"{folder} has no {WEIGHTS_FILE}, which torch starts from; take the model folder of a "
            "checkout or one that `python -m training.train` wrote"
        )
    return {name: tensor.float() for name, tensor in load_file(str(path)).items()}


def without_pooler(encoder: nn.Module) -> nn.Module:
    """The pooler reads one vector a text; tagging has no use for it."""
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    return encoder


def attend(query: Tensor, key: Tensor, value: Tensor, seen: Tensor | None) -> Tensor:
    """Scaled dot-product attention over [batch, heads, length, size]; ``seen`` is a boolean mask
    that broadcasts to [batch, heads, length, length]."""
    with torch.autocast(query.device.type, enabled=False):
        scores = torch.matmul(query * query.shape[-1] ** -0.5, key.transpose(-1, -2))
        if seen is not None:
            # A finite bias: a window without a single character must not become NaN.
            bias = torch.zeros(seen.shape, dtype=scores.dtype).masked_fill(~seen, -1e4)
            scores = scores + bias
        return torch.matmul(scores.softmax(-1), value)


def _rotate(states: Tensor) -> Tensor:
    """Rotary positions (Su et al. 2021): products then depend on the distance in characters."""
    length, size = states.shape[1], states.shape[-1]
    positions = torch.arange(length, device=states.device, dtype=states.dtype)
    frequencies = 10000 ** (
        -torch.arange(0, size, 2, device=states.device, dtype=states.dtype) / size
    )
    angles = positions[:, None] * frequencies
    cosine, sine = angles.cos()[None, :, None, :], angles.sin()[None, :, None, :]
    first, second = states[..., : size // 2], states[..., size // 2 :]
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)
