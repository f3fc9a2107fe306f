"""The training loss: the sum of what each head got wrong, over what is annotated."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor

from tagger.network import Outputs
from training.batches import Batch
from training.settings import Settings


def loss(outputs: Outputs, batch: Batch, settings: Settings) -> Tensor:
    """Entity and boundary cross-entropy, type cross-entropy on triggers, and the argument loss."""
    total = _tag_loss(outputs.entities, batch.entities) + _tag_loss(
        outputs.boundaries, batch.boundaries
    )
    on_trigger = batch.types.sum(-1) > 0
    if on_trigger.any():
        types = functional.binary_cross_entropy_with_logits(
            outputs.types[on_trigger], batch.types[on_trigger], reduction="sum"
        )
        total = total + settings.type_weight * types / on_trigger.sum()
    if len(batch.trigger_rows):
        total = total + settings.role_weight * _role_loss(outputs, batch)
    return total


def _tag_loss(logits: Tensor, targets: Tensor) -> Tensor:
    annotated = targets >= 0
    if not annotated.any():
        return logits.sum() * 0
    return functional.cross_entropy(logits[annotated], targets[annotated])


def _role_loss(outputs: Outputs, batch: Batch) -> Tensor:
    """The circle-like multi-label loss of GlobalPointer (Su et al. 2022), zero as its threshold."""
    scores = role_scores(outputs, batch.trigger_rows, batch.trigger_columns)
    seen = (batch.inputs["character_ids"][batch.trigger_rows] > 0)[:, None, :]
    never = torch.finfo(scores.dtype).min / 2
    wanted = batch.role_targets > 0
    zero = scores.new_zeros((*scores.shape[:-1], 1))
    unwanted_scores = torch.cat([scores.masked_fill(wanted | ~seen, never), zero], -1)
    wanted_scores = torch.cat([(-scores).masked_fill(~wanted, never), zero], -1)
    return (unwanted_scores.logsumexp(-1) + wanted_scores.logsumexp(-1)).mean()


def role_scores(outputs: Outputs, rows: Tensor, columns: Tensor) -> Tensor:
    """The scores [triggers, 2 x roles, characters] of the triggers that start at ``columns`` of
    the windows ``rows``."""
    queries = outputs.role_queries[rows, columns].float()
    keys = outputs.role_keys[rows].float()
    with torch.autocast(queries.device.type, enabled=False):
        return torch.einsum("trs,tcrs->trc", queries, keys) / queries.shape[-1] ** 0.5
