"""How much of a training's time recording it may take."""

from __future__ import annotations

import math

__all__ = ["Budget"]

_LEAST = 16.0
_EARLY = 0.625
_OPENING = 1000


class Budget:
    """Whether one more look at the network, as dear as the last, keeps to a share of the time.

    A training is taken to last 16 s at least, and most of what those allow may be spent in its
    first 1,000 updates, in which a network changes most: evenly on a log scale, so that a network
    whose looks are dear is looked at more seldom from the start on, rather than at each step of the
    first ones and then at none. All times are in seconds.

    Examples
    --------
    >>> budget = Budget(0.05)
    >>> spent = 0.0
    >>> for step in range(4000):  # 4 ms an update, 40 ms a look
    ...     if budget.allows(step, elapsed=0.004 * step, spent=spent):
    ...         budget.begins(spent)
    ...         spent += 0.04
    ...         budget.ends(spent)
    >>> spent <= 0.05 * 16
    True
    """

    def __init__(self, share: float | None) -> None:
        self._share = share
        self._first: float | None = None
        self._at_last = 0.0

    def begins(self, spent: float) -> None:
        """Say that a look begins, and what all before have cost."""
        self._at_last = spent

    def ends(self, spent: float) -> None:
        """Say that it is done. What it costs later, in other threads, counts as its price, too."""
        if self._first is None:
            # The first loads what the others find loaded: its price says nothing of theirs.
            self._first = self._at_last = spent

    def allows(self, step: int, *, elapsed: float, spent: float) -> bool:
        """Whether to look after ``step`` updates, ``elapsed`` seconds after the training began."""
        if self._share is None:
            return True
        first, early = self._first or 0.0, self._share * _EARLY * _LEAST
        if first < early:
            paced = math.log1p(1 + step) / math.log1p(1 + _OPENING)
            early = first + (early - first) * min(1.0, paced)
        allowed = max(self._share * elapsed, early + self._share * (1 - _EARLY) * elapsed)
        return spent + (spent - self._at_last) <= allowed
