"""Which pictures of a data set are held out: shuffled, and of every class its share."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import DataError

__all__ = ["hold_out"]


def hold_out(
    labels: NDArray[np.integer[Any]], amount: int | float, seed: int, where: str = "data"
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of the pictures that are kept, and of those held out, each shuffled.

    Of every class as many are held out as its share says, rounded so that the whole comes to
    ``amount`` (the largest remainders are rounded up).

    Parameters
    ----------
    labels
        (N,), whole numbers.
    amount
        How many, or, between 0 and 1, what share.
    seed
        The same seed gives the same pictures.
    where
        What errors call the data set.

    Examples
    --------
    >>> kept, out = hold_out(np.array([0] * 6 + [1] * 3), 3, seed=0)
    >>> sorted(out.tolist()), len(kept)
    ([4, 5, 6], 6)

    Raises
    ------
    DataError
        Nothing would be kept, or nothing held out.
    """
    total = len(labels)
    count = operator.index(amount) if not isinstance(amount, float) else 0
    if isinstance(amount, float) and 0 < amount < 1:
        count = round(amount * total)
    if not 0 < count < total:
        raise DataError(
            f"{amount:,} of its {total:,} pictures cannot be held out",
            where=where,
            mend=f"hold out 1 to {total - 1:,}, or a share such as 0.2"
            if total > 1
            else "it takes two or more",
        )
    order = np.random.default_rng(seed).permutation(total)
    shuffled = np.asarray(labels)[order]
    classes, counts = np.unique(shuffled, return_counts=True)
    out = np.zeros(total, np.bool_)
    for label, quota in zip(classes, _quotas(counts, count), strict=True):
        out[np.flatnonzero(shuffled == label)[:quota]] = True
    return order[~out].astype(np.int64), order[out].astype(np.int64)


def _quotas(counts: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to ``counts`` that add up to ``wanted``."""
    # In whole numbers: a share such as 0.2 of 15 must not hang on how 0.2 is rounded.
    quotas, remainders = np.divmod(counts * wanted, counts.sum())
    lacking = wanted - int(quotas.sum())
    quotas[np.argsort(-remainders, kind="stable")[:lacking]] += 1
    return quotas
