"""Learning from other models: from a larger one for the fast model, from several runs that differ
in their seed, and from the model that a run starts from, so that it is not forgotten while new
labels are learned.

The teacher reads the same batch, and the learner is asked for the teacher's states of every
character (Jiao et al. 2020, "TinyBERT") and its scores of tags, boundaries and types (Hinton et
al. 2015), for its queries and keys of roles, and for what these say of the triggers that the
teacher sees. Of several models the mean of their probabilities is asked for; states, queries and
keys have none. The states of a network of another size are not asked for. Text needs no annotation
for that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import blake2b
from math import log
from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import Tensor

from tagger.features import PAD_CHARACTER
from tagger.model import BOUNDARIES, WEIGHTS_FILE, ModelConfig
from tagger.network import Outputs
from training import checkpoints
from training.attention import use_plain_attention
from training.batches import Batch
from training.losses import role_scores
from training.remembered import RememberedStates

_LABELS = ("entity_labels", "event_types", "roles")
# The boundaries that a trigger begins with.
_BEGINNINGS = torch.tensor([BOUNDARIES.index(each) for each in "BS"])
_NEVER = -1e4


class Teacher:
    """A trained model, or several, that says of any batch what it would answer."""

    def __init__(
        self,
        folders: Sequence[Path],
        config: ModelConfig,
        silent_on: Collection[str] = (),
        memory: Path | None = None,
    ) -> None:
        """Reads the models, whose labels are the first ones of ``config`` and the same ones.

        ``silent_on`` names layers, ``entities`` and ``events``, of which the teacher says nothing
        where they are annotated. With ``memory`` every model reads every window once and keeps its
        states in that file, of several each in one of its own. Raises ValueError for other labels.
        """
        loaded = [checkpoints.load(folder) for folder in folders]
        own = loaded[0][0]
        for folder, (each, _model) in zip(folders, loaded, strict=True):
            for layer in _LABELS:
                known, wanted = getattr(each, layer), getattr(config, layer)
                if wanted[: len(known)] != known:
                    raise ValueError(
                        f"{folder} has other {layer} than the model that is to learn from it; "
                        "start from that model with --init"
                    )
                if known != getattr(own, layer):
                    raise ValueError(
                        f"{folder} has other {layer} than {folders[0]}; teach with models of the "
                        "same labels"
                    )
        self._tags = len(own.entity_tags)
        self._types = len(own.event_types)
        # The starts of all roles stand before their ends, known roles before new ones.
        roles = range(len(own.roles))
        self._roles = [*roles, *(len(config.roles) + role for role in roles)]
        self._silent_on = frozenset(silent_on)
        self._models = [model for _config, model in loaded]
        self._memories: list[RememberedStates] = []
        for number, (folder, model) in enumerate(zip(folders, self._models, strict=True)):
            use_plain_attention(model.encoder)
            if memory is not None:
                path = memory.with_stem(f"{memory.stem}_{number}") if number else memory
                weights = blake2b((folder / WEIGHTS_FILE).read_bytes()).digest()
                size = model.entity_head.in_features
                self._memories.append(RememberedStates(path, model.states, size, weights))

    def loss(self, states: Tensor, outputs: Outputs, batch: Batch) -> Tensor:
        """How far states [batch, characters, size] and scores are from the teacher's, summed over
        the layers, in nats, in squared units of the states and in shares of the variance of queries
        and keys.

        Padding does not count, and neither do characters annotated with a label that the teacher
        does not know.
        """
        with torch.no_grad():
            wanted_states = self._states(batch.inputs)
            answers = [
                model.read(each) for model, each in zip(self._models, wanted_states, strict=True)
            ]
            tags = _mean([each.entities for each in answers])
            boundaries = _mean([each.boundaries for each in answers])
        seen = batch.inputs["character_ids"] != PAD_CHARACTER
        named = seen & (batch.entities < self._tags)
        told = seen & ~(batch.types[..., self._types :] > 0).any(-1)
        if "entities" in self._silent_on:
            named &= batch.entities < 0
        if "events" in self._silent_on:
            told &= batch.boundaries < 0
        both = named & told
        total = states.new_zeros((), dtype=torch.float32)
        alone = len(self._models) == 1
        # A network of another size has other states.
        if alone and states.shape == wanted_states[0].shape and both.any():
            total = functional.mse_loss(states[both].float(), wanted_states[0][both].float())
        if named.any():
            total = total + _divergence(outputs.entities[named][:, : self._tags], tags[named])
        if not self._types or not told.any():
            return total
        total = total + _divergence(outputs.boundaries[told], boundaries[told])
        for layer in ("role_queries", "role_keys") if self._roles and alone else ():
            answer = getattr(outputs, layer)[told][:, self._roles].float()
            expected = getattr(answers[0], layer)[told].float()
            total = total + functional.mse_loss(answer, expected) / expected.var().clamp_min(1e-6)
        triggers = told & (boundaries.argmax(-1).unsqueeze(-1) == _BEGINNINGS).any(-1)
        if self._roles and triggers.any():
            rows, columns = triggers.nonzero(as_tuple=True)
            answer = _filled(outputs, rows, columns, seen)[:, self._roles]
            expected = _mean([_filled(each, rows, columns, seen) for each in answers])
            total = total + _divergence(answer.flatten(0, 1), expected.flatten(0, 1))
        # The types of a character count as far as the teacher sees a trigger there.
        on_trigger = 1 - boundaries[told].exp()[:, :1]
        types = functional.binary_cross_entropy_with_logits(
            outputs.types[told][:, : self._types].float(),
            torch.stack([each.types[told].float().sigmoid() for each in answers]).mean(0),
            weight=on_trigger,
            reduction="sum",
        )
        return total + types / on_trigger.sum().clamp_min(1)

    def clear(self) -> None:
        """Removes the files of remembered states."""
        for memory in self._memories:
            memory.clear()

    def _states(self, inputs: dict[str, Tensor]) -> list[Tensor]:
        if self._memories:
            return [memory(inputs) for memory in self._memories]
        return [model.states(**inputs) for model in self._models]


def _filled(outputs: Outputs, rows: Tensor, columns: Tensor, seen: Tensor) -> Tensor:
    """Logits [triggers, 2 x roles, 1 + characters] of which character fills the role of a trigger,
    or, first, none."""
    scores = role_scores(outputs, rows, columns).masked_fill(~seen[rows, None], _NEVER)
    return functional.pad(scores, (1, 0))


def _mean(logits: Sequence[Tensor]) -> Tensor:
    """The logarithms of the mean of the probabilities that each of ``logits`` gives."""
    each = torch.stack([answer.float().log_softmax(-1) for answer in logits])
    return each.logsumexp(0) - log(len(logits))


def _divergence(logits: Tensor, wanted: Tensor) -> Tensor:
    """The Kullback-Leibler divergence of the learner's answer from the logarithms of the teacher's
    probabilities, averaged over the rows."""
    return functional.kl_div(
        logits.float().log_softmax(-1), wanted, log_target=True, reduction="batchmean"
    )
