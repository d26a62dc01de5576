"""Whether values grow or fade along the depth of the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from layerwalk.diagnosis.finding import Disease, Finding, confidence
from layerwalk.diagnosis.patterns import PRODUCTS
from layerwalk.record import Array, Trace

__all__ = ["Depth"]

_DECADES = 3.0
_FEWEST = 4


@dataclass(slots=True)
class Depth:
    """Follows the typical size (root mean square) of what each layer with weights makes."""

    sizes: dict[str, list[float]] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)

    def see(self, trace: Trace, images: Sequence[str]) -> None:
        """Take the walk of some images, one batch."""
        self.images += images
        for op in trace:
            if op.kind in PRODUCTS and op.made and op.made[0].size:
                self.sizes.setdefault(op.name, []).append(_size(op.array()))

    def findings(self) -> Iterator[Finding]:
        """One where a line through the logarithms rises or falls by three decades or more."""
        names = [name for name, sizes in self.sizes.items() if all(0 < s < np.inf for s in sizes)]
        if len(names) < _FEWEST:
            return
        logs = np.array([np.mean(np.log10(self.sizes[name])) for name in names])
        slope = float(np.polyfit(np.arange(len(logs)), logs, 1)[0])
        change, ends = slope * (len(logs) - 1), float(logs[-1] - logs[0])
        if abs(change) < _DECADES or abs(ends) < _DECADES - 1 or change * ends < 0:
            return
        disease: Disease = "exploding range" if change > 0 else "vanishing range"
        verb = "grows" if change > 0 else "fades"
        first, last = 10 ** logs[0], 10 ** logs[-1]
        yield Finding(
            disease=disease,
            serious=True,
            op=names[-1],
            sentence=(
                f"the typical size of values {verb} from {first:.3g} at {names[0]} to "
                f"{last:.3g} at {names[-1]}, by a factor of {10**slope:.3g} a layer"
            ),
            numbers=(("first", first), ("last", last), ("factor a layer", 10**slope),
                     ("layers", float(len(names)))),
            channels=(),
            images=tuple(self.images),
            confidence=confidence(len(self.images)),
        )  # fmt: skip


def _size(array: Array) -> float:
    """The root mean square, without overflow."""
    numbers = np.abs(array).astype(np.float64)
    most = float(numbers.max(initial=0.0))
    if not 0 < most < np.inf:
        return most
    return most * float(np.sqrt(np.mean((numbers / most) ** 2)))
