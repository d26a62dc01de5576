"""Two tensors, compared bit by bit."""

from __future__ import annotations

import torch

__all__ = ["distance", "same_bits"]

_FEW = 257


def same_bits(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors of one shape and type hold the same bits: NaN is itself, -0 is not 0."""
    if one.is_quantized:
        one, other = one.int_repr(), other.int_repr()
    if one.layout != torch.strided:
        one, other = one.to_dense(), other.to_dense()
    bits, others = _bits(one), _bits(other)
    # Where they differ, a few of them mostly tell.
    few = max(bits.numel() // _FEW, 1)
    return torch.equal(bits[::few], others[::few]) and torch.equal(bits, others)


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    # As bytes, for NaN is not equal to itself and -0.0 is equal to 0.0.
    plain = tensor.detach().resolve_conj().resolve_neg().contiguous()
    if plain.stride()[-1:] not in ((), (1,)):  # of one number, any stride counts as contiguous
        plain = plain.clone(memory_format=torch.contiguous_format)
    return plain.reshape(-1).view(torch.uint8)


def distance(one: torch.Tensor, other: torch.Tensor) -> float:
    """The largest difference of two tensors of one shape; infinite where one is NaN."""
    difference = (one.to(torch.complex128) - other.to(torch.complex128)).abs()
    return float(difference.nan_to_num(nan=float("inf")).max())
