"""Dropout that costs next to nothing on a CPU.

torch draws a number for every value, on one core, which took a quarter of a training step. Here the
masks are stretches of one pool of random bits that is drawn once; where a stretch begins is drawn
anew at every call.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

# Many times the values of one activation, so that stretches of one step hardly meet.
_POOL = 1 << 25


class PooledDropout(nn.Module):
    """``nn.Dropout`` for training on a CPU; it follows torch's seed."""

    def __init__(self, share: float, pool: Tensor) -> None:
        super().__init__()
        self.p = share
        # A plain attribute: the pool is shared by all layers and is no part of the weights.
        self._pool = (pool,)

    def forward(self, values: Tensor) -> Tensor:
        """The values, some of them zero and the others larger in turn, while training."""
        if not self.training:
            return values
        (pool,) = self._pool
        count = values.numel()
        if count > len(pool):
            return nn.functional.dropout(values, self.p)
        begin = int(torch.randint(len(pool) - count + 1, ()))
        mask = pool[begin : begin + count].view(values.shape)
        return values * mask.to(values.dtype) * (1 / (1 - self.p))


def use_pooled_dropout(model: nn.Module) -> None:
    """Puts pooled dropout in the place of every ``nn.Dropout`` of a network."""
    pools: dict[float, Tensor] = {}
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Dropout and child.p > 0:
                if child.p not in pools:
                    generator = torch.Generator().manual_seed(1)
                    pools[child.p] = torch.rand(_POOL, generator=generator) >= child.p
                setattr(parent, name, PooledDropout(child.p, pools[child.p]))
