"""What a picture is compared with: the input that stands for nothing to be seen."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import torch
from numpy.typing import ArrayLike

from layerwalk.errors import LayerwalkError

__all__ = ["Baseline", "baseline_of"]

Baseline: TypeAlias = "ArrayLike | Literal['mean']"
"""In the network's units: one number, one a channel, a whole picture (C, ...); or ``"mean"``,
each channel's mean over the picture. 0 is the mean colour of the training pictures where the
preprocessing takes that away."""


def baseline_of(picture: torch.Tensor, baseline: Baseline = 0.0) -> torch.Tensor:
    """The baseline of the picture's shape (1, C, ...).

    Raises
    ------
    LayerwalkError
        It has another shape, or is not finite.

    Examples
    --------
    >>> baseline_of(torch.ones(1, 3, 4, 4), [0.5, 0, 0])[0, :, 0, 0]
    tensor([0.5000, 0.0000, 0.0000])
    """
    if isinstance(baseline, str):
        if baseline != "mean":
            raise LayerwalkError(
                f"{baseline!r} is no baseline", where="baseline", mend="give numbers, or 'mean'"
            )
        inner = tuple(range(2, picture.ndim))
        found = picture.mean(inner, keepdim=True) if inner else picture.mean(1, keepdim=True)
        return found.expand_as(picture).clone()
    try:
        numbers = torch.from_numpy(np.array(baseline, dtype=np.float64))
    except (TypeError, ValueError):
        raise LayerwalkError(
            "these are no numbers", where="baseline", mend="give numbers, or 'mean'"
        ) from None
    if numbers.shape == (picture.shape[1],):
        numbers = numbers.reshape(-1, *(1,) * (picture.ndim - 2))
    if numbers.shape and numbers.shape != picture.shape[1:] and numbers.numel() != picture.shape[1]:
        raise LayerwalkError(
            f"a baseline of shape {tuple(numbers.shape)} does not fit {tuple(picture.shape[1:])}",
            where="baseline",
            mend="give one number, one a channel, or a whole picture",
        )
    if not numbers.isfinite().all():
        raise LayerwalkError("it is not finite", where="baseline", mend="give finite numbers")
    return numbers.to(picture).expand_as(picture).clone()
