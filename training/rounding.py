"""Training with the 8 bits of the export ("quantization-aware training", Jacob et al. 2018).

The network's linear layers multiply the whole numbers that the ONNX file of a BERT encoder will
multiply, and the gradient passes as if nothing had been rounded (Bengio et al. 2013,
"straight-through").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from training.graph import WEIGHT_LEVELS, Range, steps


class RoundedLinear(nn.Linear):
    """``nn.Linear`` whose products are rounded as the export rounds them, once a range is set."""

    range: Range | None = None

    def forward(self, input: Tensor) -> Tensor:
        """The layer's output; unrounded before :func:`set_ranges`."""
        if self.range is None:
            return super().forward(input)
        # Whole numbers as small as these are exact in 16 bits too.
        step = float(steps(self.range)[0])
        seen = _Rounded.apply(input.float().clamp(*self.range), step)
        scales = self.weight.detach().abs().amax(1, keepdim=True).clamp_min(1e-12) / WEIGHT_LEVELS
        weight = _Rounded.apply(self.weight, scales)
        product = functional.linear(seen, weight) * (step * scales.squeeze(1))
        return product if self.bias is None else product + self.bias


def use_rounding(model: nn.Module) -> None:
    """Makes every linear layer of a network one that can round; names and weights stay."""
    for layer in model.modules():
        if type(layer) is nn.Linear:
            layer.__class__ = RoundedLinear


def set_ranges(model: nn.Module, ranges: Mapping[str, Range]) -> None:
    """Rounds the inputs of the layers in ``ranges`` on that scale, and those of no other layer."""
    for name, layer in model.named_modules():
        if isinstance(layer, RoundedLinear):
            layer.range = ranges.get(name)


class _Rounded(torch.autograd.Function):
    """Values counted in whole steps."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, step: Tensor | float) -> Tensor:
        """[...] to [...]; a tensor of steps holds one a row."""
        ctx.step = step
        return (values / step).round_()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """The gradient of the values before they were rounded."""
        return gradients[0] / ctx.step, None
