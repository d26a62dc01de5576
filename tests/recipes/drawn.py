"""Tensors for the rules' tests, drawn by a seed."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from hypothesis import settings
from hypothesis import strategies as st

__all__ = ["few", "seeds", "shapes", "tensor"]

few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**16)


def shapes(least: int, most: int, longest: int = 4) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes of ``least`` to ``most`` dimensions."""
    lengths = st.lists(st.integers(1, longest), min_size=least, max_size=most)
    return lengths.map(tuple)


def tensor(
    *shape: int, seed: int = 0, spread: float = 2.0, dtype: torch.dtype = torch.float32
) -> torch.Tensor:
    """Normally distributed numbers."""
    generator = torch.Generator().manual_seed(seed + 7919 * len(shape))
    return (torch.randn(shape, generator=generator) * spread).to(dtype)


def broadcast(shape: Sequence[int], kept: Sequence[bool]) -> tuple[int, ...]:
    """The shape with 1 where it is not kept, and no leading dimensions where all is lost."""
    found = tuple(n if keep else 1 for n, keep in zip(shape, kept, strict=False))
    return found if any(kept) else found[1:]
