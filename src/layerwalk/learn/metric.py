"""One number that is measured while a network learns."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from torch import Tensor

from layerwalk.errors import LayerwalkError

__all__ = ["Metric", "one_number"]

Metric: TypeAlias = float | Tensor | np.generic | np.ndarray[Any, Any]


def one_number(name: str, value: object) -> float | Tensor:
    """The number of a metric; a tensor of the GPU stays one, a copy.

    >>> one_number("loss", np.float32(0.5))
    0.5

    Raises
    ------
    LayerwalkError
        It is none, or several.
    """
    if isinstance(value, Tensor):
        if value.numel() != 1:
            raise LayerwalkError(
                f"the metric {name} is a tensor of shape {tuple(value.shape)}",
                where="watch",
                mend="log one number, its mean perhaps",
            )
        # On the GPU it stays until it is written: asking now would wait for it.
        return value.detach().clone() if value.device.type != "cpu" else value.item()
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise LayerwalkError(
            f"the metric {name} is no number, but {type(value).__name__}",
            where="watch",
            mend="log one number",
        ) from None
