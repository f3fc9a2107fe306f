"""Learning from a larger model: what a short network is trained to do for the fast model.

The teacher reads the same batch, and the learner is asked for the teacher's states of every
character (Jiao et al. 2020, "TinyBERT") and its scores of tags, boundaries and types (Hinton et
al. 2015). Every head reads the states by one linear layer, so the states carry the arguments too.
Text needs no annotation for that.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import Tensor

from tagger.features import PAD_CHARACTER
from tagger.model import ModelConfig
from tagger.network import Outputs
from training import checkpoints
from training.attention import use_plain_attention
from training.batches import Batch


class Teacher:
    """A trained model that says of any batch what it would answer."""

    def __init__(self, folder: Path, config: ModelConfig) -> None:
        """Reads the model. Raises ValueError unless its labels are those of ``config``."""
        own, self._model = checkpoints.load(folder)
        for layer in ("entity_labels", "event_types", "roles"):
            if getattr(own, layer) != getattr(config, layer):
                raise ValueError(
                    f"{folder} has other {layer} than the model that is to learn from it; "
                    "start from that model with --init"
                )
        use_plain_attention(self._model.encoder)

    def loss(self, states: Tensor, outputs: Outputs, batch: Batch) -> Tensor:
        """How far states [batch, characters, size] and scores are from the teacher's, summed over
        the layers, in nats and in squared units of the states; padding does not count."""
        with torch.no_grad():
            wanted_states = self._model.states(**batch.inputs)
            wanted = self._model.read(wanted_states)
        seen = batch.inputs["character_ids"] != PAD_CHARACTER
        total = functional.mse_loss(states[seen].float(), wanted_states[seen].float())
        for layer in ("entities", "boundaries"):
            total = total + functional.kl_div(
                getattr(outputs, layer)[seen].float().log_softmax(-1),
                getattr(wanted, layer)[seen].float().log_softmax(-1),
                log_target=True,
                reduction="batchmean",
            )
        if outputs.types.shape[-1]:
            # The types of a character count as far as the teacher sees a trigger there.
            on_trigger = 1 - wanted.boundaries[seen].float().softmax(-1)[:, :1]
            types = functional.binary_cross_entropy_with_logits(
                outputs.types[seen].float(),
                wanted.types[seen].float().sigmoid(),
                weight=on_trigger,
                reduction="sum",
            )
            total = total + types / on_trigger.sum().clamp_min(1)
        return total
