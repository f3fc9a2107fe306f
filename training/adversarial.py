"""Adversarial steps: the same batch once more, its words moved to where the loss grows fastest.

A network that also answers right there is less sure of what it learned by heart (Miyato et al.
2017, "Adversarial training methods for semi-supervised text classification", known as FGM).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def moved(embeddings: nn.Embedding, distance: float) -> Iterator[None]:
    """Moves embeddings along their gradient, all of them together by ``distance`` in Euclid's
    norm, and back again. Without a gradient, as of embeddings that do not learn, none moves.
    """
    gradient = embeddings.weight.grad
    norm = float(gradient.norm()) if gradient is not None else 0.0
    if gradient is None or not 0 < norm < float("inf"):
        yield
        return
    with torch.no_grad():
        before = embeddings.weight.clone()
        embeddings.weight.add_(gradient, alpha=distance / norm)
    try:
        yield
    finally:
        with torch.no_grad():
            embeddings.weight.copy_(before)
