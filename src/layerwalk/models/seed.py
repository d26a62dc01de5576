"""Random numbers from a seed of their own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

__all__ = ["SEED", "seeded"]

SEED = 0


def _gpu_in_use() -> bool:
    return bool(torch.cuda.is_initialized())  # type: ignore[no-untyped-call]


@contextmanager
def seeded(seed: int = SEED) -> Iterator[None]:
    """A block in which torch, numpy and Python draw from ``seed``; afterwards all are as before.

    Examples
    --------
    >>> with seeded():
    ...     first = torch.rand(1)
    >>> with seeded():
    ...     second = torch.rand(1)
    >>> bool(first == second)
    True
    """
    # A GPU that nobody has used yet has no state to keep, and asking for one would start it.
    devices = range(torch.cuda.device_count()) if _gpu_in_use() else range(0)
    python_state = random.getstate()
    numpy_state = np.random.get_state()  # noqa: NPY002 - the global generator is what we guard
    with torch.random.fork_rng(devices=devices):
        # torch.manual_seed would also queue a seed for every accelerator, and that outlives
        # the block.
        torch.default_generator.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        try:
            yield
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)  # noqa: NPY002
