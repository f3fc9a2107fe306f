"""Attention that is fast to train on a CPU.

torch's fused kernel took a quarter of a training step on the way back, plain products a tenth of it
both ways, and autocast would widen the softmax to 32 bits; here everything stays as wide as what
comes in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from tagger.network import attend

NAME = "plain_products"


def use_plain_attention(encoder: nn.Module) -> None:
    """Makes a Hugging Face encoder attend by :func:`attend`, without dropout of its weights."""
    from transformers import AttentionInterface
    from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

    AttentionInterface.register(NAME, _hugging_face)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    encoder.set_attn_implementation(NAME)


def _hugging_face(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **options: Any,
) -> tuple[Tensor, None]:
    if not _is_plain(module, query, key, attention_mask, options):
        from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

        answer: tuple[Tensor, None] = ALL_ATTENTION_FUNCTIONS["sdpa"](
            module, query, key, value, attention_mask, **options
        )
        return answer
    return attend(query, key, value, attention_mask).transpose(1, 2), None


def _is_plain(
    module: nn.Module, query: Tensor, key: Tensor, mask: Tensor | None, options: Mapping[str, Any]
) -> bool:
    """Whether an encoder asks for no more than :func:`attend` does: as BERT does, and not as those
    that share keys, add a bias of distances or read from left to right without a mask."""
    seen = not getattr(module, "is_causal", True) if mask is None else mask.dtype == torch.bool
    return (
        seen
        and query.shape[1] == key.shape[1]
        and options.get("scaling") in (None, query.shape[-1] ** -0.5)
        and options.get("position_bias") is None
    )
